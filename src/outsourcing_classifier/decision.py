"""Six scores → margin, caps, P(KPO), the codebook's rule, band; and the portable model.

The margin is linear with coefficients >= 0; vetoes of the codebook (section 0) are caps on it.
No BLAS: sums are taken column by column in a fixed order, so a row gets the same bits in any batch.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from .dimensions import ACTIVITIES, FOCUS, PROCESS, SPECIALIZATION, SUM_WEIGHTS

Floats = npt.NDArray[np.float64]
V1_PROCESS: Final = -0.9  # at or below: never KPO
LADDER_ZERO: Final = 0.05  # in the ladder a smaller score is 0
LADDER: Final = (PROCESS, ACTIVITIES, SPECIALIZATION, FOCUS)
DECIMALS: Final = 6  # probabilities are rounded before label and band are read from them
LOW, MEDIUM, HIGH = 1, 2, 3
BANDS: Final = ("", "low", "medium", "high")
DECIDED_BY: Final = ("", "balance", "veto V1", "veto V2", "person")
RULE_BY: Final = ("", "sum", "ladder", "veto")


@dataclass(frozen=True, slots=True)
class GateModel:
    """Margins of the gates for hands and for presence: intercept, and weights of what speaks for them.

    Said by the words (a sum, see reading/scope.py), and an action or service of desk work (0 or 1). A text
    is out of scope where the larger of both margins is above 0.
    """

    hands: tuple[float, float, float] = (-0.4, 3.0, -0.5)
    presence: tuple[float, float, float] = (-1.0, 3.0, -0.5)


GATE_SIGNS: Final = (1, -1)  # of said, desk


@dataclass(frozen=True, slots=True)
class DecisionModel:
    """Numbers of the trained decision: margin, caps, calibration, bands, review threshold."""

    intercept: float = 0.0
    coefficients: tuple[float, ...] = SUM_WEIGHTS
    cap: float = -0.1  # highest margin that a veto leaves
    slope: float = 1.5  # P(KPO) = 1 / (1 + exp(-slope * margin))
    medium_from: float = 0.6  # distance of P from one half, doubled: 0 to 1
    high_from: float = 0.9
    review_below: float = 0.0
    gate: GateModel = GateModel()


@dataclass(slots=True, eq=False, repr=False)
class Decisions:
    """Columns of one entry a text."""

    margin: Floats
    probability: Floats
    kpo: npt.NDArray[np.bool_]
    by: npt.NDArray[np.int8]
    band: npt.NDArray[np.int8]
    rule_sum: Floats
    rule_kpo: npt.NDArray[np.bool_]
    rule_by: npt.NDArray[np.int8]


def weighted_sum(columns: Sequence[Floats], weights: tuple[float, ...]) -> Floats:
    """Σ w·s, column by column; `columns` are the six scores, arrays of one shape or that broadcast to one."""
    total = weights[0] * columns[0]
    for weight, column in zip(weights[1:], columns[1:], strict=True):
        total = total + weight * column
    return total


def vetoes(columns: Sequence[Floats]) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """V1: prescribed to the last step; V2: no knowledge in focus, specialization or activities."""
    first = columns[PROCESS] <= V1_PROCESS
    second = ~((columns[FOCUS] > 0) | (columns[SPECIALIZATION] > 0) | (columns[ACTIVITIES] > 0))
    return first, second


def probability(margin: Floats, model: DecisionModel) -> Floats:
    """P(KPO) of a capped margin, rounded."""
    return np.round(1.0 / (1.0 + np.exp(-model.slope * margin)), DECIMALS)


def _kpo(columns: Sequence[Floats], model: DecisionModel) -> npt.NDArray[np.bool_]:
    """The label of six columns of scores, as `decide` gives it; P is needed only where its rounding could decide."""
    raw = model.intercept + weighted_sum(columns, model.coefficients)
    first, second = vetoes(columns)
    margin = np.where(first | second, np.minimum(raw, model.cap), raw)
    kpo = margin > 0
    near = np.nonzero(np.abs(margin) * model.slope < _NEAR)
    kpo[near] = probability(margin[near], model) >= 0.5
    return kpo


def decide(scores: Floats, stated: npt.NDArray[np.bool_], model: DecisionModel) -> Decisions:
    """Labels of scored texts, shape (n, 6)."""
    columns = list(scores.T)
    raw = model.intercept + weighted_sum(columns, model.coefficients)
    first, second = vetoes(columns)
    margin = np.where(first | second, np.minimum(raw, model.cap), raw)
    chance = probability(margin, model)
    kpo = chance >= 0.5
    by = np.where(first & (raw > model.cap), 2, np.where(second & (raw > model.cap), 3, 1)).astype(np.int8)
    rule_sum, rule_kpo, rule_by = rule(scores)
    distance = np.abs(2 * chance - 1)
    band = np.where(distance >= model.high_from, HIGH, np.where(distance >= model.medium_from, MEDIUM, LOW))
    band = np.where((stated.sum(axis=1) < 2) | (kpo != rule_kpo), LOW, band).astype(np.int8)
    return Decisions(margin, chance, kpo, by, band, rule_sum, rule_kpo, rule_by)


def rule(scores: Floats) -> tuple[Floats, npt.NDArray[np.bool_], npt.NDArray[np.int8]]:
    """The codebook's own answer (section 2.2): sum, ladder, vetoes."""
    columns = list(scores.T)
    total = np.round(weighted_sum(columns, SUM_WEIGHTS), DECIMALS)
    ladder = np.zeros(len(scores))
    for dimension in LADDER:
        value = columns[dimension]
        ladder = np.where((ladder == 0) & (np.abs(value) >= LADDER_ZERO), np.sign(value), ladder)
    clear = np.abs(total) >= 1
    kpo = np.where(clear, total > 0, ladder > 0)
    by = np.where(clear, 1, 2)
    first, second = vetoes(columns)
    by = np.where(kpo & (first | second), 3, by).astype(np.int8)
    return total, kpo & ~first & ~second, by


def turning_points(scores: Floats, model: DecisionModel) -> tuple[npt.NDArray[np.int8], Floats]:
    """The smallest change of one score that turns each label: dimension (-1: none does) and new value.

    ``scores`` has shape (n, 6). Steps are the codebook's halves; each candidate goes through the whole
    decision, so what is named really turns the label. Of equal changes the first dimension stands.
    """
    columns = [column[:, None] for column in scores.T]
    kpo = _kpo(columns, model)
    rows = np.arange(len(scores))
    best, size, value = np.full(len(scores), -1, np.int8), np.full(len(scores), np.inf), np.zeros(len(scores))
    for dimension, now in enumerate(columns):
        changed = _kpo([*columns[:dimension], _STEPS, *columns[dimension + 1 :]], model)
        change = np.where(changed != kpo, np.abs(_STEPS - now), np.inf)
        step = np.argmin(change, axis=1)
        least = change[rows, step]
        better = least < size - _TIE
        best[better], size[better], value[better] = dimension, least[better], _STEPS[0, step[better]]
    return best, value


_STEPS: Final = np.array([[-1.0, -0.5, 0.0, 0.5, 1.0]])
_TIE: Final = 1e-9
_NEAR: Final = 10.0 ** (1 - DECIMALS)  # log-odds below which P may be rounded across the line
