"""Clauses, verbs and nouns, and what governs each word."""

import pytest

from outsourcing_classifier import Lexicon
from outsourcing_classifier.reading.clauses import CONTEXTS
from outsourcing_classifier.reading.forms import FormTable
from outsourcing_classifier.reading.hits import Reading, read

LOST_PARTNER = pytest.mark.xfail(
    strict=False, reason="a phrase that is a cue and a grammar phrase ('gemeinsam mit') loses its function in reading/tokens.py::_cover",
)


@pytest.fixture(scope="module")
def table(lexicon: Lexicon) -> FormTable:
    return FormTable(lexicon)


def reading_of(table: FormTable, lexicon: Lexicon, text: str) -> tuple[Reading, dict[str, int]]:
    """The reading of one text, and the place of each form (the last of equal ones)."""
    found = read(table, lexicon, table.encode([text]), None)
    forms = [table.chunks.forms[number] for number in found.words.tokens.form.tolist()]
    return found, {form: place for place, form in enumerate(forms)}


@pytest.mark.parametrize(
    ("text", "word", "context"),
    [
        ("Handle complaints with a checklist", "checklist", "instrument"),
        ("Handle complaints by checklist", "checklist", "instrument"),
        ("Handle complaints according to the manual", "manual", "instrument"),
        ("Copy the figures into the database", "database", "container"),
        ("Prepare slides for the board", "board", "addressee"),
        ("Write an article about tax law", "law", "topic"),
        ("As a proofreader correct galleys", "proofreader", "doer"),
        ("Enter orders so that the managers can plan", "managers", "subordinate"),
        ("Plan the tour, including hotels", "hotels", "including"),
        ("Together with engineers improve the design", "engineers", "partner"),
        ("Beschwerden anhand der Checkliste bearbeiten", "Checkliste", "instrument"),
        ("Beschwerden laut Handbuch bearbeiten", "Handbuch", "instrument"),
        ("Zahlen in die Datenbank übertragen", "Datenbank", "inside"),
        ("Folien für den Vorstand aufbereiten", "Vorstand", "addressee"),
        ("Einen Artikel über Steuerrecht schreiben", "Steuerrecht", "topic"),
        ("Reise planen, einschließlich Hotels", "Hotels", "including"),
        pytest.param("Gemeinsam mit Ingenieuren den Entwurf verbessern", "Ingenieuren", "partner", marks=LOST_PARTNER),
        ("Aufträge erfassen, damit die Leiter planen können", "Leiter", "subordinate"),
    ],
)
def test_a_word_stands_in_the_context_that_governs_it(
    table: FormTable, lexicon: Lexicon, text: str, word: str, context: str
) -> None:
    found, places = reading_of(table, lexicon, text)
    assert CONTEXTS[found.clauses.context[places[word]]] == context


@pytest.mark.parametrize(
    ("text", "verbs"),
    [
        ("Enter orders", {"Enter"}),
        ("Orders are entered by the team", {"entered"}),
        ("Order entry", set()),
        ("Check and archive vouchers", {"Check", "archive"}),
        ("Analyse the orders to improve the forecast", {"Analyse", "improve"}),
        ("The support of the archive", set()),
        ("Aufträge eingeben", {"eingeben"}),
        ("Die Kollegin gibt Aufträge ein", {"eingeben"}),
        ("Eingabe von Aufträgen", set()),
        ("Aufträge werden geprüft", {"geprüft"}),
    ],
)
def test_verbs_are_told_from_nouns_of_the_same_spelling(
    table: FormTable, lexicon: Lexicon, text: str, verbs: set[str]
) -> None:
    found = read(table, lexicon, table.encode([text]), None)
    forms = [table.chunks.forms[number] for number in found.words.form.tolist()]
    assert {form for form, verb in zip(forms, found.clauses.verb.tolist(), strict=True) if verb} == verbs


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Enter orders and develop a price model", 2),
        ("Scan and archive contracts", 1),
        ("Enter orders, invoices and credit notes", 1),
        ("Enter orders. Develop a price model.", 2),
        ("Aufträge eingeben und ein Preismodell entwickeln", 2),
        ("Verträge scannen und archivieren", 1),
        ("Aufträge, Rechnungen und Gutschriften eingeben", 1),
        ("Aufträge eingeben; ein Preismodell entwickeln", 2),
    ],
)
def test_a_part_has_its_own_verb_and_object(table: FormTable, lexicon: Lexicon, text: str, parts: int) -> None:
    found, _ = reading_of(table, lexicon, text)
    clauses = found.clauses
    complete = {
        part for part, head, thing in zip(clauses.part_of_clause.tolist(), clauses.has_head.tolist(), clauses.has_object.tolist(), strict=True)
        if head and thing
    }
    assert len(complete) == parts


def test_the_doer_stands_before_the_finite_verb(table: FormTable, lexicon: Lexicon) -> None:
    found, places = reading_of(table, lexicon, "Lawyers check the contracts")
    assert found.clauses.subject[places["Lawyers"]]
    assert not found.clauses.subject[places["contracts"]]


def test_of_two_nouns_in_a_row_the_last_is_the_head(table: FormTable, lexicon: Lexicon) -> None:
    found, places = reading_of(table, lexicon, "Issue travel vouchers")
    assert found.clauses.modifier[places["travel"]]
    assert found.clauses.noun[places["vouchers"]]


@pytest.mark.parametrize("text", ["", ",", "and", "(((", "- - -", "by with for", "und und", "12 3", ")a(", ". Enter orders"])
def test_odd_texts_have_clauses_without_an_error(table: FormTable, lexicon: Lexicon, text: str) -> None:
    found = read(table, lexicon, table.encode([text, "Enter orders"]), None)
    assert len(found.clauses.clause) == found.words.count
