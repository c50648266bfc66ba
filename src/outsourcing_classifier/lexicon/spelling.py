"""Typing errors: a long form that nothing explains is read as the one lemma at a distance of one letter.

Deleted-letter keys: two words that differ by one letter (left out, put in, exchanged, or swapped with its
neighbour) share what is left when one letter of each is deleted. Keys are kept as sorted hashes, made
for all words at once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from ..text.letters import HashTable, Letters, Mask, Places, Spans
from ..text.runs import distinct, expanded

SHORTEST: Final = 7  # letters; shorter forms have too many neighbours
_STEM: Final = SHORTEST - 1
_LONGEST: Final = 40
_LONG: Final = 10
_MODIFIER: Final = 4  # letters before the head of a compound
_BEGINNING: Final = 5
_ENDINGS: Final = {"en": ("", "s", "ed", "ing"), "de": ("", "e", "n", "en", "s", "er")}
_QUICK: Final = 12  # bits of a key that the quick look leaves out


@dataclass(eq=False, repr=False)
class SpellingKeys:
    """Hashes of the deleted-letter keys of one language's lemmas, sorted, and the lemma of each."""

    language: str
    lines: str  # the lemmas, each on a line
    hashes: npt.NDArray[np.uint32]
    numbers: npt.NDArray[np.int32]

    @cached_property
    def _lemmas(self) -> list[str]:
        return self.lines.split("\n")

    @cached_property
    def _quick(self) -> Mask:
        found = np.zeros(1 << (32 - _QUICK), np.bool_)
        found[self.hashes >> np.uint32(_QUICK)] = True
        return found

    def nearest(self, forms: Sequence[str], heads: HashTable | None = None) -> list[str | None]:
        """For each form (key of a word, lower case): as it should be, where exactly one lemma is near.

        `heads` are the first five letters of words that may be the head of a compound.
        """
        letters = Letters.of([form if form.isascii() and len(form) <= _LONGEST else "" for form in forms])
        typed, place = letters.as_typed()
        row, start, end = _stems(letters, _ENDINGS[self.language], heads)
        hashes, stem = _keys(typed, place[start], place[end])
        some = np.flatnonzero(self._quick[hashes >> np.uint32(_QUICK)])
        first = np.searchsorted(self.hashes, hashes[some], "left")
        inner, step = expanded(np.searchsorted(self.hashes, hashes[some], "right") - first)
        pair = distinct(stem[some][inner].astype(np.int64) << 32 | self.numbers[first[inner] + step])
        stems = (pair >> 32).tolist()
        begins, stops = (start - letters.start[row]).tolist(), (end - letters.start[row]).tolist()
        rows = row.tolist()
        found: dict[int, dict[str, str]] = {}
        whole: dict[int, dict[str, str]] = {}
        for number, lemma_number in zip(stems, (pair & 0xFFFFFFFF).tolist(), strict=True):
            form, begin, stop = forms[rows[number]], begins[number], stops[number]
            lemma = self._lemmas[lemma_number]
            if one_letter_apart(_as_typed(form[begin:stop]), _as_typed(lemma)):
                near = whole if begin == 0 and stop == len(form) else found
                near.setdefault(rows[number], {}).setdefault(lemma, form[:begin] + lemma + form[stop:])
        found |= whole  # a lemma near the whole form wins over those near its stem
        right: list[str | None] = [None] * len(forms)
        for place_of_form, words in found.items():
            if len(words) == 1:
                right[place_of_form] = next(iter(words.values()))
        return right


def spelling_keys(language: str, lemmas: Iterable[str]) -> SpellingKeys:
    """The keys of all lemmas that are long enough."""
    long = sorted(word for word in lemmas if _STEM <= len(word) <= _LONGEST and word.isascii() and word.isalpha())
    letters = Letters.of(long)
    typed, place = letters.as_typed()
    hashes, numbers = _keys(typed, place[letters.start], place[letters.end])
    order = np.lexsort((numbers, hashes))
    return SpellingKeys(language, "\n".join(long), hashes[order], numbers[order])


def _stems(letters: Letters, endings: Sequence[str], heads: HashTable | None) -> tuple[Places, Places, Places]:
    """Spans that may be a lemma with a typing error: row of the word, start and end; the whole word first."""
    row = np.arange(len(letters.start))
    start = letters.start
    if heads is not None:
        inside, step = expanded(np.maximum(letters.end - letters.start - _MODIFIER - _STEM, 0))
        begin = letters.start[inside] + _MODIFIER + step
        head = heads.has(letters.hashes(begin, begin + _BEGINNING))
        row, start = np.concatenate((row, inside[head])), np.concatenate((start, begin[head]))
    spans = []
    words = Spans(letters, start, letters.end[row])
    for ending in endings:
        kept = np.flatnonzero(words.ends_with(ending) & (words.length >= _STEM + len(ending)))
        spans.append((row[kept], start[kept], words.end[kept] - len(ending)))
    row, start, end = (np.concatenate(column) for column in zip(*spans, strict=True))
    return row, start, end


def _keys(letters: Letters, start: Places, end: Places) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int32]]:
    """Hash of each span, and of what is left of it without one letter (never the first); number of its span."""
    row, step = expanded(np.maximum(end - start - 1, 0))
    shorter = letters.without_letter(start[row], start[row] + 1 + step, end[row])
    hashes = np.concatenate((letters.hashes(start, end), shorter)) >> np.uint64(32)
    return hashes.astype(np.uint32), np.concatenate((np.arange(len(start)), row)).astype(np.int32)


def _as_typed(word: str) -> str:
    """A folded umlaut as one letter."""
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
