"""What people decided stands: found by id or text, whatever the machine says; contradictions are listed."""

import math
import pickle
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outsourcing_classifier import (
    Classification,
    Classifier,
    Decision,
    DecisionError,
    Ledger,
    counterfactual,
    read_ledger,
)
from outsourcing_classifier.decisions import KINDS, decision_kind, decision_word, key
from outsourcing_classifier.files.ledger import write_ledger
from outsourcing_classifier.inventory import score_file

ENTER, ADVISE = "Enter supplier invoices into the ledger", "Advise the board on the takeover"
INVOICES = Decision("17", ENTER, "BPO", "KPO", "they settle disputes too", "Workshop 2", "2026-11-20")
HEADER = "id;text;oc_label;decision;decision_reason;decision_by;decision_date\n"


def decided(*decisions: Decision) -> Classifier:
    return Classifier(decisions=Ledger(decisions))


def test_a_decision_holds_and_the_machines_answer_stays_visible(classifier: Classifier) -> None:
    machine = classifier.classify(ENTER)
    found = decided(INVOICES).classify_many([ENTER], ids=[17])[0]
    assert (found.label, found.decided_by, found.probability, found.band, found.turn) == ("KPO", "person", None, None, None)
    assert found.machine == {
        "status": "ok", "label": machine.label, "probability": machine.probability, "band": machine.band,
        "decided_by": machine.decided_by,
    }
    assert (found.scores, found.evidence, found.rule) == (machine.scores, machine.evidence, machine.rule)
    assert not found.needs_review
    assert found.explanation.startswith("KPO: decided by Workshop 2 on 2026-11-20 – they settle disputes too.")
    assert "The machine's answer: BPO" in found.explanation
    assert Classification.from_dict(found.to_dict()) == found


@pytest.mark.parametrize(
    ("kind", "status", "label", "review"),
    [
        ("BPO", "ok", "BPO", False), ("KPO", "ok", "KPO", False), ("split", "mixed", None, False),
        ("out_of_scope", "out_of_scope", None, False), ("unclear", "insufficient", None, True),
    ],
)
def test_each_kind_of_decision_sets_status_and_label(kind: str, status: str, label: str | None, review: bool) -> None:
    found = decided(Decision("", ADVISE, "", kind)).classify(ADVISE)
    assert (found.status, found.label, found.needs_review) == (status, label, review)


def test_columns_say_what_the_rows_say() -> None:
    texts = [ENTER, ADVISE, "Sort letters", ENTER, ""]
    found = decided(INVOICES, Decision("2", ADVISE, "", "split")).classify_many(texts, ids=[17, 2, 3, 4, 5])
    for name in ("status", "label", "band", "decided_by", "reason", "explanation"):
        assert getattr(found, name) == [getattr(item, name) for item in found], name
    assert found.needs_review.tolist() == [item.needs_review for item in found]
    shown = [None if math.isnan(value) else value for value in found.probability.tolist()]
    assert shown == [item.probability for item in found]


def test_without_an_id_the_text_finds_the_decision_whatever_its_case_and_spacing() -> None:
    assert decided(INVOICES).classify("  enter supplier  INVOICES into the ledger. ").label == "KPO"


def test_where_the_text_has_changed_the_decision_is_shown_and_the_row_is_for_review() -> None:
    found = decided(INVOICES).classify_many(["Sort letters"], ids=["17"])[0]
    assert (found.label, found.decided_by, found.needs_review) == ("KPO", "person", True)
    assert found.question == "Does the decision still hold for the changed text?"
    assert f"“{ENTER}”" in found.explanation


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_of_decisions_that_contradict_each_other_none_holds(order: tuple[int, ...], classifier: Classifier) -> None:
    three = [INVOICES, Decision("17", ENTER, "BPO", "BPO", by="Workshop 1", where="b.csv, row 4"), Decision("2", ADVISE, "", "KPO")]
    ledger = Ledger(tuple(three[place] for place in order))
    assert [len(item.decisions) for item in ledger.contradictions] == [2]
    found = Classifier(decisions=ledger).classify_many([ENTER], ids=["17"])[0]
    machine = classifier.classify(ENTER)
    assert (found.label, found.decided_by, found.needs_review) == (machine.label, machine.decided_by, True)
    assert "different ways" in found.explanation


def test_the_same_text_under_two_ids_may_be_decided_in_two_ways_but_is_listed() -> None:
    ledger = Ledger((INVOICES, Decision("18", ENTER, "BPO", "BPO")))
    found = Classifier(decisions=ledger).classify_many([ENTER] * 3, ids=["17", "18", "19"])
    assert found.label[:2] == ["KPO", "BPO"]
    assert found.decided_by[2] != "person"
    assert len(ledger.contradictions) == 1


def test_a_counterfactual_does_not_argue_with_a_person() -> None:
    assert counterfactual(ENTER) is not None
    assert decided(INVOICES).counterfactual(ENTER) is None


def test_a_classifier_with_decisions_pickles_and_names_their_version() -> None:
    first = decided(INVOICES)
    again = pickle.loads(pickle.dumps(first))
    assert again.classify(ENTER) == first.classify(ENTER)
    assert first.versions["decisions"] == again.versions["decisions"]
    assert "decisions" not in Classifier().versions


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_is_read_back(kind: str, tmp_path: Path) -> None:
    decisions = (Decision("1", 'Say "no";\nthen yes', "KPO", kind, "=1+1", "A. Äh", "2026-01-02"), Decision("", "Ü", "", "BPO"))
    write_ledger(tmp_path / "decisions.csv", decisions)
    assert read_ledger(tmp_path / "decisions.csv") == Ledger(decisions)


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=30))
def test_a_word_states_at_most_one_kind(words: str) -> None:
    assert decision_kind(words) == decision_kind(f"  {words.upper().lower()} ")
    assert key(key(words)) == key(words)


@pytest.mark.parametrize("word", ["teilen", "Aufteilen", "gemischt", "split"])
def test_words_of_both_languages_state_a_kind(word: str) -> None:
    assert decision_kind(word) == "split"


def test_canonical_words_are_read_back() -> None:
    assert [decision_kind(decision_word(kind)) for kind in KINDS] == list(KINDS)


def test_a_file_without_decision_column_is_refused_with_the_columns_of_a_ledger(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("id;text\n1;Sort letters\n", "utf-8")
    with pytest.raises(DecisionError, match=r"list\.csv: no column 'decision'.*decision_date"):
        read_ledger(tmp_path / "list.csv")


def test_a_ledger_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DecisionError, match="no such file"):
        Classifier(decisions=tmp_path / "none.csv")


def test_words_that_state_no_decision_are_listed_with_row_and_column(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text(HEADER + "1;Sort letters;BPO;perhaps;;;\n2;Sort files;BPO;BPO;;;\n", "utf-8")
    ledger = read_ledger(tmp_path / "d.csv")
    assert [item.id for item in ledger.decisions] == ["2"]
    assert ledger.unknown == ("d.csv, row 2, column 'decision': 'perhaps'",)


def test_next_quarter_the_decisions_are_still_there(tmp_path: Path) -> None:
    """A ledger from one file holds in the next one, and the scored file carries it on."""
    (tmp_path / "decisions.csv").write_text(
        HEADER + f"1;{ENTER};BPO;KPO;they settle disputes;Ada;2026-11-20\n9;Gone;BPO;BPO;;;\n", "utf-8"
    )
    (tmp_path / "q1.csv").write_text(f"id;task;fte\n1;{ENTER};2\n2;{ADVISE};1\n3;{ENTER};1\n", "utf-8")
    summary = score_file(
        tmp_path / "q1.csv", tmp_path / "out.csv", classifier=Classifier(decisions=tmp_path / "decisions.csv")
    )
    assert (summary.decided, summary.without_row, summary.contradicted) == (2, 1, [])
    carried = read_ledger(tmp_path / "out.csv")
    assert [(item.id, item.kind, item.by) for item in carried.decisions] == [("1", "KPO", "Ada"), ("3", "KPO", "Ada")]
    score_file(tmp_path / "out.csv", tmp_path / "again.csv", classifier=Classifier())
    assert read_ledger(tmp_path / "again.csv").decisions == carried.decisions
    # What stands in the ledger is not lost, so its own output may be made again.
    score_file(tmp_path / "q1.csv", tmp_path / "out.csv", classifier=Classifier(decisions=tmp_path / "decisions.csv"))


def test_a_changed_text_is_reported_and_its_decision_is_not_carried_on(tmp_path: Path) -> None:
    (tmp_path / "decisions.csv").write_text(HEADER + f"1;{ENTER};BPO;KPO;;Ada;\n", "utf-8")
    (tmp_path / "q2.csv").write_text("id;task\n1;Enter orders\n2;Sort letters\n", "utf-8")
    summary = score_file(
        tmp_path / "q2.csv", tmp_path / "out.csv", classifier=Classifier(decisions=tmp_path / "decisions.csv")
    )
    assert summary.changed == [2]
    assert summary.review >= 1
    assert read_ledger(tmp_path / "out.csv").decisions == ()


def test_file_and_ledger_that_disagree_are_listed_and_neither_holds(tmp_path: Path) -> None:
    (tmp_path / "decisions.csv").write_text(HEADER + f"1;{ENTER};BPO;KPO;;Ada;\n", "utf-8")
    (tmp_path / "in.csv").write_text(f"id;task;decision;decision_by\n1;{ENTER};BPO;Bob\n2;Sort letters;;\n", "utf-8")
    summary = score_file(
        tmp_path / "in.csv", tmp_path / "out.csv", classifier=Classifier(decisions=tmp_path / "decisions.csv")
    )
    assert summary.decided == 0
    [listed] = summary.contradicted
    assert "in.csv, row 2: BPO (Bob)" in listed
    assert "decisions.csv, row 2: KPO (Ada)" in listed
    assert read_ledger(tmp_path / "out.csv").decisions[0].kind == "BPO"


def test_decisions_survive_another_model_and_other_words(tmp_path: Path, classifier: Classifier) -> None:
    words = tmp_path / "own.tsv"
    words.write_text(
        "language\tcue\trole\tstrength\tfocus\tprocess\tspecialization\tdriver\tactivities\tcustomer_contact\tneeds\tnote\n"
        "en\tenter\taction\t\t1\t1\t1\t\t1\t\t\t\n".replace("action\t\t", "action\tevaluate\t"), "utf-8",
    )
    ledger = Ledger((Decision("17", ENTER, "BPO", "BPO"), Decision("2", ADVISE, "KPO", "BPO")))
    found = Classifier(decisions=ledger, lexicon=words, model=classifier.model).classify_many([ENTER, ADVISE], ids=[17, 2])
    assert found.label == ["BPO", "BPO"]


def test_confirmations_count_as_decisions() -> None:
    assert Decision("1", ENTER, "BPO", "BPO").confirms
    assert not INVOICES.confirms
