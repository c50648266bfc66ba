"""Names and values of our columns in German, and back to the fixed ones, in which everything else works."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any


@lru_cache(maxsize=1)
def _german() -> dict[tuple[str, str], str]:
    """Column and code ("" for the name of the column) to the German word."""
    lines = (Path(__file__).parent / "headings.tsv").read_text("utf-8").splitlines()[1:]
    return {(column, code): word for column, code, word in (line.split("\t") for line in lines)}


@lru_cache(maxsize=1)
def _codes() -> dict[tuple[str, str], str]:
    """Column ("" for names of columns) and German word back to the code."""
    return {
        (column if code else "", word.casefold()): code or column for (column, code), word in _german().items()
    }


def title(column: str, language: str | None) -> str:
    """The name of one of our columns as a file shows it; any other name stays."""
    return _german().get((column, ""), column) if language == "de" else column


def column_of(heading: str) -> str:
    """The fixed name of one of our columns, by its name in either language; any other heading stays."""
    return _codes().get(("", heading.casefold()), heading)


def fixed_names(header: Iterable[str]) -> list[str]:
    """A header with our columns under their fixed names, each once: a second one is the owner's.

    In a file without results of ours "Entscheidung" is a column of its owner.
    """
    header, names = list(header), list[str]()
    if not any(column_of(heading).startswith("oc_") for heading in header):
        return header
    for heading in header:
        name = column_of(heading)
        names.append(heading if name in names else name)
    return names


def language_of(header: Iterable[str]) -> str | None:
    """`de` where a file has the German names of our columns, else None."""
    return "de" if any(column_of(heading).startswith("oc_") and heading != column_of(heading) for heading in header) \
        else None


def shown(column: str, values: Sequence[Any], language: str | None) -> Sequence[Any]:
    """Values of one of our columns as a file shows them."""
    if language != "de":
        return values
    words = _german()
    known = {value: words.get((column, value), value) for value in set(values) if value and isinstance(value, str)}
    return [known.get(value, value) for value in values]


def code(column: str, cell: str) -> str:
    """The code of a value of one of our columns, written in either language."""
    return _codes().get((column, cell.strip().casefold()), cell.strip())


def choices(language: str | None, kinds: Sequence[str]) -> tuple[str, ...]:
    """What people may choose as a decision."""
    return tuple(shown("decision", kinds, language))
