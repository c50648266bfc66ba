"""What each cue adds to the six scores of each text: scores as a function of how much the cues count."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse  # type: ignore[import-untyped]

from ..classifier import BATCH_SIZE, Classifier
from ..lexicon import Lexicon
from ..lexicon.codes import LEVEL, role_set
from ..lexicon.tables import read_strengths

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
# What is done and to what; explicit statements (norm, manner, qualification …) weigh what the codebook says.
_FITTED_ROLES: Final = ("action", "object", "service")
_BOUND: Final = "profession"  # what professions do weighs what the codebook says, too


@dataclass(frozen=True)
class Design:
    """Evidence in force of ``count`` texts, one entry a cue in a text.

    ``column`` (entries,) is the place of the entry's cue among ``cues`` (numbers of cues in the lexicon that may
    count more or less), or ``len(cues)``; ``weights`` (entries, 6) are from -1 to 1.
    """

    count: int
    text: Ints
    column: Ints
    weights: Floats
    cues: Ints

    @cached_property
    def _matrices(self) -> tuple[Any, Any, Any, Any]:
        """Factors to Σw and to Σ|w| of each text and dimension, and both turned round. Factors are above 0."""
        entry, dimension = np.nonzero(self.weights)
        place = self.text[entry] * 6 + dimension, self.column[entry]
        shape = self.count * 6, len(self.cues) + 1
        signed, size = (
            sparse.csr_matrix((values, place), shape)
            for values in (self.weights[entry, dimension], np.abs(self.weights[entry, dimension]))
        )
        return signed, size, signed.T.tocsr(), size.T.tocsr()

    def scores(self, factors: Floats) -> tuple[Floats, Floats]:
        """Six scores of each text where cues count by these factors (one a cue), and Σ|w| (n, 6)."""
        given = np.append(factors, 1.0)
        sums, sizes = (matrix @ given for matrix in self._matrices[:2])
        return (sums / np.maximum(sizes, 1.0)).reshape(-1, 6), sizes.reshape(-1, 6)

    def slope(self, scores: Floats, sizes: Floats, by_score: Floats) -> Floats:
        """Derivative by the factors of what has the derivative ``by_score`` (n, 6) by the scores."""
        each = by_score / np.maximum(sizes, 1.0)
        shared = np.where(sizes > 1, each * scores, 0.0)
        _, _, signed, size = self._matrices
        slope: Floats = (signed @ each.ravel() - size @ shared.ravel())[:-1]
        return slope

    def seen(self, rows: Bools) -> Ints:
        """In how many of the chosen texts each cue stands."""
        return np.bincount(self.column[rows[self.text]], minlength=len(self.cues) + 1)[:-1]


def read_design(classifier: Classifier, texts: Sequence[str]) -> Design:
    """The evidence of texts, as a classifier reads them with every text taken for a task."""
    lexicon = classifier.lexicon
    movable = movable_cues(lexicon)
    text, cue, weights = [], [], []
    for first in range(0, len(texts), BATCH_SIZE):
        evidence = classifier.batch(texts[first : first + BATCH_SIZE], None).settled
        live = evidence.in_force
        some = np.flatnonzero(live.any(axis=1))
        text.append(evidence.hits.text[some].astype(np.int64) + first)
        cue.append(evidence.hits.cue[some].astype(np.int64))
        weights.append(live[some] / LEVEL)
    cues = np.concatenate(cue) if cue else np.zeros(0, np.int64)
    known, place = np.unique(cues[movable[cues]], return_inverse=True)
    column = np.full(len(cues), len(known), np.int64)
    column[movable[cues]] = place
    return Design(
        len(texts), np.concatenate(text) if text else np.zeros(0, np.int64), column,
        np.concatenate(weights) if weights else np.zeros((0, 6)), known,
    )


def movable_cues(lexicon: Lexicon) -> Bools:
    """Which cues may count more or less: what is done and to what, as the base tables have it.

    A cue of the user's own tables, or of accepted proposals, stays as it is. So does one that has a meaning for
    the gates beside that of its strength: a row on top of it would lose this.
    """
    strengths = read_strengths()
    names = lexicon.cue_strengths
    movable = role_set(*_FITTED_ROLES)[lexicon.arrays.role] & (lexicon.arrays.weights != 0).any(axis=1)
    gates = np.array([strengths[name].gates for name in names], np.int32).reshape(-1, 2)
    movable &= (gates == lexicon.arrays.gates).all(axis=1)
    movable &= np.array([name != _BOUND for name in names], np.bool_)
    own = {(row.values["language"], row.values["cue"].strip().casefold()) for rows in lexicon.overlays for row in rows}
    if own:
        movable &= np.array([identity[:2] not in own for identity in lexicon.identities], np.bool_)
    return movable


def reweighted(lexicon: Lexicon, cues: Ints, weights: npt.NDArray[np.int32]) -> Lexicon:
    """The lexicon with other weights (thousandths, (n, 6)) of some cues; as if compiled with them."""
    changed = lexicon.arrays.weights.copy()
    changed[cues] = weights
    return replace(lexicon, arrays=replace(lexicon.arrays, weights=changed))
