"""Evidence → six scores: s = Σw / max(1, Σ|w|) over the evidence in force (design 3).

A lone cue scores its own weight, agreement saturates at ±1, conflict balances, and the
contributions w / max(1, Σ|w|) add up to the score.
"""

import numpy as np
import numpy.typing as npt

from .dimensions import DIMENSIONS
from .evidence import WeighedCues, totals
from .lexicon.codes import LEVEL

Floats = npt.NDArray[np.float64]


def scores(evidence: WeighedCues, count: int) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Six scores of each group in [-1, 1], and which dimensions have evidence in force."""
    sums, sizes = totals(evidence, count)
    return sums / np.maximum(sizes, LEVEL), sizes > 0


def contributions(evidence: WeighedCues, count: int, cells: npt.NDArray[np.int64] | None = None) -> Floats:
    """What cues add to the scores of their groups: shape (cues, 6), or one entry a cell (6 · cue + dimension)."""
    if cells is None:
        cells = np.arange(evidence.weights.size).reshape(evidence.weights.shape)
    _, sizes = totals(evidence, count)
    cue, dimension = np.divmod(cells, len(DIMENSIONS))
    size = np.maximum(sizes, LEVEL).take(evidence.group[cue] * len(DIMENSIONS) + dimension)
    return evidence.in_force.take(cells) / size
