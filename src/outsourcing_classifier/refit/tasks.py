"""Scored tasks with their texts, their translations, and pairs of translations that nobody has labelled."""

import csv
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..classifier import Classifier
from ..decision import GateModel
from ..dimensions import DIMENSIONS, LANGUAGES
from ..errors import TrainingDataError
from ..gates import margins
from ..lexicon.compile import compile_tables
from ..model import Model
from ..reading.columns import any_column

SCORED_COLUMNS: Final = ("key", "language", "status", *DIMENSIONS)
PAIR_WEIGHT: Final = 0.3  # of a task that nobody labelled
_UNLABELLED: Final = ("esco_skill_label", "cpv_services", "isco08_label")  # sources of pairs that nobody labelled
_TRANSLATED: Final = "onet_task_deepl"  # tasks translated by a machine
_BOTH: Final = "both"  # language of a row that was read in both languages; its key is source:code


@dataclass(frozen=True, slots=True)
class ScoredTask:
    """A task with its status and, where that is ok, six scores; `group` keeps tasks of one occupation together.

    ``read`` is whether somebody labelled it (or its translation); others are pairs on which both languages
    were brought to the same answer, and count less.
    """

    text: str
    language: str
    group: str
    status: str
    scores: tuple[float, ...]
    read: bool = True


def read_scored(scored: Path, folder: Path) -> list[ScoredTask]:
    """Scored tasks with their texts, and their translations where there are any, so that both languages learn alike.

    Raises `TrainingDataError` where the file, a column or a score is missing, or a key has no text.
    """
    pairs = _pairs(folder / "parallel_en_de.csv")
    twins = {row["en"]: row["de"] for row in pairs if row["source"] == _TRANSLATED}
    both = {_key(row): row for row in pairs}
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
            try:
                scores = tuple(float(row[name]) for name in DIMENSIONS) if row["status"] == "ok" else ()
            except (TypeError, ValueError) as error:
                raise TrainingDataError(f"{scored.name}, row {number}: six scores from -1 to 1 are needed") from error
            if row["language"] == _BOTH:
                pair = both[row["key"]]
                tasks += [
                    ScoredTask(pair[language], language, pair["code"], row["status"], scores) for language in LANGUAGES
                ]
                continue
            text, group = texts[row["key"]]
            tasks.append(ScoredTask(text, row["language"], group, row["status"], scores))
            if row["language"] == "en" and text in twins:
                tasks.append(ScoredTask(twins[text], "de", group, row["status"], scores))
    return tasks


def _pairs(path: Path) -> list[dict[str, str]]:
    """Tasks in both languages, where the file is there."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _key(pair: dict[str, str]) -> str:
    return f"{pair['source']}:{pair['code']}"


def paired_translations(path: Path, labelled: Collection[str]) -> list[ScoredTask]:
    """Translations with the mean of what both languages say of them now: margins of the gates, and scores.

    Those whose English text is in `labelled` are left out: somebody has said what they are.
    """
    pairs = [row for row in _pairs(path) if row["source"] in _UNLABELLED and row["en"] not in labelled]
    if not pairs:
        return []
    classifier = Classifier(model=Model(), lexicon=compile_tables())
    batches = [
        classifier.batch([row[language] for row in pairs], language, assume_task=False) for language in LANGUAGES
    ]
    first, second = batches
    gates = [batch.gates.features for batch in batches]
    if gates[0] is None or gates[1] is None:
        return []
    margin = margins(gates[0], GateModel()) + margins(gates[1], GateModel())
    scores = (first.scores + second.scores) / 2
    stated = any_column(first.stated) & any_column(second.stated)
    tasks = []
    for i, row in enumerate(pairs):
        hands, presence = margin[i]
        status = "ok" if max(hands, presence) <= 0 else "out_physical" if hands >= presence else "out_presence"
        if status == "ok" and not stated[i]:
            continue
        tasks += [
            ScoredTask(row[language], language, row["code"], status, tuple(scores[i]), read=False)
            for language in LANGUAGES
        ]
    return tasks
