"""English word forms: endings are stripped and the rest must stand in the vocabulary."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from ..text.letters import NONE, Hashes, Mask, Places, Spans, any_of
from .readings import VIA_NOUN, VIA_OTHER, VIA_VERB, FoundCues, Readings
from .vocabulary import NOUNS, Vocabulary, Words
from .words import ADVERB, CAPITAL, ELIDED, GERUND, KNOWN, LETTERS, OTHER, PARTICIPLE, THIRD, VERB, fold

# How a form comes from its lemma.
BASE, PAST, ING, PLURAL = range(4)
_VERB_KINDS: Final = {BASE: VERB, PLURAL: VERB | THIRD, PAST: PARTICIPLE, ING: GERUND}
_SHORTEST: Final = 5  # letters of a word that is spelled in two ways
_ES: Final = ("ses", "xes", "zes", "ches", "shes", "oes")
_VOWELS: Final = "aeiou"

_SPELLINGS: Final = (
    ("isations", "izations"), ("isation", "ization"), ("ising", "izing"), ("ised", "ized"),
    ("ises", "izes"), ("ise", "ize"),
    ("ysing", "yzing"), ("ysed", "yzed"), ("yses", "yzes"), ("yse", "yze"),
    ("cences", "censes"), ("cence", "cense"), ("grammes", "grams"),
    ("gramme", "gram"), ("logues", "logs"), ("logue", "log"), ("tres", "ters"), ("tre", "ter"),
    ("lling", "ling"), ("lled", "led"), ("llers", "lers"), ("ller", "ler"),
)
_BRITISH: Final = tuple(british for british, _ in _SPELLINGS)
_DOUBLED: Final = "ll"  # behind several syllables only ("travelling"): "filling" is no "filing"

Step = tuple[Places, Hashes, int]  # rows, hashes of lemmas, how the form comes from the lemma


def spelling(word: str) -> str:
    """American and British spelling under one key (a key need not be a word)."""
    if len(word) < _SHORTEST:
        return word
    for british, american in _SPELLINGS:
        if word.endswith(british):
            start = word.removesuffix(british)
            if not british.startswith(_DOUBLED) or sum(map(start.count, _VOWELS)) > 1:
                word = start + american
            break
    return word[:2] + word[2:].replace("our", "or")


def _key(word: str) -> str:
    return spelling(fold(word))


class EnglishVocabulary(Vocabulary):
    """Collects the English side."""

    def key(self, word: str) -> str:
        """The key under which a word stands in the vocabulary."""
        return _key(word)

    def add_verb(self, verb: str, _particle: str, forms: Sequence[str]) -> None:
        """Register a verb and its irregular past and participle."""
        self.entry(verb).kind |= VERB
        for form in forms:
            self._add_form(self.key(form), self.key(verb), PAST)

    def add_form(self, form: str, lemma: str) -> None:
        """Register an irregular plural ("people", "criteria")."""
        self._add_form(self.key(form), self.key(lemma), PLURAL)

    def gerunds(self, verb: str) -> list[str]:
        """Its forms in -ing that are words of their own: "reading out" is found as "read out" is."""
        forms = (verb + "ing", verb.removesuffix("e") + "ing", verb + verb[-1:] + "ing")
        return [form for form in dict.fromkeys(forms) if self.entries.get(self.key(form)) is not None]

    def words(self) -> "EnglishWords":
        """The vocabulary as it is now."""
        return EnglishWords(self.columns())


class EnglishWords(Words):
    """The English side of the vocabulary."""

    def key(self, word: str) -> str:
        """The key under which a word stands in the vocabulary."""
        return _key(word)

    def keys(self, folded: Sequence[str]) -> list[str]:
        """The keys of folded words."""
        return [spelling(word) if "our" in word or word.endswith(_BRITISH) else word for word in folded]

    def _words(self, forms: Sequence[str], folded: Sequence[str]) -> tuple[list[str], list[int]]:
        words = self.keys(folded)
        for i, word in enumerate(folded):
            if not word.isalpha():
                words[i] = spelling(word.strip("-").removesuffix("'s"))
        kind = [
            LETTERS | (CAPITAL if form[0].isupper() else 0) | (ELIDED if form[-1] == "-" else 0) for form in forms
        ]
        return words, kind

    def _fill(self, spans: Spans, own: Hashes, readings: Readings, cues: FoundCues) -> None:
        listed = [
            (rows[ways == way], entries[ways == way], way)
            for rows, entries, ways in self._found(own) for way in (PAST, PLURAL)
        ]
        stems = list(_stems(spans))
        found = self.entries.find(np.concatenate([own, *(hashes for _, hashes, _ in stems)]))
        ends = np.cumsum([len(own), *(len(rows) for rows, _, _ in stems)]).tolist()
        looked_up = [
            (rows, found[first:end], way)
            for (rows, _, way), first, end in zip(stems, ends[:-1], ends[1:], strict=True)
        ]
        for rows, entries, way in ((np.arange(len(own)), found[: len(own)], BASE), *listed, *looked_up):
            some = np.flatnonzero(entries != NONE)
            if len(some):
                self._take(readings, cues, rows[some], entries[some], way)
        unknown = readings.kind & KNOWN == 0
        for ending, kind in (("ly", ADVERB), ("ing", GERUND), ("ed", OTHER)):
            readings.kind[unknown & spans.ends_with(ending)] |= kind
        readings.head[:] = readings.lemma

    def _take(
        self, readings: Readings, cues: FoundCues, rows: Places, entries: npt.NDArray[np.int32], way: int
    ) -> None:
        """What forms of these entries can be, and the cues that come with it."""
        kinds = self.kind[entries]
        found = np.where(kinds & VERB != 0, _VERB_KINDS[way], 0)
        nounish = way in (BASE, PLURAL)
        if nounish:
            found |= kinds & (NOUNS | OTHER)
            found[kinds == 0] |= OTHER
        some = found != 0
        rows, entries, kinds, found = rows[some], entries[some], kinds[some], found[some]
        first = readings.kind[rows] & KNOWN == 0
        readings.lemma[rows[first]] = self.columns.keys[entries[first]]
        readings.kind[rows] |= found | KNOWN
        thing = (found & NOUNS != 0) | (found & (VERB | GERUND | PARTICIPLE) == 0)
        readings.classes[rows[thing]] |= self.classes[entries[thing]]
        acts = kinds & VERB != 0
        cues.add(rows[acts], entries[acts], VIA_VERB)
        if nounish:
            noun = kinds & NOUNS != 0
            cues.add(rows[noun], entries[noun], VIA_NOUN)
            cues.add(rows, entries, VIA_OTHER)


def _stems(spans: Spans) -> Iterator[Step]:
    """Hashes of the lemmas that forms may come from, the likeliest first."""
    letters, length = spans.letters, spans.length

    def stem(mask: Mask, cut: int, letter: str, way: int) -> Step:
        rows = np.flatnonzero(mask)
        hashes = letters.hashes(spans.start[rows], spans.end[rows] - cut)
        for place, added in enumerate(letter):
            hashes = letters.with_letter(hashes, length[rows] - cut + place, added)
        return rows, hashes, way

    plural = spans.ends_with("s") & (length > 3) & ~spans.ends_with("ss")
    if plural.any():
        yield stem(plural, 1, "", PLURAL)
        ies = plural & spans.ends_with("ies")
        yield stem(ies, 3, "y", PLURAL)
        es = plural & ~ies & any_of(*(spans.ends_with(ending) for ending in _ES))
        yield stem(es, 2, "", PLURAL)
        yield stem(es & spans.ends_with("ses"), 2, "is", PLURAL)
    for ending, way in (("ed", PAST), ("ing", ING)):
        cut = len(ending)
        mask = spans.ends_with(ending) & (length > cut + 1)
        if not mask.any():
            continue
        last, before = spans.last(cut + 1), spans.last(cut + 2)
        double = (last == before) & ~any_of(*(last == ord(vowel) for vowel in _VOWELS)) & (length > cut + 3)
        yield stem(mask, cut, "", way)
        yield stem(mask, cut, "e", way)
        yield stem(mask & (last == ord("i")), cut + 1, "y", way)
        yield stem(mask & double, cut + 1, "", way)
        yield stem(mask & (last == ord("l")), cut, "l", way)
    yield stem(spans.ends_with("ly") & (length > 5), 2, "", BASE)
