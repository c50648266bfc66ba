"""`compare`: two models on the same rows: figures, a paired test, and the rows whose answer changes, with the cue."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from ..classifier import Classifier
from ..decisions import decision_kind, id_text
from ..dimensions import DIMENSIONS
from ..errors import TaskFileError
from ..files.any_file import read_table
from ..files.numbers import decimal_mark, number
from ..files.table import Table, find_columns, header_key, task_texts
from ..result import Classification
from .intervals import Bools, Figures, balanced, balanced_lead, share_of
from .labelled import find_label_column

_LABELS: Final = ("BPO", "KPO")
_SOURCES: Final = ("source", "quelle")
_DECIMALS: Final = 4


@dataclass(frozen=True, slots=True)
class ComparedFile:
    """Rows of a file; ``labels`` are BPO, KPO or empty; ``slices`` name each row's source and department."""

    texts: list[str]
    labels: list[str]
    fte: npt.NDArray[np.float64]  # NaN where not given
    rows: list[int]
    slices: dict[str, list[str]]
    label_column: str | None


def read_compared(path: Path, chosen: dict[str, str | None], label_column: str | None = None) -> ComparedFile:
    """A CSV or XLSX file with tasks, with or without labels; ``chosen`` are columns as `find_columns` takes them.

    Raises `TaskFileError`.
    """
    table = read_table(path)
    place = _label_place(table, label_column, path.name)
    header = ["" if number == place else cell for number, cell in enumerate(table.header)]
    places = find_columns(header, chosen, path.name)
    texts = task_texts(table.rows, places)
    labels = [""] * len(texts) if place is None else _labels(table, place, path.name)
    fte = np.full(len(texts), np.nan)
    if "fte" in places:
        cells = table.column(places["fte"])
        mark = decimal_mark(cells)
        found = [number(cell, mark) for cell in cells]
        fte = np.array([np.nan if value is None else value for value in found], np.float64)
    sources = next((n for n, cell in enumerate(table.header) if header_key(cell) in _SOURCES), None)
    slices = {
        name: [id_text(cell) for cell in table.column(column)]
        for name, column in (("source", sources), ("department", places.get("department"))) if column is not None
    }
    rows = list(range(table.first_row, table.first_row + len(texts)))
    return ComparedFile(texts, labels, fte, rows, slices, None if place is None else table.header[place])


def _label_place(table: Table, chosen: str | None, name: str) -> int | None:
    try:
        return find_label_column(table, chosen, name)
    except TaskFileError:
        if chosen is not None:
            raise
        return None


def _labels(table: Table, place: int, name: str) -> list[str]:
    labels = []
    for row, cell in enumerate(table.column(place), table.first_row):
        kind = decision_kind(cell)
        if kind is None:
            raise TaskFileError(
                f"{name}, row {row}, column '{table.header[place]}': {str(cell)!r} is no label; write BPO or KPO, "
                "or leave it empty"
            )
        labels.append(kind if kind in _LABELS else "")
    return labels


def compare(old: Classifier, new: Classifier, data: ComparedFile) -> Figures:
    """Figures of two classifiers on the same rows.

    Accuracies are of labelled rows with every row answered (`assume_task`); ``changes`` are the rows whose label or
    status with the gates on is another, most FTE first. ``test`` is McNemar's, exact.
    """
    forced = [classifier.classify_many(data.texts, assume_task=True) for classifier in (old, new)]
    gated = [classifier.classify_many(data.texts) for classifier in (old, new)]
    answers = [result.probability >= 0.5 for result in forced]
    labelled = np.array([bool(label) and bool(text.strip()) for label, text in zip(
        data.labels, data.texts, strict=True
    )], np.bool_)
    kpo = np.array([label == "KPO" for label in data.labels], np.bool_)
    shown = [_shown(result.status, result.label) for result in gated]
    changed = np.array([before != after for before, after in zip(*shown, strict=True)], np.bool_)
    slices = {"language": forced[0].language, **data.slices}
    places = sorted(
        np.flatnonzero(changed).tolist(),
        key=lambda place: (-np.nan_to_num(data.fte[place]), data.rows[place]),
    )
    return {
        "rows": len(data.texts),
        "label_column": data.label_column,
        "versions": {"old": old.versions, "new": new.versions},
        "all": _figures(labelled, kpo, answers, changed, data.fte),
        "slices": {
            kind: {
                name: _figures(labelled[of], kpo[of], [answer[of] for answer in answers], changed[of], data.fte[of])
                for name in sorted(set(names)) for of in [np.array([cell == name for cell in names], np.bool_)]
            }
            for kind, names in slices.items()
        },
        "totals": {
            name: {
                side: {
                    "rows": int(sum(one == name for one in outcomes)),
                    "fte": _fte(data.fte, np.array([one == name for one in outcomes], np.bool_)),
                }
                for side, outcomes in zip(("old", "new"), shown, strict=True)
            }
            for name in sorted(set(shown[0]) | set(shown[1]))
        },
        "changes": [
            {
                "row": data.rows[place], "text": data.texts[place], "fte": _number(data.fte[place]),
                "old": shown[0][place], "new": shown[1][place], "label": data.labels[place] or None,
                **turned_by(gated[0][place], gated[1][place], (old, new)),
            }
            for place in places
        ],
    }


def _shown(statuses: Sequence[str], labels: Sequence[str | None]) -> list[str]:
    """What a row shows: its label, or why it has none."""
    return [label or status for status, label in zip(statuses, labels, strict=True)]


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(float(value), _DECIMALS)


def _fte(fte: npt.NDArray[np.float64], rows: Bools) -> float | None:
    some = rows & ~np.isnan(fte)
    return round(math.fsum(fte[some]), _DECIMALS) if (~np.isnan(fte)).any() else None


def _figures(
    labelled: Bools, kpo: Bools, answers: Sequence[Bools], changed: Bools, fte: npt.NDArray[np.float64]
) -> Figures:
    truth = kpo[labelled]
    before, after = (answer[labelled] for answer in answers)
    return {
        "rows": len(labelled), "changed": int(changed.sum()), "changed_fte": _fte(fte, changed),
        "labelled": int(labelled.sum()),
        "accuracy": {"old": share_of(before == truth), "new": share_of(after == truth)},
        "balanced_accuracy": {"old": balanced(truth, before), "new": balanced(truth, after)},
        "lead": balanced_lead(truth, after, before) if len(truth) else None,
        "test": mcnemar(before == truth, after == truth),
    }


def mcnemar(before: Bools, after: Bools) -> Figures:
    """McNemar's exact test of who is right on the same rows: rows only the old and only the new gets right, and p.

    p is the two-sided binomial probability that the rows on which they differ fall out at least as unevenly although
    both are equally often right.
    """
    worse, better = int((before & ~after).sum()), int((~before & after).sum())
    count = worse + better
    tail = sum(math.comb(count, hits) for hits in range(min(worse, better) + 1))
    return {"only_old": worse, "only_new": better, "p": round(min(1.0, 2 * tail / 2**count), _DECIMALS)}


def turned_by(before: Classification, after: Classification, classifiers: tuple[Classifier, Classifier]) -> Figures:
    """The cue that changed the answer most, with what it gave the margin before and after.

    ``cue`` is None where no cue did: then the decision has moved; ``quote`` is how it stands in the text.
    """
    parts = [_by_cue(row, classifier) for row, classifier in zip((before, after), classifiers, strict=True)]
    quotes = {item.cue: item.text for row in (before, after) for item in row.evidence}
    margins = [math.fsum(part.values()) for part in parts]
    intercepts = [classifier.model.decision.intercept for classifier in classifiers]
    side = math.copysign(1.0, margins[1] + intercepts[1] - margins[0] - intercepts[0])
    moves = {cue: side * (parts[1].get(cue, 0.0) - parts[0].get(cue, 0.0)) for cue in quotes}
    cue = max(sorted(moves), key=lambda name: round(moves[name], 9), default=None)
    if cue is None or moves[cue] <= max(side * (intercepts[1] - intercepts[0]), 0.0):
        return {"cue": None, "quote": None, "before": None, "after": None}
    gave = [round(part.get(cue, 0.0), _DECIMALS) for part in parts]
    return {"cue": cue, "quote": quotes[cue], "before": gave[0], "after": gave[1]}


def _by_cue(row: Classification, classifier: Classifier) -> dict[str, float]:
    """What each cue adds to the margin."""
    coefficients = dict(zip(DIMENSIONS, classifier.model.decision.coefficients, strict=True))
    sums: dict[str, list[float]] = defaultdict(list)
    for item in row.evidence:
        sums[item.cue].append(coefficients[item.dimension] * item.contribution)
    return {cue: math.fsum(values) for cue, values in sums.items()}
