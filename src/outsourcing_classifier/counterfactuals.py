"""Counterfactuals: which change of the facts would give a task the other label (codebook 5.3, 5).

A change is worded as something to check with the process owner, never as advice on phrasing. It is
found as a real text: the changes of the language's table (`explanation/counterfactual_*.toml`) are
made alone, in pairs and in threes, all texts are classified in one batch, and the first that gets
the other label is taken.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from .explanation import sentences
from .result import Classification, Evidence
from .wordings import sentence_table

if TYPE_CHECKING:
    from .classifier import Classifier

MOST_CHANGES: Final = 3
_WORDS_BEFORE: Final = 4  # "by the client's own written" rule book
_EXTRA_WORDS: Final = 3  # "a completed … is required" around a qualification
_MARK: Final = re.compile(r"[,;:.](?=\s|$)|\n")
_BREAK: Final = re.compile(r"[;.](?=\s)|\n")
_WHAT_IS_DONE: Final = ("action", "object", "service")


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """A change of the facts that gives a task the other label.

    ``text`` is the changed task, ``change`` what would have to be so, as it follows "if" or
    "wenn", ``question`` the question to the process owner, all in the language of the task;
    ``label`` is ``BPO`` or ``KPO``: what ``text`` gets when classified.
    """

    text: str
    change: str
    question: str
    label: str


class _Change(NamedTuple):
    """One change: ``added`` behind the task, ``instead`` of the characters ``start:end`` where ``start`` >= 0."""

    dimension: str
    said: str
    added: str
    instead: str = ""
    start: int = -1
    end: int = -1


def _table(language: str) -> dict[str, Any]:
    """The table of changes of one language."""
    return sentence_table(f"explanation/counterfactual_{language}.toml")


def find(classifier: "Classifier", task: str, language: str | None = None) -> Counterfactual | None:
    """The smallest change of the facts that gives the task the other label: fewest changes, then table order."""
    found = classifier.classify(task, language=language)
    # What a person decided is not turned by words that the machine reads; of a cut text nobody knows the rest.
    cut = any(flag["flag"] == "truncated" for flag in found.flags)
    if found.label is None or found.decided_by == "person" or cut:
        return None
    other = "BPO" if found.label == "KPO" else "KPO"
    words = _table(found.language)["sentence"]
    place = _place_to_add(found, words["abbreviations"])
    sets = _sets(_possible(found, other))
    texts = [_changed(found.text, chosen, place) for chosen in sets]
    labels = classifier.classify_many(texts, language=language).label
    for chosen, text, label in zip(sets, texts, labels, strict=True):
        if label == other:
            *first, last = (change.said for change in chosen)
            said = words["comma"].join(first) + words["and"] + last if first else last
            question = words["line"].format(label=classifier.label_text(other, found.language), change=said)
            return Counterfactual(text, said, question, other)
    return None


def _sets(changes: list[_Change]) -> list[tuple[_Change, ...]]:
    """Single changes, pairs and threes, at most one change a dimension."""
    return [
        chosen for count in range(1, MOST_CHANGES + 1) for chosen in combinations(changes, count)
        if len({change.dimension for change in chosen}) == count
    ]


def _possible(found: Classification, other: str) -> list[_Change]:
    """The changes of the table that can be made to this task, in the order of the table."""
    table = _table(found.language)
    opening, closing = sentences(found.language)["numbers"]["quote"]
    sign = 1 if other == "KPO" else -1
    changes = []
    for row in table[other]:
        against = [
            item for item in found.evidence
            if item.dimension == row["dimension"] and item.weight * sign < 0
        ]
        added = row.get("add", "")
        if "shape" not in row:
            if not any(item.role in row.get("unless", ()) and item.contribution for item in against):
                changes.append(_Change(row["dimension"], row["change"], added))
            continue
        for start, end in dict.fromkeys(_spans(found.text, against, row, table["spans"])):
            said = row["change"].format(quote=f"{opening}{found.text[start:end].strip(' ,;')}{closing}")
            instead = row["instead"]
            if instead and found.text[start].isupper() and found.text[:start].rstrip()[-1:] in ("", ".", ":", ";"):
                instead = instead[0].upper() + instead[1:]
            changes.append(_Change(row["dimension"], said, added, instead, start, end))
    return changes


def _spans(
    text: str, against: list[Evidence], row: dict[str, Any], limits: dict[str, list[str]]
) -> Iterator[tuple[int, int]]:
    """Where the words of a change may stand in place of what speaks against it."""
    for item in against:
        if "negated" in item.modifiers or item.role not in row.get("roles", (item.role,)):
            continue
        span: tuple[int, int] | None = None
        if row["shape"] == "phrase":
            span = _phrase(text, item, limits)
        elif row["shape"] == "bracket":
            span = _bracket(text, item)
        elif row["shape"] == "clause":
            span = _clause(text, item, limits["stated_by"], with_mark=not row["instead"])
        elif item.text.lower() in row["words"]:
            span = _word(text, item, limits)
        if span:
            yield span


def _word_behind(text: str, item: Evidence) -> str:
    """The word that follows a quoted span before any mark; its rest where the span ends inside a word."""
    found = re.match(r"[\w'’-]+|\s+([\w'’-]+)", text[item.end :])
    return (found[1] or found[0]).lower() if found else ""


def _word(text: str, item: Evidence, limits: dict[str, list[str]]) -> tuple[int, int] | None:
    """An adverb that stands alone, unlike that of "individually and in groups" and "in individually fitted sets"."""
    before = text[: item.start].split()
    inside = before and before[-1].lower() in limits["apart"]
    listed = _listed(text, item, limits) or _word_behind(text, item) in limits["joined_by"]
    return None if inside or listed else (item.start, item.end)


def _listed(text: str, item: Evidence, limits: dict[str, list[str]]) -> bool:
    """Whether a list goes on behind the quoted span: "by regulations, directives or manuals"."""
    piece = _BREAK.split(text[item.end :], maxsplit=1)[0]
    return piece.startswith(",") and any(word in limits["joined_by"] for word in piece.lower().split())


def _phrase(text: str, item: Evidence, limits: dict[str, list[str]]) -> tuple[int, int] | None:
    """The phrase from its preposition to the quoted span: "by the client's rule book"."""
    following = _word_behind(text, item)
    if _listed(text, item, limits) or (following and {following, "*"} & set(limits["continued_by"])):
        return None
    words = list(re.finditer(r"\S+", text[: item.start]))
    for place in range(len(words) - 1, max(len(words) - _WORDS_BEFORE, 0) - 1, -1):
        word = words[place]
        before = text[word.start() : item.start].lower()
        if any(mark in before for mark in ",;:.()") or word[0].lower() in limits["apart"]:
            return None
        if any(before.startswith(opener + " ") for opener in limits["opened_by"]):
            bound = place > 0 and words[place - 1][0].lower() in limits["bound_to"]
            return None if bound else (word.start(), item.end)
    return None


def _bracket(text: str, item: Evidence) -> tuple[int, int] | None:
    """All that stands in brackets at the end of a piece: "(certified welder)"."""
    start, end = text.rfind("(", 0, item.start) + 1, text.find(")", item.end)
    if not start or end < 0 or (text[end + 1 :].strip() and not _MARK.match(text, end + 1)):
        return None
    long = len(text[start:end].split()) > len(item.text.split()) + _EXTRA_WORDS
    return None if long or any(mark in text[start:end] for mark in "(),;") else (start, end)


def _clause(text: str, item: Evidence, stated_by: list[str], *, with_mark: bool) -> tuple[int, int] | None:
    """The piece between two marks that says little more than the quoted span: "; no experience required".

    ``with_mark`` includes the mark before it, as what is taken out takes its comma along.
    """
    marks = [mark.end() for mark in _MARK.finditer(text, 0, item.start)]
    before = marks[-1] if marks else 0
    mark = _MARK.search(text, item.end)
    piece = text[before : mark.start() if mark else len(text)]
    words = piece.lower().split()
    if len(words) > len(item.text.split()) + _EXTRA_WORDS:
        return None
    if with_mark and not (before and text[before - 1] in ",;"):
        return None
    if item.role == "qualification" and not set(words) & set(stated_by):
        return None
    end = before + len(piece.rstrip())
    return (before - 1, end) if with_mark else (end - len(piece.strip()), end)


def _place_to_add(found: Classification, abbreviations: list[str]) -> int:
    """Behind the piece that says what is done: in "analyse markets; no travel" before the semicolon."""
    text = found.text
    said = max((item.end for item in found.evidence if item.role in _WHAT_IS_DONE and item.contribution), default=0)
    for mark in _BREAK.finditer(text, said):
        if said and text[mark.end() :].strip() and not text[: mark.end()].endswith(tuple(abbreviations)):
            return mark.start()
    body = text.rstrip()
    return len(body if body.endswith(tuple(abbreviations)) else body.rstrip(".;,:!? "))


def _changed(text: str, chosen: tuple[_Change, ...], place: int) -> str:
    """The task with all changes made."""
    # What hangs on the task by a comma comes before what a semicolon sets apart.
    added = "".join(sorted((change.added for change in chosen), key=lambda words: words[:1] != ","))
    edits = [(place, place, added), *((c.start, c.end, c.instead) for c in chosen if c.start >= 0)]
    for start, end, words in sorted(edits, reverse=True):
        text = text[:start] + words + text[end:]
    return text
