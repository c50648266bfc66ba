"""Spans of letters: equal letters have equal hashes, wherever they stand and however they came about."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from outsourcing_classifier.text.letters import HashTable, Letters, Spans, hash_of, hashed

WORD = st.text("abeostuäx", min_size=1, max_size=9)
WORDS = st.lists(WORD, min_size=1, max_size=6)


def one(word: str) -> tuple[Letters, np.ndarray, np.ndarray]:
    """Letters of some words, of which the second is `word`, with its span."""
    letters = Letters.of(["before", word, "behind"])
    return letters, letters.start[1:2], letters.end[1:2]


@given(WORDS)
def test_the_hash_of_a_word_does_not_depend_on_its_neighbours(words: list[str]) -> None:
    assert hashed(words).tolist() == [hash_of(word) for word in words]


@given(WORD, st.integers(0, 8), st.integers(0, 8))
def test_a_span_has_the_hash_of_its_letters(word: str, first: int, length: int) -> None:
    letters, start, _ = one(word)
    begin = min(first, len(word))
    end = min(begin + length, len(word))
    assert letters.hashes(start + begin, start + end)[0] == hash_of(word[begin:end])


@given(WORD, st.sampled_from("ens"))
def test_a_letter_can_be_put_behind(word: str, letter: str) -> None:
    letters, start, end = one(word)
    assert letters.with_letter(letters.hashes(start, end), end - start, letter)[0] == hash_of(word + letter)


@given(WORD, st.integers(0, 8))
def test_a_letter_can_be_left_out(word: str, place: int) -> None:
    letters, start, end = one(word)
    place %= len(word)
    assert letters.without_letter(start, start + place, end)[0] == hash_of(word[:place] + word[place + 1 :])


@given(WORD)
def test_the_last_folded_umlaut_is_found(word: str) -> None:
    letters, start, end = one(word)
    place = max(word.rfind(umlaut) for umlaut in ("ae", "oe", "ue"))
    assert letters.last_umlaut(start, end)[0] == (start[0] + place if place >= 0 else -1)


@given(WORD, st.text("abest", min_size=1, max_size=4))
def test_endings_are_seen_within_the_word_only(word: str, ending: str) -> None:
    assert Spans(*one(word)).ends_with(ending)[0] == word.endswith(ending)


@given(st.lists(WORD, unique=True), WORDS)
def test_a_table_finds_what_was_put_in_and_nothing_else(known: list[str], asked: list[str]) -> None:
    table = HashTable.from_words(known, [10 * i for i in range(len(known))])
    expected = [10 * known.index(word) if word in known else -1 for word in asked]
    assert table.find(hashed(asked)).tolist() == expected


def test_keys_with_the_same_first_bits_are_told_apart() -> None:
    keys = np.array([1 << 60, (1 << 60) + 1, (1 << 60) + 2], np.uint64)
    table = HashTable.of(keys, np.array([7, 8, 9], np.int32))
    assert table.find(np.append(keys, np.uint64((1 << 60) + 3))).tolist() == [7, 8, 9, -1]
