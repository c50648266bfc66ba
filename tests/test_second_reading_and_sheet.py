"""The folders beside the training data fit them, and training_data/README.md says what stands there."""

import csv
import importlib.util
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from outsourcing_classifier.agreement import agreement_figures, agreement_lines, read_readings
from outsourcing_classifier.decision import rule
from outsourcing_classifier.dimensions import DIMENSIONS

DATA = Path(__file__).resolve().parents[1] / "training_data"
SECOND = DATA / "second_reading" / "readings.csv"
SHEET = DATA / "sheet" / "sheet.csv"
TRAINING = [DATA / "en.csv", DATA / "de.csv"]
WORK = [DATA / "inventory" / "work_en.csv", DATA / "inventory" / "work_de.csv"]
TO_FILL = ("status", "label", *DIMENSIONS, "comment", "seconds")


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def by_id(paths):
    return {row["id"]: row for path in paths for row in read(path)}


@pytest.fixture(scope="module")
def sheet():
    return read(SHEET)


@pytest.fixture(scope="module")
def drawn(sheet):
    """The labelled rows that the sheet was drawn from."""
    pool = by_id([*TRAINING, *WORK])
    return [pool[row["item_id"]] for row in sheet]


@pytest.fixture(scope="module")
def make_sheet():
    spec = importlib.util.spec_from_file_location("make_sheet", DATA / "make_sheet.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_second_reading_is_a_tenth_of_the_training_data():
    training, second = by_id(TRAINING), read(SECOND)
    assert len({row["id"] for row in second}) == len(second) == 260
    assert {row["id"] for row in second} <= set(training)
    assert Counter(training[row["id"]]["language"] for row in second) == {"en": 130, "de": 130}
    assert {row["annotator"] for row in second} == {"language model (codebook), second reading"}


def test_the_second_reading_gives_label_and_scores_where_its_status_is_ok_and_keeps_to_the_rule():
    for row in read(SECOND):
        given = [row[name] for name in ("label", *DIMENSIONS)]
        assert all(given) if row["status"] == "ok" else not any(given), row
    labelled = [row for row in read(SECOND) if row["status"] == "ok"]
    kpo = rule(np.array([[float(row[name]) for name in DIMENSIONS] for row in labelled]))[1]
    assert [row["label"] == "KPO" for row in labelled] == kpo.tolist()


def test_the_sheet_is_drawn_from_training_data_and_inventory_rows_for_work(sheet, drawn):
    assert list(sheet[0]) == ["item_id", "language", "text", *TO_FILL]
    assert len({row["item_id"] for row in sheet}) == len(sheet) == 120
    assert Counter(row["language"] for row in sheet) == {"en": 60, "de": 60}
    for row, labelled in zip(sheet, drawn, strict=True):
        assert (row["language"], row["text"]) == (labelled["language"], labelled["text"])
    assert not any(row[name] for row in sheet for name in TO_FILL)


def test_the_sheet_has_its_strata_in_both_languages(drawn, make_sheet):
    for language in ("en", "de"):
        rows = [row for row in drawn if row["language"] == language]
        ok = [row for row in rows if row["status"] == "ok"]
        assert sum(map(make_sheet.clear_bpo, ok)) == 18
        assert sum(map(make_sheet.clear_kpo, ok)) == 15
        assert sum(map(make_sheet.near_line, ok)) == 15
        others = Counter(row["status"] for row in rows if row["status"] != "ok")
        assert others == {"mixed": 6, "out_physical": 2, "out_presence": 2, "insufficient": 1, "not_a_task": 1}


def test_three_rows_in_ten_of_the_sheet_state_a_driver_or_contact(drawn):
    stated = [any(float(row[name] or 0) for name in ("driver", "customer_contact")) for row in drawn]
    assert sum(stated) >= 0.3 * len(drawn)


def test_texts_of_one_group_stand_in_the_sheet_once(drawn):
    groups = [row["group"] for row in drawn if "group" in row]
    assert len(set(groups)) == len(groups)


def test_the_order_of_the_sheet_says_nothing_of_the_labels(drawn):
    statuses = [(row["language"], row["status"], row["label"]) for row in drawn]
    runs = sum(a != b for a, b in pairwise(statuses))
    assert runs > 60
    assert statuses != sorted(statuses)


def test_no_text_of_the_sheet_begins_like_a_formula(sheet):
    assert not [row["text"] for row in sheet if row["text"].startswith(("=", "+", "-", "@"))]


def test_the_script_makes_the_sheet_again(make_sheet):
    assert SHEET.read_bytes() == make_sheet.sheet_bytes(), "run  python training_data/make_sheet.py"


def test_a_sheet_that_somebody_fills_in_is_kept(make_sheet, tmp_path, monkeypatch):
    begun = tmp_path / "sheet.csv"
    begun.write_bytes(SHEET.read_bytes())
    monkeypatch.setattr(make_sheet, "SHEET", begun)
    assert not make_sheet.is_begun()
    begun.write_bytes(SHEET.read_bytes().replace(b",,,,,,,,,,\n", b",ok,BPO,,,,,,,,\n", 1))
    assert make_sheet.is_begun()


def test_two_filled_sheets_and_the_training_data_can_be_compared(sheet, drawn, tmp_path):
    filled = tmp_path / "sheet_ab.csv"
    with filled.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(sheet[0]))
        writer.writeheader()
        writer.writerows(
            row | {name: labelled[name] for name in ("status", "label", *DIMENSIONS)}
            for row, labelled in zip(sheet, drawn, strict=True)
        )
    figures = agreement_figures(read_readings([*TRAINING, *WORK]), read_readings([filled]))
    assert (figures["joined"], figures["only_second"]) == (120, 0)
    for own in figures["languages"].values():
        assert own["status"]["alpha"]["value"] == own["label"]["kappa"]["value"] == 1


def shown(rows, key):
    """Lines of a table of README: what is counted, English, German."""
    counts = {language: Counter(key(row) for row in rows if row["language"] == language) for language in ("en", "de")}
    names = sorted(counts["en"] | counts["de"], key=lambda name: (-counts["en"][name] - counts["de"][name], name))
    return [f"| {name} | {counts['en'][name]} | {counts['de'][name]} |" for name in names]


def status_and_label(row):
    return f"`{row['status']}`" + (f", {row['label']}" if row["label"] else "")


def test_readme_gives_the_counts_of_the_files():
    text = (DATA / "README.md").read_text("utf-8")
    rows = [row for path in TRAINING for row in read(path)]
    for lines in (shown(rows, status_and_label), shown(rows, lambda row: f"`{row['source']}`")):
        block = "\n".join(lines)
        assert block in text, f"training_data/README.md should say\n{block}"


def test_readme_gives_the_figures_of_the_second_reading():
    text = (DATA / "README.md").read_text("utf-8")
    block = "\n".join(agreement_lines(agreement_figures(read_readings(TRAINING), read_readings([SECOND]))))
    assert block in text, f"training_data/README.md should say\n{block}"
