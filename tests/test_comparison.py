"""Two models on the same rows: what is better, whether that may be chance, and what changes because of which cue."""

import csv
import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from typer.testing import CliRunner

from outsourcing_classifier import Classifier, TaskFileError, load_model
from outsourcing_classifier.cli import app
from outsourcing_classifier.evaluation import compare, comparison_lines, mcnemar, read_compared

CUE = {"language": "en", "cue": "design", "role": "action", "strength": "create", "focus": "-1", "process": "-1",
       "specialization": "-1", "activities": "-1", "needs": "form=verb clause=main"}
ROWS = [
    ("Task", "Label", "FTE", "Department", "Source"),
    ("Enter invoices", "BPO", "3", "Finance", "list"),
    ("Design brochures", "BPO", "0.5", "Marketing", "list"),
    ("Design web pages", "BPO", "2", "Marketing", "talks"),
    ("Analyse risks", "KPO", "1", "Finance", "talks"),
    ("Design bridges", "KPO", "", "Works", "talks"),
]


@pytest.fixture
def write(tmp_path):
    """Write a CSV file."""

    def write(rows, name="data.csv"):
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        return path

    return write


@pytest.fixture(scope="module")
def models():
    """The default model, and one for which designing is BPO."""
    return Classifier(), Classifier(model=replace(load_model(), cues=(CUE,)))


def test_changed_rows_come_by_fte_with_the_cue_that_turned_them(models, write):
    figures = compare(*models, read_compared(write(ROWS), {}))
    assert [change["row"] for change in figures["changes"]] == [4, 3, 6]
    for change in figures["changes"]:
        assert (change["old"], change["new"], change["cue"]) == ("KPO", "BPO", "design")
        assert change["after"] < 0 < change["before"]
    assert figures["changes"][0]["quote"].casefold() == "design"
    assert figures["all"]["changed_fte"] == 2.5


def test_figures_have_intervals_and_a_paired_test(models, write):
    of = compare(*models, read_compared(write(ROWS), {}))["all"]
    assert (of["accuracy"]["old"]["value"], of["accuracy"]["new"]["value"]) == (0.6, 0.8)
    assert of["accuracy"]["old"]["low"] < 0.6 < of["accuracy"]["old"]["high"]
    assert of["test"] == {"only_old": 1, "only_new": 2, "p": 1.0}
    assert of["lead"]["low"] <= of["lead"]["value"] <= of["lead"]["high"]


def test_slices_are_by_language_source_and_department(models, write):
    slices = compare(*models, read_compared(write(ROWS), {}))["slices"]
    assert {name: of["changed"] for name, of in slices["department"].items()} == {
        "Finance": 0, "Marketing": 2, "Works": 1,
    }
    assert set(slices["source"]) == {"list", "talks"}
    assert slices["language"]["en"]["rows"] == 5


@pytest.mark.parametrize("language", ["en", "de"])
def test_unlabelled_rows_show_the_changes_only(models, write, language):
    rows = [(row[0], *row[2:]) for row in ROWS]
    figures = compare(*models, read_compared(write(rows), {}))
    assert figures["all"]["labelled"] == 0
    lines = "\n".join(comparison_lines(figures, "data.csv", language))
    assert "McNemar" not in lines
    assert "Design web pages" in lines


@pytest.mark.parametrize("language", ["en", "de"])
def test_labelled_rows_show_everything(models, write, language):
    lines = list(comparison_lines(compare(*models, read_compared(write(ROWS), {})), "data.csv", language))
    assert any("McNemar" in line for line in lines)
    assert any("Design" in line and ("adds" in line or "trägt" in line) for line in lines)


def test_a_moved_decision_is_no_cues_doing(write):
    old = Classifier()
    decision = replace(old.model.decision, intercept=old.model.decision.intercept - 30)
    new = Classifier(model=replace(old.model, decision=decision))
    figures = compare(old, new, read_compared(write(ROWS), {}))
    assert figures["changes"]
    assert all(change["cue"] is None for change in figures["changes"])
    assert any("decision itself" in line for line in comparison_lines(figures, "data.csv", "en"))


def test_the_same_model_changes_nothing(models, write):
    figures = compare(models[0], models[0], read_compared(write(ROWS), {}))
    assert not figures["changes"]
    assert figures["all"]["test"]["p"] == 1.0
    assert "No row gets another answer." in list(comparison_lines(figures, "data.csv", "en"))


def test_a_label_that_is_none_is_named_by_its_row(write):
    with pytest.raises(TaskFileError, match=r"data\.csv, row 7, column 'Label': 'maybe' is no label"):
        read_compared(write([*ROWS, ("Sort mail", "maybe", "", "", "")]), {})


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=60))
def test_the_paired_test_is_the_exact_binomial_one(pairs):
    before, after = (np.array([pair[side] for pair in pairs], np.bool_) for side in (0, 1))
    found = mcnemar(before, after)
    differ = found["only_old"] + found["only_new"]
    expected = binomtest(found["only_new"], differ).pvalue if differ else 1.0
    assert found["p"] == pytest.approx(expected, abs=1e-4)


def test_the_command_gives_a_table_or_json(models, write, tmp_path):
    model = tmp_path / "new.json"
    model.write_text(models[1].model.to_json(), "utf-8")
    data = write(ROWS)
    table = CliRunner().invoke(app, ["compare", "default", str(model), str(data)])
    assert table.exit_code == 0
    assert "3 of 5 rows get another answer (2.5 FTE)" in table.output
    as_json = CliRunner().invoke(app, ["compare", "default", str(model), str(data), "--json"])
    assert len(json.loads(as_json.output)["changes"]) == 3
