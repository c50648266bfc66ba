"""Distinct forms and what both languages know of them, as columns that grow with the batch."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ..dimensions import LANGUAGES
from ..lexicon import Lexicon
from ..lexicon.compile import FUNCTION
from ..lexicon.german import GermanWords
from ..lexicon.phrases import UNKNOWN, PhraseTable
from ..lexicon.spelling import SHORTEST
from ..lexicon.words import ACTION_NOUN, CAPITAL, GERUND, KNOWN, LETTERS, NOUN, VERB, WordForm, fold
from ..text.runs import Column
from ..text.tokens import LINE_END, ChunkTable

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
_UMLAUTS: Final = frozenset("äöüßÄÖÜ")
_SHAPES: Final = (
    ("ing", "tion", "ment", "ies", "ness", "ity", "ally", "ced", "ted", "ss", "ery", "ship"),
    ("ung", "ungen", "keit", "heit", "schaft", "lich", "isch", "ieren", "tions", "en", "ig", "wesen"),
)


@dataclass(frozen=True, slots=True)
class FormArrays:
    """Columns of one entry a form, or of two: a form's entry for a side (0 English, 1 German) is at 2 · form + side."""

    kind: npt.NDArray[np.int16]
    function: npt.NDArray[np.int8]
    lemma: npt.NDArray[np.int32]
    head: npt.NDArray[np.int32]
    opens: npt.NDArray[np.bool_]  # may begin a phrase
    opens_any: npt.NDArray[np.bool_]  # may begin a phrase whatever comes second
    continues: npt.NDArray[np.bool_]  # may stand second in a phrase
    silent: npt.NDArray[np.bool_]  # neither known to its side nor a grammar word there
    classes: npt.NDArray[np.uint64]
    modifier_classes: npt.NDArray[np.uint64]
    scope: npt.NDArray[np.int16]  # (entries, 6): hands and presence as verb, as object, elsewhere; in thousandths
    cue_first: npt.NDArray[np.int32]
    cue_count: npt.NDArray[np.int32]
    entry: npt.NDArray[np.int32]  # where it is read: with its own side, or with the other where only that knows it
    read_kind: npt.NDArray[np.int16]  # what it can be where it is read
    preference: npt.NDArray[np.int32]  # one entry a form: above 0 speaks for German
    explained: npt.NDArray[np.bool_]  # one entry a form: known to one of the languages
    punctuation: npt.NDArray[np.int8]  # one entry a form
    separable: npt.NDArray[np.bool_]  # one entry a form
    particle: npt.NDArray[np.bool_]  # one entry a form
    spelled: npt.NDArray[np.bool_]  # one entry a form: read in spite of a typing error
    cue: npt.NDArray[np.int32]  # one entry a cue of a form
    via: npt.NDArray[np.int8]
    compound: npt.NDArray[np.bool_]


class FormTable:
    """Analyses every distinct form once; results never depend on what it remembers."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.chunks = ChunkTable()
        self.lock = threading.RLock()
        self._lexicon = lexicon
        self._rows = _Rows(lexicon)
        self._arrays: FormArrays | None = None

    def make_room(self) -> None:
        """Start anew once the table of chunks is full."""
        if self.chunks.full:
            self.chunks = ChunkTable()
            self._rows = _Rows(self._lexicon)
            self._arrays = None

    def arrays(self) -> FormArrays:
        """Columns for all forms met so far."""
        forms, rows = self.chunks.forms, self._rows
        if self._arrays is None or rows.count < len(forms):
            new = forms[rows.count :]
            readings = [self._analyse(form) for form in new]
            strange = [
                form for form, found in zip(new, readings, strict=True)
                if len(form) >= SHORTEST and not any(r.kind & KNOWN for r in found) and form.isalpha()
            ]
            respelled = self._lexicon.respelled(strange) if strange else {}
            for form, found in zip(new, readings, strict=True):
                self._add(form, respelled.get(form) or found, spelled=form in respelled)
            self._arrays = rows.arrays()
        return self._arrays

    def _analyse(self, form: str) -> tuple[WordForm, ...]:
        if _is_word(form):
            return self._lexicon.analyse(form)
        return (WordForm(canon=form, head=form),) * len(LANGUAGES)

    def _add(self, form: str, readings: Sequence[WordForm], *, spelled: bool) -> None:
        lexicon, rows = self._lexicon, self._rows
        punctuation = WORD if _is_word(form) else _PUNCTUATION.get(form, BREAK)
        word = fold(form)
        votes = []
        for side, (language, reading) in enumerate(zip(LANGUAGES, readings, strict=True)):
            function = lexicon.functions[language].get(word, 0)
            if not function and side == 0 and word.endswith("n't"):
                function = FUNCTION["negator"]
            rows.add_reading(side, reading, function)
            votes.append(_vote(form, word, side, reading, function))
        rows.forms.append(
            (votes[1] - votes[0], punctuation, bool(readings[1].separable), word in lexicon.particles, spelled)
        )
        rows.count += 1

    def infinitive(self, base: int, particle: int) -> int:
        """Form number of the separable verb that two forms make ("gibt", "ein"), or -1."""
        words = self._lexicon.words["de"]
        if not isinstance(words, GermanWords):
            return -1
        forms = self.chunks.forms
        reading = words.analyse(forms[base])
        infinitive = words.infinitive(reading.separable, fold(forms[particle]))
        if not infinitive:
            return -1
        return self.chunks.form_number(infinitive)


_SCOPE: Final = ("scope_row", "scope_hands", "scope_presence")  # only needed to make the column `scope`
_READING_COLUMNS: Final = (
    "kind", "function", "lemma", "head", "classes", "modifier_classes", "cue_first", "cue_count", *_SCOPE,
)
_FORM_COLUMNS: Final = ("preference", "punctuation", "separable", "particle", "spelled")
_CUE_COLUMNS: Final = ("cue", "via", "compound")
_TYPES: Final = {
    "kind": np.int16, "read_kind": np.int16, "function": np.int8, "punctuation": np.int8, "via": np.int8,
    "classes": np.uint64, "modifier_classes": np.uint64, "scope": np.int16,
    **dict.fromkeys(
        ("separable", "particle", "spelled", "compound", "opens", "opens_any", "continues", "silent", "explained"),
        np.bool_,
    ),
}


class _Rows:
    """Readings as rows of numbers; columns take over what is new."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._says: list[bool] = lexicon.arrays.says.tolist()
        self._actions: list[tuple[int, int]] = lexicon.scope.actions.tolist()
        self.count = 0
        self.readings: list[tuple[int, ...]] = []
        self.forms: list[tuple[int, ...]] = []
        self.cues: list[tuple[int, int, bool]] = []
        self._cues_before = 0
        self._columns = {
            name: Column(_TYPES.get(name, np.int32), 6 if name == "scope" else None)
            for name in (*FormArrays.__dataclass_fields__, *_SCOPE)
        }

    def add_reading(self, side: int, reading: WordForm, function: int) -> None:
        """One side of a form."""
        lemmas, says, scope = self._lexicon.phrases.lemmas, self._says, self._lexicon.scope
        lemma = lemmas.get(reading.canon, UNKNOWN)
        head = lemma if reading.head == reading.canon else lemmas.get(reading.head, UNKNOWN)
        first = self._cues_before + len(self.cues)
        self.cues += [item for item in reading.cues if says[item[0]]]
        self.readings.append((
            reading.kind, function, lemma, head, reading.classes, reading.modifier_classes, first,
            self._cues_before + len(self.cues) - first, scope.lemmas[side].get(reading.head or reading.canon, 0),
            *(self._acts(reading) if reading.cues else (0, 0)),
        ))

    def _acts(self, reading: WordForm) -> tuple[int, int]:
        """Hands and presence by the strengths of its actions, each strength once."""
        strengths, actions = self._lexicon.cue_strengths, self._actions
        said = [actions[cue] for cue in {strengths[cue]: cue for cue, _, _ in reading.cues}.values()]
        return sum(hands for hands, _ in said), sum(presence for _, presence in said)

    def arrays(self) -> FormArrays:
        """All columns, with the new rows at their ends."""
        columns = self._columns
        for names, rows in (
            (_READING_COLUMNS, self.readings), (_FORM_COLUMNS, self.forms), (_CUE_COLUMNS, self.cues),
        ):
            block = np.array(rows, np.int64).reshape(len(rows), len(names))
            for place, name in enumerate(names):
                columns[name].extend(block[:, place])
        self._derive(self._lexicon.phrases, len(self.readings))
        self._cues_before += len(self.cues)
        for rows in (self.readings, self.forms, self.cues):
            rows.clear()
        return FormArrays(**{name: columns[name].values for name in FormArrays.__dataclass_fields__})

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
            said[some] += bits.astype(np.int32) @ weights
        self._columns["scope"].extend(np.clip(said, -_MOST, _MOST))


def _is_word(form: str) -> bool:
    return form not in _PUNCTUATION and (form.isalnum() or any(letter.isalnum() for letter in form))


def _vote(form: str, word: str, side: int, reading: WordForm, function: int) -> int:
    """How strongly a form speaks for a language: grammar words, vocabulary, letters, endings."""
    if not reading.kind & LETTERS:
        return 0
    vote = _FUNCTION_VOTE if function else _WORD_VOTE if reading.kind & KNOWN else 0
    if len(word) > 4 and word.endswith(_SHAPES[side]):
        vote += _SHAPE_VOTE
    if side == 1:
        if not form.isascii() and not _UMLAUTS.isdisjoint(form):
            vote += _WORD_VOTE
        if reading.kind & CAPITAL and len(form) > 12:
            vote += _SHAPE_VOTE
    return vote
