"""Shares and means with their 95 % intervals, and how far probabilities are from what happens."""

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Figures = dict[str, Any]
DECIMALS: Final = 4
BINS: Final = 10  # of equal mass, for the calibration error
DRAWS: Final = 1000
_SEED: Final = 95  # fixed: the same rows give the same intervals
_Z: Final = 1.959963984540054  # 95 %
_TAILS: Final = (2.5, 97.5)


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
    value = None if count == 0 else round(hits / count, DECIMALS)
    return {"value": value, "low": round(low, DECIMALS), "high": round(high, DECIMALS), "n": int(count)}


def share_of(hits: Bools) -> Figures:
    """The share of true values, with its interval."""
    return share(int(hits.sum()), len(hits))


def balanced(kpo: Bools, answer: Bools) -> Figures:
    """Mean of the two recalls; its interval follows from theirs (method of Zou and Donner)."""
    recalls = [share_of(answer[kpo == side] == side) for side in (False, True)]
    if any(recall["value"] is None for recall in recalls):
        return {"value": None, "low": 0.0, "high": 1.0, "n": len(kpo)}
    value = sum(recall["value"] for recall in recalls) / 2
    low = value - math.sqrt(sum((r["value"] - r["low"]) ** 2 for r in recalls)) / 2
    high = value + math.sqrt(sum((r["high"] - r["value"]) ** 2 for r in recalls)) / 2
    return {
        "value": round(value, DECIMALS), "low": round(max(low, 0.0), DECIMALS),
        "high": round(min(high, 1.0), DECIMALS), "n": len(kpo),
    }


def group_numbers(groups: Sequence[str]) -> Ints:
    """A number for each row's group, whatever the order of rows."""
    numbers = {group: number for number, group in enumerate(sorted(set(groups)))}
    return np.array([numbers[group] for group in groups], np.int64)


def _resampled(columns: Floats, groups: Ints) -> Floats:
    """Sums of the columns (n, k) in each bootstrap sample, shape (DRAWS, k); whole groups are drawn."""
    numbers = np.unique(groups, return_inverse=True)[1]
    count = int(numbers.max()) + 1
    sums = np.column_stack([np.bincount(numbers, column, count) for column in columns.T])
    random = np.random.default_rng(_SEED)
    return np.array([np.bincount(random.integers(count, size=count), minlength=count) @ sums for _ in range(DRAWS)])


def _interval(value: float, draws: Floats, count: int, groups: Ints) -> Figures:
    """The figure of a bootstrap; without an interval where only one group was counted."""
    draws = draws[np.isfinite(draws)]
    low = high = None
    if len(np.unique(groups)) > 1 and len(draws):
        low, high = (round(float(bound), DECIMALS) for bound in np.percentile(draws, _TAILS))
    return {"value": round(value, DECIMALS), "low": low, "high": high, "n": count}


def means(values: Floats, groups: Ints) -> list[Figures]:
    """Mean of each column of ``values`` (n, k), NaN left out, with a bootstrap interval.

    Each figure is {value, low, high, n}; value, low and high are None where nothing was counted, low and
    high also where all rows are of one group. ``groups`` (n,) numbers what is drawn together.
    """
    given = ~np.isnan(values)
    count = values.shape[1]
    if not given.any():
        return [{"value": None, "low": None, "high": None, "n": 0} for _ in range(count)]
    filled = np.where(given, values, 0.0)
    totals = _resampled(np.hstack([filled, given]), groups)
    with np.errstate(invalid="ignore"):  # a sample may hold no row of a column
        draws = totals[:, :count] / totals[:, count:]
    figures: list[Figures] = []
    for place, rows in enumerate(given.T):
        n = int(rows.sum())
        if n:
            figures.append(_interval(float(filled[:, place].sum()) / n, draws[:, place], n, groups[rows]))
        else:
            figures.append({"value": None, "low": None, "high": None, "n": 0})
    return figures


def balanced_lead(kpo: Bools, ours: Bools, theirs: Bools, groups: Ints | None = None) -> Figures:
    """Balanced accuracy of our answers minus that of others on the same rows, all of shape (n,).

    {value, low, high, n, ours, theirs}: the interval is a paired bootstrap, the last two are `balanced`;
    value, low and high are None where one label does not occur.
    """
    figures: Figures = {"ours": balanced(kpo, ours), "theirs": balanced(kpo, theirs)}
    if kpo.all() or not kpo.any():
        return {"value": None, "low": None, "high": None, "n": len(kpo), **figures}
    drawn = np.arange(len(kpo)) if groups is None else groups
    columns = np.column_stack([
        kpo, ~kpo, kpo & ours, ~kpo & ~ours, kpo & theirs, ~kpo & ~theirs,
    ]).astype(np.float64)

    def lead(sums: Floats) -> Floats:
        with np.errstate(invalid="ignore", divide="ignore"):  # a sample may hold one label only
            ahead: Floats = ((sums[:, 2:4] - sums[:, 4:6]) / sums[:, :2]).mean(axis=1)
        return ahead

    value = float(lead(columns.sum(axis=0, keepdims=True))[0])
    return {**_interval(value, lead(_resampled(columns, drawn)), len(kpo), drawn), **figures}


def equal_mass_bins(probability: Floats) -> Ints:
    """Bin of each probability, in ten bins of about as many rows each; equal values share one."""
    edges = np.quantile(probability, np.arange(1, BINS) / BINS)
    return np.searchsorted(edges, probability, side="left")


def calibration_error(kpo: Bools, probability: Floats) -> float | None:
    """Expected calibration error: mean distance of P(KPO) from the share of KPO in ten bins of equal mass."""
    if not len(kpo):
        return None
    return round(_distance(equal_mass_bins(probability), probability - kpo), DECIMALS)


def _distance(bins: Ints, surplus: Floats) -> float:
    return float(np.abs(np.bincount(bins, surplus)).sum()) / len(surplus)


def calibration(kpo: Bools, probability: Floats, groups: Ints) -> Figures:
    """Brier score, calibration error, and the bins of a reliability diagram.

    The error has no bootstrap interval (resampling adds to the distance in every bin). Beside it stands
    ``by_chance``: the error that 95 of 100 files of this size stay below although every probability is right.
    ``bins`` are {mean, share}: mean P(KPO), and the share of KPO with its interval.
    """
    brier = means(((probability - kpo) ** 2)[:, np.newaxis], groups)[0]
    if not len(kpo):
        return {"brier": brier, "error": None, "by_chance": None, "bins": []}
    bins = equal_mass_bins(probability)
    order = np.argsort(probability, kind="stable")  # the order of rows shall not matter
    chance, places = probability[order], bins[order]
    random = np.random.default_rng(_SEED)
    drawn = [_distance(places, chance - (random.random(len(chance)) < chance)) for _ in range(DRAWS)]
    return {
        "brier": brier,
        "error": calibration_error(kpo, probability),
        "by_chance": round(float(np.percentile(drawn, 95)), DECIMALS),
        "bins": [
            {"mean": round(float(probability[bins == place].mean()), DECIMALS), "share": share_of(kpo[bins == place])}
            for place in np.unique(bins)
        ],
    }
