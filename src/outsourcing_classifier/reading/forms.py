"""Distinct forms and what both languages know of them, as columns that grow with the batch."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ..dimensions import LANGUAGES
from ..lexicon import Lexicon
from ..lexicon.codes import FUNCTION
from ..lexicon.phrases import PhraseTable
from ..lexicon.readings import Readings
from ..lexicon.spelling import SHORTEST
from ..lexicon.words import ACTION_NOUN, CAPITAL, GERUND, KNOWN, LETTERS, NOUN, VERB, folded_all, is_word
from ..text.letters import HashTable, Places, Spans, any_of, whole_words
from ..text.runs import Column, first_of_each
from ..text.tokens import LINE_END, ChunkTable, Tokens

# Punctuation by what it does to a clause.
WORD, BREAK, COMMA, SLASH, LINE, OPEN, CLOSE = range(7)
_PUNCTUATION: Final = {
    ",": COMMA, "/": SLASH, "&": COMMA, "+": COMMA, LINE_END: LINE, "(": OPEN, "[": OPEN,
    "{": OPEN, ")": CLOSE, "]": CLOSE, "}": CLOSE,
}
_NOUNISH: Final = NOUN | ACTION_NOUN | GERUND
_MOST: Final = 3000  # thousandths that a word can say of hands or presence
_FUNCTION_VOTE: Final = 4
_WORD_VOTE: Final = 2
_SHAPE_VOTE: Final = 1
_SHORT: Final = 4  # letters; the ending of a word as short as this says nothing
_LONG_NOUN: Final = 12  # letters; longer words with a capital are rarely English
_UMLAUTS: Final = "äöüßÄÖÜ"
_SHAPES: Final = (
    ("ing", "tion", "ment", "ies", "ness", "ity", "ally", "ced", "ted", "ss", "ery", "ship"),
    ("ung", "ungen", "keit", "heit", "schaft", "lich", "isch", "ieren", "tions", "en", "ig", "wesen"),
)


@dataclass(slots=True, eq=False, repr=False)
class FormArrays:
    """Columns of one entry a form, or of two: a form's entry for a side (0 English, 1 German) is at 2 · form + side."""

    kind: npt.NDArray[np.int16]
    function: npt.NDArray[np.int8]
    lemma: npt.NDArray[np.int64]
    head: npt.NDArray[np.int64]
    opens: npt.NDArray[np.bool_]  # may begin a phrase
    opens_any: npt.NDArray[np.bool_]  # may begin a phrase whatever comes second
    continues: npt.NDArray[np.bool_]  # may stand second in a phrase
    silent: npt.NDArray[np.bool_]  # neither known to its side nor a grammar word there
    classes: npt.NDArray[np.uint64]
    modifier_classes: npt.NDArray[np.uint64]
    scope: npt.NDArray[np.int16]  # (entries, 6): hands and presence as verb, as object, elsewhere; in thousandths
    cue_first: npt.NDArray[np.int64]
    cue_count: npt.NDArray[np.int64]
    entry: npt.NDArray[np.int64]  # where it is read: with its own side, or with the other where only that knows it
    read_kind: npt.NDArray[np.int16]  # what it can be where it is read
    preference: npt.NDArray[np.int64]  # one entry a form: above 0 speaks for German
    explained: npt.NDArray[np.bool_]  # one entry a form: known to one of the languages
    punctuation: npt.NDArray[np.int8]  # one entry a form
    separable: npt.NDArray[np.bool_]  # one entry a form
    particle: npt.NDArray[np.bool_]  # one entry a form
    spelled: npt.NDArray[np.bool_]  # one entry a form: read in spite of a typing error
    cue: npt.NDArray[np.int64]  # one entry a cue of a form
    via: npt.NDArray[np.int8]
    compound: npt.NDArray[np.bool_]


class FormTable:
    """Analyses every distinct form once; results never depend on what it remembers. Any thread may use it."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.chunks = ChunkTable(lexicon.clipped.has)
        self.colon = self.chunks.form_number(":")
        self._lexicon = lexicon
        self._lock = threading.RLock()  # only new words need it: arrays that were handed out do not change
        self._rows = _Rows(lexicon)
        self._arrays: FormArrays | None = None

    def encode(self, texts: Sequence[str]) -> Tokens:
        """Tokens of texts, their forms analysed."""
        with self._lock:
            tokens = self.chunks.encode(texts)
            self.arrays()
            return tokens

    def arrays(self) -> FormArrays:
        """Columns for all forms met so far."""
        with self._lock:
            forms, rows = self.chunks.forms, self._rows
            if self._arrays is None or rows.count < len(forms):
                rows.add(forms[rows.count :])
                self._arrays = rows.arrays()
            return self._arrays

    def infinitive(self, base: int, particle: int) -> int:
        """Form number of the separable verb that two forms make ("gibt", "ein"), or -1."""
        forms = self.chunks.forms
        infinitive = self._lexicon.german.infinitive(forms[base], forms[particle])
        if not infinitive:
            return -1
        with self._lock:
            return self.chunks.form_number(infinitive)


_SCOPE: Final = ("scope_row", "scope_hands", "scope_presence")  # only needed to make the column `scope`
_TYPES: Final = {
    "kind": np.int16, "read_kind": np.int16, "function": np.int8, "punctuation": np.int8, "via": np.int8,
    "classes": np.uint64, "modifier_classes": np.uint64, "scope": np.int16,
    **dict.fromkeys(
        ("separable", "particle", "spelled", "compound", "opens", "opens_any", "continues", "silent", "explained"),
        np.bool_,
    ),
}


class _Rows:
    """Forms as rows of columns; new forms come behind the old ones."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        functions = (lexicon.functions[language] for language in LANGUAGES)
        self._functions = [HashTable.from_words(list(words), list(words.values())) for words in functions]
        self._particles = HashTable.from_words(sorted(lexicon.particles))
        self.count = 0
        self._columns = {
            name: Column(_TYPES.get(name, np.int64), 6 if name == "scope" else None)
            for name in (*FormArrays.__dataclass_fields__, *_SCOPE)
        }

    def arrays(self) -> FormArrays:
        """All columns."""
        return FormArrays(**{name: self._columns[name].values for name in FormArrays.__dataclass_fields__})

    def add(self, forms: Sequence[str]) -> None:
        """Analyse forms and put them behind those there are."""
        lexicon, columns = self._lexicon, self._columns
        punctuation = np.array([WORD if is_word(form) else _PUNCTUATION.get(form, BREAK) for form in forms], np.int8)
        words = np.flatnonzero(punctuation == WORD)
        spoken = [forms[i] for i in words.tolist()]
        written, folded = (whole_words(some) for some in (forms, folded_all(forms)))
        own = written.hashes()
        readings = tuple(Readings.blank(own) for _ in LANGUAGES)
        for side, found in zip(readings, lexicon.read(spoken), strict=True):
            side.put(words, found)
        spelled = self._respell(forms, words, readings)
        key = folded.hashes()
        functions = np.maximum(np.stack([table.find(key) for table in self._functions], axis=1), 0)
        functions[folded.ends_with("n't") & (functions[:, 0] == 0), 0] = FUNCTION["negator"]
        votes = [
            _votes(written, folded, side, readings[side].kind, functions[:, side]) for side in range(len(LANGUAGES))
        ]
        self._add_readings(readings, functions)
        columns["preference"].extend(votes[1] - votes[0])
        columns["punctuation"].extend(punctuation)
        columns["separable"].extend(readings[1].separable)
        columns["particle"].extend(self._particles.has(key))
        columns["spelled"].extend(spelled)
        self._derive(lexicon.phrases, 2 * len(forms))
        self.count += len(forms)

    def _respell(
        self, forms: Sequence[str], words: Places, readings: Sequence[Readings]
    ) -> npt.NDArray[np.bool_]:
        """Read long words that nobody knows as what they were meant to be; which forms these are."""
        spelled = np.zeros(len(forms), np.bool_)
        unknown = words[np.logical_and.reduce([reading.kind[words] & KNOWN == 0 for reading in readings])]
        strange = np.array([i for i in unknown.tolist() if len(forms[i]) >= SHORTEST and forms[i].isalpha()], np.int64)
        if len(strange):
            meant, found = self._lexicon.respelled([forms[i] for i in strange.tolist()])
            for side, reading in zip(readings, found, strict=True):
                side.put(strange[meant], reading)
            spelled[strange[meant]] = True
        return spelled

    def _add_readings(self, readings: Sequence[Readings], functions: npt.NDArray[np.int32]) -> None:
        """The readings of both sides, entry by entry."""
        columns, lexicon = self._columns, self._lexicon
        for name in ("kind", "classes", "modifier_classes"):
            columns[name].extend(_woven([getattr(reading, name) for reading in readings]))
        columns["function"].extend(functions.reshape(-1))
        for name in ("lemma", "head"):
            columns[name].extend(lexicon.phrases.lemmas.find(_woven([getattr(reading, name) for reading in readings])))
        columns["scope_row"].extend(_woven([
            lexicon.scope.lemmas[side].find(reading.head) for side, reading in enumerate(readings)
        ]))
        acts = [self._acts(reading) for reading in readings]
        for place, name in enumerate(("scope_hands", "scope_presence")):
            columns[name].extend(_woven([found[:, place] for found in acts]))
        for side, reading in enumerate(readings):
            reading.add_learned(lexicon.learned[side].find(reading.head))
        entry = np.concatenate([2 * reading.cue_row + side for side, reading in enumerate(readings)])
        says = lexicon.arrays.says[np.concatenate([reading.cue for reading in readings])]
        order = np.argsort(entry[says], kind="stable")
        count = np.bincount(entry[says], minlength=2 * len(functions))
        columns["cue_first"].extend(len(columns["cue"].values) + np.cumsum(count) - count)
        columns["cue_count"].extend(count)
        for name in ("cue", "via", "compound"):
            columns[name].extend(np.concatenate([getattr(reading, name) for reading in readings])[says][order])

    def _acts(self, reading: Readings) -> npt.NDArray[np.int64]:
        """Hands and presence by the strengths of the actions of each form, each strength once."""
        said = self._lexicon.scope.actions[reading.cue]
        acts = said.any(axis=1)
        row, said, strength = reading.cue_row[acts], said[acts], self._lexicon.arrays.strength[reading.cue[acts]]
        once = first_of_each(row * len(self._lexicon.strengths) + strength)
        found = np.zeros((len(reading.kind), 2), np.int64)
        np.add.at(found, row[once], said[once])
        return found

    def _derive(self, phrases: PhraseTable, count: int) -> None:
        """Columns that follow from others, for the new rows."""
        columns = self._columns
        total = len(columns["kind"].values)
        new = slice(total - count, total)
        kind, function, lemma, head = (columns[name].values[new] for name in ("kind", "function", "lemma", "head"))
        side = np.arange(count) & 1
        for name in ("opens", "opens_any", "continues"):
            table = getattr(phrases, name)
            columns[name].extend(table[side, lemma] | table[side, head])
        silent = (kind & KNOWN == 0) & (function == 0)
        columns["silent"].extend(silent)
        explained = ~(silent[0::2] & silent[1::2])
        columns["explained"].extend(explained)
        # A word with a capital that neither language knows is more often a German noun than a name.
        columns["preference"].values[new.start // 2 :] += ~explained & (kind[1::2] & CAPITAL != 0)
        # Nouns that only the other language knows are read there.
        other = np.arange(count) ^ 1
        word = np.repeat(columns["punctuation"].values[new.start // 2 :] == WORD, 2)
        borrow = silent & (kind[other] & _NOUNISH != 0) & (function[other] == 0) & word
        noun = np.where(kind[other] & GERUND != 0, kind[other] | ACTION_NOUN, kind[other]) & ~(VERB | GERUND)
        columns["read_kind"].extend(np.where(borrow, noun, kind))
        columns["entry"].extend(new.start + np.where(borrow, other, np.arange(count)))
        self._derive_scope(new)

    def _derive_scope(self, new: slice) -> None:
        """What the new readings say of hands and presence: own row, object classes, strengths of actions."""
        row, hands, presence, classes = (
            self._columns[name].values[new] for name in ("scope_row", "scope_hands", "scope_presence", "classes")
        )
        tables = self._lexicon.scope
        said = tables.rows[row]
        said[:, 0] += hands
        said[:, 1] += presence
        for side, weights in enumerate(tables.classes):
            some = np.flatnonzero(classes[side::2]) * 2 + side
            bits = classes[some, None] >> np.arange(len(weights), dtype=np.uint64) & np.uint64(1)
            said[some] += bits.astype(np.int64) @ weights
        self._columns["scope"].extend(np.clip(said, -_MOST, _MOST))


def _woven(sides: Sequence[npt.NDArray[Any]]) -> npt.NDArray[Any]:
    """One column of both sides: the entries of a form stand beside each other."""
    return np.stack(sides, axis=1).reshape(-1)


def _votes(
    written: Spans, folded: Spans, side: int, kind: npt.NDArray[np.int32], function: npt.NDArray[np.int32],
) -> npt.NDArray[np.int32]:
    """How strongly forms speak for a language: grammar words, vocabulary, letters, endings."""
    votes = np.where(function != 0, _FUNCTION_VOTE, np.where(kind & KNOWN != 0, _WORD_VOTE, 0))
    votes += _SHAPE_VOTE * (any_of(*map(folded.ends_with, _SHAPES[side])) & (folded.length > _SHORT))
    if LANGUAGES[side] == "de":
        votes += _WORD_VOTE * written.have_any(_UMLAUTS)
        votes += _SHAPE_VOTE * ((written.length > _LONG_NOUN) & (kind & CAPITAL != 0))
    return np.where(kind & LETTERS != 0, votes, 0).astype(np.int32)
