"""Evidence: quoted spans, their roles and modifiers, collisions settled before adding."""

from pathlib import Path

import pytest

from outsourcing_classifier import DIMENSIONS, Classification, Classifier
from outsourcing_classifier.lexicon.tables import USER_COLUMNS

TASKS = [
    "Type patient records into the register, 300 a day",
    "Develop an export strategy for the board",
    "Analyse complaints with the call script",
    "Help the auditors by copying vouchers",
    "Occasionally assess the credit risk of small suppliers",
    "Use basic statistics to check readings",
    "Lawyers review the lease contracts and advise the client",
    "Reisebelege erfassen, 200 am Tag",
    "Eine Exportstrategie für den Vorstand entwickeln",
    "Beschwerden nach Skript auswerten",
    "Das Team gibt Bestellungen in SAP ein und archiviert sie",
    "Gelegentlich Kreditrisiken bewerten, keine Vorkenntnisse nötig",
    "Mietverträge juristisch prüfen und Mandanten beraten",
]


@pytest.mark.parametrize("text", TASKS)
def test_every_quote_stands_literally_in_the_text(classifier: Classifier, text: str) -> None:
    for item in classifier.classify(text).evidence:
        assert item.text == text[item.start : item.end]
        assert item.spans[0][0] == item.start
        assert item.spans[-1][1] == item.end
        assert all(a < b for a, b in item.spans)


@pytest.mark.parametrize("text", TASKS)
def test_contributions_of_a_dimension_add_up_to_its_score(classifier: Classifier, text: str) -> None:
    result = classifier.classify(text)
    for name, score in result.scores.to_dict().items():
        total = sum(item.contribution for item in result.evidence if item.dimension == name)
        assert total == pytest.approx(score, abs=1e-9)


@pytest.mark.parametrize("text", TASKS)
def test_stated_dimensions_are_those_with_evidence_in_force(classifier: Classifier, text: str) -> None:
    result = classifier.classify(text)
    assert set(result.stated) == {item.dimension for item in result.evidence if item.contribution}


@pytest.mark.parametrize("text", TASKS)
def test_what_is_switched_off_says_by_what(classifier: Classifier, text: str) -> None:
    for item in classifier.classify(text).evidence:
        assert -1 <= item.weight <= 1
        assert item.weight
        if not item.contribution:
            assert item.modifiers, item


@pytest.mark.parametrize("text", TASKS)
def test_evidence_is_listed_dimension_by_dimension(classifier: Classifier, text: str) -> None:
    order = [DIMENSIONS.index(item.dimension) for item in classifier.classify(text).evidence]
    assert order == sorted(order)


def marks(result: Classification, quote: str, dimension: str) -> tuple[str, ...]:
    return next(
        item.modifiers for item in result.evidence if item.text.casefold() == quote.casefold() and item.dimension == dimension
    )


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("Analyse complaints using the call script", "Analyse"),
        ("Evaluate proposals by checklist", "Evaluate"),
        ("Anträge anhand einer Checkliste bewerten", "bewerten"),
        ("Beschwerden streng nach Skript auswerten", "auswerten"),
    ],
)
def test_the_instrument_outranks_the_verb(classifier: Classifier, text: str, verb: str) -> None:
    """Codebook 1.9: "Instrument > verb > object > title > department > industry"."""
    result = classifier.classify(text)
    assert result.scores.process <= -0.5
    assert marks(result, verb, "process")[-1] == "outranked"


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Copy forecasts", -1), ("Forecast invoices", 1), ("Prognosen abtippen", -1), ("Rechnungen prognostizieren", 1),
        ("Type legal opinions", -1), ("Rechtsgutachten einscannen", -1),
    ],
)
def test_the_verb_outranks_the_object(classifier: Classifier, text: str, sign: int) -> None:
    assert classifier.score(text).activities * sign > 0


@pytest.mark.parametrize(
    ("plain", "more"),
    [
        ("Copy vouchers", "Copy vouchers for the scientists"),
        ("Copy vouchers", "Copy vouchers for the board"),
        ("Belege kopieren", "Belege für die Wissenschaftler kopieren"),
        ("Belege kopieren", "Belege für die Geschäftsführung kopieren"),
    ],
)
def test_who_receives_the_result_says_nothing_about_the_work(classifier: Classifier, plain: str, more: str) -> None:
    one, other = classifier.score(plain), classifier.score(more)
    assert abs(one.specialization - other.specialization) <= 0.25
    assert abs(one.focus - other.focus) <= 0.25


def test_where_something_is_put_is_no_object(classifier: Classifier) -> None:
    result = classifier.classify("Copy the readings into the valuation model")
    assert result.label == "BPO"
    assert not [item for item in result.evidence if "model" in item.text and item.contribution > 0]


@pytest.mark.parametrize(
    ("text", "quote", "mark"),
    [
        ("Occasionally forecast the demand", "forecast", "occasional"),
        ("Gelegentlich die Nachfrage prognostizieren", "prognostizieren", "occasional"),
        ("Provide basic analysis", "analysis", "basic"),
    ],
)
def test_a_qualifier_halves_what_it_qualifies(classifier: Classifier, text: str, quote: str, mark: str) -> None:
    found = [item for item in classifier.classify(text).evidence if item.text == quote and item.contribution]
    assert found
    for item in found:
        assert mark in item.modifiers
        assert abs(item.contribution) <= abs(item.weight) / 2 + 1e-9


def test_a_qualifier_keeps_the_sign(classifier: Classifier) -> None:
    strong, weak = classifier.score("Provide analysis"), classifier.score("Provide basic analysis")
    assert strong.activities >= weak.activities > 0


@pytest.mark.parametrize("text", ["Type letters. Type letters.", "Briefe abtippen. Briefe abtippen."])
def test_the_second_of_two_equal_cues_is_marked_repeated(classifier: Classifier, text: str) -> None:
    result = classifier.classify(text)
    half = len(text) // 2
    later = [item for item in result.evidence if item.start >= half]
    assert later
    assert all(item.contribution == 0 for item in later)
    assert {item.modifiers[-1] for item in later} <= {"repeated", "same_role"}


def test_the_evidence_table_of_a_batch_equals_the_evidence_of_its_rows(classifier: Classifier) -> None:
    results = classifier.classify_many(TASKS)
    table = results.evidence
    rows = [
        {name: table[name][place] for name in ("dimension", "start", "end", "text", "cue", "role", "weight", "modifiers", "contribution")}
        | {"row": table["row"][place]}
        for place in range(len(table["row"]))
    ]
    expected = [
        {name: getattr(item, name) for name in ("dimension", "start", "end", "text", "cue", "role", "weight", "modifiers", "contribution")}
        | {"row": row}
        for row, result in enumerate(results) for item in result.evidence
    ]
    key = lambda entry: (entry["row"], entry["dimension"], entry["start"], entry["cue"], entry["role"], entry["weight"])  # noqa: E731
    assert sorted(rows, key=key) == sorted(expected, key=key)


def test_a_narrowed_row_without_weight_keeps_the_general_one_out(tmp_path: Path) -> None:
    table = tmp_path / "own.tsv"
    rows = [("en", "glorp", "action", "create", "", ""), ("en", "glorp", "action", "neutral", "", "object=record")]
    lines = ["\t".join((*row[:4], *[""] * 6, *row[5:], "")) for row in rows]
    table.write_text("\n".join(("\t".join(USER_COLUMNS), *lines, "")), "utf-8")
    classifier = Classifier(lexicon=table)
    assert "glorp" in {item.cue for item in classifier.classify("Glorp strategies").evidence}
    assert "glorp" not in {item.cue for item in classifier.classify("Glorp invoices").evidence}
