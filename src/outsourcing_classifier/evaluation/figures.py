"""Figures of a labelled file: status, label, calibration, scores, each beside what is simpler."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from ..classifier import Classifier
from ..decision import rule
from ..dimensions import DIMENSIONS, LANGUAGES
from ..drift import drift
from ..errors import TaskFileError
from ..files.table import header_key
from ..gates import STATUSES
from .baselines import Tfidf, TrainingText, cue_sums, text_key, tfidf, training_folder, training_texts
from .intervals import (
    DECIMALS,
    Bools,
    Figures,
    Floats,
    Ints,
    balanced,
    balanced_lead,
    calibration,
    calibration_error,
    group_numbers,
    means,
    share,
    share_of,
)
from .labelled import NO_SAMPLE, LabelledFile, read_labelled

_MOSTLY: Final = 0.7  # share of doubtful rows among the decided ones from which they were chosen as such
_FEWEST_DECIDED: Final = 5
IN_SCOPE: Final = ("ok", "mixed", "insufficient")
LABELS: Final = ("BPO", "KPO")
_SIDES: Final = (False, True)  # of `kpo`, in the order of LABELS
BANDS: Final = ("high", "medium", "low")
METHODS: Final = ("tfidf", "rule", "cues", "majority")
OTHER_SOURCES: Final = ""  # the name under which rare sources are put together
_SHOWN_SOURCES: Final = 12
_FEWEST_IN_CURVE: Final = 10  # a share of fewer rows jumps
_CURVE_POINTS: Final = 60


def label_figures(kpo: Bools, probability: Floats, rule_kpo: Bools) -> Figures:
    """Figures of answered rows: truth (n,), P(KPO) (n,), the codebook rule's answer on the same scores (n,)."""
    answer = probability >= 0.5
    majority = bool(kpo.sum() * 2 > len(kpo))
    brier = None if not len(kpo) else round(float(np.mean((probability - kpo) ** 2)), DECIMALS)
    return {
        "accuracy": share_of(answer == kpo),
        "balanced_accuracy": balanced(kpo, answer),
        "recall": {name: share_of(answer[kpo == side] == side) for name, side in zip(LABELS, _SIDES, strict=True)},
        "brier": brier,
        "calibration_error": calibration_error(kpo, probability),
        "baselines": {
            "majority": {"label": LABELS[majority], "accuracy": share_of(kpo == majority)},
            "rule": {"accuracy": share_of(rule_kpo == kpo), "balanced_accuracy": balanced(kpo, rule_kpo)},
        },
    }


def status_figures(expected: Sequence[str], found: Sequence[str]) -> Figures:
    """How often the gates give the expected status; rows without one are left out."""
    pairs = [(right, got) for right, got in zip(expected, found, strict=True) if right]
    # In or out of scope is the first thing a planner needs; which way out comes second.
    scope = sum((right in IN_SCOPE) == (got in IN_SCOPE) for right, got in pairs)
    return {
        "accuracy": share(sum(right == got for right, got in pairs), len(pairs)),
        "scope_accuracy": share(scope, len(pairs)),
        "recall": {
            name: share(sum(pair == (name, name) for pair in pairs), sum(right == name for right, _ in pairs))
            for name in STATUSES
            if any(right == name for right, _ in pairs)
        },
    }


@dataclass(frozen=True, slots=True)
class Answers:
    """Columns of one entry a row: what the file says, and what we and simpler methods answer.

    ``answered`` rows got a label with the gates on, ``probability`` is its P(KPO), NaN elsewhere; ``forced_*``
    are answers with `assume_task` to all rows, an empty text counting as BPO with P one half. ``scores``
    (n, 6) are those of `assume_task`; ``cues`` the sums of `cue_sums`.
    """

    labelled: Bools
    kpo: Bools
    statuses: list[str]
    answered: Bools
    probability: Floats
    bands: list[str | None]
    forced_kpo: Bools
    forced_probability: Floats
    rule_kpo: Bools
    forced_rule_kpo: Bools
    scores: Floats
    cues: Ints
    tfidf: Tfidf
    languages: list[str]
    groups: Ints


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A labelled file, the answers to its rows, and the figures made of both (see `evaluate_file`)."""

    name: str
    data: LabelledFile
    answers: Answers
    figures: Figures


def evaluate_file(
    source: Path, classifier: Classifier, text_column: str | None = None, label_column: str | None = None
) -> Figures:
    """Figures of a labelled file, JSON-ready; `measure` gives the answers with them.

    Of all rows, and again under ``languages`` and ``sources`` of each language and source:

    - ``rows`` read, ``labelled``, ``coverage`` (labelled rows that get a label with the gates on);
    - with the gates on, where a label was given: ``accuracy``, ``balanced_accuracy``, ``recall`` and
      ``precision`` of each label, ``calibration``, ``bands`` (share right in each band), ``confusion`` (true
      label → answer or ``none``);
    - ``forced``: the same with every labelled row answered (`assume_task`);
    - ``baselines``: majority, the codebook's rule, counting cues, TF-IDF (None where left out), each on the
      ``answered`` rows and on ``all`` labelled ones; ``lead``: `balanced_lead` over TF-IDF, all rows answered;
    - ``status`` and ``scores`` (mean absolute error a dimension: all, where the labelled score is stated, and
      where it is 0, so silent) where the file has such columns, else None;
    - ``drift`` from the training texts, where the model knows what they are like (`Drift`).

    Shares carry Wilson intervals, means bootstrap ones, 95 %. Raises `TaskFileError`.
    """
    return measure(source, classifier, text_column, label_column).figures


def measure(
    source: Path, classifier: Classifier, text_column: str | None = None, label_column: str | None = None
) -> Evaluation:
    """A labelled file measured: rows, answers and figures. Raises `TaskFileError`."""
    data = read_labelled(source, text_column, label_column)
    if not any(data.labels):
        raise TaskFileError(f"{source.name}: column '{data.label_column}' holds no label; write BPO or KPO into it")
    _refuse_review_rows(source, data, classifier)
    training = training_texts(training_folder())
    answers = _answers(data, classifier, training)
    known = {row.key for row in training}
    every = np.ones(len(data.texts), np.bool_)
    figures = {
        "text_column": data.text_column,
        "label_column": data.label_column,
        "annotators": _annotators(data),
        "in_training_data": sum(text_key(text) in known for text in data.texts),
        "tfidf": {"trained_on": answers.tfidf.trained_on, "left_out": answers.tfidf.left_out},
        **_slice(data, answers, every),
        "curve": _curves(answers),
        "languages": {name: _slice(data, answers, of) for name, of in _by_language(answers)},
        "sources": {name: _slice(data, answers, of) for name, of in _by_source(data)},
        "versions": classifier.versions,
    }
    seen = drift(classifier, data.texts)
    if seen is not None:
        figures["drift"] = seen.to_dict()
    return Evaluation(source.name, data, answers, figures)


def _refuse_review_rows(source: Path, data: LabelledFile, classifier: Classifier) -> None:
    """Decisions beside our results that stand on doubtful rows nearly alone tell nothing of the others."""
    if header_key(data.label_column) != "decision":
        return
    decided = np.array([bool(label) for label in data.labels], np.bool_)
    doubtful = classifier.classify_many(data.texts).needs_review
    rest = doubtful[~decided]
    chosen = doubtful[decided].mean() >= _MOSTLY and (not len(rest) or rest.mean() < doubtful[decided].mean() / 2)
    if decided.sum() >= _FEWEST_DECIDED and chosen:
        raise TaskFileError(f"{source.name}: {NO_SAMPLE}")


def lead_over_tfidf(
    source: Path, classifier: Classifier, text_column: str | None = None, label_column: str | None = None
) -> Figures:
    """Balanced accuracy of ours minus TF-IDF's on the rows of a labelled file, every row answered.

    ``all``, ``en`` and ``de`` → `balanced_lead` or None where TF-IDF was left out. Raises `TaskFileError`.
    """
    figures = evaluate_file(source, classifier, text_column, label_column)
    return {"all": figures["lead"], **{name: of["lead"] for name, of in figures["languages"].items()}}


def _answers(data: LabelledFile, classifier: Classifier, training: Sequence[TrainingText]) -> Answers:
    gated = classifier.classify_many(data.texts)
    forced = classifier.classify_many(data.texts, assume_task=True)
    written = data.languages or ("",) * len(data.texts)
    languages = [own or read for own, read in zip(written, gated.language, strict=True)]
    # Without groups of its own, only equal texts of a file belong together.
    own_groups = data.groups or ("",) * len(data.texts)
    groups = [group or text for group, text in zip(own_groups, data.texts, strict=True)]
    return Answers(
        labelled=np.array([bool(label) for label in data.labels], np.bool_),
        kpo=np.array([label == "KPO" for label in data.labels], np.bool_),
        statuses=gated.status,
        answered=np.array([answer is not None for answer in gated.label], np.bool_),
        probability=gated.probability,
        bands=gated.band,
        forced_kpo=np.array([answer == "KPO" for answer in forced.label], np.bool_),
        forced_probability=np.nan_to_num(forced.probability, nan=0.5),
        rule_kpo=rule(gated.scores)[1],
        forced_rule_kpo=rule(forced.scores)[1],
        scores=forced.scores,
        cues=cue_sums(classifier, data.texts),
        tfidf=tfidf(data.texts, languages, groups, training),
        languages=languages,
        groups=group_numbers(groups),
    )


def _by_language(answers: Answers) -> Iterator[tuple[str, Bools]]:
    for language in LANGUAGES:
        of = np.array([name == language for name in answers.languages], np.bool_)
        if of.any():
            yield language, of


def _by_source(data: LabelledFile) -> Iterator[tuple[str, Bools]]:
    """The sources of a file, the largest first; many rare ones are put together."""
    sources = data.sources or ()
    counts = Counter(source for source in sources if source)
    shown = sorted(counts, key=lambda name: (-counts[name], name))
    if len(shown) > _SHOWN_SOURCES:
        shown = shown[: _SHOWN_SOURCES - 1]
    for name in shown:
        yield name, np.array([source == name for source in sources], np.bool_)
    rest = np.array([source not in shown for source in sources], np.bool_)
    if shown and rest.any():
        yield OTHER_SOURCES, rest


def _slice(data: LabelledFile, answers: Answers, of: Bools) -> Figures:
    """All figures of the rows of a mask (n,)."""
    a = answers
    labelled = of & a.labelled
    answered = labelled & a.answered
    pairs = Counter(zip(
        a.kpo[labelled].tolist(), np.where(a.answered, a.probability >= 0.5, -1)[labelled].tolist(), strict=True
    ))
    statuses = None if data.statuses is None else _status(
        [status for status, yes in zip(data.statuses, of, strict=True) if yes],
        [status for status, yes in zip(a.statuses, of, strict=True) if yes],
    )
    return {
        "rows": int(of.sum()),
        "labelled": int(labelled.sum()),
        "coverage": share_of(a.answered[labelled]),
        **_label(a.kpo[answered], a.probability[answered] >= 0.5),
        "calibration": calibration(a.kpo[answered], a.probability[answered], a.groups[answered]),
        "bands": _bands(a, answered),
        "confusion": {
            truth: {"BPO": pairs[side, 0], "KPO": pairs[side, 1], "none": pairs[side, -1]}
            for truth, side in zip(LABELS, _SIDES, strict=True)
        },
        "forced": {
            **_label(a.kpo[labelled], a.forced_kpo[labelled]),
            "calibration": calibration(a.kpo[labelled], a.forced_probability[labelled], a.groups[labelled]),
        },
        "baselines": _baselines(a, answered, labelled),
        "lead": _lead(a, labelled),
        "status": statuses,
        "scores": None if data.scores is None else _score_errors(data.scores[of], a.scores[of], a.groups[of]),
    }


def _label(kpo: Bools, answer: Bools) -> Figures:
    """Accuracy, balanced accuracy, and of each label how many are found and how many that are said are right."""
    sides = list(zip(LABELS, _SIDES, strict=True))
    return {
        "accuracy": share_of(answer == kpo),
        "balanced_accuracy": balanced(kpo, answer),
        "recall": {name: share_of(answer[kpo == side] == side) for name, side in sides},
        "precision": {name: share_of(kpo[answer == side] == side) for name, side in sides},
    }


def _bands(answers: Answers, answered: Bools) -> Figures:
    """Share of right labels in each band."""
    right = (answers.probability >= 0.5) == answers.kpo
    bands = np.array([band or "" for band in answers.bands])
    return {name: share_of(right[answered & (bands == name)]) for name in BANDS}


def _baselines(answers: Answers, answered: Bools, labelled: Bools) -> Figures:
    """Each simpler method on the rows that got a label with the gates on, and on all labelled rows."""
    a = answers
    majority = bool(a.kpo[labelled].sum() * 2 > labelled.sum())
    always = np.full(len(a.kpo), majority)
    counted = a.cues > 0  # no cue, or as many of both poles: BPO, as the codebook's rule says
    has_tfidf = ~np.isnan(a.tfidf.probability)
    by_tfidf = a.tfidf.probability >= 0.5

    def both(on_answered: Bools, on_all: Bools) -> Figures:
        return {
            name: {
                "accuracy": share_of(answer[of] == a.kpo[of]), "balanced_accuracy": balanced(a.kpo[of], answer[of])
            }
            for name, of, answer in (("answered", answered, on_answered), ("all", labelled, on_all))
        }

    complete = bool(labelled.any()) and bool(has_tfidf[labelled].all())
    return {
        "majority": {"label": LABELS[majority], **both(always, always)},
        "rule": both(a.rule_kpo, a.forced_rule_kpo),
        "cues": {"coverage": share_of(a.cues[labelled] != 0), **both(counted, counted)},
        "tfidf": both(by_tfidf, by_tfidf) if complete else None,
    }


def _lead(answers: Answers, labelled: Bools) -> Figures | None:
    a = answers
    if not labelled.any() or np.isnan(a.tfidf.probability[labelled]).any():
        return None
    return balanced_lead(
        a.kpo[labelled], a.forced_kpo[labelled], a.tfidf.probability[labelled] >= 0.5, a.groups[labelled]
    )


def _status(expected: Sequence[str], found: Sequence[str]) -> Figures:
    """`status_figures`, how many that are said are right, and expected → found in numbers."""
    pairs = Counter((right, got) for right, got in zip(expected, found, strict=True) if right)
    said: Counter[str] = Counter()
    for (_, got), count in pairs.items():
        said[got] += count
    return {
        **status_figures(expected, found),
        "precision": {name: share(pairs[name, name], said[name]) for name in STATUSES if said[name]},
        "confusion": {
            right: {got: pairs[right, got] for got in STATUSES if pairs[right, got]}
            for right in STATUSES
            if any(pairs[right, got] for got in STATUSES)
        },
    }


def _score_errors(right: Floats, found: Floats, groups: Ints) -> Figures:
    """Mean absolute error a dimension over the rows that give the score: all, stated (not 0), silent (0)."""
    distance = np.abs(right - found)
    columns = {
        "all": distance,
        "stated": np.where(right != 0, distance, np.nan),
        "silent": np.where(right == 0, distance, np.nan),
    }
    figures = means(np.hstack(list(columns.values())), groups)
    count = len(DIMENSIONS)
    return {
        name: {kind: figures[block * count + place] for block, kind in enumerate(columns)}
        for place, name in enumerate(DIMENSIONS)
    }


def _curves(answers: Answers) -> Figures:
    """Accuracy of the surest rows against their share, every labelled row answered: [[share, accuracy], …]."""
    a = answers
    kpo = a.kpo[a.labelled]
    curves = {"ours": _curve(kpo, a.forced_kpo[a.labelled], a.forced_probability[a.labelled])}
    other = a.tfidf.probability[a.labelled]
    if not np.isnan(other).any():
        curves["tfidf"] = _curve(kpo, other >= 0.5, other)
    return curves


def _curve(kpo: Bools, answer: Bools, probability: Floats) -> list[list[float]]:
    sureness = np.abs(2 * probability - 1)
    order = np.argsort(-sureness, kind="stable")
    right = np.cumsum((answer == kpo)[order])
    # Rows of equal probability come together, so that the order of rows does not matter.
    last = np.append(np.flatnonzero(np.diff(sureness[order])), len(order) - 1)
    last = np.append(last[(last + 1 >= _FEWEST_IN_CURVE) & (last < len(order) - 1)], len(order) - 1)
    if len(last) > _CURVE_POINTS:
        last = last[np.unique(np.linspace(0, len(last) - 1, _CURVE_POINTS).round().astype(int))]
    shares, accuracies = (last + 1) / len(order), right[last] / (last + 1)
    return [[round(x, DECIMALS), round(y, DECIMALS)] for x, y in zip(shares.tolist(), accuracies.tolist(), strict=True)]


def _annotators(data: LabelledFile) -> dict[str, int] | None:
    """Who or what labelled how many rows; None where the file does not say."""
    if data.annotators is None:
        return None
    statuses = data.statuses or ("",) * len(data.labels)
    counts = Counter(
        name for name, label, status in zip(data.annotators, data.labels, statuses, strict=True) if label or status
    )
    return dict(sorted(counts.items())) if any(counts) else None
