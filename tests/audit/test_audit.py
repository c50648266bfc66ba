"""Audits: blind sheets out, agreement and corrected sums back, intervals that cover the truth."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from outsourcing_classifier import Classifier, TaskFileError
from outsourcing_classifier.audit.draw import KEY_NAME, allocated, draw
from outsourcing_classifier.audit.estimate import ANSWERS, Stratum, corrected
from outsourcing_classifier.audit.lines import audit_lines
from outsourcing_classifier.audit.read import audit_figures, read_audit
from outsourcing_classifier.inventory import score_file

openpyxl = pytest.importorskip("openpyxl")
TASKS = (
    "Enter supplier invoices of batch {}", "Advise the board on takeover {}", "Sort incoming letters of floor {}", "Support {}",
    "Draft an expert opinion on liability case {}", "Mop the floor of hall {}",
)
Fill = Callable[[Path, Callable[[dict[str, Any]], str]], None]


@pytest.fixture
def scored(tmp_path: Path, classifier: Classifier) -> Path:
    rows = [f"{place},Unit {place % 3},{TASKS[place % 6].format(place)},{1 + place % 4},{1000 * place}" for place in range(90)]
    (tmp_path / "in.csv").write_text("\n".join(["id,department,task,fte,cost", *rows]) + "\n", "utf-8")
    score_file(tmp_path / "in.csv", tmp_path / "scored.csv", classifier=classifier)
    return tmp_path / "scored.csv"


@pytest.fixture
def folder(scored: Path, classifier: Classifier) -> Path:
    return draw(scored, scored.with_name("audit"), classifier=classifier, count=48).folder


@pytest.fixture
def fill() -> Fill:
    """Fill a sheet: a function says the decision for each drawn row (a row of the key)."""

    def run(sheet: Path, decide: Callable[[dict[str, Any]], str]) -> None:
        key = json.loads((sheet.parent / KEY_NAME).read_text("utf-8"))
        drawn = {row["number"]: row for stratum in key["strata"].values() for row in stratum["drawn"]}
        book = openpyxl.load_workbook(sheet)
        page = book.active
        head, header = next(
            (number, [cell.value for cell in row]) for number, row in enumerate(page.iter_rows(), 1)
            if "Decision" in [cell.value for cell in row]
        )
        for number in range(head + 1, page.max_row + 1):
            row = drawn[int(page.cell(number, 1).value)]
            page.cell(number, header.index("Decision") + 1).value = decide(row)
        book.save(sheet)

    return run


def machine(row: dict[str, Any]) -> str:
    return row["label"] or "unclear"


def test_sheets_are_blind_and_each_has_an_order_of_its_own(folder: Path) -> None:
    orders = []
    for number in (1, 2):
        page = openpyxl.load_workbook(folder / f"audit_person_{number}.xlsx").active
        rows = list(page.iter_rows(values_only=True))
        text = "\n".join(str(cell) for row in rows for cell in row if cell is not None)
        assert "oc_" not in text
        assert "confidence" not in text
        head = next(place for place, row in enumerate(rows) if "Decision" in row)
        assert list(rows[head]) == ["No.", "Task", "Department", "Decision", "Reason"]
        assert [set(row[3:]) for row in rows[head + 1 :]] == [{None}] * 48
        orders.append([row[0] for row in rows[head + 1 :]])
        assert page.data_validations.dataValidation
    assert sorted(orders[0]) == sorted(orders[1])
    assert orders[0] != orders[1]


def test_the_same_seed_draws_the_same_sample_and_another_one_another(scored: Path, classifier: Classifier) -> None:
    keys = [
        (draw(scored, scored.with_name(name), classifier=classifier, count=30, seed=seed).folder / KEY_NAME).read_bytes()
        for name, seed in (("a", 1), ("b", 1), ("c", 2))
    ]
    assert keys[0] == keys[1] != keys[2]


def test_an_audit_that_is_there_is_not_drawn_over(folder: Path, scored: Path, classifier: Classifier) -> None:
    with pytest.raises(TaskFileError, match="left as it is"):
        draw(scored, folder, classifier=classifier)


@pytest.mark.parametrize(
    ("sizes", "count"), [({"a": 100, "b": 3}, 20), ({"a": 1, "b": 1}, 50), ({"a": 7}, 3), ({"a": 500, "b": 400, "c": 20, "d": 8}, 120), ({}, 5)]
)
def test_every_stratum_is_drawn_from_and_none_beyond_its_rows(sizes: dict[str, int], count: int) -> None:
    found = allocated(sizes, dict.fromkeys(sizes, 0.0), count)
    assert sum(found.values()) == min(count, sum(sizes.values()))
    assert all(1 <= found[name] <= size for name, size in sizes.items())


def test_people_who_agree_with_the_program_leave_its_sums_within_the_intervals(folder: Path, fill: Fill) -> None:
    for number in (1, 2):
        fill(folder / f"audit_person_{number}.xlsx", machine)
    key, people = read_audit([folder])
    figures = audit_figures(key, people)
    assert figures["agreement"]["alpha"] == 1
    assert figures["tool"]["common"]["value"] == 1
    for unit in ("rows", "fte", "cost"):
        for of in figures["corrected"][unit].values():
            assert of["low"] <= of["machine"] <= of["high"]
            assert of["low"] < of["high"]  # a sample without errors does not prove that there are none
    text = "\n".join(audit_lines(figures, people, key, folder))
    assert "48 rows drawn at random from 90" in text
    assert "For the slide: Of 223.0 FTE the program calls" in text


def test_errors_that_people_find_are_carried_to_the_whole_file(folder: Path, fill: Fill) -> None:
    def decide(row: dict[str, Any]) -> str:
        return "KPO" if row["text"].startswith("Sort") else machine(row)

    for number in (1, 2):
        fill(folder / f"audit_person_{number}.xlsx", decide)
    key, people = read_audit([folder])
    kpo = audit_figures(key, people)["corrected"]["rows"]["KPO"]
    assert kpo["machine"] == 30
    assert kpo["low"] <= 45 <= kpo["high"]  # 15 rows sort letters
    assert kpo["low"] > 30


def test_where_people_disagree_each_counts_in_equal_parts_and_it_is_said(folder: Path, fill: Fill) -> None:
    fill(folder / "audit_person_1.xlsx", machine)
    fill(folder / "audit_person_2.xlsx", lambda row: "KPO" if row["label"] == "BPO" else machine(row))
    key, people = read_audit([folder])
    figures = audit_figures(key, people)
    assert figures["disagreed"] > 10
    assert figures["agreement"]["alpha"] < 0.8
    assert 30 < figures["corrected"]["rows"]["KPO"]["corrected"] < 60
    assert "each decision counts in equal parts" in "\n".join(audit_lines(figures, people, key, folder))


def test_what_is_missing_or_odd_in_a_sheet_is_listed_and_the_rest_is_used(folder: Path, fill: Fill) -> None:
    fill(folder / "audit_person_1.xlsx", machine)
    words = iter(["perhaps", "", *["BPO"] * 100])
    fill(folder / "audit_person_2.xlsx", lambda _: next(words))
    key, people = read_audit([folder])
    text = "\n".join(audit_lines(audit_figures(key, people), people, key, folder))
    assert "“perhaps” is no decision" in text
    assert "no decision for 2 rows" in text
    assert audit_figures(key, people)["agreement"]["rows"] == 46


def test_one_person_alone_cannot_agree(folder: Path, fill: Fill) -> None:
    fill(folder / "audit_person_1.xlsx", machine)
    key, people = read_audit([folder])
    assert len(people) == 1
    assert "One person only" in "\n".join(audit_lines(audit_figures(key, people), people, key, folder))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [(KEY_NAME, b"{", "damaged"), (KEY_NAME, b'{"version": 9}', "another version"), (KEY_NAME, None, "not there"), ("x.xlsx", b"no", "is a text")],
)
def test_a_damaged_audit_is_one_sentence(folder: Path, fill: Fill, name: str, content: bytes | None, said: str) -> None:
    fill(folder / "audit_person_1.xlsx", machine)
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)
    with pytest.raises(TaskFileError, match=said):
        read_audit([folder])


def test_unfilled_sheets_are_said(folder: Path) -> None:
    with pytest.raises(TaskFileError, match="no sheet holds a decision"):
        read_audit([folder])


@pytest.mark.slow
@pytest.mark.parametrize(("error", "tail"), [(0.05, 1.0), (0.1, 3.0), (0.2, 1.3)])
def test_intervals_cover_the_truth(error: float, tail: float) -> None:
    """A short form of benchmarks/audit.py: 95 % within what 120 runs of six intervals can tell."""
    chance = np.random.default_rng(3)
    held = []
    for _ in range(120):
        fte = np.minimum(chance.pareto(tail, 900) + 0.1, 100)
        answer = chance.choice(3, 900, p=[0.5, 0.35, 0.15])
        truth = np.where(chance.random(900) < error, (answer + 1) % 3, answer)
        weights, strata = np.column_stack([np.ones(900), fte]), []
        for place in range(3):
            rows = chance.permutation(np.flatnonzero(answer == place))
            strata.append(Stratum(place, weights[rows[40:]], weights[rows[:40]], np.eye(3)[truth[rows[:40]]]))
        found = corrected(strata, draws=400)
        wanted = np.array([weights[truth == place].sum(axis=0) for place in range(3)])
        held.append((found["low"] <= wanted) & (wanted <= found["high"]))
    assert len(ANSWERS) == 3
    assert 0.91 <= np.mean(held) <= 0.99


def test_an_audit_sets_the_threshold_of_a_new_model_and_batch_says_so(folder: Path, fill: Fill, run_python: Any) -> None:
    for number in (1, 2):
        fill(folder / f"audit_person_{number}.xlsx", machine)
    command = ("-m", "outsourcing_classifier")
    made = folder.parent / "own.json"
    done = run_python(*command, "audit", "threshold", str(folder), "-o", str(made), "--wanted", "0.1", "--confidence", "0.8")
    assert done.returncode == 0, done.stderr
    assert "At least" not in done.stdout
    assert "with 80 % confidence" in done.stdout.lower()
    scored = run_python(*command, "batch", str(folder.parent / "in.csv"), "-o", str(folder.parent / "x.csv"), "--model", str(made))
    assert "Review threshold: set by your audit of scored.csv" in scored.stdout
    again = run_python(*command, "audit", "threshold", str(folder), "-o", str(made))
    assert again.returncode == 2
    assert "left as it is" in again.stderr
