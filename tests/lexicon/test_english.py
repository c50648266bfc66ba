"""English word forms, as a table of phenomena over a small vocabulary of its own."""

import pytest

from outsourcing_classifier import Classifier
from outsourcing_classifier.lexicon.english import EnglishVocabulary, EnglishWords, spelling
from outsourcing_classifier.lexicon.words import (
    ACTION_NOUN,
    ADVERB,
    CAPITAL,
    ELIDED,
    GERUND,
    KNOWN,
    NOUN,
    NUMBER,
    PARTICIPLE,
    THIRD,
    VERB,
)


@pytest.fixture(scope="module")
def words() -> EnglishWords:
    found = EnglishVocabulary()
    for verb, forms in {
        "copy": [], "enter": [], "plan": [], "analyse": [], "write": ["wrote", "written"], "categorise": [],
        "label": [], "colour": [], "settle": [], "process": [], "type": [], "catalogue": [], "judge": [],
    }.items():
        found.add_verb(verb, "", forms)
    for noun in ("invoice", "enquiry", "analysis", "box", "licence", "centre", "process", "address", "query", "criterion"):
        found.entry(noun).kind |= NOUN
    found.entry("organisation").kind |= ACTION_NOUN
    found.add_form("criteria", "criterion")
    found.add_form("people", "person")
    found.entry("person").kind |= NOUN
    return found.words()


@pytest.mark.parametrize(
    ("form", "lemma", "kind"),
    [
        ("copy", "copy", VERB),
        ("copies", "copy", VERB | THIRD),
        ("copied", "copy", PARTICIPLE),
        ("copying", "copy", GERUND),
        ("entered", "enter", PARTICIPLE),
        ("planned", "plan", PARTICIPLE),
        ("planning", "plan", GERUND),
        ("writing", "write", GERUND),
        ("wrote", "write", PARTICIPLE),
        ("written", "write", PARTICIPLE),
        ("settling", "settle", GERUND),
        ("judged", "judge", PARTICIPLE),
        ("Typed", "type", PARTICIPLE),
        ("invoices", "invoice", NOUN),
        ("enquiries", "enquiry", NOUN),
        ("queries", "query", NOUN),
        ("boxes", "box", NOUN),
        ("analyses", "analyse", VERB),
        ("addresses", "address", NOUN),
        ("criteria", "criterion", NOUN),
        ("people", "person", NOUN),
        ("invoice's", "invoice", NOUN),
        ("process", "process", NOUN | VERB),
    ],
)
def test_an_inflected_form_leads_to_its_lemma(words: EnglishWords, form: str, lemma: str, kind: int) -> None:
    reading = words.analyse(form)
    assert reading.canon == words.key(lemma)
    assert reading.kind & kind == kind
    assert reading.kind & KNOWN


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("analyse", "analyze"), ("analysing", "analyzing"), ("categorised", "categorized"),
        ("categorises", "categorizes"), ("labelling", "labeling"), ("labelled", "labeled"),
        ("colour", "color"), ("colouring", "coloring"), ("centres", "centers"), ("catalogue", "catalog"),
        ("organisation", "organization"), ("organisations", "organizations"),
    ],
)
def test_british_and_american_spelling_are_one_word(words: EnglishWords, british: str, american: str) -> None:
    one, other = words.analyse(british), words.analyse(american)
    assert one.kind & KNOWN
    assert (one.canon, one.kind) == (other.canon, other.kind)


@pytest.mark.parametrize("form", ["rewriter", "plank", "planet", "type-", "copyright", "entertain", "invoicee", "centred"])
def test_a_word_that_only_contains_a_known_word_is_not_that_word(words: EnglishWords, form: str) -> None:
    reading = words.analyse(form)
    if form.endswith("-"):
        assert reading.kind & ELIDED
    else:
        assert reading.canon not in ("write", "plan", "copy", "enter", "invoice")


def test_an_unknown_word_keeps_its_shape(words: EnglishWords) -> None:
    assert words.analyse("swiftly").kind & ADVERB
    assert not words.analyse("zorbing").kind & KNOWN
    assert words.analyse("Zorb").kind & CAPITAL
    assert words.analyse("4711").kind & NUMBER


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("analyse customer behaviour", "analyze customer behavior"),
        ("catalogue the licences", "catalog the licenses"),
        ("summarise the programme evaluation", "summarize the program evaluation"),
        ("fulfil orders from the call centre", "fulfill orders from the call center"),
    ],
)
def test_spelling_does_not_change_scores(classifier, one: str, other: str) -> None:  # type: ignore[no-untyped-def]
    assert classifier.score(one, language="en") == classifier.score(other, language="en")


@pytest.mark.parametrize("text", [
    "Present the figures by reading out the slides", "Close the case by filling in the form", "Answer by mailing out a letter",
    "Prepare the mailing by printing out labels",
])
def test_a_verb_with_its_particle_is_found_where_its_ing_form_is_a_noun_too(classifier: Classifier, text: str) -> None:
    spoken = {item.text.lower() for item in classifier.classify(text).evidence if item.role == "action"}
    assert spoken & {"reading out", "filling in", "mailing out", "printing out"}


@pytest.mark.parametrize(("one", "other"), [("travelling", "traveling"), ("labelled", "labeled"), ("fuelling", "fueling")])
def test_british_doubling_behind_several_syllables_is_one_word(one: str, other: str) -> None:
    assert spelling(one) == spelling(other)


def test_filling_is_not_filing() -> None:
    assert spelling("filling") != spelling("filing")
