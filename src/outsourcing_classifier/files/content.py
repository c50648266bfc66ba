"""What a file is, by its name and by how it begins; what is not read is said with the remedy."""

from pathlib import Path
from typing import Final

from ..errors import TaskFileError
from .csv_file import read_problem

_WORKBOOKS: Final = (".xlsx", ".xlsm")
_NOT_READ: Final = (".xls", ".xlsb", ".ods", ".numbers", ".pdf", ".doc", ".docx", ".json", ".zip", ".gz")
# How files begin, the ending that they should have, and what to do with those that have another.
_CONTENTS: Final = (
    (b"PK\x03\x04", ".xlsx", "is a workbook by its content; rename it to {stem}.xlsx"),
    (b"PAR1\x15", ".parquet", "is a Parquet file by its content; rename it to {stem}.parquet"),
    (
        b"\xd0\xcf\x11\xe0", "",
        "is protected by a password or has the old .xls format; save it without password as .xlsx",
    ),
    (b"\x1f\x8b", "", "is a compressed file; unpack it first"),
    (b"%PDF", "", "is a PDF by its content; export the inventory again, as .csv or .xlsx"),
)
_HEAD: Final = 512


def is_workbook(path: Path) -> bool:
    """Whether the name is that of a workbook."""
    return path.suffix.lower() in _WORKBOOKS


def ending_of(head: bytes) -> str:
    """The ending that a file with these first bytes should have; empty for text, and for what is not read."""
    return next((ending for start, ending, _ in _CONTENTS if head.startswith(start)), "")


def refuse_unreadable(path: Path) -> None:
    """Say what to do with what is not read, by name or by content. Raises `TaskFileError`."""
    suffix = path.suffix.lower()
    try:
        if path.is_dir():
            raise TaskFileError(f"{path} is a folder; name a file in it")
        if path.exists() and not path.is_file():
            raise TaskFileError(f"{path} is no ordinary file; write its content to one first")
        if suffix in _NOT_READ:
            wanted = ".jsonl, one object a line" if suffix == ".json" else ".xlsx or .csv"
            raise TaskFileError(f"{path.name}: {path.suffix} is not read; save it as {wanted}")
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise TaskFileError(read_problem(path, error)) from error
    if not head:
        raise TaskFileError(f"{path.name}: the file is empty; export the inventory again")
    wanted = ".xlsx" if is_workbook(path) else ".parquet" if suffix == ".parquet" else ""
    for start, ending, remedy in _CONTENTS:
        if head.startswith(start) and not (ending and ending == wanted):
            raise TaskFileError(f"{path.name} {remedy.format(stem=path.stem)}")
    if wanted and b"\0" not in head and not head.startswith(b"PAR1"):
        raise TaskFileError(f"{path.name} is a text by its content; rename it to {path.stem}.csv")
