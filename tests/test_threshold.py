"""The review threshold keeps its promise: errors among unreviewed rows, at the stated confidence."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outsourcing_classifier import Classifier, Model
from outsourcing_classifier.threshold import AUDIT, review_threshold, threshold_of, with_threshold


def texts(chance: np.random.Generator, count: int, sharpness: float) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """P(KPO) of invented rows, and whether the answer is right: the surer, the righter."""
    probability = chance.beta(0.5, 0.5, count)
    distance = np.abs(2 * probability - 1)
    return probability, chance.random(count) < 1 - 0.4 * (1 - distance) ** sharpness


@pytest.mark.parametrize("sharpness", [0.5, 1.0, 3.0])
def test_more_errors_than_wanted_come_through_in_at_most_one_in_ten_draws(sharpness: float) -> None:
    chance = np.random.default_rng(1)
    broken = 0
    for _ in range(150):
        found = review_threshold(*texts(chance, 150, sharpness))
        if found.value is not None:
            probability, right = texts(chance, 20_000, sharpness)
            unreviewed = np.abs(2 * probability - 1) >= found.value
            broken += float(np.mean(~right[unreviewed])) > 0.05
    assert broken <= 0.1 * 150 + 2 * np.sqrt(150 * 0.09)


def test_rows_that_are_all_right_need_no_review() -> None:
    found = review_threshold(np.linspace(0, 1, 100), np.ones(100, np.bool_))
    assert (found.value, found.unreviewed, found.wrong) == (0.0, 100, 0)


def test_too_few_rows_allow_no_threshold_and_say_how_many_it_takes() -> None:
    found = review_threshold(np.full(20, 0.99), np.ones(20, np.bool_))
    assert found.value is None
    assert found.needed == 45


def test_an_answer_no_better_than_chance_allows_none() -> None:
    chance = np.random.default_rng(2)
    assert review_threshold(chance.random(500), chance.random(500) < 0.5).value is None


@given(st.integers(0, 10_000), st.floats(0.02, 0.2), st.floats(0.02, 0.2))
def test_who_accepts_more_errors_reviews_no_more_rows(seed: int, one: float, other: float) -> None:
    low, high = sorted((one, other))
    data = texts(np.random.default_rng(seed), 200, 2.0)
    strict, loose = (review_threshold(*data, wanted=wanted).value for wanted in (low, high))
    # Both sequences start elsewhere (fewer rows are needed for more errors), so only the promise is compared.
    if strict is not None and loose is not None:
        probability, right = data
        wrong = np.mean(~right[np.abs(2 * probability - 1) >= loose])
        assert wrong <= high


def test_weights_make_it_no_bolder() -> None:
    chance = np.random.default_rng(5)
    probability, right = texts(chance, 200, 3.0)
    even = review_threshold(probability, right, np.full(200, 7.0))
    assert even == review_threshold(probability, right)
    uneven = review_threshold(probability, right, np.where(np.arange(200) < 20, 50.0, 1.0))
    assert uneven.value is None or uneven.value >= 0


def test_the_model_says_what_its_threshold_was_set_on(classifier: Classifier) -> None:
    assert threshold_of(classifier.model) is None
    chance = np.random.default_rng(1)
    found = review_threshold(*texts(chance, 400, 3.0))
    model = with_threshold(classifier.model, found, AUDIT, "inventory.csv")
    assert isinstance(model, Model)
    known = threshold_of(model)
    assert known is not None
    assert (known["set_on"], known["source"], known["rows"]) == ("audit", "inventory.csv", 400)
    assert model.decision.review_below == found.value
    assert model.version != classifier.model.version
    sure = "Enter supplier invoices into the ledger"
    for value, review in ((0.0, False), (0.9999, True)):
        made = with_threshold(classifier.model, replace(found, value=value), AUDIT, "inventory.csv")
        assert Classifier(model=made).classify(sure).needs_review == review
