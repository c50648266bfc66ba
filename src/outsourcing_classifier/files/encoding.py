"""The encoding of a text file, found over the whole file and said."""

import codecs
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Final, TextIO

_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_HEAD: Final = 4000
_MANY_ZEROS: Final = 0.35  # share of zero bytes on one side of the pairs from which they are UTF-16
_BLOCK: Final = 1 << 20
_KEEP: Final = "outsourcing_classifier_keep"
MIXED: Final = "utf-8 and windows-1252"
_NAMES: Final = {"windows-1252": "cp1252", MIXED: "utf-8"}
HALVES: Final = re.compile("[\ud800-\udfff]")  # of pairs of UTF-16
_STRAY: Final = re.compile("[\udc80-\udcff]")  # a byte that is no UTF-8, as `open_text` gives it


def _kept(error: UnicodeError) -> tuple[str, int]:
    """The five bytes that Windows-1252 leaves free are kept as control characters."""
    if isinstance(error, UnicodeDecodeError) and error.encoding == "charmap":
        return "".join(map(chr, error.object[error.start : error.end])), error.end
    return "\ufffd", getattr(error, "end", 0)


codecs.register_error(_KEEP, _kept)


def find_encoding(blocks: Iterator[bytes]) -> str:
    """BOM, then UTF-16 without BOM, UTF-8, Windows-1252; ``blocks`` are the bytes of the file in order.

    Where most of what is not ASCII is UTF-8, lines of Windows-1252 were added to it: both are named.
    """
    first = next(blocks, b"")
    marked = next((name for mark, name in _MARKS if first.startswith(mark)), "")
    if marked == "utf-16":
        return marked
    head = first[:_HEAD]
    for side, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(head) >= 4 and head[side::2].count(0) > len(head) * _MANY_ZEROS:
            return name
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    good = stray = 0
    for block in chain((first,), blocks, (b"",)):
        text = decoder.decode(block, final=not block)
        if not text.isascii():
            valid = text.encode("utf-8", "ignore").decode()
            stray += len(text) - len(valid)
            good += len(valid) - len(valid.encode("ascii", "ignore"))
    if not stray:
        return marked or "utf-8"
    return MIXED if marked or good > stray else "windows-1252"


def blocks_of(path: Path) -> Iterator[bytes]:
    """The bytes of a file, a block at a time."""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def open_text(path: Path, encoding: str) -> TextIO:
    """The file as text, line ends as they are; what does not decode becomes U+FFFD, or is for `mended`."""
    errors = "surrogateescape" if encoding == MIXED else _KEEP
    return path.open(encoding=_NAMES.get(encoding, encoding), errors=errors, newline="")


def mended(text: str) -> str:
    """Text of a file in two encodings: bytes that are no UTF-8 are read as Windows-1252."""
    return _STRAY.sub(lambda found: found[0].encode("utf-8", "surrogateescape").decode("cp1252", _KEEP), text)


def decode(data: bytes) -> tuple[str, str]:
    """Text and encoding of bytes."""
    encoding = find_encoding(iter((data,)))
    if encoding == MIXED:
        return mended(data.decode("utf-8", "surrogateescape")), encoding
    return data.decode(_NAMES.get(encoding, encoding), _KEEP), encoding


def utf8(text: str) -> bytes:
    """Text as UTF-8; half a pair of UTF-16, which is no character, becomes U+FFFD."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return HALVES.sub("\ufffd", text).encode()
