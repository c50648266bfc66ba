"""JSON Lines: one object a line; what an object does not have it does not get."""

import json
from collections.abc import Iterator, Sequence
from enum import Enum
from pathlib import Path
from typing import Any

from ..errors import TaskFileError
from .csv_file import read_problem
from .headings import fixed_names, language_of


class Missing(Enum):
    """A key that an object does not have: an empty cell in a table, no key in an object."""

    KEY = "missing"

    def __str__(self) -> str:
        return ""


class JsonLinesSource:
    """Objects as rows; ``header`` are all keys of the file, in the order in which they are met.

    A line that is no object is a broken row: its text stands behind the columns. Raises `TaskFileError`.
    """

    layout = None
    first_row = 1

    def __init__(self, path: Path) -> None:
        self.path = path
        keys: dict[str, None] = {}
        self.about = 0
        for found in self._objects():
            self.about += 1
            if isinstance(found, dict):
                keys.update(dict.fromkeys(found))
        if not keys:
            raise TaskFileError(f"{path.name}: no line is a JSON object; write one object a line")
        self._keys = list(keys)
        self.header, self.headings = fixed_names(keys), language_of(keys)
        self.notes = ["JSON Lines"]
        self.odd_notes: list[str] = []

    def rows(self) -> Iterator[tuple[list[Any], bool]]:
        """Each object's values in the order of the header, and whether the line was none."""
        nothing = [Missing.KEY] * len(self.header)
        for found in self._objects():
            if isinstance(found, dict):
                yield [found.get(key, Missing.KEY) for key in self._keys], False
            else:
                yield [*nothing, found], True

    def _objects(self) -> Iterator[dict[str, Any] | str]:
        """The object of each line that is not blank, or its text."""
        try:
            with self.path.open(encoding="utf-8-sig", errors="surrogateescape", newline="\n") as file:
                for line in file:
                    if not line.strip():
                        continue
                    try:
                        found = json.loads(line)
                    except (ValueError, RecursionError):
                        found = None
                    yield found if isinstance(found, dict) else line.rstrip("\r\n")
        except OSError as error:
            raise TaskFileError(read_problem(self.path, error)) from error


def json_line(names: Sequence[str], cells: Sequence[Any]) -> str:
    """One row as a line; cells behind the names (a broken line) stand under `unreadable`."""
    found = {name: cell for name, cell in zip(names, cells, strict=False) if cell is not Missing.KEY}
    if len(cells) > len(names):
        found["unreadable"] = "".join(map(str, cells[len(names) :]))
    return json.dumps(found, ensure_ascii=False, default=str) + "\n"
