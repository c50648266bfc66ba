"""How a CSV file is written: delimiter and quote, by a vote of its lines; one column is a normal answer.

A file is read in every way on offer. A way counts by how many lines agree on the number of fields, and by what a comma
in prose never does: stand between two quoted fields, or before a field without a blank.
"""

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final, NamedTuple

DELIMITERS: Final = ("\t", ";", ",", "|")  # of two that fit as well, the earlier: the later stands in cells ("0,5;1,5")
QUOTES: Final = ('"', "'")
_SAMPLE: Final = 400  # lines that vote
_SAMPLED: Final = 1_000_000  # characters of them
_LONGEST_RECORD: Final = 100_000  # characters after the first line; a quote open for longer was never closed
_AGREEING: Final = 0.85  # share of records that must have the same number of fields
_AGREEING_WITH_FIRST: Final = 0.6  # the same, where the first record has that number too
_QUOTED: Final = 0.5  # quoted fields a record from which quotes alone show the delimiter
_PROSE: Final = 0.5  # share of delimiters followed by a blank from which they are punctuation
_ONE_COLUMN: Final = "\x1f"  # a character that no text has


class Dialect(NamedTuple):
    """``delimiter`` is empty for one column; ``blanks``: fields may begin with blanks that are not theirs."""

    delimiter: str
    quote: str = '"'
    blanks: bool = False


class Record(NamedTuple):
    """``broken``: a quote is never closed; ``stray``: a quote stands in a field that the file should have doubled."""

    fields: list[str]
    broken: bool = False
    stray: bool = False


def sample_of(lines: Iterable[str]) -> list[str]:
    """The first lines (with their ends), and the rest of a quoted cell in which they would end."""
    source = iter(lines)
    sample = list(islice(source, _SAMPLE))
    size, inside = 0, sum(line.count('"') for line in sample) % 2
    while inside and size <= _LONGEST_RECORD and (line := next(source, None)) is not None:
        sample.append(line)
        size, inside = size + len(line), (inside + line.count('"')) % 2
    return sample


def find_dialect(lines: Iterable[str]) -> Dialect:
    """The way of reading on which the first lines (with their ends) agree best."""
    sample = "".join(sample_of(lines))[:_SAMPLED]
    best, most = Dialect(""), 0.0
    for delimiter in DELIMITERS:
        quote = _quote_of(sample, delimiter)
        dialect = Dialect(delimiter, quote, blanks=_blanks_before_quotes(sample, delimiter, quote))
        agreement = _agreement(sample, dialect)
        if agreement > most:
            best, most = dialect, agreement
    return best if most else Dialect("", _quote_of(sample, ""))


def _agreement(sample: str, dialect: Dialect) -> float:
    """Share of records of the most frequent width; 0 where this is no way to read the file."""
    widths: list[int] = []
    for record in records(io.StringIO(sample, newline=""), dialect):
        if any(field.strip() for field in record.fields):
            torn = record.stray and any(field.count(dialect.quote) == 1 for field in record.fields)
            widths.append(0 if torn else len(record.fields))
    if not widths:
        return 0.0
    between = _between_quotes(sample, dialect)
    counts = Counter(width for width in widths if width > 1)
    if not counts:
        return 0.0
    width, agreeing = counts.most_common(1)[0]
    share = round(agreeing / len(widths), 2)
    if between >= _QUOTED * len(widths):
        return 1 + share
    fits = share >= _AGREEING or (widths[0] == width and share >= _AGREEING_WITH_FIRST)
    likely = share >= _AGREEING_WITH_FIRST or min(widths) > 1
    if not fits and not (likely and not _prose(sample, dialect.delimiter)):
        return 0.0
    return share


def _between_quotes(sample: str, dialect: Dialect) -> int:
    """How often the delimiter stands between two quoted fields."""
    quote, delimiter = re.escape(dialect.quote), re.escape(dialect.delimiter)
    return len(re.findall(f"{quote} *{delimiter} *(?={quote})", sample))


def _prose(sample: str, delimiter: str) -> bool:
    """Whether the delimiter is mostly punctuation: "file, sort and send"."""
    return sample.count(delimiter + " ") >= _PROSE * sample.count(delimiter)


def _quote_of(sample: str, delimiter: str) -> str:
    """The quotation mark: an apostrophe only where fields begin and end with it, and none with the other."""
    found = {}
    for quote in QUOTES:
        mark, edge = re.escape(quote), re.escape(delimiter) if delimiter else "(?!)"
        opened = len(re.findall(f"(?:^|{edge}) *{mark}(?=[^{mark}])", sample, re.MULTILINE))
        closed = len(re.findall(f"{mark} *(?:$|\\r|{edge})", sample, re.MULTILINE))
        found[quote] = min(opened, closed)
    return "'" if found["'"] >= 2 and not found['"'] else '"'


def _blanks_before_quotes(sample: str, delimiter: str, quote: str) -> bool:
    return re.search(f"{re.escape(delimiter)} +{re.escape(quote)}", sample) is not None


def records(lines: Iterable[str], dialect: Dialect) -> Iterator[Record]:
    """The records of lines with their ends; an unclosed quote costs one line only."""
    csv.field_size_limit(2**31 - 1)
    ahead: deque[str] = deque()  # lines that were read in search of a closing quote
    source = iter(lines)
    width = 0  # of the first record
    while (line := ahead.popleft() if ahead else next(source, None)) is not None:
        plain = dialect.quote not in line
        found = Record(_fields(line, dialect)) if plain else _quoted(line, ahead, source, dialect, width)
        width = width or len(found.fields)
        yield found


def _quoted(line: str, ahead: deque[str], source: Iterator[str], dialect: Dialect, width: int) -> Record:
    """The record that begins in a line with quotes; ``ahead`` keeps the lines that it did not need.

    A quote is never closed where the next one stands within a field, and the line alone is as wide as the header.
    """
    record, taken, size = line, 0, 0
    while size <= _LONGEST_RECORD:
        try:
            fields = next(_reader(record, dialect, strict=True))
        except csv.Error as error:
            if "unexpected end" not in str(error):
                if taken and 0 < width <= len(_fields(line, dialect)):
                    break
                _drop(ahead, taken)
                return Record(next(_reader(record, dialect), [record]), stray=True)
        else:
            _drop(ahead, taken)
            return Record(fields, stray=_stray(fields, record, dialect.quote))
        more: list[str] = []  # up to the next line with a quote: no other can close it
        while not more or (dialect.quote not in more[-1] and size <= _LONGEST_RECORD):
            if taken == len(ahead):
                following = next(source, None)
                if following is None:
                    return Record(_fields(line, dialect), broken=True)
                ahead.append(following)
            more.append(ahead[taken])
            taken, size = taken + 1, size + len(more[-1])
        record += "".join(more)
    return Record(_fields(line, dialect), broken=True)


def _drop(ahead: deque[str], count: int) -> None:
    for _ in range(count):
        ahead.popleft()


def _reader(record: str, dialect: Dialect, *, strict: bool = False) -> Iterator[list[str]]:
    return csv.reader(
        io.StringIO(record, newline=""), delimiter=dialect.delimiter or _ONE_COLUMN, quotechar=dialect.quote,
        skipinitialspace=dialect.blanks, strict=strict,
    )


def _fields(line: str, dialect: Dialect) -> list[str]:
    bare = line.rstrip("\r\n")
    fields = bare.split(dialect.delimiter) if dialect.delimiter else [bare]
    return [field.lstrip(" ") for field in fields] if dialect.blanks else fields


def _stray(fields: list[str], record: str, quote: str) -> bool:
    return any(quote in field and field.replace(quote, quote * 2) not in record for field in fields)
