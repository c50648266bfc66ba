"""Status before label (codebook 2.1), flags, and the parts of mixed tasks."""

import pytest

from outsourcing_classifier import Classifier


@pytest.mark.parametrize("text", ["", " ", "\n\t", "???", "12345", "…", "🙂", "3.2", "--", "€ 50,00"])
def test_a_text_without_letters_is_empty(classifier: Classifier, text: str) -> None:
    result = classifier.classify(text)
    assert result.status == "empty"
    assert (result.label, result.probability, result.band, result.evidence) == (None, None, None, ())


@pytest.mark.parametrize(
    "text",
    [
        "Hello, nice to meet you", "Kind regards from Lisbon", "Brazil and Portugal", "Our firm was established in 1954",
        pytest.param("We offer flexible working hours", marks=pytest.mark.xfail(strict=False, reason="'offer' makes a task of an advert phrase")), "Hallo zusammen", "Mit freundlichen Grüßen", "Brasilien und Portugal",
        "Unsere Firma besteht seit 1954", "Wir bieten flexible Arbeitszeiten",
        # What somebody is like or knows.
        "Show loyalty to the firm", "Speaks Danish and Finnish", "Think before you act", "Cope with setbacks",
        "Understands Hebrew in speech and writing", "Stay calm at all times", "Be a team player",
        "Gelassenheit ausstrahlen", "Dänisch und Finnisch sprechen", "Erst denken, dann handeln", "Mit Zeitdruck umgehen",
        "Versteht Hebräisch in Wort und Schrift", "Sie zeigt Teamgeist", "Beherrscht mehrere Fremdsprachen",
    ],
)
def test_what_nobody_can_be_asked_to_do_is_no_task(classifier: Classifier, text: str) -> None:
    result = classifier.classify(text)
    assert result.status == "not_a_task"
    assert result.label is None


@pytest.mark.parametrize(
    "text",
    [
        "Translate Danish contracts into Finnish", "Write Danish newsletters about new funds",
        "Show loyalty to the firm and enter the invoices into the ledger", "Handle stress tests for the loan book",
        "Dänische Verträge ins Finnische übersetzen", "Newsletter auf Dänisch schreiben",
        "Teamgeist zeigen und Rechnungen im Hauptbuch erfassen", "Stresstests für das Kreditbuch bewerten",
    ],
)
def test_a_language_or_an_attitude_beside_work_takes_nothing_away(classifier: Classifier, text: str) -> None:
    assert classifier.classify(text).status == "ok"


@pytest.mark.parametrize(
    "text",
    [
        "Wash the windows", "Load pallets in the warehouse", "Repair broken pumps in the plant", "Paint the walls",
        "Bake bread in the bakery", "Weld steel frames", "Fenster putzen", "Paletten im Lager verladen",
        "Defekte Pumpen im Werk reparieren", "Wände streichen", "Brot in der Bäckerei backen", "Stahlrahmen schweißen",
    ],
)
def test_work_of_hands_on_things_is_out_of_scope(classifier: Classifier, text: str) -> None:
    result = classifier.classify(text)
    assert result.status == "out_physical"
    assert result.label is None
    assert result.status_evidence


@pytest.mark.parametrize(
    "text",
    [
        "Wash and feed residents", "Patrol the premises at night", "Cut the hair of customers in the salon",
        "Bewohner waschen und füttern", "Nachts das Gelände bewachen", "Kindern im Hort beaufsichtigen",
    ],
)
def test_work_in_bodily_presence_is_out_of_scope(classifier: Classifier, text: str) -> None:
    result = classifier.classify(text)
    assert result.status in ("out_presence", "out_physical")
    assert result.label is None


@pytest.mark.parametrize(
    "text",
    [
        "Enter shipping information", "Schedule repairs of pumps by phone", "Install software updates remotely",
        "Plan the cleaning of the offices", "Monitor machines remotely from sensor readings",
        "Versanddaten erfassen", "Reparaturtermine telefonisch vereinbaren", "Software-Updates einspielen",
        "Die Reinigung der Büros planen", "Daten bereinigen", "Bestellungen anlegen", "Anrufe annehmen",
    ],
)
def test_desk_work_about_things_stays_in_scope(classifier: Classifier, text: str) -> None:
    assert classifier.classify(text).status == "ok"


@pytest.mark.parametrize("text", ["Support", "Other", "Miscellaneous", "Unterstützung", "Sonstiges", "Diverses", "Allgemeine Aufgaben"])
def test_a_generic_noun_is_insufficient_and_comes_with_a_question(classifier: Classifier, text: str) -> None:
    result = classifier.classify(text)
    assert result.status == "insufficient"
    assert result.needs_review
    assert result.question.endswith("?")


@pytest.mark.parametrize("text", ["Business analyst", "Consultant", "Sachbearbeiterin", "Referent", "Senior Specialist Payroll", "Team lead accounts payable",
    "Head of Controlling", "Teamleiter Kreditoren", "Leiter Controlling",
])
def test_a_bare_title_is_insufficient(classifier: Classifier, text: str) -> None:
    assert classifier.classify(text).status == "insufficient"


@pytest.mark.parametrize("text", [
    "Controlling", "Legal & Compliance", "Operations", "Sales", "Personalabteilung", "Recht", "Vertrieb",
    "Finanzen & Controlling", "Einkauf",
])
def test_a_bare_department_is_insufficient(classifier: Classifier, text: str) -> None:
    result = classifier.classify(text)
    assert (result.status, result.label) == ("insufficient", None)


@pytest.mark.parametrize("text", [
    "Recruitment of specialists", "Training of staff", "Selection of managers", "Auswahl von Führungskräften",
    "Schulung von Mitarbeitern", "Beaufsichtigung zugeteilter Mitarbeiter", "Coaching von Führungskräften und Managern",
    "Sales statistics", "Legal opinions on leases", "Vertriebsstatistik erstellen",
])
def test_people_and_departments_that_are_worked_for_are_no_bare_names(classifier: Classifier, text: str) -> None:
    assert classifier.classify(text).status == "ok"


@pytest.mark.parametrize("text", [
    "Planung und Durchführung von Projekten zur Senkung der Lagerkosten", "Drafting and planning of facilities",
    "Entwurf und Planung von Umspannwerken", "Entwicklung kundenbezogener Dokumentation",
    "Unterstützung bei der Erstellung von Lageberichten", "Ermittlung des Arbeits- und Flächenbedarfs",
    "Aufstellung von Etats und Arbeit am Monatsabschluss", "Zusammenarbeit mit Softwarearchitekten, um Schnittstellen zu verstehen",
])
def test_a_work_noun_with_what_it_works_on_is_a_task_beside_generic_words(classifier: Classifier, text: str) -> None:
    assert classifier.classify(text).status == "ok"


@pytest.mark.parametrize("text", [
    "Erledigung sonstiger Aufgaben", "Unterstützung der Abteilung", "Leitender Mitarbeiter Buchhaltung",
    "Verschiedene Projekte und Aufgaben", "Various projects and tasks", "Support of the department",
])
def test_a_work_noun_with_a_generic_object_stays_insufficient(classifier: Classifier, text: str) -> None:
    assert classifier.classify(text).status == "insufficient"


@pytest.mark.parametrize("text", [
    "Assess training needs, design courses and schedule rooms",
    "Schulungsbedarf ermitteln, Lehrgänge konzipieren und Räume buchen",
])
def test_one_step_of_three_that_leans_the_other_way_makes_no_text_mixed(classifier: Classifier, text: str) -> None:
    assert classifier.classify(text).label == "KPO"


@pytest.mark.parametrize("text", ["{} % of the orders", "5 % of {} orders", "Mainly {} % enter orders, and devise plans"])
def test_a_number_of_thousands_of_digits_is_read_beside_a_percentage(classifier: Classifier, text: str) -> None:
    assert classifier.classify(text.format("9" * 5000)).status


MIXED = [
    ("Type addresses and develop a pricing strategy", ("BPO", "KPO")),
    ("Scan vouchers and design a clinical trial", ("BPO", "KPO")),
    ("Develop a pricing strategy and type addresses", ("KPO", "BPO")),
    ("Adressen abtippen und eine Preisstrategie entwickeln", ("BPO", "KPO")),
    ("Belege scannen und eine klinische Prüfung konzipieren", ("BPO", "KPO")),
    ("Post ablegen; Marktprognosen erarbeiten", ("BPO", "KPO")),
]


@pytest.mark.parametrize(("text", "labels"), MIXED)
def test_separable_tasks_with_opposite_answers_are_mixed(classifier: Classifier, text: str, labels: tuple[str, ...]) -> None:
    result = classifier.classify(text)
    assert result.status == "mixed"
    assert result.label is None
    assert tuple(part.label for part in result.parts) == labels


@pytest.mark.parametrize("text", [text for text, _ in MIXED])
def test_parts_stand_in_the_text_and_do_not_overlap(classifier: Classifier, text: str) -> None:
    place = 0
    for part in classifier.classify(text).parts:
        assert part.start is not None
        assert part.end is not None
        assert place <= part.start < part.end <= len(text)
        assert text[part.start : part.end] == part.text
        place = part.end


@pytest.mark.parametrize("text", [text for text, _ in MIXED])
def test_evidence_of_a_part_is_quoted_from_the_whole_text_and_adds_up(classifier: Classifier, text: str) -> None:
    for part in classifier.classify(text).parts:
        for item in part.evidence:
            assert text[item.start : item.end] == item.text
        for name, score in part.scores.to_dict().items():
            total = sum(item.contribution for item in part.evidence if item.dimension == name)
            assert total == pytest.approx(score, abs=1e-9)


@pytest.mark.parametrize(
    "text",
    [
        "Type addresses and file letters", "Develop a pricing strategy and design a clinical trial",
        "Develop a pricing strategy, including data cleaning", "Adressen abtippen und Briefe ablegen",
        "Eine Preisstrategie entwickeln, einschließlich Datenbereinigung", "Prüfungs- und Ablagearbeiten",
        "Datenerfassung / Dateneingabe",
    ],
)
def test_tasks_with_one_answer_are_not_mixed(classifier: Classifier, text: str) -> None:
    result = classifier.classify(text)
    assert result.status == "ok"
    assert result.parts == ()


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Mainly type addresses and develop a pricing strategy", "BPO"),
        ("Überwiegend Adressen abtippen und eine Preisstrategie entwickeln", "BPO"),
    ],
)
def test_the_part_that_is_said_to_rule_gives_the_label(classifier: Classifier, text: str, label: str) -> None:
    result = classifier.classify(text)
    assert (result.status, result.label) == ("ok", label)
    assert "dominant_part" in {flag["flag"] for flag in result.flags}
    assert result.needs_review


@pytest.mark.parametrize("text", [
    "Hello, nice to meet you", "Wash the windows", "Support", "Sonstiges", "Fenster putzen", "Brasilien", *[t for t, _ in MIXED],
])
def test_assume_task_skips_the_gates(classifier: Classifier, text: str) -> None:
    result = classifier.classify(text, assume_task=True)
    assert result.status == "ok"
    assert result.label in ("BPO", "KPO")
    assert result.parts == ()


def test_assume_task_does_not_label_an_empty_text(classifier: Classifier) -> None:
    assert classifier.classify("??", assume_task=True).status == "empty"


@pytest.mark.parametrize("text", ["Bookkeeping", "Market research", "Buchhaltung", "Marktforschung"])
def test_a_bare_service_name_is_labelled_with_low_confidence(classifier: Classifier, text: str) -> None:
    result = classifier.classify(text)
    assert result.status == "ok"
    assert "bare_service_name" in {flag["flag"] for flag in result.flags}
    assert result.band == "low"
    assert result.needs_review


@pytest.mark.parametrize("text", ["Approve the annual budget as a member of the board", "Als Vorstand über das Budget entscheiden"])
def test_leadership_that_cannot_be_handed_over_is_flagged(classifier: Classifier, text: str) -> None:
    result = classifier.classify(text)
    flags = {flag["flag"]: flag["text"] for flag in result.flags}
    assert "retain" in flags
    assert flags["retain"] in text


def test_a_long_text_is_read_in_part_and_flagged(classifier: Classifier) -> None:
    text = "Type addresses. " * 1500 + "Develop a pricing strategy."
    result = classifier.classify(text)
    assert "truncated" in {flag["flag"] for flag in result.flags}
    assert result.text == text
    assert result.label == "BPO"


@pytest.mark.parametrize("text", ["Support", "Fenster putzen", "Hallo zusammen", "Wash the windows"])
def test_what_made_the_status_is_quoted_literally(classifier: Classifier, text: str) -> None:
    for item in classifier.classify(text).status_evidence:
        assert text[item.start : item.end] == item.text
        assert item.reason


@pytest.mark.parametrize("text", ["Prognosen abtippen", "Analysen kopieren", "Copy analyses", "Archive forecasts"])
def test_a_verb_with_an_action_noun_as_its_object_is_a_task(classifier: Classifier, text: str) -> None:
    result = classifier.classify(text)
    assert (result.status, result.label) == ("ok", "BPO")


@pytest.mark.parametrize("text", ["Buy scanners", "Resell snacks", "Order props", "Price sensors", "Compare platforms"])
def test_a_word_known_from_phrases_alone_is_an_object_beside_a_verb(classifier: Classifier, text: str) -> None:
    assert classifier.classify(text, language="en").status == "ok"


@pytest.mark.parametrize("text", ["Write reports, world-class", "Berichte schreiben, auf hohem Niveau"])
def test_how_well_work_is_done_says_nothing_of_hands_or_presence(classifier: Classifier, text: str) -> None:
    plain, praised = (
        classifier.batch([task], None, assume_task=False).gates.features for task in (text.partition(",")[0], text)
    )
    assert plain is not None
    assert praised is not None
    assert plain.tolist() == praised.tolist()
