"""Negation, its look-alikes and its reach (codebook 1.9)."""

import pytest

from outsourcing_classifier import Classification, Classifier


def modifiers(result: Classification, text: str) -> set[str]:
    """All modifiers of the evidence that quotes this text."""
    return {name for item in result.evidence if item.text.casefold() == text.casefold() for name in item.modifiers}


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Capture readings without any interpretation", "interpretation"),
        ("Messwerte erfassen ohne jede Interpretation", "Interpretation"),
        ("Capture readings, no interpretation", "interpretation"),
        ("Messwerte erfassen, keine Interpretation", "Interpretation"),
        ("Do not forecast demand", "forecast"),
    ],
)
def test_denied_evidence_is_shown_with_contribution_zero(classifier: Classifier, text: str, quote: str) -> None:
    result = classifier.classify(text)
    found = [item for item in result.evidence if item.text == quote]
    assert found
    for item in found:
        assert item.contribution == 0
        assert item.modifiers[-1] == "negated"


@pytest.mark.parametrize(
    ("text", "dimension", "expected"),
    [
        ("Handle claims without discretion", "process", -1.0),
        ("Schäden ohne Ermessensspielraum bearbeiten", "process", -1.0),
        ("Handle claims without a script", "process", 0.5),
        ("Schäden ohne Skript bearbeiten", "process", 0.5),
    ],
)
def test_a_denied_statement_about_rules_turns_round(
    classifier: Classifier, text: str, dimension: str, expected: float
) -> None:
    """Codebook 1.9: "no script" is +½, "no discretion" is -1; what else is said may be weaker."""
    value = getattr(classifier.score(text), dimension)
    assert value <= -0.9 if expected < 0 else value > 0


@pytest.mark.parametrize(
    "text",
    [
        "Not only record readings but interpret them",
        "Messwerte nicht nur erfassen, sondern auch interpretieren",
        "Messwerte ohne Weiteres interpretieren",
        "Nicht unerhebliche Risiken prognostizieren",
    ],
)
def test_a_look_alike_denies_nothing(classifier: Classifier, text: str) -> None:
    result = classifier.classify(text)
    assert not [item for item in result.evidence if "negated" in item.modifiers]
    assert result.scores.activities > 0


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("No travel. Develop a price strategy.", "strategy"),
        ("Keine Reisen. Eine Preisstrategie entwickeln.", "Preisstrategie"),
        ("There is no script, but forecast the demand", "forecast"),
        ("Develop a price strategy; no night shifts", "strategy"),
        ("Develop a price strategy without customer contact", "strategy"),
        ("Eine Preisstrategie entwickeln, ohne Kundenkontakt", "Preisstrategie"),
    ],
)
def test_negation_ends_with_its_clause(classifier: Classifier, text: str, quote: str) -> None:
    assert "negated" not in modifiers(classifier.classify(text), quote)


def test_only_the_repeated_word_that_is_denied_is_denied(classifier: Classifier) -> None:
    result = classifier.classify("No forecast of prices; forecast the demand")
    first, second = (
        {item.modifiers[-1:] for item in result.evidence if item.start == start} for start in (3, 23)
    )
    assert first == {("negated",)}
    assert ("negated",) not in second


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Enter readings rather than interpret them", "interpret"),
        ("Enter readings instead of interpreting them", "interpreting"),
        ("Messwerte eingeben statt interpretieren", "interpretieren"),
        ("Messwerte eingeben anstelle von Interpretation", "Interpretation"),
    ],
)
def test_a_contrast_removes_its_denied_half(classifier: Classifier, text: str, quote: str) -> None:
    result = classifier.classify(text)
    assert {"contrasted"} & modifiers(result, quote) or {"negated"} & modifiers(result, quote)
    assert result.scores.activities < 0


@pytest.mark.parametrize("text", ["Develop a price strategy; no customer contact", "Preisstrategie entwickeln, kein Kundenkontakt"])
def test_denied_contact_is_neutral(classifier: Classifier, text: str) -> None:
    assert classifier.score(text).customer_contact == 0
