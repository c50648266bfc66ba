"""Texts to one flat column of tokens.

The unit is the *chunk*: what stands between two blanks. A text of ten words has ten chunks, a
file of a million rows has few distinct ones; so each distinct chunk is taken apart once, and whole
batches are expanded by array operations. All normalising (Unicode, soft hyphens, gender forms)
happens inside a chunk, where offsets are known.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from .runs import Column, expanded

IntArray = npt.NDArray[np.int64]

CHUNK_LIMIT: Final = 200_000  # distinct chunks remembered before the table starts anew
SEPARATOR: Final = "\x00"  # stands between two texts of a batch; ASCII keeps strings narrow and fast
LINE_END: Final = "\x01"  # stands for a line break inside a text
_PRIVATE = str.maketrans({SEPARATOR: " ", LINE_END: " "})
_LINE_MARKS: Final = "\n\r\v\f\x85\u2028\u2029"
_LINES = re.compile(f"[{_LINE_MARKS}]")

# "Mitarbeiter/-innen", "Sachbearbeiter:innen", "Kunde(n)": one word with its gender or plural form.
_GENDER = r"(?:(?:[:*_]|/-?)(?:innen|in|n|r|s|e|en)(?![^\W_])|\((?:innen|in|n|r|s|e|en)\))?"
_TOKEN = re.compile(
    r"-?[^\W\d_][^\W_]*" + _GENDER + r"(?:['’](?:s|t|re|ve|ll|d)(?![^\W_]))?-?"
    r"|\d+(?:[.,:]\d+)*"
    r"|\.{2,}|[.,;:!?()\[\]{}/&+•·▪◦●■►|–—→-]"
)
_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")


@dataclass(frozen=True, slots=True)
class Tokens:
    """A batch as one flat column of tokens, in reading order.

    ``text`` is the row of the text, ``form`` the number of the distinct form, ``glued`` says
    that a hyphen joins the token to the one before. ``chunk`` and ``inner`` find its place.
    """

    count: int
    text: IntArray
    form: IntArray
    glued: npt.NDArray[np.bool_]
    chunk: IntArray
    inner: IntArray
    chunk_text: IntArray
    chunk_number: IntArray
    table: "ChunkTable"

    def take(self, kept: npt.NDArray[np.bool_]) -> "Tokens":
        """Without the tokens that are not kept; texts and chunks stay as they are."""
        columns = {name: getattr(self, name)[kept] for name in ("text", "form", "glued", "chunk", "inner")}
        return replace(self, **columns)


class ChunkTable:
    """Distinct chunks and what they consist of; bounded, results never depend on it.

    ``forms`` lists every distinct token string; a chunk is a row of the flat arrays.
    Append-only, so that tokens made from it stay valid; not safe for concurrent writing.
    """

    def __init__(self) -> None:
        self.forms: list[str] = []
        self._form_numbers: dict[str, int] = {}
        self._chunks: dict[str, int] = {}
        self._pieces: list[tuple[int, int, int, bool]] = []  # form, start, end, glued; not yet in columns
        self._rows: list[tuple[int, int]] = []  # first piece behind the chunk, length; not yet in columns
        self._taken = 0
        self._columns = tuple(Column(np.int64) for _ in range(6))
        self._columns[0].extend([0])
        self._add(SEPARATOR)
        self._add(LINE_END)

    @property
    def full(self) -> bool:
        """Whether a new table should take over."""
        return len(self._chunks) >= CHUNK_LIMIT

    def form_number(self, form: str) -> int:
        """Number of a form, new or known."""
        number = self._form_numbers.get(form)
        if number is None:
            number = self._form_numbers[form] = len(self.forms)
            self.forms.append(form)
        return number

    def _add(self, chunk: str) -> None:
        """Take a new chunk apart."""
        for word, start, end, glued in split_chunk(chunk):
            self._pieces.append((self.form_number(word), start, end, glued))
        self._rows.append((self._taken + len(self._pieces), len(chunk)))
        self._chunks[chunk] = len(self._chunks)

    def _numbers(self, chunks: list[str]) -> IntArray:
        """Numbers of chunks; unknown ones are taken apart."""
        known = self._chunks
        try:
            return np.fromiter(map(known.__getitem__, chunks), np.int64, len(chunks))
        except KeyError:
            for chunk in chunks:
                if chunk not in known:
                    self._add(chunk)
        return np.fromiter(map(known.__getitem__, chunks), np.int64, len(chunks))

    def arrays(self) -> tuple[IntArray, ...]:
        """First token, form, start, end, glued and length of all chunks."""
        if self._rows:
            first, form, start, end, glued, length = self._columns
            rows = np.array(self._rows, np.int64)
            first.extend(rows[:, 0])
            length.extend(rows[:, 1])
            pieces = np.array(self._pieces, np.int64).reshape(-1, 4)
            for place, column in enumerate((form, start, end, glued)):
                column.extend(pieces[:, place])
            self._taken += len(self._pieces)
            self._pieces.clear()
            self._rows.clear()
        return tuple(column.values for column in self._columns)

    def encode(self, texts: Sequence[str]) -> Tokens:
        """Tokens of a batch of texts."""
        joined = f" {SEPARATOR} ".join(texts)
        if joined.count(SEPARATOR) != max(len(texts) - 1, 0) or LINE_END in joined:
            joined = f" {SEPARATOR} ".join(text.translate(_PRIVATE) for text in texts)
        for mark in _LINE_MARKS:  # much faster than a pattern
            if mark in joined:
                joined = joined.replace(mark, f" {LINE_END} ")
        chunks = joined.split()
        numbers = self._numbers(chunks)
        separators = numbers == 0
        row = np.cumsum(separators, dtype=np.int64)[~separators]
        numbers = numbers[~separators]
        first, form, _, _, glued, _ = self.arrays()
        counts = first[numbers + 1] - first[numbers]
        chunk, inner = expanded(counts)
        flat = first[numbers][chunk] + inner
        return Tokens(
            count=len(texts),
            text=row[chunk],
            form=form[flat],
            glued=glued[flat].astype(np.bool_),
            chunk=chunk,
            inner=inner,
            chunk_text=row,
            chunk_number=numbers,
            table=self,
        )


def split_chunk(chunk: str) -> list[tuple[str, int, int, bool]]:
    """Tokens of a chunk: normalised string, start and end in the chunk, glued to the one before."""
    if chunk.isalpha() and (chunk.isascii() or unicodedata.is_normalized("NFKC", chunk)):
        return [(chunk, 0, len(chunk), False)]
    if chunk[-1] in ",.;:" and chunk[:-1].isalpha() and chunk.isascii():
        return [(chunk[:-1], 0, len(chunk) - 1, False), (chunk[-1], len(chunk) - 1, len(chunk), False)]
    if chunk == LINE_END:
        return [(LINE_END, 0, 0, False)]
    if chunk == SEPARATOR:
        return []
    text, starts, ends = tidy(chunk)
    found: list[tuple[str, int, int, bool]] = []
    hyphen = False
    for match in _TOKEN.finditer(text):
        word, start, end = match[0], match.start(), match.end()
        if word == "-" and len(text) > 1:
            continue
        if word[0] == "-" and len(word) > 1 and start > 0:
            word, start, hyphen = word[1:], start + 1, True
        follows = end < len(text) and text[end : end + 1].isalnum()
        glued = hyphen and bool(found)
        hyphen = word[-1] == "-" and len(word) > 1 and follows
        if hyphen:
            word, end = word[:-1], end - 1
        found.append((word, starts[start], ends[end - 1], glued))
    return found


def tidy(chunk: str) -> tuple[str, Sequence[int], Sequence[int]]:
    """Composed Unicode without invisible characters; where each character starts and ends in `chunk`."""
    if chunk.isascii() or (
        _INVISIBLE.isdisjoint(chunk) and unicodedata.is_normalized("NFKC", chunk)
    ):
        return chunk, range(len(chunk)), range(1, len(chunk) + 1)
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    start = 0
    while start < len(chunk):
        end = start + 1
        while end < len(chunk) and unicodedata.combining(chunk[end]):
            end += 1
        group = "".join(c for c in chunk[start:end] if c not in _INVISIBLE)
        for letter in unicodedata.normalize("NFKC", group):
            letters.append(letter)
            starts.append(start)
            ends.append(end)
        start = end
    return "".join(letters), starts, ends


def token_spans(tokens: Tokens, texts: Sequence[str]) -> tuple[IntArray, IntArray]:
    """Start and end of every token in its own text, in code points."""
    _, _, start, end, _, length = tokens.table.arrays()
    lengths = length[tokens.chunk_number].astype(np.int64)
    lengths[tokens.chunk_number == 1] = 1
    chunk_start = _chunk_starts(tokens, texts, lengths)
    first = tokens.table.arrays()[0]
    flat = first[tokens.chunk_number][tokens.chunk] + tokens.inner
    base = chunk_start[tokens.chunk]
    return (base + start[flat]).astype(np.int64), (base + end[flat]).astype(np.int64)


def _chunk_starts(
    tokens: Tokens, texts: Sequence[str], lengths: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Where each chunk begins; texts with one blank between chunks need no second look."""
    rows = tokens.chunk_text
    counts = np.bincount(rows, minlength=tokens.count)
    ends = np.cumsum(lengths + 1)
    begins = ends - lengths - 1
    firsts = np.cumsum(counts) - counts
    starts = begins - begins[np.minimum(firsts, len(begins) - 1)][rows] if len(begins) else begins
    totals = np.bincount(rows, weights=lengths + 1, minlength=tokens.count)
    has_lines = np.zeros(tokens.count, dtype=bool)
    has_lines[rows[tokens.chunk_number == 1]] = True
    for row in range(tokens.count):
        text = texts[row]
        if counts[row] and (has_lines[row] or len(text) != totals[row] - 1 or text[0].isspace()):
            found = [match.start() for match in re.finditer(_LINES_OR_CHUNK, text)]
            starts[firsts[row] : firsts[row] + counts[row]] = found
    return starts


_LINES_OR_CHUNK = re.compile(_LINES.pattern + r"|[^\s" + SEPARATOR + LINE_END + r"]+")
