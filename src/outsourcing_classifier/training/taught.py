"""What people decided, read for training: ledgers, review workbooks, scored files with decisions, labelled files."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ..decisions import decision_kind, id_text, key
from ..dimensions import LANGUAGES
from ..errors import TaskFileError, TrainingDataError
from ..evaluation import find_label_column, score_columns, score_values
from ..files.any_file import read_table
from ..files.numbers import decimal_mark, number
from ..files.table import RESULT_COLUMNS, Table, find_columns, header_key, task_texts

_DECISION_HEADERS: Final = ("decision", "entscheidung")
_OTHERS: Final = {  # columns that may help, by their folded headers
    "group": ("group", "gruppe"), "language": ("language", "sprache"), "source": ("source", "quelle"),
    "weight": ("weight", "gewicht"), "label": ("oc label",),
}
_LANGUAGES: Final = {"english": "en", "englisch": "en", "german": "de", "deutsch": "de"}
_LISTED: Final = 20  # rows that a message names
_LABELS: Final = ("BPO", "KPO")


@dataclass(frozen=True, slots=True, order=True)
class Lesson:
    """One decided text. ``scores`` are six or none; ``group`` names what is held out together, or is empty."""

    text: str
    label: str
    group: str
    scores: tuple[float, ...]
    weight: float
    language: str
    source: str
    confirms: bool
    where: str = field(compare=False, default="")


@dataclass(frozen=True, slots=True)
class Taught:
    """The decided rows of all files, in canonical order, and how many rows were left out and why.

    ``undecided`` rows have no decision; ``others`` are decided as split, out of scope or unclear, which says nothing
    of BPO or KPO.
    """

    lessons: tuple[Lesson, ...]
    undecided: int
    others: int

    @property
    def confirmations(self) -> int:
        """Decisions that are the machine's own label."""
        return sum(lesson.confirms for lesson in self.lessons)


def read_taught(
    paths: Iterable[Path], *, text_column: str | None = None, label_column: str | None = None
) -> Taught:
    """The decided rows of a user's files (CSV or XLSX). Raises `TrainingDataError` with file, rows and remedy."""
    lessons: list[Lesson] = []
    undecided = others = 0
    for path in paths:
        try:
            found, without, other = _read(path, text_column, label_column)
        except TaskFileError as error:
            raise TrainingDataError(str(error)) from error
        lessons += found
        undecided, others = undecided + without, others + other
    return Taught(tuple(sorted(lessons)), undecided, others)


def _read(path: Path, text_column: str | None, label_column: str | None) -> tuple[list[Lesson], int, int]:
    table = read_table(path)
    if table.broken:
        raise TrainingDataError(
            f"{path.name}, row {min(table.broken) + table.first_row}: the line cannot be read "
            "(a quote that is not closed, or more fields than the header); correct it"
        )
    place = _decision_place(table, label_column, path.name)
    cells = table.column(place)
    kinds = [decision_kind(cell) for cell in cells]
    _refuse_unknown(table, place, kinds, path.name)
    scores = score_columns(table)
    taken = {place, *scores.values()}
    header = ["" if number in taken else cell for number, cell in enumerate(table.header)]
    texts = task_texts(table.rows, find_columns(header, {"task": text_column}, path.name))
    values = score_values(table, scores)
    columns = {name: _column(table, headers) for name, headers in _OTHERS.items()}
    weights = _weights(table, columns["weight"], path.name)
    lessons, undecided, others = [], 0, 0
    for row, (text, kind) in enumerate(zip(texts, kinds, strict=True)):
        if not kind or not text.strip():
            undecided += 1
        elif kind not in _LABELS:
            others += 1
        else:
            own = () if values is None or any(map(math.isnan, values[row])) else tuple(values[row].tolist())
            language = key(columns["language"][row])
            lessons.append(Lesson(
                text, kind, columns["group"][row], own, weights[row],
                language if language in LANGUAGES else _LANGUAGES.get(language, ""), columns["source"][row],
                decision_kind(columns["label"][row]) == kind, f"{path.name}, row {table.first_row + row}",
            ))
    return lessons, undecided, others


def _decision_place(table: Table, chosen: str | None, name: str) -> int:
    """The column that teaches. Only decisions of people do: never what the machine said of a row."""
    keys = [header_key(cell) for cell in table.header]
    scored = "oc_label" in table.header
    if chosen is not None:
        place = find_label_column(table, chosen, name)
        if table.header[place] in RESULT_COLUMNS:
            raise TrainingDataError(f"{name}, column '{table.header[place]}': {_ONLY_DECISIONS}")
        return place
    decided = next((place for place, cell in enumerate(keys) if cell in _DECISION_HEADERS), None)
    if decided is not None and any(key(cell) for cell in table.column(decided)):
        return decided
    if scored or (decided is not None and "decision_by" in table.header):
        raise TrainingDataError(f"{name}: {_ONLY_DECISIONS}")
    return find_label_column(table, None, name)


_ONLY_DECISIONS: Final = (
    "no row has a decision, and only rows with a decision teach; what the machine said of a row is no training data. "
    "Write BPO or KPO into the column 'decision' (a decision equal to the machine's label counts as well), or name a "
    "column of your own with --label-column"
)


def _refuse_unknown(table: Table, place: int, kinds: Sequence[str | None], name: str) -> None:
    wrong = [
        f"row {table.first_row + row} {str(cell)!r}"
        for row, (cell, kind) in enumerate(zip(table.column(place), kinds, strict=True)) if kind is None
    ]
    if wrong:
        listed = ", ".join(wrong[:_LISTED]) + (f" and {len(wrong) - _LISTED} more" if len(wrong) > _LISTED else "")
        raise TrainingDataError(
            f"{name}, column '{table.header[place]}': {len(wrong)} "
            f"{'cell states' if len(wrong) == 1 else 'cells state'} no label: {listed}; write BPO, KPO (or transaction "
            "work, knowledge work, Transaktionsarbeit, Wissensarbeit), split, out of scope or unclear, or nothing"
        )


def _column(table: Table, headers: Sequence[str]) -> list[str]:
    """The cells of the first column with one of these headers, as text; empty without one."""
    place = next((place for place, cell in enumerate(table.header) if header_key(cell) in headers), None)
    return [""] * len(table.rows) if place is None else [id_text(cell) for cell in table.column(place)]


def _weights(table: Table, cells: Sequence[Any], name: str) -> list[float]:
    """What each row counts, 1 where nothing is said."""
    mark = decimal_mark(cells)
    weights = [number(cell, mark) if cell else 1.0 for cell in cells]
    for row, (weight, cell) in enumerate(zip(weights, cells, strict=True), table.first_row):
        if weight is None or not 0 < weight < math.inf:
            raise TrainingDataError(f"{name}, row {row}, column 'weight': must be a number above 0, got {cell!r}")
    return [weight or 1.0 for weight in weights]


def contradictions(lessons: Iterable[Lesson]) -> Iterator[str]:
    """Texts with decisions of both kinds, each with the rows that say so."""
    by_text: dict[str, list[Lesson]] = defaultdict(list)
    for lesson in lessons:
        by_text[key(lesson.text)].append(lesson)
    for _, same in sorted(by_text.items()):
        if len({lesson.label for lesson in same}) > 1:
            said = "; ".join(sorted(f"{lesson.where}: {lesson.label}" for lesson in same)[:_LISTED])
            yield f"“{same[0].text[:60]}” – {said}"


def refuse(taught: Taught, fewest: int) -> None:
    """Refuse what cannot teach. Raises `TrainingDataError` with the reason and what is missing."""
    against = list(contradictions(taught.lessons))
    if against:
        listed = "\n".join(f"  {line}" for line in against[:_LISTED])
        more = f"\n  and {len(against) - _LISTED} more" if len(against) > _LISTED else ""
        raise TrainingDataError(
            f"{len(against)} {'text has' if len(against) == 1 else 'texts have'} decisions that contradict each other; "
            f"decide which one holds, and correct or empty the others:\n{listed}{more}"
        )
    texts = {key(lesson.text): lesson.label for lesson in taught.lessons}
    if not texts:
        raise TrainingDataError("no row is decided as BPO or KPO; write BPO or KPO into the column 'decision'")
    counts = {label: sum(given == label for given in texts.values()) for label in _LABELS}
    missing = [label for label in _LABELS if not counts[label]]
    if missing:
        raise TrainingDataError(
            f"all {len(texts)} decided tasks are {'KPO' if missing[0] == 'BPO' else 'BPO'}; the decision is learned "
            f"from both labels: decide at least {fewest} tasks that are {missing[0]} as well"
        )
    few = [f"{fewest - count} more that are {label}" for label, count in counts.items() if count < fewest]
    if few:
        raise TrainingDataError(
            f"too few decisions: {counts['BPO']} tasks are BPO, {counts['KPO']} are KPO (equal texts count once), and "
            f"at least {fewest} of each are needed; decide {' and '.join(few)}"
        )
