"""A scored file in columns: what the machine said, what people decided, FTE and cost."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from ..decisions import Decision, decision_kind, id_text
from ..dimensions import DIMENSIONS
from ..errors import TaskFileError
from ..files.any_file import read_table
from ..files.headings import code
from ..files.ledger import decisions_of
from ..files.numbers import decimal_mark, number
from ..files.table import RESULT_COLUMNS, Table, find_columns, task_texts

Floats = npt.NDArray[np.float64]
_NEEDED: Final = ("oc_label", "oc_status", "oc_review")


@dataclass(frozen=True)
class Scored:
    """Rows of a scored file, n of each; what a row does not give is "", NaN or None.

    ``labels`` are BPO, KPO or "" as the file shows them (a person's where one decided); ``scores`` (n, 6), NaN where
    not stated; ``fte`` and ``cost`` NaN where not given; ``decisions`` from the row's own decision column.
    """

    path: Path
    table: Table
    places: dict[str, int]
    ids: tuple[str, ...]
    texts: tuple[str, ...]
    departments: tuple[str, ...]
    labels: tuple[str, ...]
    statuses: tuple[str, ...]
    bands: tuple[str, ...]
    rules: tuple[str, ...]
    decided_by: tuple[str, ...]
    review: npt.NDArray[np.bool_]
    probability: Floats
    scores: Floats
    fte: Floats
    cost: Floats
    reasons: tuple[str, ...]
    questions: tuple[str, ...]
    decisions: tuple[Decision | None, ...]
    unknown_decisions: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.texts)

    def row(self, place: int) -> int:
        """The number of a row in the file."""
        return self.table.first_row + place


def read_scored(path: Path, *, text_column: str | None = None) -> Scored:
    """A file that `batch` wrote (CSV or XLSX), with or without decisions of people.

    Raises `TaskFileError` where it holds none of our columns.
    """
    table = read_table(path)
    missing = [name for name in _NEEDED if name not in table.header]
    if missing:
        raise TaskFileError(
            f"{path.name}: no scored file ({', '.join(missing)} missing); score it first: "
            f"outsourcing-classifier batch {path}"
        )
    places = find_columns(table.header, {"task": text_column}, path.name)
    ours: dict[str, int] = {name: table.header.index(name) for name in RESULT_COLUMNS if name in table.header}
    mark = decimal_mark([cell for place in (*places.values(), *ours.values()) for cell in table.column(place)])

    def text(place: int | None) -> tuple[str, ...]:
        if place is None:
            return ("",) * len(table.rows)
        return tuple(id_text(cell) for cell in table.column(place))

    def coded(name: str) -> tuple[str, ...]:
        """The fixed values of one of our columns, whatever the language of the file."""
        return tuple(code(name, cell) for cell in text(ours.get(name)))

    def figures(place: int | None) -> Floats:
        if place is None:
            return np.full(len(table.rows), np.nan)
        found = [number(cell, mark) for cell in table.column(place)]
        return np.array([np.nan if value is None else value for value in found], np.float64)

    def labels(name: str) -> tuple[str, ...]:
        kinds = [decision_kind(cell) for cell in text(ours.get(name))]
        return tuple(kind if kind in ("BPO", "KPO") else "" for kind in kinds)

    decisions, unknown = decisions_of(table, path.name, places)
    columns = [figures(ours.get(f"oc_{name}")) for name in DIMENSIONS]
    return Scored(
        path, table, places, text(places.get("id")), tuple(task_texts(table.rows, places)),
        text(places.get("department")),
        labels("oc_label"), coded("oc_status"), coded("oc_band"), labels("oc_rule"),
        coded("oc_decided_by"), np.array([cell == "yes" for cell in coded("oc_review")], np.bool_),
        figures(ours.get("oc_probability")), np.column_stack(columns), figures(places.get("fte")),
        figures(places.get("cost")), text(ours.get("oc_reason")), text(ours.get("oc_question")), tuple(decisions),
        tuple(unknown),
    )
