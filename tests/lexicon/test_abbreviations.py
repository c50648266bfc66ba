"""Abbreviations of the trade read as their expansion."""

from pathlib import Path

import pytest

from outsourcing_classifier import Classifier
from outsourcing_classifier.errors import LexiconError


@pytest.mark.parametrize(("short", "long", "language"), [
    ("AP", "accounts payable", "en"), ("AR", "accounts receivable", "en"), ("AP", "Kreditorenbuchhaltung", "de"),
    ("FiBu", "Finanzbuchhaltung", "de"),
])
def test_an_abbreviation_scores_as_its_expansion(classifier: Classifier, short: str, long: str, language: str) -> None:
    assert classifier.score(short, language=language) == classifier.score(long, language=language)


def test_the_case_of_an_abbreviation_matters(classifier: Classifier) -> None:
    assert list(classifier.score("ap", language="en")) == [0.0] * 6


@pytest.mark.parametrize(("short", "long"), [
    ("Bearb. von Reklamationen", "Bearbeitung von Reklamationen"),
    ("Prüf. u. Erfassung v. Belegen", "Prüfung und Erfassung von Belegen"),
    ("PRÜF. DER EINGANGSRECHN.", "PRÜFUNG DER EINGANGSRECHNUNG"),
    ("Erst. v. Angeboten f. Kunden", "Erstellung von Angeboten für Kunden"),
    ("Buchung Eingangsrechn.", "Buchung Eingangsrechnung"),
    ("Kartellrechtl. Prüfung von Verträgen", "Kartellrechtliche Prüfung von Verträgen"),
    ("Ausw. der Kundenbefr.", "Auswertung der Kundenbefragung"),
    ("Abst. m. Lieferanten (Klär. offener Posten)", "Abstimmung mit Lieferanten (Klärung offener Posten)"),
    ("Lohnabr./Reisekostenabr.", "Lohnabrechnung/Reisekostenabrechnung"),
    ("Maint. of master data", "Maintenance of master data"),
    ("Prep. of mgmt. reports", "Preparation of management reports"),
    ("Bank recon., stmt. checks", "Bank reconciliation, statement checks"),
])
def test_a_word_cut_off_with_a_dot_is_read_as_the_whole_word(classifier: Classifier, short: str, long: str) -> None:
    cut, whole = classifier.classify(short, assume_task=True), classifier.classify(long, assume_task=True)
    assert (cut.scores, cut.label, cut.language) == (whole.scores, whole.label, whole.language)


def test_a_cut_off_word_is_quoted_as_it_stands(classifier: Classifier) -> None:
    text = "Bearb. von Reklamationen"
    assert "Bearb." in [item.text for item in classifier.classify(text).evidence]
    assert all(text[item.start : item.end] == item.text for item in classifier.classify(text).evidence)


def test_what_is_no_word_is_read_without_its_dot_as_well(classifier: Classifier) -> None:
    assert classifier.score("Bearb von Reklamationen") == classifier.score("Bearbeitung von Reklamationen")
    assert classifier.score("mgmt reports") == classifier.score("management reports")


@pytest.mark.parametrize(("one", "same"), [
    ("Wir prüfen zuerst. Dann buchen wir Belege", "Wir prüfen zuerst! Dann buchen wir Belege"),
    ("Akten ablegen, vorerst.", "Akten ablegen, vorerst!"),
    ("Send letters to clients. Then file them", "Send letters to clients! Then file them"),
])
def test_the_dot_of_a_sentence_cuts_off_no_word(classifier: Classifier, one: str, same: str) -> None:
    assert classifier.classify(one).scores == classifier.classify(same).scores


def test_users_cut_words_off_in_their_own_way(tmp_path: Path) -> None:
    table = tmp_path / "own.tsv"
    table.write_text("language\tabbreviation\texpansion\tneeds\tnote\nde\tGutacht.\tGutachten\t\t\n", "utf-8")
    classifier = Classifier(lexicon=table)
    assert classifier.score("Gutacht. verfassen") == classifier.score("Gutachten verfassen")


def test_a_word_cut_off_stands_for_one_word(tmp_path: Path) -> None:
    table = tmp_path / "own.tsv"
    table.write_text("language\tabbreviation\texpansion\tneeds\tnote\nde\tGutacht.\tein Gutachten\t\t\n", "utf-8")
    with pytest.raises(LexiconError, match="stands for one"):
        Classifier(lexicon=table)
