"""Proposals from labels and scores: what a regression of the residual (label minus our answer) gives to words."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse  # type: ignore[import-untyped]
from scipy.optimize import minimize  # type: ignore[import-untyped]
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from ..dimensions import DIMENSIONS
from .cues import MOVABLE_ROLES, KnownCues
from .gathered import BareWord, Feature, Gathered
from .table import Suggestion, counted_rows, example_rows, rows_of
from .tasks import kpo_labels, labelled_scores
from .words import usual_spelling

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
_RIDGE: Final = 1.0  # pull of the regressions towards no change
_LEAST_SHIFT: Final = 0.15  # of a score, by which labelled scores must move a word
_LEAST_LOG_ODDS: Final = 0.5  # the same for labels
_OFF: Final = 0.1  # margin by which labelled scores lie above or below ours
_ROWS_PER_CONTRARY: Final = 3.0  # rows for a direction per row against it
_FEWEST_WRONG: Final = 2  # rows with the other answer before a known cue is moved


class _Support(NamedTuple):
    """What the rows with a word ask of it."""

    label: str
    shift: Floats  # of its six weights
    rows: list[int]  # for this direction, those with the other answer first
    wrong: int
    against: int


def from_labels(found: Gathered, cues: KnownCues, at_least: int) -> Iterator[Suggestion]:
    """What the residual asks of words in their role: scores say it by dimension, labels as a margin."""
    names, design = _matrix(found, cues, at_least)
    if not names:
        return
    residual = _Residual(found, cues, at_least)
    shifts, log_odds = residual.fit(design)
    columns = design.tocsc()
    for place, name in enumerate(names):
        rows = columns.indices[columns.indptr[place] : columns.indptr[place + 1]]
        support = residual.support(rows, shifts[place], float(log_odds[place]), _role(name, cues))
        if support is None:
            continue
        note = (
            f"{counted_rows(len(support.rows))} for {support.label}, {support.against} against"
            f"{example_rows(found.tasks, support.rows)}"
        )
        known = _its_cue(name, cues)
        if isinstance(known, int):
            moved = _moved_cue(known, support, note, cues)
            yield from () if moved is None else (moved,)
        else:
            yield _first_cue(known, support, note, found, cues)


def _role(name: Feature, cues: KnownCues) -> str:
    return cues.roles[name] if isinstance(name, int) else name.role


def _its_cue(name: Feature, cues: KnownCues) -> Feature:
    """A word as the number of its cue, where it has one that did not count where it stood."""
    cue = name if isinstance(name, int) else cues.named(name.language, name.lemma, name.role)
    return name if cue is None else cue


def _matrix(found: Gathered, cues: KnownCues, at_least: int) -> tuple[list[Feature], Any]:
    """Words in their role that enough labelled tasks have, and a matrix (tasks, words) of 0 and 1."""
    counts = Counter(item for items in found.features for item in items)
    names = sorted(
        (name for name, count in counts.items() if count >= at_least and _role(name, cues) in MOVABLE_ROLES), key=repr
    )
    place = {name: number for number, name in enumerate(names)}
    pairs = [(row, place[item]) for row, items in enumerate(found.features) for item in items if item in place]
    cells = np.array(pairs, np.int64).reshape(-1, 2)
    return names, sparse.csr_matrix((np.ones(len(cells)), cells.T), shape=(len(found.features), len(names)))


class _Residual:
    """Labels and scores of the tasks beside our answers."""

    def __init__(self, found: Gathered, cues: KnownCues, at_least: int) -> None:
        self._cues, self._at_least = cues, at_least
        self._kpo, self._labelled = kpo_labels(found.tasks)
        ours = np.array([answer.kpo for answer in found.answers])
        self._wrong = self._labelled & (ours != self._kpo)
        self._margin = np.array([answer.margin for answer in found.answers])
        self._away = labelled_scores(found.tasks) - np.array([answer.scores for answer in found.answers])
        self._above = cues.margin(np.nan_to_num(self._away))

    def fit(self, design: Any) -> tuple[Floats, Floats]:
        """By how much each word moves the six scores, shape (words, 6), and the log-odds of KPO."""
        some = self._labelled
        with threadpool_limits(1):
            shifts = np.column_stack([_fit_scores(design, column) for column in self._away.T])
            return shifts, _fit_labels(design[some], self._cues.slope * self._margin[some], self._kpo[some])

    def support(self, rows: npt.NDArray[np.int32], shift: Floats, log_odds: float, role: str) -> _Support | None:
        """What the rows with a word ask of it by their scores, else by their labels; None where too few agree."""
        shift = np.where(np.abs(shift) >= _LEAST_SHIFT, shift, 0)
        side = float(self._cues.margin(shift))
        if side:
            up, down = rows[self._above[rows] >= _OFF], rows[self._above[rows] <= -_OFF]
        elif abs(log_odds) >= _LEAST_LOG_ODDS:
            side, shift = log_odds, self._cues.spread(role, log_odds / self._cues.slope)
            labelled = rows[self._labelled[rows]]
            up, down = labelled[self._kpo[labelled]], labelled[~self._kpo[labelled]]
        else:
            return None
        rows_for, against = (up, down) if side > 0 else (down, up)
        if len(rows_for) < max(self._at_least, _ROWS_PER_CONTRARY * len(against)):
            return None
        wrong = self._wrong[rows_for] & (self._kpo[rows_for] == (side > 0))
        return _Support(
            "KPO" if side > 0 else "BPO", shift, [*rows_for[wrong].tolist(), *rows_for[~wrong].tolist()],
            int(wrong.sum()), len(against),
        )


def _moved_cue(cue: int, support: _Support, note: str, cues: KnownCues) -> Suggestion | None:
    """The row that moves a cue; None where nothing would change."""
    language, strength, now = cues.lexicon.identities[cue][0], cues.strengths[cue], cues.weights[cue]
    weights = cues.own_weights(strength, now + support.shift)
    if support.wrong < _FEWEST_WRONG or weights == cues.own_weights(strength, now):
        return None
    return Suggestion(
        "weight", language, cues.texts[cue], cues.roles[cue], strength, len(support.rows), note, weights,
        cues.needs(cue),
    )


def _first_cue(word: BareWord, support: _Support, note: str, found: Gathered, cues: KnownCues) -> Suggestion:
    """The row that gives a word its first cue in this role."""
    role, language, lemma, known = word
    now = np.zeros(len(DIMENSIONS))
    if known:  # so far read by its head, or known and without a cue in this role
        forms = found.bare[language, lemma]
        head = cues.of_word(forms[0], role)
        now = now if head is None else cues.weights[head]
        spellings = Counter(form.form for form in forms)
    else:
        spellings = found.unknown[language, lemma].spellings
        note += "; not known so far"
    text = usual_spelling(spellings, language, lemma, role)
    strength = cues.nearest_strength(role, now + support.shift)
    return Suggestion(
        "weight", language, text, role, strength, len(support.rows), note, support=rows_of(found.tasks, support.rows),
        wrong=rows_of(found.tasks, support.rows[: support.wrong]), against=support.against,
    )


def _fit_labels(design: Any, margin: Floats, kpo: Bools) -> Floats:
    """Log-odds by which each word moves labels away from our margin; the intercept takes what all rows share."""
    sign = np.where(kpo, 1.0, -1.0)

    def loss(point: Floats) -> tuple[float, Floats]:
        value = sign * (margin + point[0] + design @ point[1:])
        slope = -sign / (1 + np.exp(np.clip(value, -500, 500)))
        gradient = np.concatenate([[slope.sum()], design.T @ slope + _RIDGE * point[1:]])
        return float(np.logaddexp(0, -value).sum() + _RIDGE / 2 * np.sum(point[1:] ** 2)), gradient

    start = np.zeros(design.shape[1] + 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500, "gtol": 1e-6})
    return _rounded(found.x[1:])


def _fit_scores(design: Any, away: Floats) -> Floats:
    """How far each word moves one score away from ours; rows without the score (NaN) are left out."""
    from sklearn.linear_model import Ridge

    given = ~np.isnan(away)
    if not given.any():
        return np.zeros(design.shape[1])
    return _rounded(Ridge(alpha=_RIDGE, solver="sparse_cg", tol=1e-9).fit(design[given], away[given]).coef_)


def _rounded(values: Floats) -> Floats:
    """The last digits may differ between machines, and a table must not."""
    return np.round(values, 4) + 0.0
