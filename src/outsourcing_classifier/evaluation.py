"""Figures of a labelled file: status, label, calibration, scores, each beside what is simpler."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from .classifier import Classifier
from .decision import rule
from .dimensions import DIMENSIONS
from .errors import TaskFileError
from .files.csv_file import read_csv
from .files.numbers import decimal_mark, number
from .files.table import RESULT_COLUMNS, Table, find_columns, header_key
from .files.xlsx_file import read_xlsx
from .gates import STATUSES
from .lexicon.words import fold

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Figures = dict[str, Any]
_Z: Final = 1.959963984540054  # 95 %
_IN_SCOPE: Final = ("ok", "mixed", "insufficient")
_BINS: Final = 10  # of equal width, for the calibration error
_DECIMALS: Final = 4
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
    text_column: str
    label_column: str


def read_labelled(path: Path, text_column: str | None = None, label_column: str | None = None) -> LabelledFile:
    """A CSV or XLSX file with a task and a label a row; columns are found by header unless chosen.

    Raises `TaskFileError` that names file, row and column, and what to do.
    """
    table = read_xlsx(path) if path.suffix.lower() in (".xlsx", ".xlsm") else read_csv(path)
    if table.broken:
        raise TaskFileError(
            f"{path.name}, row {min(table.broken) + table.first_row}: the line cannot be read "
            "(a quote that is not closed, or more fields than the header); correct it"
        )
    label_place = _label_column(table, label_column, path.name)
    own = _score_columns(table)
    # "label", "process" and "activities" are also names that planners give a column of tasks.
    taken = {label_place, *own.values()}
    header = ["" if place in taken else cell for place, cell in enumerate(table.header)]
    task_place = find_columns(header, {"task": text_column}, path.name)["task"]
    cells = table.column(label_place)
    column = table.header[label_place]
    labels = [_label(cell, path.name, row, column) for row, cell in enumerate(cells, table.first_row)]
    texts = ["" if cell is None else str(cell) for cell in table.column(task_place)]
    return LabelledFile(
        tuple(texts), tuple(labels), tuple(range(table.first_row, table.first_row + len(texts))),
        _statuses(table), _scores(table, own), _groups(table), table.header[task_place], column,
    )


def _label_column(table: Table, chosen: str | None, name: str) -> int:
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


def _groups(table: Table) -> tuple[str, ...] | None:
    place = next((place for place, cell in enumerate(table.header) if header_key(cell) == "group"), None)
    return None if place is None else tuple("" if cell is None else str(cell) for cell in table.column(place))


def _score_columns(table: Table) -> dict[str, int]:
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


def _scores(table: Table, places: dict[str, int]) -> Floats | None:
    if not places or not table.rows:
        return None
    scores = np.array(_numbers(table, places), np.float64).T
    return None if np.isnan(scores).all() else scores


def wilson(hits: int, count: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share; (0, 1) where nothing was counted."""
    if count == 0:
        return 0.0, 1.0
    share, square = hits / count, _Z * _Z
    centre = (share + square / (2 * count)) / (1 + square / count)
    half = _Z * math.sqrt(share * (1 - share) / count + square / (4 * count * count)) / (1 + square / count)
    return max(0.0, centre - half), min(1.0, centre + half)


def share(hits: int, count: int) -> Figures:
    """A share with its interval: value (None where nothing was counted), low, high, n."""
    low, high = wilson(hits, count)
    value = None if count == 0 else round(hits / count, _DECIMALS)
    return {"value": value, "low": round(low, _DECIMALS), "high": round(high, _DECIMALS), "n": int(count)}


def balanced(kpo: Bools, answer: Bools) -> Figures:
    """Mean of the two recalls; its interval follows from theirs (method of Zou and Donner)."""
    recalls = [share(int((answer[kpo == side] == side).sum()), int((kpo == side).sum())) for side in (False, True)]
    if any(recall["value"] is None for recall in recalls):
        return {"value": None, "low": 0.0, "high": 1.0, "n": len(kpo)}
    value = sum(recall["value"] for recall in recalls) / 2
    low = value - math.sqrt(sum((r["value"] - r["low"]) ** 2 for r in recalls)) / 2
    high = value + math.sqrt(sum((r["high"] - r["value"]) ** 2 for r in recalls)) / 2
    return {
        "value": round(value, _DECIMALS), "low": round(max(low, 0.0), _DECIMALS),
        "high": round(min(high, 1.0), _DECIMALS), "n": len(kpo),
    }


def calibration_error(kpo: Bools, probability: Floats) -> float | None:
    """Expected calibration error: mean distance of P(KPO) from the share of KPO in ten bins of P."""
    if not len(kpo):
        return None
    bins = np.minimum((probability * _BINS).astype(int), _BINS - 1)
    distance = sum(abs(float(np.sum(probability[bins == i] - kpo[bins == i]))) for i in range(_BINS))
    return round(distance / len(kpo), _DECIMALS)


def label_figures(kpo: Bools, probability: Floats, rule_kpo: Bools) -> Figures:
    """Figures of answered rows: truth (n,), P(KPO) (n,), the codebook rule's answer on the same scores (n,)."""
    answer = probability >= 0.5
    majority = bool(kpo.sum() * 2 > len(kpo))
    brier = None if not len(kpo) else round(float(np.mean((probability - kpo) ** 2)), _DECIMALS)
    return {
        "accuracy": share(int((answer == kpo).sum()), len(kpo)),
        "balanced_accuracy": balanced(kpo, answer),
        "recall": {
            name: share(int((answer[kpo == side] == side).sum()), int((kpo == side).sum()))
            for name, side in (("BPO", False), ("KPO", True))
        },
        "brier": brier,
        "calibration_error": calibration_error(kpo, probability),
        "baselines": {
            "majority": {"label": ("BPO", "KPO")[majority], "accuracy": share(int((kpo == majority).sum()), len(kpo))},
            "rule": {
                "accuracy": share(int((rule_kpo == kpo).sum()), len(kpo)), "balanced_accuracy": balanced(kpo, rule_kpo)
            },
        },
    }


def status_figures(expected: Sequence[str], found: Sequence[str]) -> Figures:
    """How often the gates give the expected status; rows without one are left out."""
    pairs = [(right, got) for right, got in zip(expected, found, strict=True) if right]
    # In or out of scope is the first thing a planner needs; which way out comes second.
    scope = sum((right in _IN_SCOPE) == (got in _IN_SCOPE) for right, got in pairs)
    return {
        "accuracy": share(sum(right == got for right, got in pairs), len(pairs)),
        "scope_accuracy": share(scope, len(pairs)),
        "recall": {
            name: share(sum(pair == (name, name) for pair in pairs), sum(right == name for right, _ in pairs))
            for name in STATUSES
            if any(right == name for right, _ in pairs)
        },
    }


def evaluate_file(source: Path, classifier: Classifier, text_column: str | None, label_column: str | None) -> Figures:
    """Figures of a labelled file, JSON-ready, with the gates on; shares carry 95 % Wilson intervals.

    ``rows`` read, ``labelled``, ``coverage`` (labelled rows that get a label), the figures of
    `label_figures` on the rows that got one, ``confusion`` (true label → answer or ``none``), ``forced``
    (every labelled row answered), ``status`` and ``scores`` (mean absolute error a dimension) where the
    file has such columns, else None. Raises `TaskFileError`.
    """
    data = read_labelled(source, text_column, label_column)
    labelled = np.array([bool(label) for label in data.labels], np.bool_)
    kpo = np.array([label == "KPO" for label in data.labels], np.bool_)
    if not labelled.any():
        raise TaskFileError(f"{source.name}: column '{data.label_column}' holds no label; write BPO or KPO into it")
    gated = classifier.classify_many(data.texts)
    forced = classifier.classify_many(data.texts, assume_task=True)
    answers = gated.label
    answered = labelled & np.array([answer is not None for answer in answers], np.bool_)
    forced_kpo = np.array([answer == "KPO" for answer in forced.label], np.bool_)  # an empty text counts as BPO
    pairs = Counter((label, answer or "none") for label, answer in zip(data.labels, answers, strict=True))
    confusion = {
        truth: {name: pairs[truth, name] for name in ("BPO", "KPO", "none")} for truth in ("BPO", "KPO")
    }
    return {
        "rows": len(data.texts),
        "labelled": int(labelled.sum()),
        "text_column": data.text_column,
        "label_column": data.label_column,
        "coverage": share(int(answered.sum()), int(labelled.sum())),
        **label_figures(kpo[answered], gated.probability[answered], rule(gated.scores)[1][answered]),
        "confusion": confusion,
        "forced": {
            "accuracy": share(int((forced_kpo == kpo)[labelled].sum()), int(labelled.sum())),
            "balanced_accuracy": balanced(kpo[labelled], forced_kpo[labelled]),
        },
        "status": None if data.statuses is None else status_figures(data.statuses, gated.status),
        "scores": None if data.scores is None else _score_errors(data.scores, forced.scores),
        "versions": classifier.versions,
    }


def _score_errors(right: Floats, found: Floats) -> Figures:
    """Mean absolute error a dimension, over the rows that give the score."""
    errors: Figures = {}
    for place, name in enumerate(DIMENSIONS):
        given = ~np.isnan(right[:, place])
        distance = np.abs(right[given, place] - found[given, place])
        mean = round(float(np.mean(distance)), _DECIMALS) if len(distance) else None
        errors[name] = {"mean_absolute_error": mean, "n": len(distance)}
    return errors


def percent(figure: Mapping[str, Any]) -> str:
    """A share as people read it: 89.9 % (86.7 to 92.4)."""
    if figure["value"] is None:
        return "no rows"
    return f"{figure['value'] * 100:.1f} % ({figure['low'] * 100:.1f} to {figure['high'] * 100:.1f})"


def figure_lines(figures: Mapping[str, Any], name: str) -> Iterator[str]:
    """The figures of `evaluate_file` as lines of text; shares in percent with 95 % intervals."""
    yield (
        f"{name}: {figures['labelled']} labelled of {figures['rows']} rows "
        f"(task '{figures['text_column']}', label '{figures['label_column']}')"
    )
    versions = figures["versions"]
    yield f"Model {versions['model']}, words {versions['lexicon']}; intervals are 95 % (Wilson)"
    rule_figures = figures["baselines"]["rule"]
    majority = figures["baselines"]["majority"]
    yield from _aligned([
        ("Got a label", percent(figures["coverage"])),
        ("Label right, when answered", percent(figures["accuracy"])),
        ("  BPO found", percent(figures["recall"]["BPO"])),
        ("  KPO found", percent(figures["recall"]["KPO"])),
        ("  mean of both (balanced)", percent(figures["balanced_accuracy"])),
        ("  codebook's rule, same rows", percent(rule_figures["accuracy"])),
        (f"  always {majority['label']}, same rows", percent(majority["accuracy"])),
        ("Label right, all answered", percent(figures["forced"]["accuracy"])),
        ("Brier score", _plain(figures["brier"])),
        ("Calibration error", _plain(figures["calibration_error"])),
    ])
    yield "Label in the file → answer:"
    for truth, row in figures["confusion"].items():
        yield f"  {truth}: {row['BPO']} BPO, {row['KPO']} KPO, {row['none']} without a label"
    if figures["status"] is not None:
        yield from _aligned([
            ("Status right", percent(figures["status"]["accuracy"])),
            ("  in or out of scope right", percent(figures["status"]["scope_accuracy"])),
            *((f"  {status} found", percent(found)) for status, found in figures["status"]["recall"].items()),
        ])
    if figures["scores"] is not None:
        yield "Mean absolute error of the scores (of a range of 2):"
        yield from _aligned(
            (f"  {dimension}", f"{_plain(error['mean_absolute_error'])} ({error['n']} rows)")
            for dimension, error in figures["scores"].items()
        )


def _plain(value: float | None) -> str:
    return "no rows" if value is None else f"{value:.3f}"


def _aligned(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    lines = list(pairs)
    width = max((len(name) for name, _ in lines), default=0)
    for name, value in lines:
        yield f"{name:<{width}}  {value}"
