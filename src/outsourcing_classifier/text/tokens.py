"""Texts to one flat column of tokens.

The unit is the *chunk*: what stands between two blanks. A text of ten words has ten chunks, a
file of a million rows has few distinct ones; so each distinct chunk is taken apart once, and whole
batches are expanded by array operations. All normalising (Unicode, soft hyphens, gender forms)
happens inside a chunk, where offsets are known.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from .letters import NONE, Hashes, HashTable, span_hashes
from .runs import Column, expanded, first_of_each

IntArray = npt.NDArray[np.int64]

CHUNK_LIMIT: Final = 200_000  # distinct chunks remembered before the table starts anew
SEPARATOR: Final = "\x00"  # stands between two texts of a batch
DOT: Final = "."
LINE_END: Final = "\x01"  # stands for a line break inside a text
_LINE_MARKS: Final = "\n\r\v\f\x85\u2028\u2029"
_BLANKS: Final = (
    "\x01\t\x1c\x1d\x1e\x1f \xa0\u1680"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
# What a character is for the chunks; the last entry stands for all characters behind it.
_INSIDE, _BLANK, _LINE, _BETWEEN = range(4)
_CLASSES: Final = np.zeros(0x3002, np.int8)
for _class, _letters in ((_BLANK, _BLANKS), (_LINE, _LINE_MARKS), (_BETWEEN, SEPARATOR)):
    _CLASSES[[ord(letter) for letter in _letters]] = _class

# "Mitarbeiter/-innen", "Sachbearbeiter:innen", "Kunde(n)": one word with its gender or plural form.
_GENDER = r"(?:(?:[:*_]|/-?)(?:innen|in|n|r|s|e|en)(?![^\W_])|\((?:innen|in|n|r|s|e|en)\))?"
_TOKEN = re.compile(
    r"-?[^\W\d_][^\W_]*" + _GENDER + r"(?:['’](?:s|t|re|ve|ll|d)(?![^\W_]))?-?"
    r"|\d+(?:[.,:]\d+)*"
    r"|\.{2,}|[.,;:!?()\[\]{}/&+•·▪◦●■►|–—→-]"
)
_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")


# Nobody compares or prints columns, and every method that a dataclass gets costs the start of each process.
@dataclass(slots=True, eq=False, repr=False)
class Tokens:
    """A batch as one flat column of tokens, in reading order.

    ``text`` is the row of the text, ``form`` the number of the distinct form, ``glued`` says
    that a hyphen joins the token to the one before. ``chunk`` and ``inner`` find its place:
    ``chunk_number`` is the distinct chunk, ``chunk_start`` where it begins in its text.
    """

    count: int
    text: IntArray
    form: IntArray
    glued: npt.NDArray[np.bool_]
    chunk: IntArray
    inner: IntArray
    chunk_number: IntArray
    chunk_start: IntArray
    table: "ChunkTable"

    def part(self, first: int, end: int) -> "Tokens":
        """The tokens of some neighbouring texts."""
        begin, stop = np.searchsorted(self.text, (first, end)).tolist()
        columns = {name: getattr(self, name)[begin:stop] for name in ("text", "form", "glued", "chunk", "inner")}
        columns["text"] = columns["text"] - first
        return replace(self, count=end - first, **columns)

    def take(self, kept: npt.NDArray[np.bool_]) -> "Tokens":
        """Without the tokens that are not kept; texts and chunks stay as they are."""
        columns = {name: getattr(self, name)[kept] for name in ("text", "form", "glued", "chunk", "inner")}
        return replace(self, **columns)


class ChunkTable:
    """Distinct chunks and what they consist of; bounded, results never depend on it.

    ``forms`` lists every distinct token string; a chunk is a row of the flat arrays.
    Append-only, so that tokens made from it stay valid; not safe for concurrent writing.
    """

    def __init__(self, cut_off: Callable[[str], bool] = lambda _core: False) -> None:
        """``cut_off`` tells whether a dot belongs to the word before it ("Bearb.")."""
        self._cut_off = cut_off
        self.forms: list[str] = []
        self._form_numbers: dict[str, int] = {}
        self._hashes = np.zeros(0, np.uint64)  # of the distinct chunks
        self._table = HashTable.unsorted(self._hashes, np.zeros(0, np.int32))
        self._columns = tuple(Column(np.int64) for _ in range(5))
        self._columns[0].extend([0])
        self._learn([LINE_END], np.zeros(1, np.uint64))

    @property
    def full(self) -> bool:
        """Whether a new table should take over."""
        return len(self._hashes) >= CHUNK_LIMIT

    def form_number(self, form: str) -> int:
        """Number of a form, new or known."""
        number = self._form_numbers.setdefault(form, len(self.forms))
        if number == len(self.forms):
            self.forms.append(form)
        return number

    def _learn(self, chunks: Sequence[str], hashes: Hashes) -> None:
        """Take new chunks apart."""
        numbers = self._form_numbers
        first, form, start, end, glued = self._columns
        taken = len(form.values)
        pieces: list[int] = []  # form, start, end, glued of each token
        behind: list[int] = []  # first token behind each chunk
        for chunk in chunks:
            if _is_plain(chunk):
                pieces += (numbers.setdefault(chunk, len(numbers)), 0, len(chunk), False)
            else:
                for word, begin, stop, joined in self._split(chunk):
                    pieces += (numbers.setdefault(word, len(numbers)), begin, stop, joined)
            behind.append(taken + len(pieces) // 4)
        self.forms += list(numbers)[len(self.forms) :]
        first.extend(behind)
        for place, column in enumerate((form, start, end, glued)):
            column.extend(pieces[place::4])
        self._hashes = np.concatenate((self._hashes, hashes))
        self._table = HashTable.unsorted(self._hashes, np.arange(len(self._hashes), dtype=np.int32))

    def _split(self, chunk: str) -> Iterator[tuple[str, int, int, bool]]:
        """`split_chunk`, with the dots that belong to words cut off."""
        word, start, end, glued = "", 0, 0, False
        for piece in split_chunk(chunk):
            if piece[0] == DOT and word and piece[1] == end and self._cut_off(word):
                word, end = word + DOT, piece[2]
                continue
            if word:
                yield word, start, end, glued
            word, start, end, glued = piece
        if word:
            yield word, start, end, glued

    def arrays(self) -> tuple[IntArray, ...]:
        """First token of all chunks; form, start, end and glued of all their tokens."""
        return tuple(column.values for column in self._columns)

    def encode(self, texts: Sequence[str]) -> Tokens:
        """Tokens of a batch of texts."""
        joined = SEPARATOR.join(texts)
        if joined.count(SEPARATOR) >= max(len(texts), 1):
            joined = SEPARATOR.join(text.replace(SEPARATOR, " ") for text in texts)
        codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), "<u4")
        kind = _CLASSES.take(codes, mode="clip")
        start, end = _chunk_spans(kind)
        hashes = span_hashes(codes, start, end)
        hashes[kind[start] == _LINE] = 0  # the hash of the chunk that stands for all line ends
        numbers = self._numbers(joined, hashes, start, end)
        between = kind == _BETWEEN
        behind = np.flatnonzero(between)  # the end of each text but the last
        begin = np.append(0, behind + 1)
        chunks = np.diff(np.searchsorted(start, behind), prepend=0, append=len(start))
        row = np.repeat(np.arange(len(begin)), chunks)
        first, form, _, _, glued = self.arrays()
        flat = first[numbers]
        chunk, inner = expanded(first[numbers + 1] - flat)
        flat = flat[chunk] + inner
        return Tokens(
            count=len(texts),
            text=row[chunk],
            form=form[flat],
            glued=glued[flat].astype(np.bool_),
            chunk=chunk,
            inner=inner,
            chunk_number=numbers,
            chunk_start=start - begin[row],
            table=self,
        )

    def _numbers(self, joined: str, hashes: Hashes, start: IntArray, end: IntArray) -> IntArray:
        """Numbers of the chunks of a batch; unknown ones are taken apart."""
        numbers = self._table.find(hashes)
        unknown = np.flatnonzero(numbers == NONE)
        if len(unknown):
            new = unknown[first_of_each(hashes[unknown])]
            spans = zip(start[new].tolist(), end[new].tolist(), strict=True)
            self._learn([joined[first:behind] for first, behind in spans], hashes[new])
            numbers[unknown] = self._table.find(hashes[unknown])
        return numbers.astype(np.int64)


def _chunk_spans(kind: npt.NDArray[np.int8]) -> tuple[IntArray, IntArray]:
    """Where chunks start and end: runs of characters that are inside, and each line end by itself."""
    inside = np.zeros(len(kind) + 2, np.bool_)
    inside[1:-1] = kind == _INSIDE
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    start, end = edges[0::2], edges[1::2]
    line = np.flatnonzero(kind == _LINE)
    if len(line):
        start, end = np.concatenate((start, line)), np.concatenate((end, line + 1))
        order = np.argsort(start, kind="stable")
        start, end = start[order], end[order]
    return start, end


def _is_plain(chunk: str) -> bool:
    return chunk.isalpha() and (chunk.isascii() or unicodedata.is_normalized("NFKC", chunk))


def split_chunk(chunk: str) -> list[tuple[str, int, int, bool]]:
    """Tokens of a chunk: normalised string, start and end in the chunk, glued to the one before."""
    if _is_plain(chunk):
        return [(chunk, 0, len(chunk), False)]
    first, last = chunk[0] == "(", chunk[-1] in ",.;:)"
    core = chunk[first : len(chunk) - last]
    if core and _is_plain(core):  # "(invoices", "invoices,": most of the others
        end = first + len(core)
        return [
            *[("(", 0, 1, False)][:first], (core, int(first), end, False), *[(chunk[-1], end, end + 1, False)][:last],
        ]
    if chunk == LINE_END:
        return [(LINE_END, 0, 0, False)]
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


def token_spans(tokens: Tokens) -> tuple[IntArray, IntArray]:
    """Start and end of every token in its own text, in code points."""
    first, _, start, end, _ = tokens.table.arrays()
    flat = first[tokens.chunk_number][tokens.chunk] + tokens.inner
    base = tokens.chunk_start[tokens.chunk]
    return base + start[flat], base + end[flat]
