"""A user's decided texts → a model of their own: the default model is the prior, and held-out texts the test."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from .. import __version__
from ..classifier import Classifier
from ..decisions import key
from ..dimensions import DIMENSIONS
from ..drift import reference
from ..estimator import fingerprint
from ..evaluation import balanced_lead
from ..lexicon import Lexicon, load_lexicon
from ..lexicon.codes import LEVEL, ROLES
from ..lexicon.compile import compile_tables
from ..lexicon.tables import LexiconSource, read_strengths
from ..model import Model, finished, load_model
from .design import Bools, read_design, reweighted
from .fit import FOLDS, PULLS, Fitted, Problem, Pull, chosen_pull, fit, learning_curve, moved_weights
from .groups import fold_numbers, group_names
from .narrow import SUPPORT, WEIGHTS, Proposal, Reader, overlay, overlay_cues
from .own_words import OwnWords
from .taught import Lesson

FEWEST: Final = 10  # decided texts of each label
_CHANGED: Final = 0.05  # a smaller change of how much a cue counts is not written


@dataclass(frozen=True, slots=True)
class Options:
    """What may be learned beside the decision.

    ``cue_weights``: how much cues count; ``accept``: take the proposed cues; ``phrases``: propose any.
    """

    cue_weights: bool = True
    accept: bool = False
    phrases: bool = True

    @property
    def pulls(self) -> tuple[Pull, ...]:
        """The strengths to choose from."""
        return tuple(pull for pull in PULLS if self.cue_weights or pull.cues is None)


@dataclass(frozen=True, slots=True)
class Learned:
    """A model that was learned, and what there is to say of it.

    ``proposals`` are part of the model where they were accepted; ``near`` counts near duplicates that are held out
    together; ``lead`` is `balanced_lead` of the new model over the default one, both on texts they have not seen;
    ``curve`` is `learning_curve`.
    """

    model: Model
    texts: int
    counts: dict[str, int]
    proposals: tuple[Proposal, ...]
    accepted: bool
    pull: Pull
    moved: int
    near: int
    lead: dict[str, Any]
    curve: list[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class _Texts:
    """Different decided texts in canonical order."""

    lessons: tuple[Lesson, ...]
    names: tuple[str, ...]
    near: int

    @property
    def texts(self) -> list[str]:
        return [lesson.text for lesson in self.lessons]

    @property
    def kpo(self) -> Bools:
        return np.array([lesson.label == "KPO" for lesson in self.lessons], np.bool_)


def learn(
    lessons: Sequence[Lesson], options: Options | None = None, lexicon: LexiconSource | None = None, *,
    measured: bool = True,
) -> Learned:
    """The model that decided texts give; any order of them gives the same.

    ``lexicon`` is the user's own table: its cues are read and stay as they are. ``measured`` says whether figures on
    held-out texts are made.
    """
    options = options or Options()
    data = _texts(lessons)
    with threadpool_limits(1):
        teacher = _Teacher(data, options, () if lexicon is None else (lexicon,))
        everything = np.ones(len(data.lessons), np.bool_)
        proposals = teacher.proposals(everything)
        problem, words = teacher.problem(proposals)
        pull = chosen_pull(problem, everything, options.pulls)
        fitted = fit(problem, everything, pull)
        rows = [*_moved(words, problem, fitted)]
        moved = len(rows)
        if options.accept:
            rows += [row for proposal in proposals for row in proposal.rows]
        lead, curve = teacher.held_out() if measured else {}, []
        if measured:
            curve = learning_curve(problem, pull if pull.decision else PULLS[3 if options.cue_weights else 1])
    counts = Counter(lesson.label for lesson in data.lessons)
    model = finished(Model(
        decision=fitted.decision, lexicon_fingerprint=words.fingerprint,
        # Of what was read from the texts, never of the texts themselves.
        training_fingerprint=fingerprint(
            repr((side, weight, scores)) for side, weight, scores in zip(
                problem.kpo.tolist(), problem.weight.tolist(),
                np.round(problem.design.scores(np.ones(len(problem.design.cues)))[0], 3).tolist(), strict=True,
            )
        ),
        figures={
            "prior": teacher.base.version, "texts": len(data.lessons), "decided": dict(sorted(counts.items())),
            "held_out": lead, "learning_curve": [list(point) for point in curve],
            "pull": {"decision": pull.decision, "cues": pull.cues}, "cues_moved": moved,
            "cues_accepted": len(rows) - moved,
        },
        versions={"package": __version__}, cues=tuple(rows),
    ))
    # What the texts are like, so that drift can be seen; nothing of the texts.
    own = None if lexicon is None else load_lexicon(lexicon)
    known = reference(Classifier(model=model, lexicon=own), data.texts)
    model = finished(replace(model, reference=known))
    return Learned(
        model, len(data.lessons), dict(counts), tuple(proposals), options.accept, pull, moved, data.near, lead, curve,
    )


def _texts(lessons: Sequence[Lesson]) -> _Texts:
    """Equal texts once; what belongs together keeps the name of its group."""
    lessons = sorted(lessons)
    names, near = group_names(lessons)
    first: dict[str, int] = {}
    for place, lesson in enumerate(lessons):
        first.setdefault(key(lesson.text), place)
    kept = sorted(first.values())
    return _Texts(tuple(lessons[place] for place in kept), tuple(names[place] for place in kept), near)


class _Teacher:
    """The steps of learning, for any part of the texts: the same for the model as for its test."""

    def __init__(self, data: _Texts, options: Options, own: tuple[LexiconSource, ...]) -> None:
        self._data, self._options, self._own = data, options, own
        self.base = load_model()
        self._words = compile_tables(*own)
        self._default = Classifier(model=self.base, lexicon=self._words)
        self._reader = Reader(self._default, data.texts)
        self._own_words = OwnWords(self._default, data.lessons) if options.phrases else None
        self._compiled: dict[tuple[Proposal, ...], Lexicon] = {}

    def proposals(self, rows: Any) -> list[Proposal]:
        """New cues from the errors in the chosen texts, each as strong as its texts ask for."""
        if self._own_words is None:
            return []
        data = self._data
        found = self._reader.propose(data.kpo, rows, data.names)
        explained = {text for one in found for text in one.wrong}
        found += self._own_words.propose(rows, data.names, explained)
        chosen: dict[int, Proposal] = {}
        for weight in WEIGHTS if found else ():
            trial = [chosen.get(place, replace(one, weight=weight)) for place, one in enumerate(found)]
            kpo = self._read_with(trial)
            for place, one in enumerate(trial):
                still = {data.names[text] for text in one.texts if kpo[text] != (one.label == "KPO")}
                if weight == WEIGHTS[-1] or not still:
                    chosen.setdefault(place, replace(one, stated=len(still) >= SUPPORT))
        return [chosen[place] for place in range(len(found))]

    def _read_with(self, proposals: Sequence[Proposal]) -> Bools:
        """Which decided texts come out as KPO with these cues."""
        reading = Classifier(model=self.base, lexicon=self._with(proposals))
        kpo: Bools = reading.classify_many(self._data.texts, assume_task=True).probability >= 0.5
        return kpo

    def problem(self, proposals: Sequence[Proposal]) -> tuple[Problem, Lexicon]:
        """What is to be fitted, read with the proposals where they are accepted; and the words it is read with."""
        data = self._data
        words = self._with(proposals if self._options.accept else ())
        design = read_design(Classifier(model=self.base, lexicon=words), data.texts)
        own = np.array([lesson.scores or (np.nan,) * len(DIMENSIONS) for lesson in data.lessons])
        weight = np.array([lesson.weight for lesson in data.lessons])
        return Problem(design, data.kpo, weight, own, data.names, self.base.decision), words

    def held_out(self) -> dict[str, Any]:
        """Balanced accuracy of the whole procedure on texts it has not seen, beside the default model's."""
        data = self._data
        folds = fold_numbers(data.names, FOLDS, "outer")
        ours = np.zeros(len(folds), np.bool_)
        theirs = self._reader.kpo
        problem, words = self.problem(())
        for number in range(FOLDS):
            used, held = folds != number, np.flatnonzero(folds == number)
            if not len(held):
                continue
            if self._options.accept:
                problem, words = self.problem(self.proposals(used))
            if not (data.kpo[used].any() and (~data.kpo[used]).any()):
                ours[held] = theirs[held]
                continue
            pull = chosen_pull(problem, used, self._options.pulls)
            fitted = fit(problem, used, pull)
            cues = problem.design.cues
            other = reweighted(words, cues, moved_weights(words.arrays.weights[cues], fitted.factors))
            taught = Classifier(model=replace(self.base, decision=fitted.decision), lexicon=other)
            answers = taught.classify_many([data.texts[place] for place in held], assume_task=True)
            ours[held] = answers.probability >= 0.5
        return balanced_lead(data.kpo, ours, theirs)

    def _with(self, proposals: Sequence[Proposal]) -> Lexicon:
        """The words with proposals; compiled once for all weights that these may have."""
        if not proposals:
            return self._words
        full = tuple(replace(one, weight=WEIGHTS[-1]) for one in proposals)
        if full not in self._compiled:
            self._compiled[full] = compile_tables(overlay(full), *self._own)
        words = self._compiled[full]
        number = {identity: cue for cue, identity in enumerate(words.identities)}
        cues = np.array([number[identity] for one in proposals for identity in one.identities], np.int64)
        return reweighted(words, cues, np.array([cue.weights for cue in overlay_cues(proposals)], np.int32))


def _moved(words: Lexicon, problem: Problem, fitted: Fitted) -> Iterator[dict[str, str]]:
    """Cues that count more or less than before, as rows of a user's table."""
    strengths = read_strengths()
    cues = problem.design.cues
    weights = moved_weights(words.arrays.weights[cues], fitted.factors)
    for place in np.flatnonzero(np.abs(fitted.factors - 1) >= _CHANGED).tolist():
        cue = int(cues[place])
        language, _, _, needs = words.identities[cue]
        strength = words.cue_strengths[cue]
        row = {
            "language": language, "cue": words.cue_texts[cue], "role": ROLES[words.arrays.role[cue]],
            "strength": strength, "needs": " ".join(f"{name}={value}" for name, value in needs),
            "note": f"learned: counts {fitted.factors[place]:.2f} times",
        }
        for name, weight, default in zip(DIMENSIONS, weights[place].tolist(), strengths[strength].weights, strict=True):
            if weight != default:
                row[name] = f"{weight / LEVEL:g}"
        yield row
