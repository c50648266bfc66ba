"""Results as columns of a file or a frame: the names of design 5, the words of one language."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from .classifier import Classifier
from .dimensions import DIMENSIONS, LABELS
from .files.table import RESULT_COLUMNS
from .result import Classifications

_YES: Final = ("no", "yes")


def result_columns(
    found: Classifications, classifier: Classifier, language: str, names: Sequence[str] = RESULT_COLUMNS
) -> dict[str, list[Any]]:
    """The named columns, one value a task; what a row does not give, and a score not stated, is None.

    Only what is named is made: reasons and questions cost more than all the rest.
    """
    words = {label: classifier.label_text(label, language) for label in LABELS}

    def label(column: Sequence[str | None]) -> list[str | None]:
        return [words[item] if item else None for item in column]

    version = "/".join(classifier.versions[name] for name in ("package", "model", "lexicon"))
    makers: dict[str, Callable[[], list[Any]]] = {
        "oc_label": lambda: label(found.label),
        "oc_status": lambda: found.status,
        "oc_band": lambda: found.band,
        "oc_review": lambda: [_YES[item] for item in found.needs_review.tolist()],
        "oc_probability": lambda: _numbers(np.round(found.probability, 4)),
        "oc_decided_by": lambda: found.decided_by,
        "oc_rule": lambda: label(found.rule_label),
        "oc_reason": lambda: found.reason,
        "oc_question": lambda: found.question,
        "oc_parts": lambda: [_parts(parts, words) for parts in found.parts],
        "oc_version": lambda: [version] * len(found),
    }
    scores = np.where(found.stated, np.round(found.scores, 3) + 0.0, np.nan)
    for place, name in enumerate(DIMENSIONS):
        makers[f"oc_{name}"] = lambda place=place: _numbers(scores[:, place])  # type: ignore[misc]
    return {name: makers[name]() for name in names}


def _parts(parts: Sequence[tuple[str, str]], words: Mapping[str, str]) -> str | None:
    """The parts of a mixed task on one line, each with its label."""
    return " | ".join(f"{words[label]}: {' '.join(text.split())}" for text, label in parts) or None


def _numbers(column: Any) -> list[float | None]:
    return [None if value != value else value for value in column.tolist()]  # noqa: PLR0124 - NaN
