"""JSON Lines: one object a line; what an object does not have it does not get."""

import json
import math
from collections.abc import Iterator, Sequence
from enum import Enum
from pathlib import Path
from typing import Any, Final

from ..errors import TaskFileError
from .csv_file import read_problem
from .encoding import HALVES, MIXED, blocks_of, find_encoding, mended, open_text
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
        try:
            self._encoding = find_encoding(blocks_of(path))
        except OSError as error:
            raise TaskFileError(read_problem(path, error)) from error
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
        self.notes = ["JSON Lines"] + [f"encoding {self._encoding}"] * (not self._encoding.startswith("utf-8"))
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
            with open_text(self.path, self._encoding) as file:
                for line in map(mended, file) if self._encoding == MIXED else file:
                    text = line.removeprefix("\ufeff").rstrip("\r\n")
                    if not text.strip():
                        continue
                    try:
                        found = _READ(text)
                    except (ValueError, RecursionError):
                        found = None
                    yield found if isinstance(found, dict) else text
        except OSError as error:
            raise TaskFileError(read_problem(self.path, error)) from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; one that says a key twice would lose a value."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _float(text: str) -> float:
    """A number; one beyond all bounds would be lost."""
    value = float(text)
    if math.isinf(value):
        raise ValueError
    return value


_READ: Final = json.JSONDecoder(object_pairs_hook=_object, parse_float=_float).decode


def as_json(content: Any, *, sort_keys: bool = False) -> str:
    """JSON as people read it, and as every program can: what UTF-8 cannot say is escaped."""
    text = json.dumps(content, ensure_ascii=False, default=str, sort_keys=sort_keys)
    return json.dumps(content, default=str, sort_keys=sort_keys) if HALVES.search(text) else text


def json_line(names: Sequence[str], cells: Sequence[Any]) -> str:
    """One row as a line; cells behind the names (a broken line) stand under `unreadable`."""
    found = {name: cell for name, cell in zip(names, cells, strict=False) if cell is not Missing.KEY}
    if len(cells) > len(names):
        found["unreadable"] = "".join(map(str, cells[len(names) :]))
    return as_json(found) + "\n"
