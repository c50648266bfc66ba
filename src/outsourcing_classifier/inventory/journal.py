"""Finished chunks beside the output, with checksums: a killed run goes on after the last whole one.

`.NAME.part` holds the output so far, `.NAME.journal` one line of JSON a chunk: rows, end of its bytes, their CRC-32,
counts. The first line says what the work is (input, options, versions); another one makes the work start anew.
"""

import json
import zlib
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any, BinaryIO, Self

from .counts import Counts


class Journal:
    """The journal of one output; a context: what is open is closed, the files stay until `remove`."""

    def __init__(self, target: Path, work: Mapping[str, Any], head: bytes) -> None:
        self.part = target.with_name(f".{target.name}.part")
        self._path = target.with_name(f".{target.name}.journal")
        self._work, self._head = json.loads(json.dumps(work)), head
        self.rows, self.chunks, self.counts = 0, 0, Counts()
        self.other_work = False  # an earlier journal was of other work
        self._out: BinaryIO | None = None
        self._lines: BinaryIO | None = None

    def __enter__(self) -> Self:
        try:
            self._begin()
        except OSError:
            self.close()
            if not self.chunks:  # whole chunks of an earlier run stay for the next one
                self.remove()
            raise
        return self

    def _begin(self) -> None:
        end, kept = self._checked()
        if not kept:
            self.rows, self.chunks, self.counts = 0, 0, Counts()
            self.part.write_bytes(self._head)
            self._path.write_bytes(_line(self._work))
            end, kept = len(self._head), len(_line(self._work))
        self._out = self.part.open("r+b")
        self._out.truncate(end)
        self._out.seek(end)
        self._lines = self._path.open("r+b")
        self._lines.truncate(kept)
        self._lines.seek(kept)

    def _checked(self) -> tuple[int, int]:
        """Where the last whole chunk ends in both files; (0, 0) where there is nothing to go on with."""
        try:
            lines = self._path.read_bytes().splitlines(keepends=True)
            if not lines or lines[0] != _line(self._work):
                self.other_work = bool(lines)
                return 0, 0
            with self.part.open("rb") as part:
                if part.read(len(self._head)) != self._head:
                    return 0, 0
                end, kept = len(self._head), len(lines[0])
                for line in lines[1:]:
                    entry = json.loads(line) if line.endswith(b"\n") else {}
                    if not entry or zlib.crc32(part.read(entry["end"] - end)) != entry["crc"]:
                        break
                    end, kept = entry["end"], kept + len(line)
                    self.rows, self.chunks = self.rows + entry["counts"]["rows"], self.chunks + 1
                    self.counts.add(Counts.of(entry["counts"]))
        except (OSError, ValueError, KeyError, TypeError):
            return 0, 0
        return end, kept

    def add(self, output: bytes, counts: Counts) -> None:
        """One more chunk: first its bytes, then the line that says that they are whole."""
        if self._out is None or self._lines is None:
            raise AssertionError("a journal is written inside its context")
        self._out.write(output)
        self._out.flush()
        entry = {"end": self._out.tell(), "crc": zlib.crc32(output), "counts": counts.plain()}
        self._lines.write(_line(entry))
        self._lines.flush()
        self.rows, self.chunks = self.rows + counts.rows, self.chunks + 1
        self.counts.add(counts)

    def close(self) -> None:
        """Close both files, the second also where the first cannot write what it still holds."""
        out, lines = self._out, self._lines
        self._out = self._lines = None
        with out or nullcontext(), lines or nullcontext():
            pass

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            self.close()
        finally:
            # What people or machines interrupt goes on later; after an error, or before the first chunk, nothing stays.
            if kind is not None and (issubclass(kind, Exception) or not self.chunks):
                self.remove()

    def remove(self) -> None:
        """Both files are no longer needed."""
        for path in (self.part, self._path):
            path.unlink(missing_ok=True)

    def finish(self, target: Path) -> None:
        """The part takes its place as the output."""
        self.close()
        self.part.replace(target)
        self.remove()


def _line(data: Mapping[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass") + b"\n"
