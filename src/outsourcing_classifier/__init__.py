"""BPO or KPO: what kind of work a task description describes, and why.

The public names; each is imported on first use, so importing the package costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from .classifier import Classifier, classify, classify_many, counterfactual, score
    from .counterfactuals import Counterfactual
    from .decisions import Decision, Ledger
    from .dimensions import DIMENSIONS
    from .errors import (
        DecisionError,
        InputTypeError,
        InputValueError,
        LexiconError,
        ModelError,
        OutsourcingClassifierError,
        TaskFileError,
        TrainingDataError,
    )
    from .estimator import DimensionScorer, SignedLogisticRegression, TaskClassifier
    from .files.ledger import read_ledger
    from .frames import classify_frame, with_classification
    from .lexicon import Lexicon, load_lexicon
    from .model import Model, load_model
    from .result import Classification, Classifications, Evidence, Scores

_HOMES = {
    "Classification": "result",
    "Classifications": "result",
    "Classifier": "classifier",
    "Counterfactual": "counterfactuals",
    "DIMENSIONS": "dimensions",
    "Decision": "decisions",
    "DecisionError": "errors",
    "DimensionScorer": "estimator",
    "Evidence": "result",
    "InputTypeError": "errors",
    "InputValueError": "errors",
    "Ledger": "decisions",
    "Lexicon": "lexicon",
    "LexiconError": "errors",
    "Model": "model",
    "ModelError": "errors",
    "OutsourcingClassifierError": "errors",
    "Scores": "result",
    "SignedLogisticRegression": "estimator",
    "TaskClassifier": "estimator",
    "TaskFileError": "errors",
    "TrainingDataError": "errors",
    "classify": "classifier",
    "classify_frame": "frames",
    "classify_many": "classifier",
    "counterfactual": "classifier",
    "load_lexicon": "lexicon",
    "load_model": "model",
    "read_ledger": "files.ledger",
    "score": "classifier",
    "with_classification": "frames",
}

__all__ = [
    "DIMENSIONS",
    "Classification",
    "Classifications",
    "Classifier",
    "Counterfactual",
    "Decision",
    "DecisionError",
    "DimensionScorer",
    "Evidence",
    "InputTypeError",
    "InputValueError",
    "Ledger",
    "Lexicon",
    "LexiconError",
    "Model",
    "ModelError",
    "OutsourcingClassifierError",
    "Scores",
    "SignedLogisticRegression",
    "TaskClassifier",
    "TaskFileError",
    "TrainingDataError",
    "classify",
    "classify_frame",
    "classify_many",
    "counterfactual",
    "load_lexicon",
    "load_model",
    "read_ledger",
    "score",
    "with_classification",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
