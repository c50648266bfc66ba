"""Six scores → margin, caps, P(KPO), the codebook's rule, band; and the portable model.

The margin is linear with coefficients >= 0; vetoes of the codebook (section 0) are caps on it.
No BLAS: sums are taken column by column in a fixed order, so a row gets the same bits in any batch.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from .dimensions import ACTIVITIES, DIMENSIONS, FOCUS, PROCESS, SPECIALIZATION, SUM_WEIGHTS

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
class DecisionModel:
    """Numbers of the trained decision: margin, caps, calibration, bands, review threshold."""

    intercept: float = 0.0
    coefficients: tuple[float, ...] = SUM_WEIGHTS
    cap: float = -0.1  # highest margin that a veto leaves
    slope: float = 1.5  # P(KPO) = 1 / (1 + exp(-slope * margin))
    medium_from: float = 0.6  # distance of P from one half, doubled: 0 to 1
    high_from: float = 0.9
    review_below: float = 0.0


@dataclass(frozen=True, slots=True)
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


def weighted_sum(scores: Floats, weights: tuple[float, ...]) -> Floats:
    """Σ w·s, column by column."""
    total = np.zeros(len(scores))
    for dimension, weight in enumerate(weights):
        total = total + weight * scores[:, dimension]
    return total


def vetoes(scores: Floats) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """V1: prescribed to the last step; V2: no knowledge in focus, specialization or activities."""
    first = scores[:, PROCESS] <= V1_PROCESS
    second = ~((scores[:, FOCUS] > 0) | (scores[:, SPECIALIZATION] > 0) | (scores[:, ACTIVITIES] > 0))
    return first, second


def probability(margin: Floats, model: DecisionModel) -> Floats:
    """P(KPO) of a capped margin, rounded."""
    return np.round(1.0 / (1.0 + np.exp(-model.slope * margin)), DECIMALS)


def decide(scores: Floats, stated: npt.NDArray[np.bool_], model: DecisionModel) -> Decisions:
    """Labels of scored texts, shape (n, 6)."""
    raw = model.intercept + weighted_sum(scores, model.coefficients)
    first, second = vetoes(scores)
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
    total = np.round(weighted_sum(scores, SUM_WEIGHTS), DECIMALS)
    ladder = np.zeros(len(scores))
    for dimension in LADDER:
        value = scores[:, dimension]
        ladder = np.where((ladder == 0) & (np.abs(value) >= LADDER_ZERO), np.sign(value), ladder)
    clear = np.abs(total) >= 1
    kpo = np.where(clear, total > 0, ladder > 0)
    by = np.where(clear, 1, 2)
    first, second = vetoes(scores)
    by = np.where(kpo & (first | second), 3, by).astype(np.int8)
    return total, kpo & ~first & ~second, by


def turning_points(scores: Floats, model: DecisionModel) -> tuple[npt.NDArray[np.int8], Floats]:
    """The smallest change of one score that turns each label: dimension (-1: none does) and new value.

    ``scores`` has shape (n, 6). Steps are the codebook's halves; each candidate goes through the whole
    decision, so what is named really turns the label. Of equal changes the first dimension stands.
    """
    count = len(scores)
    everything = np.ones(scores.shape, dtype=np.bool_)
    kpo = decide(scores, everything, model).kpo
    best = np.full(count, -1, np.int8)
    size = np.full(count, np.inf)
    value = np.zeros(count)
    for dimension in range(len(DIMENSIONS)):
        now = scores[:, dimension]
        for step in _STEPS:
            change = np.abs(step - now)
            rows = np.flatnonzero((change > 0) & ((step < now) == kpo) & (change < size - _TIE))
            if not len(rows):
                continue
            changed = scores[rows]
            changed[:, dimension] = step
            turned = rows[decide(changed, everything[rows], model).kpo != kpo[rows]]
            best[turned], value[turned], size[turned] = dimension, step, change[turned]
    return best, value


_STEPS: Final = (-1.0, -0.5, 0.0, 0.5, 1.0)
_TIE: Final = 1e-9


def turning_point(row: Floats, model: DecisionModel) -> dict[str, object] | None:
    """`turning_points` for one row of six scores, as `turn_of` says it."""
    scores = np.asarray(row, dtype=np.float64).reshape(1, -1)
    dimension, value = turning_points(scores, model)
    kpo = decide(scores, np.ones(scores.shape, dtype=np.bool_), model).kpo
    return turn_of(scores[0].tolist(), int(dimension[0]), float(value[0]), kpo=bool(kpo[0]))


def turn_of(row: list[float], dimension: int, value: float, *, kpo: bool) -> dict[str, object] | None:
    """A turning point as data: dimension, from, to, label; None where `dimension` is -1."""
    if dimension < 0:
        return None
    return {
        "dimension": DIMENSIONS[dimension],
        "from": round(row[dimension], 2),
        "to": value,
        "label": "BPO" if kpo else "KPO",
    }
