"""How far two readings of the same rows agree: coefficients with bootstrap intervals, for tables joined by id.

Formulas:

- Krippendorff's alpha: K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), and Content Analysis
  (3rd edition 2013), chapter 12: coincidence matrix, nominal and ordinal metric.
- Cohen's kappa: J. Cohen, A Coefficient of Agreement for Nominal Scales, Educational and Psychological
  Measurement 20 (1960), 37-46.
- Percentile bootstrap: B. Efron and R. Tibshirani, An Introduction to the Bootstrap (1993), chapter 13.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from .dimensions import DIMENSIONS
from .errors import InputValueError, TrainingDataError
from .files.any_file import read_table
from .files.table import Table
from .gates import STATUSES

Floats = npt.NDArray[np.float64]
Figures = dict[str, Any]
Level = Literal["nominal", "ordinal"]
LABELS: Final = ("BPO", "KPO")
DRAWS: Final = 1000
SEED: Final = 7
_STEPS: Final = (-1.0, -0.5, 0.0, 0.5, 1.0)
_ID_HEADERS: Final = ("id", "item_id")  # training data and second readings; sheets that people fill in
_DECIMALS: Final = 4
_MEASURES: Final = {"alpha": "alpha", "kappa": "kappa", "raw_agreement": "raw agreement", "mad": "mean difference"}


def krippendorff_alpha(readings: Floats, level: Level) -> float:
    """Krippendorff's alpha of readings (reading, row), NaN where a reading says nothing.

    1 - observed / expected disagreement, from the coincidence matrix; rows with fewer than two values do not
    count. Nominal: two values differ or not. Ordinal: the squared number of values that lie between two ranks,
    their own counted half. At most 1; 0 is chance; NaN where all values are the same, which leaves alpha undefined.
    """
    given = ~np.isnan(readings)
    values, codes = np.unique(readings[given], return_inverse=True)
    counts = np.zeros((readings.shape[1], len(values)))  # how many readings give row u the value c
    np.add.at(counts, (np.nonzero(given)[1], codes), 1)
    counts = counts[counts.sum(axis=1) >= 2]
    shares = counts / (counts.sum(axis=1, keepdims=True) - 1)
    coincidences = shares.T @ counts - np.diag(shares.sum(axis=0))
    totals = coincidences.sum(axis=1)
    if level == "nominal":
        distance = 1 - np.eye(len(values))
    else:
        # Sum of n_g from c to k minus (n_c + n_k) / 2 is the distance between the middles of two ranks.
        middles = np.cumsum(totals) - totals / 2
        distance = (middles[:, None] - middles) ** 2
    expected = float((np.outer(totals, totals) * distance).sum())
    if expected == 0:
        return math.nan
    return 1 - (float(totals.sum()) - 1) * float((coincidences * distance).sum()) / expected


def cohen_kappa(readings: Floats) -> float:
    """Cohen's kappa of two readings (2, row) of nominal values, over the rows with both values.

    (p_o - p_e) / (1 - p_e), where p_e is the agreement that the two readings' own shares of values give by chance.
    NaN without rows, and where both give one and the same value throughout.
    """
    first, second = _pairs(readings)
    if not len(first):
        return math.nan
    observed = float(np.mean(first == second))
    chance = sum(
        float(np.mean(first == value)) * float(np.mean(second == value)) for value in np.unique([first, second])
    )
    return math.nan if chance == 1 else (observed - chance) / (1 - chance)


def raw_agreement(readings: Floats) -> float:
    """Share of rows to which two readings (2, row) give the same value; NaN without rows that have both values."""
    first, second = _pairs(readings)
    return float(np.mean(first == second)) if len(first) else math.nan


def mean_absolute_difference(readings: Floats) -> float:
    """Mean distance of two readings (2, row) in units of the score; NaN without rows that have both values."""
    first, second = _pairs(readings)
    return float(np.mean(np.abs(first - second))) if len(first) else math.nan


def _pairs(readings: Floats) -> Floats:
    if readings.ndim != 2 or len(readings) != 2:
        raise InputValueError(f"needs two readings, an array of shape (2, rows); got shape {readings.shape}")
    return readings[:, ~np.isnan(readings).any(axis=0)]


def bootstrap_interval(
    figure: Callable[[Floats], float], readings: Floats, *, draws: int = DRAWS, seed: int = SEED
) -> tuple[float, float]:
    """95 % percentile interval of a figure of readings (reading, row), over draws of rows with replacement.

    Rows with fewer than two values are left out, and so are draws that leave the figure undefined; NaN where none
    is left. Where the readings agree throughout it has no width, whatever the number of rows.
    """
    readings = readings[:, (~np.isnan(readings)).sum(axis=0) >= 2]
    count = readings.shape[1]
    if count == 0:
        return math.nan, math.nan
    places = np.random.default_rng(seed).integers(0, count, (draws, count))
    found = np.array([figure(readings[:, drawn]) for drawn in places])
    found = found[~np.isnan(found)]
    if not len(found):
        return math.nan, math.nan
    low, high = np.quantile(found, (0.025, 0.975))
    return float(low), float(high)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one table says of one row: codes of status and label and six scores, NaN where a cell is empty."""

    language: str  # empty where the table has no such column
    values: tuple[float, ...]  # status, label, six scores


def read_readings(paths: Sequence[Path]) -> dict[str, Reading]:
    """The readings of one or more CSV or XLSX tables by id; rows that nobody has filled in are left out.

    A table has the columns `id` (or `item_id`), `status`, `label` and the six scores; others are not looked at,
    but `language`. Raises `TaskFileError` or `TrainingDataError` that names file, row and column.
    """
    found: dict[str, Reading] = {}
    for path in paths:
        table = read_table(path)
        places = _places(table, path.name)
        for row, cells in enumerate(table.rows, table.first_row):
            where = f"{path.name}, row {row}"
            if row - table.first_row in table.broken:
                raise TrainingDataError(f"{where}: the line cannot be read (a quote that is not closed); correct it")
            texts = {name: _text(cells, place) for name, place in places.items()}
            values = tuple(_value(name, texts[name], where) for name in ("status", "label", *DIMENSIONS))
            if all(map(math.isnan, values)):
                continue
            if not texts["id"] or texts["id"] in found:
                problem = f"{texts['id']!r} stands there already" if texts["id"] else "must not be empty"
                raise TrainingDataError(f"{where}, column 'id': {problem}; every row needs an id of its own")
            found[texts["id"]] = Reading(texts.get("language", ""), values)
    return found


def _places(table: Table, name: str) -> dict[str, int]:
    headers = [header.lower() for header in table.header]
    own_id = next((header for header in _ID_HEADERS if header in headers), "id")
    missing = [wanted for wanted in (own_id, "status", "label", *DIMENSIONS) if wanted not in headers]
    if missing:
        raise TrainingDataError(
            f"{name}: no column {', '.join(missing)}; columns are {', '.join(table.header)}"
        )
    wanted = ("status", "label", *DIMENSIONS, *(("language",) if "language" in headers else ()))
    return {"id": headers.index(own_id), **{header: headers.index(header) for header in wanted}}


def _text(cells: Sequence[Any], place: int) -> str:
    cell = cells[place] if place < len(cells) else None
    return "" if cell is None else str(cell).strip()


def _value(column: str, text: str, where: str) -> float:
    """The code of a status or label, or a score; NaN for an empty cell."""
    if not text:
        return math.nan
    offered: Sequence[str] = ()
    if column in ("status", "label"):
        offered = STATUSES if column == "status" else LABELS
        names = [name.lower() for name in offered]
        if text.lower() in names:
            return float(names.index(text.lower()))
    else:
        offered = [f"{step:g}" for step in _STEPS]
        try:  # spreadsheets write -0,5, people −0.5
            score = float(text.replace(",", ".").replace("−", "-"))
        except ValueError:
            score = math.nan
        if score in _STEPS:
            return score
    raise TrainingDataError(
        f"{where}, column '{column}': {text!r}; write one of {', '.join(offered)}, or leave it empty"
    )


def agreement_figures(first: Mapping[str, Reading], second: Mapping[str, Reading]) -> Figures:
    """Figures of two readings of the same rows, JSON-ready, a language at a time.

    ``joined`` rows in both, ``only_first``, ``only_second``; ``languages``: for each, ``rows`` and what is said of
    status, label and every dimension: ``n`` rows with both values and ``alpha``, ``kappa`` (label), ``raw_agreement``,
    ``mad`` (dimensions), each with ``value``, ``low``, ``high``. Raises `TrainingDataError` without a common id.
    """
    joined = sorted(first.keys() & second.keys())
    if not joined:
        raise TrainingDataError("the tables have no filled row in common; rows are joined by their id")
    by_language: dict[str, list[str]] = {}
    for name in joined:
        by_language.setdefault(first[name].language or second[name].language or "all", []).append(name)
    languages = {}
    for language, names in sorted(by_language.items()):
        values = np.array([[table[name].values for name in names] for table in (first, second)], np.float64)
        languages[language] = {
            "rows": len(names),
            **{
                variable: _variable_figures(variable, values[:, :, place])
                for place, variable in enumerate(("status", "label", *DIMENSIONS))
            },
        }
    return {
        "joined": len(joined), "only_first": len(first) - len(joined), "only_second": len(second) - len(joined),
        "languages": languages,
    }


def _variable_figures(variable: str, readings: Floats) -> Figures:
    ordered = variable in DIMENSIONS
    measures: dict[str, Callable[[Floats], float]] = {
        "alpha": partial(krippendorff_alpha, level="ordinal" if ordered else "nominal"),
        "raw_agreement": raw_agreement,
    }
    if variable == "label":
        measures["kappa"] = cohen_kappa
    if ordered:
        measures["mad"] = mean_absolute_difference
    figures: Figures = {"n": int(_pairs(readings).shape[1])}
    for name, measure in measures.items():
        numbers = (measure(readings), *bootstrap_interval(measure, readings))
        figures[name] = {
            key: None if math.isnan(number) else round(number, _DECIMALS)
            for key, number in zip(("value", "low", "high"), numbers, strict=True)
        }
    return figures


def agreement_lines(figures: Mapping[str, Any]) -> Iterator[str]:
    """The figures of `agreement_figures` as a table a language."""
    yield (
        f"{figures['joined']} rows in both tables; {figures['only_first']} only in the first, "
        f"{figures['only_second']} only in the second"
    )
    yield "alpha: Krippendorff's (status, label nominal; scores ordinal); kappa: Cohen's; mean difference of the scores"
    yield f"n: rows where both tables give a value; in brackets 95 % intervals ({DRAWS} bootstrap draws of rows)"
    for language, own in figures["languages"].items():
        yield ""
        yield f"{language + ', ' + str(own['rows']) + ' rows':<18}" + f"{'n':>4}" + "".join(
            f"  {title:<22}" for title in _MEASURES.values()
        ).rstrip()
        for variable in ("status", "label", *DIMENSIONS):
            cells = "".join(f"  {_cell(own[variable].get(measure)):<22}" for measure in _MEASURES)
            yield f"  {variable:<16}{own[variable]['n']:>4}{cells}".rstrip()


def _cell(figure: Mapping[str, float | None] | None) -> str:
    if figure is None:
        return ""
    if figure["value"] is None:
        return "undefined"
    return f"{figure['value']:.3f} ({figure['low']:.3f} to {figure['high']:.3f})"
