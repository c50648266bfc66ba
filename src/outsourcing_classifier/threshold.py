"""The review threshold: how far from the line a row must be to go unreviewed, with its errors under control.

Fixed-sequence testing (learn then test): from the strictest threshold down, each is tested exactly for "more than the
wanted share of the unreviewed rows is wrong", and the first that cannot be excluded ends it. So the chance that the
chosen one lets through more than wanted is at most one minus the confidence, on texts like those it was set on.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from .model import Model, finished

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
WANTED: Final = 0.05  # share of wrong answers among the rows that are not sent to review
CONFIDENCE: Final = 0.9
_STEPS: Final = 40  # thresholds that are tried, at equal shares of the rows
AUDIT, HELD_OUT = "audit", "held_out"  # what a threshold was set on


@dataclass(frozen=True, slots=True)
class Threshold:
    """A threshold on |2P - 1|; None where no threshold can be trusted, so that all rows go to review.

    ``rows`` were looked at, ``unreviewed`` of them lie beyond it, ``wrong`` of these are wrong (weighted shares in
    ``error``); ``needed`` is how many unreviewed rows without an error the first test takes.
    """

    value: float | None
    rows: int
    unreviewed: int
    wrong: int
    error: float
    needed: int
    wanted: float = WANTED
    confidence: float = CONFIDENCE


def review_threshold(
    probability: Floats, right: Bools, weight: Floats | None = None, *, wanted: float = WANTED,
    confidence: float = CONFIDENCE,
) -> Threshold:
    """The lowest threshold under control, from P(KPO) and whether the answer is right, n of each.

    ``weight`` (n,) > 0 is how many rows each stands for, where a sample was stratified; then errors and their number
    are those of the effective sample, rounded to the safe side.
    """
    distance = np.abs(2 * probability - 1)
    weights = np.ones(len(distance)) if weight is None else weight
    needed = math.ceil(math.log(1 - confidence) / math.log(1 - wanted))
    order = np.argsort(-distance, kind="stable")
    # The sequence depends on distances alone, never on what is right.
    counts = sorted({round(count) for count in np.linspace(needed, len(order), _STEPS) if needed <= count})
    best = Threshold(None, len(order), 0, 0, 0.0, needed, wanted, confidence)
    for count in counts:
        edge = distance[order[count - 1]] if count <= len(order) else -1.0
        beyond = distance >= edge
        size, errors = _effective(weights[beyond], ~right[beyond])
        if size < needed or _at_most(errors, size, wanted) > 1 - confidence:
            break
        share = float((weights[beyond] * ~right[beyond]).sum() / weights[beyond].sum())
        value = 0.0 if beyond.all() else math.floor(float(edge) * 1e4) / 1e4
        best = replace(
            best, value=value, unreviewed=int(beyond.sum()), wrong=int((~right[beyond]).sum()), error=round(share, 4)
        )
    return best


def _effective(weight: Floats, wrong: Bools) -> tuple[int, int]:
    """Size of the sample that tells as much without weights (Kish), and errors in it, both to the safe side."""
    total = float(weight.sum())
    size = math.floor(total**2 / float((weight**2).sum()) + 1e-9)
    share = float((weight * wrong).sum()) / total
    return size, math.ceil(share * size - 1e-9)


def _at_most(errors: int, size: int, share: float) -> float:
    """Probability of at most so many errors in a sample if this share is wrong."""
    terms = (
        math.lgamma(size + 1) - math.lgamma(k + 1) - math.lgamma(size - k + 1)
        + k * math.log(share) + (size - k) * math.log(1 - share)
        for k in range(min(errors, size) + 1)
    )
    return math.fsum(map(math.exp, terms))


def with_threshold(model: Model, found: Threshold, set_on: str, source: str) -> Model:
    """The model with this threshold, and what it was set on (`AUDIT` or `HELD_OUT`, and the name of the texts)."""
    figures: dict[str, Any] = dict(model.figures)
    figures["review"] = {
        "set_on": set_on, "source": source, "rows": found.rows, "wanted": found.wanted, "confidence": found.confidence,
    }
    value = 1.0 if found.value is None else found.value
    return finished(replace(model, decision=replace(model.decision, review_below=value), figures=figures))


def threshold_of(model: Model) -> Mapping[str, Any] | None:
    """What the model's threshold was set on; None where it has none."""
    found = model.figures.get("review")
    return found if isinstance(found, Mapping) else None
