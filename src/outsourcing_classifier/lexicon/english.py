"""English word forms: endings are stripped and the rest must stand in the vocabulary."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from ..text.letters import NONE, Letters, Mask, Places
from .readings import VIA_NOUN, VIA_OTHER, VIA_VERB, FoundCues, Readings
from .vocabulary import NOUNS, Vocabulary, Words, any_of
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

_NO_ENTRIES: Final = np.zeros(0, np.int32)
Step = tuple[Places, npt.NDArray[np.int32], int]  # rows, entries, how the form comes from the lemma


def spelling(word: str) -> str:
    """American and British spelling under one key (a key need not be a word)."""
    if len(word) < _SHORTEST:
        return word
    for british, american in _SPELLINGS:
        if word.endswith(british):
            word = word[: -len(british)] + american
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

    def _fill(self, letters: Letters, readings: Readings, cues: FoundCues) -> None:
        for rows, entries, way in self._candidates(letters):
            some = entries != NONE
            if some.any():
                self._take(readings, cues, rows[some], entries[some], way)
        start, end = letters.start, letters.end
        unknown = (readings.kind & KNOWN == 0)
        for ending, kind in (("ly", ADVERB), ("ing", GERUND), ("ed", OTHER)):
            readings.kind[unknown & letters.ends_with(start, end, ending)] |= kind
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

    def _candidates(self, letters: Letters) -> Iterator[Step]:
        """Lemmas that forms may come from, the likeliest first."""
        start, end = letters.start, letters.end
        own = letters.hashes(start, end)
        yield np.arange(len(start)), self.entries.find(own), BASE
        for rows, entries, ways in self._found(own):
            for way in (PAST, PLURAL):
                yield rows[ways == way], entries[ways == way], way
        length = end - start

        def stems(mask: Mask, cut: int, letter: str, way: int) -> Step:
            rows = np.flatnonzero(mask)
            if not len(rows):
                return rows, _NO_ENTRIES, way
            hashes = letters.hashes(start[rows], end[rows] - cut)
            if letter:
                hashes = letters.with_letter(hashes, length[rows] - cut, letter[0])
            if letter[1:]:
                hashes = letters.with_letter(hashes, length[rows] - cut + 1, letter[1])
            return rows, self.entries.find(hashes), way

        def ends(ending: str) -> Mask:
            return letters.ends_with(start, end, ending)

        plural = ends("s") & (length > 3) & ~ends("ss")
        yield stems(plural, 1, "", PLURAL)
        ies = plural & ends("ies")
        yield stems(ies, 3, "y", PLURAL)
        es = plural & ~ies & any_of(*(ends(ending) for ending in _ES))
        yield stems(es, 2, "", PLURAL)
        yield stems(es & ends("ses"), 2, "is", PLURAL)
        for ending, way in (("ed", PAST), ("ing", ING)):
            cut = len(ending)
            mask = ends(ending) & (length > cut + 1)
            last, before = (letters.codes[np.maximum(end - cut - k, 0)] for k in (1, 2))
            double = (last == before) & ~np.isin(last, [ord(vowel) for vowel in _VOWELS]) & (length > cut + 3)
            yield stems(mask, cut, "", way)
            yield stems(mask, cut, "e", way)
            yield stems(mask & (last == ord("i")), cut + 1, "y", way)
            yield stems(mask & double, cut + 1, "", way)
            yield stems(mask & (last == ord("l")), cut, "l", way)
        yield stems(ends("ly") & (length > 5), 2, "", BASE)
