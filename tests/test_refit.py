"""`lexicon refit` says what is wrong with its files; the fit itself needs texts that are not part of this project."""

from pathlib import Path

import pytest

from outsourcing_classifier.errors import TrainingDataError
from outsourcing_classifier.refit import read_inventories, read_scored

HEADER = "key,language,status,label,focus,process,specialization,driver,activities,customer_contact,annotator\n"


@pytest.fixture
def scored(tmp_path: Path) -> Path:
    (tmp_path / "tasks_en.csv").write_text("key,text,code\na1,Enter orders,11-1\n", "utf-8")
    return tmp_path / "scored.csv"


def test_scores_are_joined_with_their_texts(scored: Path) -> None:
    scored.write_text(HEADER + "a1,en,ok,BPO,-1,-0.5,-0.5,0,-1,0,somebody\n", "utf-8")
    [task] = read_scored(scored, scored.parent)
    assert (task.text, task.group, task.scores) == ("Enter orders", "11-1", (-1, -0.5, -0.5, 0, -1, 0))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "no such file"), ("key,language\na1,en\n", "no column status, focus"),
        (HEADER + "a1,en,ok,BPO,x,-0.5,-0.5,0,-1,0,somebody\n", "row 2: six scores"),
        (HEADER + "a1,en,ok,BPO\n", "row 2: six scores"),
        (HEADER + "b2,en,ok,BPO,-1,-0.5,-0.5,0,-1,0,somebody\n", "row 2: no text for key b2"),
    ],
)
def test_a_wrong_file_is_named_with_its_row(scored: Path, content: str | None, said: str) -> None:
    if content is not None:
        scored.write_text(content, "utf-8")
    with pytest.raises(TrainingDataError, match=said):
        read_scored(scored, scored.parent)


def test_a_task_of_which_only_the_status_was_read_has_no_scores(scored: Path) -> None:
    scored.write_text(HEADER + "a1,en,ok,,,,,,,,somebody\n", "utf-8")
    [task] = read_scored(scored, scored.parent)
    assert (task.status, task.scores) == ("ok", ())


def test_rows_of_inventories_are_read_but_those_for_measuring_are_not(tmp_path: Path) -> None:
    for name in ("names_en", "names_test_en", "test_en", "work_en"):
        (tmp_path / f"{name}.csv").write_text(f"id,text,language,status,label\n1,{name},en,ok,BPO\n", "utf-8")
    assert [task.text for task in read_inventories(tmp_path)] == ["names_en", "work_en"]
