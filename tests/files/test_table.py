"""Finding the columns that matter."""

import pytest

from outsourcing_classifier import TaskFileError
from outsourcing_classifier.files.table import Table, find_columns, header_key, looks_like_header


@pytest.mark.parametrize(
    ("header", "places"),
    [
        (["Nr.", "Abteilung", "Tätigkeit", "VZÄ", "Kosten"], {"id": 0, "department": 1, "task": 2, "fte": 3, "cost": 4}),
        (["ID", "Department", "Task", "FTE", "Cost"], {"id": 0, "department": 1, "task": 2, "fte": 3, "cost": 4}),
        (["lfd. Nr.", "Kostenstelle", "Aufgabe", "VZÄ (2024)", "Kosten p.a. [€]"], {"id": 0, "department": 1, "task": 2, "fte": 3, "cost": 4}),
        (["TAETIGKEIT", "MAK"], {"task": 0, "fte": 1}),
        (["  activity description ", "Headcount"], {"task": 0, "fte": 1}),
        (["Process", "Task"], {"task": 1}),
    ],
)
def test_columns_are_found_by_their_headers(header: list[str], places: dict[str, int]) -> None:
    assert find_columns(header, {}, "in.csv") == places


def test_a_chosen_column_wins_over_a_found_one() -> None:
    assert find_columns(["Task", "What"], {"task": "What"}, "in.csv") == {"task": 1}
    assert find_columns(["Task", "WHAT (new)"], {"task": "what"}, "in.csv") == {"task": 1}


def test_a_wrong_column_name_lists_the_columns_and_the_option() -> None:
    with pytest.raises(TaskFileError) as caught:
        find_columns(["Task", "Menge"], {"fte": "Stellen"}, "in.csv")
    for word in ("in.csv", "'Stellen'", "'Task'", "'Menge'", "--fte-column"):
        assert word in str(caught.value)


def test_a_file_without_task_column_lists_what_there_is() -> None:
    with pytest.raises(TaskFileError) as caught:
        find_columns(["Farbe", "Menge"], {}, "in.csv")
    for word in ("'Farbe'", "'Menge'", "--text-column"):
        assert word in str(caught.value)


def test_our_own_columns_are_never_taken_for_the_owners() -> None:
    assert find_columns(["task", "oc_process", "decision"], {}, "in.csv") == {"task": 0}


@pytest.mark.parametrize(("one", "other"), [("VZÄ", "vzae"), ("Lfd. Nr.", "lfd nr"), ("Kosten (EUR)", "kosten"), ("TASK  name", "task name")])
def test_headers_are_compared_without_case_marks_and_units(one: str, other: str) -> None:
    assert header_key(one) == header_key(other)


def test_a_task_is_not_taken_for_a_header() -> None:
    assert looks_like_header(["Tätigkeit"])
    assert looks_like_header(["Nr", "Aufgabe"])
    assert not looks_like_header(["Belege prüfen und ablegen"])
    assert not looks_like_header([])


def test_a_short_row_gives_none() -> None:
    assert Table(["a", "b"], [["1"], ["1", "2"]]).column(1) == [None, "2"]
