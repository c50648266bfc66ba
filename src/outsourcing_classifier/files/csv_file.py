"""CSV: encoding and dialect are recognised and said; what is written looks like what was read."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path
from typing import Final, Literal

from ..errors import TaskFileError
from .dialect import Dialect, Record, find_dialect, records, sample_of
from .encoding import MIXED, blocks_of, find_encoding, mended, open_text, utf8
from .headings import fixed_names, language_of
from .numbers import is_number
from .output import complete_file
from .table import SHOWN_ROWS, Table, looks_like_header, row_numbers

DELIMITER_NAMES: Final = {";": "semicolon", ",": "comma", "\t": "tab", "|": "bar", "": "one column"}
_BLANK: Final = "\ufeff\r\n\t ;,|\0"
_UNPRINTED: Final = re.compile("[\x01-\x08\x0e-\x19\x1b]")  # NUL and ^Z end texts of old programs
_NO_TEXT: Final = 0.02  # share of them from which a file is something else: a picture, a program
DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r")  # how a formula begins


@dataclass(frozen=True, slots=True)
class CsvLayout:
    """How the file was written."""

    encoding: str
    delimiter: str
    line_end: str
    has_header: bool
    quote: str = '"'


class CsvSource:
    """A CSV file, read a row at a time: what was recognised, then its rows.

    ``header`` are names of columns ("task" or "column 1" where the file has none); ``first_row`` is the number of the
    first data row in the file; ``about`` how many rows there are, roughly; ``notes`` say what was recognised,
    ``odd_notes`` what was met on the way.
    Raises `TaskFileError` with the remedy.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            encoding = find_encoding(blocks_of(path))
            self.about = sum(block.count(b"\n") for block in blocks_of(path))
            with open_text(path, encoding) as file:
                blank, lines = 0, list[str]()
                for line in file:
                    if line.strip(_BLANK):
                        lines = sample_of(chain([line], file))
                        break
                    blank += 1
        except OSError as error:
            raise TaskFileError(read_problem(path, error)) from error
        if not lines:
            raise TaskFileError(f"{path.name}: the file is empty; export the inventory again")
        sample = "".join(lines)
        if len(_UNPRINTED.findall(sample)) > 8 + _NO_TEXT * len(sample):
            raise TaskFileError(f"{path.name} holds no text; export the inventory again, as .csv or .xlsx")
        self._encoding, self._skipped = encoding, blank
        hint = ""
        lines[0] = lines[0].removeprefix("\ufeff")
        if lines[0][:4].lower() == "sep=" and len(lines[0].strip()) > len("sep="):
            hint, self._skipped = lines[0][4], blank + 1
        self._dialect = Dialect(hint) if hint else find_dialect(lines)
        first = next(self._filled(), Record([]))
        if encoding == MIXED:
            first = first._replace(fields=list(map(mended, first.fields)))
        named = bool(self._dialect.delimiter) or looks_like_header(first.fields)
        width = len(first.fields)
        names = ["task"] if width == 1 else [f"column {place + 1}" for place in range(width)]
        given = [field.strip() for field in first.fields] if named else names
        self.header, self.headings = fixed_names(given), language_of(given)
        self.first_row = blank + (2 if named else 1)
        line_end = "\r\n" if "\r\n" in sample else "\r" if "\r" in sample and "\n" not in sample else "\n"
        self.layout = CsvLayout(
            encoding, self._dialect.delimiter, line_end, has_header=named, quote=self._dialect.quote
        )
        delimiter = self._dialect.delimiter
        self.notes = [f"encoding {encoding}", f"delimiter {DELIMITER_NAMES.get(delimiter, repr(delimiter))}"]
        if not named:
            self.notes.append("no header: every line is a task")
        self._odd: dict[str, list[int]] = {}
        self._count = 0

    def rows(self) -> Iterator[tuple[list[str], bool]]:
        """Each data row and whether it is broken; blank lines at the end are none."""
        width = len(self.header) if self.layout.has_header else 0
        self._odd = {"short rows": [], "stray quotes in rows": [], "letters of windows-1252 in rows": []}
        self._count = 0
        found = self._filled()
        if self.layout.has_header:
            next(found, None)
        for number, record in enumerate(found, self.first_row):
            if self._encoding == MIXED and (fields := list(map(mended, record.fields))) != record.fields:
                self._note("letters of windows-1252 in rows", number)
                record = record._replace(fields=fields)  # noqa: PLW2901
            cells = [unprotected(field) if field[:1] == "'" else field for field in record.fields]
            self._count += 1
            if len(cells) < width and any(cells):
                self._note("short rows", number)
            if record.stray:
                self._note("stray quotes in rows", number)
            too_wide = width and any(field.strip() for field in record.fields[width:])
            yield cells, record.broken or bool(too_wide)

    def _note(self, kind: str, row: int) -> None:
        if len(self._odd[kind]) <= SHOWN_ROWS:  # few are shown, and millions may be odd
            self._odd[kind].append(row)

    @property
    def odd_notes(self) -> list[str]:
        """What was odd in the rows read so far."""
        found = [f"{kind} {row_numbers(rows)}" for kind, rows in self._odd.items() if rows]
        return found if self._count or not self.layout.has_header else ["no rows below the header"]

    def _filled(self) -> Iterator[Record]:
        """Records from the first to the last with any text in it."""
        blank: list[Record] = []
        begun = False
        try:
            with open_text(self.path, self._encoding) as file:
                for record in records(islice(file, self._skipped, None), self._dialect):
                    if not begun:
                        record.fields[:1] = [field.removeprefix("\ufeff") for field in record.fields[:1]]
                    if record.fields[0].strip() or any(field.strip() for field in record.fields):
                        begun = True
                        yield from blank
                        blank.clear()
                        yield record
                    elif begun:
                        blank.append(record)
        except OSError as error:
            raise TaskFileError(read_problem(self.path, error)) from error


def read_csv(path: Path) -> Table:
    """Rows of a CSV file; a line that cannot be read becomes a broken row, nothing is lost."""
    source = CsvSource(path)
    rows: list[list[str]] = []
    broken: set[int] = set()
    for cells, bad in source.rows():
        if bad:
            broken.add(len(rows))
        rows.append(cells)
    header = source.header
    if not source.layout.has_header:
        header += [f"column {place + 1}" for place in range(len(header), max(map(len, rows), default=1))]
    notes = [*source.notes, *source.odd_notes]
    return Table(header, rows, broken, notes, source.first_row, source.headings, source.layout)


@lru_cache(maxsize=4096)  # figures below zero come again and again
def protected(cell: str) -> str:
    """A text that a spreadsheet would run as a formula gets a leading apostrophe (OWASP)."""
    return "'" + cell if cell.startswith(DANGEROUS) and not is_number(cell) else cell


def unprotected(cell: str) -> str:
    """The cell without the apostrophe that `protected` gave it."""
    return cell[1:] if cell[:1] == "'" and protected(cell[1:]) == cell else cell


def write_csv(path: Path, table: Table, header: list[str], rows: list[list[str]]) -> int:
    """Write rows as the input was written; returns how many cells were protected. The file appears when complete."""
    layout = CsvLayout("utf-8-sig", ";", "\r\n", has_header=True)
    if isinstance(table.layout, CsvLayout):
        layout = table.layout
    safe = [[protected(cell) for cell in row] for row in rows]
    with complete_file(path) as temporary:
        temporary.write_bytes(mark_of(layout) + csv_bytes([header, *safe], layout))
    return sum(a != b for line, row in zip(safe, rows, strict=True) for a, b in zip(line, row, strict=True))


def mark_of(layout: CsvLayout) -> bytes:
    """What stands before the first line: UTF-8 stays as it came, anything else becomes UTF-8 with BOM."""
    return b"" if layout.encoding == "utf-8" else codecs.BOM_UTF8


def csv_bytes(rows: Sequence[Sequence[str]], layout: CsvLayout) -> bytes:
    """Lines of a CSV file in UTF-8."""
    text = _written(rows, layout, csv.QUOTE_MINIMAL)
    # Of line breaks in cells, the writer before Python 3.13 quotes only those that end the lines of the file.
    if {"\n": "\r", "\r": "\n"}.get(layout.line_end, "\0\0") in text:
        text = _written(rows, layout, csv.QUOTE_ALL)
    return utf8(text)


def _written(rows: Sequence[Sequence[str]], layout: CsvLayout, quoting: Literal[0, 1]) -> str:
    out = io.StringIO(newline="")
    csv.writer(
        out, delimiter=layout.delimiter or ";", lineterminator=layout.line_end, quotechar=layout.quote, quoting=quoting
    ).writerows(rows)
    return out.getvalue()


def read_problem(path: Path, error: OSError) -> str:
    """One sentence on why a file cannot be read, with the remedy."""
    if isinstance(error, FileNotFoundError):
        return f"{path}: no such file; check the name and the folder"
    if isinstance(error, IsADirectoryError):
        return f"{path} is a folder; name a file in it"
    if isinstance(error, PermissionError):
        return f"{path} cannot be opened: close it in other programs, or check your permission to read it"
    return f"{path} cannot be read ({error.strerror or 'unknown reason'}); copy it to another place and try again"
