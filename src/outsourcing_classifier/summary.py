"""The summary of a scored file in words, German or English."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from .classifier import Classifier
from .drift import drift_lines
from .inventory import Summary
from .threshold import threshold_of
from .wordings import sentence_table

_ORDER: Final = (
    "BPO", "KPO", "mixed", "insufficient", "out_physical", "out_presence", "out_of_scope",
    "not_a_task", "empty", "unreadable",
)
_SHOWN_ROWS: Final = 8


def summary_lines(summary: Summary, classifier: Classifier) -> Iterator[str]:
    """Lines to print; the language is that of the explanations in the file."""
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
    yield words["review"].format(count=_whole(summary.review, chosen))
    counted = {
        "resumed_at": summary.resumed_at,
        "decided": summary.decided,
        "without_fte": summary.without_fte if summary.has_fte else 0,
        "protected": summary.protected,
        "without_row": summary.without_row,
    }
    for name, count in counted.items():
        if count:
            yield words[name].format(count=_whole(count, chosen))
    listings: dict[str, Sequence[object]] = {
        "changed": summary.changed, "contradicted": summary.contradicted, "unreadable": summary.unreadable,
        "unknown": summary.unknown_decisions,
    }
    for name, rows in listings.items():
        if rows:
            listed = ("; " if isinstance(rows[0], str) else ", ").join(map(str, rows[:_SHOWN_ROWS]))
            listed += " …" if len(rows) > _SHOWN_ROWS else ""
            yield words[name].format(count=len(rows), rows=listed)
    yield from drift_lines(summary.drift, chosen)
    yield words["used"].format(**classifier.versions)
    known = threshold_of(classifier.model)
    if known is not None:
        yield words[f"threshold_{known['set_on']}"].format(
            wanted=f"{100 * known['wanted']:g}", rows=known["rows"], source=known["source"]
        )
    yield words["next"].format(target=summary.target)


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
    found = rf"'.*'|\b(?:{english})\b"
    return re.sub(found, lambda match: known.get(match[0], match[0]), note) if known else note
