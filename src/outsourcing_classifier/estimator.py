"""Training of the decision: a signed logistic regression, and scikit-learn's view of the classifier.

scikit-learn and SciPy from here on; nothing above this module imports them.
"""

import hashlib
import json
import math
import os
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize  # type: ignore[import-untyped]
from scipy.special import expit  # type: ignore[import-untyped]
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from . import __version__
from .classifier import Classifier
from .decision import DecisionModel, Decisions, decide, vetoes, weighted_sum
from .dimensions import DIMENSIONS, SUM_WEIGHTS
from .errors import InputValueError
from .lexicon import Lexicon, load_lexicon
from .model import Model, model_from

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
LABELS: Final = ("BPO", "KPO")
FOLDS: Final = 5
_PORTIONS: Final = 8  # of the groups, for the learning curve
_CURVE: Final = (1, 2, 4, 8)
ALPHA: Final = 10.0  # pull towards the weights of the codebook; a few hundred examples weigh as much
DIGITS: Final = 6  # significant digits of every trained number
BAND_SUMS: Final = (1.0, 2.5)  # |sum| from which the codebook says medium, high (section 2.2)
_SMALLEST_SLOPE: Final = 0.1  # at 0 every P would be one half, and so KPO
_VETO_ROWS: Final = 2.0  # examples that the untrained probability of a vetoed row weighs as much as


class SignedLogisticRegression(ClassifierMixin, BaseEstimator):
    """Logistic regression whose coefficients keep their sign and stay near known ones.

    Minimises ``Σ weight · log(1 + exp(-t (X w + b))) + alpha / 2 · (|w - prior|² + b²)``, t = ±1. The
    intercept is shrunk like a coefficient with prior 0: without examples the fit *is* the prior. The
    problem is strictly convex, so the answer does not depend on a start or a seed. Two classes only.

    ``alpha`` > 0 is the strength of the pull; ``signs`` one of -1, 0, +1 a feature (0: free) or None;
    ``prior`` one number a feature or None for zeros; ``tol`` the largest slope left at the end.
    Fitted: ``coef_`` (1, n_features), ``intercept_`` (1,), ``classes_`` (2,), ``n_iter_``.
    """

    def __init__(
        self, *, alpha: float = 1.0, signs: Sequence[int] | None = None, prior: Sequence[float] | None = None,
        fit_intercept: bool = True, max_iter: int = 1000, tol: float = 1e-8,
    ) -> None:
        self.alpha = alpha
        self.signs = signs
        self.prior = prior
        self.fit_intercept = fit_intercept
        self.max_iter = max_iter
        self.tol = tol

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Fit to ``X`` (n, n_features) and ``y`` (n,) of two classes; weights (n,) are >= 0.

        Raises `ValueError` for other than two classes, and for signs or priors that do not fit.
        """
        X, y = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(y)
        kind = type_of_target(y, input_name="y", raise_unknown=True)
        if kind != "binary":
            raise ValueError(f"Only binary classification is supported. The type of the target is {kind}.")
        self.classes_, places = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(f"y holds one class only ({self.classes_[0]!r}); give examples of both classes")
        weight = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
        with threadpool_limits(1):
            coefficients, intercept, self.n_iter_ = fit_signed(
                X, places == 1, weight, alpha=self.alpha, signs=self.signs, prior=self.prior,
                fit_intercept=self.fit_intercept, max_iter=self.max_iter, tol=self.tol,
            )
        self.coef_, self.intercept_ = coefficients[np.newaxis], np.array([intercept])
        return self

    def decision_function(self, X: Any) -> Floats:
        """Margins (n,): positive speaks for ``classes_[1]``."""
        check_is_fitted(self)
        rows = validate_data(self, X, dtype=np.float64, reset=False)
        margins: Floats = rows @ self.coef_[0] + self.intercept_[0]
        return margins

    def predict_proba(self, X: Any) -> Floats:
        """Probabilities (n, 2) in the order of ``classes_``."""
        chance = expit(self.decision_function(X))
        return np.column_stack([1 - chance, chance])

    def predict(self, X: Any) -> npt.NDArray[Any]:
        """The class of each row: ``classes_[1]`` exactly where its probability is at least one half."""
        margins = self.decision_function(X)
        classes: npt.NDArray[Any] = self.classes_[(margins >= 0).astype(int)]
        return classes

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags


def fit_signed(
    X: Floats, positive: Bools, weight: Floats, *, alpha: float = 1.0, signs: Sequence[int] | None = None,
    prior: Sequence[float] | None = None, fit_intercept: bool = True, max_iter: int = 1000, tol: float = 1e-8,
) -> tuple[Floats, float, int]:
    """Coefficients, intercept and steps of `SignedLogisticRegression`, for any rows.

    With rows of one class, or none, the prior holds the answer. Raises `ValueError` for signs or priors
    that do not fit.
    """
    if not alpha > 0:
        raise ValueError(f"alpha must be > 0, got {alpha!r}")
    target = np.append(_per_feature("prior", prior, X.shape[1]), 0.0)
    sides = np.append(_per_feature("signs", signs, X.shape[1]), 0.0)
    if not np.isin(sides, (-1, 0, 1)).all():
        raise ValueError(f"signs must be -1, 0 or +1, got {signs!r}")
    low, high = np.where(sides > 0, 0.0, -np.inf), np.where(sides < 0, 0.0, np.inf)
    design = np.hstack([X, np.full((len(X), 1), float(fit_intercept))])
    direction = np.where(positive, 1.0, -1.0)

    def loss(point: Floats) -> tuple[float, Floats]:
        away = point - target
        agreement = direction * (design @ point)
        value = np.sum(weight * np.logaddexp(0.0, -agreement)) + alpha / 2 * np.sum(away**2)
        return float(value), -(weight * direction * expit(-agreement)) @ design + alpha * away

    found = minimize(
        loss, np.clip(target, low, high), jac=True, method="L-BFGS-B", bounds=np.column_stack([low, high]),
        options={"maxiter": max_iter, "gtol": tol, "ftol": 0.0},
    )
    if found.status == 1:
        warnings.warn(f"no convergence in {max_iter} steps; raise max_iter", ConvergenceWarning, stacklevel=3)
    return found.x[:-1], float(found.x[-1]), max(int(found.nit), 1)


def _per_feature(name: str, values: Sequence[float] | None, count: int) -> Floats:
    numbers = np.zeros(count) if values is None else np.asarray(values, np.float64)
    if numbers.shape != (count,):
        raise ValueError(f"{name} must have one number for each of the {count} features, got {values!r}")
    return numbers


@dataclass(frozen=True, slots=True)
class TrainedDecision:
    """A decision, and the raw margin (n,) of each example by a fit that has not seen its group."""

    decision: DecisionModel
    out_of_fold: Floats


def fit_decision(
    scores: Floats, kpo: Bools, weight: Floats, groups: Sequence[str], own: Floats | None = None, *,
    alpha: float = ALPHA,
) -> TrainedDecision:
    """Train margin, calibration, cap and bands.

    ``scores`` (n, 6) are read from the texts; ``kpo`` (n,) says which are KPO; ``weight`` (n,) >= 0;
    examples of one group are held out together; ``own`` (n, 6) are the examples' labelled scores, NaN
    where there are none. Rows in the same order give the same numbers to the last digit.
    """
    folds = fold_numbers(groups)
    raw = np.zeros(len(scores))
    with threadpool_limits(1):
        for fold in range(FOLDS):
            held = folds == fold
            coefficients, intercept = _fit_margin(scores[~held], kpo[~held], weight[~held], alpha)
            raw[held] = intercept + weighted_sum(list(scores[held].T), coefficients)
        coefficients, intercept = _fit_margin(scores, kpo, weight, alpha)
        untrained = DecisionModel()
        vetoed = np.logical_or(*vetoes(list(scores.T)))
        # A row that a veto turns says nothing about the slope: the cap gives its probability.
        turned = vetoed & (raw > 0)
        capped = np.where(vetoed, np.minimum(raw, untrained.cap), raw)
        slope = _fit_slope(capped[~turned], kpo[~turned], weight[~turned])
    cap = _fit_cap(kpo[turned], weight[turned], slope)
    decision = DecisionModel(intercept=intercept, coefficients=coefficients, cap=cap, slope=slope)
    medium, high = _fit_bands(decision, own)
    bands = DecisionModel(
        intercept=intercept, coefficients=coefficients, cap=cap, slope=slope, medium_from=medium, high_from=high
    )
    return TrainedDecision(bands, raw)


def learning_curve(scores: Floats, kpo: Bools, weight: Floats, groups: Sequence[str]) -> list[tuple[int, float]]:
    """Mean number of examples in an eighth, a quarter, a half, all of the groups; balanced accuracy held out.

    Shapes as in `fit_decision`. Where the last steps do not rise, more examples teach the label nothing.
    """
    folds = fold_numbers(groups)
    portion = np.array([value // FOLDS % _PORTIONS for value in _hashes(groups)], np.int64)
    curve: list[tuple[int, float]] = []
    for portions in _CURVE:
        found, used = np.zeros(len(kpo), np.bool_), []
        with threadpool_limits(1):
            for fold in range(FOLDS):
                seen = (folds != fold) & (portion < portions)
                if not (kpo[seen].any() and (~kpo[seen]).any()):
                    return curve
                coefficients, intercept = _fit_margin(scores[seen], kpo[seen], weight[seen], ALPHA)
                held = folds == fold
                found[held] = intercept + weighted_sum(list(scores[held].T), coefficients) >= 0
                used.append(int(seen.sum()))
        recalls = [float(np.mean(found[kpo == side] == side)) for side in (False, True)]
        curve.append((round(sum(used) / FOLDS), significant(sum(recalls) / 2)))
    return curve


def fold_numbers(groups: Sequence[str]) -> npt.NDArray[np.int64]:
    """Fold of each row by a hash of its group: new examples do not move old ones."""
    return np.array([value % FOLDS for value in _hashes(groups)], np.int64)


def _hashes(groups: Sequence[str]) -> list[int]:
    return [int(hashlib.sha256(group.encode("utf-8", "surrogatepass")).hexdigest(), 16) for group in groups]


def significant(value: float) -> float:
    """The number in six significant digits, as the model file keeps it."""
    return float(f"{value:.{DIGITS}g}")


def _fit_margin(scores: Floats, kpo: Bools, weight: Floats, alpha: float) -> tuple[tuple[float, ...], float]:
    coefficients, intercept, _ = fit_signed(
        scores, kpo, weight, alpha=alpha, signs=(1,) * len(DIMENSIONS), prior=SUM_WEIGHTS
    )
    return tuple(significant(value) for value in coefficients), significant(intercept)


def _fit_slope(margins: Floats, kpo: Bools, weight: Floats) -> float:
    """Without intercept, so that KPO stays exactly where the margin is not negative."""
    coefficients, _, _ = fit_signed(
        margins[:, np.newaxis], kpo, weight, signs=(1,), prior=(DecisionModel().slope,), fit_intercept=False
    )
    return significant(max(float(coefficients[0]), _SMALLEST_SLOPE))


def _fit_cap(kpo: Bools, weight: Floats, slope: float) -> float:
    """The margin whose P is the share of KPO among examples that a veto turned (a misread is one).

    Such rows are few, so the untrained probability counts as two of them; the cap never comes nearer
    to the line than that, because a vetoed row must stay BPO for a reader of the probability too.
    """
    untrained = DecisionModel()
    nearest = float(expit(untrained.slope * untrained.cap))
    share = (float(np.sum(weight[kpo])) + _VETO_ROWS * nearest) / (float(np.sum(weight)) + _VETO_ROWS)
    share = min(share, nearest)
    return significant(math.log(share / (1 - share)) / slope)


def _fit_bands(decision: DecisionModel, own: Floats | None) -> tuple[float, float]:
    """Distances |2P - 1| that agree best with the codebook's |sum| 1 and 2.5 on the examples' own scores.

    Own scores, not scores as read: then a band means what the codebook says of the task, and reading
    errors do not move it. Without both sides of a line among them, it is where equal scores put it.
    """
    known = np.zeros((0, 6)) if own is None else own[~np.isnan(own).any(axis=1)]
    chance = decide(known, np.ones(known.shape, np.bool_), decision).probability
    distance = np.abs(2 * chance - 1)
    size = np.abs(weighted_sum(list(known.T), SUM_WEIGHTS))
    found = []
    for line in BAND_SUMS:
        beyond = size >= line
        if beyond.any() and not beyond.all():
            found.append(_best_threshold(distance, beyond))
        else:
            margin = line * sum(decision.coefficients) / sum(SUM_WEIGHTS)
            found.append(float(2 * expit(decision.slope * margin) - 1))
    return significant(found[0]), significant(max(found))


def _best_threshold(values: Floats, beyond: Bools) -> float:
    """Where ``values >= threshold`` has the best balanced agreement with ``beyond``: middle of a gap."""
    levels = np.unique(values)
    candidates = np.append(levels[:1], (levels[1:] + levels[:-1]) / 2)
    inside, outside = np.sort(values[beyond]), np.sort(values[~beyond])
    hits = 1 - np.searchsorted(inside, candidates) / len(inside)
    rejected = np.searchsorted(outside, candidates) / len(outside)
    return float(candidates[int(np.argmax(np.round(hits + rejected, 12)))])


def finished(model: Model) -> Model:
    """The model as loading its file gives it: checked, with its version."""
    return model_from(json.loads(model.to_json()), "trained model")


def fingerprint(lines: Iterable[str]) -> str:
    """SHA-256 of lines in any order."""
    text = "\n".join(sorted(lines))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class TaskClassifier(ClassifierMixin, BaseEstimator):
    """BPO or KPO for sequences of texts, as a scikit-learn classifier: every text gets an answer.

    Texts are read by the lexicon into six scores; what is trained is the decision on them, near the
    codebook's weights (1, 1, 1, 1, 1, ½) and never against their sign. ``alpha`` > 0 is the strength of
    that pull; ``lexicon`` a table of your own words or what `load_lexicon` returns; ``language`` ``en``,
    ``de`` or None (found out for each text).

    Fitted: ``classes_`` (BPO, KPO), ``classifier_`` (a `Classifier` that decides as trained).
    """

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
        """Train on ``texts`` and ``labels`` (BPO or KPO), n of each; equal texts are held out together.

        ``scores`` (n, 6) in [-1, 1] are the examples' labelled scores, NaN rows where there are none: they
        set the bands. ``sample_weight`` (n,) >= 0. Raises `InputTypeError`, `InputValueError`.
        """
        lexicon = self.lexicon if isinstance(self.lexicon, Lexicon) else load_lexicon(*_given(self.lexicon))
        reader = Classifier(model=Model(), lexicon=lexicon)
        result = reader.classify_many(texts, language=self.language, assume_task=True)
        names = _labels(labels, len(result))
        weight = _column(sample_weight, len(names), "sample_weight")
        own = np.full((len(names), 6), np.nan) if scores is None else np.asarray(scores, np.float64)
        if own.shape != (len(names), 6) or (np.abs(own) > 1).any():
            raise InputValueError(f"scores must be {len(names)} rows of six numbers in [-1, 1], got shape {own.shape}")
        # Canonical order: sums, and with them the last digits, do not depend on the order given.
        numbers = np.column_stack([weight, own]).tolist()
        keys = [
            (text, name, *map(repr, row)) for text, name, row in zip(result.text, names, numbers, strict=True)
        ]
        order = np.array(sorted(range(len(keys)), key=keys.__getitem__), np.int64)
        text = [result.text[place] for place in order.tolist()]
        kpo = np.array(names)[order] == "KPO"
        trained = fit_decision(result.scores[order], kpo, weight[order], text, own[order], alpha=self.alpha)
        self.classes_ = np.array(LABELS)
        self.classifier_ = Classifier(lexicon=lexicon, model=finished(Model(
            decision=trained.decision, lexicon_fingerprint=lexicon.fingerprint,
            training_fingerprint=fingerprint("\t".join(key) for key in keys), versions={"package": __version__},
        )))
        return self

    def to_model(self) -> Model:
        """The trained model; ``to_json()`` gives its file, `load_model` reads it."""
        check_is_fitted(self, "classifier_")
        model: Model = self.classifier_.model
        return model

    def _decide(self, texts: Iterable[str]) -> Decisions:
        check_is_fitted(self, "classifier_")
        result = self.classifier_.classify_many(texts, language=self.language, assume_task=True)
        return decide(result.scores, result.stated, self.classifier_.model.decision)

    def decision_function(self, texts: Iterable[str]) -> Floats:
        """Margins (n,) after the vetoes: not negative is KPO."""
        return self._decide(texts).margin

    def predict_proba(self, texts: Iterable[str]) -> Floats:
        """Calibrated probabilities (n, 2) in the order of ``classes_``: BPO, KPO."""
        chance = self._decide(texts).probability
        return np.column_stack([1 - chance, chance])

    def predict(self, texts: Iterable[str]) -> npt.NDArray[np.str_]:
        """Labels (n,): KPO exactly where its probability is at least one half; an empty text is BPO."""
        labels: npt.NDArray[np.str_] = np.array(LABELS)[self._decide(texts).kpo.astype(int)]
        return labels

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        tags.input_tags.string = True
        return tags


def _given(lexicon: str | os.PathLike[str] | None) -> list[str | os.PathLike[str]]:
    return [] if lexicon is None else [lexicon]


def _labels(labels: Iterable[str], count: int) -> list[str]:
    names = [str(label) for label in labels]
    wrong = next((place for place, name in enumerate(names) if name not in LABELS), None)
    if wrong is not None:
        raise InputValueError(f"label {wrong} is {names[wrong]!r}; labels are BPO and KPO")
    if len(names) != count:
        raise InputValueError(f"{len(names)} labels for {count} texts; give one label a text")
    if not names:
        raise InputValueError("no texts to train on; give at least one with its label")
    return names


def _column(values: Any, count: int, name: str) -> Floats:
    numbers = np.ones(count) if values is None else np.asarray(values, np.float64)
    if numbers.shape != (count,) or not (np.isfinite(numbers) & (numbers >= 0)).all():
        raise InputValueError(f"{name} must be {count} finite numbers >= 0")
    return numbers
