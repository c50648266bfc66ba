"""Typing errors: a long form that nothing explains is read as the one lemma at a distance of one letter.

Deleted-letter keys: two words that differ by one letter (left out, put in, exchanged, or swapped with its
neighbour) share what is left when one letter of each is deleted. Keys are kept as sorted hashes, made
for all words at once.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ..text.runs import expanded

SHORTEST: Final = 7  # letters; shorter forms have too many neighbours
_STEM: Final = SHORTEST - 1
_LONGEST: Final = 40
_LONG: Final = 10
_MODIFIER: Final = 4  # letters before the head of a compound
_ENDINGS: Final = {"en": ("s", "ed", "ing"), "de": ("e", "n", "en", "s", "er")}
_BASE: Final = 0x9E3779B97F4A7C15  # odd, so that it has an inverse modulo 2^64
_POWERS: Final = np.array([pow(_BASE, k, 1 << 64) for k in range(_LONGEST + 1)], np.uint64)
_INVERSE: Final = np.uint64(pow(_BASE, -1, 1 << 64))


@dataclass(frozen=True, slots=True)
class SpellingKeys:
    """Hashes of the deleted-letter keys of one language's lemmas, sorted, and the lemma of each."""

    language: str
    lemmas: Sequence[str]
    hashes: npt.NDArray[np.uint32]
    numbers: npt.NDArray[np.int32]

    def nearest(self, forms: Sequence[str], heads: Container[str] = ()) -> dict[str, str]:
        """For forms (keys of words, lower case) with exactly one lemma near: the form as it should be.

        `heads` are the first five letters of words that may be the head of a compound.
        """
        stems: list[tuple[int, int, int]] = []  # form, first letter and end of its stem
        for number, form in enumerate(forms):
            if form.isascii() and len(form) <= _LONGEST:
                ends = [len(form), *(len(form) - len(end) for end in _ENDINGS[self.language] if form.endswith(end))]
                starts = [0, *(i for i in range(_MODIFIER, len(form) - _STEM) if form[i : i + 5] in heads)]
                stems += [(number, start, end) for start in starts for end in ends if end - start >= _STEM]
        hashes, rows = _keys([forms[number][start:end] for number, start, end in stems])
        first = np.searchsorted(self.hashes, hashes, "left")
        end = np.searchsorted(self.hashes, hashes, "right")
        whole: dict[int, dict[str, str]] = {}
        found: dict[int, dict[str, str]] = {}
        for place in np.flatnonzero(end > first).tolist():
            number, begin, stop = stems[rows[place]]
            form = forms[number]
            for lemma_number in self.numbers[first[place] : end[place]].tolist():
                lemma = self.lemmas[lemma_number]
                if one_letter_apart(_letters(form[begin:stop]), _letters(lemma)):
                    near = whole if begin == 0 and stop == len(form) else found
                    near.setdefault(number, {}).setdefault(lemma, form[:begin] + lemma + form[stop:])
        found |= whole  # a lemma near the whole form wins over those near its stem
        return {forms[number]: next(iter(near.values())) for number, near in found.items() if len(near) == 1}


def spelling_keys(language: str, lemmas: Iterable[str]) -> SpellingKeys:
    """The keys of all lemmas that are long enough."""
    long = sorted(word for word in lemmas if _STEM <= len(word) <= _LONGEST and word.isascii() and word.isalpha())
    hashes, numbers = _keys(long)
    order = np.lexsort((numbers, hashes))
    return SpellingKeys(language, long, hashes[order], numbers[order])


def _keys(words: Sequence[str]) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int32]]:
    """Hash of each word, and of what is left of it without one letter (never the first); number of its word."""
    words = [_letters(word) for word in words]
    lengths = np.array([len(word) for word in words], np.int64)
    if not len(lengths):
        return np.zeros(0, np.uint32), np.zeros(0, np.int32)
    letters = np.frombuffer("".join(words).encode("ascii"), np.uint8).astype(np.uint64)
    row, place = expanded(lengths)
    said = letters * _POWERS[lengths[row] - 1 - place]
    before = np.cumsum(said) - said
    first = np.cumsum(lengths) - lengths
    before -= before[first][row]
    whole = before[first + lengths - 1] + said[first + lengths - 1]
    shorter = before * _INVERSE + (whole[row] - before - said)
    kept = place > 0  # the first letter is hardly ever wrong
    hashes = np.concatenate((whole, shorter[kept])) >> np.uint64(32)
    return hashes.astype(np.uint32), np.concatenate((np.arange(len(words)), row[kept])).astype(np.int32)


def _letters(word: str) -> str:
    """A folded umlaut as one letter, as it was typed."""
    return word.replace("ae", "{").replace("oe", "|").replace("ue", "}")


def one_letter_apart(one: str, other: str) -> bool:
    """One letter left out, put in, swapped with its neighbour, or (in long words, which have few twins) exchanged."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    if len(one) < len(other):
        return one[start:] == other[start + 1 :]
    if len(one) > len(other):
        return one[start + 1 :] == other[start:]
    return (one[start + 1 :] == other[start + 1 :] and len(one) >= _LONG) or (
        one[start + 2 :] == other[start + 2 :] and one[start : start + 2] == other[start : start + 2][::-1]
    )
