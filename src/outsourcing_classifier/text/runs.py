"""Runs in flat columns: neighbours that belong together, and rows that expand to several places."""

from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

T = TypeVar("T", bound=np.integer[Any])
Places = npt.NDArray[np.int64]


def group_starts(key: npt.NDArray[Any]) -> Places:
    """Where each run of equal neighbours begins."""
    new = np.ones(len(key), np.bool_)
    np.not_equal(key[1:], key[:-1], out=new[1:])
    return new.nonzero()[0]


def group_runs(key: npt.NDArray[Any]) -> tuple[Places, Places]:
    """Where each run of equal neighbours begins, and how long it is."""
    starts = group_starts(key)
    return starts, np.diff(starts, append=len(key))


def distinct(keys: npt.NDArray[T]) -> npt.NDArray[T]:
    """The distinct values, sorted (`numpy.unique` would import far more than it needs)."""
    ordered = np.sort(keys)
    return ordered[group_starts(ordered)]


def numbered(keys: npt.NDArray[T]) -> tuple[npt.NDArray[T], Places]:
    """The distinct values, sorted, and for each key which of them it is."""
    found = distinct(keys)
    return found, np.searchsorted(found, keys)


def crowded(keys: npt.NDArray[Any]) -> tuple[Places, Places, Places]:
    """Rows whose key other rows have as well, ordered by it; where the rows of each key begin among them, how many."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    same = ordered[1:] == ordered[:-1]
    some = np.flatnonzero(np.append(same, False) | np.append(False, same))
    return order[some], *group_runs(ordered[some])


def first_of_each(keys: npt.NDArray[Any]) -> Places:
    """Where each distinct value stands first, in the order of these places."""
    order = np.argsort(keys, kind="stable")
    return np.sort(order[group_starts(keys[order])])


def expanded(counts: npt.NDArray[T]) -> tuple[npt.NDArray[T], npt.NDArray[T]]:
    """Each row as often as it counts: number of the row, and place within it (0, 1, …), in the type of `counts`."""
    rows = np.repeat(np.arange(len(counts), dtype=counts.dtype), counts)
    ends = np.cumsum(counts, dtype=counts.dtype)
    return rows, np.arange(len(rows), dtype=counts.dtype) - (ends - counts).take(rows)


def spanned(first: Places, last: Places) -> tuple[Places, Places]:
    """All places of all spans, both ends included: number of the span, and place."""
    rows, inner = expanded(last - first + 1)
    return rows, first[rows] + inner


class Column:
    """A column that grows at its end; arrays taken from it stay valid."""

    def __init__(self, dtype: npt.DTypeLike, width: int | None = None) -> None:
        self._room = np.empty(1024 if width is None else (1024, width), dtype)
        self._count = 0

    def extend(self, values: npt.ArrayLike) -> None:
        """Put values at the end."""
        new = np.asarray(values)
        count = self._count + len(new)
        if count > len(self._room):
            room = np.empty((2 * count, *self._room.shape[1:]), self._room.dtype)
            room[: self._count] = self.values
            self._room = room
        self._room[self._count : count] = new
        self._count = count

    @property
    def values(self) -> npt.NDArray[Any]:
        """All values so far."""
        return self._room[: self._count]
