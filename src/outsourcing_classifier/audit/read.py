"""`audit read`: filled sheets joined with the key: agreement, and what the whole file holds by people's answers."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ..agreement import cohen_kappa, krippendorff_alpha, raw_agreement
from ..decisions import KINDS, decision_kind, id_text
from ..dimensions import DIMENSIONS, LABELS, WORDING
from ..errors import TaskFileError
from ..evaluation.intervals import share
from ..files.numbers import number
from ..files.xlsx_file import read_sheets
from ..review.texts import headings
from .draw import AUDIT_MARK, KEY_NAME, KEY_VERSION
from .estimate import ANSWERS, Stratum, corrected

Floats = npt.NDArray[np.float64]
UNITS: Final = ("rows", "fte", "cost")
_HEADER_ROWS: Final = 20


@dataclass
class Person:
    """What one sheet says: decision kinds and scores by number; ``findings`` are (name of a sentence, its values)."""

    name: str
    kinds: dict[int, str] = field(default_factory=dict)
    scores: dict[int, tuple[float, ...]] = field(default_factory=dict)
    findings: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


def read_audit(places: Sequence[Path]) -> tuple[dict[str, Any], list[Person]]:
    """The key and the filled sheets: of a folder, or named one by one beside their key.

    Raises `TaskFileError` where the key is missing or damaged, or nobody decided anything.
    """
    sheets = [path for place in places for path in (sorted(place.glob("*.xlsx")) if place.is_dir() else [place])]
    folder = places[0] if places[0].is_dir() else places[0].parent
    key = _read_key(folder / KEY_NAME)
    numbers = {row["number"] for stratum in key["strata"].values() for row in stratum["drawn"]}
    people = [_read_sheet(path, numbers) for path in sheets if not path.name.startswith("~$")]
    if not any(person.kinds for person in people):
        raise TaskFileError(f"{folder}: no sheet holds a decision; have them filled in first")
    return key, [person for person in people if person.kinds]


def _read_key(path: Path) -> dict[str, Any]:
    try:
        key = json.loads(path.read_text("utf-8"))
        if key["version"] != KEY_VERSION:
            raise TaskFileError(f"{path.name}: made by another version; draw the audit again")
        for stratum in key["strata"].values():
            weights = [*stratum["undrawn"], *(row["weights"] for row in stratum["drawn"])]
            if stratum["answer"] not in ANSWERS or not np.isfinite(np.array(weights, np.float64)).all():
                raise TaskFileError(f"{path.name}: damaged; draw the audit again")
    except OSError as error:
        raise TaskFileError(f"{path}: the key of the audit is not there; keep it beside the sheets") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TaskFileError(f"{path.name}: damaged ({error}); draw the audit again") from error
    return dict(key)


def _read_sheet(path: Path, numbers: set[int]) -> Person:
    """One person's sheet; lines are found by their number, columns by their headings."""
    person = Person(path.stem)
    sheets, mark = read_sheets(path)
    if mark != AUDIT_MARK:
        raise TaskFileError(f"{path.name}: no sheet of an audit; name the folder that `audit draw` made")
    named = {name: {wording[place].name for wording in WORDING.values()} for place, name in enumerate(DIMENSIONS)}
    for rows in sheets.values():
        head = next((
            place for place, row in enumerate(rows[:_HEADER_ROWS])
            if any(str(cell) in headings("decision") for cell in row if cell is not None)
        ), None)
        if head is None:
            continue
        header = ["" if cell is None else str(cell).strip() for cell in rows[head]]
        line, said = (
            next((place for place, cell in enumerate(header) if cell in headings(name)), -1)
            for name in ("line", "decision")
        )
        rated = [next((place for place, cell in enumerate(header) if cell in named[name]), -1) for name in DIMENSIONS]
        for place, row in enumerate(rows[head + 1 :], head + 2):
            _read_line(person, row, f"{path.name}, row {place}", (line, said, rated), numbers)
    missing = sorted(numbers - person.kinds.keys())
    if missing:
        listed = ", ".join(map(str, missing[:8])) + (" …" if len(missing) > 8 else "")
        person.findings.append(("missing", {"where": path.name, "count": len(missing), "listed": listed}))
    return person


def _read_line(
    person: Person, row: Sequence[Any], where: str, places: tuple[int, int, list[int]], numbers: set[int]
) -> None:
    line, said, rated = places

    def cell(place: int) -> str:
        return id_text(row[place]) if 0 <= place < len(row) else ""

    word = cell(said)
    if not word:
        return
    kind, name = decision_kind(word), cell(line)
    if not name.isdigit() or int(name) not in numbers:
        person.findings.append(("number", {"where": where, "word": name}))
    elif kind is None:
        person.findings.append(("unknown", {"where": where, "word": word}))
    elif int(name) in person.kinds:
        person.findings.append(("twice", {"where": where, "number": name}))
    else:
        person.kinds[int(name)] = str(kind)
        values = [number(row[place] if 0 <= place < len(row) else None, ",") for place in rated]
        person.scores[int(name)] = tuple(
            np.nan if value is None or abs(value) > 1 else float(value) for value in values
        )


def audit_figures(key: Mapping[str, Any], people: Sequence[Person]) -> dict[str, Any]:
    """All figures of an audit, JSON-ready; intervals are of 95 %."""
    drawn = {row["number"]: row for stratum in key["strata"].values() for row in stratum["drawn"]}
    numbers = sorted(drawn)
    codes = np.array([
        [KINDS.index(person.kinds[name]) if name in person.kinds else np.nan for name in numbers] for person in people
    ], np.float64)
    common = [_common([person.kinds.get(name, "") for person in people]) for name in numbers]
    answers = [_machine_answer(drawn[name]) for name in numbers]
    said = [[_answer(person.kinds[name]) if name in person.kinds else "" for name in numbers] for person in people]
    agreed = [_answer(kind) if kind else "" for kind in common]
    strata = {
        name: _right([row["number"] for row in stratum["drawn"]], numbers, answers, agreed)
        for name, stratum in key["strata"].items()
    }
    return {
        "source": key["source"], "rows": len(numbers), "people": [person.name for person in people],
        "of": len(numbers) + sum(len(stratum["undrawn"]) for stratum in key["strata"].values()),
        "agreement": _agreement(codes, people, numbers), "disagreed": sum(not kind for kind in common),
        "tool": {
            **{person.name: _matches(answers, own) for person, own in zip(people, said, strict=True)},
            "common": _matches(answers, agreed),
        },
        "strata": strata, "corrected": _corrected(key, people),
    }


def _common(kinds: Sequence[str]) -> str:
    """What all who decided a row agree on, else ""."""
    found = {kind for kind in kinds if kind}
    return found.pop() if len(found) == 1 else ""


def _answer(kind: str) -> str:
    return kind if kind in LABELS else "neither"


def _machine_answer(row: Mapping[str, Any]) -> str:
    return str(row["label"]) or "neither"


def _matches(answers: Sequence[str], said: Sequence[str]) -> dict[str, Any]:
    pairs = [a == b for a, b in zip(answers, said, strict=True) if b]
    return share(sum(pairs), len(pairs))


def _right(
    own: Sequence[int], numbers: Sequence[int], answers: Sequence[str], agreed: Sequence[str]
) -> dict[str, Any]:
    places = [numbers.index(name) for name in own]
    return _matches([answers[place] for place in places], [agreed[place] for place in places])


def _agreement(codes: Floats, people: Sequence[Person], numbers: Sequence[int]) -> dict[str, Any] | None:
    """How far people agree with each other; None for one person."""
    if len(people) == 1:
        return None
    pairs = []
    for first, second in combinations(range(len(people)), 2):
        two = codes[[first, second]]
        both = int(np.isfinite(two).all(axis=0).sum())
        pairs.append({
            "people": [people[first].name, people[second].name], "rows": both, "raw": _number(raw_agreement(two)),
            "kappa": _number(cohen_kappa(two)),
        })
    scores = {}
    for place, name in enumerate(DIMENSIONS):
        rated = np.array([[p.scores.get(n, (np.nan,) * 6)[place] for n in numbers] for p in people], np.float64)
        if (both := int(np.isfinite(rated).all(axis=0).sum())) > 1:
            scores[name] = {"rows": both, "alpha": _number(krippendorff_alpha(rated, "ordinal"))}
    return {
        "rows": int((np.isfinite(codes).sum(axis=0) > 1).sum()), "alpha": _number(krippendorff_alpha(codes, "nominal")),
        "pairs": pairs, "scores": scores,
    }


def _number(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 4)


def _corrected(key: Mapping[str, Any], people: Sequence[Person]) -> dict[str, Any]:
    """Rows, FTE and cost of each answer: the program's, the corrected ones, their intervals."""
    strata = []
    for stratum in key["strata"].values():
        known = [row for row in stratum["drawn"] if any(row["number"] in person.kinds for person in people)]
        lost = [row["weights"] for row in stratum["drawn"] if row not in known]  # nobody decided: as if not drawn
        found = np.array([_shares(row["number"], people) for row in known], np.float64).reshape(-1, len(ANSWERS))
        strata.append(Stratum(
            ANSWERS.index(stratum["answer"]), _weights([*stratum["undrawn"], *lost]),
            _weights([row["weights"] for row in known]), found,
        ))
    figures = corrected(strata)
    units = [unit for unit in UNITS if unit == "rows" or key[unit]]
    return {
        unit: {
            answer: {
                name: round(float(figures[name][ANSWERS.index(answer), UNITS.index(unit)]), 3)
                for name in ("machine", "corrected", "low", "high")
            }
            for answer in ANSWERS
        }
        for unit in units
    }


def _weights(rows: Sequence[Sequence[float]]) -> Floats:
    return np.array(rows, np.float64).reshape(-1, len(UNITS))


def _shares(name: int, people: Sequence[Person]) -> list[float]:
    kinds = [_answer(person.kinds[name]) for person in people if name in person.kinds]
    return [kinds.count(answer) / len(kinds) for answer in ANSWERS]
