"""Runs in flat columns: neighbours that belong together, and rows that expand to several places."""

from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

T = TypeVar("T", bound=np.integer[Any])
Places = npt.NDArray[np.int64]


def group_starts(key: npt.NDArray[Any]) -> Places:
    """Where each run of equal neighbours begins."""
    if not len(key):
        return np.zeros(0, np.int64)
    return np.flatnonzero(np.append(True, key[1:] != key[:-1]))


def expanded(counts: npt.NDArray[T]) -> tuple[npt.NDArray[T], npt.NDArray[T]]:
    """Each row as often as it counts: number of the row, and place within it (0, 1, …), in the type of `counts`."""
    rows = np.repeat(np.arange(len(counts), dtype=counts.dtype), counts)
    ends = np.cumsum(counts, dtype=counts.dtype)
    return rows, np.arange(len(rows), dtype=counts.dtype) - np.repeat(ends - counts, counts)
