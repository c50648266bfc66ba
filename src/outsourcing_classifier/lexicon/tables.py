"""Reading and checking the tables; every error names file, row and column."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ..dimensions import DIMENSIONS, LANGUAGES
from ..errors import LexiconError, OutsourcingClassifierError
from .codes import FOLDER, LEVEL, ROLES

CUE_COLUMNS: Final = ("cue", "role", "strength", *DIMENSIONS, "needs", "note")
USER_COLUMNS: Final = ("language", *CUE_COLUMNS)
NEEDS: Final = ("object", "doer", "counterpart", "form", "clause")
FORMS: Final = {"noun": 1, "verb": 2}
CLAUSES: Final = {"main": 1, "subordinate": 2}
OTHER_TABLES: Final = {
    "verbs": ("verb", "particle", "forms", "nouns", "agents"),
    "frames": ("words", "function", "note"),
    "classes": ("class", "word", "note"),
    "abbreviations": ("abbreviation", "expansion", "needs", "note"),
    "forms": ("form", "lemma", "note"),
    "neutral": ("word", "group", "note"),
    "scope": ("word", "place", "hands", "presence", "note"),
    "refit": ("cue", "role", "needs", *DIMENSIONS, "note"),
    "words": ("word", *DIMENSIONS, "note"),
}
USER_ABBREVIATIONS: Final = ("language", *OTHER_TABLES["abbreviations"])
LEARNED: Final = "learned"  # strength of the words that `lexicon refit` has weighed
ANYWHERE: Final = "any"  # place of a row of a scope table: wherever the word stands
TEXT: Final = "@text"  # row of a scope table: what a text says before its words
MAX_PHRASE: Final = 8


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table and where it stands."""

    file: str
    number: int
    values: dict[str, str]

    def error(self, column: str, problem: str) -> OutsourcingClassifierError:
        """An error that names file, row and column."""
        return LexiconError(f"{self.file}, row {self.number}, column '{column}': {problem}")


@dataclass(frozen=True, slots=True)
class Cue:
    """One checked row of a cue table; weights in thousandths."""

    language: str
    cue: str
    role: str
    strength: str
    weights: tuple[int, ...]
    gates: tuple[int, int]
    needs: tuple[tuple[str, str], ...]
    note: str
    row: Row = field(compare=False)

    @property
    def source(self) -> str:
        """Where it stands."""
        return f"{self.row.file}:{self.row.number}"

    @property
    def identity(self) -> tuple[str, str, str, tuple[tuple[str, str], ...]]:
        """What a row must share with another to be the same cue: language, cue, role, needs."""
        return (self.language, self.cue.casefold(), self.role, self.needs)


@dataclass(frozen=True, slots=True)
class Strength:
    """Default weights of a kind of cue, in thousandths."""

    weights: tuple[int, ...]
    gates: tuple[int, int]


LexiconSource = str | os.PathLike[str] | Sequence[Row]  # a user's table: its file, or its rows


def read_overlay(source: LexiconSource) -> tuple[Row, ...]:
    """The rows of a user's table: of cues, or of abbreviations; its header says which."""
    if isinstance(source, (str, os.PathLike)):
        return tuple(read_rows(Path(source), USER_COLUMNS, USER_ABBREVIATIONS))
    return tuple(source)


def is_abbreviation(row: Row) -> bool:
    """Whether a row of a user's table is an abbreviation. Raises `LexiconError` where it is one that cannot be used."""
    values = row.values
    if "abbreviation" not in values:
        return False
    if values["language"] not in LANGUAGES:
        raise row.error("language", f"'{values['language']}' is not one of {', '.join(LANGUAGES)}")
    for column in ("abbreviation", "expansion"):
        if not values[column].strip():
            raise row.error(column, "is empty")
    if len(values["abbreviation"].split()) > 1:
        raise row.error("abbreviation", "more than one word; write a phrase as a cue")
    if values["abbreviation"].endswith(".") and len(values["expansion"].split()) > 1:
        raise row.error("expansion", "more than one word; a word cut off with a dot stands for one")
    return True


def read_rows(path: Path, *offered: tuple[str, ...]) -> Iterator[Row]:
    """Rows of a TSV table with exactly these columns (or exactly those of another kind of table on offer)."""
    try:
        lines = path.read_text("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise LexiconError(f"{path.name}: not UTF-8 (byte {error.start}); save it as UTF-8") from error
    except OSError as error:
        raise LexiconError(f"{path}: cannot be read ({error.strerror})") from error
    header = tuple(lines[0].rstrip("\r").split("\t"))
    if header not in offered:
        expected = " or ".join(", ".join(columns) for columns in offered)
        raise LexiconError(f"{path.name}, row 1: columns are {', '.join(header)}; expected {expected}")
    columns, name = header, f"{path.parent.name}/{path.name}"
    width = len(columns)
    for number, line in enumerate(lines[1:], 2):
        values = line.rstrip("\r").split("\t")
        if len(values) < 2 and not values[0]:
            continue
        if len(values) > width:
            raise LexiconError(f"{name}, row {number}: {len(values)} columns, expected {width}")
        values += [""] * (width - len(values))
        yield Row(name, number, dict(zip(columns, values, strict=True)))


def read_strengths(*, refit: bool = True) -> dict[str, Strength]:
    """The strength classes: name to default weights; as curated, or with what `lexicon refit` has learned."""
    columns = ("strength", *DIMENSIONS, "hands", "presence", "note")
    found: dict[str, Strength] = {}
    for row in read_rows(FOLDER / "shared" / "strengths.tsv", columns):
        weights = tuple(level(row, name, row.values[name]) for name in DIMENSIONS)
        gates = (level(row, "hands", row.values["hands"]), level(row, "presence", row.values["presence"]))
        found[row.values["strength"]] = Strength(weights, gates)
    if refit:
        for row in read_rows(FOLDER / "shared" / "refit.tsv", ("strength", *DIMENSIONS, "note")):
            known = found.get(row.values["strength"])
            if known is None:
                raise row.error("strength", f"'{row.values['strength']}' is not in strengths.tsv")
            found[row.values["strength"]] = Strength(refitted(row, known.weights), known.gates)
    return found


def refitted(row: Row, weights: tuple[int, ...]) -> tuple[int, ...]:
    """Weights with those that a row of a refit table has learned."""
    return tuple(
        level(row, name, row.values[name]) if row.values[name] else weight
        for name, weight in zip(DIMENSIONS, weights, strict=True)
    )


def read_neutral_groups() -> dict[str, str]:
    """Groups of words that say nothing, with the reason."""
    rows = read_rows(FOLDER / "shared" / "neutral.tsv", ("group", "reason"))
    return {row.values["group"]: row.values["reason"] for row in rows}


def read_cues(path: Path, language: str | None, strengths: dict[str, Strength]) -> Iterator[Cue]:
    """Checked cues of one table; a user's table (language None) has the column `language`."""
    for row in read_rows(path, CUE_COLUMNS) if language else read_overlay(path):
        if not language and is_abbreviation(row):
            continue
        yield cue_of(row, language or row.values["language"], strengths)


def cue_of(row: Row, language: str, strengths: dict[str, Strength]) -> Cue:
    """The cue of a row, checked. Raises `LexiconError`."""
    values = row.values
    if language not in LANGUAGES:
        raise row.error("language", f"'{language}' is not one of {', '.join(LANGUAGES)}")
    cue = values["cue"].strip()
    if not cue:
        raise row.error("cue", "is empty")
    if len(cue.split()) > MAX_PHRASE:
        raise row.error("cue", f"more than {MAX_PHRASE} words")
    if values["role"] not in ROLES:
        raise row.error("role", f"'{values['role']}' is not one of {', '.join(ROLES)}")
    name = values["strength"]
    if name == "off":
        strength = Strength((0,) * len(DIMENSIONS), (0, 0))
    elif name in strengths:
        strength = strengths[name]
    else:
        raise row.error("strength", f"'{name}' is not in strengths.tsv")
    weights = tuple(
        level(row, dimension, values[dimension]) if values[dimension] else default
        for dimension, default in zip(DIMENSIONS, strength.weights, strict=True)
    )
    return Cue(
        language=language,
        cue=cue,
        role=values["role"],
        strength=name,
        weights=weights,
        gates=strength.gates,
        needs=needs_of(row, values["needs"]),
        note=values["note"],
        row=row,
    )


def read_words(rows: Iterable[Row], language: str) -> Iterator[Cue]:
    """Cues of a table of learned words: what a word says wherever it stands, beside the cues proper."""
    for row in rows:
        yield Cue(
            language=language, cue=row.values["word"], role="word", strength=LEARNED,
            weights=tuple(level(row, name, row.values[name]) for name in DIMENSIONS), gates=(0, 0), needs=(),
            note=row.values["note"], row=row,
        )


def level(row: Row, column: str, text: str) -> int:
    """A weight from -1 to 1 in thousandths; blank is 0. Raises `LexiconError`."""
    if not text:
        return 0
    try:
        value = float(text)
    except ValueError:
        raise row.error(column, f"'{text}' is not a number") from None
    if not -1 <= value <= 1:
        raise row.error(column, f"{text} is outside -1 to 1")
    return round(value * LEVEL)


def needs_of(row: Row, text: str) -> tuple[tuple[str, str], ...]:
    """The conditions of a cue. Raises `LexiconError`."""
    found: list[tuple[str, str]] = []
    for item in text.split():
        key, equals, value = item.partition("=")
        if not equals or key not in NEEDS or not value:
            raise row.error("needs", f"'{item}' is not KEY=VALUE with KEY one of {', '.join(NEEDS)}")
        allowed = FORMS if key == "form" else CLAUSES if key == "clause" else None
        if allowed is not None and value not in allowed:
            raise row.error("needs", f"'{value}' is not one of {', '.join(allowed)}")
        found.append((key, "|".join(sorted(value.split("|")))))
    return tuple(sorted(found))


def base_tables(language: str) -> Iterator[tuple[str, Path]]:
    """Kind and path of each table of a language, in the order of their names."""
    for path in sorted((FOLDER / language).glob("*.tsv")):
        kind = path.stem.rpartition("_")[2] if path.stem.rpartition("_")[2] in OTHER_TABLES else path.stem
        yield (kind if kind in OTHER_TABLES else "cues"), path
