"""The rows of `training_data/`, checked, in canonical order."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..dimensions import DIMENSIONS, LANGUAGES
from ..errors import TaskFileError, TrainingDataError
from ..files.csv_file import read_csv
from ..files.table import Table
from ..gates import STATUSES

COLUMNS: Final = (
    "id", "group", "text", "language", "status", "label", *DIMENSIONS, "weight", "source", "annotator", "note"
)


@dataclass(frozen=True, slots=True, order=True)
class Example:
    """A labelled row; the order of the fields is the canonical order of rows.

    ``status`` and ``label`` are empty where not given; ``scores`` are the six labelled scores or none.
    """

    id: str
    language: str
    text: str
    group: str
    status: str
    label: str
    scores: tuple[float, ...]
    weight: float
    annotator: str


def read_examples(paths: Iterable[Path]) -> tuple[Example, ...]:
    """The rows of training data (`COLUMNS`), checked, in canonical order: by id, language, text.

    Raises `TrainingDataError` that names file, row and column.
    """
    examples: list[Example] = []
    seen: dict[tuple[str, str], str] = {}
    for path in paths:
        table = _table(path)
        for row, cells in enumerate(table.rows, table.first_row):
            where = f"{path.name}, row {row}"
            example = _example(dict(zip(COLUMNS, cells, strict=True)), where)
            for kind, value in (("id", example.id), ("text", f"{example.language} {example.text}")):
                first = seen.setdefault((kind, value), where)
                if first is not where:
                    raise TrainingDataError(f"{where}, column '{kind}': the same as in {first}; remove one of the rows")
            examples.append(example)
    return tuple(sorted(examples))


def _table(path: Path) -> Table:
    try:
        table = read_csv(path)
    except TaskFileError as error:
        raise TrainingDataError(str(error)) from error
    if tuple(table.header) != COLUMNS:
        raise TrainingDataError(
            f"{path.name}, row 1: columns are {', '.join(table.header)}; training data have {', '.join(COLUMNS)}"
        )
    for row, cells in enumerate(table.rows, table.first_row):
        if row - table.first_row in table.broken or len(cells) != len(COLUMNS):
            raise TrainingDataError(
                f"{path.name}, row {row}: {len(cells)} fields for {len(COLUMNS)} columns; quote texts with commas"
            )
    return table


def _example(cells: dict[str, str], where: str) -> Example:
    def refuse(column: str, problem: str) -> TrainingDataError:
        return TrainingDataError(f"{where}, column '{column}': {problem}, got {cells[column]!r}")

    for column in ("id", "group", "annotator"):
        if not cells[column].strip():
            raise refuse(column, "must not be empty")
    for column, offered in (("language", LANGUAGES), ("status", STATUSES)):
        if cells[column] not in offered:
            raise refuse(column, f"must be one of {', '.join(offered)}")
    if cells["status"] != "empty" and not cells["text"].strip():
        raise refuse("text", "must not be empty")
    if cells["label"] not in ("", "BPO", "KPO"):
        raise refuse("label", "must be BPO, KPO or empty")
    if cells["label"] and cells["status"] != "ok":
        raise refuse("label", f"must be empty where status is {cells['status']}")
    scores = tuple(_number(cells[name]) for name in DIMENSIONS) if any(cells[name] for name in DIMENSIONS) else ()
    for name, score in zip(DIMENSIONS, scores, strict=False):
        if not abs(score) <= 1:
            raise refuse(name, "must be a number from -1 to 1 (give all six or none)")
    weight = _number(cells["weight"])
    if not 0 < weight < math.inf:
        raise refuse("weight", "must be a number above 0")
    return Example(
        cells["id"], cells["language"], cells["text"], cells["group"], cells["status"], cells["label"], scores,
        weight, cells["annotator"],
    )


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return math.nan
