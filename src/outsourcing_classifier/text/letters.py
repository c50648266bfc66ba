"""The letters of many words in one column, and the hash of every span of them.

Inside the package a lemma is known by the hash of its letters. A span of a word (what is left without
an ending, the head of a compound) has its hash without being cut out, so looking up all stems of all words of a
batch is one array operation.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

NONE: Final = -1
_BASE: Final = 0x9E3779B97F4A7C15  # odd, so that it has an inverse modulo 2^64
_INVERSE: Final = pow(_BASE, -1, 1 << 64)
_UMLAUT_VOWELS: Final = "aou"
_TYPED: Final = np.uint64(1 << 10)  # apart from all folded letters
_KEPT: Final = 1 << 16  # powers that are kept
_BLOCK: Final = 8192  # spans that are hashed at once, so that arrays stay small
_SPARE: Final = 3  # eight slots or more for a key


class Letters:
    """Words one behind the other; `start` and `end` are the spans of the words, shape (words,)."""

    def __init__(self, codes: Hashes, start: Places, end: Places) -> None:
        size = len(codes)
        self.codes = np.append(codes, np.uint64(0))  # there is always a letter to look at
        self.start, self.end = start, end
        self._powers, self._inverses = _powers(size + 2)
        self._before = np.zeros(size + 1, np.uint64)
        np.cumsum(codes * self._powers[1 : size + 1], out=self._before[1:])

    @classmethod
    def of(cls, words: Sequence[str]) -> "Letters":
        """The letters of words."""
        raw = "".join(words).encode("utf-32-le", "surrogatepass")
        lengths = np.fromiter(map(len, words), np.int64, len(words))
        end = np.cumsum(lengths)
        return cls(np.frombuffer(raw, "<u4").astype(np.uint64), end - lengths, end)

    def as_typed(self) -> tuple["Letters", Places]:
        """With each folded umlaut as one letter, as it was typed; and where each place has gone."""
        umlaut = self._umlauts == np.arange(len(self.codes))
        second = np.zeros(len(self.codes), np.bool_)
        second[1:] = umlaut[:-1]
        place = np.zeros(len(self.codes) + 1, np.int64)
        np.cumsum(~second, out=place[1:])
        codes = np.where(umlaut, self.codes + _TYPED, self.codes)[~second]
        return Letters(codes[:-1], place[self.start], place[self.end]), place

    def hashes(self, start: Places, end: Places) -> Hashes:
        """Hashes of spans; equal letters have equal hashes, wherever they stand."""
        return (self._before[end] - self._before[start]) * self._inverses[start]

    def with_letter(self, hashes: Hashes, length: Places, letter: str) -> Hashes:
        """Hashes of spans with a letter behind them."""
        return hashes + np.uint64(ord(letter)) * self._powers[length + 1]

    def without_letter(self, start: Places, place: Places, end: Places) -> Hashes:
        """Hashes of spans without the letter at `place`."""
        return self.hashes(start, place) + self.hashes(place + 1, end) * self._powers[place - start]

    def last_umlaut(self, start: Places, end: Places) -> Places:
        """Place of the last folded umlaut (ae, oe, ue) of each span, or -1."""
        before = np.maximum(end - 2, 0)
        place = self._umlauts[before]
        return np.where((place >= start) & (end - start > 1), place, NONE)

    @cached_property
    def _umlauts(self) -> Places:
        """The place of the last folded umlaut up to each letter, or -1."""
        starts = np.zeros(len(self.codes), np.bool_)
        vowel = np.isin(self.codes, [ord(letter) for letter in _UMLAUT_VOWELS])
        starts[:-1] = vowel[:-1] & (self.codes[1:] == ord("e"))
        return np.maximum.accumulate(np.where(starts, np.arange(len(starts)), NONE))


class Spans:
    """Spans of letters whose ends are looked at again and again."""

    def __init__(self, letters: Letters, start: Places, end: Places) -> None:
        self.letters, self.start, self.end = letters, start, end
        self.length = end - start
        self._tails: list[Hashes] = []

    def __len__(self) -> int:
        return len(self.start)

    def take(self, rows: Places) -> "Spans":
        """Some of the spans."""
        return Spans(self.letters, self.start[rows], self.end[rows])

    def last(self, place: int) -> Hashes:
        """The last letter (1), the one before it (2), …; whatever stands there where a span is shorter."""
        while len(self._tails) < place:
            self._tails.append(self.letters.codes.take(self.end - len(self._tails) - 1, mode="clip"))
        return self._tails[place - 1]

    def ends_with(self, ending: str) -> Mask:
        """Which spans end so."""
        found = self.length >= len(ending)
        for back, letter in enumerate(reversed(ending), 1):
            found &= self.last(back) == ord(letter)
        return found

    def have_any(self, wanted: str) -> Mask:
        """Which spans have one of some letters."""
        found = any_of(*(self.letters.codes == ord(letter) for letter in wanted))
        before = np.zeros(len(found) + 1, np.int32)
        np.cumsum(found, out=before[1:])
        return before[self.end] > before[self.start]

    def hashes(self) -> Hashes:
        """Their hashes."""
        return self.letters.hashes(self.start, self.end)


def whole_words(words: Sequence[str]) -> Spans:
    """The spans of words."""
    letters = Letters.of(words)
    return Spans(letters, letters.start, letters.end)


def any_of(*masks: Mask) -> Mask:
    """Where one of the masks holds."""
    return np.logical_or.reduce(masks)


def _powers(count: int) -> tuple[Hashes, Hashes]:
    """The first powers of the base and of its inverse."""
    if count <= _KEPT:
        base, inverse = _kept_powers()
        return base[:count], inverse[:count]
    return _computed_powers(_BASE, count), _computed_powers(_INVERSE, count)


@lru_cache(maxsize=1)
def _kept_powers() -> tuple[Hashes, Hashes]:
    return _computed_powers(_BASE, _KEPT), _computed_powers(_INVERSE, _KEPT)


def _computed_powers(base: int, count: int) -> Hashes:
    powers = np.full(count, base, np.uint64)
    powers[0] = 1
    return np.cumprod(powers, dtype=np.uint64)


def span_hashes(codes: npt.NDArray[np.uint32], start: Places, end: Places) -> Hashes:
    """Hashes of spans in ascending order that do not overlap, block by block."""
    hashes = np.empty(len(start), np.uint64)
    for first in range(0, len(start), _BLOCK):
        block = slice(first, first + _BLOCK)
        begin = start[first]
        letters = Letters(codes[begin : end[block][-1]].astype(np.uint64), start[block] - begin, end[block] - begin)
        hashes[block] = letters.hashes(letters.start, letters.end)
    return hashes


def hashed(words: Iterable[str]) -> Hashes:
    """The hash of each word."""
    return whole_words(list(words)).hashes()


def hash_of(word: str) -> int:
    """The hash of one word."""
    return int(hashed([word])[0])


@dataclass(slots=True, eq=False, repr=False)
class HashTable:
    """Sorted hashes and the number that each leads to; `slots` leads from the first bits of a hash to one place."""

    keys: Hashes
    numbers: npt.NDArray[np.int32]
    slots: npt.NDArray[np.int32]

    @classmethod
    def of(cls, keys: Hashes, numbers: npt.NDArray[np.int32]) -> "HashTable":
        """A table of keys that are sorted already."""
        slots = np.full(1 << (len(keys).bit_length() + _SPARE), NONE, np.int32)
        slots[keys >> _shift(slots)] = np.arange(len(keys), dtype=np.int32)
        return cls(keys, numbers, slots)

    @classmethod
    def from_words(cls, words: Sequence[str], numbers: Sequence[int] | None = None) -> "HashTable":
        """Words with their numbers, by default their places."""
        given = np.arange(len(words)) if numbers is None else np.array(numbers)
        return cls.unsorted(hashed(words), given.astype(np.int32))

    @classmethod
    def unsorted(cls, keys: Hashes, numbers: npt.NDArray[np.int32]) -> "HashTable":
        """A table of keys in any order."""
        order = np.argsort(keys)
        return cls.of(keys[order], numbers[order])

    def find(self, hashes: Hashes) -> npt.NDArray[np.int32]:
        """The number of each hash, or -1."""
        found = np.full(len(hashes), NONE, np.int32)
        place = self.slots[hashes >> _shift(self.slots)]
        some = (place != NONE).nonzero()[0]
        if not len(some):
            return found
        place, wanted = place[some], hashes[some]
        other = (self.keys[place] != wanted).nonzero()[0]  # another key with the same first bits
        if len(other):
            sought = np.minimum(np.searchsorted(self.keys, wanted[other]), len(self.keys) - 1)
            place[other] = np.where(self.keys[sought] == wanted[other], sought, NONE)
        found[some] = np.where(place == NONE, NONE, self.numbers[place])
        return found

    def has(self, hashes: Hashes) -> Mask:
        """Which hashes are in the table."""
        return self.find(hashes) != NONE


def _shift(slots: npt.NDArray[np.int32]) -> np.uint64:
    return np.uint64(65 - len(slots).bit_length())
