"""`audit draw`: a random sample, stratified by what the machine says, as blind sheets for people."""

import json
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np

from ..classifier import Classifier
from ..dimensions import DIMENSIONS, LABELS, WORDING
from ..errors import TaskFileError
from ..files.output import complete_file
from ..files.xlsx_file import save_book
from ..review.plan import language_of, wording_of
from ..review.scored import Scored, read_scored
from ..review.workbook import Style, write_sheet
from ..wordings import sentence_table
from . import TEXTS

AUDIT_MARK: Final = "outsourcing_classifier audit sheet"  # category of a sheet's workbook
KEY_NAME: Final = "audit_key.json"
KEY_VERSION: Final = 1
FEWEST: Final = 6  # rows of a stratum that are drawn at least, where it has so many
_LEFT_OUT: Final = ("empty", "unreadable", "heading")
Name = TypeVar("Name", bound=Hashable)


def allocated(sizes: Mapping[Name, int], weights: Mapping[Name, float], count: int) -> dict[Name, int]:
    """How many rows to draw of each stratum: half by its rows, half by its FTE, at least `FEWEST` where it has them.

    ``weights`` are the FTE of each stratum (all 0 where the file gives none). In the order of ``sizes``.
    """
    rows, fte = sum(sizes.values()), sum(weights.values())
    shares = {
        name: (size / rows + (weights[name] / fte if fte else size / rows)) / 2 for name, size in sizes.items() if size
    }
    found = {name: min(sizes[name], max(FEWEST, round(count * share))) for name, share in shares.items()}
    # Rounding and the least numbers may have given too many: the largest give back.
    while sum(found.values()) > count:
        name = max(found, key=lambda name: (found[name], -list(found).index(name)))
        if found[name] <= 1:
            break
        found[name] -= 1
    while sum(found.values()) < min(count, rows):
        open_ones = [name for name in found if found[name] < sizes[name]]
        name = max(open_ones, key=lambda name: shares[name] * count - found[name])
        found[name] += 1
    return found


@dataclass(frozen=True)
class Drawn:
    """What `audit draw` did: the folder, its files, rows drawn and in all, the language of the sheets."""

    folder: Path
    names: tuple[str, ...]
    rows: int
    of: int
    language: str


def draw(
    source: Path, folder: Path | None, *, classifier: Classifier, count: int = 120, people: int = 2, seed: int = 1,
    scores: bool = False, text_column: str | None = None,
) -> Drawn:
    """Draw ``count`` rows of a scored file and write a blind sheet a person, and the key that joins them again.

    Strata are the machine's label and band, rows in scope without a label, and rows out of scope; rows that a person
    decided, empty and unreadable ones are no part of it. ``scores`` adds six columns. Raises `TaskFileError`.
    """
    scored = read_scored(source, text_column=text_column)
    strata = strata_of(scored)
    if not strata:
        raise TaskFileError(f"{source.name}: no row that a machine answered is left to audit; score the file again")
    chance = np.random.default_rng(seed)
    fte = {name: float(np.nansum(scored.fte[places])) for name, places in strata.items()}
    counts = allocated({name: len(places) for name, places in strata.items()}, fte, count)
    drawn = {
        name: np.sort(chance.choice(places, counts[name], replace=False)).tolist() for name, places in strata.items()
    }
    rows = sorted(row for places in drawn.values() for row in places)
    numbers = {row: number for number, row in enumerate(chance.permutation(rows).tolist(), 1)}
    language = language_of(scored, classifier)
    style = Style(language, wording_of(scored, language))
    target = folder or source.with_name(f"{source.stem}_audit")
    names = [sentence_table(TEXTS)[language]["draw"]["file"].format(number=number) for number in range(1, people + 1)]
    for name in (*names, KEY_NAME):
        if (target / name).exists():
            raise TaskFileError(f"{target / name} is there already and was left as it is; name another folder with -o")
    target.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(names, 1):
        order = np.random.default_rng([seed, number]).permutation(rows).tolist()
        book = _sheet(scored, order, numbers, style, number, scores=scores)
        with complete_file(target / name) as temporary:
            save_book(book, temporary)
    with complete_file(target / KEY_NAME) as temporary:
        key = _key(scored, strata, drawn, numbers, style)
        temporary.write_text(json.dumps(key, ensure_ascii=False, indent=1), "utf-8")
    return Drawn(target, (*names, KEY_NAME), len(rows), sum(map(len, strata.values())), language)


def strata_of(scored: Scored) -> dict[str, list[int]]:
    """Rows of each stratum, by its name: "BPO high" … "without label", "out of scope"."""
    found: dict[str, list[int]] = {}
    for row, status in enumerate(scored.statuses):
        if scored.decided_by[row] == "person" or status in _LEFT_OUT:
            continue
        label = scored.labels[row]
        outside = "out of scope" if status.startswith("out_") else "without label"
        found.setdefault(f"{label} {scored.bands[row] or 'low'}" if label else outside, []).append(row)
    return dict(sorted(found.items()))


def _sheet(
    scored: Scored, order: Sequence[int], numbers: Mapping[int, int], style: Style, person: int, *, scores: bool
) -> Any:
    """A blind sheet: text and context, nothing of what the machine said."""
    from openpyxl import Workbook

    words = sentence_table(TEXTS)[style.language]
    book = Workbook()
    book.properties.category, book.properties.creator = AUDIT_MARK, "outsourcing_classifier"
    page = book.active
    page.title = words["draw"]["sheet"]
    titles = {}
    if scores:
        titles = {name: wording.name for name, wording in zip(DIMENSIONS, WORDING[style.language], strict=True)}
    context = ["department"] if any(scored.departments) else []
    columns = ["line", "task", *context, "decision", "decision_reason", *titles]
    rows = [
        {"line": numbers[row], "task": scored.texts[row], "department": scored.departments[row]} for row in order
    ]
    intro = [words["draw"]["title"].format(number=person, source=scored.path.name), *words["draw"]["how"]]
    if scores:
        intro.append(words["draw"]["scores"])
    write_sheet(page, columns, rows, intro, style, titles)
    return book


def _key(
    scored: Scored, strata: Mapping[str, Sequence[int]], drawn: Mapping[str, Sequence[int]],
    numbers: Mapping[int, int], style: Style,
) -> dict[str, Any]:
    """What `audit read` needs besides the sheets: the drawn rows with the machine's answer, the weights of all."""

    def weights(row: int) -> list[float]:
        return [1.0, *(float(np.nan_to_num(column[row])) for column in (scored.fte, scored.cost))]

    return {
        "version": KEY_VERSION, "source": scored.path.name, "language": style.language, "wording": style.wording,
        "fte": bool(np.isfinite(scored.fte).any()), "cost": bool(np.isfinite(scored.cost).any()),
        "strata": {
            name: {
                "answer": name.split()[0] if name.split()[0] in LABELS else "neither",
                "undrawn": [weights(row) for row in places if row not in set(drawn[name])],
                "drawn": [
                    {
                        "number": numbers[row], "row": scored.row(row), "text": scored.texts[row],
                        "label": scored.labels[row], "status": scored.statuses[row], "band": scored.bands[row],
                        "review": bool(scored.review[row]),
                        "probability": None if np.isnan(scored.probability[row]) else float(scored.probability[row]),
                        "scores": [None if np.isnan(value) else float(value) for value in scored.scores[row]],
                        "weights": weights(row),
                    }
                    for row in drawn[name]
                ],
            }
            for name, places in strata.items()
        },
    }
