"""Codebook 5.3 (5): what would turn the label, as a change of the facts that really turns it."""

import json
import pickle
import re
from pathlib import Path

import pytest

import outsourcing_classifier
from outsourcing_classifier import Classifier, Counterfactual, InputTypeError, InputValueError, classify, counterfactual
from outsourcing_classifier.counterfactuals import MOST_CHANGES, _changed, _place_to_add, _possible, _sets, _table

TASKS = {
    "en": [
        "Enter freight bills.", "Sort the incoming post", "Post incoming payments, 300 a day.", "Check the timesheets against the holiday policy.",
        "Answer guest calls with the booking script.", "Forecast energy demand", "Write legal opinions.", "Advise founders individually.",
        "Develop a pricing strategy; no travel.", "Interpret X-ray images (radiologist).", "Value merger candidates for the board.",
    ],
    "de": [
        "Frachtrechnungen erfassen.", "Posteingang sortieren", "Zahlungseingänge buchen, 300 am Tag.", "Stundenzettel nach Urlaubsrichtlinie prüfen.",
        "Gästeanrufe nach Buchungsskript beantworten.", "Den Energiebedarf prognostizieren", "Rechtsgutachten verfassen.", "Gründer individuell beraten.",
        "Eine Preisstrategie entwickeln; keine Reisen.", "Röntgenaufnahmen befunden (Radiologin).", "Fusionskandidaten für den Vorstand bewerten.",
    ],
}
ALL = [task for tasks in TASKS.values() for task in tasks]
OPENING = {"en": "It would be ", "de": "Es wäre "}
CLOSING = {"en": ". Is that so?", "de": ". Ist das so?"}
ADVICE = re.compile(r"\b(write|phrase|word(ed|ing)?|mention|schreib\w*|formulier\w*|erwähn\w*|unskilled|low|simple|einfach\w*|ungelernt\w*)\b", re.IGNORECASE)


def found(task: str) -> Counterfactual:
    result = counterfactual(task)
    assert result is not None, task
    return result


@pytest.mark.parametrize("task", ALL)
def test_the_changed_text_really_gets_the_other_label(task: str) -> None:
    before, result = classify(task), found(task)
    after = classify(result.text)
    assert (after.status, after.label) == ("ok", result.label)
    assert {before.label, result.label} == {"BPO", "KPO"}


@pytest.mark.parametrize(("task", "language"), [(task, language) for language, tasks in TASKS.items() for task in tasks])
def test_the_question_asks_in_the_language_of_the_task_whether_the_change_is_so(task: str, language: str) -> None:
    result = found(task)
    assert result.question.startswith(OPENING[language] + result.label)
    assert result.question.endswith(result.change + CLOSING[language])


@pytest.mark.parametrize("task", ALL)
def test_nobody_is_advised_how_to_phrase_a_task(task: str) -> None:
    assert not ADVICE.search(found(task).question)


@pytest.mark.parametrize(("task", "expected", "change"), [
    ("Analyse guest reviews by the checklist.", "Analyse guest reviews at the team's own discretion.",
     "the team worked at its own discretion instead of “by the checklist”"),
    ("Gästebewertungen anhand der Checkliste analysieren.", "Gästebewertungen nach eigenem Ermessen analysieren.",
     "das Team nicht „anhand der Checkliste“, sondern nach eigenem Ermessen arbeiten könnte"),
    ("Advise founders individually.", "Advise founders strictly by a checklist.",
     "everything went strictly by a checklist instead of “individually”"),
    ("Gründer individuell beraten.", "Gründer streng nach Checkliste beraten.",
     "nicht „individuell“, sondern streng nach Checkliste gearbeitet würde"),
    ("Interpret X-ray images (radiologist).", "Interpret X-ray images (after a short introduction).",
     "a short introduction were enough in place of “radiologist”"),
    ("Röntgenaufnahmen befunden (Radiologin).", "Röntgenaufnahmen befunden (nach kurzer Einarbeitung).",
     "statt „Radiologin“ eine kurze Einarbeitung genügen würde"),
    ("Answer guest calls, 60 calls a day.", "Answer guest calls, so that management can decide between alternatives.",
     "decisions of management rather than “60 calls a day” were the aim"),
    ("No experience required; answer guest calls.", "University degree required; answer guest calls.",
     "a university degree were required in place of “No experience required”"),
])
def test_what_the_task_says_otherwise_gives_way(task: str, expected: str, change: str) -> None:
    before = classify(task)
    other = "BPO" if before.label == "KPO" else "KPO"
    place = _place_to_add(before, [])
    made = {_changed(task, (item,), place): item.said for item in _possible(before, other)}
    assert made.get(expected) == change, made


@pytest.mark.parametrize(("task", "kept"), [
    ("Advise families individually and in groups.", "individually and in groups"),
    ("Prepare forecasts in compliance with the handbook.", "in compliance with the handbook"),
    ("Entwürfe in Übereinstimmung mit dem Handbuch erstellen.", "in Übereinstimmung mit dem Handbuch"),
])
def test_words_that_belong_to_others_are_not_replaced(task: str, kept: str) -> None:
    result = counterfactual(task)
    assert result is None or kept in result.text


@pytest.mark.parametrize(("task", "expected"), [
    ("Develop a pricing strategy; no travel.", "Develop a pricing strategy, strictly by a checklist; no travel."),
    ("Eine Preisstrategie entwickeln; keine Reisen.", "Eine Preisstrategie entwickeln, streng nach Checkliste; keine Reisen."),
    ("Forecast energy demand", "Forecast energy demand, strictly by a checklist"),
])
def test_what_is_added_stands_behind_what_is_done(task: str, expected: str) -> None:
    assert found(task).text == expected


@pytest.mark.parametrize("task", ["Interpret X-ray images (radiologist).", "Röntgenaufnahmen befunden (Radiologin)."])
def test_a_qualification_is_not_denied_beside_itself(task: str) -> None:
    text = found(task).text
    assert not (re.search("radiolog", text, re.IGNORECASE) and re.search("no previous knowledge|keine Vorkenntnisse", text))


@pytest.mark.parametrize("task", ["", "???", "Support", "Bake bread in the bakery", "Type addresses and develop a pricing strategy"])
def test_a_task_without_a_label_has_none(task: str) -> None:
    assert classify(task).label is None
    assert counterfactual(task) is None


def test_none_where_nothing_turns_it(classifier: Classifier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("outsourcing_classifier.counterfactuals._possible", lambda found, other: [])
    assert classifier.counterfactual("Enter freight bills") is None


def test_a_text_longer_than_what_is_read_has_none() -> None:
    assert counterfactual("Enter freight bills. " * 1200) is None


def test_labels_stand_in_the_words_of_the_preset(classifier: Classifier) -> None:
    shared = Classifier(model=classifier.model, lexicon=classifier.lexicon, wording="shared-service")
    for task, words in (("Enter freight bills", "It would be knowledge work if "), ("Rechtsgutachten verfassen", "Es wäre Transaktionsarbeit, wenn ")):
        result = shared.counterfactual(task)
        assert result is not None
        assert result.question.startswith(words)
        assert result.label in ("BPO", "KPO")
        assert (result.text, result.change) == (found(task).text, found(task).change)


def test_the_function_is_the_method_of_the_default_classifier(classifier: Classifier) -> None:
    assert counterfactual("Sort the incoming post") == classifier.counterfactual("Sort the incoming post")


def test_the_name_stays_a_function_after_use() -> None:
    found("Sort the incoming post")
    assert callable(outsourcing_classifier.counterfactual)
    assert outsourcing_classifier.counterfactual is counterfactual


def test_it_is_frozen_equal_by_content_and_pickles() -> None:
    result = found("Sort the incoming post")
    assert pickle.loads(pickle.dumps(result)) == result
    with pytest.raises(AttributeError):
        result.text = "else"  # type: ignore[misc]


def test_the_answer_as_data_never_contains_it() -> None:
    task = "Analyse guest reviews by the checklist."
    result = found(task)
    told = json.dumps(classify(task).to_dict(), ensure_ascii=False)
    assert "counterfactual" not in told
    assert result.question not in told
    assert result.text not in told


def test_a_language_may_be_given_and_a_third_is_refused() -> None:
    result = counterfactual("Data Entry", language="de")
    assert result is None or result.question.startswith("Es wäre ")
    with pytest.raises(InputValueError, match="language='fr'"):
        counterfactual("Saisir des factures", language="fr")
    with pytest.raises(InputTypeError):
        counterfactual(["a list"])  # type: ignore[arg-type]


def test_numbers_and_missing_values_are_texts_without_a_label() -> None:
    assert counterfactual(None) is None  # type: ignore[arg-type]
    assert counterfactual(12) is None  # type: ignore[arg-type]


def test_all_candidates_are_classified_in_one_batch(classifier: Classifier, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []
    whole = Classifier.classify_many

    def counted(self: Classifier, tasks: list[str], **options: object) -> object:
        sizes.append(len(list(tasks)))
        return whole(self, tasks, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Classifier, "classify_many", counted)
    classifier.counterfactual("Enter freight bills")
    assert sizes[0] == 1
    assert len(sizes) == 2


@pytest.mark.parametrize("task", ALL)
def test_no_smaller_change_of_the_table_would_have_turned_it(task: str, classifier: Classifier) -> None:
    before, result = classify(task), found(task)
    sets = _sets(_possible(before, result.label))
    assert [len(chosen) for chosen in sets] == sorted(len(chosen) for chosen in sets)
    place = _place_to_add(before, _table(before.language)["sentence"]["abbreviations"])
    texts = [_changed(task, chosen, place) for chosen in sets]
    first = texts.index(result.text)
    assert result.label not in classifier.classify_many(texts[:first]).label
    assert len(sets[first]) <= MOST_CHANGES


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_row_of_the_tables_can_be_used(language: str) -> None:
    table = _table(language)
    for row in (*table["KPO"], *table["BPO"]):
        assert row["dimension"] in outsourcing_classifier.DIMENSIONS
        assert row["change"][-1] not in ".?!"
        assert not ADVICE.search(row["change"])
        if "shape" in row:
            assert row["shape"] in ("phrase", "bracket", "clause", "word")
            assert "{quote}" in row["change"]
            assert row["instead"] or row["add"]
        else:
            assert row["add"].startswith((", ", "; "))
    places = {"en": [], "de": []}
    for other in places:
        places[other] = [(row["dimension"], row.get("shape")) for key in ("KPO", "BPO") for row in _table(other)[key]]
    assert places["en"] == places["de"], "both languages try the same changes in the same order"


@pytest.mark.parametrize("language", ["en", "de"])
def test_most_labelled_boundary_cases_have_one(language: str, shared: Path) -> None:
    lines = (shared / "codebook" / "boundary_cases.jsonl").read_text("utf-8").splitlines()
    tasks = [case[language] for case in map(json.loads, lines) if case["label"]]
    labelled = [task for task in tasks if classify(task).label]
    turned = [task for task in labelled if (result := counterfactual(task)) and classify(result.text).label == result.label]
    print(f"{language}: {len(turned)} of {len(labelled)} labelled, {len(tasks)} cases")
    assert len(turned) >= 0.8 * len(tasks)
