"""CSV: encoding and dialect are recognised and said; what is written looks like what was read."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..errors import TaskFileError
from .dialect import Dialect, Record, find_dialect, records
from .numbers import is_number
from .output import complete_file
from .table import Table, looks_like_header

DELIMITER_NAMES: Final = {";": "semicolon", ",": "comma", "\t": "tab", "|": "bar", "": "one column"}
_SHOWN: Final = 5  # rows named in a note
_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class CsvLayout:
    """How the file was written."""

    encoding: str
    delimiter: str
    line_end: str
    has_header: bool
    quote: str = '"'


def read_csv(path: Path) -> Table:
    """Rows of a CSV file; a line that cannot be read becomes a broken row, nothing is lost."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TaskFileError(read_problem(path, error)) from error
    text, encoding = decode(data)
    if not text.strip("\ufeff\r\n\t ;,|"):
        raise TaskFileError(f"{path.name}: the file is empty; export the inventory again")
    text = text.removeprefix("\ufeff")
    hint = ""
    if text[:4].lower() == "sep=" and len(text) > 4:
        hint, text = text[4], text.partition("\n")[2]
    dialect = Dialect(hint) if hint else find_dialect(text)
    delimiter, read = dialect.delimiter, list(records(text, dialect))
    line_end = "\r\n" if "\r\n" in text else "\r" if "\r" in text and "\n" not in text else "\n"
    header, rows, broken, odd = _shape(read, delimiter)
    layout = CsvLayout(encoding, delimiter, line_end, has_header=header is not None, quote=dialect.quote)
    width = max((len(row) for row in rows), default=1)
    names = header if header is not None else (["task"] if width == 1 else [f"column {i + 1}" for i in range(width)])
    notes = [f"encoding {encoding}", f"delimiter {DELIMITER_NAMES.get(delimiter, repr(delimiter))}"]
    if header is None:
        notes.append("no header: every line is a task")
    first = 2 if header else 1
    notes += [f"{kind} {_listed(found, first)}" for kind, found in odd.items() if found]
    if header and not rows:
        notes.append("no rows below the header")
    return Table(names, rows, broken, notes, first_row=first, layout=layout)


def _listed(rows: list[int], first: int) -> str:
    return " ".join(str(row + first) for row in rows[:_SHOWN]) + (" …" if len(rows) > _SHOWN else "")


def decode(data: bytes) -> tuple[str, str]:
    """Text and encoding: BOM, then UTF-16 without BOM, strict UTF-8, Windows-1252."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(name, "replace"), name
    head = data[:4000]
    if len(head) >= 4 and head[1::2].count(0) > len(head) * 0.35:
        return data.decode("utf-16-le", "replace"), "utf-16-le"
    if len(head) >= 4 and head[::2].count(0) > len(head) * 0.35:
        return data.decode("utf-16-be", "replace"), "utf-16-be"
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        # The five bytes that Windows-1252 leaves free are kept as control characters.
        table = {byte: chr(byte) for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
        return "".join(
            table.get(part[0], "") if len(part) == 1 and part[0] in table else part.decode("cp1252")
            for part in _split_free_bytes(data, table)
        ), "windows-1252"


def _split_free_bytes(data: bytes, free: dict[int, str]) -> Iterator[bytes]:
    start = 0
    if any(byte in data for byte in free):
        for place, byte in enumerate(data):
            if byte in free:
                yield data[start:place]
                yield data[place : place + 1]
                start = place + 1
    yield data[start:]


def _shape(
    read: list[Record], delimiter: str
) -> tuple[list[str] | None, list[list[str]], set[int], dict[str, list[int]]]:
    """Header, rows, broken rows, rows to mention; blank lines at the end are dropped, others kept as empty tasks."""
    while read and not any(field.strip() for field in read[-1].fields):
        read.pop()
    while len(read) > 1 and not any(field.strip() for field in read[0].fields):
        read.pop(0)
    header: list[str] | None = None
    if delimiter or looks_like_header(read[0].fields):
        header = [field.strip() for field in read[0].fields]
        read = read[1:]
    rows = [[unprotected(field) for field in record.fields] for record in read]
    width = len(header) if header is not None else 0
    broken = {
        number
        for number, record in enumerate(read)
        if record.broken or (width and any(field.strip() for field in record.fields[width:]))
    }
    odd = {
        "short rows": [number for number, row in enumerate(rows) if len(row) < width and any(row)],
        "stray quotes in rows": [number for number, record in enumerate(read) if record.stray],
    }
    return header, rows, broken, odd


def protected(cell: str) -> str:
    """A text that a spreadsheet would run as a formula gets a leading apostrophe (OWASP)."""
    return "'" + cell if cell.startswith(_DANGEROUS) and not is_number(cell) else cell


def unprotected(cell: str) -> str:
    """The cell without the apostrophe that `protected` gave it."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_DANGEROUS) else cell


def write_csv(path: Path, table: Table, header: list[str], rows: list[list[str]]) -> int:
    """Write rows as the input was written; returns how many cells were protected.

    UTF-8 stays as it came, anything else becomes UTF-8 with BOM. The file appears when complete.
    """
    layout = CsvLayout("utf-8-sig", ";", "\r\n", has_header=True)
    if isinstance(table.layout, CsvLayout):
        layout = table.layout
    encoding = "utf-8" if layout.encoding == "utf-8" else "utf-8-sig"
    count = 0
    with (
        complete_file(path) as temporary,
        temporary.open("w", encoding=encoding, errors="surrogatepass", newline="") as file,
    ):
        writer = csv.writer(
            file, delimiter=layout.delimiter or ";", lineterminator=layout.line_end, quotechar=layout.quote
        )
        writer.writerow(header)
        for row in rows:
            safe = [protected(cell) for cell in row]
            count += sum(a is not b and a != b for a, b in zip(safe, row, strict=True))
            writer.writerow(safe)
    return count


def read_problem(path: Path, error: OSError) -> str:
    """One sentence on why a file cannot be read, with the remedy."""
    if isinstance(error, FileNotFoundError):
        return f"{path}: no such file; check the name and the folder"
    if isinstance(error, IsADirectoryError):
        return f"{path} is a folder; name a file in it"
    if isinstance(error, PermissionError):
        return f"{path} cannot be opened: close it in other programs, or check your permission to read it"
    return f"{path} cannot be read: {error.strerror or error}"
