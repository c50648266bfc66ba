"""What single words, object classes and strengths of actions say of hands and presence."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse  # type: ignore[import-untyped]

from ..batch import Batch
from ..classifier import Classifier
from ..dimensions import LANGUAGES
from ..estimator import FOLDS, fold_numbers
from ..lexicon import Lexicon
from ..lexicon.codes import ROLES, SCOPE_PLACES
from ..lexicon.tables import ANYWHERE, TEXT
from ..model import Model
from ..reading.scope import manners, scope_places, word_shares
from .content import can_tell, silent_words
from .scores import BOUND
from .tasks import ScoredTask
from .written import SOURCE

_STATUS_CLASSES: Final = {"ok": 0, "mixed": 0, "out_physical": 1, "out_presence": 2}
_UNIT: Final = 3.0  # log-odds of a weight of 1 in the scope tables
_PULL: Final = 1.5
_CLASS_SCALE: Final = 2.0  # classes carry over to words never seen: they are pulled less than words
# Share of desk work wrongly out of scope, on occupations that the fit has not seen: the same in both languages. Which
# error is worse no text can say; set where coverage and recall of real tasks both reach their marks.
_LOST: Final = 0.08
_SAID: Final = 0.04  # a smaller weight of a word is not written


def fit_scope(lexicon: Lexicon, tasks: Sequence[ScoredTask], language: str) -> tuple[list[tuple[str, ...]], str]:
    """Rows of the scope table, and recall and precision held out by occupation, as a sentence."""
    from sklearn.linear_model import LogisticRegression

    chosen = [task for task in tasks if task.status in _STATUS_CLASSES]
    classifier = Classifier(model=Model(), lexicon=lexicon)
    batch = classifier.batch([task.text for task in chosen], language)
    words = _scope_words(lexicon, batch, classifier)
    shares = word_shares(batch.reading.words, manners(batch.reading.words, lexicon))
    counts = Counter(name for found in words for name in found)
    names = sorted(name for name, count in counts.items() if count >= 2)
    place = {name: number for number, name in enumerate(names)}
    scale = np.array([_CLASS_SCALE if ":@" in name else 1.0 for name in names])
    rows, columns, values = zip(*(
        (row, place[name], float(n)) for row, found in enumerate(words) for name, n in found.items() if name in place
    ), strict=True)
    design = sparse.csr_matrix((values, (rows, columns)), shape=(len(chosen), len(names)))
    design = sparse.diags(shares) @ design @ sparse.diags(scale)
    target = np.array([_STATUS_CLASSES[task.status] for task in chosen])

    def fitted(used: npt.NDArray[np.bool_]) -> Any:
        trained = LogisticRegression(C=1 / _PULL, max_iter=3000, tol=1e-6)
        return trained.fit(design[used], target[used])

    folds = fold_numbers([task.group for task in chosen])
    desk = np.ones(len(chosen))
    for number in range(FOLDS):
        held = folds == number
        desk[held] = fitted(~held).predict_proba(design[held])[:, 0]
    limit = np.quantile(desk[target == 0], _LOST)
    out = desk < limit
    recall, precision = np.mean(out[target > 0]), np.mean(target[out] > 0)
    figures = f"held out: recall {recall:.3f}, precision {precision:.3f}"
    model = fitted(np.ones(len(chosen), np.bool_))
    weights = (model.coef_[1:] - model.coef_[0]) * scale / _UNIT
    base = (model.intercept_[1:] - model.intercept_[0] + np.log(limit / (1 - limit))) / _UNIT
    found = [(TEXT, "other", *(f"{value:.2f}" for value in base.tolist()), f"refit: {SOURCE}")]
    for name, hands, presence in zip(names, *weights.tolist(), strict=True):
        where, _, word = name.partition(":")
        said = [round(min(max(value, -1.0), 1.0), 2) for value in (hands, presence)]
        if max(map(abs, said)) >= _SAID:
            found.append((word, where, f"{said[0]:g}", f"{said[1]:g}", f"refit: {SOURCE}"))
    return found, figures


def _scope_words(lexicon: Lexicon, batch: Batch, classifier: Classifier) -> list[Counter[str]]:
    """What the words of each text are for the scope tables.

    `place:lemma` and `any:lemma`, `place:@class`, `verb:@strength`.
    """
    words, clauses = batch.reading.words, batch.reading.clauses
    places = scope_places(words, clauses)
    silent = silent_words(lexicon)
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
        if place == "verb" and BOUND in strengths:
            continue
        if can_tell(lemma) and lemma not in silent:
            found[words.text[token]].update((f"{place}:{lemma}", f"{ANYWHERE}:{lemma}"))
        for name in strengths if place == "verb" else kinds:
            found[words.text[token]][f"{place}:@{name}"] += 1
    return found
