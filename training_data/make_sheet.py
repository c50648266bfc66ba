# ruff: noqa: INP001 (a script beside its data is no package)
"""Draws the rows of `sheet/sheet.csv`, which two people fill in: 60 English and 60 German ones.

    python training_data/make_sheet.py

The same data give the same bytes: rows are drawn and ordered by a hash of seed and id, which no version of Python
changes. A sheet that somebody has begun to fill in is not overwritten.
"""

import csv
import hashlib
import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
SHEET = FOLDER / "sheet" / "sheet.csv"
# inventory/test_*.csv stay unseen by whoever works on words and rules, so they are not drawn from.
SOURCES = ("{language}.csv", "inventory/work_{language}.csv")
DIMENSIONS = ("focus", "process", "specialization", "driver", "activities", "customer_contact")
TO_FILL = ("status", "label", *DIMENSIONS, "comment", "seconds")
COLUMNS = ("item_id", "language", "text", *TO_FILL)
SEED = 11
CLEAR = 2.5  # |sum of the scores|, contact counted half: from here a row is clear
NEAR = 1.5  # up to here it is near the line

Row = dict[str, str]
Test = Callable[[Row], bool]


def balance(row: Row) -> float:
    """Sum of the six scores, contact counted half; negative is BPO."""
    return sum(float(row[name]) * (0.5 if name == "customer_contact" else 1) for name in DIMENSIONS)


def has(status: str) -> Test:
    """Rows of this status."""
    return lambda row: row["status"] == status


def states(dimension: str, stratum: Test) -> Test:
    """Rows of a stratum whose score of a dimension is not 0."""
    return lambda row: stratum(row) and float(row[dimension]) != 0


def clear_bpo(row: Row) -> bool:
    """Label BPO, far from the line."""
    return row["label"] == "BPO" and balance(row) <= -CLEAR


def clear_kpo(row: Row) -> bool:
    """Label KPO, far from the line."""
    return row["label"] == "KPO" and balance(row) >= CLEAR


def near_line(row: Row) -> bool:
    """Either label, near the line."""
    return row["status"] == "ok" and abs(balance(row)) <= NEAR


# Rows a language: 30 % clear BPO, 25 % clear KPO, 25 % near the line, 10 % mixed, 10 % scope. Driver and contact are 0
# in most rows and their coefficients then mean little, so every stratum with scores begins with rows that state them.
QUOTAS: tuple[tuple[Test, int], ...] = (
    *(
        quota
        for stratum, count in ((clear_bpo, 18), (clear_kpo, 15), (near_line, 15))
        for quota in (
            (states("driver", stratum), 4), (states("customer_contact", stratum), 4), (stratum, count - 8)
        )
    ),
    (has("mixed"), 6),
    (has("out_physical"), 2), (has("out_presence"), 2), (has("insufficient"), 1), (has("not_a_task"), 1),
)


def place(purpose: str, row: Row) -> str:
    """A random number of a row for a purpose, always the same."""
    return hashlib.sha256(f"{SEED} {purpose} {row['id']}".encode()).hexdigest()


def drawn(language: str) -> Iterator[Row]:
    """The rows of a language, stratum by stratum; of texts that share a group, one at most."""
    pool: list[Row] = []
    for source in SOURCES:
        with (FOLDER / source.format(language=language)).open(encoding="utf-8", newline="") as file:
            pool += csv.DictReader(file)
    pool.sort(key=lambda row: place("draw", row))
    used: set[str] = set()
    for test, count in QUOTAS:
        left = count
        for row in pool:
            group = row.get("group") or row["id"]
            if left and group not in used and test(row):
                used.add(group)
                left -= 1
                yield row
        if left:
            sys.exit(f"{language}: {left} rows too few for one of the strata")


def sheet_bytes() -> bytes:
    """The sheet as it is written: with a byte order mark, so that spreadsheets show umlauts."""
    rows = sorted((row for language in ("en", "de") for row in drawn(language)), key=lambda row: place("order", row))
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([row["id"], row["language"], row["text"], *("" for _ in TO_FILL)] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def is_begun() -> bool:
    """Whether somebody has written into the sheet."""
    if not SHEET.exists():
        return False
    with SHEET.open(encoding="utf-8-sig", newline="") as file:
        return any(row.get(name) for row in csv.DictReader(file) for name in TO_FILL)


if __name__ == "__main__":
    if is_begun():
        sys.exit(f"{SHEET.name} has been filled in; save it under another name first")
    SHEET.write_bytes(sheet_bytes())
