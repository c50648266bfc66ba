"""Doubtful rows in families: what one decision can settle together.

What decides a row are its one or two cues that add most to the margin in favour of its label (to either side where it
has no label, or nothing speaks for it). A row joins the narrowest family that is large enough: same label, same
deciding cues in the same roles and same kind of object; else the strongest cue and the kind of object (each of three
rows and of one in 200 of all that are grouped, so that a long file does not fall into thousands); else the strongest
cue in its role (two rows). Rows in which no cue decides form a family only with rows of the same wording. All others
stay alone.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ..classifier import BATCH_SIZE, Classifier
from ..decision import DECIMALS, weighted_sum
from ..decisions import key
from ..lexicon.codes import ROLES
from ..reading.hits import ROLE
from ..scoring import contributions

# Classes of objects, the more telling first: an object of several kinds is shown as the first of them.
KINDS: Final = (
    "record", "document", "report", "data", "money", "software", "plan", "design", "method", "problem", "argument",
    "knowledge", "norm", "appointment", "person", "cared_for", "body", "channel", "service", "machine", "material",
    "food", "nature", "building", "topic",
)
_AS_WELL: Final = 0.5  # a second cue decides as well when it adds at least this share of the first
_LEAST: Final = 0.02  # so little of the margin decides nothing
EXAMPLES: Final = 3
_COMPARED: Final = 200  # rows of a family among which examples are chosen


@dataclass(frozen=True, slots=True)
class Deciding:
    """What decides a row: its label (or status), cues with their roles, the strongest first, and kind of object."""

    label: str
    cues: tuple[tuple[str, str], ...] = ()
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """Rows that one decision can settle; ``shared`` is what all of them have in common."""

    shared: Deciding
    rows: tuple[int, ...]


def deciding(texts: Sequence[str], labels: Sequence[str], classifier: Classifier) -> list[Deciding]:
    """What decides each text towards its label (BPO, KPO; another word where it has no label)."""
    found: list[Deciding] = []
    for first in range(0, len(texts), BATCH_SIZE):
        part = slice(first, first + BATCH_SIZE)
        found += _deciding(texts[part], labels[part], classifier)
    return found


def _deciding(texts: Sequence[str], labels: Sequence[str], classifier: Classifier) -> list[Deciding]:
    batch = classifier.batch(texts, None, assume_task=False)
    cues, reading, lexicon = batch.settled, batch.reading, classifier.lexicon
    sign = np.array([{"BPO": -1, "KPO": 1}.get(label, 0) for label in labels], np.int8)[cues.group]
    added = contributions(cues, len(texts))
    weights = classifier.model.decision.coefficients
    towards, at_all = (weighted_sum(list(columns.T), weights) for columns in (added, np.abs(added)))
    towards, at_all = np.round(towards * sign, DECIMALS), np.round(at_all, DECIMALS)
    hits, names = cues.hits, lexicon.cue_texts
    sums: list[dict[tuple[str, str], list[float]]] = [defaultdict(lambda: [0.0, 0.0]) for _ in texts]
    objects: dict[tuple[int, tuple[str, str]], np.uint64] = {}
    # What a learned word adds beside the cues is no cue that rows could share: it would part "office contracts" from
    # "lease contracts".
    for hit in np.flatnonzero((at_all > 0) & (hits.role != ROLE["word"])).tolist():
        row, cue = int(cues.group[hit]), (names[hits.cue[hit]], ROLES[hits.role[hit]])
        sums[row][cue][0] += float(towards[hit])
        sums[row][cue][1] += float(at_all[hit])
        objects.setdefault((row, cue), reading.object_masks[hits.clause[hit]])
    kinds = [(name, np.uint64(lexicon.mask(name))) for name in KINDS]
    found = []
    for row, label in enumerate(labels):
        kept = _strongest(sums[row], 0) or _strongest(sums[row], 1)
        mask = objects[row, kept[0]] if kept else np.uint64(0)
        found.append(Deciding(label, kept, next((name for name, bit in kinds if mask & bit), "")))
    return found


def _strongest(sums: Mapping[tuple[str, str], Sequence[float]], place: int) -> tuple[tuple[str, str], ...]:
    """The strongest cue, and the second where it decides as well."""
    size = {cue: values[place] for cue, values in sums.items() if values[place] >= _LEAST}
    order = sorted(size, key=lambda cue: (-size[cue], cue))[:2]
    return tuple(cue for cue in order if size[cue] >= _AS_WELL * size[order[0]])


_NARROW: Final = 3  # rows of a narrow family
_NARROW_SHARE: Final = 200  # and one in so many of all rows
# From narrow to wide: what rows must share.
_Shared = Callable[[Deciding, str], Hashable]
_RUNGS: Final[Sequence[_Shared]] = (
    lambda d, _: (d.label, d.cues, d.kind),
    lambda d, _: (d.label, d.cues[0], d.kind),
    lambda d, _: (d.label, d.cues[0]),
)
_SAME_WORDS: Final[Sequence[_Shared]] = (lambda d, text: (d.label, key(text)),)


def families(rows: Sequence[int], found: Sequence[Deciding], texts: Sequence[str]) -> tuple[list[Family], list[int]]:
    """Families of rows, and the rows that stay alone; `found` and `texts` have one entry a row of `rows`."""
    made: list[Family] = []
    alone: list[int] = []
    narrow = max(_NARROW, -(-len(rows) // _NARROW_SHARE))
    for decides, rungs in ((True, _RUNGS), (False, _SAME_WORDS)):
        left = [place for place in range(len(rows)) if bool(found[place].cues) is decides]
        for shared in rungs:
            least = 2 if shared is rungs[-1] else narrow
            groups: dict[Hashable, list[int]] = defaultdict(list)
            for place in left:
                groups[shared(found[place], texts[place])].append(place)
            made += [_family(group, rows, found) for group in groups.values() if len(group) >= least]
            left = [place for group in groups.values() if len(group) < least for place in group]
        alone += left
    return sorted(made, key=lambda family: family.rows), sorted(rows[place] for place in alone)


def _family(group: Sequence[int], rows: Sequence[int], found: Sequence[Deciding]) -> Family:
    members = [found[place] for place in group]
    first = members[0]
    cues = tuple(_common([member.cues for member in members]))
    kind = first.kind if all(member.kind == first.kind for member in members) else ""
    return Family(Deciding(first.label, cues, kind), tuple(sorted(rows[place] for place in group)))


def _common(cues: Sequence[tuple[tuple[str, str], ...]]) -> Iterable[tuple[str, str]]:
    """The cues with which all of them begin."""
    for together in zip(*cues, strict=False):
        if len(set(together)) > 1:
            return
        yield together[0]


def examples(rows: Sequence[int], texts: Sequence[str], weights: Sequence[float]) -> list[int]:
    """Up to three rows that show a family: the heaviest, then those whose words differ most from the ones chosen."""
    order = sorted(rows, key=lambda row: (-weights[row], row))[:_COMPARED]
    words = {row: frozenset(key(texts[row]).split()) for row in order}
    chosen, distinct = order[:1], {words[order[0]]}
    while len(chosen) < EXAMPLES:
        rest = [row for row in order if words[row] not in distinct]
        if not rest:
            break
        near = [max(_overlap(words[row], words[other]) for other in chosen) for row in rest]
        best = rest[near.index(min(near))]
        chosen.append(best)
        distinct.add(words[best])
    return chosen


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 1.0
