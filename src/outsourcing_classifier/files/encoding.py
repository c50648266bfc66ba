"""The encoding of a text file, found over the whole file and said."""

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TextIO

_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_HEAD: Final = 4000
_MANY_ZEROS: Final = 0.35  # share of zero bytes on one side of the pairs from which they are UTF-16
_BLOCK: Final = 1 << 20
_KEEP: Final = "outsourcing_classifier_keep"
_NAMES: Final = {"windows-1252": "cp1252"}


def _kept(error: UnicodeError) -> tuple[str, int]:
    """The five bytes that Windows-1252 leaves free are kept as control characters."""
    if isinstance(error, UnicodeDecodeError) and error.encoding == "charmap":
        return "".join(map(chr, error.object[error.start : error.end])), error.end
    return "\ufffd", getattr(error, "end", 0)


codecs.register_error(_KEEP, _kept)


def find_encoding(blocks: Iterator[bytes]) -> str:
    """BOM, then UTF-16 without BOM, strict UTF-8, Windows-1252; ``blocks`` are the bytes of the file in order."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    first = next(blocks, b"")
    for mark, name in _MARKS:
        if first.startswith(mark):
            return name
    head = first[:_HEAD]
    for side, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(head) >= 4 and head[side::2].count(0) > len(head) * _MANY_ZEROS:
            return name
    try:
        decoder.decode(first)
        for block in blocks:
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"


def blocks_of(path: Path) -> Iterator[bytes]:
    """The bytes of a file, a block at a time."""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def open_text(path: Path, encoding: str) -> TextIO:
    """The file as text, line ends as they are, without BOM; what does not decode becomes U+FFFD."""
    return path.open(encoding=_NAMES.get(encoding, encoding), errors=_KEEP, newline="")


def decode(data: bytes) -> tuple[str, str]:
    """Text and encoding of bytes."""
    encoding = find_encoding(iter((data,)))
    return data.decode(_NAMES.get(encoding, encoding), _KEEP), encoding
