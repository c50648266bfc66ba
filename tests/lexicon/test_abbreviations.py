"""Abbreviations of the trade read as their expansion."""

import pytest

from outsourcing_classifier import Classifier


@pytest.mark.parametrize(("short", "long", "language"), [
    ("AP", "accounts payable", "en"), ("AR", "accounts receivable", "en"), ("AP", "Kreditorenbuchhaltung", "de"),
    ("FiBu", "Finanzbuchhaltung", "de"),
])
def test_an_abbreviation_scores_as_its_expansion(classifier: Classifier, short: str, long: str, language: str) -> None:
    assert classifier.score(short, language=language) == classifier.score(long, language=language)


def test_the_case_of_an_abbreviation_matters(classifier: Classifier) -> None:
    assert list(classifier.score("ap", language="en")) == [0.0] * 6
