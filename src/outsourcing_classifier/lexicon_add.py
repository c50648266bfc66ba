"""`lexicon add`: a word of the user's own, checked and shown in its effect before it is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from .classifier import Classifier
from .dimensions import DIMENSIONS, WORDING
from .errors import LexiconError
from .files.any_file import read_table
from .files.numbers import decimal_mark, number
from .files.output import complete_file
from .files.table import find_columns, task_texts
from .lexicon import Lexicon
from .lexicon.codes import LEVEL
from .lexicon.compile import compile_tables
from .lexicon.tables import USER_COLUMNS, Cue, Row, cue_of, read_overlay, read_strengths
from .review.texts import figure
from .wordings import sentence_table

SHOWN: Final = 10  # changed rows that are listed


def texts(language: str) -> dict[str, Any]:
    """Questions and sentences of one language."""
    table: dict[str, Any] = sentence_table("lexicon_add.toml")[language]
    return table


def offered(role: str) -> list[str]:
    """The strength classes that are offered for a role."""
    return list(sentence_table("lexicon_add.toml")["like"].get(role, ()))


@dataclass(frozen=True)
class Change:
    """A row of the user's file that gets another answer."""

    row: int
    text: str
    fte: float | None
    before: str
    after: str


@dataclass(frozen=True)
class Effect:
    """What a new row does: what it replaces, where it turns a sign, what becomes of the example and of a file."""

    known: tuple[int, ...] | None  # weights in thousandths of the row that it replaces
    turned: tuple[str, ...]  # dimensions in which its sign is the other one
    found: bool  # whether the example holds the cue
    before: str
    after: str
    changes: tuple[Change, ...] = ()
    rows: int = 0


def own_row(table: Path, values: Mapping[str, str]) -> Row:
    """The row as it will stand in the table, checked. Raises `LexiconError` that names the column."""
    rows = read_overlay(table) if table.exists() else ()
    row = Row(f"{table.parent.name}/{table.name}", len(rows) + 2, {name: values.get(name, "") for name in USER_COLUMNS})
    for column, cell in row.values.items():
        if any(letter in cell for letter in "\t\r\n"):
            raise row.error(column, "holds a tab or a line break")
    cue_of(row, row.values["language"], read_strengths())
    return row


def effect(table: Path, row: Row, example: str, file: Path | None = None, text_column: str | None = None) -> Effect:
    """What keeping the row would change."""
    present = read_overlay(table) if table.exists() else ()
    old = compile_tables(*([present] if present else []))
    new = compile_tables([*present, row])
    cue = cue_of(row, row.values["language"], read_strengths())
    known = _known(old, cue)
    turned = () if known is None else tuple(
        name for name, a, b in zip(DIMENSIONS, known, cue.weights, strict=True) if a * b < 0
    )
    before, after = Classifier(lexicon=old), Classifier(lexicon=new)
    answers = before.classify(example), after.classify(example)
    mine = {(item.cue.casefold(), item.role) for item in answers[1].evidence}
    found = (cue.cue.casefold(), cue.role) in mine or (cue.strength == "off" and known is not None)
    changes, rows = ((), 0) if file is None else _changes(before, after, file, text_column)
    return Effect(known, turned, found, _answer(answers[0]), _answer(answers[1]), tuple(changes), rows)


def _known(lexicon: Lexicon, cue: Cue) -> tuple[int, ...] | None:
    if cue.identity not in lexicon.identities:
        return None
    weights = lexicon.arrays.weights[list(lexicon.identities).index(cue.identity)]
    return tuple(weights.tolist())


def _answer(found: Any) -> str:
    return str(found.label or found.status)


def _changes(
    before: Classifier, after: Classifier, file: Path, text_column: str | None
) -> tuple[Sequence[Change], int]:
    """Rows of a file that get another label or status, most FTE first."""
    table = read_table(file)
    places = find_columns(table.header, {"task": text_column}, file.name)
    cells = task_texts(table.rows, places)
    fte: list[float | None] = [None] * len(cells)
    if "fte" in places:
        column = table.column(places["fte"])
        mark = decimal_mark(column)
        fte = [number(cell, mark) for cell in column]
    old, new = (classifier.classify_many(cells) for classifier in (before, after))
    answers = [
        [label or status for label, status in zip(found.label, found.status, strict=True)] for found in (old, new)
    ]
    changes = [
        Change(table.first_row + place, cells[place], fte[place], a, b)
        for place, (a, b) in enumerate(zip(*answers, strict=True)) if a != b
    ]
    return sorted(changes, key=lambda change: (-(change.fte or 0), change.row)), len(cells)


def effect_lines(found: Effect, row: Row, example: str, file: Path | None, language: str) -> list[str]:
    """What a person should know before the row is kept."""
    words = texts(language)["said"]
    names = {name: WORDING[language][place].name for place, name in enumerate(DIMENSIONS)}
    lines = []
    if found.known is not None:
        weights = ", ".join(
            f"{names[name]} {figure(value / LEVEL, language, 2)}"
            for name, value in zip(DIMENSIONS, found.known, strict=True) if value
        )
        lines.append(words["known"].format(cue=row.values["cue"], weights=weights or words["silent"]))
    if found.turned:
        lines.append(words["turned"].format(names=", ".join(names[name] for name in found.turned)))
    lines.append(words["found" if found.found else "not_found"].format(cue=row.values["cue"], example=example))
    lines.append(words["example"].format(example=example, before=found.before, after=found.after))
    if file is not None:
        total = sum(change.fte or 0 for change in found.changes)
        lines.append(words["file"].format(
            file=file.name, count=len(found.changes), rows=found.rows, fte=figure(total, language)
        ))
        lines += [
            words["change"].format(
                row=change.row, text=change.text[:60], before=change.before, after=change.after,
                fte="" if change.fte is None else words["fte"].format(fte=figure(change.fte, language)),
            )
            for change in found.changes[:SHOWN]
        ]
    return lines


def keep(table: Path, row: Row) -> None:
    """Add the row to the table, which is made where it is not there; its other rows keep every byte."""
    line = "\t".join(row.values[name] for name in USER_COLUMNS).rstrip("\t")
    old = table.read_bytes() if table.exists() else "\t".join(USER_COLUMNS).encode() + b"\n"
    end = b"\r\n" if b"\r\n" in old else b"\n"
    if not old.endswith(b"\n"):
        old += end
    with complete_file(table) as temporary:
        temporary.write_bytes(old + line.encode() + end)


def weights_of(answers: Mapping[str, str]) -> dict[str, str]:
    """Weights per dimension, as cells: "" where nothing is said. Raises `LexiconError` outside -1 to 1."""
    cells = {}
    for name, answer in answers.items():
        value = number(answer, "," if "," in answer else ".") if answer.strip() else None
        if answer.strip() and (value is None or not np.abs(value) <= 1):
            raise LexiconError(f"{name}: {answer!r} is no number from -1 to 1")
        cells[name] = "" if value is None else f"{value:g}"
    return cells
