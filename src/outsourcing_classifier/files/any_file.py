"""A table in whatever format it came."""

from pathlib import Path
from typing import Final

from ..errors import TaskFileError
from .csv_file import read_csv
from .table import Table
from .xlsx_file import read_xlsx

_WORKBOOKS: Final = (".xlsx", ".xlsm")
_NOT_READ: Final = (".xls", ".ods", ".pdf", ".docx")


def read_table(path: Path, sheet: str | None = None) -> Table:
    """The rows of a CSV or XLSX file, of `sheet` in a workbook; raises `TaskFileError` that says what to do."""
    refuse_unreadable(path)
    return read_xlsx(path, sheet) if is_workbook(path) else read_csv(path)


def is_workbook(path: Path) -> bool:
    """Whether the name is that of a workbook."""
    return path.suffix.lower() in _WORKBOOKS


def refuse_unreadable(path: Path) -> None:
    """Say what to do with a format that is not read. Raises `TaskFileError`."""
    if path.suffix.lower() in _NOT_READ:
        raise TaskFileError(f"{path.name}: {path.suffix} is not read; save it as .xlsx or .csv")
