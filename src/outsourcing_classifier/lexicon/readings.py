"""What one language knows of many forms, in columns."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ..text.letters import NONE, Hashes, Mask, Places
from ..text.runs import expanded, first_of_each

VIA_VERB: Final = 1
VIA_NOUN: Final = 2
VIA_OTHER: Final = 3


@dataclass(slots=True, eq=False, repr=False)
class Readings:
    """One row a form, and the cues of all forms, in the order of their forms.

    ``lemma`` and ``head`` are hashes of lemmas (letters.py); ``classes`` the object classes of the word,
    ``modifier_classes`` those of the first part of a compound; ``separable`` says that a particle may belong to
    it ("gibt … ein"). A cue has the row of its form, its number, the way that led to it and whether it is
    that of a part of a compound.
    """

    kind: npt.NDArray[np.int32]
    lemma: Hashes
    head: Hashes
    classes: npt.NDArray[np.uint64]
    modifier_classes: npt.NDArray[np.uint64]
    separable: Mask
    cue_row: Places
    cue: npt.NDArray[np.int32]
    via: npt.NDArray[np.int8]
    compound: Mask

    @classmethod
    def blank(cls, own: Hashes) -> "Readings":
        """Nothing known: each form is its own lemma."""
        count = len(own)
        return cls(
            np.zeros(count, np.int32), own.copy(), own.copy(), np.zeros(count, np.uint64),
            np.zeros(count, np.uint64), np.zeros(count, np.bool_), np.zeros(0, np.int64), np.zeros(0, np.int32),
            np.zeros(0, np.int8), np.zeros(0, np.bool_),
        )

    def put(self, rows: Places, other: "Readings") -> None:
        """Take over the readings of `other`, one a row, in place of those there are."""
        for name in ("kind", "lemma", "head", "classes", "modifier_classes", "separable"):
            getattr(self, name)[rows] = getattr(other, name)
        replaced = np.zeros(len(self.kind), np.bool_)
        replaced[rows] = True
        kept = ~replaced[self.cue_row]
        row = np.concatenate((self.cue_row[kept], rows[other.cue_row]))
        order = np.argsort(row, kind="stable")
        self.cue_row = row[order]
        for name in ("cue", "via", "compound"):
            setattr(self, name, np.concatenate((getattr(self, name)[kept], getattr(other, name)))[order])

    def add_learned(self, cue: npt.NDArray[np.int32]) -> None:
        """Add one cue a form, behind all others; NONE adds nothing."""
        rows = np.flatnonzero(cue != NONE)
        self.cue_row = np.concatenate((self.cue_row, rows))
        self.cue = np.concatenate((self.cue, cue[rows].astype(np.int32)))
        self.via = np.concatenate((self.via, np.full(len(rows), VIA_OTHER, np.int8)))
        self.compound = np.concatenate((self.compound, np.zeros(len(rows), np.bool_)))

    def take(self, rows: Places) -> "Readings":
        """The readings of some forms, in ascending order of rows."""
        place = np.full(len(self.kind), NONE, np.int64)
        place[rows] = np.arange(len(rows))
        kept = place[self.cue_row] != NONE
        return Readings(
            self.kind[rows], self.lemma[rows], self.head[rows], self.classes[rows], self.modifier_classes[rows],
            self.separable[rows], place[self.cue_row[kept]], self.cue[kept], self.via[kept], self.compound[kept],
        )


class FoundCues:
    """Gathers entries by the way that led to them; cues come out in the order of forms, each once."""

    def __init__(self, first: npt.NDArray[np.int32], cues: npt.NDArray[np.int32]) -> None:
        self._first, self._cues = first, cues
        self._found: list[tuple[Places, npt.NDArray[np.int32], int, bool]] = []

    def add(self, rows: Places, entries: npt.NDArray[np.int32], via: int, *, compound: bool = False) -> None:
        """The cues of these entries, reached as verb, noun or other word."""
        if len(rows):
            self._found.append((rows, entries, via, compound))

    def write(self, readings: Readings) -> None:
        """Put the cues into the columns."""
        columns: list[tuple[npt.NDArray[np.int64], ...]] = []
        for rows, entries, via, compound in self._found:
            place = 3 * entries.astype(np.int64) + via - 1
            counts = self._first[place + 1] - self._first[place]
            entry, inner = expanded(counts.astype(np.int64))
            cue = self._cues[self._first[place][entry] + inner].astype(np.int64)
            columns.append((rows[entry], cue, np.full(len(cue), 2 * via + compound, np.int64)))
        if not columns:
            return
        row, cue, way = (np.concatenate(column) for column in zip(*columns, strict=True))
        order = np.argsort(row, kind="stable")
        row, cue, way = row[order], cue[order], way[order]
        # The same cue by the same way, from two entries of one form, counts once.
        once = first_of_each((row * (int(cue.max(initial=0)) + 1) + cue) * 8 + way)
        readings.cue_row, readings.cue = row[once], cue[once].astype(np.int32)
        readings.via = (way[once] >> 1).astype(np.int8)
        readings.compound = (way[once] & 1).astype(np.bool_)
