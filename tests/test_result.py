"""Results: columns and rows, equality, JSON and back, pickle."""

import json
import pickle
from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from outsourcing_classifier import DIMENSIONS, Classification, Classifications, Classifier, Scores

TASKS = [
    "Type addresses into the register", "Develop an export strategy", "Adressen abtippen und eine Preisstrategie entwickeln",
    "Support", "", "Fenster putzen", "Das Team gibt Bestellungen ein.", "Bookkeeping", "Analyse complaints by checklist",
    "Unterlagen prüfen; erfordert ein Jurastudium",
]
KEYS = [
    "text", "language", "status", "status_evidence", "label", "probability", "band", "needs_review", "decided_by", "machine",
    "rule", "scores", "stated", "evidence", "turn", "parts", "flags", "explanation", "reason", "versions", "schema",
]


@pytest.fixture(scope="module")
def results(classifier: Classifier) -> Classifications:
    return classifier.classify_many(TASKS, ids=range(10, 20))


@pytest.mark.parametrize("place", range(len(TASKS)), ids=TASKS)
def test_a_result_comes_back_from_its_dict_and_from_json(results: Classifications, place: int) -> None:
    result = results[place]
    data = result.to_dict()
    assert Classification.from_dict(data) == result
    text = json.dumps(data, allow_nan=False)
    again = Classification.from_dict(json.loads(text))
    assert again == result
    assert again.to_dict() == data


@pytest.mark.parametrize("place", range(len(TASKS)), ids=TASKS)
def test_a_result_has_the_keys_of_the_contract(results: Classifications, place: int) -> None:
    data = results[place].to_dict()
    assert set(KEYS) <= set(data)
    assert list(data["scores"]) == list(DIMENSIONS)
    assert "counterfactual" not in data
    if data["status"] != "ok":
        assert data["label"] is data["probability"] is data["band"] is data["decided_by"] is data["rule"] is data["turn"] is None
    else:
        assert data["label"] in ("BPO", "KPO")
        assert data["rule"]["by"] in ("sum", "ladder", "veto")


@pytest.mark.parametrize("place", range(len(TASKS)), ids=TASKS)
def test_a_result_survives_pickling_and_is_small(results: Classifications, place: int) -> None:
    data = pickle.dumps(results[place])
    assert pickle.loads(data) == results[place]
    assert len(data) < 60_000


def test_results_are_equal_by_content(results: Classifications, classifier: Classifier) -> None:
    assert results[0] == results[0]
    assert results[0] is not results[0]
    assert results[0] == classifier.classify(TASKS[0])
    assert results[0] != results[1]


def test_a_result_cannot_be_changed(results: Classifications) -> None:
    with pytest.raises(FrozenInstanceError):
        results[0].label = "KPO"  # type: ignore[misc]


@pytest.mark.parametrize("name", ["text", "language", "status", "label", "band", "needs_review", "decided_by", "reason", "explanation"])
def test_columns_equal_rows(results: Classifications, name: str) -> None:
    assert list(getattr(results, name)) == [getattr(item, name) for item in results]


def test_numeric_columns_equal_rows(results: Classifications) -> None:
    assert results.scores.shape == (len(TASKS), 6)
    assert results.stated.shape == (len(TASKS), 6)
    for place, item in enumerate(results):
        assert results.scores[place].tolist() == list(item.scores)
        assert [n for n, yes in zip(DIMENSIONS, results.stated[place], strict=True) if yes] == list(item.stated)
        p = results.probability[place]
        assert np.isnan(p) if item.probability is None else p == item.probability


def test_results_are_a_sequence(results: Classifications) -> None:
    assert len(results) == len(TASKS)
    assert results[-1] == results[len(TASKS) - 1]
    assert results[2:4] == [results[2], results[3]]
    assert list(results) == [results[i] for i in range(len(results))]
    assert results.ids == tuple(range(10, 20))
    with pytest.raises(IndexError, match="row 10 of 10"):
        results[10]
    with pytest.raises(IndexError):
        results[-11]


def test_to_dicts_is_the_dict_of_every_row(results: Classifications) -> None:
    assert results.to_dicts() == [item.to_dict() for item in results]


def test_no_tasks_give_empty_columns(classifier: Classifier) -> None:
    empty = classifier.classify_many([])
    assert len(empty) == 0
    assert empty.label == []
    assert empty.scores.shape == (0, 6)
    assert empty.probability.shape == (0,)
    assert empty.evidence == {}
    assert list(empty) == []
    assert "0 tasks" in repr(empty)


def test_a_frame_has_a_row_for_each_task(results: Classifications) -> None:
    pd = pytest.importorskip("pandas")
    frame = results.to_frame()
    assert len(frame) == len(TASKS)
    assert frame["id"].tolist() == list(range(10, 20))
    assert [None if pd.isna(label) else label for label in frame["label"]] == results.label
    assert set(DIMENSIONS) <= set(frame.columns)


def test_all_results_pickle_together(results: Classifications) -> None:
    again = pickle.loads(pickle.dumps(results))
    assert list(again) == list(results)


def test_scores_are_read_by_name_and_in_order() -> None:
    scores = Scores(focus=0.5, customer_contact=-1)
    assert list(scores) == [0.5, 0, 0, 0, 0, -1]
    assert scores.to_dict()["customer_contact"] == -1


def test_a_stated_zero_is_told_from_silence(classifier: Classifier) -> None:
    for item in classifier.classify("Type addresses into the register").evidence:
        assert item.weight
    result = classifier.classify("Type addresses into the register")
    assert "driver" not in result.stated
    assert result.scores.driver == 0


def test_repr_counts_the_labels(results: Classifications) -> None:
    assert f"{len(TASKS)} tasks" in repr(results)
