"""What review workbooks and the command say, in both languages (texts.toml)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ..decisions import KINDS as DECISIONS
from ..wordings import sentence_table
from .families import Family

_QUOTED: Final = 60


def texts(language: str) -> Mapping[str, Any]:
    """The table of texts of one language."""
    table: Mapping[str, Any] = sentence_table("review/texts.toml")[language]
    return table


def headings(name: str) -> frozenset[str]:
    """The heading of a column in all languages."""
    return frozenset(table["column"][name] for table in sentence_table("review/texts.toml").values())


def figure(value: float, language: str, decimals: int = 1) -> str:
    """A number as people of the language write it."""
    words = texts(language)
    marks = str.maketrans(",.", words["thousands"] + words["decimal"])
    return f"{value:,.{decimals}f}".translate(marks)


def percent(share: float) -> int:
    """A share as a whole number; 100 only where it is all."""
    return min(round(share * 100), 99) if share < 1 else 100


def decision_word(kind: str, language: str, wording: str) -> str:
    """The word in the drop-down for a kind of decision, "" for none."""
    return dict(zip(DECISIONS, texts(language)["choices"][wording], strict=True)).get(kind, "")


def work(family: Family, wordings: Sequence[str], language: str) -> str:
    """What the rows of a family share, in words."""
    words = texts(language)
    if not family.shared.cues:
        return str(words["work"]["same_words"].format(text=shortened(wordings[family.rows[0]])))
    cues = words["and"].join(
        words["work"]["cue"].format(cue=cue, role=words["role"].get(role, role)) for cue, role in family.shared.cues
    )
    kind = words["kind"].get(family.shared.kind)
    return str(words["work"]["kind"].format(cues=cues, kind=kind)) if kind else cues


def shortened(text: str) -> str:
    """The beginning of a text, on one line."""
    plain = " ".join(text.split())
    return plain if len(plain) <= _QUOTED else plain[: _QUOTED - 2].rstrip() + " …"


def listed(items: Sequence[str], language: str, most: int = 8) -> str:
    """The first items, and how many there are besides."""
    words = texts(language)
    more = words["draw"]["more"].format(count=len(items) - most) if len(items) > most else ""
    return words["listed"].join(items[:most]) + more
