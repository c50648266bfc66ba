"""Scores to a label: caps, probability, the codebook's rule, band, what would turn it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from outsourcing_classifier import Classifier, load_model
from outsourcing_classifier.decision import DecisionModel, Decisions, decide, rule, turning_points

LEVELS = st.integers(-20, 20).map(lambda v: v / 20)
ROWS = st.lists(LEVELS, min_size=6, max_size=6)
MODELS = st.builds(
    DecisionModel,
    intercept=st.floats(-1, 1), cap=st.floats(-1, -0.001), slope=st.floats(0.2, 4),
    coefficients=st.tuples(*[st.floats(0, 2)] * 6), medium_from=st.just(0.5), high_from=st.just(0.9),
)
PLAIN = DecisionModel()


def decided(row: list[float], model: DecisionModel = PLAIN, stated: int = 6) -> Decisions:
    return decide(np.array([row]), np.array([[place < stated for place in range(6)]]), model)


def ruled(*row: float) -> tuple[float, str, str]:
    total, kpo, by = rule(np.array([row]))
    return float(total[0]), "KPO" if kpo[0] else "BPO", ("", "sum", "ladder", "veto")[by[0]]


@given(ROWS, MODELS)
def test_the_label_is_kpo_exactly_where_p_is_at_least_one_half(row: list[float], model: DecisionModel) -> None:
    found = decided(row, model)
    assert bool(found.kpo[0]) == (float(found.probability[0]) >= 0.5)
    assert 0 <= float(found.probability[0]) <= 1
    assert float(found.probability[0]) == round(float(found.probability[0]), 6)


@given(ROWS, MODELS, st.integers(0, 5), st.integers(1, 10))
def test_more_of_any_score_never_makes_kpo_less_likely(row: list[float], model: DecisionModel, place: int, step: int) -> None:
    more = [*row]
    more[place] = min(1.0, row[place] + step / 10)
    assert decided(more, model).probability[0] >= decided(row, model).probability[0]


@given(ROWS, MODELS, st.floats(-1, -0.9))
def test_veto_1_work_prescribed_to_the_last_step_is_never_kpo(row: list[float], model: DecisionModel, process: float) -> None:
    row = [row[0], process, *row[2:]]
    assert not decided(row, model).kpo[0]
    assert ruled(*row)[1] == "BPO"


@given(ROWS, MODELS)
def test_veto_2_without_focus_specialization_or_activities_it_is_never_kpo(row: list[float], model: DecisionModel) -> None:
    row = [-abs(row[0]), row[1], -abs(row[2]), row[3], -abs(row[4]), row[5]]
    assert not decided(row, model).kpo[0]
    assert ruled(*row)[1] == "BPO"


def test_a_veto_is_named_where_it_decided() -> None:
    assert decided([1, -1, 1, 1, 1, 1]).by.tolist() == [2]
    assert decided([0, 1, 0, 1, 0, 1]).by.tolist() == [3]
    assert decided([1, 1, 1, 0, 1, 0]).by.tolist() == [1]


@pytest.mark.parametrize(
    ("row", "label", "by"),
    [
        ((0.5, 0.5, 0, 0, 0, 0), "KPO", "sum"),
        ((-0.5, -0.5, 0, 0, 0, 0), "BPO", "sum"),
        ((0.5, 0.5, 0, 0, 0, -1), "KPO", "ladder"),
        ((0.5, 0.25, 0, -0.5, 0, 0), "KPO", "ladder"),
        ((0.5, -0.25, 0, 0, 0, 0), "BPO", "ladder"),
        ((0, 0, -0.25, 0, 0.5, 0), "KPO", "ladder"),
        ((0, 0, 0.5, 0, -0.25, 0), "BPO", "ladder"),
        ((-0.25, 0, 0.5, 0, 0, 0), "KPO", "ladder"),
        ((0.5, 0, -0.25, 0, 0, 0), "BPO", "ladder"),
        ((0.5, 0, 0, 0, 0, 0), "KPO", "ladder"),
        ((0, 0, 0, 0.5, 0, 0), "BPO", "ladder"),
        ((0, 0, 0, 0, 0, 0), "BPO", "ladder"),
        ((0.5, 0.04, 0, 0, -0.25, 0), "BPO", "ladder"),
        ((1, -1, 1, 1, 1, 1), "BPO", "veto"),
        ((0, 1, 0, 1, 0, 1), "BPO", "veto"),
        ((0, 0.5, 0, 0, 0, 0), "BPO", "veto"),
    ],
)
def test_the_codebooks_rule_is_sum_then_ladder_then_veto(row: tuple[float, ...], label: str, by: str) -> None:
    assert ruled(*row)[1:] == (label, by)


def test_contact_counts_half_in_the_sum() -> None:
    assert ruled(1, 1, 1, 1, 1, 1)[0] == 5.5
    assert ruled(-1, -1, -1, -1, -1, -1)[0] == -5.5
    assert ruled(0, 0, 0, 0, 0, 1)[0] == 0.5


@given(st.lists(st.sampled_from([-1.0, -0.5, 0.0, 0.5, 1.0]), min_size=6, max_size=6))
def test_without_data_the_model_is_the_codebooks_rule_wherever_the_sum_is_clear(row: list[float]) -> None:
    total, label, _ = ruled(*row)
    if abs(total) >= 1:
        assert bool(decided(row).kpo[0]) == (label == "KPO")


@pytest.mark.parametrize(("stated", "expected"), [(0, 1), (1, 1), (2, 3)])
def test_fewer_than_two_stated_dimensions_are_always_low(stated: int, expected: int) -> None:
    assert decided([1, 1, 1, 1, 1, 1], stated=stated).band.tolist() == [expected]


@given(ROWS)
def test_the_band_is_low_wherever_rule_and_model_differ(row: list[float]) -> None:
    found = decided(row, replace(PLAIN, intercept=0.8))
    if found.kpo[0] != found.rule_kpo[0]:
        assert found.band.tolist() == [1]


@given(ROWS, MODELS)
@example([0.3, -0.1, -0.2, 0.0, 0.0, 0.0], PLAIN)
@example([0.0] * 6, PLAIN)
def test_the_turn_really_turns_the_label(row: list[float], model: DecisionModel) -> None:
    place, value = (column[0] for column in turning_points(np.array([row]), model))
    if place < 0:
        return
    changed = [*row]
    changed[place] = float(value)
    assert bool(decided(changed, model).kpo[0]) != bool(decided(row, model).kpo[0])


@given(ROWS, MODELS)
def test_no_smaller_half_step_of_another_dimension_would_turn_it(row: list[float], model: DecisionModel) -> None:
    place, to = (column[0] for column in turning_points(np.array([row]), model))
    now = bool(decided(row, model).kpo[0])
    sizes = [
        abs(value - row[d]) for d in range(6) for value in (-1.0, -0.5, 0.0, 0.5, 1.0)
        if bool(decided([*row[:d], value, *row[d + 1 :]], model).kpo[0]) != now
    ]
    if place < 0:
        assert not sizes
    else:
        assert abs(float(to) - row[place]) <= min(sizes) + 1e-9


@given(st.lists(ROWS, min_size=2, max_size=6), MODELS)
def test_a_row_is_decided_the_same_alone_and_in_a_batch(rows: list[list[float]], model: DecisionModel) -> None:
    together = decide(np.array(rows), np.ones((len(rows), 6), np.bool_), model)
    for place, row in enumerate(rows):
        alone = decided(row, model)
        assert together.margin[place] == alone.margin[0]
        assert together.probability[place] == alone.probability[0]


def test_the_default_model_keeps_the_promises_of_the_design() -> None:
    model = load_model().decision
    assert min(model.coefficients) >= 0
    assert model.cap < 0
    assert model.slope > 0
    assert 0 <= model.medium_from <= model.high_from <= 1


@pytest.mark.parametrize("text", [
    "Book travel expenses", "Design a bonus scheme", "Check forms for completeness", "Reisekosten buchen",
    "Ein Bonusmodell entwerfen", "Formulare auf Vollständigkeit prüfen",
])
def test_the_turn_of_a_classified_text_turns_it(classifier: Classifier, text: str) -> None:
    result = classifier.classify(text)
    assert result.status == "ok"
    if result.turn is None:
        return
    row = result.scores.to_dict()
    row[result.turn["dimension"]] = result.turn["to"]
    found = decide(np.array([list(row.values())]), np.ones((1, 6), np.bool_), classifier.model.decision)
    assert result.turn["label"] == ("KPO" if found.kpo[0] else "BPO") != result.label
