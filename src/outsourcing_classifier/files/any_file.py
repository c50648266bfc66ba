"""A table in whatever format it came."""

from pathlib import Path

from .content import is_workbook, refuse_unreadable
from .csv_file import read_csv
from .table import Table
from .xlsx_file import read_xlsx


def read_table(path: Path, sheet: str | None = None) -> Table:
    """The rows of a CSV or XLSX file, of `sheet` in a workbook; raises `TaskFileError` that says what to do."""
    refuse_unreadable(path)
    return read_xlsx(path, sheet) if is_workbook(path) else read_csv(path)
