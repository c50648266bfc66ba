"""A workshop in simulation: decisions on 100 rows, and what the model that learned them says of other rows.

    python benchmarks/workshop.py --gold ../shared/data/gold_dev.csv

For each language and repeat: sources are drawn to learn from until they hold enough rows, 100 of their rows are
decided as the file labels them, a model learns them, and the rows of all other sources are labelled by it and by the
default model. `plain` takes the labels as they are and the model as `train` gives it; `shifted` counts one kind of
work (monitoring, überwachen) as BPO whatever the file says, has at least 12 such rows among the 100, and accepts every
proposed cue. The difference is in points of balanced accuracy on rows of no such kind. Prints figures, never texts.
"""

import argparse
import csv
import re
import time
from pathlib import Path
from typing import Any

import numpy as np

from outsourcing_classifier import Classifier
from outsourcing_classifier.lexicon.compile import compile_tables
from outsourcing_classifier.training.own import Options, learn
from outsourcing_classifier.training.taught import Lesson

ROWS, OF_KIND, FEWEST_LEFT = 100, 12, 20
KIND = re.compile(r"monitor|überwach|ueberwach", re.IGNORECASE)


def main() -> None:
    """Run both workshops in both languages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--repeats", type=int, default=20)
    arguments = parser.parse_args()
    with arguments.gold.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["label"] in ("BPO", "KPO")]
    default = Classifier(lexicon=compile_tables())
    print("| workshop | language | default | retrained − default: mean | worst | rows of the kind right: default "
          "| retrained | of other sources | changed nothing | seconds each |\n" + "|---" * 10 + "|")
    for shifted in (False, True):
        for language in ("en", "de"):
            own = [row for row in rows if row["language"] == language]
            results = [_once(own, default, repeat, shifted=shifted) for repeat in range(arguments.repeats)]
            print(_line("shifted" if shifted else "plain", language, results), flush=True)


def _line(name: str, language: str, results: list[dict[str, Any]]) -> str:
    gains = 100 * np.array([one["gain"] for one in results])
    cells = [name, language, f"{100 * np.mean([one['default'] for one in results]):.1f}", f"{gains.mean():+.2f}",
             f"{gains.min():+.2f}"]
    for key in ("kind_default", "kind_all", "kind_others"):
        right = np.concatenate([one[key] for one in results])
        cells.append(f"{100 * right.mean():.1f} % of {len(right)}" if name == "shifted" else "")
    cells.append(str(sum(one["same"] for one in results)))
    cells.append(f"{np.mean([one['seconds'] for one in results]):.1f}")
    return f"| {' | '.join(cells)} |"


def _once(rows: list[dict[str, str]], default: Classifier, repeat: int, *, shifted: bool) -> dict[str, Any]:
    random = np.random.default_rng(repeat)
    sources = np.array([row["source"] for row in rows])
    kind = np.array([bool(KIND.search(row["text"])) for row in rows])
    kpo = np.array([row["label"] == "KPO" for row in rows]) & ~(kind & shifted)
    learned, names = np.zeros(len(rows), np.bool_), np.unique(sources)
    while not _enough(learned, kind, kpo, shifted=shifted):
        learned = np.isin(sources, random.permutation(names)[: random.integers(1, len(names))])
    chosen = random.permutation(np.flatnonzero(learned))[:ROWS]
    if shifted:
        of_kind = random.permutation(np.flatnonzero(learned & kind))[:OF_KIND]
        others = random.permutation(np.flatnonzero(learned & ~kind))[: ROWS - len(of_kind)]
        chosen = np.concatenate([of_kind, others])
    lessons = [
        Lesson(rows[place]["text"], "KPO" if kpo[place] else "BPO", "", (), 1.0, "", "", confirms=False)
        for place in chosen.tolist()
    ]
    start = time.perf_counter()
    taught = learn(lessons, Options(accept=shifted, phrases=shifted), measured=False)
    seconds = time.perf_counter() - start
    texts = [row["text"] for row in rows]
    before, after = (
        classifier.classify_many(texts, assume_task=True).probability >= 0.5
        for classifier in (default, Classifier(model=taught.model))
    )
    rest = ~learned & ~(kind & shifted)
    unseen = kind.copy()
    unseen[chosen] = False
    return {
        "default": _balanced(kpo, before, rest), "gain": _balanced(kpo, after, rest) - _balanced(kpo, before, rest),
        "kind_default": (before == kpo)[unseen], "kind_all": (after == kpo)[unseen],
        "kind_others": (after == kpo)[unseen & ~learned], "same": bool((before == after)[rest].all()),
        "seconds": seconds,
    }


def _enough(learned: Any, kind: Any, kpo: Any, *, shifted: bool) -> bool:
    """Whether there are rows to learn from and, of both labels, rows to measure on."""
    rest = ~learned & ~(kind & shifted)
    left = [(rest & (kpo == side)).sum() for side in (False, True)]
    enough_of_kind = not shifted or (learned & kind).sum() >= OF_KIND
    return bool(learned.sum() >= ROWS and min(left) >= FEWEST_LEFT and enough_of_kind)


def _balanced(kpo: Any, answer: Any, rows: Any) -> float:
    return float(np.mean([(answer == kpo)[rows & (kpo == side)].mean() for side in (False, True)]))


if __name__ == "__main__":
    main()
