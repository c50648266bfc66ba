"""Figures on the terminal."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..drift import Drift, drift_lines
from .intervals import Figures
from .words import Row, Words, main_language, measured, notes, source_name, table_rows


def percent(figure: Mapping[str, Any]) -> str:
    """A share as people read it: 89.9 % (86.7 to 92.4)."""
    return Words("en").share(figure)


def figure_lines(figures: Figures, name: str, language: str | None = None) -> Iterator[str]:
    """The figures of `evaluate_file` as lines of text, in ``language``, by default that of most rows."""
    words = Words(language or main_language(figures))
    yield measured(figures, name, words)
    yield from notes(figures, words)
    yield words.say("measured", "used", **figures["versions"])
    yield words.say("measured", "brackets")
    yield ""
    slices = {words.say("table", "all"): figures}
    if len(figures["languages"]) > 1:
        slices |= {words.table["language"][name]: of for name, of in figures["languages"].items()}
    yield from aligned([("", list(slices)), *table_rows(list(slices.values()), words)])
    yield words.say("confusion", "terminal")
    for truth, row in figures["confusion"].items():
        yield words.say("confusion", "line", truth=truth, **row)
    if figures["sources"]:
        yield ""
        yield from _source_lines(figures, words)
    if "drift" in figures:
        yield ""
        yield from drift_lines(Drift.from_dict(figures["drift"]), words.language, whole=True)


def next_line(figures: Figures, written: Path | None, language: str | None = None) -> str:
    """What to do next; ``written`` is the page, if there is one."""
    words = Words(language or main_language(figures))
    return words.say("next", "html") if written is None else words.say("next", "page", path=written)


def _source_lines(figures: Figures, words: Words) -> Iterator[str]:
    yield words.say("sources", "title")
    names = ["rows", "status", "coverage", "accuracy", "balanced", "tfidf"]
    names = [name for name in names if name != "status" or figures["status"] is not None]
    rows: list[Row] = [(words.say("sources", "source"), [words.say("sources", name) for name in names])]
    for source, of in figures["sources"].items():
        tfidf = of["baselines"]["tfidf"]
        cells = {
            "rows": words.whole(of["rows"]),
            "status": words.share_short(of["status"] and of["status"]["accuracy"]),
            "coverage": words.share_short(of["coverage"]),
            "accuracy": words.share_short(of["accuracy"]),
            "balanced": words.share_short(of["forced"]["balanced_accuracy"]),
            "tfidf": words.share_short(tfidf and tfidf["all"]["balanced_accuracy"]),
        }
        rows.append((source_name(source, words), [cells[name] for name in names]))
    yield from aligned(rows)
    yield words.say("sources", "more")


def aligned(rows: Sequence[Row]) -> Iterator[str]:
    """Rows of a table in columns; a row without cells is a heading."""
    first = max(len(name) for name, _ in rows)
    filled = [cells for _, cells in rows if cells is not None]
    widths = [max(map(len, column)) for column in zip(*filled, strict=True)]
    for name, cells in rows:
        if cells is None:
            yield name
        else:
            padded = [f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True)]
            yield "  ".join([f"{name:<{first}}", *padded]).rstrip()
