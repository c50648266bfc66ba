"""What is simpler than ours: counting cues, and TF-IDF with a logistic regression. Neither reads roles."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ..classifier import BATCH_SIZE, Classifier
from ..files.csv_file import read_csv
from ..lexicon.words import fold

Floats = npt.NDArray[np.float64]
FEWEST: Final = 20  # examples of each label that TF-IDF needs to learn from
# Why TF-IDF is left out.
NO_DATA, NO_LIBRARY, TOO_FEW = "no training data", "no scikit-learn", "too few examples"


def cue_sums(classifier: Classifier, texts: Sequence[str]) -> npt.NDArray[np.int64]:
    """Poles of all cues found in each text, added up: +1 for each KPO pole, -1 for each BPO pole.

    No weights, no roles, no negation, no clauses: what a list of words alone would say.
    """
    sums = []
    for start in range(0, len(texts), BATCH_SIZE):
        part = texts[start : start + BATCH_SIZE]
        cues = classifier.batch(part, None).settled
        poles = np.sign(cues.given).sum(axis=1)
        sums.append(np.bincount(cues.hits.text, poles, len(part)).astype(np.int64))
    return np.concatenate(sums) if sums else np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class TrainingText:
    """A labelled text of the checkout's training data."""

    key: str
    language: str
    label: str
    group: str
    text: str


def training_folder() -> Path | None:
    """`training_data/` of the checkout that this package stands in, None where it is installed."""
    root = Path(__file__).resolve().parents[3]
    pyproject = root / "pyproject.toml"
    ours = pyproject.is_file() and 'name = "outsourcing-classifier"' in pyproject.read_text("utf-8")
    return root / "training_data" if ours and (root / "training_data").is_dir() else None


def training_texts(folder: Path | None) -> tuple[TrainingText, ...]:
    """All rows of `training_data/*.csv`, with and without a label; none outside a checkout."""
    found: list[TrainingText] = []
    for path in [] if folder is None else sorted(folder.glob("*.csv")):
        table = read_csv(path)
        columns = [table.column(table.header.index(name)) for name in ("text", "language", "label", "group")]
        found += [
            TrainingText(text_key(text), language, label, group, text)
            for text, language, label, group in zip(*columns, strict=True)
        ]
    return tuple(found)


def text_key(text: str) -> str:
    """A text without case and repeated blanks, to find the same one elsewhere."""
    return " ".join(fold(text).split())


@dataclass(frozen=True, slots=True)
class Tfidf:
    """P(KPO) of each row, NaN where TF-IDF was left out; for each language what it learned from, or why not."""

    probability: Floats
    trained_on: dict[str, int]
    left_out: dict[str, str]


def tfidf(
    texts: Sequence[str], languages: Sequence[str], groups: Sequence[str], training: Sequence[TrainingText]
) -> Tfidf:
    """TF-IDF (words 1-2, characters 3-5) + logistic regression, trained on labelled texts of each row's language.

    A training text that stands among ``texts``, or belongs to a group that does, is not learned from.
    """
    probability = np.full(len(texts), np.nan)
    trained_on: dict[str, int] = {}
    left_out: dict[str, str] = {}
    keys = {text_key(text) for text in texts}
    known = {row.group for row in training if row.key in keys} | set(groups)
    for language in sorted(set(languages)):
        of = np.array([name == language for name in languages], np.bool_)
        rows = [row for row in training if row.language == language and row.label]
        unseen = [row for row in rows if row.key not in keys and row.group not in known]
        counts = [sum(row.label == label for row in unseen) for label in ("BPO", "KPO")]
        if not rows:
            left_out[language] = NO_DATA
        elif min(counts) < FEWEST:
            left_out[language] = TOO_FEW
        else:
            found = _fitted(unseen, [text for text, yes in zip(texts, of, strict=True) if yes])
            if found is None:
                left_out[language] = NO_LIBRARY
            else:
                probability[of] = found
                trained_on[language] = len(unseen)
    return Tfidf(probability, trained_on, left_out)


def _fitted(training: Sequence[TrainingText], texts: Sequence[str]) -> Floats | None:
    """P(KPO) of the texts; None without scikit-learn."""
    try:
        model = _model(tuple(sorted(training, key=lambda row: (row.key, row.text))))
    except ImportError:
        return None
    found: Floats = np.round(model.predict_proba(list(texts))[:, 1], 6)
    return found


@lru_cache(maxsize=2)  # one a language: fitting takes longer than all the rest
def _model(training: tuple[TrainingText, ...]) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    model = make_pipeline(
        make_union(
            TfidfVectorizer(ngram_range=(1, 2)),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5)),
        ),
        LogisticRegression(max_iter=1000),
    )
    return model.fit([row.text for row in training], [row.label == "KPO" for row in training])
