"""A file's rows in memory, what was recognised of it, and the columns that matter."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from ..errors import TaskFileError
from ..lexicon.words import fold
from ..settings import INVENTORY_COLUMNS
from .headings import column_of

OPTIONS: Final = {"task": "--text-column", **{name: f"--{name}-column" for name in INVENTORY_COLUMNS[1:]}}
# Columns that can hold the task, and the one that is read together with its name.
_TASKS: Final = ("description", "name", "task")
RESULT_COLUMNS: Final = (
    "oc_label", "oc_status", "oc_band", "oc_review", "oc_probability", "oc_decided_by", "oc_rule",
    "oc_focus", "oc_process", "oc_specialization", "oc_driver", "oc_activities",
    "oc_customer_contact", "oc_reason", "oc_question", "oc_version", "oc_parts",
)
UNIT_COLUMNS: Final = ("oc_units", "oc_units_labelled", "oc_share_bpo", "oc_share_kpo")  # of lines or sentences
OUR_COLUMNS: Final = (*RESULT_COLUMNS, *UNIT_COLUMNS)
_SHOWN: Final = 20  # columns named in a message
SHOWN_ROWS: Final = 5  # rows named in a note; more need not be kept than one beyond
DECISION_COLUMNS: Final = ("decision", "decision_reason", "decision_by", "decision_date")


@dataclass
class Table:
    """Rows as they came; a row in ``broken`` could not be read, its cells are what there was."""

    header: list[str]
    rows: list[list[Any]]
    broken: set[int] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    first_row: int = 2  # row number of the first data row in the file
    headings: str | None = None  # `de` where the file has our columns under their German names
    layout: Any = None  # what the writer needs to give the file back as it came

    def column(self, place: int) -> list[Any]:
        """The cells of a column; short rows give None."""
        return [row[place] if place < len(row) else None for row in self.rows]


@lru_cache(maxsize=1)
def _headers() -> dict[str, tuple[str, int]]:
    """Folded header to column name and its place in the list (earlier is better)."""
    known: dict[str, tuple[str, int]] = {}
    lines = (Path(__file__).parent / "headers.tsv").read_text("utf-8").splitlines()[1:]
    for place, line in enumerate(lines):
        name, _, header = line.split("\t")
        known.setdefault(header_key(header), (name, place))
    return known


def header_key(header: object) -> str:
    """A header without case, punctuation and units in brackets."""
    text = fold(str(header or "")).partition("(")[0].partition("[")[0]
    return " ".join("".join(c if c.isalnum() else " " for c in text).split())


def looks_like_header(cells: Iterable[object]) -> bool:
    """Whether one of the cells is a known header of a task column, or of ours."""
    return any(
        _headers().get(header_key(cell), ("",))[0] in _TASKS or column_of(str(cell)) == "oc_label" for cell in cells
    )


def find_columns(header: Sequence[str], chosen: Mapping[str, str | None], name: str) -> dict[str, int]:
    """Places of the columns that matter, chosen by the user or found by their headers.

    Raises `TaskFileError` that lists the columns there are.
    """
    found: dict[str, int] = {}
    rank: dict[str, int] = {}
    for place, cell in enumerate(header):
        if cell in OUR_COLUMNS or cell in DECISION_COLUMNS:
            continue
        column, order = _headers().get(header_key(cell), ("", 0))
        if column and order < rank.get(column, 10**6):
            found[column], rank[column] = place, order
    _settle_task(found, rank)
    for column, wanted in chosen.items():
        if wanted is not None:
            found[column] = find_column(header, wanted, name, OPTIONS[column])
            if column == "task" and not chosen.get("name"):
                found.pop("name", None)  # who names a column means this one
    if "task" not in found:
        raise TaskFileError(
            f"{name}: no column with tasks found; columns are {_listed(header)}; "
            "choose one with --text-column"
        )
    return {column: found[column] for column in INVENTORY_COLUMNS if column in found}


def _settle_task(found: dict[str, int], rank: dict[str, int]) -> None:
    """Which column is the task: a description, read with its name; else the best of what can hold a task."""
    offered = sorted((rank[column], column) for column in _TASKS if column in found)
    if not offered:
        return
    best = offered[0][1]
    found["task"] = found.pop(best)
    if best != "description":
        found.pop("name", None)


def task_texts(rows: Iterable[Sequence[Any]], places: Mapping[str, int]) -> list[str]:
    """The text of each row's task: its description, with the name of the task before it where that says more.

    Whoever reads tasks from a file reads them here, so that a decision finds its text again.
    """
    task, name = places["task"], places.get("name")
    texts = [cell_text(row[task]) if task < len(row) else "" for row in rows]
    if name is None:
        return texts
    names = [cell_text(row[name]).strip() if name < len(row) else "" for row in rows]
    return [_joined(*both) for both in zip(names, texts, strict=True)]


def _joined(name: str, text: str) -> str:
    if not name or header_key(text).startswith(header_key(name)):
        return text
    return f"{name}\n{text}" if text.strip() else name


def cell_text(cell: Any) -> str:
    """A cell as text; a number from a spreadsheet as it is shown (17.0 is 17)."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def find_column(header: Sequence[str], wanted: str, name: str, option: str) -> int:
    """The place of a column that the user named with an option. Raises `TaskFileError`."""
    exact = [i for i, cell in enumerate(header) if cell == wanted]
    loose = [i for i, cell in enumerate(header) if header_key(cell) == header_key(wanted)]
    if exact or loose:
        return (exact or loose)[0]
    raise TaskFileError(
        f"{name}: column '{wanted}' not found; columns are {_listed(header)}; "
        f"choose one with {option}"
    )


def row_numbers(rows: Sequence[int]) -> str:
    """The first numbers of rows, for a note."""
    return " ".join(map(str, rows[:SHOWN_ROWS])) + " …" * (len(rows) > SHOWN_ROWS)


def _listed(header: Sequence[str]) -> str:
    names = [f"'{cell}'" for cell in header if cell not in OUR_COLUMNS]
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more or "none"
