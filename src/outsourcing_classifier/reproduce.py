"""Make an output again from its provenance, and say whether it is equal, or what differs."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from .classifier import Classifier
from .errors import TaskFileError
from .files.source import open_sheets
from .files.table import DECISION_COLUMNS
from .inventory import Options, score_file
from .inventory.provenance import read_provenance, sha256
from .project import Project, texts


def reproduce(output: Path, language: str = "en") -> tuple[list[str], bool]:
    """Sentences for a person, and whether the output came out equal but for what people wrote.

    The input and the files of the classifier are looked for where they stood, as seen from the output. Raises
    `TaskFileError` where the output says nothing of how it was made.
    """
    words = texts(language)
    made_of = read_provenance(output)
    if made_of is None:
        raise TaskFileError(words["no_provenance"].format(name=output.name))
    try:
        entries = {"input": made_of["input"], **made_of["files"]}
        places = {name: output.parent / str(entry["file"]) for name, entry in entries.items()}
        hashes = {name: str(entry["sha256"]) for name, entry in entries.items()}
        options, versions = dict(made_of["options"]), dict(made_of["versions"])
        wording, how = options["wording"], Options.of(options)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise TaskFileError(f"{output.name}: its provenance is damaged ({error})") from error
    lines = []
    for name, place in places.items():
        if not place.is_file():
            lines.append(words["gone"].format(kind=name, name=place.name))
        elif sha256(place) != hashes[name]:
            lines.append(words["changed"].format(kind=name, name=place.name))
    if not places["input"].is_file():
        return lines, False
    classifier = _classifier(places, wording)
    now = classifier.versions
    lines += [
        words["versions"].format(name=name, then=versions.get(name, "–"), now=now.get(name, "–"))
        for name in sorted({*versions, *now}) if versions.get(name) != now.get(name)
    ]
    with tempfile.TemporaryDirectory(prefix="outsourcing_classifier_") as folder:
        again = Path(folder) / output.name
        score_file(places["input"], again, classifier=classifier, options=how)
        line, equal = _compared(output, again, words)
    return [*lines, line], equal


def _classifier(places: Mapping[str, Path], wording: str) -> Classifier:
    """The classifier of the files that are still there; in a project, that of its settings."""
    there = {name: place for name, place in places.items() if place.is_file()}
    if "settings" in there:
        return Project(there["settings"]).classifier()
    tables = [place for name, place in sorted(there.items()) if name.startswith("lexicon")]
    return Classifier(
        model=there.get("model"), lexicon=tables,
        decisions=there.get("decisions"), wording=wording,
    )


def _compared(output: Path, again: Path, words: Mapping[str, str]) -> tuple[str, bool]:
    if output.read_bytes() == again.read_bytes():
        return words["equal"].format(name=output.name), True
    rows = edited = differing = 0
    first: tuple[int, str, str, str] | None = None
    for then, now in zip(open_sheets(output), open_sheets(again), strict=False):
        if then.header != now.header:
            shapes = {"then": ", ".join(then.header), "now": ", ".join(now.header)}
            return words["shape"].format(name=output.name, **shapes), False
        lines = zip_longest(then.rows(), now.rows(), fillvalue=((), False))
        for number, (old, new) in enumerate(lines, then.first_row):
            rows += 1
            places = list(_different(old[0], new[0]))
            own = [then.header[place] in DECISION_COLUMNS for place in places if place < len(then.header)]
            people = bool(places) and all(own)
            edited += people
            if places and not people:
                place = places[0]
                column = then.header[place] if place < len(then.header) else str(place + 1)
                first = first or (number, column, _cell(old[0], place), _cell(new[0], place))
                differing += 1
    if first is None:
        key = "people" if edited else "equal_cells"
        return words[key].format(name=output.name, rows=edited), True
    row, column, was, comes = first
    return words["differs"].format(
        name=output.name, rows=differing, all=rows, row=row, column=column, then=was, now=comes
    ), False


def _different(old: Sequence[Any], new: Sequence[Any]) -> Iterator[int]:
    for place in range(max(len(old), len(new))):
        if _cell(old, place) != _cell(new, place):
            yield place


def _cell(row: Sequence[Any], place: int) -> str:
    value = row[place] if place < len(row) else None
    return "" if value is None else str(value)
