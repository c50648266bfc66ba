"""FTE, cost and rows of each answer in a whole file, corrected for the errors that an audited sample shows.

Within a stratum (the machine's label and band) every row had the same chance to be drawn, so its undrawn rows are like
its drawn ones: what share of them is BPO, KPO or neither is estimated from the drawn ones (a Dirichlet posterior), and
the undrawn rows get answers by chance with these shares. Drawn rows are known. The interval is that of many such
draws: it holds both what the sample does not know and which of the undrawn rows, the heavy ones above all, are wrong.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
ANSWERS: Final = ("BPO", "KPO", "neither")
DRAWS: Final = 2000
LEVEL: Final = 0.95
HEAVY: Final = 60  # undrawn rows of a stratum that are drawn one by one; the rest together, as a normal number
PRIOR_OWN: Final = 0.7  # answers that count before any was seen: the machine's own
PRIOR_OTHER: Final = 0.15  # and each of the two others


@dataclass(frozen=True)
class Stratum:
    """Rows of one machine answer and band.

    ``answer`` is the machine's (an index of `ANSWERS`); ``undrawn`` (n, k) the weights (rows, FTE, cost) of the rows
    that were not drawn; ``drawn`` (m, k) those of the drawn ones, ``found`` (m, 3) what people say of them, as shares
    that add up to 1 (a half each where two people disagree).
    """

    answer: int
    undrawn: Floats
    drawn: Floats
    found: Floats


def corrected(strata: Sequence[Stratum], *, seed: int = 0, draws: int = DRAWS) -> Mapping[str, Any]:
    """For each answer and weight: the machine's sum, the corrected one, and its 95 % interval; shape (3, k) each."""
    chance = np.random.default_rng(seed)
    columns = max((stratum.undrawn.shape[1] for stratum in strata), default=0)
    machine, total = np.zeros((3, columns)), np.zeros((draws, 3, columns))
    for stratum in strata:
        machine[stratum.answer] += stratum.undrawn.sum(axis=0) + stratum.drawn.sum(axis=0)
        total += stratum.found.T @ stratum.drawn
        total += _undrawn(stratum, chance, draws)
    tail = (1 - LEVEL) / 2
    return {
        "machine": machine, "corrected": total.mean(axis=0),
        "low": np.quantile(total, tail, axis=0), "high": np.quantile(total, 1 - tail, axis=0),
    }


def _undrawn(stratum: Stratum, chance: np.random.Generator, draws: int) -> Floats:
    """Sums of the undrawn rows by answer in each draw (draws, 3, k)."""
    prior = np.full(3, PRIOR_OTHER)
    prior[stratum.answer] = PRIOR_OWN
    shares = chance.dirichlet(prior + stratum.found.sum(axis=0), draws)
    weights = stratum.undrawn[np.argsort(-stratum.undrawn.max(axis=1, initial=0.0), kind="stable")]
    heavy, light = weights[:HEAVY], weights[HEAVY:]
    sums = np.zeros((draws, 3, weights.shape[1]))
    if len(heavy):
        one = chance.random((draws, len(heavy), 1)) > shares.cumsum(axis=1)[:, None, :2]
        answer = one.sum(axis=2)
        for place in range(3):
            sums[:, place] += (answer == place).astype(np.float64) @ heavy
    if len(light):
        mean = shares[:, :, None] * light.sum(axis=0)
        # Which of the light rows are which: multinomial, near enough a normal number with its covariances.
        scale = np.sqrt((light**2).sum(axis=0))
        noise = chance.standard_normal((draws, 3))
        root = np.sqrt(shares)
        noise = root * noise - shares * (root * noise).sum(axis=1, keepdims=True)
        sums += mean + noise[:, :, None] * scale
    return sums
