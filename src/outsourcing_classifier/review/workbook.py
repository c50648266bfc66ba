"""A plan as a workbook: families, single rows, rows of families, and a hidden sheet by which decisions find rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ..files.xlsx_file import save_book, write_cell
from . import REVIEW_MARK
from .plan import SECONDS_FAMILY, SECONDS_ROW, Line, Plan, question, weights_of
from .texts import decision_word, figure, percent, texts, work

SHEETS: Final = ("families", "rows", "members")
MAP_SHEET: Final = "oc_rows"
MAP_HEADER: Final = ("line", "row", "id", "text", "oc_label", "family", "work")
MAP_VERSION: Final = 1
PEOPLE: Final = ("decision", "decision_reason", "decision_by", "decision_date")
_WIDTHS: Final[Mapping[str, float]] = {
    "line": 7, "id": 10, "department": 17, "work": 26, "examples": 44, "task": 44, "rows": 8, "fte": 8, "cost": 11,
    "share": 20, "label": 13, "reason": 34, "question": 28, "family": 9, "decision": 16, "decision_reason": 20,
    "decision_by": 16, "decision_date": 12,
}
_SCORE_WIDTH: Final = 14.0
_FORMATS: Final[Mapping[str, str]] = {
    "fte": "#,##0.0#", "cost": "#,##0", "rows": "#,##0", "decision_date": "yyyy-mm-dd",
}
_FIGURES: Final = ("rows", "fte", "cost")
_FONT: Final = "Calibri"
_LINE_HEIGHT: Final = 14.5  # points
_TALLEST: Final = 12  # lines
_HEAD, _FILL_IN, _RULE = "DCE6F1", "FFF2CC", "BFBFBF"
_Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Style:
    """How a workbook is written; ``department`` "" is the whole company, with cost."""

    language: str
    wording: str
    cost: bool = True
    department: str = ""
    minutes: float | None = None


def review_book(plan: Plan, style: Style) -> Any:
    """The workbook of a plan."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    book.properties.category = REVIEW_MARK
    book.properties.creator = "outsourcing_classifier"
    words = texts(style.language)
    rows_of = {"families": _families, "rows": _singles, "members": _members}
    for name in SHEETS:
        rows = rows_of[name](plan, style)
        if not rows and name != "families":
            continue
        page = book.create_sheet(words["sheet"][name])
        write_sheet(page, _columns(name, plan, style), rows, _intro(name, plan, style), style)
    _write_map(book.create_sheet(MAP_SHEET), plan, style)
    return book


def save_review(book: Any, path: Any) -> None:
    """Save a review workbook: the same plan gives the same bytes."""
    save_book(book, path)


def settles(plan: Plan, language: str) -> str:
    """What all decisions of a plan settle, as a sentence."""
    decimals = 1 if plan.unit == "fte" else 0
    name = plan.unit if len(plan.lines) != 1 else f"{plan.unit}_one"
    return str(texts(language)["settles"][name].format(
        decisions=len(plan.lines), share=percent(plan.share), total=figure(plan.total, language, decimals),
        settled=figure(plan.share * plan.total, language, decimals),
    ))


def _intro(name: str, plan: Plan, style: Style) -> list[str]:
    words = texts(style.language)
    department = f", {style.department}" if style.department else ""
    lines = [words["title"][name].format(source=plan.scored.path.name, department=department), *words["how"][name]]
    if name != "families":
        return lines
    minutes = figure(-(-plan.seconds // 60), style.language, 0)
    time = words["how"]["time"].format(family=SECONDS_FAMILY, row=SECONDS_ROW, minutes=minutes)
    lines.append(f"{settles(plan, style.language)} {time}")
    if plan.cut:
        lines[-1] += " " + words["how"]["cut"].format(
            minutes=f"{style.minutes:g}", families=plan.all_families - len(plan.families),
            rows=plan.all_singles - len(plan.singles),
        )
    return lines


def _columns(name: str, plan: Plan, style: Style) -> list[str]:
    """Names of the columns that a sheet has: those of which the file gives something, cost only where it is shown."""
    scored = plan.scored
    missing = {
        "id": not any(scored.ids), "department": bool(style.department) or not any(scored.departments),
        "fte": plan.unit != "fte", "cost": not style.cost or not np.isfinite(scored.cost).any(),
    }
    columns = {
        "families": ["line", "work", "examples", "rows", "fte", "cost", "share", "label", "question"],
        "rows": ["line", "id", "department", "task", "fte", "cost", "share", "label", "reason", "question"],
        "members": ["line", "family", "id", "department", "task", "fte", "cost", "label", "reason"],
    }[name]
    return [column for column in columns if not missing.get(column)] + list(PEOPLE)


def _families(plan: Plan, style: Style) -> list[_Row]:
    weights, _ = weights_of(plan.scored)
    return [
        {
            "line": line.name, "work": _work(line, plan, style),
            "examples": "\n".join(f"• {' '.join(plan.scored.texts[row].split())}" for row in line.examples),
            "rows": len(line.rows), "fte": _total(plan.scored.fte, line.rows),
            "cost": _total(plan.scored.cost, line.rows), "share": _share(line, style),
            "label": _proposal(line.rows[0], plan, style), "question": question(plan.scored, line.rows, weights),
        }
        for line in plan.families
    ]


def _singles(plan: Plan, style: Style) -> list[_Row]:
    return [{**_row(line.rows[0], plan, style), "share": _share(line, style)} for line in plan.singles]


def _members(plan: Plan, style: Style) -> list[_Row]:
    return [{**_row(row, plan, style), "family": line.name} for line in plan.families for row in line.rows]


def _row(row: int, plan: Plan, style: Style) -> _Row:
    scored = plan.scored
    return {
        "line": f"R{scored.row(row)}", "id": scored.ids[row], "department": scored.departments[row],
        "task": scored.texts[row], "fte": _total(scored.fte, [row]), "cost": _total(scored.cost, [row]),
        "label": _proposal(row, plan, style), "reason": scored.reasons[row], "question": scored.questions[row],
    }


def _work(line: Line, plan: Plan, style: Style) -> str:
    return "" if line.family is None else work(line.family, plan.scored.texts, style.language)


def _share(line: Line, style: Style) -> str:
    name = "cell" if line.count != 1 else "cell_one"
    return str(texts(style.language)["settles"][name].format(decisions=line.count, share=percent(line.share)))


def _proposal(row: int, plan: Plan, style: Style) -> str:
    """What the machine proposes: its label, to split a row of several tasks, nothing where too little is said."""
    kind = plan.scored.labels[row] or ("split" if plan.scored.statuses[row] == "mixed" else "")
    return decision_word(kind, style.language, style.wording)


def _total(values: Any, rows: Sequence[int]) -> float | None:
    given = [float(values[row]) for row in rows if np.isfinite(values[row])]
    return round(sum(given), 6) if given else None


def write_sheet(
    page: Any, columns: Sequence[str], rows: Sequence[_Row], intro: Sequence[str], style: Style,
    titles: Mapping[str, str] | None = None,
) -> None:
    """A sheet for people: sentences above a frozen, filtered head; columns to fill in yellow; a drop-down of decisions.

    ``titles`` are headings of columns that are not in texts.toml; such columns are for people too.
    """
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    words, own = texts(style.language), titles or {}
    widths = {**dict.fromkeys(own, _SCORE_WIDTH), **_WIDTHS}
    people = {*PEOPLE, *own}
    width = sum(widths[name] for name in columns)
    last = get_column_letter(len(columns))
    for number, text in enumerate(intro, 1):
        write_cell(page, number, 1, text)
        page.merge_cells(f"A{number}:{last}{number}")
        page.cell(number, 1).alignment = Alignment(wrap_text=True, vertical="top")
        page.row_dimensions[number].height = _height([(text, width)])
    page.cell(1, 1).font = Font(name=_FONT, bold=True, size=13)
    page.row_dimensions[1].height = 1.4 * _LINE_HEIGHT
    head = len(intro) + 1
    side = Side(style="thin", color=_RULE)
    fills = {fill_in: PatternFill("solid", fgColor=_FILL_IN if fill_in else _HEAD) for fill_in in (True, False)}
    top = Alignment(wrap_text=True, vertical="top", horizontal="left", indent=1)
    right = Alignment(wrap_text=True, vertical="top", horizontal="right")
    under, around = Border(bottom=side), Border(bottom=side, left=side, right=side)
    for place, name in enumerate(columns, 1):
        page.column_dimensions[get_column_letter(place)].width = widths[name]
        write_cell(page, head, place, own.get(name) or words["column"][name])
        cell = page.cell(head, place)
        cell.font, cell.fill = Font(name=_FONT, bold=True), fills[name in people]
        cell.alignment, cell.border = right if name in _FIGURES else top, under
        for number, row in enumerate(rows, head + 1):
            write_cell(page, number, place, row.get(name))
            cell = page.cell(number, place)
            cell.alignment, cell.border = right if name in _FIGURES else top, around if name in people else under
            cell.number_format = _FORMATS.get(name, "@" if isinstance(row.get(name), str) else "General")
            if name in people:
                cell.fill = fills[True]
    page.row_dimensions[head].height = 2.2 * _LINE_HEIGHT
    for number, row in enumerate(rows, head + 1):
        page.row_dimensions[number].height = _height([(str(row.get(name) or ""), widths[name]) for name in columns])
    page.freeze_panes = f"B{head + 1}"
    page.auto_filter.ref = f"A{head}:{last}{head + max(len(rows), 1)}"
    if rows:
        _drop_down(page, get_column_letter(columns.index("decision") + 1), head + 1, head + len(rows), style)
    _for_printing(page, head)


def _height(cells: Sequence[tuple[str, float]]) -> float:
    """Height that shows the texts of a row in columns of these widths (about 1.1 characters a unit)."""
    lines = (sum(-(-len(line) // int(width * 0.98)) or 1 for line in text.split("\n")) for text, width in cells)
    return min(max(lines), _TALLEST) * _LINE_HEIGHT + 3


def _drop_down(page: Any, letter: str, first: int, last: int, style: Style) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    words = texts(style.language)
    choices = DataValidation(
        type="list", formula1='"' + ",".join(words["choices"][style.wording]) + '"', allow_blank=True,
        showErrorMessage=True, errorTitle=words["column"]["decision"], error=words["how"]["prompt"],
    )
    page.add_data_validation(choices)
    choices.add(f"{letter}{first}:{letter}{last}")


def _for_printing(page: Any, head: int) -> None:
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = f"{head}:{head}"
    page.page_margins.left = page.page_margins.right = 0.4  # inches
    page.page_margins.top, page.page_margins.bottom, page.page_margins.footer = 0.6, 0.7, 0.3
    page.oddFooter.center.text = "&A – &P / &N"


def _write_map(page: Any, plan: Plan, style: Style) -> None:
    """Which rows each line stands for, as they were drawn; never shown."""
    page.sheet_state = "veryHidden"
    scored = plan.scored
    table: list[Sequence[Any]] = [
        (REVIEW_MARK, MAP_VERSION, style.language, style.wording, scored.path.name), MAP_HEADER,
    ]
    for line in plan.lines:
        family = line.name if line.family is not None else ""
        about = _work(line, plan, style)
        table += [
            (
                f"R{scored.row(row)}", scored.row(row), scored.ids[row], scored.texts[row], scored.labels[row], family,
                about,
            )
            for row in line.rows
        ]
    for number, cells in enumerate(table, 1):
        for place, value in enumerate(cells, 1):
            write_cell(page, number, place, value)
