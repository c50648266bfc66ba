"""Phrases of several words, matched on all texts of a batch at once.

A trie whose edges are lemma numbers, kept in one table of (state, lemma) keys: a step for all
candidates of a batch is one look-up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ..text.letters import HashTable
from ..text.runs import expanded

ANY: Final = 0  # lemma number of `*`, one free word
UNKNOWN: Final = -1
_SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)  # odd: different edges keep different keys


@dataclass(slots=True, eq=False, repr=False)
class PhraseMatches:
    """Where phrases were found: first and last token, and the payload given with the phrase."""

    first: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]
    payload: npt.NDArray[np.int64]

    def take(self, rows: npt.NDArray[np.integer[Any]]) -> "PhraseMatches":
        """The chosen matches."""
        return PhraseMatches(self.first[rows], self.last[rows], self.payload[rows])


@dataclass(slots=True, eq=False, repr=False)
class PhraseTable:
    """The compiled trie; state `side` is the start of a language's phrases."""

    lemmas: HashTable
    edges: HashTable  # state behind each edge
    final_first: npt.NDArray[np.int32]
    final_payloads: npt.NDArray[np.int32]
    has_any: npt.NDArray[np.bool_]
    inner: npt.NDArray[np.bool_]  # states from which phrases go on
    roots: npt.NDArray[np.int32]  # (sides, lemmas): state behind the first word, or -1
    opens: npt.NDArray[np.bool_]  # (sides, lemmas): whether a phrase begins with the lemma
    opens_any: npt.NDArray[np.bool_]  # (sides, lemmas): whether "lemma *" begins a phrase
    continues: npt.NDArray[np.bool_]  # (sides, lemmas): whether the lemma stands second in a phrase

    def match(
        self,
        starts: npt.NDArray[np.int64],
        side: npt.NDArray[np.int64],
        lemma: npt.NDArray[np.int64],
        head: npt.NDArray[np.int64],
        limit: npt.NDArray[np.int64],
        word: npt.NDArray[np.bool_],
    ) -> PhraseMatches:
        """Phrases beginning at `starts`.

        `limit` is the first token behind each token's text, `word` tells words from punctuation
        (`*` stands for a word).
        """
        found: list[tuple[npt.NDArray[np.int64], ...]] = []
        # The first step needs no search: the trie's roots are a table.
        second = starts[head[starts] != lemma[starts]]
        first = np.concatenate((starts, second))
        state = np.concatenate(
            (self.roots[side, lemma[starts]], self.roots[side[head[starts] != lemma[starts]], head[second]])
        )
        alive = state >= 0
        state, first = state[alive], first[alive]
        place = first
        while True:
            counts = self.final_first[state + 1] - self.final_first[state]
            if counts.any():
                rows, inner = expanded(counts)
                payload = self.final_payloads[self.final_first[state][rows] + inner]
                found.append((first[rows], place[rows], payload))
            inside = (place + 1 < limit[place]) & self.inner[state]
            state, first, place = state[inside], first[inside], place[inside] + np.int64(1)
            if not len(place):
                break
            steps = [(self._step(state, lemma[place]), first, place)]
            differs = head[place] != lemma[place]
            if differs.any():
                steps.append((self._step(state[differs], head[place[differs]]), first[differs], place[differs]))
            free = self.has_any[state] & word[place]
            if free.any():
                anything = np.zeros(int(free.sum()), dtype=np.int64)
                steps.append((self._step(state[free], anything), first[free], place[free]))
            state = np.concatenate([s for s, _, _ in steps])
            first = np.concatenate([f for _, f, _ in steps])
            place = np.concatenate([p for _, _, p in steps])
            alive = state >= 0
            state, first, place = state[alive], first[alive], place[alive]
        if not found:
            empty = np.zeros(0, dtype=np.int64)
            return PhraseMatches(empty, empty, empty)
        return PhraseMatches(*(np.concatenate(column) for column in zip(*found, strict=True)))

    def _step(
        self, state: npt.NDArray[np.int64], lemma: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.int64]:
        return self.edges.find(_edge_keys(state, lemma)).astype(np.int64)


def _edge_keys(state: npt.NDArray[np.int64], lemma: npt.NDArray[np.int64]) -> npt.NDArray[np.uint64]:
    return ((state.astype(np.int64) << 32) + lemma).astype(np.uint64) * _SPREAD


class PhraseTableBuilder:
    """Collects phrases; `build` makes the table."""

    def __init__(self, sides: int) -> None:
        self.lemmas: dict[str, int] = {"*": ANY}
        self._edges: dict[tuple[int, int], int] = {}
        self._finals: dict[int, list[int]] = {}
        self._states = self._sides = sides

    def add(self, side: int, lemmas: Sequence[str], payload: int) -> None:
        """Add a phrase of lemmas (`*` = any word) with what its matches shall carry."""
        state = side
        for lemma in lemmas:
            number = self.lemmas.setdefault(lemma, len(self.lemmas))
            if (state, number) not in self._edges:
                self._edges[state, number] = self._states
                self._states += 1
            state = self._edges[state, number]
        self._finals.setdefault(state, []).append(payload)

    def build(self) -> PhraseTable:
        """The compiled table."""
        edges = np.array(list(self._edges), dtype=np.int64).reshape(-1, 2)
        first = [0]
        payloads: list[int] = []
        for state in range(self._states):
            payloads += self._finals.get(state, [])
            first.append(len(payloads))
        has_any = np.zeros(self._states, dtype=np.bool_)
        has_any[[state for state, lemma in self._edges if lemma == ANY]] = True
        inner = np.zeros(self._states, dtype=np.bool_)
        inner[[state for state, _ in self._edges]] = True
        opens = np.zeros((self._sides, len(self.lemmas) + 1), dtype=np.bool_)
        continues = np.zeros_like(opens)
        roots = np.full(opens.shape, -1, dtype=np.int32)
        opens_any = np.zeros_like(opens)
        second: dict[int, int] = {}
        first_word: dict[int, int] = {}
        for (state, lemma), target in self._edges.items():
            if state < self._sides:
                opens[state, lemma] = True
                roots[state, lemma] = target
                second[target] = state
                first_word[target] = lemma
        for state, lemma in self._edges:
            if state in second and lemma == ANY:
                opens_any[second[state], first_word[state]] = True
            elif state in second:
                continues[second[state], lemma] = True
        return PhraseTable(
            roots=roots,
            opens=opens,
            continues=continues,
            opens_any=opens_any,
            lemmas=HashTable.from_words(list(self.lemmas)),
            edges=HashTable.unsorted(_edge_keys(*edges.T), np.array(list(self._edges.values()), dtype=np.int32)),
            final_first=np.array(first, dtype=np.int32),
            final_payloads=np.array(payloads, dtype=np.int32),
            has_any=has_any,
            inner=inner,
        )
