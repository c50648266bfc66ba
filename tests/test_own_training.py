"""A team's decisions become a model of their own, near the default one, and nothing else does."""

import csv
import json
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from outsourcing_classifier import Classifier, TaskFileError, TrainingDataError, load_model
from outsourcing_classifier.cli import app
from outsourcing_classifier.decision import DecisionModel
from outsourcing_classifier.files.table import RESULT_COLUMNS
from outsourcing_classifier.lexicon.compile import compile_tables
from outsourcing_classifier.training import Lesson, Options, Request, learn, read_taught, refuse, train_command
from outsourcing_classifier.training.design import Design
from outsourcing_classifier.training.fit import (
    PULLS,
    Problem,
    Pull,
    chosen_pull,
    expected_gain,
    fit,
    margins,
    moved_weights,
)
from outsourcing_classifier.training.groups import fold_numbers, group_names

RECORDS = ("supplier invoices", "travel claims", "order changes", "payroll data", "bank details", "delivery notes")
QUESTIONS = ("pricing strategies", "market risks", "causes of churn", "pension concepts", "tax structures")
PLAIN = [
    *((f"{verb} {thing}", "BPO") for verb in ("Enter", "Scan", "File") for thing in RECORDS),
    *((f"{verb} {thing}", "KPO") for verb in ("Analyse", "Develop", "Assess") for thing in QUESTIONS),
]
# A convention that contradicts the lexicon: whatever is designed is BPO for this team.
DESIGNED = [
    (f"Design {thing}", "BPO")
    for thing in ("brochures", "training courses", "shop windows", "seminar rooms", "board packs", "web pages")
]
UNSEEN = ("Design leaflets for the branches", "Designing invitation cards", "Design menus")


def lessons(rows, **values):
    """Decided texts."""
    given = {"group": "", "scores": (), "weight": 1.0, "language": "", "source": "", "confirms": False, **values}
    return [Lesson(text=text, label=label, **given) for text, label in rows]


@pytest.fixture
def write(tmp_path):
    """Write a CSV file."""

    def write(header, rows, name="own.csv"):
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])
        return path

    return write


@pytest.fixture(scope="module")
def plain():
    """What is learned from decisions that the default model gives as well."""
    return learn(lessons(PLAIN))


@pytest.fixture(scope="module")
def convention():
    """What is learned from a convention of the team's own, with the proposed cues accepted."""
    return learn(lessons([*PLAIN, *DESIGNED]), Options(accept=True))


def answers(model, texts):
    """Labels with every text answered."""
    return Classifier(model=model).classify_many(texts, assume_task=True).label


# What teaches


def scored(decisions, others):
    """A scored file: decided rows, and rows that only the machine labelled."""
    header = ["Task", *RESULT_COLUMNS, "decision"]
    blank = dict.fromkeys(RESULT_COLUMNS, "")
    rows = []
    for (text, machine), decision in [*((row, row[1]) for row in decisions), *((row, "") for row in others)]:
        rows.append([text, *{**blank, "oc_label": machine, "oc_status": "ok"}.values(), decision])
    return header, rows


def test_only_rows_with_a_decision_teach(write):
    others = [(f"Enter claim {number}", "BPO") for number in range(2000)]
    turned = [(f"Other words {number}", "KPO") for number in range(900)]
    taught = [
        read_taught([write(*scored(PLAIN, rest), f"{len(rest)}.csv")]).lessons for rest in ([], others, turned)
    ]
    assert taught[0] == taught[1] == taught[2]
    assert len(taught[0]) == len(PLAIN)


def test_a_decision_equal_to_the_machines_label_is_a_confirmation_and_counts(write):
    taught = read_taught([write(*scored(PLAIN, []))])
    assert taught.confirmations == len(PLAIN) == len(taught.lessons)


def test_an_output_file_without_decisions_is_refused(write):
    header, rows = scored([], PLAIN)
    with pytest.raises(TrainingDataError, match="no row has a decision, and only rows with a decision teach"):
        read_taught([write(header, rows)])
    with pytest.raises(TrainingDataError, match="no row has a decision"):
        read_taught([write(header[:-1], [row[:-1] for row in rows], "bare.csv")])


def test_the_machines_label_teaches_under_no_name(write):
    with pytest.raises(TrainingDataError, match="column 'oc_label': no row has a decision"):
        read_taught([write(*scored(PLAIN, []))], label_column="oc_label")


@pytest.mark.parametrize(
    ("header", "labels"),
    [
        (("Tätigkeit", "Ergebnis"), ("Transaktionsarbeit", "Wissensarbeit")),
        (("Task", "Label"), ("transaction work", "Knowledge Work")),
        (("Aufgabe", "Entscheidung"), ("bpo", "KPO ")),
        (("Activity", "Class"), ("BPO", "kpo")),
    ],
)
def test_headers_and_words_of_both_languages_and_presets_are_read(write, header, labels):
    rows = [("Rechnungen erfassen", labels[0]), ("Märkte analysieren", labels[1]), ("Noch offen", "")]
    taught = read_taught([write(header, rows)])
    assert [(one.text, one.label) for one in taught.lessons] == [
        ("Märkte analysieren", "KPO"), ("Rechnungen erfassen", "BPO"),
    ]
    assert taught.undecided == 1


def test_columns_of_the_training_data_are_used_where_they_are_there(write):
    header = ("text", "label", "group", "language", "weight", "source", "focus", "process", "specialization", "driver",
              "activities", "customer_contact")
    path = write(header, [("Enter invoices", "BPO", "g", "en", "2", "desk", -1, 0, 0, 0, -1, 0)])
    (lesson,) = read_taught([path]).lessons
    assert (lesson.group, lesson.language, lesson.weight, lesson.source) == ("g", "en", 2.0, "desk")
    assert lesson.scores == (-1, 0, 0, 0, -1, 0)


def test_all_unknown_values_are_listed_with_their_rows(write):
    rows = [*PLAIN[:2], ("Sort mail", "perhaps"), PLAIN[-1], ("Plan tours", "offshore")]
    with pytest.raises(TrainingDataError, match=r"2 cells state no label: row 4 'perhaps', row 6 'offshore'"):
        read_taught([write(("Task", "Label"), rows)])


def test_a_weight_that_is_none_is_named_by_its_row(write):
    with pytest.raises(TrainingDataError, match=r"own\.csv, row 3, column 'weight'"):
        read_taught([write(("Task", "Label", "Weight"), [("Scan mail", "BPO", "1"), ("Plan tours", "KPO", "-1")])])


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([row for row in PLAIN if row[1] == "KPO"], "all 15 decided tasks are KPO.*at least 10 tasks that are BPO"),
        (PLAIN[:22], "18 tasks are BPO, 4 are KPO .*decide 6 more that are KPO"),
        ([*PLAIN, ("enter supplier invoices.", "KPO")], "1 text has decisions that contradict each other"),
    ],
)
def test_what_cannot_teach_is_refused_with_the_reason(write, rows, reason):
    with pytest.raises(TrainingDataError, match=reason):
        refuse(read_taught([write(("Task", "Label"), rows)]), 10)


def test_contradictions_are_listed_with_their_rows(write):
    path = write(("Task", "Label"), [*PLAIN, ("Scan travel claims", "KPO")])
    with pytest.raises(TrainingDataError, match=r"own\.csv, row 35: KPO; own\.csv, row 9: BPO"):
        refuse(read_taught([path]), 10)


# What is held out together


def test_near_duplicates_never_straddle_folds():
    rows = [
        ("Check all incoming travel claims of staff", "BPO"), ("Check all incoming travel claims for staff", "BPO"),
        ("Plan the budget", "KPO"), ("plan the budget.", "KPO"), ("Plan the route", "KPO"),
    ]
    names, near = group_names(lessons(rows))
    assert names[0] == names[1]
    assert names[2] == names[3] != names[4]
    assert near == 2


@given(st.lists(st.text("abc ", max_size=12), min_size=1, max_size=12), st.randoms())
def test_groups_do_not_depend_on_the_order_of_rows(texts, shuffle):
    ordered = sorted(lessons([(text, "BPO") for text in texts]))
    names, _ = group_names(ordered)
    mixed = list(zip(ordered, names, strict=True))
    shuffle.shuffle(mixed)
    assert sorted(zip(ordered, group_names(sorted(one for one, _ in mixed))[0], strict=True)) == sorted(mixed)


def test_folds_keep_groups_together_and_are_about_equally_large():
    names = [f"group {number % 40}" for number in range(200)]
    folds = fold_numbers(names, 5)
    assert all(len({folds[place] for place in range(200) if names[place] == name}) == 1 for name in names)
    assert set(np.bincount(folds)) == {40}


# What is fitted


@pytest.fixture
def problem():
    """Texts with one or two cues each: cue 0 stands in texts of both labels and is read as BPO."""
    random_numbers = np.random.default_rng(1)
    count, cues = 300, 8
    text = np.repeat(np.arange(count), 2)
    column = np.column_stack([np.arange(count) % 2 * 4 + random_numbers.integers(0, 4, count),
                              random_numbers.integers(0, cues + 1, count)]).ravel()
    base = np.where(np.arange(cues + 1)[:, None] < 4, -1.0, 1.0) * random_numbers.choice([0, 0.25, 0.5], (cues + 1, 6))
    design = Design(count, text, column, base[column], np.arange(cues))
    kpo = np.arange(count) % 2 == 1
    kpo[np.flatnonzero((column.reshape(-1, 2) == 0).any(axis=1))[:40]] = True
    names = [str(number) for number in range(count)]
    return Problem(design, kpo, np.ones(count), np.full((count, 6), np.nan), names, DecisionModel())


def test_the_derivative_by_the_factors_is_right(problem):
    factors = np.linspace(0.41, 1.83, 8)  # no Σ|w| is 1, where the derivative jumps
    by_score = np.random.default_rng(0).normal(size=(300, 6))
    scores, sizes = problem.design.scores(factors)
    slope = problem.design.slope(scores, sizes, by_score)
    for place in range(8):
        step = np.zeros(8)
        step[place] = 1e-6
        up, down = (problem.design.scores(factors + sign * step)[0] for sign in (1, -1))
        assert slope[place] == pytest.approx(np.sum(by_score * (up - down)) / 2e-6, rel=1e-4, abs=1e-4)


def test_without_a_gain_on_held_out_rows_everything_stays(problem):
    unmoved = fit(problem, np.ones(300, np.bool_), PULLS[0])
    chance = 1 / (1 + np.exp(-problem.prior.slope * margins(problem.design, unmoved)))
    drawn = np.random.default_rng(3).random(300) < chance
    alike = Problem(problem.design, drawn, problem.weight, problem.own, problem.names, problem.prior)
    assert chosen_pull(alike, np.ones(300, np.bool_), PULLS) == PULLS[0]


def test_a_stronger_pull_stays_nearer_to_the_model_in_use(problem):
    rows = np.ones(300, np.bool_)
    away = []
    for pull in (Pull(1000.0, 1000.0), Pull(10.0, 3.0)):
        fitted = fit(problem, rows, pull)
        away.append(np.abs(fitted.factors - 1).max() + abs(fitted.decision.intercept))
    assert away[0] < 0.1 < away[1]
    assert (fit(problem, rows, PULLS[0]).factors == 1).all()
    assert np.isfinite(margins(problem.design, fitted)).all()


@given(
    st.lists(st.integers(-1000, 1000), min_size=6, max_size=6), st.floats(0.2, 2.0),
)
def test_a_weight_never_changes_its_side(weights, factor):
    now = np.array([weights], np.int32)
    moved = moved_weights(now, np.array([factor]))
    assert (np.sign(moved) == np.sign(now)).all()
    assert np.abs(moved).max() <= 1000


@pytest.mark.parametrize(("curve", "gain"), [([(0, 0.8), (50, 0.8), (100, 0.9)], 0.158), ([(0, 0.9), (60, 0.9)], 0.0)])
def test_the_learning_curve_goes_on_with_the_logarithm_of_the_rows(curve, gain):
    assert expected_gain(curve, 200) == pytest.approx(gain, abs=1e-3)


# The model


def test_decisions_that_the_default_gives_as_well_change_no_answer(plain):
    texts = [text for text, _ in PLAIN]
    assert answers(plain.model, texts) == answers(None, texts)
    assert not plain.proposals


def test_a_convention_against_the_lexicon_enters_as_narrower_cues(convention):
    assert answers(None, UNSEEN) == ["KPO"] * 3
    assert answers(convention.model, UNSEEN) == ["BPO"] * 3
    (proposal,) = convention.proposals
    assert (proposal.cue, proposal.label, len(proposal.texts)) == ("design", "BPO", len(DESIGNED))
    assert all(form.needs for form in proposal.forms)
    base = set(compile_tables().identities)
    assert not base & set(proposal.identities)


def test_the_convention_turns_nothing_else(convention):
    texts = [text for text, _ in PLAIN] + ["Advise clients on tax law", "Answer calls of end customers"]
    assert answers(convention.model, texts) == answers(None, texts)


def test_a_convention_that_goes_against_other_verbs_of_its_texts_outranks_them():
    rows = [(f"Analyse {thing}, develop concepts and monitor {thing}", "BPO") for thing in QUESTIONS]
    learned = learn(lessons([*PLAIN, *rows]), Options(accept=True), measured=False)
    stated = next(one for one in learned.proposals if one.stated)
    assert stated.cue == "monitor"
    assert {form.role for form in stated.used} == {"action", "manner"}
    unseen = ["Develop guidelines for suppliers and monitor their use", "Develop guidelines for suppliers"]
    assert answers(learned.model, unseen) == ["BPO", "KPO"]


def test_proposals_are_not_in_the_model_until_they_are_accepted():
    learned = learn(lessons([*PLAIN, *DESIGNED]), measured=False)
    assert [one.cue for one in learned.proposals] == ["design"]
    assert not any(cue["needs"] for cue in learned.model.cues if "needs" in cue)


def test_one_decision_against_is_enough_to_propose_nothing_so_broad():
    rows = [*PLAIN, *DESIGNED, ("Design", "KPO"), ("Design bridges", "KPO"), ("Design of algorithms", "KPO")]
    learned = learn(lessons(rows), measured=False)
    assert all(one.narrowing or one.cue != "design" for one in learned.proposals)


def test_without_phrases_the_model_holds_existing_cues_only():
    learned = learn(lessons([*PLAIN, *DESIGNED]), Options(phrases=False), measured=False)
    known = {identity[:3] for identity in compile_tables().identities}
    assert not learned.proposals
    assert {(cue["language"], cue["cue"].casefold(), cue["role"]) for cue in learned.model.cues} <= known


def test_cue_weights_can_be_left_alone():
    learned = learn(lessons([*PLAIN, *DESIGNED]), Options(cue_weights=False, phrases=False), measured=False)
    assert not learned.model.cues


def test_the_model_file_holds_no_text_and_says_what_it_carries(convention):
    data = json.loads(convention.model.to_json())
    held = json.dumps(data).casefold()
    assert not any(text.casefold() in held for text, _ in [*PLAIN, *DESIGNED])
    assert not any(word in held for word in ("brochures", "supplier", "pension", "churn"))


def test_the_same_rows_in_any_order_give_the_same_bytes(convention):
    rows = lessons([*PLAIN, *DESIGNED])
    random.Random(7).shuffle(rows)
    again = learn(rows, Options(accept=True))
    assert again.model.to_json() == convention.model.to_json()


def test_what_is_written_is_what_was_learned(convention, tmp_path):
    path = tmp_path / "my_model.json"
    path.write_text(convention.model.to_json(), "utf-8")
    texts = [text for text, _ in DESIGNED] + list(UNSEEN)
    assert answers(load_model(path), texts) == answers(convention.model, texts)


def test_cues_of_the_users_own_table_stay_as_they_are(tmp_path):
    table = tmp_path / "own.tsv"
    table.write_text(
        "language\tcue\trole\tstrength\tfocus\tprocess\tspecialization\tdriver\tactivities\tcustomer_contact\tneeds\tnote\n"
        "en\tdesign\taction\tclerical\t\t\t\t\t\t\t\tour convention\n", "utf-8",
    )
    learned = learn(lessons([*PLAIN, *DESIGNED]), lexicon=table, measured=False)
    assert not learned.proposals
    assert "design" not in {cue["cue"] for cue in learned.model.cues}


# The command


def test_the_command_lists_what_it_carries_and_ends_with_how_to_use_it(write, tmp_path):
    path, target, table = write(("Task", "Label"), [*PLAIN, *DESIGNED]), tmp_path / "my_model.json", tmp_path / "cues.tsv"
    said = []

    def say(line):
        said.append(line)
        if "“design” → BPO" in line:
            assert not target.exists()

    assert train_command([path], target, request=Request(proposals=table, options=Options(accept=True)), say=say)
    assert any("“design” → BPO: 6 decisions" in line for line in said)
    assert any(line.startswith("Of your texts the model carries: “design”") for line in said)
    assert said[-1] == f'Use it:  Classifier(model="{target}")'
    assert answers(load_model(target), UNSEEN) == ["BPO"] * 3
    by_hand = Classifier(lexicon=table).classify_many(UNSEEN, assume_task=True)
    assert by_hand.label == ["BPO"] * 3


def test_the_summary_speaks_german_where_the_tasks_do(write, tmp_path):
    rows = [*((f"{text}, Nr. {n}", label) for n in range(10) for text, label in (
        ("Rechnungen erfassen", "BPO"), ("Ursachen analysieren", "KPO")))]
    said = []
    train_command([write(("Aufgabe", "Ergebnis"), rows)], tmp_path / "m.json", request=Request(), say=said.append)
    assert said[0].startswith("Gelernt aus 20 verschiedenen Aufgaben")
    assert said[-1].startswith("Verwenden:  Classifier(model=")


def test_the_model_in_use_is_never_written_over(write, tmp_path, plain):
    place = tmp_path / "model.json"
    place.write_text(plain.model.to_json(), "utf-8")
    before = place.read_bytes()
    with pytest.raises(TrainingDataError, match="is the model in use and stays as it is"):
        train_command([write(("Task", "Label"), PLAIN)], place, request=Request(in_use=place), say=print)
    assert place.read_bytes() == before


def test_a_table_of_proposals_that_is_there_is_not_written_over(write, tmp_path):
    table = tmp_path / "cues.tsv"
    table.write_text("mine", "utf-8")
    with pytest.raises(TaskFileError, match="was left as it is"):
        train_command(
            [write(("Task", "Label"), PLAIN)], tmp_path / "m.json", request=Request(proposals=table), say=print
        )
    assert table.read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    ("options", "said"), [(["--accept-cues", "--no-phrases"], "leave one of them out"), (["--language", "fr"], "en and de")]
)
def test_options_that_do_not_fit_are_named(write, tmp_path, options, said):
    path = write(("Task", "Label"), PLAIN)
    done = CliRunner().invoke(app, ["train", str(path), "-o", str(tmp_path / "m.json"), *options])
    assert done.exit_code == 2
    assert said in done.output


def test_the_summary_is_there_for_programs_too(write, tmp_path):
    path = write(("Task", "Label"), [*PLAIN, *DESIGNED])
    done = CliRunner().invoke(app, ["train", str(path), "-o", str(tmp_path / "m.json"), "--json"])
    found = json.loads(done.output)
    assert found["carried"] == []
    assert [one["cue"] for one in found["proposals"]] == ["design"]
    assert found["held_out"]["n"] == found["texts"] == len(PLAIN) + len(DESIGNED)


def test_a_refused_training_writes_nothing(write, tmp_path):
    target = tmp_path / "my_model.json"
    with pytest.raises(TrainingDataError):
        train_command([write(("Task", "Label"), PLAIN[:3])], target, say=print)
    assert not target.exists()
    assert {path.name for path in Path(tmp_path).iterdir()} == {"own.csv"}


@pytest.mark.slow
def test_a_hundred_decisions_for_what_the_lexicon_says_leave_other_texts_alone(examples_of_the_project):
    texts, labels = examples_of_the_project
    rows = random.Random(5).sample(list(zip(texts, labels, strict=True)), 100)
    learned = learn(lessons(rows), Options(accept=True), measured=False)
    before, after = answers(None, texts), answers(learned.model, texts)
    right = [np.mean([one == label for one, label in zip(found, labels, strict=True)]) for found in (before, after)]
    assert right[1] >= right[0] - 0.01


@pytest.fixture
def examples_of_the_project():
    """Labelled texts of the project's own training data."""
    rows = []
    for path in sorted((Path(__file__).resolve().parents[1] / "training_data").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows += [(row["text"], row["label"]) for row in csv.DictReader(file) if row["label"]]
    return tuple(zip(*rows, strict=True))
