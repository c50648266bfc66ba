"""Logistic regression that keeps signs and stays near known weights; scikit-learn and SciPy from here on."""

import warnings
from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize  # type: ignore[import-untyped]
from scipy.special import expit  # type: ignore[import-untyped]
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


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
