"""Does the review threshold keep its promise on real tasks? By source, with the share of BPO as it is and shifted.

    python benchmarks/threshold.py --gold FILE [--draws 200] [--rows 150]

FILE has the columns `text, language, source, label`. Of each source (sources under 200 labelled rows are put together,
a language at a time) rows are audited at random, the threshold is set on those that no other reason sends to review,
and the error of the unreviewed rest of the source is measured. "Broken": the share of draws in which a threshold
was set and that error is more than 5 % plus its margin (two standard errors of so many rows at 5 %).
"""

import argparse
import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
import numpy.typing as npt

from outsourcing_classifier import Classifier
from outsourcing_classifier.threshold import WANTED, review_threshold

Ints = npt.NDArray[np.int64]
LARGE = 200


def shifted(chance: np.random.Generator, bpo: npt.NDArray[np.bool_], share: float | None) -> Ints:
    """Places of rows, so that this share of them is BPO (all rows as they are without one)."""
    places = np.arange(len(bpo))
    if share is None:
        return chance.permutation(places)
    yes, no = chance.permutation(places[bpo]), chance.permutation(places[~bpo])
    count = int(min(len(yes) / share, len(no) / (1 - share)))
    return chance.permutation(np.concatenate([yes[: round(count * share)], no[: round(count * (1 - share))]]))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--rows", type=int, default=150)
    options = parser.parse_args()
    with options.gold.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["label"] in ("BPO", "KPO")]
    found = Classifier().classify_many([row["text"] for row in rows])
    answered = np.array([label is not None for label in found.label], np.bool_)
    right = np.array([label == row["label"] for label, row in zip(found.label, rows, strict=True)], np.bool_)
    bpo = np.array([row["label"] == "BPO" for row in rows], np.bool_)
    groups: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        groups[f"{row['language']} {row['source']}"].append(place)
    small = {name for name, places in groups.items() if len(places) < LARGE}
    for name in small:
        groups[f"{name.split()[0]} other sources"] += groups.pop(name)
    print(f"{'source':28}{'BPO':>9}{'rows':>6}{'audited':>9}{'broken':>8}{'error':>8}{'review':>8}{'none set':>10}")
    for name, members in sorted(groups.items()):
        for share in (None, 0.3, 0.5, 0.8):
            chance = np.random.default_rng(3)
            own = np.array(members)
            broken, errors, reviews, none = 0, [], [], 0
            for _ in range(options.draws):
                places = own[shifted(chance, bpo[own], share)]
                audited = min(options.rows, len(places) // 2)
                sample, rest = places[:audited], places[audited:]
                usable = sample[answered[sample] & ~found.needs_review[sample]]
                threshold = review_threshold(found.probability[usable], right[usable])
                free = rest[answered[rest] & ~found.needs_review[rest]]
                if threshold.value is None:
                    none += 1
                    reviews.append(1.0)
                    continue
                free = free[np.abs(2 * found.probability[free] - 1) >= threshold.value]
                error = float(np.mean(~right[free])) if len(free) else 0.0
                margin = 2 * np.sqrt(WANTED * (1 - WANTED) / max(len(free), 1))
                broken += error > WANTED + margin
                errors.append(error)
                reviews.append(1 - len(free) / len(rest))
            print(
                f"{name:28}{'as it is' if share is None else f'{100 * share:.0f} %':>9}{len(places):>6}{audited:>9}"
                f"{100 * broken / options.draws:>7.0f}%{100 * np.mean(errors or [np.nan]):>7.1f}%"
                f"{100 * np.mean(reviews):>7.0f}%{100 * none / options.draws:>9.0f}%"
            )


if __name__ == "__main__":
    main()
