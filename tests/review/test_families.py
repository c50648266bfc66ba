"""What one decision settles: families, their examples, the order of lines."""

import json
import random
from pathlib import Path

import pytest

from outsourcing_classifier.errors import InputValueError
from outsourcing_classifier.review.families import deciding, examples, families
from outsourcing_classifier.review.plan import SECONDS_FAMILY, SECONDS_ROW, plan, uncertain
from outsourcing_classifier.review.scored import read_scored

HEADER = ["id", "department", "task", "fte", "oc_label", "oc_status", "oc_review", "oc_probability", "decision"]
MONITOR = ["Monitor supplier contracts", "Monitor lease contracts", "Monitor insurance contracts"]


def grouped(texts, classifier, labels=None):
    found = deciding(texts, labels or ["BPO"] * len(texts), classifier)
    made, alone = families(range(len(texts)), found, texts)
    return [{texts[row] for row in family.rows} for family in made], [texts[row] for row in alone]


def row(number, task, *, fte="1", label="BPO", status="ok", review="yes", probability="0,6", decision=""):
    return [number, "Finance", task, fte, label, status, review, probability, decision]


def test_rows_with_the_same_deciding_cue_stand_in_one_family(classifier):
    assert grouped([*MONITOR, "Translate a manual"], classifier) == ([set(MONITOR)], ["Translate a manual"])


def test_rows_of_different_labels_stand_apart(classifier):
    found = deciding([*MONITOR, *MONITOR], ["BPO"] * 3 + ["KPO"] * 3, classifier)
    made, _ = families(range(6), found, [*MONITOR, *MONITOR])
    assert all({found[row].label for row in family.rows} == {family.shared.label} for family in made)
    assert (0, 1, 2) in [family.rows for family in made]


def test_the_kind_of_object_divides_a_family_where_both_halves_are_large_enough(classifier):
    documents = ["Monitor contracts", "Monitor our contracts", "Monitor all contracts"]
    machines = ["Monitor pumps", "Monitor our pumps", "Monitor all pumps"]
    found = deciding([*documents, *machines], ["BPO"] * 6, classifier)
    assert [item.kind for item in found] == ["document"] * 3 + ["machine"] * 3
    assert grouped([*documents, *machines], classifier)[0] == [set(documents), set(machines)]
    assert grouped([documents[0], machines[0]], classifier)[0] == [{documents[0], machines[0]}]


def test_rows_that_say_nothing_belong_together_only_where_the_wording_is_the_same(classifier):
    texts = ["Misc", "misc.", "General", "n/a"]
    assert grouped(texts, classifier, ["insufficient"] * 4) == ([{"Misc", "misc."}], ["General", "n/a"])


def test_families_do_not_depend_on_the_order_of_rows(classifier):
    texts = [*MONITOR, "Monitor pumps", "Plan shifts", "Plan tours", "Misc", "Misc", "Translate a manual"]
    expected = grouped(texts, classifier)
    for seed in range(5):
        shuffled = random.Random(seed).sample(texts, len(texts))
        made, alone = grouped(shuffled, classifier)
        assert sorted(map(sorted, made)) == sorted(map(sorted, expected[0]))
        assert sorted(alone) == sorted(expected[1])


def test_examples_begin_with_the_heaviest_row_and_repeat_no_wording():
    texts = ["check bills", "Check bills.", "check the bills of plants abroad", "audit leases"]
    assert examples(range(4), texts, [1, 9, 2, 3]) == [1, 3, 2]


def test_lines_say_what_all_decisions_up_to_them_settle(write, classifier):
    source = write(
        [row(i, text, fte="0,5") for i, text in enumerate(MONITOR)]
        + [row(7, "Translate a manual", fte="3"), row(8, "Draft a speech", fte="2"), row(9, "Type letters", review="no")],
        HEADER,
    )
    scored = read_scored(source)
    drawn = plan(scored, classifier, uncertain(scored))
    assert [(line.name, line.settles) for line in drawn.lines] == [("F1", 1.5), ("R5", 3), ("R6", 2)]
    assert [round(line.share, 3) for line in drawn.lines] == [0.231, 0.692, 1.0]
    assert drawn.seconds == SECONDS_FAMILY + 2 * SECONDS_ROW


def test_single_rows_are_ordered_by_fte_and_closeness_to_the_line(write, classifier):
    source = write(
        [row(1, "Translate a manual", fte="3", probability="0,9"), row(2, "Draft a speech", fte="2", probability="0,55"),
         row(3, "Sonstiges", fte="1", status="insufficient", label="", probability="")],
        HEADER,
    )
    scored = read_scored(source)
    assert [line.name for line in plan(scored, classifier, uncertain(scored)).singles] == ["R3", "R4", "R2"]


def test_without_fte_rows_are_counted(write, classifier):
    source = write([row(i, text, fte="") for i, text in enumerate([*MONITOR, "Draft a speech"])], HEADER)
    scored = read_scored(source)
    drawn = plan(scored, classifier, uncertain(scored))
    assert (drawn.unit, drawn.total, drawn.lines[0].share) == ("rows", 4, 0.75)


def test_rows_with_a_decision_are_not_listed_again(write, classifier):
    source = write(
        [row(1, "Draft a speech", decision="KPO"), row(2, "Translate a manual"), row(3, "Type", review="no")], HEADER
    )
    scored = read_scored(source)
    assert [scored.texts[i] for i in uncertain(scored)] == ["Translate a manual"]


def test_minutes_keep_what_settles_most_in_that_time(write, classifier):
    tasks = ["Translate a manual", "Draft a speech", "Reset a password", "Book a hotel", "Design a pump"]
    source = write([row(i, text, fte=str(i + 1)) for i, text in enumerate(tasks)], HEADER)
    scored = read_scored(source)
    whole = plan(scored, classifier, uncertain(scored))
    short = plan(scored, classifier, uncertain(scored), minutes=2)
    assert [line.rows for line in short.lines] == [line.rows for line in whole.lines[:2]]
    assert (short.cut, whole.cut) == (True, False)
    assert short.seconds <= 120
    with pytest.raises(InputValueError, match="too short"):
        plan(scored, classifier, uncertain(scored), minutes=1)


def test_the_benchmark_counts_decisions_in_families_and_row_by_row(run_python):
    done = run_python(str(Path(__file__).parents[2] / "benchmarks" / "families.py"), "--json")
    assert done.returncode == 0, done.stderr
    for found in json.loads(done.stdout).values():
        assert 0 < found["by families"] <= found["row by row"] <= found["uncertain"]
