"""Evidence → six scores: s = Σw / max(1, Σ|w|) over the evidence in force (design 3).

A lone cue scores its own weight, agreement saturates at ±1, conflict balances, and the
contributions w / max(1, Σ|w|) add up to the score.
"""

import numpy as np
import numpy.typing as npt

from .evidence import WeighedCues, totals
from .lexicon.codes import LEVEL

Floats = npt.NDArray[np.float64]


def scores(evidence: WeighedCues, count: int) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Six scores of each group in [-1, 1], and which dimensions have evidence in force."""
    sums, sizes = totals(evidence, count)
    return sums / np.maximum(sizes, LEVEL), sizes > 0


def contributions(evidence: WeighedCues, count: int) -> Floats:
    """What each cue adds to each score of its group, shape (cues, 6)."""
    _, sizes = totals(evidence, count)
    return evidence.in_force / np.maximum(sizes, LEVEL)[evidence.group]
