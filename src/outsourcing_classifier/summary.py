"""The summary of a scored file in words, German or English."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from .classifier import Classifier
from .dimensions import LABELS
from .drift import drift_lines
from .files.headings import shown, title
from .inventory import Summary
from .inventory.standard import STANDARD
from .threshold import threshold_of
from .wordings import sentence_table

_ORDER: Final = (
    "BPO", "KPO", "mixed", "insufficient", "out_physical", "out_presence", "out_of_scope",
    "not_a_task", "empty", "unreadable",
)
_SHOWN_ROWS: Final = 8


def summary_lines(summary: Summary, classifier: Classifier) -> Iterator[str]:
    """Lines to print; the language is that of the explanations in the file."""
    if not summary.sheets:
        yield from _single(summary, classifier)
        yield from _closing(summary, classifier)
        return
    for sheet in summary.sheets:
        yield from _single(sheet, classifier)
        yield ""
    chosen = summary.language
    words: dict[str, Any] = sentence_table("summary.toml")[chosen]
    yield words["all_sheets"].format(count=len(summary.sheets))
    yield from _table(summary, classifier, words, chosen)
    yield from _closing(summary, classifier)


def _single(summary: Summary, classifier: Classifier) -> Iterator[str]:
    """The lines of a file, or of one sheet of it."""
    chosen = summary.language
    words: dict[str, Any] = sentence_table("summary.toml")[chosen]
    yield words["done"].format(rows=_whole(summary.rows, chosen), source=summary.source, target=summary.target)
    yield words["recognised"].format(notes=", ".join(_note(n, words) for n in summary.notes))
    columns = ", ".join(
        words["column"].format(name=words.get("column_names", {}).get(name, name), header=header)
        for name, header in summary.columns.items()
    )
    yield words["columns"].format(columns=columns)
    yield ""
    yield from _table(summary, classifier, words, chosen)
    yield ""
    yield words["review"].format(count=_whole(summary.review, chosen), **_names(summary))
    yield from _hierarchy(summary, words, chosen)
    yield from _units(summary, classifier, words, chosen)
    counted = {
        "resumed_at": summary.resumed_at,
        "decided": summary.decided,
        "without_fte": summary.without_fte if summary.has_fte else 0,
        "protected": summary.protected,
        "without_row": summary.without_row, "split": summary.split,
    }
    for name, count in counted.items():
        if count:
            yield words[name].format(count=_whole(count, chosen))
    listings: dict[str, Sequence[object]] = {
        "changed": summary.changed, "contradicted": summary.contradicted, "unreadable": summary.unreadable,
        "unknown": summary.unknown_decisions, "wrong_shares": summary.wrong_shares,
    }
    for name, rows in listings.items():
        if rows:
            listed = ("; " if isinstance(rows[0], str) else ", ").join(map(str, rows[:_SHOWN_ROWS]))
            listed += " …" if len(rows) > _SHOWN_ROWS else ""
            yield words[name].format(count=len(rows), rows=listed)
    yield from drift_lines(summary.drift, chosen)
    if summary.parts_sheet is not None and len(summary.parts) > summary.split:
        to_fill = _whole(len(summary.parts) - summary.split, chosen)
        yield words["parts"].format(count=to_fill, sheet=summary.parts_sheet)


def _closing(summary: Summary, classifier: Classifier) -> Iterator[str]:
    """With what the file was scored, and what comes next."""
    words: dict[str, Any] = sentence_table("summary.toml")[summary.language]
    yield words["used"].format(**classifier.versions)
    known = threshold_of(classifier.model)
    if known is not None:
        yield words[f"threshold_{known['set_on']}"].format(
            wanted=f"{100 * known['wanted']:g}", rows=known["rows"], source=known["source"]
        )
    if str(summary.target) != STANDARD:
        yield words["next"].format(target=summary.target, **_names(summary))


def _names(summary: Summary) -> dict[str, str]:
    """How the file names the columns that people look at, and the value that calls for a second look."""
    column, decision = (title(name, summary.headings_in) for name in ("oc_review", "decision"))
    return {"column": column, "yes": shown("oc_review", ["yes"], summary.headings_in)[0], "decision": decision}


def _hierarchy(summary: Summary, words: dict[str, Any], language: str) -> Iterator[str]:
    if not summary.headings:
        return
    yield words["headings"].format(count=_whole(summary.headings, language), by=words["by"][summary.hierarchy])
    rows = [
        words["unequal_row"].format(
            row=row, column=words[column], stated=_figure(column, stated, language),
            sum=_figure(column, total, language),
        )
        for row, column, stated, total in summary.unequal
    ]
    if rows:
        listed = "; ".join(rows[:_SHOWN_ROWS]) + (" …" if len(rows) > _SHOWN_ROWS else "")
        yield words["unequal"].format(count=len({row for row, *_ in summary.unequal}), rows=listed)


def _units(summary: Summary, classifier: Classifier, words: dict[str, Any], language: str) -> Iterator[str]:
    if not summary.units:
        return
    figures = {
        "count": summary.units, "bpo": summary.units_bpo, "kpo": summary.units_kpo,
        "rest": summary.units - summary.units_bpo - summary.units_kpo,
    }
    labels = {f"label_{name.lower()}": classifier.label_text(name, language) for name in LABELS}
    yield words["units"].format(**{name: _whole(value, language) for name, value in figures.items()}, **labels)


def _table(summary: Summary, classifier: Classifier, words: dict[str, Any], language: str) -> Iterator[str]:
    columns = ["rows"] + ["fte"] * summary.has_fte + ["cost"] * summary.has_cost
    lines = [[words["head"], *(words[name] for name in columns)]]
    totals = dict.fromkeys(columns, 0.0)
    for name in sorted(summary.by_label, key=lambda n: _ORDER.index(n) if n in _ORDER else len(_ORDER)):
        entry = summary.by_label[name]
        shown = classifier.label_text(name, language) if name in ("BPO", "KPO") else words["status"].get(name, name)
        lines.append([shown, *(_figure(column, entry[column], language) for column in columns)])
        for column in columns:
            totals[column] += entry[column]
    lines.append([words["total"], *(_figure(column, totals[column], language) for column in columns)])
    widths = [max(len(line[place]) for line in lines) for place in range(len(columns) + 1)]
    for number, line in enumerate(lines):
        if number == len(lines) - 1:
            yield "  " + "  ".join("-" * width for width in widths)
        figures = [cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)]
        yield "  " + "  ".join([line[0].ljust(widths[0]), *figures])


def _figure(column: str, value: float, language: str) -> str:
    if column == "fte":
        text = f"{value:,.1f}"
        return text.translate(str.maketrans(",.", ".,")) if language == "de" else text
    return _whole(value, language)


def _whole(value: float, language: str) -> str:
    text = f"{round(value):,}"
    return text.replace(",", ".") if language == "de" else text


def _note(note: str, words: dict[str, Any]) -> str:
    """A note in the language of the summary; names in quotes stay, and what is translated is not looked at again."""
    known: dict[str, str] = words.get("notes", {})
    english = "|".join(map(re.escape, sorted(known, key=len, reverse=True)))
    found = rf"'.*'|(?<!\w)(?:{english})(?!\w)"
    return re.sub(found, lambda match: known.get(match[0], match[0]), note) if known else note
