"""Labelled files: a task and a label a row, and what else helps to measure."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from ..dimensions import DIMENSIONS
from ..errors import TaskFileError
from ..files.any_file import read_table
from ..files.numbers import decimal_mark, number
from ..files.table import RESULT_COLUMNS, Table, find_columns, header_key, task_texts
from ..gates import STATUSES
from ..lexicon.words import fold
from ..review import is_review_list

Floats = npt.NDArray[np.float64]
# Headers of a column of labels, folded; what people decided beside our results comes first.
_LABEL_HEADERS: Final = (
    "decision", "label", "labels", "entscheidung", "ergebnis", "result", "bpo kpo", "kpo bpo", "bpo oder kpo",
    "bpo or kpo", "class", "klasse", "category", "kategorie", "classification", "klassifikation", "einstufung",
    "zuordnung", "work type", "arbeitsart",
)
_LABELS: Final = {
    "bpo": "BPO", "kpo": "KPO", "transaction work": "BPO", "knowledge work": "KPO",
    "transaktionsarbeit": "BPO", "wissensarbeit": "KPO",
}
_LANGUAGES: Final = {
    "en": "en", "english": "en", "englisch": "en", "de": "de", "german": "de", "deutsch": "de",
}
NO_SAMPLE: Final = (
    "its labels stand on rows that were chosen because they are doubtful; they are no random sample, so no accuracy is "
    "given. Draw one: outsourcing-classifier audit draw SCORED"
)
# Decisions without a label: such rows teach nothing about BPO or KPO.
_WITHOUT_LABEL: Final = ("", "split", "teilen", "out of scope", "ausserhalb", "nicht im umfang", "unclear", "unklar")


@dataclass(frozen=True, slots=True)
class LabelledFile:
    """Rows of a labelled file. ``labels`` are BPO, KPO or empty; the other columns may be missing (None)."""

    texts: tuple[str, ...]
    labels: tuple[str, ...]
    rows: tuple[int, ...]  # row numbers in the file
    statuses: tuple[str, ...] | None
    scores: Floats | None  # (n, 6), NaN where a cell is empty
    groups: tuple[str, ...] | None  # what belongs together: translations, paraphrases
    languages: tuple[str, ...] | None  # en, de, or empty where the cell says neither
    sources: tuple[str, ...] | None  # where the texts come from
    annotators: tuple[str, ...] | None  # who or what labelled each row
    text_column: str
    label_column: str


def read_labelled(path: Path, text_column: str | None = None, label_column: str | None = None) -> LabelledFile:
    """A CSV or XLSX file with a task and a label a row; columns are found by header unless chosen.

    Raises `TaskFileError` that names file, row and column, and what to do.
    """
    if is_review_list(path):
        raise TaskFileError(f"{path.name}: {NO_SAMPLE}")
    table = read_table(path)
    if table.broken:
        raise TaskFileError(
            f"{path.name}, row {min(table.broken) + table.first_row}: the line cannot be read "
            "(a quote that is not closed, or more fields than the header); correct it"
        )
    label_place = find_label_column(table, label_column, path.name)
    own = score_columns(table)
    # "label", "process" and "activities" are also names that planners give a column of tasks.
    taken = {label_place, *own.values()}
    header = ["" if place in taken else cell for place, cell in enumerate(table.header)]
    places = find_columns(header, {"task": text_column}, path.name)
    cells = table.column(label_place)
    column = table.header[label_place]
    labels = [_label(cell, path.name, row, column) for row, cell in enumerate(cells, table.first_row)]
    texts = task_texts(table.rows, places)
    return LabelledFile(
        tuple(texts), tuple(labels), tuple(range(table.first_row, table.first_row + len(texts))),
        _statuses(table), score_values(table, own), _named_column(table, "group"), _languages(table),
        _named_column(table, "source"), _named_column(table, "annotator"), table.header[places["task"]], column,
    )


def find_label_column(table: Table, chosen: str | None, name: str) -> int:
    """Place of the column with labels: the chosen one, one with such a header, or one that holds nothing else."""
    listed = ", ".join(f"'{cell}'" for cell in table.header)
    keys = [header_key(cell) for cell in table.header]
    if chosen is not None:
        exact = [place for place, cell in enumerate(table.header) if cell == chosen]
        loose = [place for place, key in enumerate(keys) if key == header_key(chosen)]
        if exact or loose:
            return (exact or loose)[0]
        raise TaskFileError(
            f"{name}: column '{chosen}' not found; columns are {listed}; choose one with --label-column"
        )
    places = [place for header in _LABEL_HEADERS for place, key in enumerate(keys) if key == header]
    with_labels = [place for place in places if any(_key(cell) in _LABELS for cell in table.column(place))]
    if with_labels:
        return with_labels[0]
    # A column of another name counts where it holds labels and nothing else; our own answers never do.
    for place, cell in enumerate(table.header):
        values = {_key(value) for value in table.column(place)} - {""}
        if cell not in RESULT_COLUMNS and values and values <= set(_LABELS):
            return place
    raise TaskFileError(
        f"{name}: no column with labels (BPO or KPO) found; columns are {listed}; name its header 'label', "
        "or evaluate with --label-column"
    )


def _key(cell: object) -> str:
    return "" if cell is None else " ".join(fold(str(cell)).split())


def _label(cell: object, name: str, row: int, column: str) -> str:
    key = _key(cell)
    if key in _WITHOUT_LABEL:
        return ""
    if key not in _LABELS:
        raise TaskFileError(
            f"{name}, row {row}, column '{column}': {str(cell)!r} is no label; write BPO or KPO, or leave it empty"
        )
    return _LABELS[key]


def _statuses(table: Table) -> tuple[str, ...] | None:
    """The column `status` where its values are ours; a planner's "in progress" is none."""
    place = next((place for place, cell in enumerate(table.header) if header_key(cell) == "status"), None)
    if place is None:
        return None
    values = tuple(_key(cell) for cell in table.column(place))
    return values if any(values) and set(values) <= {"", *STATUSES} else None


def _named_column(table: Table, *names: str) -> tuple[str, ...] | None:
    """The cells, as text, of the first column with one of these headers."""
    place = next((place for place, cell in enumerate(table.header) if header_key(cell) in names), None)
    return None if place is None else tuple("" if cell is None else str(cell).strip() for cell in table.column(place))


def _languages(table: Table) -> tuple[str, ...] | None:
    cells = _named_column(table, "language", "sprache")
    return None if cells is None else tuple(_LANGUAGES.get(_key(cell), "") for cell in cells)


def score_columns(table: Table) -> dict[str, int]:
    """Places of the six scores: all six headers, and numbers in [-1, 1] or nothing below them."""
    keys = [header_key(cell) for cell in table.header]
    wanted = {name: header_key(name) for name in DIMENSIONS}
    if not set(wanted.values()) <= set(keys):
        return {}
    places = {name: keys.index(key) for name, key in wanted.items()}
    numbers = _numbers(table, places)
    fits = all(
        found is not None and abs(found) <= 1 if str("" if cell is None else cell).strip() else True
        for place, column in zip(places.values(), numbers, strict=True)
        for cell, found in zip(table.column(place), column, strict=True)
    )
    return places if fits else {}


def _numbers(table: Table, places: Mapping[str, int]) -> list[list[float | None]]:
    cells = [table.column(place) for place in places.values()]
    mark = decimal_mark(cell for column in cells for cell in column)
    return [[number(cell, mark) for cell in column] for column in cells]


def score_values(table: Table, places: dict[str, int]) -> Floats | None:
    """The six scores of each row (n, 6), NaN where a cell is empty; None where no row has any."""
    if not places or not table.rows:
        return None
    scores = np.array(_numbers(table, places), np.float64).T
    return None if np.isnan(scores).all() else scores
