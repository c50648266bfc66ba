"""Which decisions are asked for, in which order, and what they settle."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ..classifier import Classifier
from ..dimensions import LANGUAGES
from ..errors import InputValueError
from ..explanation import WORDINGS, sentences
from .families import Family, deciding, examples, families
from .scored import Scored

SECONDS_FAMILY: Final = 90
SECONDS_ROW: Final = 45
_NOT_REVIEWED: Final = ("heading", "unreadable", "empty")
_DECIMALS: Final = 9
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Line:
    """One decision: rows of a family, or one row; ``share`` is what all lines up to this one settle, 0 to 1."""

    name: str
    rows: tuple[int, ...]
    settles: float
    count: int
    share: float
    family: Family | None = None
    examples: tuple[int, ...] = ()


@dataclass(frozen=True)
class Plan:
    """Lines for a review of rows of a scored file, families first, each kind in order of what it settles.

    ``unit`` is "fte", or "rows" where the file gives none; ``total`` is what is uncertain in that unit.
    """

    scored: Scored
    unit: str
    total: float
    rows: int
    families: tuple[Line, ...]
    singles: tuple[Line, ...]
    all_families: int
    all_singles: int

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines in order."""
        return (*self.families, *self.singles)

    @property
    def share(self) -> float:
        """What all lines together settle, 0 to 1."""
        return self.lines[-1].share if self.lines else 0.0

    @property
    def seconds(self) -> int:
        """How long it takes, about."""
        return SECONDS_FAMILY * len(self.families) + SECONDS_ROW * len(self.singles)

    @property
    def cut(self) -> bool:
        """Whether lines were left out for want of time."""
        return len(self.lines) < self.all_families + self.all_singles


def uncertain(scored: Scored) -> list[int]:
    """Rows for review without a decision of a person."""
    return [
        row for row in np.flatnonzero(scored.review).tolist()
        if scored.decisions[row] is None and scored.statuses[row] not in _NOT_REVIEWED
    ]


def weights_of(scored: Scored) -> tuple[Floats, str]:
    """What each row weighs: its FTE (0 where not given), or 1 where the file gives none."""
    if not np.isfinite(scored.fte).any():
        return np.ones(len(scored)), "rows"
    return np.maximum(np.nan_to_num(scored.fte), 0.0), "fte"


def closeness(scored: Scored) -> Floats:
    """How near each row is to the line, 0 to 1: 1 - |2P - 1|; 1 where there is no probability."""
    return 1 - np.abs(2 * np.where(np.isnan(scored.probability), 0.5, scored.probability) - 1)


def plan(scored: Scored, classifier: Classifier, rows: Sequence[int], minutes: float | None = None) -> Plan:
    """The review of some rows; ``minutes`` limits it to what settles most in this time.

    A family settles the sum of its rows' weights; a single row counts with weight times closeness to the line.
    """
    if minutes is not None and minutes * 60 < SECONDS_FAMILY:
        raise InputValueError(f"{minutes:g} minutes are too short for one family ({SECONDS_FAMILY} seconds)")
    weights, unit = weights_of(scored)
    near = closeness(scored)
    texts = [scored.texts[row] for row in rows]
    found = deciding(texts, [scored.labels[row] or scored.statuses[row] for row in rows], classifier)
    made, alone = families(rows, found, texts)

    def order(together: Sequence[int], gain: float, seconds: int) -> tuple[float, float, int]:
        return -round(gain / seconds, _DECIMALS), -round(len(together) / seconds, _DECIMALS), together[0]

    drafts = [
        _Draft(order(family.rows, _sum(weights, family.rows), SECONDS_FAMILY), SECONDS_FAMILY, family, family.rows)
        for family in made
    ]
    drafts += [
        _Draft(order([row], float(weights[row] * near[row]), SECONDS_ROW), SECONDS_ROW, None, (row,)) for row in alone
    ]
    kept = _in_time(sorted(drafts, key=lambda draft: draft.order), minutes)
    total = _sum(weights, rows)
    lines: list[Line] = []
    settled = 0.0
    for _, _, family, together in sorted(kept, key=lambda draft: draft.family is None):
        settles = _sum(weights, together)
        settled = round(settled + settles, _DECIMALS)
        name = f"R{scored.row(together[0])}" if family is None else f"F{len(lines) + 1}"
        shown = tuple(examples(together, scored.texts, weights.tolist())) if family else ()
        lines.append(Line(name, together, settles, len(lines) + 1, settled / total if total else 1.0, family, shown))
    count = sum(line.family is not None for line in lines)
    return Plan(scored, unit, total, len(rows), tuple(lines[:count]), tuple(lines[count:]), len(made), len(alone))


class _Draft(NamedTuple):
    order: tuple[float, float, int]
    seconds: int
    family: Family | None
    rows: tuple[int, ...]


def _in_time(drafts: Sequence[_Draft], minutes: float | None) -> list[_Draft]:
    """The first of them, as many as the time allows."""
    ends = accumulate(draft.seconds for draft in drafts)
    return [draft for draft, end in zip(drafts, ends, strict=True) if minutes is None or end <= minutes * 60]


def _sum(weights: Floats, rows: Sequence[int]) -> float:
    return round(float(sum(weights[row] for row in rows)), _DECIMALS)


def question(scored: Scored, rows: Sequence[int], weights: Floats) -> str:
    """The open question of most of the rows, by what they weigh."""
    votes: Counter[str] = Counter()
    for row in rows:
        if scored.questions[row]:
            votes[scored.questions[row]] += 1 + round(float(weights[row]) * 1000)
    return min(votes, key=lambda text: (-votes[text], text), default="")


def language_of(scored: Scored, classifier: Classifier) -> str:
    """The language of our sentences in a scored file: that of its open questions, else that of most tasks."""
    found = {
        language: sum(map(set(sentences(language)["question"].values()).__contains__, scored.questions))
        for language in LANGUAGES
    }
    if not any(found.values()):
        said = classifier.classify_many([text for text in scored.texts if text.strip()][:2000]).language
        found = {language: said.count(language) for language in LANGUAGES}
    return max(LANGUAGES, key=lambda language: found[language])


def wording_of(scored: Scored, language: str) -> str:
    """The preset in whose words a scored file gives its labels."""
    place = scored.table.header.index("oc_label")
    cells = {str(cell) for cell in scored.table.column(place) if cell}
    labels = {wording: set(sentences(language)["label"][wording].values()) for wording in WORDINGS}
    return max(WORDINGS, key=lambda wording: len(labels[wording] & cells))
