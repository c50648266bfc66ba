"""XLSX: the first sheet with a task column in, a plain workbook out."""

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

from ..errors import TaskFileError
from .content import refuse_unreadable
from .output import complete_file
from .table import DECISION_COLUMNS, RESULT_COLUMNS, Table, looks_like_header

DECISION_CHOICES: Final = ("BPO", "KPO", "split", "out of scope", "unclear")
_HEADER_ROWS: Final = 10  # the header is looked for in the first rows of a sheet
_WIDEST: Final = 60
_SAMPLED: Final = 200
_NO_TIME: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - the format has no zones; same content, same bytes
# What openpyxl, zipfile and the XML parser raise on files that are no workbook, or are damaged.
_DAMAGED: Final = (
    zipfile.BadZipFile, zlib.error, LookupError, ValueError, TypeError, AttributeError, SyntaxError, OSError, EOFError,
    NotImplementedError, RuntimeError,
)
_MOST_BYTES: Final = 2_000_000_000  # unpacked
_SMALL: Final = 100_000_000  # bytes unpacked that do no harm, however well they are packed
_MOST_PACKED: Final = 200  # times smaller than unpacked; sheets of equal rows get to some 50
MOST_ROWS, MOST_COLUMNS, MOST_CHARACTERS = 1_048_576, 16_384, 32_767  # of a sheet, and of a cell
UNWRITABLE: Final = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # a blank stands for them
_MOST_CELLS: Final = 200_000_000  # of the rectangle that the filled cells of a sheet span
_NO_DATE: Final = (2000, 1, 1, 0, 0, 0)


def read_xlsx(path: Path, sheet: str | None = None) -> Table:
    """Rows of the first sheet that has a task column (or of the named one)."""
    sheets, _ = read_sheets(path)
    if sheet is not None and sheet not in sheets:
        raise TaskFileError(f"{path.name}: no sheet '{sheet}'; sheets are {', '.join(sheets)}")
    candidates = {sheet: sheets[sheet]} if sheet is not None else sheets
    for title, rows in candidates.items():
        for number, row in enumerate(rows[:_HEADER_ROWS]):
            if looks_like_header(cell for cell in row if cell is not None):
                return _table(path.name, title, rows, number)
    title, rows = next(((t, r) for t, r in candidates.items() if r), ("", []))
    if not rows:
        raise TaskFileError(f"{path.name}: the workbook is empty; export the inventory again")
    return _table(path.name, title, rows, 0)


def read_sheets(path: Path) -> tuple[dict[str, list[list[Any]]], str]:
    """The cells of every sheet by its title, hidden ones too, and the category in the properties of the workbook.

    Rows end with their last filled cell, sheets with their last filled row.
    """
    with _opened(path) as book:
        return {page.title: _filled(page) for page in book.worksheets}, book.properties.category or ""


def _filled(page: Any) -> list[list[Any]]:
    """The rows of a sheet, whatever size it states and however far its formats reach."""
    page.reset_dimensions()
    rows: list[list[Any]] = []
    for cells in page.iter_rows(values_only=True):
        if len(rows) > MOST_ROWS:
            raise ValueError(f"sheet '{page.title}' states rows beyond any sheet")
        row = list(cells)
        while row and row[-1] is None:
            row.pop()
        rows.append(row)
    while rows and not rows[-1]:
        rows.pop()
    return rows


def category(path: Path) -> str:
    """The category in the properties of a workbook, whose cells are not read."""
    with _opened(path) as book:
        return book.properties.category or ""


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """A workbook to read from. Raises `TaskFileError` that says what to do, also for what is met on the way."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    refuse_unreadable(path)
    with path.open("rb") as file:  # by us: openpyxl leaves a file open that it cannot read
        try:
            _refuse_bomb(path, file)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                book = load_workbook(file, read_only=True, data_only=True)
                yield book
                book.close()
        except (InvalidFileException, *_DAMAGED) as error:
            raise TaskFileError(
                f"{path.name}: no readable workbook, or a damaged one; open it in Excel and save it again"
            ) from error


def _refuse_bomb(path: Path, file: BinaryIO) -> None:
    """A small file that unpacks to more than any inventory is not opened."""
    with zipfile.ZipFile(file) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
        packed = sum(entry.compress_size for entry in archive.infolist())
    if size > _MOST_BYTES or (size > _SMALL and size > _MOST_PACKED * packed):
        raise TaskFileError(
            f"{path.name}: the workbook unpacks to {size / 1e9:.1f} GB, too much to be opened; save the sheet as .csv"
        )


def _table(name: str, title: str, rows: list[list[Any]], header_row: int) -> Table:
    from openpyxl.utils import get_column_letter

    rows, width = rows[header_row:], max(map(len, rows[header_row:]))
    if len(rows) * width > _MOST_CELLS:
        place = f"column {get_column_letter(width)} and row {header_row + len(rows):,}"
        raise TaskFileError(
            f"{name}: sheet '{title}' reaches to {place}; delete the cells far from the table, or save it as .csv"
        )
    header = ["" if cell is None else str(cell).strip() for cell in rows[0]]
    header += [""] * (width - len(header))
    body = [row + [None] * (width - len(row)) for row in rows[1:]]
    notes = [f"sheet '{title}'"] + ([f"header in row {header_row + 1}"] if header_row else [])
    return Table(header, body, notes=notes, first_row=header_row + 2, layout=(title, header_row + 1))


def write_xlsx(
    path: Path, header: list[str], rows: list[list[Any]], *,
    decision_choices: tuple[str, ...] = DECISION_CHOICES, properties: Mapping[str, str] | None = None,
) -> int:
    """A plain workbook: frozen header, filter, widths, wrapped reason, drop-down for decisions.

    Texts never become formulas. Returns how many texts began like a formula.
    """
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook()
    page = book.active
    if page is None:
        raise TaskFileError(f"{path}: no sheet could be made")
    page.title = "oc"
    formulas = _fill(page, [header, *rows])
    _mark_header(page)
    page.freeze_panes = "A2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(header))}{len(rows) + 1}"
    _shape_columns(page, header, rows, decision_choices)
    with complete_file(path) as temporary:
        save_book(book, temporary, properties)
    return formulas


def save_book(book: Any, path: Path, properties: Mapping[str, str] | None = None) -> None:
    """Save a workbook with properties, without times in it: the same content gives the same bytes."""
    from openpyxl.packaging.custom import StringProperty
    from openpyxl.writer.excel import ExcelWriter

    for name, value in (properties or {}).items():
        if name in book.custom_doc_props.names:
            del book.custom_doc_props[name]
        book.custom_doc_props.append(StringProperty(name=name, value=value))
    book.properties.created = book.properties.modified = _NO_TIME
    draft = io.BytesIO()
    with zipfile.ZipFile(draft, "w") as archive:
        ExcelWriter(book, archive).save()
    with zipfile.ZipFile(draft) as archive, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as dated:
        for name in archive.namelist():
            entry = zipfile.ZipInfo(name, _NO_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            dated.writestr(entry, archive.read(name))


def _fill(page: Any, rows: list[list[Any]]) -> int:
    """Write all cells; returns how many texts began like a formula."""
    return sum(
        write_cell(page, number, place, value)
        for number, row in enumerate(rows, 1) for place, value in enumerate(row, 1)
    )


def write_cell(page: Any, number: int, place: int, value: Any) -> bool:
    """Write one cell, a text always as text; returns whether it began like a formula."""
    if value is None or value == "":
        return False
    cell = page.cell(number, place)
    if not isinstance(value, str):
        cell.value = value
        return False
    cell.value = UNWRITABLE.sub(" ", value)[:MOST_CHARACTERS]
    if cell.data_type == "s":
        return False
    cell.data_type = "s"
    cell.quotePrefix = True
    return True


def fill_of(name: object) -> Any:
    """The colour behind the head of one of our columns, or of people's; None for any other."""
    from openpyxl.styles import PatternFill

    if name in RESULT_COLUMNS:
        return PatternFill("solid", fgColor="DCE6F1")
    return PatternFill("solid", fgColor="FFF2CC") if name in DECISION_COLUMNS else None


def _mark_header(page: Any) -> None:
    """Bold names; our columns and those for people's decisions in colours of their own."""
    from openpyxl.styles import Font

    for cell in page[1]:
        cell.font = Font(bold=True)
        fill = fill_of(cell.value)
        if fill is not None:
            cell.fill = fill


def _shape_columns(
    page: Any, header: list[str], rows: list[list[Any]], decision_choices: tuple[str, ...]
) -> None:
    """Widths, wrapped sentences, and the drop-down of the decision column."""
    from openpyxl.utils import get_column_letter

    for place, name in enumerate(header, 1):
        longest = max((len(str(row[place - 1])) for row in rows[:_SAMPLED] if row[place - 1] is not None), default=0)
        page.column_dimensions[get_column_letter(place)].width = width_of(max(longest, len(name) + 3))
        if name in ("oc_reason", "oc_question"):
            for number in range(2, len(rows) + 2):
                page.cell(number, place).alignment = wrapped()
        if name == "decision":
            add_choices(page, place, 2, len(rows) + 1, decision_choices)


def width_of(longest: int) -> int:
    """The width of a column whose longest text has so many letters."""
    return min(longest + 2, _WIDEST)


def wrapped() -> Any:
    """Alignment of a sentence."""
    from openpyxl.styles import Alignment

    return Alignment(wrap_text=True, vertical="top")


def add_choices(page: Any, place: int, first: int, last: int, words: tuple[str, ...]) -> None:
    """A drop-down in the rows of one column."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    choices = DataValidation(type="list", formula1='"' + ",".join(words) + '"', allow_blank=True)
    page.add_data_validation(choices)
    letter = get_column_letter(place)
    choices.add(f"{letter}{first}:{letter}{max(last, first)}")
