"""What an output was made of: command, input, options, versions; so that it can be made again.

A workbook carries it as a property of the document, Parquet in its metadata, line formats in a file beside them
(`NAME.provenance.json`): every place in such a file is data. No absolute paths, no times: the same work gives the
same bytes.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from ..classifier import Classifier
from ..errors import TaskFileError
from ..files.encoding import blocks_of
from ..files.json_lines import as_json
from ..files.output import complete_file

PROPERTY: Final = "outsourcing_classifier"  # in workbooks and Parquet files
_SUFFIX: Final = ".provenance.json"


def sha256(path: Path) -> str:
    """The SHA-256 of a file."""
    digest = hashlib.sha256()
    for block in blocks_of(path):
        digest.update(block)
    return digest.hexdigest()


def provenance(
    source: Path, digest: str, target: Path, classifier: Classifier, options: Mapping[str, Any],
    files: Mapping[str, Path],
) -> dict[str, Any]:
    """What ``target`` is made of; ``digest`` is the hash of the source.

    ``files`` made the classifier, by what they are (model, lexicon …).
    """

    def entry(path: Path, content: str) -> dict[str, str]:
        return {"file": _relative(path, target.parent), "sha256": content}

    return {
        "command": "batch", "input": entry(source, digest), "options": dict(options),
        "versions": dict(classifier.versions),
        "files": {name: entry(path, sha256(path)) for name, path in sorted(files.items())},
    }


def _relative(path: Path, folder: Path) -> str:
    """The file as seen from a folder; only its name where they share no root."""
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:
        return path.name


@contextmanager
def beside(target: Path, content: Mapping[str, Any] | None) -> Iterator[None]:
    """The provenance of a file of lines stands beside it as soon as the file does."""
    if content is None:
        yield
        return
    place = target.with_name(target.name + _SUFFIX)
    with complete_file(place) as temporary:
        temporary.write_text(as_text(content) + "\n", "utf-8")
        if place.exists():
            place.replace(place)  # fails where another program holds it, before anything has changed
        yield


def as_text(content: Mapping[str, Any]) -> str:
    """The provenance as JSON."""
    return as_json(content, sort_keys=True)


def read_provenance(path: Path) -> dict[str, Any] | None:
    """What a file says it was made of; None where it does not. Raises `TaskFileError` where it cannot be read."""
    suffix = path.suffix.lower()
    if not path.is_file():
        raise TaskFileError(f"{path}: no such file; check the name and the folder")
    text: str | None = None
    try:
        if suffix == ".xlsx":
            from openpyxl import load_workbook

            book = load_workbook(path, read_only=True)
            text = next((item.value for item in book.custom_doc_props.props if item.name == PROPERTY), None)
            book.close()
        elif suffix == ".parquet":
            import pyarrow.parquet as pq

            metadata = pq.read_schema(path).metadata or {}
            text = metadata.get(PROPERTY.encode(), b"").decode() or None
        else:
            beside = path.with_name(path.name + _SUFFIX)
            text = beside.read_text("utf-8") if beside.is_file() else None
        found = None if text is None else json.loads(text)
    except (OSError, ValueError, KeyError, ImportError) as error:
        raise TaskFileError(f"{path.name}: its provenance cannot be read ({error})") from error
    return found if isinstance(found, dict) else None
