"""Small array operations on flat columns of tokens that belong to texts."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from ..text.runs import group_starts

T = TypeVar("T", bound=np.generic)
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(slots=True, eq=False, repr=False)
class Runs:
    """First and last token of each text that has any."""

    first: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]


def runs_of(text: Ints) -> Runs:
    """Where the tokens of each text stand; texts stand together, in order."""
    first = group_starts(text)
    return Runs(first, np.append(first[1:], len(text))[: len(first)] - 1)


def before(values: npt.NDArray[T], runs: Runs, fill: object = 0) -> npt.NDArray[T]:
    """The value of the token before, `fill` at the start of a text."""
    moved = np.empty_like(values)
    moved[1:] = values[:-1]
    moved[runs.first] = fill
    return moved


def after(values: npt.NDArray[T], runs: Runs, fill: object = 0) -> npt.NDArray[T]:
    """The value of the token behind, `fill` at the end of a text."""
    moved = np.empty_like(values)
    moved[:-1] = values[1:]
    moved[runs.last] = fill
    return moved


def last_at(mark: Bools) -> Ints:
    """For each token the last marked place up to and with it, -1 where there is none."""
    marked = mark.nonzero()[0]
    return np.repeat(np.append(-1, marked), np.diff(marked, prepend=0, append=len(mark)))


def last_until(mark: Bools, places: Ints) -> Ints:
    """`last_at` of a few places only."""
    marked = mark.nonzero()[0]
    return np.append(-1, marked)[np.searchsorted(marked, places, "right")]


def last_before(mark: Bools) -> Ints:
    """For each token the last marked place before it, -1 where there is none."""
    places = last_at(mark)
    moved = np.full_like(places, -1)
    moved[1:] = places[:-1]
    return moved


def any_in(group: Ints, mark: Bools, count: int) -> Bools:
    """For each group whether one of its members is marked."""
    found = np.zeros(count, dtype=np.bool_)
    found[group[mark.nonzero()[0]]] = True  # much faster than a mask as index
    return found


def masks_in(group: Ints, masks: npt.NDArray[np.uint64], count: int) -> npt.NDArray[np.uint64]:
    """For each group the union of its members' bit masks; groups stand together, in order."""
    if not count:
        return np.zeros(0, np.uint64)
    return np.bitwise_or.reduceat(masks, group_starts(group))


def any_column(marks: npt.NDArray[np.bool_]) -> Bools:
    """For each row whether one of its few columns is marked (faster than `any` along them)."""
    found: Bools = marks[:, 0].copy()
    for column in range(1, marks.shape[1]):
        found |= marks[:, column]
    return found
