"""Flags on invented sentences, read by a program: each flag shown where it is true, and not where words look alike."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from outsourcing_classifier import Classifier

CASES = Path(__file__).with_name("flags.csv")
LEAST = 10  # of twelve sentences on each side


def cases() -> dict[tuple[str, str, str], list[str]]:
    found: dict[tuple[str, str, str], list[str]] = {}
    with CASES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault((row["flag"], row["language"], row["expected"]), []).append(row["text"])
    return found


def sides() -> Iterator[object]:
    for (flag, language, expected), texts in cases().items():
        yield pytest.param(flag, expected, texts, id=f"{flag}-{language}-{expected}")


def flags_of(classifier: Classifier, text: str) -> set[str]:
    return {str(flag["flag"]) for flag in classifier.classify(text).flags}


@pytest.mark.parametrize(("flag", "expected", "texts"), list(sides()))
def test_a_flag_is_shown_where_it_is_true_and_nowhere_else(
    classifier: Classifier, flag: str, expected: str, texts: list[str]
) -> None:
    wrong = [text for text in texts if (flag in flags_of(classifier, text)) != (expected == "yes")]
    assert len(texts) == 12
    assert len(texts) - len(wrong) >= LEAST, "\n".join(wrong)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Set the risk tolerance of the fund", True), ("Set the table for the fund's risk tolerance workshop", False),
        ("Die Dividende beschließen", True), ("Die Dividende verbuchen", False),
        ("Board decision on the new site", True), ("Filing of board decisions", False),
        ("As board member decide on the new site", True), ("Do not decide as board member", False),
    ],
)
def test_a_matter_of_leadership_counts_with_a_decision(classifier: Classifier, text: str, *, shown: bool) -> None:
    assert ("retain" in flags_of(classifier, text)) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Patch the firewalls", True), ("Bill the firewalls", False), ("Firewalls patchen", True), ("Firewalls berechnen", False),
        ("Administer the databases", True), ("Enter names into the databases", False), ("Server migration project costs", False),
    ],
)
def test_a_thing_of_it_counts_with_an_act_of_it(classifier: Classifier, text: str, *, shown: bool) -> None:
    assert ("ito" in flags_of(classifier, text)) == shown


@pytest.mark.parametrize(
    ("share", "shown"), [(69, False), (70, True), (85, True)],
)
@pytest.mark.parametrize(
    "pattern",
    [
        "Type addresses ({} %) and develop a pricing strategy", "Type addresses {} %, develop a pricing strategy {rest} %",
        "{} per cent of the work is typing addresses, the rest is developing a pricing strategy",
        "Zu {} % Adressen abtippen, sonst eine Preisstrategie entwickeln", "Adressen abtippen (ca. {} %), eine Preisstrategie entwickeln",
        "Zu {} Prozent Adressen abtippen und eine Preisstrategie entwickeln",
    ],
)
def test_a_share_rules_from_seventy_per_cent(classifier: Classifier, pattern: str, share: int, *, shown: bool) -> None:
    text = pattern.format(share, rest=100 - share)
    assert ("dominant_part" in flags_of(classifier, text)) == shown
    if shown:
        assert classifier.classify(text).label == "BPO"


@pytest.mark.parametrize(
    "text",
    [
        "Type addresses of 90 % of the members and develop a pricing strategy",
        "Type addresses that stem mainly from Spain and develop a pricing strategy",
        "Adressen von 90 % der Mitglieder abtippen und eine Preisstrategie entwickeln",
        "Adressen abtippen, die überwiegend aus Spanien stammen, und eine Preisstrategie entwickeln",
    ],
)
def test_what_is_said_of_things_is_no_share_of_the_work(classifier: Classifier, text: str) -> None:
    assert "dominant_part" not in flags_of(classifier, text)


def test_the_later_part_rules_where_the_text_says_so(classifier: Classifier) -> None:
    for text in ("Type addresses (20 %) and develop a pricing strategy (80 %)", "Adressen abtippen (20 %), eine Preisstrategie entwickeln (80 %)"):
        result = classifier.classify(text)
        assert result.label == "KPO"
        assert result.needs_review


def test_flags_do_not_depend_on_the_batch(classifier: Classifier) -> None:
    texts = [text for side in cases().values() for text in side]
    together = [row["flags"] for row in classifier.classify_many(texts).to_dicts()]
    assert together == [classifier.classify(text).to_dict()["flags"] for text in texts]
