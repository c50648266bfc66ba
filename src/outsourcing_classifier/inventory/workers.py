"""Chunks in several processes: each gets the classifier once, formats its own chunks, and gives them back in order."""

import hashlib
import pickle
from collections.abc import Iterator
from typing import Any, Final

from .chunk import Chunks, Row
from .counts import Counts

_ready: dict[str, Chunks] = {}  # of this process
_AHEAD: Final = 2  # chunks a process may be ahead of the output


def worked_in_processes(
    chunks: Chunks, numbered: Iterator[tuple[int, list[Row]]], processes: int
) -> Iterator[tuple[bytes, Counts]]:
    """`Chunks.work` of each chunk, in order; no task text goes to disk."""
    from joblib import Parallel, delayed

    content = pickle.dumps(chunks)
    name = hashlib.sha256(content).hexdigest()
    parallel = Parallel(
        n_jobs=processes, return_as="generator", max_nbytes=None, pre_dispatch=_AHEAD * processes,
        batch_size=1, initializer=_prepare, initargs=(name, content),
    )
    calls: Any = (delayed(_work)(name, first, rows) for first, rows in numbered)
    yield from parallel(calls)


def _prepare(name: str, content: bytes) -> None:
    _ready.clear()
    _ready[name] = pickle.loads(content)  # noqa: S301 - made by the process that started this one


def _work(name: str, first_row: int, rows: list[Row]) -> tuple[bytes, Counts]:
    return _ready[name].work(first_row, rows)
