"""What strength classes, single cues and words weigh on each dimension, fitted to scores and labels.

Cues stay within their sign, only weak ones may change it; words beside the cues may take either. Both languages'
wordings of a task shall score alike, also where nobody has scored them.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize  # type: ignore[import-untyped]

from ..batch import Batch
from ..classifier import Classifier
from ..decision import DecisionModel, rule
from ..dimensions import CONTACT, DIMENSIONS, LANGUAGES
from ..estimator import FOLDS, fold_numbers
from ..evidence import IN_FORCE, NO_WEIGHT
from ..lexicon import Lexicon
from ..lexicon.codes import LEVEL, ROLES
from ..lexicon.compile import compile_tables
from ..lexicon.tables import read_strengths
from ..model import Model
from ..text.runs import first_of_each
from .contact import Batches, fit_contact
from .content import content_words, silent_words
from .tasks import ScoredTask
from .written import STEP, Floats, rounded, write_cues, write_strengths

FITTED: Final = ("focus", "process", "specialization", "activities")  # driver is stated too rarely; contact.py
# What is done and to what; the weights of explicit statements (norm, manner, qualification …) are the codebook's.
FITTED_ROLES: Final = ("action", "object", "word")
BOUND: Final = "profession"  # what professions do (interpret scans, draft claims) weighs what the codebook says
_SILENT: Final = ("neutral", "neutral_head")
_UNSCORED: Final = -1  # in place of a fold
_FEWEST: Final = 3  # tasks with a cue before its own weights move
_CLASS_PULL: Final = 30.0
_CUE_PULL: Final = 7.0  # towards what the tables say
_WORD_PULL: Final = 10.0  # towards silence
_LABEL: Final = 1.0  # what a wrong label weighs beside the distances of the scores
_TWIN: Final = 0.5  # what the distance of the scores of both wordings of a task weighs
_WEAK: Final = 0.25  # a cue of this weight says so little that its sign is no more than a guess
_FREE: Final = 0.25  # how far a weak cue may move to the other side
_CHANGED: Final = 0.1  # a smaller change of a single cue is not written
_WORD: Final = "word"
_WORD_CHANGED: Final = 0.05  # the same of a word
_PLACES: Final = [DIMENSIONS.index(name) for name in FITTED]


@dataclass(slots=True)
class _Design:
    """One dimension: what each cue (row of the tables) adds to each task before its weight."""

    task: npt.NDArray[np.int64]
    cue: npt.NDArray[np.int64]
    factor: Floats
    target: Floats
    base: Floats  # weight of each cue now
    cls: npt.NDArray[np.int64]  # strength class whose default a cue has, or -1
    free: npt.NDArray[np.bool_]  # weak cues, which may take either sign
    fitted: npt.NDArray[np.bool_]  # cues of the roles that are fitted
    word: npt.NDArray[np.bool_]  # words beside the cues


@dataclass(slots=True)
class _Problem:
    """All dimensions, and what is known of each task."""

    designs: list[_Design]
    rest: Floats  # margin of what is not fitted: driver, contact
    kpo: npt.NDArray[np.bool_]
    weight: Floats  # of each task: both labels of a language weigh the same; 0 without scores
    twins: npt.NDArray[np.int64]  # both wordings of a task, shape (2, pairs)


@dataclass(slots=True)
class _Part:
    """The unknowns of one dimension among all: shifts of its classes, then of its cues."""

    design: _Design
    cues: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int64]  # number of the cue of each entry among `cues`
    cls: npt.NDArray[np.int64]
    movable: npt.NDArray[np.bool_]
    pull: Floats  # towards what the tables say, of each cue
    shifts: slice
    moves: slice

    def weights(self, point: Floats) -> Floats:
        """Weight of each cue of the tables."""
        shift, moved = point[self.shifts], point[self.moves] * self.movable
        found = self.design.base.copy()
        found[self.cues] += np.where(self.cls >= 0, shift[np.maximum(self.cls, 0)], 0) + moved
        return found


def word_tables(language: str, tasks: Sequence[ScoredTask]) -> list[str]:
    """Words that stand in enough tasks of a language for a weight of their own."""
    lexicon = compile_tables(refit=False)
    classifier = Classifier(model=Model(), lexicon=lexicon)
    batch = classifier.batch([task.text for task in tasks], language)
    silent = silent_words(lexicon)
    found = Counter(
        word for words in content_words(lexicon, batch, classifier.forms) for word in words if word not in silent
    )
    return sorted(word for word, count in found.items() if count >= _FEWEST)


def fit_scores(tasks: Sequence[ScoredTask]) -> Iterator[str]:
    """Refit weights of classes, cues and words; yields the errors before and after, held out."""
    scored = np.array([bool(task.scores) for task in tasks])
    lexicon = compile_tables(refit=False, unweighed={
        language: word_tables(language, [task for task in tasks if task.language == language and task.scores])
        for language in LANGUAGES
    })
    strengths = read_strengths(refit=False)
    names = list(strengths)
    batches = [_read(lexicon, tasks, language) for language in LANGUAGES]
    problem = _problem(lexicon, batches, tasks, names)
    folds = fold_numbers([task.group for task in tasks])
    before, after = (_held_out(problem, folds, fit=fit) for fit in (False, True))
    for place, dimension in enumerate(FITTED):
        yield f"{dimension}: mean distance held out {before[place]:.3f} before, {after[place]:.3f} after"
    yield f"label, balanced, held out: {before[-1]:.3f} before, {after[-1]:.3f} after"
    contact, figures = fit_contact(lexicon, batches, tasks, np.where(scored, folds, _UNSCORED))
    yield figures
    changes = {cue: {DIMENSIONS[CONTACT]: weight} for cue, weight in contact.items()}
    classes: dict[str, dict[str, float]] = {}
    is_word = lexicon.arrays.role == ROLES.index(_WORD)
    for dimension, design, (shift, moved) in zip(
        FITTED, problem.designs, _fit(problem, np.ones(len(tasks), np.bool_)), strict=True
    ):
        place = DIMENSIONS.index(dimension)
        counts = np.bincount(design.cue, minlength=len(design.base))
        for number in np.flatnonzero(np.abs(shift) >= STEP):
            default = strengths[names[number]].weights[place] / LEVEL
            classes.setdefault(names[number], {})[dimension] = rounded(_signed(default + shift[number], default))
        for cue in np.flatnonzero((counts >= _FEWEST) & design.fitted):
            now = design.base[cue] + (shift[design.cls[cue]] if design.cls[cue] >= 0 else 0.0)
            wanted = _signed(now + moved[cue], design.base[cue], free=bool(design.free[cue]))
            if abs(wanted - now) >= (_WORD_CHANGED if is_word[cue] else _CHANGED):
                changes.setdefault(int(cue), {})[dimension] = rounded(wanted)
    yield f"{len(changes)} cues and words have weights of their own"
    write_strengths(classes)
    write_cues(lexicon, changes)


def _problem(lexicon: Lexicon, batches: Batches, tasks: Sequence[ScoredTask], names: Sequence[str]) -> _Problem:
    own = _own_weights(lexicon)
    margin = DecisionModel()
    rest = np.full(len(tasks), margin.intercept)
    for rows, batch in batches:
        for place, weight in enumerate(margin.coefficients):
            if place not in _PLACES:
                rest[rows] += weight * batch.scores[:, place]
    scores = np.array([task.scores or (0.0,) * len(DIMENSIONS) for task in tasks])
    kpo = rule(scores)[1]
    return _Problem(
        [_design(lexicon, batches, scores[:, place], place, names, own) for place in _PLACES], rest, kpo,
        _balanced(tasks, kpo), _twins(tasks),
    )


def _twins(tasks: Sequence[ScoredTask]) -> npt.NDArray[np.int64]:
    first: dict[str, int] = {}
    pairs = [
        (other, place) for place, task in enumerate(tasks) if (other := first.setdefault(task.key, place)) != place
    ]
    return np.array(pairs, np.int64).reshape(-1, 2).T


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
    lexicon: Lexicon, batches: Batches, target: Floats, place: int, names: Sequence[str], own: npt.NDArray[np.bool_],
) -> _Design:
    arrays = lexicon.arrays
    base = arrays.weights[:, place] / LEVEL
    fitted = np.isin(arrays.role, [ROLES.index(name) for name in FITTED_ROLES])
    is_word = arrays.role == ROLES.index(_WORD)
    # Things that say nothing ("company", "case", "activity") stay silent.
    silent_thing = (arrays.role == ROLES.index("object")) & np.array(
        [name in _SILENT for name in lexicon.cue_strengths]
    )
    free = (np.abs(base) <= _WEAK) & fitted & ~silent_thing
    task, cue, factor = [], [], []
    for rows, batch in batches:
        evidence = batch.settled
        hits = evidence.hits
        given, weights, state = (column[:, place] for column in (evidence.given, evidence.weights, evidence.state))
        fair = ~(hits.negated | hits.contrasted)
        counts = fair & (state == IN_FORCE)
        silent = fair & (state == NO_WEIGHT) & (evidence.factor > 0) & fitted[hits.cue]
        # Words speak only beside cues, each once a text.
        cued = np.flatnonzero((counts | silent) & ~is_word[hits.cue] & ((given != 0) | free[hits.cue]))
        word = silent & is_word[hits.cue]
        some = np.flatnonzero(word & np.isin(hits.text, hits.text[cued]))
        some = some[first_of_each(hits.text[some].astype(np.int64) * len(base) + hits.cue[some])]
        use = np.sort(np.append(np.flatnonzero(counts | (silent & ~word)), some))
        share = np.where(given != 0, weights / np.where(given == 0, 1, given), evidence.factor / LEVEL)
        task.append(rows[hits.text[use]])
        cue.append(hits.cue[use].astype(np.int64))
        factor.append(share[use])
    number = {name: i for i, name in enumerate(names)}
    fitted &= np.array([name != BOUND for name in lexicon.cue_strengths])
    cls = np.array([number[name] for name in lexicon.cue_strengths], np.int64)
    cls[own[:, place] | ~fitted] = -1
    return _Design(
        np.concatenate(task), np.concatenate(cue), np.concatenate(factor),
        target, base, np.where(base == 0, -1, cls), free & fitted, fitted,
        is_word,
    )


def _balanced(tasks: Sequence[ScoredTask], labels: npt.NDArray[np.bool_]) -> Floats:
    """Weights by which BPO and KPO (the codebook's rule on the labelled scores) count the same in each language."""
    weights = np.zeros(len(tasks))
    for language in LANGUAGES:
        of = np.array([task.language == language and bool(task.scores) for task in tasks])
        for kpo in (False, True):
            some = of & (labels == kpo)
            weights[some] = of.sum() / (2 * max(int(some.sum()), 1))
    return weights


def _predicted(design: _Design, weights: Floats, count: int) -> tuple[Floats, Floats]:
    parts = weights[design.cue] * design.factor
    sums = np.bincount(design.task, parts, count).astype(np.float64)
    sizes = np.bincount(design.task, np.abs(parts), count).astype(np.float64)
    return sums / np.maximum(sizes, 1), sizes


def _parts(problem: _Problem, used: npt.NDArray[np.bool_]) -> list[_Part]:
    parts, end = [], 0
    for design in problem.designs:
        cues = np.unique(design.cue)
        place = np.full(len(design.base), -1, np.int64)
        place[cues] = np.arange(len(cues))
        rows, classes = place[design.cue], int(design.cls.max()) + 1
        many = np.bincount(rows[used[design.task]], minlength=len(cues)) >= _FEWEST
        movable = many & design.fitted[cues] & ((design.base[cues] != 0) | design.free[cues])
        middle = end + classes
        shifts, moves = slice(end, middle), slice(middle, middle + len(cues))
        pull = np.where(design.word[cues], _WORD_PULL, _CUE_PULL)
        parts.append(_Part(design, cues, rows, design.cls[cues], movable, pull, shifts, moves))
        end = moves.stop
    return parts


def _fit(problem: _Problem, used: npt.NDArray[np.bool_]) -> list[tuple[Floats, Floats]]:
    """For each dimension the shift of each class and cue that bring scores and labels of the used tasks nearest."""
    parts = _parts(problem, used)
    model = DecisionModel()
    side, weight = np.where(problem.kpo, 1.0, -1.0), problem.weight * used
    count, (one, other) = len(side), problem.twins

    def loss(point: Floats) -> tuple[float, Floats]:
        weights = [part.weights(point) for part in parts]
        predicted = [_predicted(part.design, own, count) for part, own in zip(parts, weights, strict=True)]
        margin = problem.rest.copy()
        for place, (score, _) in zip(_PLACES, predicted, strict=True):
            margin += model.coefficients[place] * score
        agreement = side * model.slope * margin
        value = _LABEL * np.sum(weight * np.logaddexp(0, -agreement))
        steep = -_LABEL * weight * side * model.slope / (1 + np.exp(agreement))
        slopes = np.zeros_like(point)
        for place, part, own, (score, sizes) in zip(_PLACES, parts, weights, predicted, strict=True):
            design, shift, moved = part.design, point[part.shifts], point[part.moves] * part.movable
            away, apart = score - design.target, (score[one] - score[other]) * used[one]
            pulled = np.bincount(one, apart, count) - np.bincount(other, apart, count)
            slope = (
                2 * weight * away + 2 * _TWIN * pulled + steep * model.coefficients[place]
            ) / np.maximum(sizes, 1)
            per = slope[design.task] - np.where(
                (sizes > 1)[design.task], slope[design.task] * score[design.task] * np.sign(own[design.cue]), 0
            )
            by_cue = np.bincount(part.rows, per * design.factor, len(part.cues))
            classed = part.cls >= 0
            by_class = np.bincount(part.cls[classed], by_cue[classed], len(shift))
            value += np.sum(weight * away**2) + _TWIN * np.sum(apart**2)
            value += _CLASS_PULL * np.sum(shift**2) + np.sum(part.pull * moved**2)
            slopes[part.shifts] = by_class + 2 * _CLASS_PULL * shift
            slopes[part.moves] = (by_cue + 2 * part.pull * moved) * part.movable
        return float(value), slopes

    found = minimize(
        loss, np.zeros(parts[-1].moves.stop), jac=True, method="L-BFGS-B", options={"maxiter": 400, "gtol": 1e-6},
    ).x
    fitted = []
    for part in parts:
        moved = np.zeros(len(part.design.base))
        moved[part.cues] = found[part.moves] * part.movable
        fitted.append((found[part.shifts], moved))
    return fitted


def _held_out(problem: _Problem, folds: npt.NDArray[np.int64], *, fit: bool) -> list[float]:
    """Mean distances from the labelled scores, and balanced accuracy of the label, on occupations not seen."""
    count, designs, model = len(problem.kpo), problem.designs, DecisionModel()
    error, margin = np.zeros((count, len(designs))), problem.rest.copy()
    for number in range(FOLDS):
        held = folds == number
        changes = _fit(problem, ~held) if fit else [(np.zeros(0), np.zeros(0))] * len(designs)
        for i, (design, (shift, moved)) in enumerate(zip(designs, changes, strict=True)):
            weights = design.base
            if fit:
                raw = weights + np.where(design.cls >= 0, shift[np.maximum(design.cls, 0)], 0) + moved
                weights = np.array([
                    _signed(value, base, free=free)
                    for value, base, free in zip(raw, weights, design.free, strict=True)
                ])
            score = _predicted(design, weights, count)[0]
            error[held, i] = np.abs(score - design.target)[held]
            margin[held] += model.coefficients[_PLACES[i]] * score[held]
    right, known = (margin >= 0) == problem.kpo, problem.weight > 0
    balanced = np.mean([np.mean(right[known & (problem.kpo == kpo)]) for kpo in (False, True)])
    return [*np.average(error, axis=0, weights=problem.weight).tolist(), float(balanced)]


def _signed(value: float, base: float, *, free: bool = False) -> float:
    """The value within the sign of `base`; a weak cue may pass over to the other side a little."""
    lowest, highest = (0.0, 1.0) if base > 0 else (-1.0, 0.0) if base < 0 else (0.0, 0.0)
    if free:
        lowest, highest = min(lowest, -_FREE), max(highest, _FREE)
    return min(max(value, lowest), highest)
