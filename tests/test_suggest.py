"""`lexicon suggest`: what a file proposes, and that nothing of it counts before a person says so."""

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from outsourcing_classifier import Classifier, InputValueError, TaskFileError, load_lexicon
from outsourcing_classifier.cli import app
from outsourcing_classifier.dimensions import DIMENSIONS
from outsourcing_classifier.lexicon.codes import FOLDER
from outsourcing_classifier.lexicon.snapshot import tables_hash
from outsourcing_classifier.lexicon.tables import CUE_COLUMNS, read_strengths
from outsourcing_classifier.lexicon.words import VERB
from outsourcing_classifier.suggest import (
    read_pairs,
    read_tasks,
    suggest,
    suggest_command,
    suggesting_classifier,
    write_suggestions,
)

# "Zorbel", "zorbel": a word that no language has.
UNKNOWN = [
    "Zorbel erfassen", "Zorbel und Rechnungen erfassen", "Rechnungen erfassen", "Belege erfassen", "Belege ablegen",
    "Zorbel ablegen", "Eine Strategie entwickeln",
]
CLEAR = [
    *[(f"{verb} the zorbel{end}", "KPO") for verb, end in (
        ("Review", ""), ("Send", " to the team"), ("Prepare", ""), ("Discuss", " with the team"), ("Update", ""),
        ("Read", ""), ("Complete", " in time"),
    )],
    ("Enter invoices", "BPO"), ("Scan letters", "BPO"), ("Post payments", "BPO"), ("File vouchers", "BPO"),
    ("Analyse causes of failures", "KPO"), ("Develop a pricing strategy", "KPO"),
]


@pytest.fixture(scope="module")
def suggesting():
    return suggesting_classifier(None, None)


@pytest.fixture
def proposed(suggesting, write):
    """Proposals from a file, by their cue."""

    def proposed(rows, columns, **options):
        tasks, _ = read_tasks([write(rows, columns)])
        return {row.cue: row for row in suggest(suggesting, tasks, **options)}

    return proposed


def side(strength, classifier):
    return float(np.array(read_strengths()[strength].weights) @ np.array(classifier.model.decision.coefficients))


def test_a_frequent_unknown_word_is_proposed_with_the_strength_of_what_stands_in_its_place(proposed):
    found = proposed([(text,) for text in UNKNOWN], ("Aufgabe",))
    row = found["Zorbel"]
    assert (row.language, row.role, row.strength, row.rows) == ("de", "object", "record", 3)
    assert row.note.startswith("seen 3 times; stands where record")
    assert set(found) == {"Zorbel"}


def test_a_rare_word_is_not_proposed(proposed):
    assert not proposed([(text,) for text in UNKNOWN], ("Aufgabe",), at_least=4)


def test_the_same_text_in_several_rows_counts_once(proposed):
    assert not proposed([("Zorbel erfassen",)] * 9, ("Aufgabe",))


def test_an_unknown_verb_is_an_action(proposed, tmp_path):
    found = proposed([("Rechnungen zorbeln",), ("Verträge zorbeln und ablegen",), ("Belege täglich zorbeln",)], ("Aufgabe",))
    assert found["zorbeln"].role == "action"
    found = proposed([("Zorbel the invoices",), ("Zorbel a contract",), ("Check and zorbel the lists",)], ("Task",))
    assert found["zorbel"].role == "action"
    target = tmp_path / "accepted.tsv"
    write_suggestions([found["zorbel"]], target)
    assert load_lexicon(target).words["en"].analyse("zorbels").kind & VERB


def test_a_joined_word_is_read_by_its_head(proposed):
    found = proposed([("Check the emailvoucher",), ("Read an emailvoucher",), ("File emailvouchers",)], ("Task",))
    row = found["emailvoucher"]
    assert (row.role, row.strength) == ("object", "record")
    assert "ends in 'voucher'" in row.note


def test_adjectives_and_typing_errors_are_not_proposed(proposed):
    rows = [("Bei zorbelen und neuen Verträgen beraten",), ("Mit zorbelen oder alten Listen arbeiten",),
            ("Zu zorbelen und offenen Fragen beraten",)]
    assert not proposed(rows, ("Aufgabe",))
    assert not proposed([(f"Rechnugen {verb}",) for verb in ("erfassen", "prüfen", "ablegen")], ("Aufgabe",))


def test_an_unknown_word_that_the_labels_give_a_direction_is_proposed_with_that_direction(proposed, suggesting):
    row = proposed(CLEAR, ("Task", "Label"))["zorbel"]
    assert (row.language, row.role, row.kind) == ("en", "object", "weight")
    assert side(row.strength, suggesting) > 0
    assert row.note.startswith("7 rows for KPO, 0 against (rows ")
    assert row.note.endswith("seen 7 times")
    assert all(2 <= int(number) <= 8 for number in row.note.partition("(rows ")[2].partition(")")[0].split(", "))
    turned = [(text, "BPO") if "zorbel" in text else (text, label) for text, label in CLEAR]
    row = proposed(turned, ("Task", "Label")).get("zorbel")
    assert row is not None
    assert side(row.strength, suggesting) <= 0


def test_a_word_with_rows_of_both_labels_gets_no_direction(proposed):
    mixed = [(text, "BPO" if place % 2 else label) for place, (text, label) in enumerate(CLEAR)]
    assert proposed(mixed, ("Task", "Label"))["zorbel"].kind == "unknown"


def test_scores_alone_give_a_direction_too(proposed, suggesting):
    scores = {"KPO": (1, 0.5, 0.5, 0, 1, 0), "BPO": (-1, -0.5, -0.5, 0, -1, 0)}
    rows = [(text, *scores[label]) for text, label in CLEAR]
    row = proposed(rows, ("Task", *DIMENSIONS))["zorbel"]
    assert row.kind == "weight"
    assert side(row.strength, suggesting) > 0


def test_a_known_cue_is_moved_and_keeps_its_identity(proposed, suggesting):
    rows = [(f"Enter {thing}", "KPO") for thing in ("figures", "addresses", "dates", "names", "notes", "orders", "hours")]
    row = proposed([*rows, *CLEAR[-5:]], ("Task", "Label"))["enter"]
    assert (row.role, row.needs, row.kind) == ("action", "", "weight")
    assert row.strength == "clerical"
    assert row.weights["focus"] > -1
    assert "for KPO, 0 against" in row.note


def test_a_verb_with_its_object_in_wrong_rows_of_one_direction_is_proposed_as_a_phrase(proposed):
    rows = [(f"Enter the weather{end}", "KPO") for end in (" daily", " for Berlin", " in time")]
    found = proposed([*rows, *CLEAR[7:]], ("Task", "Label"))
    row = found["enter * weather"]
    assert (row.language, row.role, row.kind) == ("en", "action", "phrase")
    assert row.note == "3 rows for KPO got BPO, 0 right, 0 against (rows 2, 3, 4)"
    found = proposed([*rows, ("Enter the weather", "BPO"), *CLEAR[7:]], ("Task", "Label"))
    assert "enter * weather" not in found


def test_a_phrase_that_was_accepted_is_found_where_it_stood(proposed, suggesting, tmp_path):
    rows = [(f"Enter the weather{end}", "KPO") for end in (" daily", " for Berlin", " in time")]
    target = tmp_path / "accepted.tsv"
    write_suggestions([proposed([*rows, *CLEAR[7:]], ("Task", "Label"))["enter * weather"]], target)
    accepted = Classifier(lexicon=target)
    assert [accepted.classify(text, assume_task=True).label for text, _ in rows] == ["KPO"] * 3


def test_parallel_texts_give_an_unknown_word_the_cue_of_the_other_language(suggesting, write):
    rows = [
        ("Check the invoice", "Zorbel prüfen"), ("Scan the invoice", "Zorbel scannen"), ("Post the invoice", "Zorbel buchen"),
        ("Check the contract", "Vertrag prüfen"), ("Scan the letter", "Brief scannen"), ("Post the payment", "Zahlung buchen"),
    ]
    (row,) = suggest(suggesting, (), read_pairs(write(rows, ("en", "de"))))
    assert (row.language, row.cue, row.role, row.strength, row.kind) == ("de", "Zorbel", "object", "record", "parallel")
    assert row.note == "stands for 'invoice' in 3 of 3 pairs; 'invoice' in 3"


def test_parallel_texts_need_both_columns(write):
    with pytest.raises(TaskFileError, match="'en' and 'de'"):
        read_pairs(write([("a", "b")], ("en", "fr")))


def test_the_table_is_a_users_lexicon_that_loads_and_takes_effect(suggesting, write, tmp_path):
    before = tables_hash()
    target = tmp_path / "suggestions.tsv"
    source = write([*CLEAR, *((text, "") for text in UNKNOWN)], ("Task", "Label"))
    said = []
    suggest_command([source], target, parallel=None, classifier=suggesting, say=said.append)
    header, *lines = target.read_text("utf-8").splitlines()
    assert header.split("\t") == ["language", *CUE_COLUMNS]
    assert all(line.count("\t") == len(CUE_COLUMNS) for line in lines)
    lexicon = load_lexicon(target)
    assert lexicon.overlay
    assert {"Zorbel", "zorbel"} <= set(lexicon.cue_texts)
    accepted = Classifier(lexicon=lexicon)
    assert accepted.classify("Review the zorbel", assume_task=True).label == "KPO"
    assert tables_hash() == before
    assert said[0] == "tasks.csv: 20 tasks in 'Task', labels 'Label'"
    assert said[-1].startswith("Next: ")
    assert not any("the zorbel" in sentence for sentence in said)


def test_what_the_training_data_propose_loads(suggesting, tmp_path):
    data = Path(__file__).resolve().parents[1] / "training_data"
    tasks, _ = read_tasks([data / "en.csv", data / "de.csv"])
    rows = suggest(suggesting, tasks)
    write_suggestions(rows, tmp_path / "suggestions.tsv")
    load_lexicon(tmp_path / "suggestions.tsv")
    assert [row.rows for row in rows] == sorted((row.rows for row in rows), reverse=True)
    assert len({row.identity for row in rows}) == len(rows)
    assert all(row.note for row in rows)


def test_the_same_files_give_the_same_bytes_whatever_the_hash_seed(run_python, write, tmp_path):
    source = write([*CLEAR, *((text, "") for text in UNKNOWN)], ("Task", "Label"))
    written = []
    for seed in ("1", "2"):
        target = tmp_path / f"{seed}.tsv"
        done = run_python(
            "-m", "outsourcing_classifier", "lexicon", "suggest", str(source), "-o", str(target), PYTHONHASHSEED=seed
        )
        assert done.returncode == 0, done.stderr
        written.append(target.read_bytes())
    assert written[0] == written[1]


def test_the_order_is_most_rows_first_then_alphabetical(suggesting, write):
    rows = [(f"{name} erfassen{end}",) for name in ("Zorbel", "Blimpf") for end in ("", " und ablegen", " und prüfen")]
    tasks, _ = read_tasks([write([*rows, ("Zorbel ablegen",), *((f"Afrotz {verb}",) for verb in ("erfassen", "ablegen", "prüfen"))], ("Aufgabe",))])
    assert [row.cue for row in suggest(suggesting, tasks)] == ["Zorbel", "Afrotz", "Blimpf"]


@pytest.mark.parametrize("name", ["there.tsv", "tasks.csv", None])
def test_nothing_that_is_there_is_written_over(write, tmp_path, name):
    source = write(CLEAR, ("Task", "Label"))
    (tmp_path / "there.tsv").write_text("mine", "utf-8")
    target = FOLDER / "en" / "new.tsv" if name is None else tmp_path / name
    before = source.read_bytes()
    result = CliRunner().invoke(app, ["lexicon", "suggest", str(source), "-o", str(target)])
    assert result.exit_code == 2
    assert len(result.stderr.strip().splitlines()) == 1
    assert (tmp_path / "there.tsv").read_text("utf-8") == "mine"
    assert source.read_bytes() == before
    assert not (FOLDER / "en" / "new.tsv").exists()


def test_without_a_file_the_command_says_what_it_takes():
    result = CliRunner().invoke(app, ["lexicon", "suggest"])
    assert result.exit_code == 2
    assert "--parallel" in result.stderr


def test_without_proposals_nothing_is_written(suggesting, write, tmp_path):
    said = []
    target = tmp_path / "suggestions.tsv"
    suggest_command([write([("Enter invoices",)], ("Task",))], target, parallel=None, classifier=suggesting, say=said.append)
    assert said[-1].startswith("No proposals")
    assert not target.exists()


def test_words_from_a_snapshot_are_refused():
    classifier = Classifier()
    if classifier.lexicon.identities:
        pytest.skip("the tables are newer than the snapshot")
    with pytest.raises(InputValueError, match="snapshot"):
        suggest(classifier)
