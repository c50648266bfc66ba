"""German word forms: verb forms, endings of nouns and adjectives, compounds, gender forms."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ..text.letters import NONE, HashTable, Letters, Mask, Places, hashed
from ..text.runs import expanded
from .readings import VIA_NOUN, VIA_OTHER, VIA_VERB, FoundCues, Readings
from .vocabulary import NOUNS, WordColumns, Words, any_of
from .words import CAPITAL, ELIDED, KNOWN, LETTERS, NOUN, OTHER, VERB, fold, folded_all

Numbers = npt.NDArray[np.int32]

_BEGINNING: Final = 5  # letters by which a noun is looked for before its endings are tried
_GENDER: Final = re.compile(r"(?:[:*_]|/-?|\()(innen|in|n|r|s|e|en)\)?$")
_INNER_GENDER: Final = re.compile(r"(?<=[a-zäöüß])In(nen)?$")
_NOUN_ENDINGS: Final = ("s", "es", "ens", "n", "en", "ern", "nen", "innen", "in", "sen", "e", "se", "ne", "er")
_UMLAUT_ENDINGS: Final = frozenset(("e", "er", "ern", "en", "n", "in", "innen", "nen"))  # "Verträge"
_DROPPED_E: Final = frozenset(("en", "in", "innen"))  # "Kundin"
_ADJECTIVE_ENDINGS: Final = ("e", "en", "er", "es", "em", "ere", "eren", "erer", "ste", "sten")
_SHORTEST_STEM: Final = 3
_LINKS: Final = ("s", "n", "en", "es", "er", "e", "ens")
_ELIDED_LINKS: Final = ("s", "es", "n", "en")
_MINIMUM_HEAD: Final = 4
_MINIMUM_MODIFIER: Final = 3
_SHORT_MODIFIER: Final = 4  # letters; a longer one may be a word that nobody knows
_LONG_MODIFIER: Final = 7  # letters; a longer one may be a compound


@dataclass(frozen=True, slots=True)
class GermanParts:
    """What German needs besides entries and listed forms; words are folded.

    ``separable`` leads from a form to the base of the verbs it may be of, ``pairs`` lists base, particle and verb;
    ``neutral`` is the mask of the class of heads such as -dienst.
    """

    separable: dict[str, str]
    pairs: list[list[str]]
    irregular: dict[str, str]
    prefixes: list[str]
    neutral: int
    beginnings: list[str]


class GermanWords(Words):
    """The German side of the vocabulary."""

    def __init__(self, columns: WordColumns, parts: GermanParts) -> None:
        super().__init__(columns)
        self.parts = parts
        self._pairs = {(base, particle): verb for base, particle, verb in parts.pairs}
        self._separable = HashTable.from_words(list(parts.separable))
        self._irregular = HashTable.from_words(
            list(parts.irregular), self.entries.find(hashed(list(parts.irregular.values()))).tolist()
        )
        self._prefixes = HashTable.from_words(parts.prefixes)
        self.beginnings = HashTable.from_words(parts.beginnings)  # how the forms of nouns begin
        self._lengths = np.append(columns.length, np.int16(0))

    def infinitive(self, form: str, particle: str) -> str:
        """The separable verb that a form and a particle make ("gibt", "ein"), or an empty string."""
        return self._pairs.get((self.parts.separable.get(fold(form), ""), fold(particle)), "")

    def knows(self, forms: Sequence[str]) -> Mask:
        """Whether the forms themselves stand in the vocabulary, without any ending taken off."""
        own = hashed(folded_all(forms))
        return self.entries.has(own) | self.forms.has(own) | self._irregular.has(own)

    def _words(self, forms: Sequence[str], folded: Sequence[str]) -> tuple[list[str], list[int]]:
        words = list(folded)
        kind = [LETTERS | CAPITAL if form[0].isupper() else LETTERS for form in forms]
        gendered: list[int] = []
        for i, form in enumerate(forms):
            if form.isalpha() and form[1:].islower():
                continue
            if form[:2].lstrip("-")[:1].isupper():
                kind[i] |= CAPITAL
            plain = _INNER_GENDER.sub("", _GENDER.sub("", form))
            if plain != form:
                gendered.append(i)
            word = fold(plain)
            if word[-1:] == "-":
                kind[i] |= ELIDED
            words[i] = word.strip("-")
        if gendered:  # "Kund:innen"
            bare = [words[i] for i in gendered]
            with_e = ~self.is_noun(bare) & self.is_noun([word + "e" for word in bare])
            for i in np.flatnonzero(with_e).tolist():
                words[gendered[i]] += "e"
        return words, kind

    def is_noun(self, words: Sequence[str]) -> Mask:
        """Which folded words are forms of a noun."""
        letters = Letters.of(words)
        return self._nouns(letters, letters.start, letters.end) != NONE

    def _fill(self, letters: Letters, readings: Readings, cues: FoundCues) -> None:
        start, end, kind, keys = letters.start, letters.end, readings.kind, self.columns.keys
        own = letters.hashes(start, end)
        for rows, entries, verb_kind in self._found(own):
            new = kind[rows] & KNOWN == 0
            readings.lemma[rows[new]] = keys[entries[new]]
            kind[rows] |= verb_kind | KNOWN
            cues.add(rows, entries, VIA_VERB)
        nouns = self._nouns(letters, start, end)
        rows = np.flatnonzero(nouns != NONE)
        entries = nouns[rows]
        named = (kind[rows] & KNOWN == 0) | (kind[rows] & CAPITAL != 0)
        readings.lemma[rows[named]] = keys[entries[named]]
        kind[rows] |= self.kind[entries] & (NOUNS | OTHER) | KNOWN
        readings.classes[rows] |= self.classes[entries]
        cues.add(rows, entries, VIA_NOUN)
        cues.add(rows, entries, VIA_OTHER)
        self._fill_adjectives(letters, np.flatnonzero(nouns == NONE), readings, cues)
        readings.head[:] = readings.lemma
        self._fill_elided(letters, np.flatnonzero(kind & (KNOWN | ELIDED) == ELIDED), readings, cues)
        self._fill_compounds(letters, np.flatnonzero(kind & KNOWN == 0), readings, cues)
        readings.separable[:] = self._separable.has(own)
        kind[readings.separable & (kind & KNOWN == 0)] |= VERB | KNOWN

    def _fill_adjectives(self, letters: Letters, rows: Places, readings: Readings, cues: FoundCues) -> None:
        adjectives = self._adjectives(letters, letters.start[rows], letters.end[rows])
        some = adjectives != NONE
        rows, entries = rows[some], adjectives[some]
        new = readings.kind[rows] & KNOWN == 0
        readings.lemma[rows[new]] = self.columns.keys[entries[new]]
        readings.kind[rows] |= OTHER | KNOWN
        cues.add(rows, entries, VIA_OTHER)

    def _fill_elided(self, letters: Letters, rows: Places, readings: Readings, cues: FoundCues) -> None:
        """The noun before the linking letters of "Bearbeitungs-"."""
        if not len(rows):
            return
        start, end = letters.start[rows], letters.end[rows]
        found = np.full(len(rows), NONE, np.int32)
        for link in _ELIDED_LINKS:
            some = np.flatnonzero((found == NONE) & letters.ends_with(start, end, link))
            found[some] = self._nouns(letters, start[some], end[some] - len(link))
        some = found != NONE
        rows, entries = rows[some], found[some]
        readings.kind[rows] |= self.kind[entries] & NOUNS | KNOWN
        readings.classes[rows] |= self.classes[entries]
        readings.lemma[rows] = readings.head[rows] = self.columns.keys[entries]
        cues.add(rows, entries, VIA_NOUN)

    def _fill_compounds(self, letters: Letters, rows: Places, readings: Readings, cues: FoundCues) -> None:
        """The head says what a compound is; a neutral head lets its modifier speak."""
        first, last = self._compounds(letters, letters.start[rows], letters.end[rows])
        some = last != NONE
        rows, first, last = rows[some], first[some], last[some]
        readings.kind[rows] |= self.kind[last] & NOUNS | KNOWN
        readings.classes[rows] |= self.classes[last]
        readings.head[rows] = self.columns.keys[last]
        cues.add(rows, last, VIA_NOUN, compound=True)
        readings.modifier_classes[rows] = self.classes[first]
        neutral = (first != NONE) & (self.classes[last] & np.uint64(self.parts.neutral) != 0)
        rows, first = rows[neutral], first[neutral]
        readings.kind[rows] |= self.kind[first] & NOUNS
        cues.add(rows, first, VIA_NOUN, compound=True)
        cues.add(rows, first, VIA_VERB, compound=True)

    def _nouns(self, letters: Letters, start: Places, end: Places) -> Numbers:
        """The entries whose noun or phrase form the spans are, or -1."""
        hashes = letters.hashes(start, end)
        found = self._irregular.find(hashes)
        exact = self.entries.find(hashes)
        _settle(found, exact, self.kind[exact] & ~VERB != 0)
        open_ = np.flatnonzero(found == NONE)
        if not len(open_):
            return found
        start, end, exact = start[open_], end[open_], exact[open_]
        more = self._inflected(letters, start, end)
        umlaut = letters.last_umlaut(start, end)
        some = np.flatnonzero((more == NONE) & (umlaut != NONE) & ~letters.ends_with(start, end, "ung"))
        bare = self.entries.find(letters.without_letter(start[some], umlaut[some] + 1, end[some]))
        more[some] = np.where(self.kind[bare] & NOUN != 0, bare, NONE)
        _settle(more, exact, self.kind[exact] == 0)
        found[open_] = more
        return found

    def _inflected(self, letters: Letters, start: Places, end: Places) -> Numbers:
        """The nouns whose ending, umlaut or dropped -e makes these forms; the shortest ending first."""
        found = np.full(len(start), NONE, np.int32)
        for ending in sorted(_NOUN_ENDINGS, key=len):
            fits = (end - start >= _SHORTEST_STEM + len(ending)) & (found == NONE)
            some = np.flatnonzero(fits & letters.ends_with(start, end, ending))
            if not len(some):
                continue
            first, last = start[some], end[some] - len(ending)
            stem = letters.hashes(first, last)
            best = self._noun_of(self.entries.find(stem))
            if ending in _UMLAUT_ENDINGS:
                umlaut = letters.last_umlaut(first, last)
                with_umlaut = np.flatnonzero((best == NONE) & (umlaut != NONE))
                bare = letters.without_letter(first[with_umlaut], umlaut[with_umlaut] + 1, last[with_umlaut])
                best[with_umlaut] = self._noun_of(self.entries.find(bare))
            if ending in _DROPPED_E:
                dropped = self._noun_of(self.entries.find(letters.with_letter(stem, last - first, "e")))
                _settle(best, dropped, dropped != NONE)
            found[some] = best
        return found

    def _noun_of(self, entries: Numbers) -> Numbers:
        return np.where(self.kind[entries] & NOUNS != 0, entries, NONE)

    def _adjectives(self, letters: Letters, start: Places, end: Places) -> Numbers:
        found = np.full(len(start), NONE, np.int32)
        for ending in _ADJECTIVE_ENDINGS:
            some = np.flatnonzero((found == NONE) & letters.ends_with(start, end, ending))
            if not len(some):
                continue
            entries = self.entries.find(letters.hashes(start[some], end[some] - len(ending)))
            kind = self.kind[entries]
            found[some] = np.where((kind & OTHER != 0) | (kind == 0), entries, NONE)
        return found

    def _compounds(self, letters: Letters, start: Places, end: Places) -> tuple[Numbers, Numbers]:
        """First part and head of each span, or -1; the longest known head counts.

        The first part must be known, end in a linking letter or be longer than four letters.
        """
        first, last = (np.full(len(start), NONE, np.int32) for _ in range(2))
        counts = np.maximum(end - start - (_MINIMUM_MODIFIER + _MINIMUM_HEAD - 1), 0)
        word, inner = expanded(counts)
        split = start[word] + _MINIMUM_MODIFIER + inner
        begins = any_of(*(
            self.beginnings.has(letters.hashes(split, np.minimum(split + length, end[word])))
            for length in (_BEGINNING, 4, 3)
        ))
        begins |= self._irregular.has(letters.hashes(split, end[word]))
        word, split = word[begins], split[begins]
        head = self._nouns(letters, split, end[word])
        fits = (self.kind[head] & NOUNS != 0) & (self._lengths[head] >= _MINIMUM_HEAD)
        word, split, head = word[fits], split[fits], head[fits]
        fits = ~self._prefixes.has(letters.hashes(start[word], split))
        word, split, head = word[fits], split[fits], head[fits]
        if not len(word):
            return first, last
        modifier = self._modifiers(letters, start[word], split)
        size = split - start[word]
        linked = any_of(*(letters.ends_with(start[word], split, link) for link in _LINKS))
        fits = (modifier != NONE) | (linked & (size >= _SHORT_MODIFIER)) | (size > _SHORT_MODIFIER)
        word, head, modifier = word[fits], head[fits], modifier[fits]
        first[word[::-1]], last[word[::-1]] = modifier[::-1], head[::-1]  # the first split stands
        return first, last

    def _modifiers(self, letters: Letters, start: Places, end: Places) -> Numbers:
        """The entries of the first parts of compounds, or -1: with linking letters, as stems, as compounds."""
        found = self._nouns(letters, start, end)
        own = letters.hashes(start, end)
        exact = self.entries.find(own)
        _settle(found, exact, exact != NONE)
        for link in _LINKS:
            some = np.flatnonzero((found == NONE) & letters.ends_with(start, end, link))
            found[some] = self.entries.find(letters.hashes(start[some], end[some] - len(link)))
        with_e = letters.with_letter(own, end - start, "e")
        for hashes in (with_e, letters.with_letter(with_e, end - start + 1, "n")):
            more = self.entries.find(hashes)
            _settle(found, more, more != NONE)
        some = np.flatnonzero((found == NONE) & (end - start > _LONG_MODIFIER))
        if len(some):
            found[some] = self._compounds(letters, start[some], end[some])[1]
            some = some[(found[some] == NONE) & letters.ends_with(start[some], end[some], "s")]
            found[some] = self._compounds(letters, start[some], end[some] - 1)[1]
        return found


def _settle(found: Numbers, other: Numbers, usable: Mask) -> None:
    """Take `other` where nothing is found yet."""
    np.copyto(found, other, where=(found == NONE) & usable)


def noun_beginnings(lemma: str) -> Iterator[str]:
    """How the forms of a noun can begin: with its own letters, without its last -e, with an umlaut."""
    yield lemma[:_BEGINNING]
    if lemma.endswith("e"):
        yield lemma[:-1][:_BEGINNING]
    for place, letter in enumerate(lemma[:_BEGINNING]):
        if letter in "aou":
            yield f"{lemma[: place + 1]}e{lemma[place + 1 :]}"[:_BEGINNING]
