"""A review workbook that people worked in: their decisions, the rows these stand for, and what does not fit.

Lines are found by their number (F3, R17) and columns by their headings, so sheets may be sorted, filtered, renamed
and shortened; the hidden sheet says which rows were drawn.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ..decisions import Decision, decision_kind, id_text, key
from ..dimensions import LANGUAGES
from ..errors import DecisionError, TaskFileError
from ..explanation import WORDINGS
from ..files.xlsx_file import read_sheets
from . import REVIEW_MARK
from .texts import headings, listed, shortened, texts
from .workbook import MAP_HEADER, MAP_SHEET, MAP_VERSION, PEOPLE, SHEETS

_LINE: Final = re.compile(r"[FR]\d{1,9}")
_HEADER_ROWS: Final = 30  # the header is looked for in the first rows of a sheet
_HEADINGS: Final = ("line", "work", "task", *PEOPLE)


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """A row as it was drawn: its line (R17), number in the scored file, family (F3 or "")."""

    line: str
    number: int
    id: str
    text: str
    label: str
    family: str
    work: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision on a line of a workbook."""

    line: str
    kind: str
    reason: str
    by: str
    date: str
    where: str

    def of(self, row: DrawnRow) -> Decision:
        """The decision for one row."""
        return Decision(row.id, row.text, row.label, self.kind, self.reason, self.by, self.date, self.where)


@dataclass
class Workbook:
    """What a workbook says; ``findings`` are sentences for the person who reads it back."""

    path: Path
    language: str
    wording: str
    source: str
    rows: dict[str, DrawnRow]
    entries: list[Entry] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    unknown: int = 0
    touched: bool = False  # a person wrote something, whether it can be used or not

    def rows_of(self, line: str) -> list[DrawnRow]:
        """The rows of a line; of none where it was never drawn."""
        if line in self.rows:
            return [self.rows[line]]
        return [row for row in self.rows.values() if row.family == line]


def read_workbook(path: Path) -> Workbook:
    """Read a review workbook; raises `DecisionError` where it is none, or its rows cannot be told."""
    try:
        sheets, mark = read_sheets(path)
    except TaskFileError as error:
        raise DecisionError(str(error)) from error
    title = MAP_SHEET if MAP_SHEET in sheets else next(
        (name for name, rows in sheets.items() if rows and rows[0] and rows[0][0] == REVIEW_MARK), ""
    )
    if not title:
        raise DecisionError(
            f"{path.name}: the hidden sheet '{MAP_SHEET}' is gone, so the rows of its lines cannot be told; copy the "
            "decisions into the workbook as it was drawn" if mark == REVIEW_MARK else
            f"{path.name}: no review workbook; make one with  outsourcing-classifier review SCORED"
        )
    book = _drawn(path, title, sheets[title])
    seen: set[str] = set()
    for name, rows in sheets.items():
        if name != title:
            seen |= _read_sheet(book, name, rows)
    _missing(book, seen)
    return book


def _drawn(path: Path, title: str, rows: Sequence[Sequence[Any]]) -> Workbook:
    """The rows of a workbook as they were drawn."""
    where = f"{path.name}, sheet '{title}'"
    first = [id_text(cell) for cell in (*rows[0], *[None] * 5)[:5]] if rows else [""] * 5
    if first[1] != str(MAP_VERSION):
        raise DecisionError(f"{where}, row 1: version {first[1]!r} is not known; this package writes {MAP_VERSION}")
    language, wording = first[2], first[3]
    header = [id_text(cell) for cell in rows[1]] if len(rows) > 1 else []
    if language not in LANGUAGES or wording not in WORDINGS or header[: len(MAP_HEADER)] != list(MAP_HEADER):
        raise DecisionError(f"{where}: it was changed; use the workbook as it was drawn")
    book = Workbook(path, language, wording, first[4], {})
    for place, row in enumerate(rows[2:], 3):
        cells = [id_text(cell) for cell in (*row, *[None] * len(MAP_HEADER))[: len(MAP_HEADER)]]
        if not any(cells):
            continue
        if not _LINE.fullmatch(cells[0]) or not cells[1].isdecimal() or cells[0] in book.rows:
            raise DecisionError(f"{where}, row {place}: it was changed; use the workbook as it was drawn")
        book.rows[cells[0]] = DrawnRow(cells[0], int(cells[1]), *cells[2:])
    return book


def _read_sheet(book: Workbook, title: str, rows: Sequence[Sequence[Any]]) -> set[str]:
    """Read the decisions of a sheet; returns the lines that stand on it."""
    words = texts(book.language)
    number, places = _header(rows)
    lacking = [name for name in ("line", "decision") if name not in places]
    if lacking:
        numbered = any(_LINE.fullmatch(id_text(cell)) for row in rows for cell in row[:1])
        known = title in [texts(language)["sheet"][name] for language in LANGUAGES for name in SHEETS]
        if numbered or (known and any(any(row) for row in rows)):
            book.findings += [
                words["read"]["no_column"].format(where=_where(book, title), column=words["column"][name])
                for name in lacking
            ]
        return set()
    seen = set()
    for place, row in enumerate(rows[number + 1 :], number + 2):
        cells = {name: id_text(row[at]) if at < len(row) else "" for name, at in places.items()}
        seen.add(cells["line"].upper())
        _read_line(book, f"{_where(book, title)}, {_row_word(book)} {place}", cells, words)
    return seen


def _read_line(book: Workbook, where: str, cells: Mapping[str, str], words: Mapping[str, Any]) -> None:
    said = words["read"]
    line, word = cells["line"].upper(), cells["decision"]
    kind = decision_kind(word)
    book.touched = book.touched or any(cells.get(name) for name in PEOPLE)
    if kind == "":
        if any(cells.get(name) for name in PEOPLE[1:]) and line:
            book.findings.append(said["no_decision"].format(where=where))
        return
    if kind is None:
        book.unknown += 1
        column = f"{where}, {words['column']['decision']}"
        choices = listed(words["choices"][book.wording], book.language)
        book.findings.append(said["unknown"].format(where=column, word=shortened(word), choices=choices))
        return
    rows = book.rows_of(line) if line else []
    if not rows:
        name = "no_line" if line else "no_number"
        book.findings.append(said[name].format(where=where, word=shortened(cells["line"])))
        return
    shown, drawn = ("work", rows[0].work) if line.startswith("F") else ("task", rows[0].text)
    if shown in cells and key(cells[shown]) != key(drawn):
        book.findings.append(said["changed"].format(where=where, line=line, text=shortened(drawn)))
    reason, by, date = (cells.get(name, "") for name in PEOPLE[1:])
    book.entries.append(Entry(line, kind, reason, by, date[:10], where))


def _header(rows: Sequence[Sequence[Any]]) -> tuple[int, dict[str, int]]:
    """The row with most of our headings, and where these stand."""
    best: tuple[int, dict[str, int]] = (0, {})
    for number, row in enumerate(rows[:_HEADER_ROWS]):
        places: dict[str, int] = {}
        for place, cell in enumerate(row):
            for name in _HEADINGS:
                if cell is not None and key(cell) in _heading_keys(name):
                    places.setdefault(name, place)
        if len(places) > max(len(best[1]), 1):
            best = number, places
    return best


def _heading_keys(name: str) -> frozenset[str]:
    return frozenset(map(key, headings(name)))


def _missing(book: Workbook, seen: set[str]) -> None:
    """Lines that were drawn and are no longer on any sheet."""
    lines: dict[str, int] = {}
    for row in book.rows.values():
        name = row.family or row.line
        lines[name] = lines.get(name, 0) + 1
    gone = [name for name in lines if name not in seen]
    if gone:
        book.findings.append(texts(book.language)["read"]["missing"].format(
            source=book.path.name, count=len(gone), listed=listed(list(_counted(gone, lines)), book.language),
        ))


def _counted(names: Sequence[str], lines: Mapping[str, int]) -> Iterator[str]:
    for name in names:
        yield f"{name} ({lines[name]})" if lines[name] > 1 else name


def _where(book: Workbook, title: str) -> str:
    return texts(book.language)["read"]["sheet"].format(file=book.path.name, sheet=title)


def _row_word(book: Workbook) -> str:
    return str(texts(book.language)["read"]["row"])

