"""What an explanation tells, in columns: evidence as read, and what follows from scores and decision for each row.

Whole batches at once; a `Voice` only puts into words what stands here. Columns are made when somebody reads them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from ..decision import DecisionModel, Decisions, turning_points
from ..dimensions import DIMENSIONS, SUM_WEIGHTS
from ..evidence import CONTEXT, IN_FORCE, NO_WEIGHT, STATES, WeighedCues
from ..lexicon import Lexicon
from ..lexicon.codes import LEVEL, ROLES
from ..reading.clauses import CONTEXTS
from ..reading.hits import Hits
from ..scoring import Floats, contributions
from ..text.runs import group_runs, numbered

Spans = tuple[tuple[int, int], ...]
HUNDREDTH: Final = 100
SHOWN: Final = 0.005  # a smaller contribution is printed as zero
WORTH_NAMING: Final = 0.05  # less than this is no argument for the other label
QUOTE_LENGTH: Final = 48
_ASKED: Final = (1, 0, 4, 2)  # dimensions in the order in which a question settles most
_NAMES: Final = np.array(DIMENSIONS, object)
_ROLE_NAMES: Final = np.array(ROLES, object)
_MARKS: Final = ("compound", "other_language", "spelling", "basic", "occasional", "negated")


def shortened(text: str, limit: int = QUOTE_LENGTH) -> str:
    """A text on one line, cut where it is longer than the limit."""
    plain = " ".join(text.split())
    return plain if len(plain) <= limit else plain[: limit - 2].rstrip() + " …"


class EvidenceColumns:
    """Settled evidence, one entry a cue and dimension, ordered by row (a text or a part) and dimension."""

    def __init__(
        self, cues: WeighedCues, count: int, lexicon: Lexicon,
        places: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]], texts: Sequence[str],
    ) -> None:
        self._cues, self._lexicon, self._places, self._texts = cues, lexicon, places, texts
        self.count = count
        hit, dimension = np.nonzero(cues.given)
        order = np.argsort(cues.group[hit].astype(np.int64) * len(DIMENSIONS) + dimension, kind="stable")
        self._hit, self._dimension = hit[order], dimension[order]
        self.rows = cues.group[self._hit]
        self._cell = self._hit * len(DIMENSIONS) + self._dimension
        self.contributions: Floats = contributions(cues, count, self._cell)
        self.weights: Floats = cues.given.take(self._cell) / LEVEL

    @cached_property
    def first(self) -> list[int]:
        """First entry of each row, and the end of the last."""
        return np.searchsorted(self.rows, np.arange(self.count + 1)).tolist()

    @cached_property
    def place(self) -> list[int]:
        """Number of the dimension."""
        return self._dimension.tolist()

    @cached_property
    def dimension(self) -> list[str]:
        """Name of the dimension."""
        return _NAMES.take(self._dimension).tolist()

    @cached_property
    def start(self) -> list[int]:
        """First character of the quotation in its text."""
        return self._places[0][self._cues.hits.first[self._hit]].tolist()

    @cached_property
    def end(self) -> list[int]:
        """Behind the last character."""
        return self._places[1][_last(self._cues.hits)[self._hit]].tolist()

    @cached_property
    def spans(self) -> dict[int, Spans]:
        """The words of quotations that do not stand together ("gibt … ein")."""
        starts, ends = self._places
        hits, hit = self._cues.hits, self._hit
        partner = hits.partner[hit]
        return {
            i: ((self.start[i], int(ends[hits.last[hit[i]]])), (int(starts[partner[i]]), self.end[i]))
            for i in np.flatnonzero(partner >= 0).tolist()
        }

    @cached_property
    def cue(self) -> list[str]:
        """The cue as it stands in the table."""
        return list(map(self._lexicon.cue_texts.__getitem__, self._cues.hits.cue[self._hit].tolist()))

    @cached_property
    def role(self) -> list[str]:
        """Its role."""
        return _ROLE_NAMES.take(self._cues.hits.role[self._hit]).tolist()

    @cached_property
    def weight(self) -> list[float]:
        """Weight before grammar acts."""
        return self.weights.tolist()

    @cached_property
    def contribution(self) -> list[float]:
        """What the entry adds to the score."""
        return self.contributions.tolist()

    @cached_property
    def _modifier_keys(self) -> npt.NDArray[np.int64]:
        cues, hit = self._cues, self._hit
        bits = np.zeros(len(hit), np.int64)
        for place, name in enumerate(_MARKS):
            bits |= getattr(cues.hits, name)[hit].astype(np.int64) << place
        context = np.where(cues.factor[hit] != LEVEL, cues.hits.context[hit].astype(np.int64) + 1, 0)
        return bits | context << 8 | cues.state.take(self._cell).astype(np.int64) << 16

    @cached_property
    def _modifier_names(self) -> tuple[list[tuple[str, ...]], npt.NDArray[np.int64]]:
        keys, inverse = numbered(self._modifier_keys)
        return [_modifier_names(key) for key in keys.tolist()], inverse

    @cached_property
    def modifiers(self) -> list[tuple[str, ...]]:
        """What grammar did to each cue, in order; the last name says why a cue is off."""
        names, inverse = self._modifier_names
        return list(map(names.__getitem__, inverse.tolist()))

    @cached_property
    def modified(self) -> npt.NDArray[np.bool_]:
        """Whether grammar did anything to it."""
        names, inverse = self._modifier_names
        return np.array([bool(name) for name in names], np.bool_)[inverse]

    @property
    def text(self) -> list[str]:
        """The text from the first to the last quoted character of each entry."""
        hits, (starts, ends), texts = self._cues.hits, self._places, self._texts
        used, number = self._hits_of(self._hit)
        columns = hits.text[used], starts[hits.first[used]], ends[_last(hits)[used]]
        words = [
            texts[row][start:end] for row, start, end in zip(*(column.tolist() for column in columns), strict=True)
        ]
        return list(map(words.__getitem__, number.tolist()))

    def quotes(self, entries: npt.NDArray[np.int64]) -> list[str]:
        """The quoted words of entries, with an ellipsis where they do not stand together; each cue's are taken once."""
        hits, (starts, ends), texts = self._cues.hits, self._places, self._texts
        used, number = self._hits_of(self._hit[entries])
        columns = hits.text[used], starts[hits.first[used]], ends[hits.last[used]], hits.partner[used]
        words = [
            texts[row][start:end] if partner < 0
            else f"{texts[row][start:end]} … {texts[row][starts[partner]:ends[partner]]}"
            for row, start, end, partner in zip(*(column.tolist() for column in columns), strict=True)
        ]
        words = [word if len(word) <= QUOTE_LENGTH and word.isprintable() else shortened(word) for word in words]
        return list(map(words.__getitem__, number.tolist()))

    def _hits_of(self, hit: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """The distinct cues among those of some entries, and for each entry which of them it is."""
        used = np.zeros(len(self._cues.hits), np.bool_)
        used[hit] = True
        return np.flatnonzero(used), (np.cumsum(used) - 1)[hit]

    @cached_property
    def _active(self) -> npt.NDArray[np.int64]:
        """Entries that add something; of those of one quotation and dimension the first."""
        hits, adds = self._cues.hits, np.flatnonzero(self.contributions)
        hit, key = self._hit[adds], self.rows[adds].astype(np.int64) * len(DIMENSIONS) + self._dimension[adds]
        columns = (key, hits.first[hit], hits.last[hit], hits.partner[hit])
        fresh = np.ones(len(adds), np.bool_)
        fresh[1:] = np.logical_or.reduce([column[1:] != column[:-1] for column in columns])
        return adds[fresh]

    @cached_property
    def net(self) -> Floats:
        """What each quotation adds to a score in all, at the first of its entries; 0 at the others.

        A word may stand there as a cue and as a learned word; to who reads the text it is one word.
        """
        found = np.zeros(len(self.contributions))
        if len(self._active):
            found[self._active] = np.add.reduceat(self.contributions, self._active)
        return found

    @cached_property
    def quoted(self) -> list[str]:
        """The words of each quotation that adds something, in order."""
        return self.quotes(self._active)

    @cached_property
    def active_first(self) -> list[int]:
        """First of them for each row and dimension (at 6 · row + dimension), and the end of the last."""
        keys = self.rows[self._active].astype(np.int64) * len(DIMENSIONS) + self._dimension[self._active]
        return np.searchsorted(keys, np.arange(self.count * len(DIMENSIONS) + 1)).tolist()

    def shares(self, hundredths: npt.NDArray[np.int64]) -> list[int]:
        """What the quotations add in hundredths, one entry each of `quoted`; they add up to the printed scores."""
        values = self.net[self._active] * HUNDREDTH
        keys = self.rows[self._active].astype(np.int64) * len(DIMENSIONS) + self._dimension[self._active]
        return reconciled(values, keys, hundredths.ravel()).tolist()


def _last(hits: Hits) -> npt.NDArray[np.int64]:
    """The last word of each cue: a separated particle stands behind all others."""
    return np.maximum(hits.partner, hits.last)


def reconciled(
    values: Floats, group: npt.NDArray[np.int64], totals: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Whole numbers near `values` that add up to the total of their group: the largest remainders take the rest.

    `group` is the place of each value's total, in ascending order.
    """
    floors = np.floor(values).astype(np.int64)
    if not len(values):
        return floors
    starts, sizes = group_runs(group)
    missing = totals[group[starts]] - np.add.reduceat(floors, starts)
    order = np.lexsort((floors - values, group))
    place = np.arange(len(group)) - np.repeat(starts, sizes)  # 0 for the largest remainder of a group
    rounds, rest = np.divmod(np.abs(missing), sizes)
    step = np.repeat(rounds, sizes) + (place < np.repeat(rest, sizes))
    floors[order] += step * np.sign(np.repeat(missing, sizes))
    return floors


def _modifier_names(key: int) -> tuple[str, ...]:
    names = [name for place, name in enumerate(_MARKS) if key >> place & 1]
    context, state = key >> 8 & 255, key >> 16
    if context:
        names.append(CONTEXTS[context - 1])
    if state not in (IN_FORCE, NO_WEIGHT, CONTEXT):
        names = [name for name in names if name != STATES[state]] + [STATES[state]]
    return tuple(names)


@dataclass(slots=True, eq=False, repr=False)
class Extra:
    """What few rows have: quotations that made a status, parts (text, label, band), flags."""

    quotes: Sequence[str] = ()
    parts: Sequence[tuple[str, str, str]] = ()
    flags: Sequence[str] = ()


class Facts:
    """Columns of one entry a row (a text, or a part of a mixed one)."""

    def __init__(
        self, evidence: EvidenceColumns, scores: Floats, decisions: Decisions, model: DecisionModel,
        columns: tuple[list[str], list[str | None], list[str | None], list[str | None]],
    ) -> None:
        self.evidence = evidence
        self.status, self.label, self.band, self.decided_by = columns
        self._scores, self._decisions, self._model = scores, decisions, model
        self._sign = np.where(decisions.kpo, 1, -1)

    @cached_property
    def _hundredths(self) -> npt.NDArray[np.int64]:
        return np.rint(self._scores * HUNDREDTH).astype(np.int64)

    @cached_property
    def hundredths(self) -> list[int]:
        """Scores as printed, that of a row and dimension at 6 · row + dimension (thousands of lists would be slow)."""
        return self._hundredths.ravel().tolist()

    @cached_property
    def thousandths(self) -> list[int]:
        """The sum (contact halved) of the printed scores, exact."""
        return (self._hundredths @ np.array([round(10 * weight) for weight in SUM_WEIGHTS])).tolist()

    @cached_property
    def shares(self) -> list[int]:
        """Printed contribution of each active entry."""
        return self.evidence.shares(self._hundredths)

    @cached_property
    def rule_label(self) -> list[str]:
        """What the codebook's rule says."""
        return ["KPO" if kpo else "BPO" for kpo in self._decisions.rule_kpo.tolist()]

    @cached_property
    def leading(self) -> list[tuple[int, ...]]:
        """The two dimensions that decided, as far as they speak for the label."""
        sizes = self._hundredths * np.array(SUM_WEIGHTS) * self._sign[:, None]
        order = np.argsort(-sizes, axis=1, kind="stable")[:, :2]
        speak = (np.take_along_axis(sizes, order, axis=1) > 0).sum(axis=1)
        return [tuple(two[:some]) for two, some in zip(order.tolist(), speak.tolist(), strict=True)]

    @cached_property
    def supporting(self) -> tuple[list[int], list[str], list[int]]:
        """The dimensions and quotes of what clearly speaks for each row's label, strongest first; where rows begin."""
        evidence = self.evidence
        share = evidence.net * self._sign[evidence.rows]
        clear = np.flatnonzero(share > SHOWN)
        clear = clear[np.lexsort((-share[clear], evidence.rows[clear]))]
        first = np.searchsorted(evidence.rows[clear], np.arange(len(self._sign) + 1)).tolist()
        return np.array(evidence.place, np.int64)[clear].tolist(), evidence.quotes(clear), first

    @cached_property
    def against(self) -> list[tuple[int, str] | None]:
        """The strongest entry for the other label, and its words: one that counts, else one that is switched off."""
        entries = self._against
        rows = np.flatnonzero(entries >= 0)
        found: list[tuple[int, str] | None] = [None] * len(entries)
        for row, entry, quote in zip(
            rows.tolist(), entries[rows].tolist(), self.evidence.quotes(entries[rows]), strict=True
        ):
            found[row] = entry, quote
        return found

    @property
    def _against(self) -> npt.NDArray[np.int64]:
        evidence = self.evidence
        sign = self._sign[evidence.rows]
        counted = _lowest(evidence.net * sign, evidence.rows, len(self._sign))
        off = np.flatnonzero((evidence.contributions == 0) & (evidence.weights * sign < 0) & evidence.modified)
        place = _lowest((evidence.weights * sign)[off], evidence.rows[off], len(self._sign))
        spare = np.where(place >= 0, off[place] if len(off) else -1, -1)
        if not len(evidence.rows):
            return spare
        value = evidence.net[counted] * self._sign
        return np.where((counted >= 0) & (value <= -WORTH_NAMING), counted, spare)

    @cached_property
    def asked(self) -> list[int]:
        """The dimension whose question would settle most: one not stated, else the one that would turn the label."""
        stated = np.zeros(self._scores.shape, np.bool_)
        evidence = self.evidence
        active = np.flatnonzero(evidence.contributions)
        stated[evidence.rows[active], np.array(evidence.place, np.int64)[active]] = True
        turn = self._turning[0]
        asked = np.where(turn >= 0, turn, 1)
        for place in reversed(_ASKED):
            asked = np.where(stated[:, place], asked, place)
        return asked.tolist()

    @cached_property
    def _turning(self) -> tuple[npt.NDArray[np.int8], Floats]:
        return turning_points(self._scores, self._model)

    @cached_property
    def turn(self) -> list[tuple[int, float]]:
        """The smallest change of one score that turns the label: dimension (-1: none does) and new value."""
        dimension, value = self._turning
        return list(zip(dimension.tolist(), value.tolist(), strict=True))


def _lowest(values: Floats, rows: npt.NDArray[np.int64], count: int) -> npt.NDArray[np.int64]:
    """For each row the first of its lowest values, -1 where it has none; rows stand together, in order."""
    found = np.full(count, -1, np.int64)
    if len(values):
        starts, lengths = group_runs(rows)
        place = np.flatnonzero(values == np.repeat(np.minimum.reduceat(values, starts), lengths))[::-1]
        found[rows[place]] = place
    return found
