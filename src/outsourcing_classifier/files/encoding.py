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
_MIXED: Final = "utf-8, some bytes windows-1252"
_NAMES: Final = {"windows-1252": "cp1252", _MIXED: "utf-8"}
_FEW_BAD: Final = 0.5  # bytes that are no UTF-8, per letter beyond ASCII, up to which a file is UTF-8 all the same
_SURE: Final = 1000  # bad bytes, from which nothing more is read to decide
_BAD: Final = re.compile("[\udc80-\udcff]")


def _kept(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are no UTF-8 are Windows-1252; the five that it leaves free are kept as control characters."""
    if isinstance(error, UnicodeDecodeError):
        bad = error.object[error.start : error.end]
        if error.encoding == "charmap":
            return "".join(map(chr, bad)), error.end
        if error.encoding == "utf-8":
            return bad.decode("cp1252", _KEEP), error.end
    return "\ufffd", getattr(error, "end", 0)


codecs.register_error(_KEEP, _kept)


def find_encoding(blocks: Iterator[bytes]) -> str:
    """BOM, then UTF-16 without BOM, UTF-8, Windows-1252; ``blocks`` are the bytes of the file in order.

    UTF-8 with a few bytes that are none stays UTF-8: one bad paste does not spoil every umlaut.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    first = next(blocks, b"")
    for mark, name in _MARKS:
        if first.startswith(mark):
            return name
    head = first[:_HEAD]
    for side, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(head) >= 4 and head[side::2].count(0) > len(head) * _MANY_ZEROS:
            return name
    bad = letters = 0
    for block in chain((first,), blocks, (b"",)):
        text = decoder.decode(block, final=not block)
        if text.isascii():
            continue
        bad += len(_BAD.findall(text))
        letters += len(text) - len(text.encode("ascii", "ignore"))
        if bad > _SURE and bad > _FEW_BAD * letters:
            break
    if not bad:
        return "utf-8"
    return _MIXED if bad <= _FEW_BAD * (letters - bad) else "windows-1252"


def blocks_of(path: Path) -> Iterator[bytes]:
    """The bytes of a file, a block at a time."""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def open_text(path: Path, encoding: str) -> TextIO:
    """The file as text, line ends as they are, without BOM; what is no UTF-16 becomes U+FFFD."""
    return path.open(encoding=_NAMES.get(encoding, encoding), errors=_KEEP, newline="")


def decode(data: bytes) -> tuple[str, str]:
    """Text and encoding of bytes."""
    encoding = find_encoding(iter((data,)))
    return data.decode(_NAMES.get(encoding, encoding), _KEEP), encoding
