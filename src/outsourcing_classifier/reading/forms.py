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
from ..lexicon.words import CAPITAL, KNOWN, LETTERS, WordForm, fold
from ..text.tokens import LINE_END, ChunkTable

# Punctuation by what it does to a clause.
WORD, BREAK, COMMA, SLASH, LINE, OPEN, CLOSE = range(7)
_PUNCTUATION: Final = {
    ",": COMMA, "/": SLASH, "&": COMMA, "+": COMMA, LINE_END: LINE, "(": OPEN, "[": OPEN,
    "{": OPEN, ")": CLOSE, "]": CLOSE, "}": CLOSE,
}
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
    """Columns of length languages × forms: a form's entry for a side is at side * count + form."""

    count: int

    kind: npt.NDArray[np.int32]
    function: npt.NDArray[np.int8]
    lemma: npt.NDArray[np.int32]
    head: npt.NDArray[np.int32]
    opens: npt.NDArray[np.bool_]  # may begin a phrase
    opens_any: npt.NDArray[np.bool_]  # may begin a phrase whatever comes second
    continues: npt.NDArray[np.bool_]  # may stand second in a phrase
    classes: npt.NDArray[np.uint64]
    modifier_classes: npt.NDArray[np.uint64]
    preference: npt.NDArray[np.int32]  # one entry a form: above 0 speaks for German
    explained: npt.NDArray[np.bool_]  # one entry a form: known to one of the languages
    cue_first: npt.NDArray[np.int32]
    cue_count: npt.NDArray[np.int32]
    cue: npt.NDArray[np.int32]
    via: npt.NDArray[np.int8]
    compound: npt.NDArray[np.bool_]
    punctuation: npt.NDArray[np.int8]
    separable: npt.NDArray[np.bool_]
    particle: npt.NDArray[np.bool_]


class FormTable:
    """Analyses every distinct form once; results never depend on what it remembers."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.chunks = ChunkTable()
        self.lock = threading.RLock()
        self._lexicon = lexicon
        self._says: list[bool] = lexicon.arrays.says.tolist()
        self._columns = _Columns()
        self._arrays: FormArrays | None = None

    def make_room(self) -> None:
        """Start anew once the table of chunks is full."""
        if self.chunks.full:
            self.chunks = ChunkTable()
            self._columns = _Columns()
            self._arrays = None

    def arrays(self) -> FormArrays:
        """Columns for all forms met so far."""
        forms = self.chunks.forms
        columns = self._columns
        if self._arrays is None or columns.count < len(forms):
            for form in forms[columns.count :]:
                self._add(form)
            self._arrays = columns.arrays(self._lexicon.phrases)
        return self._arrays

    def _add(self, form: str) -> None:
        columns, lexicon = self._columns, self._lexicon
        columns.count += 1
        if form in _PUNCTUATION or not any(letter.isalnum() for letter in form):
            columns.punctuation.append(_PUNCTUATION.get(form, BREAK))
            readings: Sequence[WordForm] = (WordForm(canon=form, head=form),) * len(LANGUAGES)
        else:
            columns.punctuation.append(WORD)
            readings = lexicon.analyse(form)
        word = fold(form)
        for side, (language, reading) in enumerate(zip(LANGUAGES, readings, strict=True)):
            function = lexicon.functions[language].get(word, 0)
            if not function and side == 0 and word.endswith("n't"):
                function = FUNCTION["negator"]
            columns.add(side, reading, function, lexicon.phrases.lemmas, self._says)
            columns.vote[side].append(_vote(form, word, side, reading, function))
        columns.separable.append(bool(readings[1].separable))
        columns.particle.append(word in lexicon.particles)

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


class _Columns:
    """Plain lists that grow; numpy copies are made when a batch has met new forms."""

    def __init__(self) -> None:
        sides = range(len(LANGUAGES))
        self.count = 0
        self.kind: list[list[int]] = [[] for _ in sides]
        self.function: list[list[int]] = [[] for _ in sides]
        self.lemma: list[list[int]] = [[] for _ in sides]
        self.head: list[list[int]] = [[] for _ in sides]
        self.classes: list[list[int]] = [[] for _ in sides]
        self.modifier_classes: list[list[int]] = [[] for _ in sides]
        self.vote: list[list[int]] = [[] for _ in sides]
        self.cue_first: list[list[int]] = [[] for _ in sides]
        self.cue_count: list[list[int]] = [[] for _ in sides]
        self.cue: list[int] = []
        self.via: list[int] = []
        self.compound: list[bool] = []
        self.punctuation: list[int] = []
        self.separable: list[bool] = []
        self.particle: list[bool] = []

    def add(
        self, side: int, reading: WordForm, function: int, lemmas: dict[str, int], says: Sequence[bool]
    ) -> None:
        lemma = lemmas.get(reading.canon, UNKNOWN)
        head = lemma if reading.head == reading.canon else lemmas.get(reading.head, UNKNOWN)
        self.kind[side].append(reading.kind)
        self.function[side].append(function)
        self.lemma[side].append(lemma)
        self.head[side].append(head)
        self.classes[side].append(reading.classes)
        self.modifier_classes[side].append(reading.modifier_classes)
        cues = [item for item in reading.cues if says[item[0]]]
        self.cue_first[side].append(len(self.cue))
        self.cue_count[side].append(len(cues))
        for cue, via, compound in cues:
            self.cue.append(cue)
            self.via.append(via)
            self.compound.append(compound)

    def arrays(self, phrases: PhraseTable) -> FormArrays:
        lemma, head = np.array(self.lemma, np.int32), np.array(self.head, np.int32)
        sides = np.arange(len(self.lemma))[:, None]
        kind = np.array(self.kind, np.int32)
        explained = (kind & KNOWN != 0).any(axis=0) | (np.array(self.function, np.int8) != 0).any(axis=0)
        # A word with a capital that neither language knows is more often a German noun than a name.
        noun_like = ~explained & (kind[1] & CAPITAL != 0)
        return FormArrays(
            count=self.count,
            kind=kind.ravel(),
            function=np.array(self.function, np.int8).ravel(),
            lemma=lemma.ravel(),
            head=head.ravel(),
            opens=(phrases.opens[sides, lemma] | phrases.opens[sides, head]).ravel(),
            continues=(phrases.continues[sides, lemma] | phrases.continues[sides, head]).ravel(),
            opens_any=(phrases.opens_any[sides, lemma] | phrases.opens_any[sides, head]).ravel(),
            preference=np.array(self.vote[1], np.int32) - np.array(self.vote[0], np.int32) + noun_like,
            explained=explained,
            classes=np.array(self.classes, np.uint64).ravel(),
            modifier_classes=np.array(self.modifier_classes, np.uint64).ravel(),
            cue_first=np.array(self.cue_first, np.int32).ravel(),
            cue_count=np.array(self.cue_count, np.int32).ravel(),
            cue=np.array(self.cue, np.int32),
            via=np.array(self.via, np.int8),
            compound=np.array(self.compound, np.bool_),
            punctuation=np.array(self.punctuation, np.int8),
            separable=np.array(self.separable, np.bool_),
            particle=np.array(self.particle, np.bool_),
        )


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
