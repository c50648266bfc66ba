"""scikit-learn's view of the classifier: texts in; labels, probabilities or six scores out."""

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.utils.metadata_routing import UNUSED
from sklearn.utils.validation import check_is_fitted

from . import __version__
from .classifier import Classifier, default_classifier
from .decision import Decisions, decide
from .decision_training import (
    ALPHA,
    FOLDS,
    TrainedDecision,
    fingerprint,
    fit_decision,
    fold_numbers,
    learning_curve,
    significant,
)
from .decisions import decision_kind
from .dimensions import DIMENSIONS
from .errors import InputTypeError, InputValueError
from .lexicon import Lexicon
from .model import Model, finished
from .signed_regression import Floats, SignedLogisticRegression, fit_signed

__all__ = [
    "ALPHA",
    "FOLDS",
    "LABELS",
    "DimensionScorer",
    "SignedLogisticRegression",
    "TaskClassifier",
    "TrainedDecision",
    "fingerprint",
    "fit_decision",
    "fit_signed",
    "fold_numbers",
    "learning_curve",
    "significant",
]

Strings = npt.NDArray[Any]
LABELS: Final = ("BPO", "KPO")


class _ReadsTexts(BaseEstimator):
    """What both estimators share: they read texts, by ``language`` and ``lexicon``."""

    lexicon: str | os.PathLike[str] | Lexicon | None

    def _reader(self) -> Classifier:
        """An untrained classifier with the words to read with."""
        if self.lexicon is None:
            return Classifier(model=Model(), lexicon=default_classifier().lexicon)
        return Classifier(model=Model(), lexicon=self.lexicon)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        tags.input_tags.string = True
        return tags


class TaskClassifier(ClassifierMixin, _ReadsTexts):
    """BPO or KPO for sequences of texts, as a scikit-learn classifier: every text gets an answer.

    Texts are read by the lexicon into six scores; what is trained is the decision on them, near the
    codebook's weights (1, 1, 1, 1, 1, ½) and never against their sign. ``alpha`` > 0 is the strength of
    that pull; ``lexicon`` a table of your own words or what `load_lexicon` returns; ``language`` ``en``,
    ``de`` or None (found out for each text).

    ``scores`` and ``sample_weight`` can be routed (``set_fit_request``). Fitted: ``classes_``, the two labels
    as they were given, sorted (BPO and KPO where one kind was spelled in several ways); ``classifier_``, a
    `Classifier` that decides as trained, for everything else.
    """

    # Texts and labels are X and y, which scikit-learn knows by these names only: no metadata to route.
    __metadata_request__fit: Final = {"texts": UNUSED, "labels": UNUSED}
    __metadata_request__predict: Final = {"texts": UNUSED}
    __metadata_request__predict_proba: Final = {"texts": UNUSED}
    __metadata_request__decision_function: Final = {"texts": UNUSED}

    def __init__(
        self, *, alpha: float = ALPHA, lexicon: str | os.PathLike[str] | Lexicon | None = None,
        language: str | None = None,
    ) -> None:
        self.alpha = alpha
        self.lexicon = lexicon
        self.language = language

    def fit(
        self, texts: Iterable[str], labels: Iterable[str], *, scores: Any = None, sample_weight: Any = None
    ) -> Self:
        """Train on ``texts`` and ``labels``, n of each; equal texts are held out together.

        Labels are BPO and KPO, or their words in either preset and language (knowledge work,
        *Wissensarbeit*). ``scores`` (n, 6) in [-1, 1] are the examples' labelled scores, NaN rows where there
        are none: they set the bands. ``sample_weight`` (n,) >= 0. Raises `InputTypeError`, `InputValueError`.
        """
        if not self.alpha > 0:
            raise InputValueError(f"alpha must be > 0, got {self.alpha!r}")
        reader = self._reader()
        result = reader.classify_many(_texts(texts), language=self.language, assume_task=True)
        kinds, self.classes_ = _labels(labels, len(result))
        weight = _weights(sample_weight, kinds)
        own = np.full((len(kinds), 6), np.nan) if scores is None else np.asarray(scores, np.float64)
        if own.shape != (len(kinds), 6) or (np.abs(own) > 1).any():
            raise InputValueError(f"scores must be {len(kinds)} rows of six numbers in [-1, 1], got shape {own.shape}")
        # Canonical order: sums, and with them the last digits, do not depend on the order given.
        numbers = np.column_stack([weight, own]).tolist()
        keys = [
            (text, kind, *map(repr, row)) for text, kind, row in zip(result.text, kinds, numbers, strict=True)
        ]
        order = np.array(sorted(range(len(keys)), key=keys.__getitem__), np.int64)
        text = [result.text[place] for place in order.tolist()]
        kpo = np.array(kinds)[order] == "KPO"
        trained = fit_decision(result.scores[order], kpo, weight[order], text, own[order], alpha=self.alpha)
        self.classifier_ = Classifier(lexicon=reader.lexicon, model=finished(Model(
            decision=trained.decision, lexicon_fingerprint=reader.lexicon.fingerprint,
            training_fingerprint=fingerprint("\t".join(key) for key in keys), versions={"package": __version__},
        )))
        return self

    def to_model(self) -> Model:
        """The trained model; ``to_json()`` gives its file, `load_model` reads it."""
        check_is_fitted(self, "classifier_")
        model: Model = self.classifier_.model
        return model

    def _decide(self, texts: Iterable[str]) -> tuple[Decisions, bool]:
        """The decisions, and whether the second class is KPO."""
        check_is_fitted(self, "classifier_")
        result = self.classifier_.classify_many(_texts(texts), language=self.language, assume_task=True)
        second = decision_kind(self.classes_[1]) == "KPO"
        return decide(result.scores, result.stated, self.classifier_.model.decision), second

    def decision_function(self, texts: Iterable[str]) -> Floats:
        """Margins (n,) after the vetoes: positive speaks for ``classes_[1]``."""
        found, second = self._decide(texts)
        return found.margin if second else -found.margin

    def predict_proba(self, texts: Iterable[str]) -> Floats:
        """Calibrated probabilities (n, 2) in the order of ``classes_``."""
        found, second = self._decide(texts)
        columns = [1 - found.probability, found.probability]
        return np.column_stack(columns if second else columns[::-1])

    def predict(self, texts: Iterable[str]) -> Strings:
        """Labels (n,): KPO exactly where its probability is at least one half; an empty text is BPO."""
        found, second = self._decide(texts)
        labels: Strings = self.classes_[(found.kpo == second).astype(int)]
        return labels

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags


class DimensionScorer(TransformerMixin, _ReadsTexts):
    """Texts → six scores (n, 6) in [-1, 1], -1 the BPO pole, 0 where nothing is said: a transformer.

    Needs no fitting and learns nothing. ``lexicon`` is a table of your own words or what `load_lexicon`
    returns; ``language`` ``en``, ``de`` or None (found out for each text).
    """

    __metadata_request__fit: Final = {"texts": UNUSED}
    __metadata_request__transform: Final = {"texts": UNUSED}

    def __init__(
        self, *, lexicon: str | os.PathLike[str] | Lexicon | None = None, language: str | None = None
    ) -> None:
        self.lexicon = lexicon
        self.language = language

    def fit(self, texts: Any = None, y: Any = None) -> Self:  # noqa: ARG002  # scikit-learn gives both
        """Keep the words, so that they are read once; the texts teach nothing."""
        self.classifier_ = self._reader()
        return self

    def transform(self, texts: Iterable[str]) -> Floats:
        """Scores (n, 6) in the order of `DIMENSIONS`; the gates are off."""
        reader: Classifier = getattr(self, "classifier_", None) or self._reader()
        return reader.classify_many(_texts(texts), language=self.language, assume_task=True).scores

    def get_feature_names_out(self, input_features: Any = None) -> Strings:  # noqa: ARG002  # texts have no names
        """The names of the six dimensions."""
        return np.array(DIMENSIONS, dtype=object)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        return tags


def _texts(texts: Iterable[str]) -> list[str]:
    """A list of texts from what scikit-learn hands on: lists, arrays, series; tables have to name a column."""
    shape = getattr(texts, "shape", None)
    if isinstance(texts, (str, bytes)) or shape == ():
        raise InputTypeError("texts must be several; for a single one write [text]")
    if isinstance(texts, Mapping) or (shape is not None and len(shape) != 1):
        got = f"shape {shape}" if shape is not None else type(texts).__name__
        raise InputValueError(f"texts must be one column, got {got}; choose the column with the tasks")
    return list(texts)


def _labels(labels: Iterable[str], count: int) -> tuple[list[str], Strings]:
    """BPO or KPO for each label, and the two classes in the words that were given."""
    given = [str(label) for label in labels]
    known = {label: decision_kind(label) for label in dict.fromkeys(given)}
    wrong = next((place for place, label in enumerate(given) if known[label] not in LABELS), None)
    if wrong is not None:
        raise InputValueError(
            f"label {wrong} is {given[wrong]!r}; labels are BPO and KPO, or transaction work (Transaktionsarbeit) "
            "and knowledge work (Wissensarbeit)"
        )
    if len(given) != count:
        raise InputValueError(f"{len(given)} labels for {count} texts; give one label a text")
    return [str(known[label]) for label in given], np.array(sorted(known) if len(known) == 2 else LABELS)


def _weights(values: Any, kinds: Sequence[str]) -> Floats:
    """A weight a text; both classes must have some."""
    count = len(kinds)
    weights = np.ones(count) if values is None else np.asarray(values, np.float64)
    if weights.shape != (count,) or not (np.isfinite(weights) & (weights >= 0)).all():
        raise InputValueError(f"sample_weight must be {count} finite numbers >= 0, got shape {weights.shape}")
    if values is not None and not weights.any():
        raise InputValueError("sample_weight is zero for every text")
    seen = {kind for kind, weight in zip(kinds, weights.tolist(), strict=True) if weight}
    if len(seen) < 2:
        got = f"texts of one class only ({', '.join(seen)})" if seen else "no texts"
        raise InputValueError(f"{got}; give labelled texts of both, BPO and KPO")
    return weights
