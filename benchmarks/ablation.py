"""What each mechanism is worth: label and status on labelled tasks with one mechanism at a time switched off.

    python benchmarks/ablation.py [--gold FILE] [--write]

Measured on the project's training texts (in sight of whoever wrote the words), the unseen half of the inventory rows
and, with --gold, on a file of real tasks with the columns text, language, status, label. Every row is answered (gates
off) for the label. --write puts the table into models/ablation.json, from which the model card takes it.
"""

import argparse
import csv
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from outsourcing_classifier import Classifier, Lexicon, load_lexicon
from outsourcing_classifier.dimensions import LANGUAGES
from outsourcing_classifier.lexicon.compile import compile_tables
from outsourcing_classifier.lexicon.german import GermanWords
from outsourcing_classifier.reading import clauses, forms, hits
from outsourcing_classifier.reading.clauses import MAIN

ROOT = Path(__file__).resolve().parent.parent
Rows = list[dict[str, str]]


@contextmanager
def without_roles() -> Iterator[None]:
    """Every word counts as if it stood in a main clause."""
    with patch.object(clauses, "_contexts", lambda words, *_: np.full(words.count, MAIN, np.int8)):
        yield


@contextmanager
def without_negation() -> Iterator[None]:
    """Nothing is denied."""
    def nothing(words: Any, _: Any) -> tuple[Any, ...]:
        return tuple(np.zeros(words.count, np.bool_) for _ in range(4))

    with patch.object(hits, "_negation", nothing):
        yield


@contextmanager
def without_compounds() -> Iterator[None]:
    """German compounds are unknown words unless they stand in a table."""
    def none(_: Any, spans: Any) -> tuple[Any, Any]:
        return np.full(len(spans), -1, np.int32), np.full(len(spans), -1, np.int32)

    with patch.object(GermanWords, "_compounds", none):
        yield


@contextmanager
def without_other_language() -> Iterator[None]:
    """Words of the other language are unknown."""
    derive = forms._Rows._derive  # noqa: SLF001  an experiment on the inside

    def own_only(rows: Any, phrases: Any, count: int) -> None:
        derive(rows, phrases, count)
        columns = rows._columns  # noqa: SLF001
        total = len(columns["kind"].values)
        columns["entry"].values[total - count :] = np.arange(total - count, total)
        columns["read_kind"].values[total - count :] = columns["kind"].values[total - count :]

    with patch.object(forms._Rows, "_derive", own_only):  # noqa: SLF001
        yield


@contextmanager
def without_spelling() -> Iterator[None]:
    """Typing errors stay unknown words."""
    with patch.object(forms._Rows, "_respell", lambda _, found, *__: np.zeros(len(found), np.bool_)):  # noqa: SLF001
        yield


MECHANISMS: dict[str, Callable[[], Any]] = {
    "everything on": nullcontext,
    "without roles": without_roles,
    "without negation": without_negation,
    "without compounds": without_compounds,
    "without the other language": without_other_language,
    "without typing errors": without_spelling,
}


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--gold", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    sets: dict[str, Rows] = {"training texts": [], "inventory rows, unseen half": []}
    for language in LANGUAGES:
        sets["training texts"] += read(ROOT / "training_data" / f"{language}.csv")
        sets["inventory rows, unseen half"] += read(ROOT / "training_data" / "inventory" / f"test_{language}.csv")
    if options.gold:
        sets["real tasks"] = read(options.gold)
    table = {}
    for name, mechanism in MECHANISMS.items():
        with mechanism():
            table[name] = figures(load_lexicon(), sets)
    table["without refitted weights"] = figures(replace(compile_tables(refit=False)), sets)
    for name, row in table.items():
        print(f"{name:28}" + "  ".join(f"{key} {value:.3f}" for key, value in row.items()))
    if options.write:
        text = json.dumps(table, indent=1, ensure_ascii=False) + "\n"
        (ROOT / "models" / "ablation.json").write_text(text, "utf-8")
    return 0


def read(path: Path) -> Rows:
    """Labelled rows of a file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def figures(lexicon: Lexicon, sets: dict[str, Rows]) -> dict[str, float]:
    """Balanced accuracy of the label, all rows answered, and share of statuses right, for each set."""
    import warnings

    found = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the model was trained with the words as they are
        classifier = Classifier(lexicon=lexicon)
    for name, rows in sets.items():
        labelled = [row for row in rows if row["label"]]
        for language in LANGUAGES:
            of = [row for row in labelled if row["language"] == language]
            answers = classifier.classify_many([row["text"] for row in of], language=language, assume_task=True).label
            right = {
                label: np.mean([a == label for a, row in zip(answers, of, strict=True) if row["label"] == label])
                for label in ("BPO", "KPO")
            }
            found[f"{name}, label, {language}"] = round(float(np.mean(list(right.values()))), 3)
            of = [row for row in rows if row["language"] == language]
            statuses = classifier.classify_many([row["text"] for row in of], language=language).status
            found[f"{name}, status, {language}"] = round(
                float(np.mean([s == row["status"] for s, row in zip(statuses, of, strict=True)])), 3
            )
    return found


if __name__ == "__main__":
    raise SystemExit(main())
