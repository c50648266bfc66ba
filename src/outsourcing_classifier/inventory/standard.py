"""Standard input and output (`-`): through a private temporary folder that is gone afterwards."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from ..errors import TaskFileError
from ..files.content import ending_of
from ..files.output import write_problem

STANDARD: Final = "-"


@contextmanager
def standard_files(source: Path, target: Path | None) -> Iterator[tuple[Path, Path | None]]:
    """The files to work with where one of the names is `-`; what was written for `-` is copied out at the end.

    Input is JSON Lines where it begins with an object, a workbook or Parquet where it begins like one, else CSV; output
    takes the form of the input.
    """
    if STANDARD not in (str(source), str(target)):
        yield source, target
        return
    with tempfile.TemporaryDirectory(prefix="outsourcing_classifier_") as name:
        folder = Path(name)
        if str(source) == STANDARD:
            source = _received(sys.stdin.buffer, folder)
        out = folder / f"output{'.csv' if source.suffix.lower() in ('.xlsx', '.xlsm') else source.suffix}"
        yield source, out if str(target) == STANDARD or target is None else target
        if out.exists():
            _send(out)


def _send(path: Path) -> None:
    try:
        with path.open("rb") as file:
            shutil.copyfileobj(file, sys.stdout.buffer)
        sys.stdout.flush()
    except OSError as error:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - nothing more can be written there
        raise TaskFileError(write_problem(Path("standard output"), error)) from error


def _received(stream: BinaryIO, folder: Path) -> Path:
    path = folder / "standard input"
    with path.open("wb") as file:
        shutil.copyfileobj(stream, file)
    with path.open("rb") as file:
        head = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()
    return path.rename(path.with_suffix(".jsonl" if head[:1] == b"{" else ending_of(head) or ".csv"))
