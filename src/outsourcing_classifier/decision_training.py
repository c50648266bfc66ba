"""Scores and labels → the decision: margin, calibration, cap, bands, by the signed regression."""

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import expit  # type: ignore[import-untyped]
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from .decision import DecisionModel, decide, vetoes, weighted_sum
from .dimensions import DIMENSIONS, SUM_WEIGHTS
from .signed_regression import Bools, Floats, fit_signed

FOLDS: Final = 5
_PORTIONS: Final = 8  # of the groups, for the learning curve
_CURVE: Final = (1, 2, 4, 8)
ALPHA: Final = 10.0  # pull towards the weights of the codebook; a few hundred examples weigh as much
DIGITS: Final = 6  # significant digits of every trained number
BAND_SUMS: Final = (1.0, 2.5)  # |sum| from which the codebook says medium, high (section 2.2)
_SMALLEST_SLOPE: Final = 0.1  # at 0 every P would be one half, and so KPO
_VETO_ROWS: Final = 2.0  # examples that the untrained probability of a vetoed row weighs as much as


@dataclass(frozen=True, slots=True)
class TrainedDecision:
    """A decision, and the raw margin (n,) of each example by a fit that has not seen its group."""

    decision: DecisionModel
    out_of_fold: Floats


def fit_decision(
    scores: Floats, kpo: Bools, weight: Floats, groups: Sequence[str], own: Floats | None = None, *,
    alpha: float = ALPHA,
) -> TrainedDecision:
    """Train margin, calibration, cap and bands.

    ``scores`` (n, 6) are read from the texts; ``kpo`` (n,) says which are KPO; ``weight`` (n,) >= 0;
    examples of one group are held out together; ``own`` (n, 6) are the examples' labelled scores, NaN
    where there are none. Rows in the same order give the same numbers to the last digit.
    """
    folds = fold_numbers(groups)
    raw = np.zeros(len(scores))
    with threadpool_limits(1):
        for fold in range(FOLDS):
            held = folds == fold
            coefficients, intercept = _fit_margin(scores[~held], kpo[~held], weight[~held], alpha)
            raw[held] = intercept + weighted_sum(list(scores[held].T), coefficients)
        coefficients, intercept = _fit_margin(scores, kpo, weight, alpha)
        untrained = DecisionModel()
        vetoed = np.logical_or(*vetoes(list(scores.T)))
        # A row that a veto turns says nothing about the slope: the cap gives its probability.
        turned = vetoed & (raw > 0)
        capped = np.where(vetoed, np.minimum(raw, untrained.cap), raw)
        slope = _fit_slope(capped[~turned], kpo[~turned], weight[~turned])
    cap = _fit_cap(kpo[turned], weight[turned], slope)
    decision = DecisionModel(intercept=intercept, coefficients=coefficients, cap=cap, slope=slope)
    medium, high = _fit_bands(decision, own)
    bands = DecisionModel(
        intercept=intercept, coefficients=coefficients, cap=cap, slope=slope, medium_from=medium, high_from=high
    )
    return TrainedDecision(bands, raw)


def learning_curve(scores: Floats, kpo: Bools, weight: Floats, groups: Sequence[str]) -> list[tuple[int, float]]:
    """Mean number of examples in an eighth, a quarter, a half, all of the groups; balanced accuracy held out.

    Shapes as in `fit_decision`. Where the last steps do not rise, more examples teach the label nothing.
    """
    folds = fold_numbers(groups)
    portion = np.array([value // FOLDS % _PORTIONS for value in _hashes(groups)], np.int64)
    curve: list[tuple[int, float]] = []
    for portions in _CURVE:
        found, used = np.zeros(len(kpo), np.bool_), []
        with threadpool_limits(1):
            for fold in range(FOLDS):
                seen = (folds != fold) & (portion < portions)
                if not (kpo[seen].any() and (~kpo[seen]).any()):
                    return curve
                coefficients, intercept = _fit_margin(scores[seen], kpo[seen], weight[seen], ALPHA)
                held = folds == fold
                found[held] = intercept + weighted_sum(list(scores[held].T), coefficients) >= 0
                used.append(int(seen.sum()))
        recalls = [float(np.mean(found[kpo == side] == side)) for side in (False, True)]
        curve.append((round(sum(used) / FOLDS), significant(sum(recalls) / 2)))
    return curve


def fold_numbers(groups: Sequence[str]) -> npt.NDArray[np.int64]:
    """Fold of each row by a hash of its group: new examples do not move old ones."""
    return np.array([value % FOLDS for value in _hashes(groups)], np.int64)


def _hashes(groups: Sequence[str]) -> list[int]:
    return [int(hashlib.sha256(group.encode("utf-8", "surrogatepass")).hexdigest(), 16) for group in groups]


def significant(value: float) -> float:
    """The number in six significant digits, as the model file keeps it."""
    return float(f"{value:.{DIGITS}g}")


def _fit_margin(scores: Floats, kpo: Bools, weight: Floats, alpha: float) -> tuple[tuple[float, ...], float]:
    coefficients, intercept, _ = fit_signed(
        scores, kpo, weight, alpha=alpha, signs=(1,) * len(DIMENSIONS), prior=SUM_WEIGHTS
    )
    return tuple(significant(value) for value in coefficients), significant(intercept)


def _fit_slope(margins: Floats, kpo: Bools, weight: Floats) -> float:
    """Without intercept, so that KPO stays exactly where the margin is not negative."""
    coefficients, _, _ = fit_signed(
        margins[:, np.newaxis], kpo, weight, signs=(1,), prior=(DecisionModel().slope,), fit_intercept=False
    )
    return significant(max(float(coefficients[0]), _SMALLEST_SLOPE))


def _fit_cap(kpo: Bools, weight: Floats, slope: float) -> float:
    """The margin whose P is the share of KPO among examples that a veto turned (a misread is one).

    Such rows are few, so the untrained probability counts as two of them; the cap never comes nearer
    to the line than that, because a vetoed row must stay BPO for a reader of the probability too.
    """
    untrained = DecisionModel()
    nearest = float(expit(untrained.slope * untrained.cap))
    share = (float(np.sum(weight[kpo])) + _VETO_ROWS * nearest) / (float(np.sum(weight)) + _VETO_ROWS)
    share = min(share, nearest)
    return significant(math.log(share / (1 - share)) / slope)


def _fit_bands(decision: DecisionModel, own: Floats | None) -> tuple[float, float]:
    """Distances |2P - 1| that agree best with the codebook's |sum| 1 and 2.5 on the examples' own scores.

    Own scores, not scores as read: then a band means what the codebook says of the task, and reading
    errors do not move it. Without both sides of a line among them, it is where equal scores put it.
    """
    known = np.zeros((0, 6)) if own is None else own[~np.isnan(own).any(axis=1)]
    chance = decide(known, np.ones(known.shape, np.bool_), decision).probability
    distance = np.abs(2 * chance - 1)
    size = np.abs(weighted_sum(list(known.T), SUM_WEIGHTS))
    found = []
    for line in BAND_SUMS:
        beyond = size >= line
        if beyond.any() and not beyond.all():
            found.append(_best_threshold(distance, beyond))
        else:
            margin = line * sum(decision.coefficients) / sum(SUM_WEIGHTS)
            found.append(float(2 * expit(decision.slope * margin) - 1))
    return significant(found[0]), significant(max(found))


def _best_threshold(values: Floats, beyond: Bools) -> float:
    """Where ``values >= threshold`` has the best balanced agreement with ``beyond``: middle of a gap."""
    levels = np.unique(values)
    candidates = np.append(levels[:1], (levels[1:] + levels[:-1]) / 2)
    inside, outside = np.sort(values[beyond]), np.sort(values[~beyond])
    hits = 1 - np.searchsorted(inside, candidates) / len(inside)
    rejected = np.searchsorted(outside, candidates) / len(outside)
    return float(candidates[int(np.argmax(np.round(hits + rejected, 12)))])


def fingerprint(lines: Iterable[str]) -> str:
    """SHA-256 of lines in any order."""
    text = "\n".join(sorted(lines))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
