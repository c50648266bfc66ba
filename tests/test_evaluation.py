"""Figures of a labelled file."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from outsourcing_classifier import Classifier, InputValueError, TaskFileError
from outsourcing_classifier.cli import app
from outsourcing_classifier.dimensions import DIMENSIONS
from outsourcing_classifier.evaluation import (
    balanced,
    balanced_lead,
    calibration,
    calibration_error,
    evaluate_file,
    figure_lines,
    label_figures,
    lead_over_tfidf,
    means,
    measure,
    read_labelled,
    share,
    status_figures,
    wilson,
)
from outsourcing_classifier.evaluation.intervals import equal_mass_bins

DATA = Path(__file__).resolve().parents[1] / "training_data"
TASKS = [
    ("Enter invoices into SAP according to the work instruction.", "BPO"),
    ("Analyse why customers leave and recommend measures.", "KPO"),
    ("Rechnungen nach Vorgabe erfassen.", "BPO"),
    ("Develop a forecast model for energy prices.", "KPO"),
]


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
    assert calibration_error(np.zeros(0, np.bool_), np.zeros(0)) is None


def test_bins_of_the_calibration_error_hold_equally_many_rows():
    probability = np.linspace(0, 1, 100) ** 3
    assert np.bincount(equal_mass_bins(probability)).tolist() == [10] * 10


def test_equal_probabilities_share_a_bin_whatever_their_order():
    probability = np.array([0.2] * 35 + [0.4, 0.9] * 5)
    bins = equal_mass_bins(probability)
    assert len(set(bins[:35].tolist())) == 1
    kpo = np.arange(45) % 2 == 0
    order = np.random.default_rng(1).permutation(45)
    groups = np.arange(45)
    assert calibration(kpo[order], probability[order], groups[order]) == calibration(kpo, probability, groups)


def test_right_probabilities_err_by_chance_alone():
    random = np.random.default_rng(3)
    probability = random.random(500)
    figures = calibration(random.random(500) < probability, probability, np.arange(500))
    assert 0 < figures["error"] <= figures["by_chance"]
    assert sum(item["share"]["n"] for item in figures["bins"]) == 500
    wrong = calibration(random.random(500) < 0.5, np.where(probability > 0.5, 0.99, 0.01), np.arange(500))
    assert wrong["error"] > wrong["by_chance"]


def test_a_mean_has_a_bootstrap_interval_that_never_changes():
    values = np.random.default_rng(5).normal(1, 1, (200, 2))
    values[::2, 1] = np.nan
    figures = means(values, np.arange(200))
    assert figures == means(values, np.arange(200))
    assert [figure["n"] for figure in figures] == [200, 100]
    deviation = values[:, 0].std() / np.sqrt(200)
    assert figures[0]["low"] == pytest.approx(values[:, 0].mean() - 1.96 * deviation, abs=0.03)
    assert figures[0]["high"] == pytest.approx(values[:, 0].mean() + 1.96 * deviation, abs=0.03)


def test_rows_of_one_group_are_drawn_together():
    values = np.repeat(np.random.default_rng(5).normal(0, 1, 40), 5)[:, np.newaxis]
    alone, together = (means(values, groups)[0] for groups in (np.arange(200), np.repeat(np.arange(40), 5)))
    assert together["high"] - together["low"] > 1.7 * (alone["high"] - alone["low"])
    one = means(values, np.zeros(200, np.int64))[0]
    assert (one["low"], one["high"], one["n"]) == (None, None, 200)
    assert means(np.full((3, 1), np.nan), np.arange(3))[0]["value"] is None


def test_the_lead_is_the_difference_of_two_balanced_accuracies_on_the_same_rows():
    kpo = np.arange(100) < 40
    ours, theirs = kpo.copy(), kpo.copy()
    ours[:4] = False
    theirs[[*range(10), 50, 51, 52]] = ~kpo[[*range(10), 50, 51, 52]]
    lead = balanced_lead(kpo, ours, theirs)
    assert lead["ours"] == balanced(kpo, ours)
    assert lead["theirs"] == balanced(kpo, theirs)
    assert lead["value"] == pytest.approx(lead["ours"]["value"] - lead["theirs"]["value"], abs=1e-4)
    assert 0 < lead["low"] < lead["value"] < lead["high"]
    same = balanced_lead(kpo, ours, ours)
    assert (same["value"], same["low"], same["high"]) == (0, 0, 0)
    assert balanced_lead(kpo[:40], ours[:40], ours[:40])["value"] is None


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
    for name in DIMENSIONS:
        error = figures["scores"][name]
        assert 0 <= error["all"]["low"] <= error["all"]["value"] <= error["all"]["high"] <= 2
        assert error["stated"]["n"] + error["silent"]["n"] == error["all"]["n"]
    assert sum(of["rows"] for of in figures["sources"].values()) == figures["rows"]
    assert list(figures["languages"]) == ["en"]
    assert list(figures["annotators"]) == ["language model (codebook)"]
    assert json.loads(json.dumps(figures)) == figures


def test_two_columns_are_enough(classifier, write):
    figures = evaluate_file(write(TASKS, ("Tätigkeit", "Ergebnis")), classifier, None, None)
    assert figures["labelled"] == len(TASKS)
    assert figures["status"] is figures["scores"] is None
    lines = list(figure_lines(figures, "tasks.csv"))
    assert lines[0] == (
        "Measured on tasks.csv: 4 labelled of 4 rows: 3 English, 1 German (task 'Tätigkeit', label 'Ergebnis'); "
        "the file does not say who or what labelled them (a column 'annotator' would)."
    )
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


COLUMNS = ("task", "label", "status", "language", "source", "annotator", *DIMENSIONS)
SCORED = [
    ("Enter invoices into SAP according to the work instruction.", "BPO", "ok", "en", "north", "Ada", -1, -1, -0.5, 0, -1, 0),
    ("Analyse why customers leave and recommend measures.", "KPO", "ok", "english", "north", "Ada", 1, 0.5, 0.5, 0, 1, 0),
    ("Rechnungen nach Vorgabe erfassen.", "BPO", "ok", "de", "south", "Ben", -1, -1, -0.5, 0, -1, 0),
    ("Eine Preisstrategie entwickeln.", "KPO", "ok", "Deutsch", "south", "Ben", 1, 0.5, 0.5, 0, 1, 0),
    ("Böden wischen", "", "out_physical", "de", "", "Ben", "", "", "", "", "", ""),
]


@pytest.fixture
def scored(write):
    return write(SCORED, COLUMNS)


def test_every_language_and_source_has_all_the_figures_of_the_file(classifier, scored):
    figures = evaluate_file(scored, classifier)
    assert list(figures["languages"]) == ["en", "de"]
    assert list(figures["sources"]) == ["north", "south", ""]
    for part in (*figures["languages"].values(), *figures["sources"].values()):
        assert set(part) < set(figures)
    assert [of["labelled"] for of in figures["languages"].values()] == [2, 2]
    assert figures["status"]["confusion"]["out_physical"] == {"out_physical": 1}
    assert figures["status"]["precision"]["out_physical"]["value"] == 1
    assert figures["scores"]["driver"]["stated"]["n"] == 0
    assert figures["scores"]["driver"]["silent"] == {"value": 0.0, "low": 0.0, "high": 0.0, "n": 4}


def test_the_order_of_rows_changes_no_figure(classifier, write):
    first = evaluate_file(write(SCORED, COLUMNS), classifier)
    assert evaluate_file(write(SCORED[::-1], COLUMNS, "again.csv"), classifier) == first


def test_rare_sources_are_put_together(classifier, write):
    rows = [(task, label, f"site {place}") for place in range(20) for task, label in TASKS[: 1 + (place == 7)]]
    sources = evaluate_file(write(rows, ("Task", "Label", "Source")), classifier)["sources"]
    assert len(sources) == 12
    assert next(iter(sources)) == "site 7"
    assert list(sources)[-1] == ""
    assert sum(of["rows"] for of in sources.values()) == 21


def test_a_language_that_the_file_does_not_name_is_read_from_the_text(classifier, write):
    path = write([(*row, "?") for row in TASKS], ("Task", "Label", "Language"))
    assert {name: of["rows"] for name, of in evaluate_file(path, classifier)["languages"].items()} == {"en": 3, "de": 1}


@pytest.mark.parametrize(
    ("annotators", "said"),
    [
        (["Ada", "Ada", "Ben", "Ada"], "labelled by Ada (3) and Ben (1)."),
        (["language model (codebook)"] * 4, "labelled by a language model with the codebook; no person has coded them."),
        (["Language model X", "Ada", "Ada", ""], "labelled by Ada (2) and somebody not named (1), and 1 by a language model with the codebook; no person has coded those."),
        ([""] * 4, "the file does not say who or what labelled them (a column 'annotator' would)."),
    ],
)
def test_one_sentence_says_who_or_what_labelled_the_rows(classifier, write, annotators, said):
    rows = [(*row, name) for row, name in zip(TASKS, annotators, strict=True)]
    figures = evaluate_file(write(rows, ("Task", "Label", "Annotator")), classifier)
    assert next(figure_lines(figures, "tasks.csv", "en")).endswith(said)


def test_the_lines_speak_the_language_asked_for_or_that_of_most_rows(classifier, scored):
    figures = evaluate_file(scored, classifier)
    assert next(figure_lines(figures, "tasks.csv")).startswith("Gemessen an tasks.csv: 4 von 5 Zeilen")
    english = "\n".join(figure_lines(figures, "tasks.csv", "en"))
    assert english.startswith("Measured on tasks.csv: 4 labelled of 5 rows")
    assert "ahead of TF-IDF" in english
    with pytest.raises(InputValueError, match="'fr'"):
        next(figure_lines(figures, "tasks.csv", "fr"))


def test_all_rows_are_answered_for_the_lead_over_tfidf(classifier, scored):
    lead = lead_over_tfidf(scored, classifier)
    assert list(lead) == ["all", "en", "de"]
    assert lead["all"]["n"] == 4
    assert lead["all"]["value"] == pytest.approx(lead["all"]["ours"]["value"] - lead["all"]["theirs"]["value"], abs=1e-4)


def test_an_empty_text_with_a_label_is_answered_bpo_where_every_row_is(classifier, write):
    measured = measure(write([*TASKS, ("", "KPO")], ("Task", "Label")), classifier)
    assert measured.figures["forced"]["recall"]["KPO"]["n"] == 3
    assert measured.answers.forced_probability[-1] == 0.5
    assert not measured.answers.forced_kpo[-1]


def test_the_curve_ends_where_every_row_is_answered(classifier):
    figures = evaluate_file(DATA / "en.csv", classifier)
    shares = [share for share, _ in figures["curve"]["ours"]]
    assert shares == sorted(shares)
    assert figures["curve"]["ours"][-1] == [1.0, figures["forced"]["accuracy"]["value"]]
    assert len(shares) <= 60


def test_the_command_prints_figures_json_and_the_page(scored, tmp_path):
    page = tmp_path / "page.html"
    result = CliRunner().invoke(app, ["evaluate", str(scored), "--language", "en", "--html", str(page)])
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("Measured on tasks.csv")
    assert str(page) in result.stdout.splitlines()[-1]
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>")
    data = json.loads(CliRunner().invoke(app, ["evaluate", str(scored), "--json"]).stdout)
    assert data["labelled"] == 4


@pytest.mark.parametrize("arguments", [["--language", "fr"], ["--html", "{source}"], ["--html", "none/page.html"]])
def test_the_command_fails_in_one_sentence(scored, tmp_path, arguments):
    before = scored.read_bytes()
    given = [argument.format(source=scored).replace("none", str(tmp_path / "none")) for argument in arguments]
    result = CliRunner().invoke(app, ["evaluate", str(scored), *given])
    assert result.exit_code == 2
    assert len(result.stderr.strip().splitlines()) == 1
    assert "with -o" not in result.stderr
    assert scored.read_bytes() == before


def test_rows_of_a_review_list_are_no_random_sample_and_get_no_accuracy(tmp_path: Path, classifier: Classifier) -> None:
    doubtful = ["Plan meetings", "Prepare reports", "Update plans", "Compare offers", "Organise training", "Check contracts"]
    sure = ["Enter supplier invoices", "File letters", "Draft an expert opinion on liability", "Type addresses into forms"]
    texts = [text for text in doubtful if classifier.classify(text).needs_review]
    assert len(texts) >= 5
    rows = [*((text, "KPO") for text in texts), *((text, "") for text in sure)]
    path = tmp_path / "scored.csv"
    path.write_text("task;oc_label;decision\n" + "".join(f"{text};;{said}\n" for text, said in rows), "utf-8")
    with pytest.raises(TaskFileError, match="no random sample, so no accuracy"):
        measure(path, classifier)
    every = [*((text, "KPO") for text in texts), *((text, "BPO") for text in sure * 3)]
    path.write_text("task;oc_label;decision\n" + "".join(f"{text};;{said}\n" for text, said in every), "utf-8")
    assert measure(path, classifier).figures["languages"]
