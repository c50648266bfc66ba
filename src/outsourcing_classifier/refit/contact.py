"""What words say of customer contact beside counterparts, channels and verbs of exchange, fitted to scores.

Contact is stated in few tasks, so that all of a language's stated tasks weigh as much as all its silent ones.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse  # type: ignore[import-untyped]

from ..batch import Batch
from ..dimensions import CONTACT
from ..estimator import FOLDS
from ..evidence import IN_FORCE, NO_WEIGHT, SLIGHT_CONTACT, contact_decided
from ..lexicon import Lexicon
from ..lexicon.codes import LEVEL, ROLES
from ..reading.columns import Bools
from .tasks import ScoredTask
from .written import Floats

Batches = Sequence[tuple[npt.NDArray[np.int64], Batch]]  # rows of the tasks of a language, and how they are read
_PULL: Final = 20.0
_FEWEST: Final = 3  # tasks with a word
_SILENT: Final = 0.25  # highest score that counts as silent; a word alone says no more
_SHARE: Final = 0.5  # of a weight that is written: words are a hint, they state nothing
_STEP: Final = 0.02


def fit_contact(
    lexicon: Lexicon, batches: Batches, tasks: Sequence[ScoredTask], folds: npt.NDArray[np.int64]
) -> tuple[dict[int, float], str]:
    """The weight of each word (by its number) that says something, and what that brings held out, as a sentence.

    Tasks with a fold below 0 have no scores and are left out.
    """
    scored = folds >= 0
    target = np.array([task.scores[CONTACT] if task.scores else 0.0 for task in tasks])
    said, free = np.zeros(len(tasks)), np.ones(len(tasks), np.bool_)  # by cues; where words may speak
    design = sparse.csr_matrix((len(tasks), len(lexicon.arrays.role)))
    for rows, batch in batches:
        said[rows] = batch.scores[:, CONTACT]
        free[rows[batch.settled.hits.text[contact_decided(batch.settled)]]] = False
        design += _words(lexicon, rows, batch, design.shape)
    design = design.minimum(1)
    chosen = np.flatnonzero(design.getnnz(axis=0) >= _FEWEST)
    design, weights, held_out = design[:, chosen], np.zeros(len(chosen)), said.copy()
    for rows, _ in batches:
        own = np.zeros(len(tasks), np.bool_)
        own[rows] = True
        own &= scored
        for number in range(FOLDS):
            held = own & (folds == number)
            held_out[held] += _hint(design[held] @ _fitted(design, target, said, own & ~held), free[held])
        weights += _fitted(design, target, said, own)
    before, after = (_figures(scores[scored], target[scored]) for scores in (said, held_out))
    found = {int(cue): weight for cue, weight in zip(chosen, weights.tolist(), strict=True) if weight}
    return found, f"contact: held out {after}; without words {before}"


def _words(lexicon: Lexicon, rows: npt.NDArray[np.int64], batch: Batch, shape: tuple[int, int]) -> Any:
    """Which words may speak in which task: those with a factor, where some cue is in force."""
    evidence = batch.settled
    hits = evidence.hits
    is_word = lexicon.arrays.role[hits.cue] == ROLES.index("word")
    cued = np.zeros(len(batch.texts), np.bool_)
    cued[hits.text[((evidence.state == IN_FORCE) & ~is_word[:, None]).any(axis=1)]] = True
    use = is_word & cued[hits.text] & (evidence.factor > 0) & (evidence.state[:, CONTACT] == NO_WEIGHT)
    use &= ~(hits.negated | hits.contrasted)
    return sparse.csr_matrix((np.ones(int(use.sum())), (rows[hits.text[use]], hits.cue[use])), shape=shape)


def _fitted(design: Any, target: Floats, said: Floats, used: Bools) -> Floats:
    from sklearn.linear_model import Ridge

    stated = target[used] != 0
    weight = np.where(stated, (~stated).sum() / max(int(stated.sum()), 1), 1.0)
    model = Ridge(alpha=_PULL, fit_intercept=False, solver="lsqr", tol=1e-8, max_iter=5000)
    model.fit(design[used], (target - said)[used], sample_weight=weight)
    weights: Floats = np.clip(_SHARE * model.coef_, -_SILENT, _SILENT)
    return np.round(np.round(weights / _STEP) * _STEP, 2) + 0.0


def _hint(words: Floats, free: Bools) -> Floats:
    """What words add, where they may speak and say enough together."""
    return np.where(free & (np.abs(words) >= SLIGHT_CONTACT / LEVEL - 1e-9), words, 0.0)


def _figures(scores: Floats, target: Floats) -> str:
    stated = target != 0
    sign, silent = np.mean((scores * target)[stated] > 0), np.mean(np.abs(scores[~stated]) <= _SILENT)
    return f"sign {sign:.3f} where stated, silent {silent:.3f} where not"
