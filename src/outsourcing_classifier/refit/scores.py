"""What strength classes and single cues weigh on each dimension, fitted to scores; only weak ones change their sign."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize  # type: ignore[import-untyped]

from ..batch import Batch
from ..classifier import Classifier
from ..decision import rule
from ..dimensions import DIMENSIONS, LANGUAGES
from ..estimator import FOLDS, fold_numbers
from ..evidence import IN_FORCE, NO_WEIGHT
from ..lexicon import Lexicon
from ..lexicon.codes import LEVEL, ROLES
from ..lexicon.tables import read_strengths
from ..model import Model
from .tasks import PAIR_WEIGHT, ScoredTask
from .written import STEP, Floats, rounded, write_cues, write_strengths

FITTED: Final = ("focus", "process", "specialization", "activities")  # driver and contact are stated too rarely
# What is done and to what; the weights of explicit statements (norm, manner, qualification …) are the codebook's.
FITTED_ROLES: Final = ("action", "object")
BOUND: Final = "profession"  # what professions do (interpret scans, draft claims) weighs what the codebook says
_SILENT: Final = ("neutral", "neutral_head")
_FEWEST: Final = 3  # tasks with a cue before its own weights move
_CLASS_PULL: Final = 30.0
_CUE_PULLS: Final = (10.0, 20.0)
_WEAK: Final = 0.25  # a cue of this weight says so little that its sign is no more than a guess
_FREE: Final = 0.5  # how far a weak cue may move to the other side
_CHANGED: Final = 0.1  # a smaller change of a single cue is not written


@dataclass(slots=True)
class _Design:
    """One dimension: what each cue (row of the tables) adds to each task before its weight."""

    task: npt.NDArray[np.int64]
    cue: npt.NDArray[np.int64]
    factor: Floats
    target: Floats
    weight: Floats  # of each task: both labels of a language weigh the same
    read: npt.NDArray[np.bool_]  # tasks that somebody labelled
    base: Floats  # weight of each cue now
    cls: npt.NDArray[np.int64]  # strength class whose default a cue has, or -1
    free: npt.NDArray[np.bool_]  # weak cues, which may take either sign
    fitted: npt.NDArray[np.bool_]  # cues of the roles that are fitted


def fit_scores(lexicon: Lexicon, tasks: Sequence[ScoredTask]) -> Iterator[str]:
    """Refit weights of classes and cues; yields what changed and the error before and after, held out."""
    strengths = read_strengths(refit=False)
    names = list(strengths)
    own = _own_weights(lexicon)
    folds = fold_numbers([task.group for task in tasks])
    batches = [_read(lexicon, tasks, language) for language in LANGUAGES]
    changes: dict[int, dict[str, float]] = {}
    classes: dict[str, dict[str, float]] = {}
    for dimension in FITTED:
        place = DIMENSIONS.index(dimension)
        design = _design(lexicon, batches, tasks, place, names, own)
        best = min(_CUE_PULLS, key=lambda pull: _held_out(design, folds, pull))
        before, after = _held_out(design, folds, None), _held_out(design, folds, best)
        shift, moved = _fit(design, best, np.ones(len(tasks), np.bool_))
        counts = np.bincount(design.cue, minlength=len(design.base))
        for number in np.flatnonzero(np.abs(shift) >= STEP):
            default = strengths[names[number]].weights[place] / LEVEL
            classes.setdefault(names[number], {})[dimension] = rounded(_signed(default + shift[number], default))
        written = 0
        for cue in np.flatnonzero((counts >= _FEWEST) & design.fitted):
            now = design.base[cue] + (shift[design.cls[cue]] if design.cls[cue] >= 0 else 0.0)
            wanted = _signed(now + moved[cue], design.base[cue], free=bool(design.free[cue]))
            if abs(wanted - now) >= _CHANGED:
                changes.setdefault(int(cue), {})[dimension] = rounded(wanted)
                written += 1
        yield (
            f"{dimension}: mean distance held out {before:.3f} before, {after:.3f} after (pull {best:g}); "
            f"{written} cues moved"
        )
    write_strengths(classes)
    write_cues(lexicon, changes)


def _read(lexicon: Lexicon, tasks: Sequence[ScoredTask], language: str) -> tuple[npt.NDArray[np.int64], Batch]:
    classifier = Classifier(model=Model(), lexicon=lexicon)
    rows = np.array([i for i, task in enumerate(tasks) if task.language == language], np.int64)
    return rows, classifier.batch([tasks[i].text for i in rows], language)


def _own_weights(lexicon: Lexicon) -> npt.NDArray[np.bool_]:
    """Which cues have weights of their own, shape (cues, 6)."""
    strengths = read_strengths(refit=False)
    default = np.array([strengths[name].weights for name in lexicon.cue_strengths], np.int32)
    return default != lexicon.arrays.weights


def _design(
    lexicon: Lexicon, batches: Sequence[tuple[npt.NDArray[np.int64], Batch]], tasks: Sequence[ScoredTask], place: int,
    names: Sequence[str], own: npt.NDArray[np.bool_],
) -> _Design:
    roles = [ROLES.index(name) for name in FITTED_ROLES]
    task, cue, factor = [], [], []
    for rows, batch in batches:
        evidence = batch.settled
        hits = evidence.hits
        given, weights, state = (column[:, place] for column in (evidence.given, evidence.weights, evidence.state))
        fair = ~(hits.negated | hits.contrasted)
        counts = fair & (state == IN_FORCE)
        silent = fair & (state == NO_WEIGHT) & (evidence.factor > 0) & np.isin(hits.role, roles)
        use = counts | silent
        share = np.where(given != 0, weights / np.where(given == 0, 1, given), evidence.factor / LEVEL)
        task.append(rows[hits.text[use]])
        cue.append(hits.cue[use].astype(np.int64))
        factor.append(share[use])
    number = {name: i for i, name in enumerate(names)}
    base = lexicon.arrays.weights[:, place] / LEVEL
    fitted = np.isin(lexicon.arrays.role, roles)
    fitted &= np.array([name != BOUND for name in lexicon.cue_strengths])
    # Things that say nothing ("company", "case", "activity") stay silent.
    silent_thing = (lexicon.arrays.role == ROLES.index("object")) & np.array(
        [name in _SILENT for name in lexicon.cue_strengths]
    )
    cls = np.array([number[name] for name in lexicon.cue_strengths], np.int64)
    cls[own[:, place] | ~fitted] = -1
    return _Design(
        np.concatenate(task), np.concatenate(cue), np.concatenate(factor),
        np.array([item.scores[place] for item in tasks]), _balanced(tasks),
        np.array([item.read for item in tasks], np.bool_), base, np.where(base == 0, -1, cls),
        (np.abs(base) <= _WEAK) & fitted & ~silent_thing, fitted,
    )


def _balanced(tasks: Sequence[ScoredTask]) -> Floats:
    """Weights by which BPO and KPO (the codebook's rule on the labelled scores) count the same in each language."""
    labels = rule(np.array([task.scores for task in tasks]))[1]
    weights = np.ones(len(tasks))
    for language in LANGUAGES:
        of = np.array([task.language == language for task in tasks])
        for kpo in (False, True):
            some = of & (labels == kpo)
            weights[some] = of.sum() / (2 * max(int(some.sum()), 1))
    return weights * np.array([1.0 if task.read else PAIR_WEIGHT for task in tasks])


def _predicted(design: _Design, weights: Floats, count: int) -> tuple[Floats, Floats]:
    parts = weights[design.cue] * design.factor
    sums = np.bincount(design.task, parts, count).astype(np.float64)
    sizes = np.bincount(design.task, np.abs(parts), count).astype(np.float64)
    return sums / np.maximum(sizes, 1), sizes


def _fit(design: _Design, pull: float, used: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Shift of each class and of each cue that bring the scores of the used tasks nearest."""
    cues = np.unique(design.cue)
    place = np.full(len(design.base), -1, np.int64)
    place[cues] = np.arange(len(cues))
    count, classes = len(design.target), int(design.cls.max()) + 1
    cls, rows = design.cls[cues], place[design.cue]
    many = np.bincount(rows[used[design.task]], minlength=len(cues)) >= _FEWEST
    movable = many & design.fitted[cues] & ((design.base[cues] != 0) | design.free[cues])

    def loss(point: Floats) -> tuple[float, Floats]:
        shift, moved = point[:classes], point[classes:] * movable
        weights = design.base.copy()
        weights[cues] += np.where(cls >= 0, shift[np.maximum(cls, 0)], 0) + moved
        score, sizes = _predicted(design, weights, count)
        away = np.where(used, score - design.target, 0)
        pulled = away * design.weight
        big = sizes > 1
        slope = 2 * pulled / np.maximum(sizes, 1)
        per = slope[design.task] - np.where(
            big[design.task], slope[design.task] * score[design.task] * np.sign(weights[design.cue]), 0
        )
        by_cue = np.bincount(rows, per * design.factor, len(cues))
        by_class = np.bincount(cls[cls >= 0], by_cue[cls >= 0], classes)
        value = np.sum(pulled * away) + _CLASS_PULL * np.sum(shift**2) + pull * np.sum(moved**2)
        return float(value), np.concatenate([by_class + 2 * _CLASS_PULL * shift, (by_cue + 2 * pull * moved) * movable])

    found = minimize(
        loss, np.zeros(classes + len(cues)), jac=True, method="L-BFGS-B", options={"maxiter": 400, "gtol": 1e-6},
    )
    moved = np.zeros(len(design.base))
    moved[cues] = found.x[classes:] * movable
    return found.x[:classes], moved


def _held_out(design: _Design, folds: npt.NDArray[np.int64], pull: float | None) -> float:
    """Mean distance from the labelled score on tasks of occupations that the fit has not seen; None: without a fit."""
    count = len(design.target)
    error = np.zeros(count)
    for number in range(FOLDS):
        held = folds == number
        weights = design.base.copy()
        if pull is not None:
            shift, moved = _fit(design, pull, ~held)
            raw = weights + np.where(design.cls >= 0, shift[np.maximum(design.cls, 0)], 0) + moved
            weights = np.array([
                _signed(value, base, free=free) for value, base, free in zip(raw, weights, design.free, strict=True)
            ])
        error[held] = np.abs(_predicted(design, weights, count)[0] - design.target)[held]
    return float(np.average(error, weights=design.weight * design.read))


def _signed(value: float, base: float, *, free: bool = False) -> float:
    """The value within the sign of `base`; a weak cue may pass over to the other side a little."""
    lowest, highest = (0.0, 1.0) if base > 0 else (-1.0, 0.0) if base < 0 else (0.0, 0.0)
    if free:
        lowest, highest = min(lowest, -_FREE), max(highest, _FREE)
    return min(max(value, lowest), highest)
