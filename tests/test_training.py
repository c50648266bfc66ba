"""Labelled examples become a model and a card, in the same bytes every time."""

import csv
import random
from dataclasses import astuple
from pathlib import Path

import pytest
from threadpoolctl import threadpool_limits

from outsourcing_classifier import Classifier, TrainingDataError, load_model
from outsourcing_classifier.estimator import significant
from outsourcing_classifier.training import COLUMNS, card, command, read_examples, train, train_command

DATA = Path(__file__).resolve().parents[1] / "training_data"
SOURCE = str(DATA.parent / "src")  # fresh processes test this checkout too
ROWS = 80


@pytest.fixture(scope="module")
def rows():
    """The first rows of each language, as cells."""
    found = []
    for path in sorted(DATA.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found += list(csv.reader(file))[1 : ROWS + 1]
    return found


@pytest.fixture
def write(tmp_path):
    """Write rows under the columns of training data."""

    def write(rows, name="rows.csv", columns=COLUMNS):
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([columns, *rows])
        return path

    return write


@pytest.fixture
def own_file(write):
    """A planner's own labelled file."""
    return write([("Enter invoices into SAP", "BPO"), ("Analyse why customers leave", "KPO")], "own.csv", ("Task", "Label"))


@pytest.fixture
def checkout(tmp_path, write, rows, monkeypatch):
    """A checkout with few rows, in place of ours."""
    (tmp_path / "models").mkdir()
    (tmp_path / "training_data").mkdir()
    write(rows).rename(tmp_path / "training_data" / "en.csv")
    monkeypatch.setattr(command, "_checkout", lambda: tmp_path)
    return tmp_path


def silent(_):
    """Say nothing."""


def test_the_training_data_are_in_order():
    examples = read_examples(sorted(DATA.glob("*.csv")))
    assert {row.language for row in examples} == {"en", "de"}
    assert list(examples) == sorted(examples, key=lambda row: (row.id, row.language, row.text))


def test_shuffled_rows_give_the_same_bytes(rows, write, lexicon):
    shuffled = random.Random(0).sample(rows, len(rows))
    files = [write(rows, "a.csv"), write(shuffled, "b.csv")]
    models = [train(read_examples([path]), lexicon) for path in files]
    assert models[0].to_json() == models[1].to_json()
    assert card(models[0]) == card(models[1])


def test_one_and_two_threads_give_the_same_bytes(rows, write, lexicon):
    examples = read_examples([write(rows)])
    models = []
    for threads in (1, 2):
        with threadpool_limits(threads):
            models.append(train(examples, lexicon).to_json())
    assert models[0] == models[1]


@pytest.mark.slow
def test_all_training_data_give_the_same_bytes_in_fresh_processes(run_python, tmp_path):
    for threads in ("1", "2"):
        done = run_python(
            "-m", "outsourcing_classifier", "train", "-o", str(tmp_path / threads),
            OPENBLAS_NUM_THREADS=threads, OMP_NUM_THREADS=threads, PYTHONHASHSEED=threads, PYTHONPATH=SOURCE,
        )
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()


def test_numbers_are_rounded_and_signs_kept(rows, write, lexicon):
    decision = train(read_examples([write(rows)]), lexicon).decision
    values = [*decision.coefficients, *(value for value in astuple(decision) if isinstance(value, float))]
    assert values == [significant(value) for value in values]
    assert min(decision.coefficients) >= 0
    assert decision.cap < 0 < decision.slope
    assert 0 < decision.medium_from <= decision.high_from < 1


def test_figures_carry_their_intervals_and_baselines(rows, write, lexicon):
    figures = train(read_examples([write(rows)]), lexicon).figures
    assert set(figures["label"]) == {"all", "en", "de"}
    for figure in figures["label"].values():
        assert 0 <= figure["accuracy"]["low"] <= figure["accuracy"]["value"] <= figure["accuracy"]["high"] <= 1
        assert set(figure["baselines"]) == {"majority", "rule"}
    assert figures["status"]["all"]["accuracy"]["n"] == len(rows)


def test_no_date_is_in_model_or_card(rows, write, lexicon):
    model = train(read_examples([write(rows)]), lexicon)
    assert set(model.versions) == {"package"}
    assert "labelled by a language model with the codebook; no person has coded them" in card(model)


def test_rows_labelled_by_people_are_not_called_machine_labelled(rows, write, lexicon):
    people = [[*row[:14], "A. Meier", row[15]] for row in rows]
    assert "no person has coded them" not in card(train(read_examples([write(people)]), lexicon))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("id", ""), ("group", ""), ("text", " "), ("language", "fr"), ("status", "fine"), ("label", "maybe"),
        ("focus", "2"), ("focus", "much"), ("driver", ""), ("weight", "0"), ("weight", "nan"), ("annotator", ""),
    ],
)
def test_a_wrong_cell_is_named_by_file_row_and_column(rows, write, column, value):
    labelled = next(row for row in rows if row[COLUMNS.index("label")])
    changed = [value if name == column else cell for name, cell in zip(COLUMNS, labelled, strict=True)]
    others = [row for row in rows if row is not labelled]
    with pytest.raises(TrainingDataError, match=rf"rows\.csv, row {len(others) + 2}, column '{column}'"):
        read_examples([write([*others, changed])])


def test_a_label_needs_the_status_ok(rows, write):
    scope = next(row for row in rows if row[COLUMNS.index("status")] == "out_physical")
    changed = ["BPO" if name == "label" else cell for name, cell in zip(COLUMNS, scope, strict=True)]
    with pytest.raises(TrainingDataError, match="column 'label': must be empty where status is out_physical"):
        read_examples([write([*(row for row in rows if row is not scope), changed])])


def test_the_same_id_or_text_twice_is_refused(rows, write):
    with pytest.raises(TrainingDataError, match=r"row 3, column 'id': the same as in rows\.csv, row 2"):
        read_examples([write([rows[0], rows[0]])])
    with pytest.raises(TrainingDataError, match=r"row 3, column 'text'"):
        read_examples([write([rows[0], ["other", *rows[0][1:]]])])


def test_other_columns_and_short_rows_are_refused(rows, write):
    with pytest.raises(TrainingDataError, match="row 1: columns are"):
        read_examples([write([row[1:] for row in rows], columns=COLUMNS[1:])])
    with pytest.raises(TrainingDataError, match="row 4: 3 fields"):
        read_examples([write([*rows[:2], ["x", "y", "z"], *rows[2:]])])


def test_training_in_a_checkout_writes_model_and_card_and_check_agrees(checkout):
    said = []
    assert train_command([], None, say=said.append)
    model = load_model(checkout / "models" / "default.json")
    assert (checkout / "models" / "README.md").read_text("utf-8") == card(model)
    assert train_command([], None, check=True, say=said.append)
    Classifier(model=model).classify("Enter invoices.")


def test_check_finds_a_difference_and_writes_nothing(checkout):
    said = []
    assert train_command([], None, say=silent)
    changed = checkout / "models" / "README.md"
    changed.write_text("by hand", encoding="utf-8")
    assert not train_command([], None, check=True, say=said.append)
    assert changed.read_text("utf-8") == "by hand"
    assert any("README.md is not what training gives" in line for line in said)


def test_outside_a_checkout_the_remedy_is_named(monkeypatch):
    monkeypatch.setattr(command, "_checkout", lambda: None)
    with pytest.raises(TrainingDataError, match=r"train FILE -o my_model\.json"):
        train_command([], None, say=silent)


def test_own_examples_never_replace_the_default_model(own_file, checkout):
    with pytest.raises(TrainingDataError, match="-o my_model"):
        train_command([own_file], None, say=silent)
    with pytest.raises(TrainingDataError, match="default model"):
        train_command([own_file], checkout / "models" / "default.json", say=silent)


def test_a_file_that_is_no_model_is_never_overwritten(own_file):
    before = own_file.read_bytes()
    with pytest.raises(TrainingDataError, match="is no model"):
        train_command([own_file], own_file, say=silent)
    assert own_file.read_bytes() == before


def test_a_file_without_labels_is_refused(write, tmp_path):
    path = write([("Enter invoices", "3"), ("Scan mail", "4")], "own.csv", ("Task", "FTE"))
    with pytest.raises(TrainingDataError, match="no column with labels"):
        train_command([path], tmp_path / "m.json", say=silent)
