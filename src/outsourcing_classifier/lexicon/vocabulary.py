"""The closed vocabulary of a language: collected from the tables, then kept in columns and looked up in batches."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from ..text.letters import NONE, Hashes, HashTable, Spans, hash_of, hashed, whole_words
from .readings import VIA_NOUN, FoundCues, Readings
from .words import (
    ACTION_NOUN,
    CAPITAL,
    KNOWN,
    LETTERS,
    NOUN,
    NUMBER,
    Entry,
    WordForm,
    abbreviation_key,
    fold,
    folded_all,
)
from .words import numbers_a_row as _numbers_a_row

NOUNS: Final = NOUN | ACTION_NOUN
_ANY_NUMBER: Final = "#"


@dataclass(slots=True, eq=False, repr=False)
class WordColumns:
    """All lemmas in the order of their hashes, and the inflected forms that no rule makes.

    The cues of lemma ``i`` as verb, noun and other word begin at ``first[3 * i]``, ``first[3 * i + 1]`` and
    ``first[3 * i + 2]``. Form ``j`` has its lemmas (``form_entry``) with what it is (``form_kind``) from
    ``form_first[j]`` on. ``lemmas`` and ``abbreviations`` are words with line breaks between them.
    """

    lemmas: str
    keys: Hashes
    length: npt.NDArray[np.int16]
    kind: npt.NDArray[np.int32]
    classes: npt.NDArray[np.uint64]
    first: npt.NDArray[np.int32]
    cues: npt.NDArray[np.int32]
    form_keys: Hashes
    form_first: npt.NDArray[np.int32]
    form_entry: npt.NDArray[np.int32]
    form_kind: npt.NDArray[np.int32]
    abbreviations: str


class Vocabulary:
    """Collects entries and irregular forms; `columns` is what they are looked up in."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self._forms: dict[str, dict[str, int]] = {}

    def key(self, word: str) -> str:
        """The key under which a word stands in the vocabulary."""
        return fold(word)

    def entry(self, word: str) -> Entry:
        """The entry of a word, new or known."""
        return self._entry(self.key(word))

    def abbreviation(self, form: str) -> Entry:
        """The entry of an abbreviation, new or known."""
        return self._entry(abbreviation_key(form))

    def gerunds(self, _verb: str) -> list[str]:
        """Forms of a verb that are words of their own, and so do not lead to it."""
        return []

    def _entry(self, key: str) -> Entry:
        if key not in self.entries:
            self.entries[key] = Entry(key)
        return self.entries[key]

    def _add_form(self, form: str, lemma: str, kind: int) -> None:
        """Register a form; the first kind of a lemma stands."""
        self._forms.setdefault(form, {}).setdefault(lemma, kind)

    def columns(self) -> WordColumns:
        """The vocabulary as it is now."""
        lemmas = sorted(self.entries)
        keys = hashed(lemmas)
        order = np.argsort(keys)
        lemmas = [lemmas[i] for i in order.tolist()]
        place = {lemma: number for number, lemma in enumerate(lemmas)}
        first, cues = [0], []
        for lemma in lemmas:
            entry = self.entries[lemma]
            for numbers in (entry.verb_cues, entry.noun_cues, entry.other_cues):
                cues += numbers
                first.append(len(cues))
        forms = sorted(self._forms)
        form_keys = hashed(forms)
        by_hash = np.argsort(form_keys)
        of_form = [
            [(place[lemma], kind) for lemma, kind in self._forms[forms[i]].items() if lemma in place]
            for i in by_hash.tolist()
        ]
        return WordColumns(
            lemmas="\n".join(lemmas),
            keys=keys[order],
            length=np.array([len(lemma) for lemma in lemmas], np.int16),
            kind=np.array([self.entries[lemma].kind for lemma in lemmas], np.int32),
            classes=np.array([self.entries[lemma].classes for lemma in lemmas], np.uint64),
            first=np.array(first, np.int32),
            cues=np.array(cues, np.int32),
            form_keys=form_keys[by_hash],
            form_first=np.cumsum([0, *map(len, of_form)]).astype(np.int32),
            form_entry=np.array([entry for found in of_form for entry, _ in found], np.int32),
            form_kind=np.array([kind for found in of_form for _, kind in found], np.int32),
            abbreviations="\n".join(sorted(lemma[1:] for lemma in lemmas if lemma[:1] == "=")),
        )


class Words:
    """A vocabulary in which forms are looked up, whole batches at once; a single form is a batch of one."""

    def __init__(self, columns: WordColumns) -> None:
        self.columns = columns
        self.entries = HashTable.of(columns.keys, np.arange(len(columns.keys), dtype=np.int32))
        self.forms = HashTable.of(columns.form_keys, np.arange(len(columns.form_keys), dtype=np.int32))
        self.kind = np.append(columns.kind, np.int32(0))  # the entry -1, no entry, is of no kind
        self.classes = np.append(columns.classes, np.uint64(0))
        self._abbreviations = frozenset(filter(None, columns.abbreviations.split("\n")))

    def key(self, word: str) -> str:
        """The key under which a word stands in the vocabulary."""
        return fold(word)

    def keys(self, folded: Sequence[str]) -> list[str]:
        """The keys of folded words."""
        return list(folded)

    @cached_property
    def lemmas(self) -> list[str]:
        """The lemma of each entry."""
        return self.columns.lemmas.split("\n")

    def analyse(self, form: str) -> WordForm:
        """All that the vocabulary knows of one form."""
        return self.analyse_all([form])[0]

    def analyse_all(self, forms: Sequence[str]) -> list[WordForm]:
        """All that the vocabulary knows of each form."""
        if not forms:
            return []
        found = self.read(forms)
        cues: list[list[tuple[int, int, bool]]] = [[] for _ in forms]
        for row, *cue in zip(
            found.cue_row.tolist(), found.cue.tolist(), found.via.tolist(), found.compound.tolist(), strict=True
        ):
            cues[row].append((cue[0], cue[1], cue[2]))
        canon, head = (self._lemmas(values, forms) for values in (found.lemma, found.head))
        return [
            WordForm(kind, canon[row], head[row], tuple(cues[row]), classes, modifiers)
            for row, (kind, classes, modifiers) in enumerate(zip(
                found.kind.tolist(), found.classes.tolist(), found.modifier_classes.tolist(), strict=True
            ))
        ]

    def _lemmas(self, hashes: Hashes, forms: Sequence[str]) -> list[str]:
        """Lemmas by their hashes; the key of the form where there is no entry."""
        return [
            _ANY_NUMBER if value == _NUMBER_HASH else self.lemmas[entry] if entry != NONE else self.key(form).strip("-")
            for value, entry, form in zip(hashes, self.entries.find(hashes).tolist(), forms, strict=True)
        ]

    def lemmas_of(self, forms: Sequence[str]) -> list[str]:
        """The lemma of each form, or its key; used in phrases."""
        found = self.read(forms).lemma if forms else np.zeros(0, np.uint64)
        entries = self.entries.find(found).tolist()
        return [
            self.lemmas[entry] if entry != NONE else self.key(form)
            for form, entry in zip(forms, entries, strict=True)
        ]

    def read(self, forms: Sequence[str]) -> Readings:
        """All that the vocabulary knows of forms that have a letter or a digit."""
        folded = folded_all(forms)
        numbers = [i for i, form in enumerate(forms) if form[0].isdigit()]
        known = self._abbreviations.intersection(forms)
        short = [i for i, form in enumerate(forms) if form in known] if known else []
        words, kind = self._words(forms, folded)
        for i in (*numbers, *short):
            words[i] = ""  # nothing that a table knows
        spans = whole_words(words)
        own = spans.hashes()
        readings = Readings.blank(own)
        readings.kind[:] = kind
        cues = FoundCues(self.columns.first, self.columns.cues)
        self._fill(spans, own, readings, cues)
        if numbers:
            rows = np.array(numbers)
            readings.kind[rows] = NUMBER | KNOWN
            readings.head[rows] = hashed([forms[i] for i in numbers])
            counted = np.array([not _numbers_a_row(forms[i]) for i in numbers])
            readings.lemma[rows] = np.where(counted, _NUMBER_HASH, readings.head[rows])
        if short:
            rows = np.array(short)
            entries = self.entries.find(hashed([abbreviation_key(forms[i]) for i in short]))
            readings.kind[rows] = LETTERS | CAPITAL | KNOWN | self.kind[entries]
            readings.lemma[rows] = readings.head[rows] = hashed([folded[i] for i in short])
            readings.classes[rows] = self.classes[entries]
            cues.add(rows, entries, VIA_NOUN)
        cues.write(readings)
        return readings

    def _words(self, forms: Sequence[str], folded: Sequence[str]) -> tuple[list[str], list[int]]:
        """Keys of the forms without what only marks their shape, and the kind that the shape gives them."""
        raise NotImplementedError

    def _fill(self, spans: Spans, own: Hashes, readings: Readings, cues: FoundCues) -> None:
        """Put what the vocabulary knows of words, whose hashes are `own`, into their readings."""
        raise NotImplementedError

    def _found(
        self, hashes: Hashes
    ) -> list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int32], npt.NDArray[np.int32]]]:
        """Lemmas of listed forms: rows, entries and what the form is; one step for each further lemma of a form."""
        columns = self.columns
        number = self.forms.find(hashes)
        rows = np.flatnonzero(number != NONE)
        steps = []
        place, end = columns.form_first[number[rows]], columns.form_first[number[rows] + 1]
        while len(rows):
            more = place < end
            rows, place, end = rows[more], place[more], end[more]
            steps.append((rows, columns.form_entry[place], columns.form_kind[place]))
            place = place + 1
        return steps


_NUMBER_HASH: Final = np.uint64(hash_of(_ANY_NUMBER))

