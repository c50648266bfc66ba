"""German word forms: tables of phenomena over a small vocabulary of its own, and in whole texts."""

import pytest

from outsourcing_classifier import Classifier, Lexicon
from outsourcing_classifier.lexicon.german import GermanWords
from outsourcing_classifier.lexicon.german_verbs import GermanVocabulary
from outsourcing_classifier.lexicon.words import ACTION_NOUN, CAPITAL, ELIDED, INFINITIVE, KNOWN, NOUN, NUMBER, VERB


@pytest.fixture(scope="module")
def words() -> GermanWords:
    found = GermanVocabulary()
    found.verb_prefixes = frozenset({"ver", "be", "ent", "er", "zer", "ge", "miss", "ueber", "unter"})
    for verb, particle, forms in (
        ("eingeben", "ein", ["gibt", "gab", "gaben", "gegeben"]),
        ("ablegen", "ab", []),
        ("abschreiben", "ab", ["schreibt", "schrieb", "schrieben", "geschrieben"]),
        ("zusammenstellen", "zusammen", []),
        ("prüfen", "", []),
        ("erfassen", "", []),
        ("bearbeiten", "", []),
        ("aktualisieren", "", []),
        ("entwerfen", "", ["entwirft", "entwarf", "entwarfen", "entworfen"]),
        ("sichten", "", []),
    ):
        found.add_verb(verb, particle, forms)
    for noun in (
        "Rechnung", "Vertrag", "Buch", "Bescheid", "Kunde", "Sachbearbeiter", "Mandant", "Satz", "Akte", "Beleg", "Brief",
        "Gutachten", "Ärztin", "Arzt", "Haus", "Lieferant", "Rolle", "Stelle", "Auftrag",
    ):
        found.entry(noun).kind |= NOUN
    for noun in ("Eingabe", "Ablage", "Erfassung", "Prüfung", "Bearbeitung", "Analyse", "Planung", "Indexierung"):
        found.entry(noun).kind |= ACTION_NOUN
    found.entry("Konto").kind |= NOUN
    found.add_form("Konten", "Konto")
    return found.words()


@pytest.mark.parametrize(
    ("form", "lemma"),
    [
        ("eingeben", "eingeben"), ("einzugeben", "eingeben"), ("eingibt", "eingeben"), ("eingegeben", "eingeben"),
        ("abgelegt", "ablegen"), ("ablegt", "ablegen"), ("abzulegen", "ablegen"), ("ablegte", "ablegen"),
        ("abgeschrieben", "abschreiben"), ("abzuschreiben", "abschreiben"),
        ("zusammenzustellen", "zusammenstellen"), ("zusammengestellt", "zusammenstellen"),
        ("prüft", "pruefen"), ("geprüft", "pruefen"), ("prüfte", "pruefen"), ("Geprüft", "pruefen"),
        ("erfasst", "erfassen"), ("erfasste", "erfassen"), ("erfaßt", "erfassen"),
        ("bearbeitet", "bearbeiten"), ("bearbeitete", "bearbeiten"),
        ("aktualisiert", "aktualisieren"), ("aktualisierte", "aktualisieren"),
        ("entworfen", "entwerfen"), ("entwirft", "entwerfen"), ("gesichtet", "sichten"), ("sichtet", "sichten"),
    ],
)
def test_a_verb_form_leads_to_the_infinitive(words: GermanWords, form: str, lemma: str) -> None:
    reading = words.analyse(form)
    assert reading.kind & VERB
    assert reading.canon == lemma


@pytest.mark.parametrize("form", ["eingeben", "einzugeben", "prüfen"])
def test_infinitives_are_marked_because_they_end_their_clause(words: GermanWords, form: str) -> None:
    assert words.analyse(form).kind & INFINITIVE


@pytest.mark.parametrize(
    ("base", "particle", "infinitive"),
    [
        ("gibt", "ein", "eingeben"), ("legt", "ab", "ablegen"), ("schreibt", "ab", "abschreiben"),
        ("stellt", "zusammen", "zusammenstellen"), ("schrieb", "ab", "abschreiben"), ("gibt", "ab", ""),
    ],
)
def test_a_separated_particle_completes_its_verb(words: GermanWords, base: str, particle: str, infinitive: str) -> None:
    assert words.infinitive(base, particle) == infinitive


@pytest.mark.parametrize(
    ("form", "lemma"),
    [
        ("Rechnungen", "rechnung"), ("Verträge", "vertrag"), ("Verträgen", "vertrag"), ("Vertrags", "vertrag"),
        ("Bücher", "buch"), ("Büchern", "buch"), ("Bescheide", "bescheid"), ("Sätze", "satz"), ("Akten", "akte"),
        ("Häuser", "haus"), ("Konten", "konto"), ("Analysen", "analyse"), ("Aufträge", "auftrag"),
        ("Vertraege", "vertrag"), ("Buecher", "buch"), ("Saetze", "satz"),
    ],
)
def test_a_plural_or_case_form_leads_to_the_noun(words: GermanWords, form: str, lemma: str) -> None:
    reading = words.analyse(form)
    assert reading.canon == lemma
    assert reading.kind & (NOUN | ACTION_NOUN)


@pytest.mark.parametrize(
    "form",
    [
        "Sachbearbeiterin", "Sachbearbeiterinnen", "Sachbearbeiter:innen", "Sachbearbeiter*innen",
        "Sachbearbeiter_innen", "SachbearbeiterInnen", "Sachbearbeiter/-innen", "Sachbearbeiter/innen",
        "Sachbearbeiter(innen)", "Sachbearbeiters", "Sachbearbeitern",
    ],
)
def test_every_gender_form_is_the_same_person(words: GermanWords, form: str) -> None:
    assert words.analyse(form).canon == "sachbearbeiter"


@pytest.mark.parametrize("form", ["Kund:innen", "Kundinnen", "Kunden", "Kunde(n)"])
def test_gender_forms_of_nouns_in_e_are_found(words: GermanWords, form: str) -> None:
    assert words.analyse(form).kind & NOUN


@pytest.mark.parametrize(
    ("compound", "head"),
    [
        ("Rechnungserfassung", "erfassung"), ("Vertragsprüfung", "pruefung"), ("Kundenbrief", "brief"),
        ("Kontenplanung", "planung"), ("Aktenablage", "ablage"), ("Lieferantenrechnungen", "rechnung"),
        ("Auftragsbearbeitungen", "bearbeitung"), ("Belegprüfung", "pruefung"),
        ("Kundenauftragsbearbeitung", "bearbeitung"), ("Vertragspruefung", "pruefung"),
    ],
)
def test_the_last_element_of_a_compound_is_its_head(words: GermanWords, compound: str, head: str) -> None:
    reading = words.analyse(compound)
    assert reading.head == head
    assert reading.kind & KNOWN


@pytest.mark.parametrize(
    "word", ["Verfassung", "Kontrolle", "Apostelle", "Erlaß", "Besatz", "Versatz", "Unterkonto", "Verplanung"]
)
def test_a_word_is_not_split_where_the_front_is_a_prefix_or_no_word(words: GermanWords, word: str) -> None:
    """Design 3: the modifier must be a known word or end in a linking letter, never a verb prefix."""
    assert words.analyse(word).head == words.key(word)


@pytest.mark.parametrize("form", ["Bearbeitungs-", "Prüfungs-", "Rechnungs-", "Indexierungs-"])
def test_an_elided_compound_keeps_its_word(words: GermanWords, form: str) -> None:
    reading = words.analyse(form)
    assert reading.kind & ELIDED
    assert reading.kind & KNOWN


@pytest.mark.parametrize(("one", "other"), [
    ("Prüfung", "Pruefung"), ("prüfen", "pruefen"), ("Ärztin", "Aerztin"), ("Erlass", "Erlaß"), ("erfasst", "erfaßt"),
    ("Bücher", "Buecher"),
])
def test_typewriter_old_and_swiss_spelling_are_one_word(words: GermanWords, one: str, other: str) -> None:
    a, b = words.analyse(one), words.analyse(other)
    assert (a.canon, a.kind, a.head) == (b.canon, b.kind, b.head)


def test_digits_and_capitals_are_noted(words: GermanWords) -> None:
    assert words.analyse("1.200").kind & NUMBER
    assert words.analyse("Xylo").kind & CAPITAL
    assert not words.analyse("xylo").kind & KNOWN


@pytest.mark.parametrize("word", ["Kontrolle", "Diskussion", "Patient", "Interesse", "Protest", "Kapital", "Gehalt", "Verwaltung"])
def test_common_words_are_not_read_as_compounds_of_shorter_ones(lexicon: Lexicon, word: str) -> None:
    reading = lexicon.words["de"].analyse(word)
    assert reading.head == reading.canon


ENTRY = "Spesenbelege"


@pytest.mark.parametrize(
    "text",
    [
        f"{ENTRY} eingeben", f"{ENTRY} einzugeben", f"gibt {ENTRY} ein", f"{ENTRY} werden eingegeben",
        f"Eingabe von {ENTRY}n", f"Wir geben täglich eingehende {ENTRY} ein.",
    ],
)
def test_entering_is_entering_in_every_form_of_the_verb(classifier: Classifier, text: str) -> None:
    assert classifier.score(text, language="de").activities <= -0.75


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Verträge prüfen und Rückfragen klären", "Vertraege pruefen und Rueckfragen klaeren"),
        ("Maßnahmen für Großkunden konzipieren", "Massnahmen für Grosskunden konzipieren"),
        ("Lohnabrechnungen für Mitarbeiter erstellen", "Lohnabrechnungen für Mitarbeiter:innen erstellen"),
        ("Reisekosten gemäß Richtlinie prüfen", "Reisekosten gemäss Richtlinie prüfen"),
    ],
)
def test_spelling_and_gender_forms_do_not_change_scores(classifier: Classifier, one: str, other: str) -> None:
    assert classifier.score(one, language="de") == classifier.score(other, language="de")


def test_what_a_separated_verb_quotes_are_its_two_parts(classifier: Classifier) -> None:
    text = "Das Team gibt die Spesenbelege vollständig ein."
    spans = [item.spans for item in classifier.classify(text).evidence if len(item.spans) == 2]
    assert spans
    for (a, b), (c, d) in spans:
        assert (text[a:b], text[c:d]) == ("gibt", "ein")


def test_elided_compounds_share_their_head(classifier: Classifier) -> None:
    result = classifier.classify("Erfassungs- und Ablagearbeiten für Spesenbelege")
    assert result.status == "ok"
    assert result.label == "BPO"


@pytest.mark.parametrize("text", [
    "Rechnungserfassung, Vertragsverhandlung", "Rechnungserfassung / Vertragsverhandlung", "Postverteilung und Strategieentwicklung",
])
def test_a_compound_that_is_listed_names_what_is_acted_on(classifier: Classifier, text: str) -> None:
    assert classifier.classify(text).status == "mixed"
