"""Figures of a labelled file."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from outsourcing_classifier import TaskFileError
from outsourcing_classifier.dimensions import DIMENSIONS
from outsourcing_classifier.evaluation import (
    balanced,
    calibration_error,
    evaluate_file,
    figure_lines,
    label_figures,
    read_labelled,
    share,
    status_figures,
    wilson,
)

DATA = Path(__file__).resolve().parents[1] / "training_data"
TASKS = [
    ("Enter invoices into SAP according to the work instruction.", "BPO"),
    ("Analyse why customers leave and recommend measures.", "KPO"),
    ("Rechnungen nach Vorgabe erfassen.", "BPO"),
    ("Develop a forecast model for energy prices.", "KPO"),
]


@pytest.fixture
def write(tmp_path):
    def write(rows, columns, name="tasks.csv"):
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows([columns, *rows])
        return path

    return write


def test_wilson_gives_the_textbook_interval():
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(0, 5)[0] == 0.0
    assert wilson(5, 5)[1] == 1.0


def test_a_share_of_nothing_has_no_value():
    assert share(0, 0) == {"value": None, "low": 0.0, "high": 1.0, "n": 0}


def test_balanced_accuracy_is_the_mean_of_both_recalls():
    kpo = np.array([True, True, False, False, False, False])
    answer = np.array([True, False, False, False, False, False])
    figure = balanced(kpo, answer)
    assert figure["value"] == 0.75
    assert figure["low"] < 0.75 < figure["high"]
    assert balanced(kpo[:2], answer[:2])["value"] is None


def test_calibration_error_is_zero_where_shares_equal_probabilities():
    probability = np.full(10, 0.3)
    assert calibration_error(np.arange(10) < 3, probability) == pytest.approx(0.0, abs=1e-9)
    assert calibration_error(np.ones(10, np.bool_), probability) == pytest.approx(0.7)


def test_label_figures_count_one_half_as_kpo():
    kpo = np.array([True, False])
    figures = label_figures(kpo, np.array([0.5, 0.4]), np.array([False, False]))
    assert figures["accuracy"]["value"] == 1.0
    assert figures["brier"] == pytest.approx((0.25 + 0.16) / 2)
    assert figures["baselines"]["rule"]["accuracy"]["value"] == 0.5
    assert figures["baselines"]["majority"]["accuracy"]["value"] == 0.5


def test_status_figures_leave_out_rows_without_a_status():
    figures = status_figures(["ok", "out_physical", "", "mixed"], ["ok", "out_presence", "ok", "ok"])
    assert figures["accuracy"]["n"] == 3
    assert figures["accuracy"]["value"] == pytest.approx(1 / 3, abs=1e-4)
    assert figures["scope_accuracy"]["value"] == 1.0


def test_training_data_can_be_evaluated_with_status_and_scores(classifier):
    figures = evaluate_file(DATA / "en.csv", classifier, None, None)
    assert (figures["text_column"], figures["label_column"]) == ("text", "label")
    counted = sum(sum(row.values()) for row in figures["confusion"].values())
    assert figures["coverage"]["n"] == figures["labelled"] == counted
    assert figures["accuracy"]["n"] == figures["labelled"] - sum(row["none"] for row in figures["confusion"].values())
    assert figures["forced"]["accuracy"]["n"] == figures["labelled"]
    assert figures["status"]["accuracy"]["n"] == figures["rows"]
    assert all(0 <= figures["scores"][name]["mean_absolute_error"] <= 2 for name in DIMENSIONS)
    assert json.loads(json.dumps(figures)) == figures


def test_two_columns_are_enough(classifier, write):
    figures = evaluate_file(write(TASKS, ("Tätigkeit", "Ergebnis")), classifier, None, None)
    assert figures["labelled"] == len(TASKS)
    assert figures["status"] is figures["scores"] is None
    lines = list(figure_lines(figures, "tasks.csv"))
    assert lines[0] == "tasks.csv: 4 labelled of 4 rows (task 'Tätigkeit', label 'Ergebnis')"
    assert all("None" not in line for line in lines)


def test_chosen_columns_win(write):
    path = write([(task, "KPO", label, task) for task, label in TASKS], ("Task", "Label", "Workshop", "Wording"))
    data = read_labelled(path, "Wording", "workshop")
    assert (data.text_column, data.label_column) == ("Wording", "Workshop")
    assert data.labels == ("BPO", "KPO", "BPO", "KPO")


def test_what_people_decided_beside_our_results_is_the_label(write):
    rows = [(task, "BPO", label) for task, label in TASKS] + [("Plan and type", "KPO", "split"), ("Plan", "KPO", "")]
    data = read_labelled(write(rows, ("Task", "oc_label", "decision")))
    assert data.label_column == "decision"
    assert data.labels[-3:] == ("KPO", "", "")


def test_our_own_answers_are_never_taken_for_labels(write):
    with pytest.raises(TaskFileError, match="no column with labels"):
        read_labelled(write(TASKS, ("Task", "oc_label")))


def test_a_column_of_any_name_counts_where_it_holds_only_labels(write):
    assert read_labelled(write(TASKS, ("Task", "Workshop 3"))).label_column == "Workshop 3"


def test_a_wrong_label_is_named_by_file_row_and_column(write):
    path = write([*TASKS, ("Enter invoices", "perhaps")], ("Task", "Label"))
    with pytest.raises(TaskFileError, match=r"tasks\.csv, row 6, column 'Label': 'perhaps' is no label"):
        read_labelled(path)


def test_a_label_column_that_is_not_there_is_named_with_those_that_are(write):
    with pytest.raises(TaskFileError, match=r"column 'Verdict' not found; columns are 'Task', 'Label'"):
        read_labelled(write(TASKS, ("Task", "Label")), None, "Verdict")


def test_a_file_without_any_label_has_no_figures(classifier, write):
    path = write([(task, "") for task, _ in TASKS], ("Task", "Label"))
    with pytest.raises(TaskFileError):
        evaluate_file(path, classifier, None, "Label")


def test_a_planners_status_is_not_ours(write):
    path = write([(*row, "in progress") for row in TASKS], ("Task", "Label", "Status"))
    assert read_labelled(path).statuses is None


def test_german_score_cells_are_read(write):
    rows = [(*row, "-0,5", "1", "0", "0,5", "-1", "") for row in TASKS]
    data = read_labelled(write(rows, ("Task", "Label", *DIMENSIONS)))
    np.testing.assert_array_equal(data.scores[0], [-0.5, 1, 0, 0.5, -1, np.nan])


def test_process_may_be_the_column_of_tasks(write):
    data = read_labelled(write(TASKS, ("Process", "Label")))
    assert data.texts == tuple(task for task, _ in TASKS)


def test_only_rows_of_one_label_still_have_figures(classifier, write):
    path = write([(task, "BPO") for task, _ in TASKS], ("Task", "Label"))
    figures = evaluate_file(path, classifier, None, None)
    assert figures["balanced_accuracy"]["value"] is None
    assert list(figure_lines(figures, path.name))
