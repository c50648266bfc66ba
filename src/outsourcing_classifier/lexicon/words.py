"""What is common to the word forms of both languages: folding, entries, readings of a form."""

import re
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np

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


class WordForm(NamedTuple):
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


_NUMBERING: Final = re.compile(r"\d{1,2}(?:\.\d{1,2})+")


def number_form(form: str) -> WordForm:
    """A number; "3.2" numbers a row rather than counting anything, so it is no `#` of a phrase."""
    return WordForm(NUMBER | KNOWN, form if _NUMBERING.fullmatch(form) else "#", form)


def plain(columns: dict[str, Any]) -> dict[str, Any]:
    """Columns as lists: single values are read from them."""
    return {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in columns.items()}


class Entries(dict[str, Entry]):
    """Lemma to entry; entries of a snapshot are made when they are asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, Any] = self  # lemmas there are: a quick look before `get`
        self._places: dict[str, int] = {}
        self._columns: dict[str, Any] = {}

    def get(self, lemma: str, default: Any = None) -> Any:
        """The entry of a lemma, or `default`."""
        found = dict.get(self, lemma)
        if found is not None:
            return found
        place = self._places.get(lemma)
        return default if place is None else self._made(lemma, place)

    def __missing__(self, lemma: str) -> Entry:
        return self._made(lemma, self._places[lemma])

    def __contains__(self, lemma: object) -> bool:
        return dict.__contains__(self, lemma) or lemma in self._places

    def _made(self, lemma: str, place: int) -> Entry:
        columns = self._columns
        first, via, cues = columns["first"], columns["via"], columns["cues"]
        entry = Entry(lemma, columns["kind"][place], classes=columns["classes"][place])
        for i in range(first[place], first[place + 1]):
            (entry.verb_cues, entry.noun_cues, entry.other_cues)[via[i] - 1].append(cues[i])
        self[lemma] = entry
        return entry

    def columns(self) -> dict[str, Any]:
        """All entries in columns, for a snapshot."""
        lemmas = sorted(self)
        first, cues, via = [0], [], []
        for lemma in lemmas:
            entry = self[lemma]
            lists = ((VIA_VERB, entry.verb_cues), (VIA_NOUN, entry.noun_cues), (VIA_OTHER, entry.other_cues))
            for way, numbers in lists:
                cues += numbers
                via += [way] * len(numbers)
            first.append(len(cues))
        return {
            "lemmas": "\n".join(lemmas),
            "kind": np.array([self[lemma].kind for lemma in lemmas], np.int32),
            "classes": np.array([self[lemma].classes for lemma in lemmas], np.uint64),
            "first": np.array(first, np.int32),
            "cues": np.array(cues, np.int32),
            "via": np.array(via, np.int8),
        }

    @classmethod
    def from_columns(cls, columns: dict[str, Any]) -> "Entries":
        """Entries that are made on demand."""
        made = cls()
        lemmas = columns["lemmas"].split("\n")
        made._places = dict(zip(lemmas, range(len(lemmas)), strict=True))
        made._columns = plain(columns)
        made.known = made._places
        return made


class VerbForms:
    """Inflected form to (lemma, kind or way); forms of a snapshot are looked up in columns."""

    def __init__(self) -> None:
        self._forms: dict[str, list[tuple[str, int]]] = {}
        self._first: dict[str, int] = {}
        self._columns: dict[str, Any] = {}

    def add(self, form: str, lemma: str, kind: int) -> None:
        """Register a form; the first kind of a lemma stands."""
        found = self._forms.setdefault(form, [])
        if all(known != lemma for known, _ in found):
            found.append((lemma, kind))

    def get(self, form: str) -> list[tuple[str, int]]:
        """Lemmas of a form with what the form is."""
        found = self._forms.get(form)
        if found is None:
            place = self._first.get(form)
            if place is None:
                return []
            columns = self._columns
            lemmas, lemma, kind = columns["names"], columns["lemma"], columns["kind"]
            found = [(lemmas[lemma[i]], kind[i]) for i in range(columns["first"][place], columns["first"][place + 1])]
            self._forms[form] = found
        return found

    def columns(self) -> dict[str, Any]:
        """All forms in columns, for a snapshot."""
        forms = sorted(self._forms)
        names = sorted({lemma for found in self._forms.values() for lemma, _ in found})
        place = {name: number for number, name in enumerate(names)}
        pairs = [self._forms[form] for form in forms]
        return {
            "forms": "\n".join(forms),
            "names": "\n".join(names),
            "first": np.cumsum([0, *(len(found) for found in pairs)]).astype(np.int32),
            "lemma": np.array([place[lemma] for found in pairs for lemma, _ in found], np.int32),
            "kind": np.array([kind for found in pairs for _, kind in found], np.int32),
        }

    @classmethod
    def from_columns(cls, columns: dict[str, Any]) -> "VerbForms":
        """Forms that are looked up on demand."""
        made = cls()
        forms = columns["forms"].split("\n")
        made._first = dict(zip(forms, range(len(forms)), strict=True))
        made._columns = {**plain(columns), "names": columns["names"].split("\n")}
        return made


def abbreviation_key(form: str) -> str:
    """Key of an abbreviation among the entries: with its case, apart from the words ("AR", "IT")."""
    return "=" + form


def entry_cues(entry: Entry, via: int, *, compound: bool = False) -> list[tuple[int, int, bool]]:
    """Cues of an entry reached as verb, noun or other word."""
    cues = entry.verb_cues if via == VIA_VERB else entry.noun_cues if via == VIA_NOUN else entry.other_cues
    return [(cue, via, compound) for cue in cues]


def abbreviated(form: str, entry: Entry) -> WordForm:
    """An abbreviation reads as the noun that it stands for."""
    kind = LETTERS | CAPITAL | KNOWN | entry.kind
    return WordForm(kind, fold(form), fold(form), tuple(entry_cues(entry, VIA_NOUN)), entry.classes)
