"""`lexicon refit`: weights of words learned from scored tasks, written into the lexicon tables.

Reads `training_data/scored/tasks.csv` (keys, statuses, six scores; no texts) and the texts from a folder of
`tasks_*.csv`. Two fits, each pulled towards what the tables say:

- scores: what strength classes and single cues weigh on each dimension, within their sign;
- scope: what single words, object classes and strengths of actions say of hands and presence.

`train` takes the tables as given, so neither training nor its check needs the texts.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse  # type: ignore[import-untyped]
from scipy.optimize import minimize  # type: ignore[import-untyped]
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from .batch import Batch
from .classifier import Classifier
from .decision import GateModel, rule
from .dimensions import DIMENSIONS, LANGUAGES
from .errors import TrainingDataError
from .estimator import FOLDS, fold_numbers
from .evidence import IN_FORCE, NO_WEIGHT
from .files.output import complete_file
from .gates import margins
from .lexicon import Lexicon
from .lexicon.compile import compile_tables
from .lexicon.tables import FOLDER, LEVEL, OTHER_TABLES, ROLES, SCOPE_PLACES, TEXT, read_rows, read_strengths
from .lexicon.words import fold
from .model import Model
from .reading.scope import scope_places

Floats = npt.NDArray[np.float64]
SOURCE: Final = "scored_tasks"
COLUMNS: Final = ("key", "language", "status", "label", *DIMENSIONS, "annotator")
FITTED: Final = ("focus", "process", "specialization", "activities")  # driver and contact are stated too rarely
# What is done and to what; the weights of explicit statements (norm, manner, qualification …) are the codebook's.
FITTED_ROLES: Final = ("action", "object")
_BOUND: Final = "profession"  # what professions do (interpret scans, draft claims) weighs what the codebook says
STATUS_CLASSES: Final = {"ok": 0, "mixed": 0, "out_physical": 1, "out_presence": 2}
SCOPE_UNIT: Final = 3.0  # log-odds of a weight of 1 in the scope tables
_UNLABELLED: Final = ("esco_skill_label", "cpv_services", "isco08_label")  # sources of pairs that nobody labelled
_PAIR_WEIGHT: Final = 0.3  # of a task in such a pair
_TRANSLATED: Final = "onet_task_deepl"  # tasks translated by a machine
_STEP: Final = 0.05  # weights are written in steps of this size
_FEWEST: Final = 3  # tasks with a cue before its own weights move
_CLASS_PULL: Final = 30.0
_FREE: Final = 0.5  # how far an action without weight may move
_CHANGED: Final = 0.1  # a smaller change of a single cue is not written
_SCOPE_PULL: Final = 3.0
_CLASS_SCALE: Final = 2.0  # classes carry over to words never seen: they are pulled less than words
_SAID: Final = 0.04  # a smaller weight of a word is not written


@dataclass(frozen=True, slots=True)
class ScoredTask:
    """A task with its status and, where that is ok, six scores; `group` keeps tasks of one occupation together.

    ``read`` is whether somebody labelled it (or its translation); others are pairs on which both languages
    were brought to the same answer, and count less.
    """

    text: str
    language: str
    group: str
    status: str
    scores: tuple[float, ...]
    read: bool = True


def read_scored(scored: Path, folder: Path) -> list[ScoredTask]:
    """Scored tasks with their texts, and their translations where there are any, so that both languages learn alike.

    Raises `TrainingDataError` where a key has no text.
    """
    twins = _translations(folder / "parallel_en_de.csv")
    texts: dict[str, tuple[str, str]] = {}
    for path in sorted(folder.glob("tasks_*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                texts[row["key"]] = (row["text"], row["code"] or row["key"])
    tasks = []
    with scored.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            if row["key"] not in texts:
                raise TrainingDataError(f"{scored.name}, row {number}: no text for key {row['key']} in {folder}")
            text, group = texts[row["key"]]
            scores = tuple(float(row[name]) for name in DIMENSIONS) if row["status"] == "ok" else ()
            tasks.append(ScoredTask(text, row["language"], group, row["status"], scores))
            if row["language"] == "en" and text in twins:
                tasks.append(ScoredTask(twins[text], "de", group, row["status"], scores))
    return tasks


def _translations(path: Path) -> dict[str, str]:
    """German wording of English tasks, where the file with translations is there."""
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {row["en"]: row["de"] for row in csv.DictReader(file) if row["source"] == _TRANSLATED}


def refit(scored: Path, folder: Path, say: Callable[[str], None]) -> None:
    """Both fits, twice: the second time with pairs of translations on which both languages agree half-way."""
    tasks = read_scored(scored, folder)
    say(f"{len(tasks)} scored tasks")
    with threadpool_limits(1):
        _fit_all(tasks, lambda _: None)
        pairs = _paired(folder / "parallel_en_de.csv")
        say(f"{len(pairs)} unlabelled translations")
        _fit_all(tasks + pairs, say)


def _fit_all(tasks: Sequence[ScoredTask], say: Callable[[str], None]) -> None:
    for language in LANGUAGES:
        own = [task for task in tasks if task.language == language]
        rows, figures = fit_scope(compile_tables(refit=False), own, language)
        _write_scope(language, rows)
        say(f"{language}: {len(rows)} words of hands and presence; {figures}")
    for line in fit_scores(compile_tables(refit=False), [task for task in tasks if task.status == "ok"]):
        say(line)


def _paired(path: Path) -> list[ScoredTask]:
    """Translations with the mean of what both languages say of them now: margins of the gates, and scores."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        pairs = [row for row in csv.DictReader(file) if row["source"] in _UNLABELLED]
    classifier = Classifier(model=Model(), lexicon=compile_tables())
    batches = [
        classifier.batch([row[language] for row in pairs], language, assume_task=False) for language in LANGUAGES
    ]
    margin = sum(margins(batch.gates.features, GateModel()) for batch in batches if batch.gates.features is not None)
    scores = sum(batch.scores for batch in batches) / len(batches)
    stated = batches[0].stated.any(axis=1) & batches[1].stated.any(axis=1)
    tasks = []
    for i, row in enumerate(pairs):
        hands, presence = margin[i]
        status = "ok" if max(hands, presence) <= 0 else "out_physical" if hands >= presence else "out_presence"
        if status == "ok" and not stated[i]:
            continue
        tasks += [
            ScoredTask(row[language], language, row["code"], status, tuple(scores[i]), read=False)
            for language in LANGUAGES
        ]
    return tasks


# --- scores


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
    free: npt.NDArray[np.bool_]  # actions without weight, which may take a sign
    fitted: npt.NDArray[np.bool_]  # cues of the roles that are fitted


def fit_scores(lexicon: Lexicon, tasks: Sequence[ScoredTask]) -> Iterable[str]:
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
        best = min((10.0, 20.0), key=lambda pull: _held_out(design, folds, pull))
        before, after = _held_out(design, folds, None), _held_out(design, folds, best)
        shift, moved = _fit(design, best, np.ones(len(tasks), np.bool_))
        counts = np.bincount(design.cue, minlength=len(design.base))
        for number in np.flatnonzero(np.abs(shift) >= _STEP):
            default = strengths[names[number]].weights[place] / LEVEL
            classes.setdefault(names[number], {})[dimension] = _rounded(_signed(default + shift[number], default))
        written = 0
        for cue in np.flatnonzero((counts >= _FEWEST) & design.fitted):
            now = design.base[cue] + (shift[design.cls[cue]] if design.cls[cue] >= 0 else 0.0)
            wanted = _signed(now + moved[cue], design.base[cue], free=bool(design.free[cue]))
            if abs(wanted - now) >= _CHANGED:
                changes.setdefault(int(cue), {})[dimension] = _rounded(wanted)
                written += 1
        yield (
            f"{dimension}: mean distance held out {before:.3f} before, {after:.3f} after (pull {best:g}); "
            f"{written} cues moved"
        )
    _write_strengths(classes)
    _write_cues(lexicon, changes)


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
    fitted &= np.array([name != _BOUND for name in lexicon.cue_strengths])
    cls = np.array([number[name] for name in lexicon.cue_strengths], np.int64)
    cls[own[:, place] | ~fitted] = -1
    return _Design(
        np.concatenate(task), np.concatenate(cue), np.concatenate(factor),
        np.array([item.scores[place] for item in tasks]), _balanced(tasks),
        np.array([item.read for item in tasks], np.bool_), base, np.where(base == 0, -1, cls),
        (base == 0) & fitted, fitted,
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
    return weights * np.array([1.0 if task.read else _PAIR_WEIGHT for task in tasks])


def _predicted(design: _Design, weights: Floats, count: int) -> tuple[Floats, Floats, Floats]:
    parts = weights[design.cue] * design.factor
    sums = np.bincount(design.task, parts, count)
    sizes = np.bincount(design.task, np.abs(parts), count)
    return sums / np.maximum(sizes, 1), sums, sizes


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
        score, _, sizes = _predicted(design, weights, count)
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
    for fold in range(FOLDS):
        held = folds == fold
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
    """The value within the sign of `base`; an action without weight may take a small one."""
    if base == 0:
        return min(max(value, -_FREE), _FREE) if free else 0.0
    return min(max(value, 0.0), 1.0) if base > 0 else max(min(value, 0.0), -1.0)


def _rounded(value: float) -> float:
    return round(round(value / _STEP) * _STEP, 2) + 0.0


def _write_strengths(classes: dict[str, dict[str, float]]) -> None:
    lines = ["\t".join(("strength", *DIMENSIONS, "note"))]
    lines += [_line(name, weights) for name, weights in sorted(classes.items())]
    _replace(FOLDER / "shared" / "refit.tsv", "\n".join(lines) + "\n")


def _write_cues(lexicon: Lexicon, changes: dict[int, dict[str, float]]) -> None:
    for language in LANGUAGES:
        lines = ["\t".join(("cue", "role", "needs", *DIMENSIONS, "note"))]
        rows = []
        for number, weights in changes.items():
            side, cue, role, needs = lexicon.identities[number]
            if side == language:
                conditions = " ".join(f"{key}={value}" for key, value in needs)
                rows.append(_line(f"{cue}\t{role}\t{conditions}", weights))
        _replace(FOLDER / language / "refit.tsv", "\n".join([*lines, *sorted(rows)]) + "\n")


def _line(start: str, weights: dict[str, float]) -> str:
    numbers = (f"{weights[name]:g}" if name in weights else "" for name in DIMENSIONS)
    return "\t".join((start, *numbers, f"refit: {SOURCE}"))


# --- scope


def fit_scope(lexicon: Lexicon, tasks: Sequence[ScoredTask], language: str) -> tuple[list[tuple[str, ...]], str]:
    """Rows of the scope table, and recall and precision held out by occupation, as a sentence."""
    from sklearn.linear_model import LogisticRegression

    chosen = [task for task in tasks if task.status in STATUS_CLASSES]
    classifier = Classifier(model=Model(), lexicon=lexicon)
    words = _scope_words(lexicon, classifier.batch([task.text for task in chosen], language), classifier)
    counts = Counter(name for found in words for name in found)
    names = sorted(name for name, count in counts.items() if count >= 2)
    place = {name: number for number, name in enumerate(names)}
    scale = np.array([_CLASS_SCALE if ":@" in name else 1.0 for name in names])
    rows, columns, values = zip(*(
        (row, place[name], float(n)) for row, found in enumerate(words) for name, n in found.items() if name in place
    ), strict=True)
    design = sparse.csr_matrix((values, (rows, columns)), shape=(len(chosen), len(names))) @ sparse.diags(scale)
    target = np.array([STATUS_CLASSES[task.status] for task in chosen])

    read = np.array([task.read for task in chosen], np.bool_)
    weight = np.where(read, 1.0, _PAIR_WEIGHT)

    def fitted(used: npt.NDArray[np.bool_]) -> Any:
        trained = LogisticRegression(C=1 / _SCOPE_PULL, max_iter=3000, tol=1e-6)
        return trained.fit(design[used], target[used], sample_weight=weight[used])

    folds = fold_numbers([task.group for task in chosen])
    out = np.zeros(len(chosen), np.bool_)
    for fold in range(FOLDS):
        out[folds == fold] = fitted(folds != fold).predict_proba(design[folds == fold])[:, 0] < 0.5
    recall, precision = np.mean(out[(target > 0) & read]), np.mean(target[out & read] > 0)
    figures = f"held out: recall {recall:.3f}, precision {precision:.3f}"
    model = fitted(np.ones(len(chosen), np.bool_))
    weights = (model.coef_[1:] - model.coef_[0]) * scale / SCOPE_UNIT
    base = (model.intercept_[1:] - model.intercept_[0]) / SCOPE_UNIT
    found = [(TEXT, "other", *(f"{value:.2f}" for value in base.tolist()), f"refit: {SOURCE}")]
    for name, hands, presence in zip(names, *weights.tolist(), strict=True):
        where, _, word = name.partition(":")
        said = [round(min(max(value, -1.0), 1.0), 2) for value in (hands, presence)]
        if max(map(abs, said)) >= _SAID:
            found.append((word, where, f"{said[0]:g}", f"{said[1]:g}", f"refit: {SOURCE}"))
    return found, figures


def _scope_words(lexicon: Lexicon, batch: Batch, classifier: Classifier) -> list[Counter[str]]:
    """What the words of each text are for the scope tables: `place:lemma`, `place:@class`, `verb:@strength`."""
    words, clauses = batch.reading.words, batch.reading.clauses
    places = scope_places(words, clauses)
    links = _links()
    forms = classifier.forms
    classes = sorted(lexicon.classes, key=lexicon.classes.__getitem__)
    action = ROLES.index("action")
    known: dict[tuple[int, int], tuple[str, list[str], list[str]]] = {}
    found: list[Counter[str]] = [Counter() for _ in batch.texts]
    for token in np.flatnonzero(places >= 0).tolist():
        form, side = int(words.form[token]), int(words.entry[token]) & 1
        if (form, side) not in known:
            reading = lexicon.words[LANGUAGES[side]].analyse(forms[form])
            known[form, side] = (
                reading.head or reading.canon,
                sorted({lexicon.cue_strengths[c] for c, _, _ in reading.cues if lexicon.arrays.role[c] == action}),
                [name for number, name in enumerate(classes) if reading.classes >> number & 1],
            )
        lemma, strengths, kinds = known[form, side]
        if words.phrase[token] >= 0 and clauses.noun[token] and places[token] > 0:  # as `scope_weights` reads it
            lemma, kinds = "", [name for number, name in enumerate(classes) if int(words.classes[token]) >> number & 1]
        place = SCOPE_PLACES[places[token]]
        if place == "verb" and _BOUND in strengths:
            continue
        if lemma and lemma[0].isalpha() and "\t" not in lemma and lemma not in links:
            found[words.text[token]][f"{place}:{lemma}"] += 1
        for name in strengths if place == "verb" else kinds:
            found[words.text[token]][f"{place}:@{name}"] += 1
    return found


def _links() -> set[str]:
    """Words that only link or say when: they cannot speak of hands or presence."""
    return {
        fold(row.values["word"])
        for language in LANGUAGES for row in read_rows(FOLDER / language / "neutral.tsv", OTHER_TABLES["neutral"])
        if row.values["group"] in ("link", "time")
    }


def _write_scope(language: str, rows: Sequence[tuple[str, ...]]) -> None:
    lines = ["\t".join(("word", "place", "hands", "presence", "note")), *("\t".join(row) for row in rows)]
    _replace(FOLDER / language / "scope.tsv", "\n".join(lines) + "\n")


def _replace(path: Path, text: str) -> None:
    with complete_file(path) as temporary:
        temporary.write_text(text, "utf-8", newline="\n")
