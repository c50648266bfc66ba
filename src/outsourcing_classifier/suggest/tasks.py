"""Rows of a user's files: tasks with what labels and scores there are, and texts in both languages."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..decision import rule
from ..dimensions import DIMENSIONS, LANGUAGES
from ..errors import TaskFileError
from ..evaluation import find_label_column, read_labelled, score_columns, score_values
from ..files.any_file import read_table
from ..files.table import find_columns, header_key, task_texts

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Task:
    """One distinct row: ``label`` is BPO, KPO or empty, ``scores`` are empty or six (NaN where a cell is empty)."""

    text: str
    label: str
    scores: tuple[float, ...]
    row: str  # where it stands, as the note says it


def read_tasks(
    files: Sequence[Path], text_column: str | None = None, label_column: str | None = None
) -> tuple[list[Task], list[str]]:
    """Distinct tasks of all files, with labels and scores where a file has them, and a sentence on each file.

    Rows that are the same in text, label and scores count once. Raises `TaskFileError`.
    """
    found: dict[tuple[str, str, str], Task] = {}
    said = []
    for path in files:
        tasks, sentence = _tasks_of(path, text_column, label_column, several=len(files) > 1)
        for task in tasks:
            found.setdefault((task.text, task.label, repr(task.scores)), task)
        said.append(sentence)
    return list(found.values()), said


def read_pairs(path: Path) -> list[tuple[str, str]]:
    """Distinct pairs of texts from the columns `en` and `de`. Raises `TaskFileError`."""
    table = read_table(path)
    keys = [header_key(cell) for cell in table.header]
    if not set(LANGUAGES) <= set(keys):
        raise TaskFileError(
            f"{path.name}: columns are {', '.join(repr(cell) for cell in table.header)}; texts in both languages "
            "need the columns 'en' and 'de'"
        )
    english, german = (table.column(keys.index(language)) for language in LANGUAGES)
    pairs = [(str(en or ""), str(de or "")) for en, de in zip(english, german, strict=True)]
    return list(dict.fromkeys(pair for pair in pairs if all(text.strip() for text in pair)))


def labelled_scores(tasks: Sequence[Task]) -> Floats:
    """Scores that somebody gave, shape (tasks, 6), NaN where there is none."""
    return np.array([task.scores or (np.nan,) * len(DIMENSIONS) for task in tasks])


def kpo_labels(tasks: Sequence[Task]) -> tuple[Bools, Bools]:
    """Which tasks are KPO by their label, else by the codebook's rule on their scores; and which have either."""
    scores = labelled_scores(tasks)
    by_rule = rule(np.nan_to_num(scores))[1].tolist()
    kpo = [task.label == "KPO" if task.label else by_rule[row] for row, task in enumerate(tasks)]
    return np.array(kpo, np.bool_), np.array([bool(task.label) for task in tasks]) | ~np.isnan(scores).any(axis=1)


def _tasks_of(
    path: Path, text_column: str | None, label_column: str | None, *, several: bool
) -> tuple[list[Task], str]:
    table = read_table(path)
    try:
        find_label_column(table, label_column, path.name)
    except TaskFileError:
        if label_column is not None:
            raise
        places = score_columns(table)
        header = ["" if place in places.values() else cell for place, cell in enumerate(table.header)]
        found = find_columns(header, {"task": text_column}, path.name)
        texts = ["" if row in table.broken else text for row, text in enumerate(task_texts(table.rows, found))]
        labels, scores, column = [""] * len(texts), score_values(table, places), table.header[found["task"]]
        what = "no labels" if scores is None else "scores"
    else:
        data = read_labelled(path, text_column, label_column)
        texts, labels, scores, column = list(data.texts), list(data.labels), data.scores, data.text_column
        what = f"labels '{data.label_column}'" + ("" if scores is None else " and scores")
    given = [()] * len(texts) if scores is None else [tuple(row) for row in scores.tolist()]
    tasks = [
        Task(text, label, () if np.isnan(row).all() else row, f"{path.name} {number}" if several else str(number))
        for number, (text, label, row) in enumerate(zip(texts, labels, given, strict=True), table.first_row)
        if text.strip()
    ]
    return tasks, f"{path.name}: {len(tasks)} tasks in '{column}', {what}"
