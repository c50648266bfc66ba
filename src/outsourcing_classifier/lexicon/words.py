"""What is common to the word forms of both languages: folding, kinds, entries, a single reading."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

# What a form can be. A form may carry several; the clause decides (reading/roles.py).
VERB: Final = 1  # infinitive, base form, finite verb
GERUND: Final = 2  # English -ing
PARTICIPLE: Final = 4  # English -ed: a verb only behind an auxiliary
ACTION_NOUN: Final = 8  # Erfassung, reconciliation
NOUN: Final = 16
OTHER: Final = 32  # known, but neither verb nor noun
CAPITAL: Final = 64
NUMBER: Final = 128
ELIDED: Final = 256  # "Bearbeitungs-"
KNOWN: Final = 512
INFINITIVE: Final = 1024  # German infinitive: stands at the end of its clause
LETTERS: Final = 2048
ADVERB: Final = 4096  # English -ly
THIRD: Final = 8192  # English -s: never behind "to"

_FOLDED: Final = tuple({
    "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e", "è": "e", "ê": "e", "á": "a", "à": "a", "â": "a", "ç": "c",
    "ñ": "n", "í": "i", "ó": "o", "ú": "u", "ô": "o", "î": "i", "’": "'",
}.items())
_NUMBERING: Final = re.compile(r"\d{1,2}(?:\.\d{1,2})+")


def fold(word: str) -> str:
    """Key of a word: lower case, ae/oe/ue/ss for umlauts and sharp s, no accents."""
    folded = word.lower()
    if not folded.isascii():
        for letter, plain in _FOLDED:  # on long strings much faster than a translation table
            folded = folded.replace(letter, plain)
    return folded


def folded_all(words: Sequence[str]) -> list[str]:
    """The keys of many words without line breaks."""
    return fold("\n".join(words)).split("\n") if words else []


def is_word(form: str) -> bool:
    """Whether a form has a letter or a digit."""
    return form.isalnum() or any(letter.isalnum() for letter in form)


def numbers_a_row(form: str) -> bool:
    """Whether "3.2" numbers a row rather than counting anything, so that it is no `#` of a phrase."""
    return _NUMBERING.fullmatch(form) is not None


def abbreviation_key(form: str) -> str:
    """Key of an abbreviation among the entries: with its case, apart from the words ("AR", "IT")."""
    return "=" + form


@dataclass(slots=True, eq=False, repr=False)
class Entry:
    """A lemma of the closed vocabulary: what it can be, its cues, its object classes."""

    lemma: str
    kind: int = 0
    verb_cues: list[int] = field(default_factory=list)
    noun_cues: list[int] = field(default_factory=list)
    other_cues: list[int] = field(default_factory=list)
    classes: int = 0


class WordForm(NamedTuple):
    """One language's reading of a single form.

    ``cues`` holds (cue row, via, compound); ``canon`` and ``head`` are lemmas; ``classes`` the object classes
    of the word, ``modifier_classes`` those of the first part of a compound.
    """

    kind: int
    canon: str
    head: str
    cues: tuple[tuple[int, int, bool], ...]
    classes: int
    modifier_classes: int
