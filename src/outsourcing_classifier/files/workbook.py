"""Results in the owner's workbook: formats, filters, widths, other sheets and comments come back.

What openpyxl does not carry (shapes, charts, slicers, macros …) is recognised before work starts; then results go to
a fresh workbook, and one sentence says why: a damaged original never comes out.
"""

import re
import warnings
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from .headings import choices, column_of, language_of
from .output import complete_file
from .table import DECISION_COLUMNS, OUR_COLUMNS
from .xlsx_file import DECISION_CHOICES, WRAPPED, add_choices, fill_of, save_book, width_of, wrapped, write_cell

# Parts of a workbook that openpyxl drops or damages, by their place in the archive, and what people call them.
_LOST: Final = {
    r"xl/vbaProject\.bin": "macros",
    r"xl/(media|drawings/drawing|diagrams|embeddings|ctrlProps|activeX)": "pictures, shapes or controls",
    r"xl/charts": "charts",
    r"xl/(slicers|slicerCaches|timelines)": "slicers",
    r"xl/(pivotTables|pivotCache)": "pivot tables",
    r"xl/threadedComments": "threaded comments",
    r"xl/(connections|queryTables|externalLinks)": "links to other data",
}
_EXTENDED: Final = b"<extLst"  # in a sheet: sparklines and conditions newer than the format


@dataclass(frozen=True, slots=True)
class XlsxLayout:
    """Where the rows of a table stand in its workbook; rows and columns count from 1."""

    path: Path
    sheet: str
    header_row: int


def uncarried(path: Path) -> list[str]:
    """What of this workbook would be lost, in words; empty where all comes back."""
    found: dict[str, None] = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            found.update(dict.fromkeys(words for place, words in _LOST.items() if re.match(place, name)))
            if name.startswith("xl/worksheets/sheet") and _EXTENDED in archive.read(name)[-200_000:]:
                found.setdefault("sparklines or newer conditional formats")
    return list(found)


def add_results(
    layout: XlsxLayout, target: Path, width: int, names: Sequence[str], rows: Iterable[Sequence[Any]],
    properties: Mapping[str, str] | None = None,
) -> int:
    """Write our cells beside (or into) the owner's; ``names`` and ``rows`` are the whole output, ``width`` the owner's.

    Returns how many texts began like a formula.
    """
    from openpyxl import load_workbook
    from openpyxl.utils import get_column_letter

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(layout.path, rich_text=True)
    page = book[layout.sheet]
    columns, own = [column_of(name) for name in names], (*OUR_COLUMNS, *DECISION_COLUMNS)
    ours = [place for place, name in enumerate(columns) if place >= width or name in own]
    pattern = page.cell(layout.header_row, max(width, 1))
    formulas, last, longest = 0, layout.header_row, {place: len(names[place]) + 3 for place in ours}
    for place in ours:
        cell = page.cell(layout.header_row, place + 1, names[place])
        if place >= width:
            cell.font, cell.alignment = copy(pattern.font), copy(pattern.alignment)
            cell.border = copy(pattern.border)
            cell.fill = fill_of(names[place]) or copy(pattern.fill)
    for last, row in enumerate(rows, layout.header_row + 1):
        for place in ours:
            value = row[place]
            page.cell(last, place + 1).value = None
            formulas += write_cell(page, last, place + 1, value)
            if value is not None and last < layout.header_row + 200:
                longest[place] = max(longest[place], len(str(value)))
            if columns[place] in WRAPPED:
                page.cell(last, place + 1).alignment = wrapped()
    for place in ours:
        if place >= width:
            page.column_dimensions[get_column_letter(place + 1)].width = width_of(longest[place])
    if "decision" in columns and columns.index("decision") >= width:
        words = choices(language_of(names), DECISION_CHOICES)
        add_choices(page, columns.index("decision") + 1, layout.header_row + 1, last, words)
    if page.auto_filter.ref:
        first, _, end = page.auto_filter.ref.partition(":")
        row_of_end = re.sub(r"\D", "", end) or str(last)
        page.auto_filter.ref = f"{first}:{get_column_letter(len(names))}{row_of_end}"
    with complete_file(target) as temporary:
        save_book(book, temporary, properties)
    return formulas
