"""A file's rows in memory, what was recognised of it, and the columns that matter."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from ..errors import TaskFileError
from ..lexicon.words import fold

COLUMNS: Final = ("task", "id", "department", "fte", "cost")
OPTIONS: Final = {"task": "--text-column", **{name: f"--{name}-column" for name in COLUMNS[1:]}}
RESULT_COLUMNS: Final = (
    "oc_label", "oc_status", "oc_band", "oc_review", "oc_probability", "oc_decided_by", "oc_rule",
    "oc_focus", "oc_process", "oc_specialization", "oc_driver", "oc_activities",
    "oc_customer_contact", "oc_reason", "oc_question", "oc_version",
)
_SHOWN: Final = 20  # columns named in a message
DECISION_COLUMNS: Final = ("decision", "decision_reason", "decision_by", "decision_date")


@dataclass
class Table:
    """Rows as they came; a row in ``broken`` could not be read, its cells are what there was."""

    header: list[str]
    rows: list[list[Any]]
    broken: set[int] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    first_row: int = 2  # row number of the first data row in the file
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
        _headers().get(header_key(cell), ("",))[0] == "task" or str(cell) == "oc_label" for cell in cells
    )


def find_columns(header: Sequence[str], chosen: dict[str, str | None], name: str) -> dict[str, int]:
    """Places of the columns that matter, chosen by the user or found by their headers.

    Raises `TaskFileError` that lists the columns there are.
    """
    found: dict[str, int] = {}
    rank: dict[str, int] = {}
    for place, cell in enumerate(header):
        if cell in RESULT_COLUMNS or cell in DECISION_COLUMNS:
            continue
        column, order = _headers().get(header_key(cell), ("", 0))
        if column and order < rank.get(column, 10**6):
            found[column], rank[column] = place, order
    for column, wanted in chosen.items():
        if wanted is not None:
            found[column] = _chosen(header, wanted, column, name)
    if "task" not in found:
        raise TaskFileError(
            f"{name}: no column with tasks found; columns are {_listed(header)}; "
            "choose one with --text-column"
        )
    return found


def _chosen(header: Sequence[str], wanted: str, column: str, name: str) -> int:
    exact = [i for i, cell in enumerate(header) if cell == wanted]
    loose = [i for i, cell in enumerate(header) if header_key(cell) == header_key(wanted)]
    if exact or loose:
        return (exact or loose)[0]
    raise TaskFileError(
        f"{name}: column '{wanted}' not found; columns are {_listed(header)}; "
        f"choose one with {OPTIONS[column]}"
    )


def _listed(header: Sequence[str]) -> str:
    names = [f"'{cell}'" for cell in header if cell not in RESULT_COLUMNS]
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more or "none"
