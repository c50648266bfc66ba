"""Nasty files, made by code: each a name and a function that writes it. What comes of them stands in the test."""

import io
import json
import os
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

HEADER: Final = "Nr;Tätigkeit;VZÄ"
TASKS: Final = ("Rechnungen buchen", "Gutachten zu Haftungsfragen verfassen", "Sonstiges")
LINES: Final = [HEADER, *(f"{number};{task};{number},5" for number, task in enumerate(TASKS, 1))]
PLAIN: Final = "\n".join(LINES) + "\n"
Write = Callable[[Path], None]


def text(content: str, encoding: str = "utf-8", *, name: str = "in.csv") -> Write:
    """A file with this text."""
    return raw(content.encode(encoding), name=name)


def raw(content: bytes, *, name: str = "in.csv") -> Write:
    """A file with these bytes."""

    def write(folder: Path) -> None:
        (folder / name).write_bytes(content)

    return write


def zipped(entries: Iterable[tuple[str, bytes]], name: str = "in.xlsx") -> Write:
    """A zip archive under the name of a workbook."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, content in entries:
            archive.writestr(entry, content)
    return raw(out.getvalue(), name=name)


def workbook(*, change: Callable[[bytes], bytes] = bytes, name: str = "in.xlsx") -> Write:
    """A real workbook, its bytes changed."""

    def write(folder: Path) -> None:
        import openpyxl

        book = openpyxl.Workbook()
        for line in LINES:
            book.active.append(line.split(";"))
        out = io.BytesIO()
        book.save(out)
        (folder / name).write_bytes(change(out.getvalue()))

    return write


def bomb(folder: Path) -> None:
    """A workbook of a few kilobytes whose sheet says that it unpacks to three gigabytes."""
    workbook()(folder)
    content = bytearray((folder / "in.xlsx").read_bytes())
    for mark, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):  # sizes in the directory and beside the content
        at = content.find(mark)
        while at >= 0:
            content[at + place : at + place + 4] = (3_000_000_000).to_bytes(4, "little")
            at = content.find(mark, at + 4)
    (folder / "in.xlsx").write_bytes(content)


def lines_of_objects(*lines: str) -> Write:
    """JSON Lines."""
    return text("\n".join(lines) + "\n", name="in.jsonl")


def pipe(folder: Path) -> None:
    """A named pipe that nobody writes to."""
    os.mkfifo(folder / "in.csv")


OBJECTS: Final = [json.dumps({"task": task}, ensure_ascii=False) for task in TASKS]
