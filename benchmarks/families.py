"""How many decisions settle a review: families against row by row.

    python benchmarks/families.py [--tasks FOLDER] [--share 0.8] [--json]

Scored with the default model: the example inventories and, with --tasks, 5,000 tasks of FOLDER/tasks_en.csv and
tasks_de.csv (2,500 each, the first by the hash of their key, as one file without FTE) and FOLDER/gold_dev.csv. Counted
are the decisions until the given share of the uncertain FTE (of the uncertain rows where there is none) is settled:
row by row in the order of FTE, which is the best that single rows can do; with families, largest first, then single
rows. "same labels" is measured on gold_dev.csv: of the rows of a family with a label, the share that has the label of
most of them, over the rows for review and over all rows with a label of ours.
"""

import argparse
import csv
import hashlib
import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from outsourcing_classifier import Classifier
from outsourcing_classifier.inventory import score_file
from outsourcing_classifier.review.families import deciding, families
from outsourcing_classifier.review.plan import plan, uncertain, weights_of
from outsourcing_classifier.review.scored import read_scored

ROOT = Path(__file__).resolve().parent.parent
POOL = 2500  # tasks a language


def until(settled: list[float], total: float, share: float) -> int:
    """How many decisions, in this order, settle the share."""
    return int(np.searchsorted(np.cumsum(settled), share * total - 1e-9)) + 1


def decisions(path: Path, classifier: Classifier, share: float) -> dict[str, Any]:
    """Figures of a scored file."""
    scored = read_scored(path)
    rows = uncertain(scored)
    weights, unit = weights_of(scored)
    drawn = plan(scored, classifier, rows)
    single = sorted((float(weights[row]) for row in rows), reverse=True)
    lines = sorted((line.settles for line in drawn.lines), reverse=True)
    return {
        "rows": len(scored), "uncertain": len(rows), "unit": unit, "families": len(drawn.families),
        "rows in families": sum(len(line.rows) for line in drawn.families),
        "by families": until(lines, drawn.total, share), "row by row": until(single, drawn.total, share),
    }


def pool(folder: Path) -> list[str]:
    """Tasks of both languages, the first by the hash of their key."""
    found = []
    for language in ("en", "de"):
        with (folder / f"tasks_{language}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        rows.sort(key=lambda row: hashlib.sha256(row["key"].encode()).hexdigest())
        found += [row["text"] or row["title"] for row in rows[:POOL]]
    return found


def same_labels(path: Path, classifier: Classifier) -> dict[str, Any]:
    """How far the labels of a labelled file agree inside families."""
    with path.open(encoding="utf-8", newline="") as file:
        gold = list(csv.DictReader(file))
    texts = [row["text"] for row in gold]
    result = classifier.classify_many(texts)
    labels = [label or status for label, status in zip(result.label, result.status, strict=True)]
    found = deciding(texts, labels, classifier)
    figures: dict[str, Any] = {}
    for name, wanted in (("for review", result.needs_review.tolist()), ("all", [s == "ok" for s in result.status])):
        rows = [row for row, yes in enumerate(wanted) if yes]
        made, _ = families(rows, [found[row] for row in rows], [texts[row] for row in rows])
        counts = [Counter(gold[row]["label"] for row in family.rows if gold[row]["label"]) for family in made]
        counts = [count for count in counts if count.total() > 1]
        known = sum(count.total() for count in counts)
        both = [row for row in rows if gold[row]["label"] and labels[row] in ("BPO", "KPO")]
        ours = [gold[row]["label"] == labels[row] for row in both]
        figures[name] = {
            "rows": len(rows), "families": len(made), "labelled rows in families": known,
            "same label": round(sum(max(count.values()) for count in counts) / max(known, 1), 3),
            "model right": round(float(np.mean(ours)), 3),
        }
    return figures


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Decisions that settle a review, in families and row by row.")
    parser.add_argument("--tasks", type=Path, help="folder with tasks_en.csv, tasks_de.csv and gold_dev.csv")
    parser.add_argument("--share", type=float, default=0.8)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    classifier = Classifier()
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        sources = {f"inventory_{lang}": ROOT / "examples" / f"inventory_{lang}.csv" for lang in ("de", "en")}
        if options.tasks:
            sources["pool"] = Path(folder) / "pool.csv"
            with sources["pool"].open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([["task", "note"], *([text, ""] for text in pool(options.tasks))])
        for name, source in sources.items():
            target = Path(folder) / f"{name}_scored.csv"
            score_file(source, target, classifier=classifier)
            figures[name] = decisions(target, classifier, options.share)
    if options.tasks:
        figures["labels in families of gold_dev"] = same_labels(options.tasks / "gold_dev.csv", classifier)
    if options.json:
        print(json.dumps(figures))
        return
    for name, found in figures.items():
        print(name)
        for key, value in found.items():
            print(f"  {key}: {value}")


if __name__ == "__main__":
    main()
