"""German word forms: verb forms, endings of nouns and adjectives, compounds, gender forms."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ..text.letters import NONE, Hashes, HashTable, Letters, Mask, Places, Spans, any_of, hashed, whole_words
from ..text.runs import expanded
from .readings import VIA_NOUN, VIA_OTHER, VIA_VERB, FoundCues, Readings
from .vocabulary import NOUNS, WordColumns, Words
from .words import ACTION_NOUN, CAPITAL, ELIDED, KNOWN, LETTERS, OTHER, VERB, fold

Numbers = npt.NDArray[np.int32]

_BEGINNING: Final = 5  # letters by which a noun is looked for before its endings are tried
_GENDER: Final = re.compile(r"(?:[:*_]|/-?|\()(innen|in|n|r|s|e|en)\)?$")
_INNER_GENDER: Final = re.compile(r"(?<=[a-zäöüß])In(nen)?$")
# In the order in which they are tried.
_NOUN_ENDINGS: Final = ("s", "n", "e", "es", "en", "in", "se", "ne", "er", "ens", "ern", "nen", "sen", "innen")
_UMLAUT_ENDINGS: Final = frozenset(("e", "er", "ern", "en", "n", "in", "innen", "nen"))  # "Verträge"
_DROPPED_E: Final = frozenset(("en", "in", "innen"))  # "Kundin"
_ADJECTIVE_ENDINGS: Final = ("e", "en", "er", "es", "em", "ere", "eren", "erer", "ste", "sten")
_SHORTEST_STEM: Final = 3
_LINKS: Final = ("s", "n", "en", "es", "er", "e", "ens")
_ELIDED_LINKS: Final = ("s", "es", "n", "en")
_MINIMUM_HEAD: Final = 4
_MINIMUM_MODIFIER: Final = 3
_SHORT_MODIFIER: Final = 4  # letters; a longer one may be a word that nobody knows
_LONGEST: Final = 80  # letters; what is longer is no word, and would be taken apart again and again
_LONG_MODIFIER: Final = 7  # letters; a longer one may be a compound


@dataclass(slots=True, eq=False, repr=False)
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

    def knows(self, own: Hashes) -> Mask:
        """Whether words with these hashes stand in the vocabulary themselves, without any ending taken off."""
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
        return self._nouns(whole_words(words)) != NONE

    def _fill(self, spans: Spans, own: Hashes, readings: Readings, cues: FoundCues) -> None:
        kind, keys = readings.kind, self.columns.keys
        for rows, entries, verb_kind in self._found(own):
            new = kind[rows] & KNOWN == 0
            readings.lemma[rows[new]] = keys[entries[new]]
            kind[rows] |= verb_kind | KNOWN
            cues.add(rows, entries, VIA_VERB)
        nouns = self._nouns(spans)
        rows = np.flatnonzero(nouns != NONE)
        entries = nouns[rows]
        named = (kind[rows] & KNOWN == 0) | (kind[rows] & CAPITAL != 0)
        readings.lemma[rows[named]] = keys[entries[named]]
        kind[rows] |= self.kind[entries] & (NOUNS | OTHER) | KNOWN
        readings.classes[rows] |= self.classes[entries]
        cues.add(rows, entries, VIA_NOUN)
        cues.add(rows, entries, VIA_OTHER)
        self._fill_adjectives(spans, np.flatnonzero(nouns == NONE), readings, cues)
        readings.head[:] = readings.lemma
        self._fill_elided(spans, np.flatnonzero(kind & (KNOWN | ELIDED) == ELIDED), readings, cues)
        self._fill_compounds(spans, np.flatnonzero(kind & KNOWN == 0), readings, cues)
        self._fill_acts(spans, np.flatnonzero((nouns != NONE) & (kind & ACTION_NOUN != 0)), readings)
        readings.separable[:] = self._separable.has(own)
        kind[readings.separable & (kind & KNOWN == 0)] |= VERB | KNOWN

    def _fill_adjectives(self, spans: Spans, rows: Places, readings: Readings, cues: FoundCues) -> None:
        adjectives = self._adjectives(spans.take(rows))
        some = adjectives != NONE
        rows, entries = rows[some], adjectives[some]
        new = readings.kind[rows] & KNOWN == 0
        readings.lemma[rows[new]] = self.columns.keys[entries[new]]
        readings.kind[rows] |= OTHER | KNOWN
        cues.add(rows, entries, VIA_OTHER)

    def _fill_elided(self, spans: Spans, rows: Places, readings: Readings, cues: FoundCues) -> None:
        """The noun before the linking letters of "Bearbeitungs-"."""
        if not len(rows):
            return
        elided = spans.take(rows)
        found = np.full(len(rows), NONE, np.int32)
        for link in _ELIDED_LINKS:
            some = np.flatnonzero((found == NONE) & elided.ends_with(link))
            found[some] = self._nouns(Spans(spans.letters, elided.start[some], elided.end[some] - len(link)))
        some = found != NONE
        rows, entries = rows[some], found[some]
        readings.kind[rows] |= self.kind[entries] & NOUNS | KNOWN
        readings.classes[rows] |= self.classes[entries]
        readings.lemma[rows] = readings.head[rows] = self.columns.keys[entries]
        cues.add(rows, entries, VIA_NOUN)

    def _fill_compounds(self, spans: Spans, rows: Places, readings: Readings, cues: FoundCues) -> None:
        """The head says what a compound is; a neutral head lets its modifier speak."""
        rows = rows[spans.length[rows] <= _LONGEST]
        first, last = self._compounds(spans.take(rows))
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

    def _fill_acts(self, spans: Spans, rows: Places, readings: Readings) -> None:
        """A listed word that names an act and what is acted on, as "Vertragsverhandlung": the classes of that."""
        rows = rows[spans.length[rows] <= _LONGEST]
        first, last = self._compounds(spans.take(rows))
        some = (first != NONE) & (last != NONE) & (self.kind[last] & ACTION_NOUN != 0)
        readings.modifier_classes[rows[some]] = self.classes[first[some]]

    def _nouns(self, spans: Spans) -> Numbers:
        """The entries whose noun or phrase form the spans are, or -1."""
        hashes = spans.hashes()
        found = self._irregular.find(hashes)
        exact = self.entries.find(hashes)
        _settle(found, exact, self.kind[exact] & ~VERB != 0)
        open_ = np.flatnonzero(found == NONE)
        if not len(open_):
            return found
        more = self._inflected(spans.take(open_))
        _settle(more, exact[open_], self.kind[exact[open_]] == 0)
        found[open_] = more
        return found

    def _inflected(self, spans: Spans) -> Numbers:
        """The nouns whose ending, umlaut or dropped -e makes these forms, the shortest ending first."""
        letters = spans.letters
        candidates: list[tuple[Places, Hashes]] = []
        for ending in _NOUN_ENDINGS:
            rows = np.flatnonzero((spans.length >= _SHORTEST_STEM + len(ending)) & spans.ends_with(ending))
            if not len(rows):
                continue
            start, end = spans.start[rows], spans.end[rows] - len(ending)
            stem = letters.hashes(start, end)
            candidates.append((rows, stem))
            if ending in _UMLAUT_ENDINGS:
                candidates.append(_without_umlaut(letters, rows, start, end))
            if ending in _DROPPED_E:
                candidates.append((rows, letters.with_letter(stem, end - start, "e")))
        bare = np.flatnonzero(~spans.ends_with("ung"))
        candidates.append(_without_umlaut(letters, bare, spans.start[bare], spans.end[bare]))
        entries = self.entries.find(np.concatenate([hashes for _, hashes in candidates]))
        usable = self.kind[entries] & NOUNS != 0
        rows = np.concatenate([rows for rows, _ in candidates])
        some = np.flatnonzero(usable)[::-1]
        found = np.full(len(spans), NONE, np.int32)
        found[rows[some]] = entries[some]  # the first candidate stands
        return found

    def _adjectives(self, spans: Spans) -> Numbers:
        rows = [np.flatnonzero(spans.ends_with(ending)) for ending in _ADJECTIVE_ENDINGS]
        hashes = [
            spans.letters.hashes(spans.start[some], spans.end[some] - len(ending))
            for some, ending in zip(rows, _ADJECTIVE_ENDINGS, strict=True)
        ]
        entries = self.entries.find(np.concatenate(hashes))
        kind = self.kind[entries]
        usable = np.flatnonzero((entries != NONE) & ((kind & OTHER != 0) | (kind == 0)))[::-1]
        found = np.full(len(spans), NONE, np.int32)
        found[np.concatenate(rows)[usable]] = entries[usable]  # the shortest ending stands
        return found

    def _compounds(self, spans: Spans) -> tuple[Numbers, Numbers]:
        """First part and head of each span, or -1; the longest known head counts.

        The first part must be known, end in a linking letter or be longer than four letters.
        """
        letters, start, end = spans.letters, spans.start, spans.end
        first, last = (np.full(len(spans), NONE, np.int32) for _ in range(2))
        word, inner = expanded(np.maximum(spans.length - (_MINIMUM_MODIFIER + _MINIMUM_HEAD - 1), 0))
        split = start[word] + _MINIMUM_MODIFIER + inner
        begins = any_of(*(
            self.beginnings.has(letters.hashes(split, np.minimum(split + length, end[word])))
            for length in (_BEGINNING, 4, 3)
        ))
        begins |= self._irregular.has(letters.hashes(split, end[word]))
        word, split = word[begins], split[begins]
        head = self._nouns(Spans(letters, split, end[word]))
        fits = (self.kind[head] & NOUNS != 0) & (self._lengths[head] >= _MINIMUM_HEAD)
        fits &= ~self._prefixes.has(letters.hashes(start[word], split))
        word, split, head = word[fits], split[fits], head[fits]
        if not len(word):
            return first, last
        modifiers = Spans(letters, start[word], split)
        modifier = self._modifiers(modifiers)
        linked = any_of(*(modifiers.ends_with(link) for link in _LINKS)) & (modifiers.length >= _SHORT_MODIFIER)
        fits = (modifier != NONE) | linked | (modifiers.length > _SHORT_MODIFIER)
        word, head, modifier = word[fits], head[fits], modifier[fits]
        first[word[::-1]], last[word[::-1]] = modifier[::-1], head[::-1]  # the first split stands
        return first, last

    def _modifiers(self, spans: Spans) -> Numbers:
        """The entries of the first parts of compounds, or -1: with linking letters, as stems, as compounds."""
        letters, start, end = spans.letters, spans.start, spans.end
        found = self._nouns(spans)
        own = spans.hashes()
        rows = [np.arange(len(spans)), *(np.flatnonzero(spans.ends_with(link)) for link in _LINKS)]
        hashes = [own, *(
            letters.hashes(start[some], end[some] - len(link)) for some, link in zip(rows[1:], _LINKS, strict=True)
        )]
        with_e = letters.with_letter(own, spans.length, "e")
        hashes += [with_e, letters.with_letter(with_e, spans.length + 1, "n")]
        entries = self.entries.find(np.concatenate(hashes))
        some = np.flatnonzero(entries != NONE)[::-1]
        stems = np.full(len(spans), NONE, np.int32)
        stems[np.concatenate([*rows, rows[0], rows[0]])[some]] = entries[some]  # the first candidate stands
        _settle(found, stems, stems != NONE)
        some = np.flatnonzero((found == NONE) & (spans.length > _LONG_MODIFIER))
        if len(some):
            found[some] = self._compounds(spans.take(some))[1]
            some = some[(found[some] == NONE) & spans.ends_with("s")[some]]
            found[some] = self._compounds(Spans(letters, start[some], end[some] - 1))[1]
        return found


def _without_umlaut(letters: Letters, rows: Places, start: Places, end: Places) -> tuple[Places, Hashes]:
    """The spans that have a folded umlaut, with hashes as if the last one had none ("vertraeg", "vertrag")."""
    umlaut = letters.last_umlaut(start, end)
    some = np.flatnonzero(umlaut != NONE)
    return rows[some], letters.without_letter(start[some], umlaut[some] + 1, end[some])


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
