"""The compiled lexicon: cues in columns, the words of both languages, phrases."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ..dimensions import LANGUAGES
from ..text.letters import HashTable, Places, hashed
from .clipped import ClippedWords
from .english import EnglishWords
from .german import GermanWords
from .phrases import PhraseTable
from .readings import Readings
from .spelling import SpellingKeys
from .tables import Row
from .words import KNOWN, LETTERS, folded_all

CueIdentity = tuple[str, str, str, tuple[tuple[str, str], ...]]


@dataclass(slots=True, eq=False, repr=False)
class CueArrays:
    """All cues in columns; weights in thousandths, shape (n, 6); gates (n, 2): hands, presence."""

    weights: npt.NDArray[np.int32]
    gates: npt.NDArray[np.int32]
    role: npt.NDArray[np.int8]
    strength: npt.NDArray[np.int16]
    language: npt.NDArray[np.int8]
    words: npt.NDArray[np.int8]
    needs_object: npt.NDArray[np.uint64]
    needs_doer: npt.NDArray[np.uint64]
    needs_counterpart: npt.NDArray[np.uint64]
    needs_form: npt.NDArray[np.int8]
    needs_clause: npt.NDArray[np.int8]
    needs: npt.NDArray[np.int8]
    classes: npt.NDArray[np.uint64]
    says: npt.NDArray[np.bool_]  # has a weight, or a meaning for a gate or a flag


@dataclass(slots=True, eq=False, repr=False)
class ScopeWords:
    """What words say of hands and presence, by their place in the clause, in thousandths.

    The six columns are hands and presence as verb, as object, elsewhere. ``lemmas`` (one table a
    language) lead to ``rows`` (the last row: nothing); ``classes`` (languages, 64, 6) adds what an object class says,
    ``actions`` what the strength of an action says (one row a cue; hands and presence as verb); ``things``
    is what the class of a cue says (one row a cue), for phrases; ``base`` (languages, 2) what a text says
    before its words.
    """

    lemmas: tuple[HashTable, ...]
    rows: npt.NDArray[np.int32]
    classes: npt.NDArray[np.int32]
    actions: npt.NDArray[np.int32]
    things: npt.NDArray[np.int16]
    base: npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False, repr=False)
class Lexicon:
    """The words of both languages, compiled; immutable once loaded."""

    cue_lines: str  # the wording of each cue on a line
    strengths: Sequence[str]  # names of strength classes, by the numbers in the arrays
    arrays: CueArrays
    english: EnglishWords
    german: GermanWords
    functions: dict[str, dict[str, int]]
    particles: frozenset[str]
    phrases: PhraseTable
    classes: dict[str, int]
    scope: ScopeWords
    learned: tuple[HashTable, ...]  # lemmas of learned words to their cues, one table a language
    spelling: tuple[SpellingKeys, ...]  # one a language
    cut_off: tuple[dict[str, str], ...]  # whole words of cut-off ones, one table a language
    fingerprint: str
    overlay: str
    identities: Sequence[CueIdentity] = ()  # of each cue; not kept in a snapshot
    overlays: tuple[tuple[Row, ...], ...] = ()  # the tables on top of the base tables, the last one rules

    def __deepcopy__(self, memo: object) -> "Lexicon":
        return self  # immutable: an estimator that is cloned keeps its words

    @cached_property
    def cue_texts(self) -> list[str]:
        """The wording of each cue."""
        return self.cue_lines.split("\n")

    @cached_property
    def cue_strengths(self) -> list[str]:
        """The strength class of each cue."""
        return [self.strengths[number] for number in self.arrays.strength.tolist()]

    @cached_property
    def flag_strengths(self) -> dict[str, npt.NDArray[np.bool_]]:
        """For each flag that a cue can set, the cues that set it."""
        numbers = {name: number for number, name in enumerate(self.strengths)}
        return {name: self.arrays.strength == numbers.get(name, -1) for name in ("retain", "ito", "assist")}

    @property
    def version(self) -> str:
        """First letters of the fingerprint, with `+` and those of the user's tables."""
        return self.fingerprint[:12] + (f"+{self.overlay[:8]}" if self.overlay else "")

    def mask(self, *names: str) -> int:
        """Bit mask of object classes; unknown names are 0."""
        return sum(1 << self.classes[name] for name in names if name in self.classes)

    @property
    def words(self) -> dict[str, EnglishWords | GermanWords]:
        """The words of each language."""
        return dict(zip(LANGUAGES, (self.english, self.german), strict=True))

    @cached_property
    def clipped(self) -> ClippedWords:
        """What cut-off words stand for."""
        return ClippedWords(self.cut_off, self.knows)

    def knows(self, form: str) -> bool:
        """Whether a language knows a form."""
        return any(words.analyse(form).kind & KNOWN for words in self.words.values())

    def read(self, forms: Sequence[str]) -> tuple[Readings, ...]:
        """Readings of words in each language, in the order of `LANGUAGES`."""
        whole = self.clipped.whole(forms, 0)
        english, forms = self.english.read(whole), self.clipped.whole(forms, 1)
        own = hashed(folded_all(forms))
        lower = np.fromiter((form.islower() for form in forms), np.bool_, len(forms))
        clear = lower & (english.kind & KNOWN != 0)  # no German endings are looked for behind an English word
        clear &= ~self.german.knows(own)
        german = Readings.blank(own)
        german.kind[:] = LETTERS
        rest = np.flatnonzero(~clear)
        german.put(rest, self.german.read([forms[i] for i in rest.tolist()]))
        return english, german

    def respelled(self, forms: Sequence[str]) -> tuple[Places, tuple[Readings, ...]]:
        """Which unknown forms are a typing error of one known lemma in a language, and the readings of these."""
        folded = folded_all(forms)
        meant = [
            keys.nearest(words.keys(folded), self.german.beginnings if words is self.german else None)
            for keys, words in zip(self.spelling, self.words.values(), strict=True)
        ]
        rows = [i for i, found in enumerate(zip(*meant, strict=True)) if any(found)]
        readings = []
        for right, words in zip(meant, self.words.values(), strict=True):
            spelled = [(forms[i], right[i] or forms[i]) for i in rows]
            readings.append(words.read([
                word.capitalize() if form[0].isupper() and word is not form else word for form, word in spelled
            ]))
        known = np.logical_or.reduce([reading.kind & KNOWN != 0 for reading in readings])
        kept = np.flatnonzero(known)
        return np.array(rows, np.int64)[kept], tuple(reading.take(kept) for reading in readings)
