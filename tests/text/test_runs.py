"""Runs in flat columns."""

import numpy as np

from outsourcing_classifier.text.runs import expanded, group_starts


def test_a_run_begins_wherever_the_neighbour_differs() -> None:
    assert group_starts(np.array([7, 7, 3, 7])).tolist() == [0, 2, 3]


def test_nothing_has_no_runs() -> None:
    assert group_starts(np.zeros(0, np.int32)).tolist() == []


def test_a_row_comes_as_often_as_it_counts() -> None:
    rows, places = expanded(np.array([2, 0, 3], np.int32))
    assert rows.tolist() == [0, 0, 2, 2, 2]
    assert places.tolist() == [0, 1, 0, 1, 2]
    assert rows.dtype == places.dtype == np.int32
