"""Real tasks keep their label when something is added that says nothing, and with one typing error."""

import csv
import random
from pathlib import Path

import pytest

from outsourcing_classifier import Classifier
from outsourcing_classifier.dimensions import LANGUAGES

GOLD = Path(__file__).parents[3] / "shared" / "data" / "gold_dev.csv"
pytestmark = pytest.mark.skipif(not GOLD.is_file(), reason="needs the tasks in ../shared")

PRAISE = {
    "en": (", always on time", ", reliably and to a high standard", ", world-class"),
    "de": (", stets pünktlich", ", zuverlässig und auf hohem Niveau", ", erstklassig"),
}
TOOLS = {
    "en": (" using SAP", " with Excel", " in ServiceNow", " in Salesforce"),
    "de": (" mit SAP", " mit Excel", " in ServiceNow", " in Salesforce"),
}
INDUSTRIES = {
    "en": (" for an insurer", " for a car maker", " at a hospital", " for a bank"),
    "de": (" für eine Versicherung", " für einen Autohersteller", " für ein Krankenhaus", " für eine Bank"),
}

CONTAINERS = {  # codebook 1.1: what the object lies in says nothing of the work
    "en": (" in the strategy folder", " from the study file", " in the valuation model", " in the concept database"),
    "de": (" in der Strategiemappe", " aus dem Studienordner", " im Bewertungsmodell", " in der Konzeptdatenbank"),
}
TYPING_SEEDS = range(8)


def tasks(language: str) -> list[str]:
    with GOLD.open(encoding="utf-8", newline="") as file:
        return [row["text"] for row in csv.DictReader(file) if row["language"] == language]


def extended(text: str, addition: str) -> str:
    """The addition before the final stop."""
    return text.rstrip(". ") + addition + ("." if text.rstrip().endswith(".") else "")


def misspelt(text: str, chance: random.Random) -> str:
    """Two inner letters of one word of seven letters or more swapped; the text itself where it has none."""
    words = text.split(" ")
    long = [place for place, word in enumerate(words) if len(word.strip(".,;:()")) >= 7 and word.isalpha()]
    if not long:
        return text
    place = chance.choice(long)
    word = words[place]
    at = chance.randrange(1, len(word) - 2)
    words[place] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return " ".join(words)


def changed(classifier: Classifier, language: str, before: list[str], after: list[str]) -> float:
    """Share of texts with a label that have another one, or none, afterwards."""
    old = classifier.classify_many(before, language=language).label
    new = classifier.classify_many(after, language=language).label
    pairs = [(a, b) for a, b in zip(old, new, strict=True) if a]
    return sum(a != b for a, b in pairs) / len(pairs)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("additions", [PRAISE, TOOLS, INDUSTRIES, CONTAINERS], ids=["praise", "tool", "industry", "container"])
def test_what_says_nothing_changes_no_label(
    classifier: Classifier, language: str, additions: dict[str, tuple[str, ...]]
) -> None:
    texts = tasks(language)
    chance = random.Random(7)
    after = [extended(text, chance.choice(additions[language])) for text in texts]
    assert changed(classifier, language, texts, after) <= 0.02


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_typing_error_hardly_ever_changes_the_label(classifier: Classifier, language: str) -> None:
    texts = tasks(language)
    shares = []
    for seed in TYPING_SEEDS:
        chance = random.Random(seed)
        shares.append(changed(classifier, language, texts, [misspelt(text, chance) for text in texts]))
    assert sum(shares) / len(shares) <= 0.03, shares
