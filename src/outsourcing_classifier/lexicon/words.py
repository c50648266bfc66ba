"""What is common to the word forms of both languages: folding, entries, readings of a form."""

from dataclasses import dataclass, field
from typing import Final

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

VIA_VERB: Final = 1
VIA_NOUN: Final = 2
VIA_OTHER: Final = 3

_FOLD = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e", "è": "e", "ê": "e", "á": "a", "à": "a",
     "â": "a", "ç": "c", "ñ": "n", "í": "i", "ó": "o", "ú": "u", "ô": "o", "î": "i", "’": "'"}
)


def fold(word: str) -> str:
    """Key of a word: lower case, ae/oe/ue/ss for umlauts and sharp s, no accents."""
    folded = word.lower()
    return folded if folded.isascii() else folded.translate(_FOLD)


@dataclass(slots=True)
class Entry:
    """A lemma of the closed vocabulary: what it can be, its cues, its object classes."""

    lemma: str
    kind: int = 0
    verb_cues: list[int] = field(default_factory=list)
    noun_cues: list[int] = field(default_factory=list)
    other_cues: list[int] = field(default_factory=list)
    classes: int = 0


@dataclass(frozen=True, slots=True)
class WordForm:
    """One language's reading of a distinct form.

    ``cues`` holds (cue row, via, compound); ``canon`` and ``head`` are lemmas for phrases;
    ``classes`` the object classes of the word, ``modifier_classes`` those of the first part of a
    compound; ``separable`` maps a particle to the infinitive it makes ("gibt … ein").
    """

    kind: int = 0
    canon: str = ""
    head: str = ""
    cues: tuple[tuple[int, int, bool], ...] = ()
    classes: int = 0
    modifier_classes: int = 0
    separable: str = ""
    prefers: int = 0


def entry_cues(entry: Entry, via: int, *, compound: bool = False) -> list[tuple[int, int, bool]]:
    """Cues of an entry reached as verb, noun or other word."""
    lists = {VIA_VERB: entry.verb_cues, VIA_NOUN: entry.noun_cues, VIA_OTHER: entry.other_cues}
    return [(cue, via, compound) for cue in lists[via]]
