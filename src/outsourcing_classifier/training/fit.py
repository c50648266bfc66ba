"""Decision and cue weights from decided texts, with the model in use as prior; how far they may leave it is tested.

Two things are learned together: the decision's intercept and six coefficients, and for each cue of the base tables a
factor by which its weights count more or less. The sign of a weight never changes. Both are pulled towards what they
are now; the strength of the pull is chosen on rows held out, and the strongest pull that does about as well wins:
first of all the one that leaves everything as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize  # type: ignore[import-untyped]
from scipy.special import expit  # type: ignore[import-untyped]

from ..decision import DecisionModel, vetoes, weighted_sum
from .design import Bools, Design, Floats
from .groups import fold_numbers

FOLDS: Final = 5
_INNER: Final = 4  # folds in which the strength of the pull is chosen
_FEWEST: Final = 3  # texts with a cue before it may move
_LEAST, _MOST = 0.2, 2.0  # of the present weights of a cue
_BY_SCORES: Final = 0.25  # what a labelled score counts beside a label
_STEPS: Final = 80
_CLEARLY: Final = 1.645  # standard errors: one-sided 95 %


class Pull(NamedTuple):
    """How strongly the decision and the cues are held where they are; None: they stay."""

    decision: float | None
    cues: float | None


# Strongest first. Hundreds of decided rows weigh as much as the weakest pull of the decision: a hundred rows, often of
# one department, shall not move the line for all others.
PULLS: Final = (
    Pull(None, None), Pull(300.0, None), Pull(100.0, None), Pull(100.0, 30.0), Pull(100.0, 10.0), Pull(40.0, 10.0),
    Pull(40.0, 4.0),
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Decided texts, n of each: what stands in them, which are KPO, what they count, their own scores (n, 6) or NaN.

    ``prior`` is the decision in use; ``names`` are the groups that are held out together.
    """

    design: Design
    kpo: Bools
    weight: Floats
    own: Floats
    names: Sequence[str]
    prior: DecisionModel


@dataclass(frozen=True, slots=True)
class Fitted:
    """The decision, and how much each cue of the design counts (1: as before)."""

    decision: DecisionModel
    factors: Floats


def fit(problem: Problem, rows: Bools, pull: Pull, start: Fitted | None = None) -> Fitted:
    """Decision and factors from the chosen rows, held by ``pull``."""
    design, prior = problem.design, problem.prior
    count = len(design.cues)
    unmoved = np.array([*prior.coefficients, prior.intercept])
    if pull.decision is None:
        return Fitted(prior, np.ones(count))
    moving = design.seen(rows) >= _FEWEST if pull.cues is not None else np.zeros(count, np.bool_)
    weight, sign = balanced(problem, rows), np.where(problem.kpo, 1.0, -1.0)
    given = ~np.isnan(problem.own)
    own, by_score = np.nan_to_num(problem.own), _BY_SCORES * weight[:, None] * given
    factors, decision_pull, cue_pull = np.ones(count), pull.decision, pull.cues or 1.0

    def loss(point: Floats) -> tuple[float, Floats]:
        coefficients, intercept = point[:6], point[6]
        factors[moving] = point[7:]
        scores, sizes = design.scores(factors)
        agreement = sign * prior.slope * (intercept + scores @ coefficients)
        away, moved, off = scores - own, point[:7] - unmoved, point[7:] - 1.0
        value = np.sum(weight * np.logaddexp(0.0, -agreement)) + np.sum(by_score * away**2)
        value += decision_pull / 2 * np.sum(moved**2) + cue_pull / 2 * np.sum(off**2)
        by_margin = -weight * sign * prior.slope * expit(-agreement)
        slope = np.append(by_margin @ scores, by_margin.sum()) + decision_pull * moved
        if not len(off):
            return float(value), slope
        wanted = by_margin[:, None] * coefficients + 2 * by_score * away
        by_cue = design.slope(scores, sizes, wanted)[moving] + cue_pull * off
        return float(value), np.append(slope, by_cue)

    first = np.append(unmoved, np.ones(int(moving.sum())))
    if start is not None:
        first = np.array([*start.decision.coefficients, start.decision.intercept, *start.factors[moving]])
    low = np.concatenate([np.zeros(6), [-np.inf], np.full(len(first) - 7, _LEAST)])
    high = np.concatenate([np.full(7, np.inf), np.full(len(first) - 7, _MOST)])
    found = minimize(
        loss, first, jac=True, method="L-BFGS-B", bounds=np.column_stack([low, high]),
        options={"maxiter": _STEPS, "gtol": 1e-3, "ftol": 1e-9},
    ).x
    factors = np.ones(count)
    factors[moving] = np.round(found[7:], 3)
    coefficients = tuple(np.round(found[:6], 3).tolist())
    return Fitted(replace(prior, coefficients=coefficients, intercept=round(float(found[6]), 3)), factors)


def balanced(problem: Problem, rows: Bools) -> Floats:
    """What each chosen row counts, so that both labels count the same.

    Which rows people decide says nothing of how common a label is: they are the doubtful ones.
    """
    weight = np.where(rows, problem.weight, 0.0)
    total = weight.sum()
    sides = np.array([max(weight[problem.kpo == side].sum(), 1e-9) for side in (False, True)])
    return weight * (total / 2 / sides)[problem.kpo.astype(int)]


def margins(design: Design, fitted: Fitted) -> Floats:
    """Margins (n,) after the vetoes."""
    columns = list(design.scores(fitted.factors)[0].T)
    decision = fitted.decision
    raw = decision.intercept + weighted_sum(columns, decision.coefficients)
    return np.where(np.logical_or(*vetoes(columns)), np.minimum(raw, decision.cap), raw)


def chosen_pull(problem: Problem, rows: Bools, pulls: Sequence[Pull]) -> Pull:
    """The strongest pull whose loss on held-out rows is within one standard error of the smallest.

    It has to get clearly more labels right than what is in use, too: on rows of a few departments a small shift of
    all probabilities is always a little better, and a little worse for everybody else.
    """
    folds = fold_numbers(problem.names, _INNER, "inner")
    margin = np.zeros((len(pulls), len(rows)))
    for number in range(_INNER):
        held, used = rows & (folds == number), rows & (folds != number)
        if not (problem.kpo[used].any() and (~problem.kpo[used]).any()):
            return pulls[0]
        start = None
        for place, pull in enumerate(pulls):
            start = fit(problem, used, pull, start)
            margin[place, held] = margins(problem.design, start)[held]
    margin, kpo, weight = margin[:, rows], problem.kpo[rows], balanced(problem, rows)[rows]
    losses = np.logaddexp(0.0, -problem.prior.slope * np.where(kpo, 1.0, -1.0) * margin) * weight
    right = ((margin >= 0) == kpo) * weight
    best = int(np.argmin(np.round(losses.mean(axis=1), 9)))
    for place in range(len(pulls)):
        lead = losses[place] - losses[best]
        if place == best or lead.mean() <= np.std(lead, ddof=1) / np.sqrt(len(lead)):
            gained = right[place] - right[0]
            return pulls[place] if gained.sum() > _CLEARLY * np.sqrt(np.sum(gained**2)) else pulls[0]
    return pulls[0]


def moved_weights(now: npt.NDArray[np.int32], factors: Floats) -> npt.NDArray[np.int32]:
    """Weights in thousandths after factors: never beyond 1, and never without the sign they had."""
    moved = np.clip(np.round(now * factors[:, None]), -1000, 1000).astype(np.int32)
    return np.where((moved == 0) & (now != 0), np.sign(now), moved).astype(np.int32)


def learning_curve(problem: Problem, pull: Pull) -> list[tuple[int, float]]:
    """Texts learned from (none, a third, two thirds, all), and the share right on held-out rows, both labels alike."""
    folds, parts = fold_numbers(problem.names, FOLDS, "outer"), fold_numbers(problem.names, 3, "curve")
    curve = []
    for portion in range(4):
        margin, used_rows = np.zeros(len(folds)), 0
        for number in range(FOLDS):
            held, used = folds == number, (folds != number) & (parts < portion)
            usable = problem.kpo[used].any() and (~problem.kpo[used]).any()
            fitted = fit(problem, used, pull if usable else PULLS[0])
            margin[held] = margins(problem.design, fitted)[held]
            used_rows += int(used.sum())
        right = (margin >= 0) == problem.kpo
        recalls = [float(right[problem.kpo == side].mean()) for side in (False, True)]
        curve.append((round(used_rows / FOLDS), round(sum(recalls) / 2, 4)))
    return curve


def expected_gain(curve: Sequence[tuple[int, float]], more: int) -> float:
    """What ``more`` rows would add to the share right if it goes on rising with their logarithm; at least 0."""
    known = [(np.log(count), right) for count, right in curve if count > 0]
    if len(known) < 2:
        return 0.0
    slope = float(np.polyfit([x for x, _ in known], [y for _, y in known], 1)[0])
    last = curve[-1][0]
    return max(0.0, slope * float(np.log((last + more) / last)))
