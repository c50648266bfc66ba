"""Rows that head others: by parent id, number, level or indentation (codebook 5, import requirements).

A heading is no task: it is not classified and not counted, and its FTE and cost are checked against its rows.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any, Final

from ..decisions import id_text
from ..files.numbers import number
from ..files.source import Source, WorkbookSource

_HEAD: Final = 10_000  # rows in which signs of a hierarchy are looked for, so that other files are read once only
_NUMBER: Final = re.compile(r"\d{1,5}(?:\.\d{1,4})*(?=\.?(?:\s|$))")
_FEW: Final = 3  # indented rows, from which indentation is no slip of a key
_SHARE: Final = 0.1  # of all rows
_TAB: Final = 4
_CLOSE: Final = 0.01  # a heading's figure is the sum of its rows within 1 % …
_ROUNDING: Final = 0.05  # … or within what rounding does


@dataclass(frozen=True, slots=True)
class Unequal:
    """A heading whose FTE or cost (``column``) is not the sum of the tasks beneath it."""

    row: int
    column: str
    stated: float
    rows: float

    def plain(self) -> list[Any]:
        """As JSON data."""
        return [self.row, self.column, self.stated, self.rows]


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """``by`` says what the hierarchy was read from; ``headings`` are places of rows, from 0."""

    by: str = ""
    headings: frozenset[int] = frozenset()
    unequal: tuple[Unequal, ...] = ()


def hierarchy_of(opened: Source, places: Mapping[str, int], mark: str) -> Hierarchy:
    """The hierarchy of a file, an empty one where there is none; ``mark`` is its decimal mark.

    Where the first rows show signs of one, the columns that tell of it are held in memory, for all rows.
    """
    for by, above_of, needed in _WAYS:
        if not all(name in places for name in needed):
            continue
        if not any(place >= 0 for place in above_of(list(islice(opened.rows(), _HEAD)), opened, places)):
            continue
        above = above_of(opened.rows(), opened, places)
        headings = frozenset(place for place in above if place >= 0)
        return Hierarchy(by, headings, tuple(_unequal(opened, places, mark, above, headings)))
    return Hierarchy()


Rows = Iterable[tuple[list[Any], bool]]


def _by_parent(rows: Rows, _opened: Source, places: Mapping[str, int]) -> list[int]:
    """The row that each row names as the one above it, −1 without one."""
    pairs = [(id_text(_cell(row, places["id"])), id_text(_cell(row, places["parent"]))) for row, _ in rows]
    known = {name: place for place, (name, _) in reversed(list(enumerate(pairs))) if name}
    above = [known.get(parent, -1) for _, parent in pairs]
    for place in range(len(above)):  # a row that stands above itself, by whatever way, stands above nothing
        seen, up = {place}, above[place]
        while up >= 0 and up not in seen:
            seen.add(up)
            up = above[up]
        if up >= 0:
            above[place] = -1
    return above


def _by_number(rows: Rows, _opened: Source, places: Mapping[str, int]) -> list[int]:
    """1.2 stands above 1.2.3; the number is the id, or what the task begins with. 1.0 is read as 1."""
    columns = [places[name] for name in ("id", "name", "task") if name in places]
    found = [tuple(_outline(_cell(row, column)) for column in columns) for row, _ in rows]
    for column in zip(*found, strict=True):
        known = {number: place for place, number in reversed(list(enumerate(column))) if number}
        above = [
            next((known[number[:end]] for end in range(len(number) - 1, 0, -1) if number[:end] in known), -1)
            for number in column
        ]
        if any(place >= 0 for place in above):
            return above
    return [-1] * len(found)


def _outline(cell: Any) -> tuple[str, ...]:
    match = _NUMBER.match(id_text(cell))
    if match is None:
        return ()
    levels = match[0].split(".")
    while len(levels) > 1 and set(levels[-1]) == {"0"}:
        levels.pop()
    return tuple(levels)


def _by_level(rows: Rows, _opened: Source, places: Mapping[str, int]) -> list[int]:
    """A row stands above the deeper ones that follow it; levels go down one at a time, others are no levels."""
    levels = [number(_cell(row, places["level"]), ".") for row, _ in rows]
    known = [level for level in levels if level is not None]
    if not known or known[0] > min(known) or any(after - before > 1 for before, after in pairwise(known)):
        return [-1] * len(levels)
    return _stacked(levels)


def _by_indentation(rows: Rows, opened: Source, places: Mapping[str, int]) -> list[int]:
    """The same by blanks before the task, or by its indentation in the sheet."""
    column = places.get("name", places["task"])
    texts = [str(_cell(row, column) or "") for row, _ in rows]
    if isinstance(opened, WorkbookSource):
        given: Sequence[int] = opened.indents(column)[: len(texts)]
    else:
        given = [0] * len(texts)
    depths = [_blanks(text) + indent if text.strip() else None for text, indent in zip(texts, given, strict=True)]
    known = [depth for depth in depths if depth is not None]
    indented = sum(depth > 0 for depth in known)
    if not known or known[0] > 0 or indented < max(_FEW, _SHARE * len(known)):
        return [-1] * len(depths)
    return _stacked(depths)


def _blanks(text: str) -> int:
    blanks = text[: len(text) - len(text.lstrip())].replace("\t", " " * _TAB)
    return len(blanks) if len(blanks) > 1 else 0  # one blank is a slip


def _stacked(depths: Sequence[float | None]) -> list[int]:
    """The nearest row before each that is less deep; a row without a depth stands in no hierarchy."""
    open_rows: list[tuple[float, int]] = []
    above: list[int] = []
    for place, depth in enumerate(depths):
        if depth is None:
            above.append(-1)
            continue
        while open_rows and open_rows[-1][0] >= depth:
            open_rows.pop()
        above.append(open_rows[-1][1] if open_rows else -1)
        open_rows.append((depth, place))
    return above


# What a hierarchy can be read from, the surest first, and the columns that it takes.
_WAYS: Final[tuple[tuple[str, Callable[[Rows, Source, Mapping[str, int]], list[int]], tuple[str, ...]], ...]] = (
    ("parent", _by_parent, ("id", "parent")),
    ("number", _by_number, ("task",)),
    ("level", _by_level, ("level",)),
    ("indentation", _by_indentation, ("task",)),
)


def _unequal(
    opened: Source, places: Mapping[str, int], mark: str, above: Sequence[int], headings: frozenset[int]
) -> Iterator[Unequal]:
    """Headings whose figures differ from the sum of the tasks beneath them."""
    for column in ("fte", "cost"):
        if column not in places:
            continue
        stated: dict[int, float] = {}
        sums: dict[int, float] = defaultdict(float)
        for place, (row, broken) in enumerate(opened.rows()):
            value = None if broken else number(_cell(row, places[column]), mark)
            if value is None:
                continue
            if place in headings:
                stated[place] = value
                continue
            up = above[place]
            while up >= 0:
                sums[up] += value
                up = above[up]
        for place in sorted(stated):
            gap = abs(stated[place] - sums[place])
            if gap > max(_CLOSE * abs(stated[place]), _ROUNDING):
                yield Unequal(opened.first_row + place, column, stated[place], round(sums[place], 6))


def _cell(row: Sequence[Any], place: int) -> Any:
    return row[place] if place < len(row) else None
