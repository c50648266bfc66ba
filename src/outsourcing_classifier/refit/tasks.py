"""Scored tasks with their texts and their translations, and rows of inventories."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..dimensions import DIMENSIONS, LANGUAGES
from ..errors import TrainingDataError

SCORED_COLUMNS: Final = ("key", "language", "status", *DIMENSIONS)
_INVENTORIES: Final = ("work_*.csv", "names_[a-z][a-z].csv")  # the others are for measuring
_TRANSLATED: Final = "onet_task_deepl"  # tasks translated by a machine
_BOTH: Final = "both"  # language of a row that was read in both languages; its key is source:code
_DESCRIPTIONS: Final = "esco_occupation_description"  # read sentence by sentence; keys end in :1, :2, …
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+(?=[A-ZÄÖÜ])")


@dataclass(frozen=True, slots=True)
class ScoredTask:
    """A task with its status and, where that is ok, six scores, or none where only the status was read.

    `group` keeps tasks of one occupation together; both languages' wordings of one task have the same `key`.
    """

    key: str
    text: str
    language: str
    group: str
    status: str
    scores: tuple[float, ...]


def read_scored(scored: Path, folder: Path) -> list[ScoredTask]:
    """Scored tasks with their texts, and their translations where there are any, so that both languages learn alike.

    Raises `TrainingDataError` where the file, a column or a score is missing, or a key has no text.
    """
    pairs = _pairs(folder / "parallel_en_de.csv")
    twins = {row["en"]: row["de"] for row in pairs if row["source"] == _TRANSLATED}
    both = {key: pair for row in pairs for key, pair in _keyed(row)}
    texts: dict[str, tuple[str, str]] = {}
    for path in sorted(folder.glob("tasks_*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                texts[row["key"]] = (row["text"], row["code"] or row["key"])
    if not scored.is_file():
        raise TrainingDataError(f"{scored}: no such file; run this in a checkout or name the file with --scored")
    tasks = []
    with scored.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if missing := [name for name in SCORED_COLUMNS if name not in (reader.fieldnames or ())]:
            raise TrainingDataError(f"{scored.name}: no column {', '.join(missing)}")
        for number, row in enumerate(reader, 2):
            known = both if row["language"] == _BOTH else texts
            if row["key"] not in known:
                raise TrainingDataError(f"{scored.name}, row {number}: no text for key {row['key']} in {folder}")
            scores = _scores(row, scored, number)
            if row["language"] == _BOTH:
                pair = both[row["key"]]
                tasks += [
                    ScoredTask(row["key"], pair[language], language, pair["code"], row["status"], scores)
                    for language in LANGUAGES
                ]
                continue
            text, group = texts[row["key"]]
            tasks.append(ScoredTask(row["key"], text, row["language"], group, row["status"], scores))
            if row["language"] == "en" and text in twins:
                tasks.append(ScoredTask(row["key"], twins[text], "de", group, row["status"], scores))
    return tasks


def read_inventories(folder: Path) -> list[ScoredTask]:
    """Rows as inventories have them, of this project's own: with their statuses, and scores where they have any.

    Raises `TrainingDataError` where a score is missing.
    """
    tasks = []
    for path in sorted(path for name in _INVENTORIES for path in folder.glob(name)):
        with path.open(encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), 2):
                scores = _scores(row, path, number)
                tasks.append(ScoredTask(row["id"], row["text"], row["language"], row["id"], row["status"], scores))
    return tasks


def _scores(row: dict[str, str], path: Path, number: int) -> tuple[float, ...]:
    """The six scores of a row; none where it is not ok, or only its status was read."""
    given = row["status"] == "ok" and any(row.get(name, "") != "" for name in DIMENSIONS)
    try:
        return tuple(float(row[name]) for name in DIMENSIONS) if given else ()
    except (TypeError, ValueError) as error:
        raise TrainingDataError(f"{path.name}, row {number}: six scores from -1 to 1 are needed") from error


def _pairs(path: Path) -> list[dict[str, str]]:
    """Tasks in both languages, where the file is there."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _keyed(pair: dict[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """A pair under its key; descriptions of occupations sentence by sentence, where both languages have as many."""
    key = f"{pair['source']}:{pair['code']}"
    if pair["source"] != _DESCRIPTIONS:
        yield key, pair
        return
    sentences = [_SENTENCE_END.split(pair[language].strip()) for language in LANGUAGES]
    if len(sentences[0]) == len(sentences[1]):
        for number, texts in enumerate(zip(*sentences, strict=True), 1):
            yield f"{key}:{number}", pair | dict(zip(LANGUAGES, texts, strict=True))
