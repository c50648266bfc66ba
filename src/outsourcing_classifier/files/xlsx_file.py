"""XLSX: sheets with a task column in, a plain workbook out."""

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from ..errors import TaskFileError
from .content import refuse_unreadable
from .headings import choices, column_of, fixed_names, language_of
from .output import complete_file
from .table import DECISION_COLUMNS, OUR_COLUMNS, SHOWN_ROWS, Table, looks_like_header, row_numbers

if TYPE_CHECKING:
    from .source import Source

DECISION_CHOICES: Final = ("BPO", "KPO", "split", "out of scope", "unclear")
WRAPPED: Final = ("oc_reason", "oc_question", "oc_parts")  # columns of sentences
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
_MOST_ROWS: Final = 1_048_576  # of a sheet
_MOST_COLUMNS: Final = 16_384
_MOST_CHARACTERS: Final = 32_767  # of a cell
_UNWRITABLE: Final = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # a blank stands for them
_SMALL: Final = 100_000_000  # bytes unpacked that do no harm, however well they are packed
_MOST_PACKED: Final = 200  # times smaller than unpacked; sheets of equal rows get to some 50
_MOST_CELLS: Final = 50_000_000  # of the rectangle that the filled cells of a sheet span
_STYLES: Final = "xl/styles.xml"
_NO_DATE: Final = (2000, 1, 1, 0, 0, 0)


def read_xlsx(path: Path, sheet: str | None = None) -> Table:
    """Rows of the first sheet that has a task column (or of the named one)."""
    sheets, _ = read_sheets(path)
    if sheet is not None and sheet not in sheets:
        raise TaskFileError(f"{path.name}: no sheet '{sheet}'; sheets are {', '.join(sheets)}")
    candidates = {sheet: sheets[sheet]} if sheet is not None else sheets
    (chosen, header_row), *others = _with_tasks(path.name, candidates).items()
    table = _table(path.name, chosen, candidates[chosen], header_row)
    if others:
        table.notes.append("more sheets with tasks (--all-sheets): " + ", ".join(f"'{title}'" for title, _ in others))
    return table


def read_task_sheets(path: Path) -> list[Table]:
    """Rows of every sheet that has a task column; of the first with any rows where none has."""
    sheets, _ = read_sheets(path)
    return [_table(path.name, title, sheets[title], row) for title, row in _with_tasks(path.name, sheets).items()]


def _with_tasks(name: str, sheets: Mapping[str, list[list[Any]]]) -> dict[str, int]:
    """The sheets that have a task column, and where their header stands; else the first that is not empty."""
    headers = {title: place for title, rows in sheets.items() if (place := _header_row(rows)) is not None}
    if headers:
        return headers
    filled = next((title for title, rows in sheets.items() if rows), None)
    if filled is None:
        raise TaskFileError(f"{name}: the workbook is empty; export the inventory again")
    return {filled: 0}


def _header_row(rows: list[list[Any]]) -> int | None:
    """The first row that looks like a header."""
    heads = (any(looks_like_header([cell]) for cell in row if cell is not None) for row in rows[:_HEADER_ROWS])
    return next((place for place, found in enumerate(heads) if found), None)


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
        if len(rows) > _MOST_ROWS:
            raise ValueError(f"sheet '{page.title}' states rows beyond any sheet")
        row = list(cells)
        while row and row[-1] is None:
            row.pop()
        rows.append(row)
    while rows and not rows[-1]:
        rows.pop()
    return rows


def indents(path: Path, sheet: str, first_row: int, column: int) -> list[int]:
    """How far each cell of a column is indented, from ``first_row``; ``column`` counts from 0."""
    with zipfile.ZipFile(path) as archive:
        if _STYLES not in archive.namelist() or b" indent=" not in archive.read(_STYLES):
            return []
    with _opened(path) as book:
        cells = book[sheet].iter_rows(min_row=first_row, min_col=column + 1, max_col=column + 1)
        return [round(getattr(row[0].alignment, "indent", 0)) if row else 0 for row in cells]


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
    given = ["" if cell is None else str(cell).strip() for cell in rows[0]]
    header = fixed_names([*given, *[""] * (width - len(given))])
    body = rows[1:]
    notes = [f"sheet '{title}'"] + ([f"header in row {header_row + 1}"] if header_row else [])
    layout = title, header_row + 1
    return Table(header, body, notes=notes, first_row=header_row + 2, headings=language_of(given), layout=layout)


def write_xlsx(
    path: Path, header: list[str], rows: list[list[Any]], *, properties: Mapping[str, str] | None = None,
    to_fill: Sequence[str] = (),
) -> int:
    """A plain workbook: frozen header, filter, widths, wrapped reason, drop-down for decisions.

    Texts never become formulas; ``to_fill`` are headers of more columns for people. Returns how many texts began like
    a formula.
    """
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook()
    page = book.active
    if page is None:
        raise TaskFileError(f"{path}: no sheet could be made")
    page.title = "oc"
    formulas = _fill(page, [header, *rows])
    _mark_header(page, to_fill)
    page.freeze_panes = "A2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(header))}{len(rows) + 1}"
    _shape_columns(page, header, rows)
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
    cell.value = _UNWRITABLE.sub(" ", value)[:_MOST_CHARACTERS]
    if cell.data_type == "s":
        return False
    cell.data_type = "s"
    cell.quotePrefix = True
    return True


def refuse_too_large(source: "Source", width: int) -> list[str]:
    """Refuse what a sheet of so many columns cannot hold, so that nothing is cut; notes on letters it cannot hold.

    Raises `TaskFileError` with place and remedy.
    """
    name, other = source.path.name, "name an output ending in .csv with -o"
    if width > _MOST_COLUMNS:
        raise TaskFileError(f"{name}: a sheet holds {_MOST_COLUMNS:,} columns, there are {width:,}; {other}")
    number, changed = source.first_row - 1, list[int]()
    for number, (cells, _) in enumerate(source.rows(), source.first_row):
        if len(changed) <= SHOWN_ROWS and any(isinstance(cell, str) and _UNWRITABLE.search(cell) for cell in cells):
            changed.append(number)
        sizes = ((len(cell), place) for place, cell in enumerate(cells) if isinstance(cell, str))
        longest, place = max(sizes, default=(0, 0))
        if longest > _MOST_CHARACTERS:
            raise TaskFileError(
                f"{name}, row {number}, column '{''.join(source.header[place : place + 1])}': a cell of a sheet holds "
                f"{_MOST_CHARACTERS:,} characters, this one has {longest:,}; {other}"
            )
    if number - source.first_row + 2 > _MOST_ROWS:
        raise TaskFileError(f"{name}: a sheet holds {_MOST_ROWS:,} rows, there are more; {other}")
    return [f"control characters became blanks in rows {row_numbers(changed)}"] if changed else []


def fill_of(name: object) -> Any:
    """The colour behind the head of one of our columns, or of people's; None for any other."""
    from openpyxl.styles import PatternFill

    column = column_of(str(name))
    if column in OUR_COLUMNS:
        return PatternFill("solid", fgColor="DCE6F1")
    return PatternFill("solid", fgColor="FFF2CC") if column in DECISION_COLUMNS else None


def _mark_header(page: Any, to_fill: Sequence[str]) -> None:
    """Bold names; our columns and those for people's decisions in colours of their own."""
    from openpyxl.styles import Font

    for cell in page[1]:
        cell.font = Font(bold=True)
        fill = fill_of("decision" if cell.value in to_fill else cell.value)
        if fill is not None:
            cell.fill = fill


def _shape_columns(page: Any, header: list[str], rows: list[list[Any]]) -> None:
    """Widths, wrapped sentences, and the drop-down of the decision column."""
    from openpyxl.utils import get_column_letter

    for place, name in enumerate(header, 1):
        longest = max((len(str(row[place - 1])) for row in rows[:_SAMPLED] if row[place - 1] is not None), default=0)
        page.column_dimensions[get_column_letter(place)].width = width_of(max(longest, len(name) + 3))
        if column_of(name) in WRAPPED:
            for number in range(2, len(rows) + 2):
                page.cell(number, place).alignment = wrapped()
        if column_of(name) == "decision":
            add_choices(page, place, 2, len(rows) + 1, choices(language_of(header), DECISION_CHOICES))


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
