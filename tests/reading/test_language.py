"""The language of a text: always one of two, deterministic, right for two words too."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outsourcing_classifier import Classifier, InputValueError


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Belege sortieren", "de"),
        ("sort vouchers", "en"),
        ("Rechnungen im SAP buchen", "de"),
        ("Post invoices in SAP", "en"),
        ("Tickets im Service Desk bearbeiten", "de"),
        ("Reporting für das Management erstellen", "de"),
        ("Monthly reporting for management", "en"),
        ("Das Team prüft jede Woche die offenen Posten.", "de"),
        ("The team checks the open items every week.", "en"),
        ("Prüfung der Kreditoren", "de"),
        ("check of creditors", "en"),
        ("Stammdatenpflege", "de"),
        ("proofreading", "en"),
        ("Onboarding neuer Mitarbeiter", "de"),
        ("onboarding of new employees", "en"),
        ("Abstimmung mit dem Business Owner", "de"),
        ("Vertraege pruefen", "de"),
    ],
)
def test_the_nearer_language_is_found(classifier: Classifier, text: str, language: str) -> None:
    assert classifier.classify(text).language == language


@pytest.mark.parametrize("text", ["", "???", "4711", "SAP", "🙂"])
def test_a_text_without_a_hint_still_has_a_language(classifier: Classifier, text: str) -> None:
    assert classifier.classify(text).language in ("en", "de")


def test_a_given_language_holds(classifier: Classifier) -> None:
    assert classifier.classify("Belege sortieren", language="en").language == "en"


@pytest.mark.parametrize("language", ["fr", "EN", "", "deutsch"])
def test_another_language_is_refused_and_the_offer_named(classifier: Classifier, language: str) -> None:
    with pytest.raises(InputValueError, match="'en', 'de'"):
        classifier.classify("sort vouchers", language=language)


def test_an_english_term_in_a_german_row_is_understood_and_marked(classifier: Classifier) -> None:
    result = classifier.classify("Proofreading der Broschüren durchführen")
    assert result.language == "de"
    marked = [item for item in result.evidence if "other_language" in item.modifiers]
    assert marked
    assert {"Proofreading"} <= {item.text for item in marked}


@pytest.mark.parametrize(
    "text",
    [
        "Nous saisissons chaque semaine toutes les commandes reçues par courrier",
        "Tutti gli ordini vengono inseriti ogni settimana dal nostro gruppo",
        "Wszystkie zamówienia wprowadzamy ręcznie każdego tygodnia",
    ],
)
def test_a_third_language_is_flagged_and_gets_no_label_from_a_chance_hit(classifier: Classifier, text: str) -> None:
    result = classifier.classify(text)
    assert "other_language" in {flag["flag"] for flag in result.flags}
    assert result.label is None


@given(st.lists(st.sampled_from(["Post", "invoice", "prüfen", "check", "die", "the", "SAP", "und", "42"]), max_size=8))
def test_the_language_of_a_text_does_not_depend_on_its_neighbours(classifier: Classifier, words: list[str]) -> None:
    text = " ".join(words)
    alone = classifier.classify(text).language
    assert classifier.classify_many(["die Rechnung", text, "the invoice"]).language[1] == alone


@pytest.mark.parametrize(("file", "language", "share"), [
    ("sentences.de.txt", "de", 0.98), ("sentences.en.txt", "en", 0.98),
    ("word-pairs.de.txt", "de", 0.70), ("word-pairs.en.txt", "en", 0.70),
])
def test_sentences_of_the_public_samples_are_recognised(
    classifier: Classifier, shared: Path, file: str, language: str, share: float
) -> None:
    lines = (shared / "corpora" / "language-samples" / file).read_text("utf-8").splitlines()[:1000]
    found = classifier.classify_many(lines).language
    assert found.count(language) / len(found) >= share
