"""A file read a row at a time, in whatever format it came."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from .any_file import read_table
from .content import is_workbook, refuse_unreadable
from .csv_file import CsvLayout, CsvSource
from .json_lines import JsonLinesSource
from .parquet_file import ParquetSource
from .table import Table
from .workbook import uncarried
from .xlsx_file import indents, read_task_sheets


class Source(Protocol):
    """What was recognised of a file, and its rows."""

    path: Path
    header: list[str]  # our columns under their fixed names
    headings: str | None  # `de` where the file has the German names
    first_row: int
    about: int  # how many rows there are, roughly
    notes: list[str]

    @property
    def layout(self) -> CsvLayout | None:
        """That of a CSV file."""
        ...

    def rows(self) -> Iterator[tuple[list[Any], bool]]:
        """Each data row, and whether it could not be read."""
        ...

    @property
    def odd_notes(self) -> list[str]:
        """What was met on the way through the rows."""
        ...


class WorkbookSource:
    """The rows of a sheet, in memory; ``sheet`` and ``header_row`` say where they stand."""

    def __init__(self, path: Path, table: Table) -> None:
        self.path, self._table = path, table
        self.header, self.first_row, self.notes = table.header, table.first_row, list(table.notes)
        self.headings = table.headings
        self.sheet, self.header_row = table.layout
        self.about, self.layout = len(table.rows), None
        self.odd_notes: list[str] = []

    @cached_property
    def lost(self) -> list[str]:
        """What of the workbook cannot be carried over into one with results."""
        return uncarried(self.path)

    def indents(self, column: int) -> list[int]:
        """How far the cell of each row is indented in this column."""
        found = indents(self.path, self.sheet, self.first_row, column)
        return found + [0] * (len(self._table.rows) - len(found))

    def rows(self) -> Iterator[tuple[list[Any], bool]]:
        """Each data row, and whether it could not be read."""
        broken = self._table.broken
        return ((row, place in broken) for place, row in enumerate(self._table.rows))


def open_source(path: Path, sheet: str | None = None) -> Source:
    """The rows of a file, of `sheet` in a workbook; raises `TaskFileError` that says what to do."""
    refuse_unreadable(path)
    suffix = path.suffix.lower()
    if is_workbook(path):
        return WorkbookSource(path, read_table(path, sheet))
    if suffix in (".jsonl", ".ndjson"):
        return JsonLinesSource(path)
    return ParquetSource(path) if suffix == ".parquet" else CsvSource(path)


def open_sheets(path: Path) -> Sequence[Source]:
    """A file, or each sheet of a workbook that has a task column; raises `TaskFileError` that says what to do."""
    refuse_unreadable(path)
    if is_workbook(path):
        return [WorkbookSource(path, table) for table in read_task_sheets(path)]
    return [open_source(path)]
