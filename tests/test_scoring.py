"""The score formula of design 3, as properties of any evidence and of any text."""

from dataclasses import dataclass
from itertools import permutations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from outsourcing_classifier import Classifier
from outsourcing_classifier.evidence import IN_FORCE, NO_WEIGHT, OUTRANKED, REPEATED, SAME_ROLE, WeighedCues, settle
from outsourcing_classifier.reading.hits import Hits
from outsourcing_classifier.scoring import contributions, scores


@dataclass(frozen=True)
class Cue:
    """A cue found: which, where, how it counts."""

    number: int
    weights: tuple[int, ...]
    role: int = 0
    clause: int = 0
    rank: int = 5


def evidence_of(*groups: list[Cue]) -> WeighedCues:
    """Unsettled evidence of several texts, in reading order."""
    cues = [(group, cue) for group, found in enumerate(groups) for cue in found]
    count = len(cues)
    place = np.arange(count, dtype=np.int32)
    text = np.array([group for group, _ in cues], np.int32)
    none, no = np.full(count, -1, np.int32), np.zeros(count, np.bool_)
    # Clauses are numbered through all texts.
    clause = np.array([group * 10 + cue.clause for group, cue in cues], np.int32)
    columns = dict.fromkeys(Hits.__dataclass_fields__, no)
    columns |= {
        "cue": np.array([cue.number for _, cue in cues], np.int32), "first": place, "last": place, "anchor": place,
        "partner": none, "text": text, "clause": clause, "part": clause, "context": np.zeros(count, np.int8),
        "role": np.array([cue.role for _, cue in cues], np.int8),
    }
    hits = Hits(**columns)
    weights = np.array([cue.weights for _, cue in cues], np.int32).reshape(-1, 6)
    state = np.where(weights == 0, NO_WEIGHT, IN_FORCE).astype(np.int8)
    return WeighedCues(
        hits, weights.copy(), weights, state, np.full(count, 1000, np.int32),
        np.array([cue.rank for _, cue in cues], np.int8), text,
    )


def settled(*groups: list[Cue]) -> WeighedCues:
    found = evidence_of(*groups)
    return settle(found, found.hits.text)


def scores_of(cues: list[Cue]) -> list[float]:
    return scores(settled(cues), 1)[0][0].tolist()  # type: ignore[no-any-return]


def one(value: int, dimension: int = 0, **place: int) -> Cue:
    """A cue that speaks for one dimension."""
    weights = tuple(value if place == dimension else 0 for place in range(6))
    return Cue(place.pop("number", 900), weights, **place)


@st.composite
def cues(draw: st.DrawFn, *, limit: int = 6) -> list[Cue]:
    """Cues whose number fixes weights; the rank follows from the role."""
    found = []
    vocabulary = {n: tuple(draw(st.lists(st.integers(-4, 4).map(lambda v: v * 250), min_size=6, max_size=6))) for n in range(5)}
    for _ in range(draw(st.integers(0, limit))):
        number = draw(st.integers(0, 4))
        role = number % 3
        found.append(Cue(number, vocabulary[number], role, draw(st.integers(0, 2)), rank=(4, 5, 6)[role]))
    return found


@given(st.lists(cues(), min_size=1, max_size=3))
def test_contributions_add_up_to_the_score(groups: list[list[Cue]]) -> None:
    found = settled(*groups)
    values, stated = scores(found, len(groups))
    parts = contributions(found, len(groups))
    for group in range(len(groups)):
        mine = parts[found.group == group]
        assert np.allclose(mine.sum(axis=0), values[group], atol=1e-9)
        assert (stated[group] == (mine != 0).any(axis=0)).all()


@given(cues())
def test_a_score_stays_between_the_poles(found: list[Cue]) -> None:
    assert all(-1 <= value <= 1 for value in scores_of(found))


@pytest.mark.parametrize("dimension", range(6))
@pytest.mark.parametrize("pole", [-1, 1])
def test_both_ends_are_reachable(dimension: int, pole: int) -> None:
    assert scores_of([one(pole * 1000, dimension)])[dimension] == pole


@given(st.integers(-1000, 1000))
def test_a_lone_cue_scores_its_own_weight(weight: int) -> None:
    assert scores_of([one(weight)])[0] == pytest.approx(weight / 1000, abs=1e-12)


def test_agreement_saturates_and_conflict_balances() -> None:
    agree = [one(750, number=1, role=0), one(750, number=2, role=1)]
    assert scores_of(agree)[0] == 1.0
    conflict = [one(750, number=1, role=0), one(-750, number=2, role=1)]
    assert scores_of(conflict)[0] == 0.0


@settings(max_examples=40)
@given(cues(limit=4), st.integers(1, 4), st.integers(0, 5), st.integers(0, 3), st.integers(0, 2), st.integers(0, 5), st.sampled_from([-1, 1]))
def test_a_cue_of_one_pole_never_moves_the_score_away_from_its_pole(
    found: list[Cue], size: int, dimension: int, role: int, clause: int, place: int, pole: int
) -> None:
    before = scores_of(found)[dimension]
    added = one(pole * size * 250, dimension, number=77, role=role, clause=clause, rank=(4, 5, 6, 6)[role])
    after = scores_of([*found[:place], added, *found[place:]])[dimension]
    assert (after - before) * pole >= -1e-9


def test_a_stronger_word_of_lower_rank_does_not_take_the_rank_of_a_weaker_one() -> None:
    """Two actions in one clause, the weaker the main verb: the object must stay outranked."""
    verb, opposite = one(500, number=1, role=0, rank=5), one(-750, number=2, role=1, rank=4)
    passing = one(750, number=3, role=0, rank=3)
    assert scores_of([verb, opposite])[0] > 0
    assert scores_of([verb, opposite, passing])[0] >= scores_of([verb, opposite])[0]


@given(cues(), st.data())
def test_the_same_cue_twice_counts_once(found: list[Cue], data: st.DataObject) -> None:
    assume(found)
    again = data.draw(st.sampled_from(found))
    assert scores_of([*found, again]) == pytest.approx(scores_of(found), abs=1e-12)


def test_in_one_role_and_clause_only_the_strongest_counts() -> None:
    weak, strong = one(250, number=1), one(750, number=2)
    found = settled([weak, strong])
    assert found.state[:, 0].tolist() == [SAME_ROLE, IN_FORCE]
    assert scores(found, 1)[0][0, 0] == 0.75


def test_of_equals_in_one_role_and_clause_the_first_counts() -> None:
    found = settled([one(500, number=1), one(500, number=2)])
    assert found.state[:, 0].tolist() == [IN_FORCE, SAME_ROLE]


def test_strength_is_compared_dimension_by_dimension() -> None:
    found = settled([Cue(1, (750, 250, 0, 0, 0, 0)), Cue(2, (250, 750, 0, 0, 0, 0))])
    assert scores(found, 1)[0][0, :2].tolist() == [0.75, 0.75]


def test_other_roles_and_other_clauses_add() -> None:
    assert scores_of([one(250, number=1), one(250, number=2, role=1)])[0] == 0.5
    assert scores_of([one(250, number=1), one(250, number=2, clause=1)])[0] == 0.5


def test_where_poles_collide_the_lower_rank_is_switched_off() -> None:
    found = settled([one(1000, number=1, role=0, rank=4), one(-250, number=2, role=1, rank=6)])
    assert found.state[:, 0].tolist() == [OUTRANKED, IN_FORCE]
    assert scores(found, 1)[0][0, 0] == -0.25


def test_where_poles_agree_nothing_is_switched_off() -> None:
    assert scores_of([one(250, number=1, role=0, rank=4), one(250, number=2, role=1, rank=6)])[0] == 0.5


def test_a_repeated_cue_in_another_clause_is_marked() -> None:
    found = settled([one(250, number=1), one(250, number=1, clause=1)])
    assert found.state[:, 0].tolist() == [IN_FORCE, REPEATED]


@given(st.lists(cues(limit=4), min_size=2, max_size=4))
def test_a_text_scores_the_same_in_any_company(groups: list[list[Cue]]) -> None:
    together, _ = scores(settled(*groups), len(groups))
    for row, group in enumerate(groups):
        assert together[row].tolist() == scores_of(group)


TASKS = [
    "Copy delivery notes into the register", "Draft a concept for a new tariff", "Check readings against the limits",
    "Lieferscheine abtippen", "Ein Tarifkonzept entwerfen", "Messwerte gegen Grenzwerte prüfen",
]


@pytest.mark.parametrize("text", TASKS)
def test_saying_a_task_twice_changes_nothing(classifier: Classifier, text: str) -> None:
    assert list(classifier.score(f"{text}. {text}.")) == pytest.approx(list(classifier.score(text)), abs=0.1)


@pytest.mark.parametrize("parts", [("copy receipts", "file letters", "scan orders"), ("Belege kopieren", "Briefe ablegen", "Aufträge scannen")])
def test_the_order_of_an_enumeration_does_not_matter(classifier: Classifier, parts: tuple[str, ...]) -> None:
    link = " and " if parts[0].islower() else " und "
    found = [classifier.score(f"{a}, {b}{link}{c}") for a, b, c in permutations(parts)]
    for score in found[1:]:
        assert list(score) == pytest.approx(list(found[0]), abs=0.1)


@pytest.mark.parametrize("text", TASKS)
@pytest.mark.parametrize("template", ["{}.", "  {}  ", "• {}", "- {}", "3.2 {}", "1) {}", "{}\n", "a) {}"])
def test_layout_does_not_change_scores(classifier: Classifier, text: str, template: str) -> None:
    assert list(classifier.score(template.format(text))) == pytest.approx(list(classifier.score(text)), abs=0.1)


@pytest.mark.parametrize("text", ["Wir liefern BPO, KPO und Outsourcing", "BPO KPO LPO outsourcing", "SAP Excel Python Salesforce CAD"])
def test_market_labels_and_tools_are_silent(classifier: Classifier, text: str) -> None:
    assert list(classifier.score(text)) == [0] * 6
