"""A whole inventory: a file in, the same file with results out, and what a planner wants to know of it."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from .classifier import Classifier
from .drift import Drift, Readings
from .errors import TaskFileError
from .files.any_file import read_table
from .files.csv_file import CsvLayout, write_csv
from .files.numbers import decimal_mark, number
from .files.table import DECISION_COLUMNS, RESULT_COLUMNS, Table, find_columns, header_key
from .files.xlsx_file import write_xlsx
from .result import Classification

CHUNK: Final = 1024
UNREADABLE: Final = "unreadable"
OUT_OF_SCOPE: Final = "out_of_scope"
SUFFIXES: Final = (".csv", ".txt", ".xlsx", ".xlsm")
# What people write into the decision column, folded: status and label that it sets (design 5).
_DECISIONS: Final[dict[str, tuple[str, str | None]]] = {
    "bpo": ("ok", "BPO"),
    "kpo": ("ok", "KPO"),
    "transaction work": ("ok", "BPO"),
    "knowledge work": ("ok", "KPO"),
    "transaktionsarbeit": ("ok", "BPO"),
    "wissensarbeit": ("ok", "KPO"),
    "split": ("mixed", None),
    "teilen": ("mixed", None),
    "out of scope": (OUT_OF_SCOPE, None),
    "ausserhalb": (OUT_OF_SCOPE, None),
    "nicht im umfang": (OUT_OF_SCOPE, None),
    "unclear": ("insufficient", None),
    "unklar": ("insufficient", None),
}


@dataclass
class Summary:
    """What was recognised and found; FTE and cost are sums over rows that give them."""

    source: Path
    target: Path
    rows: int = 0
    columns: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    by_label: dict[str, dict[str, float]] = field(default_factory=dict)
    review: int = 0
    decided: int = 0
    unknown_decisions: list[int] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)
    without_fte: int = 0
    protected: int = 0
    language: str = "en"
    drift: Drift | None = None  # None: the model does not know its training texts
    has_fte: bool = False
    has_cost: bool = False


def score_file(
    source: str | Path, target: str | Path, *, classifier: Classifier,
    columns: dict[str, str | None] | None = None, sheet: str | None = None,
    explain_in: str | None = None, keep: Sequence[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Summary:
    """Score every row of a CSV or XLSX file and write it back with results beside the owner's columns.

    ``columns`` names the columns for task, id, department, fte, cost (None: found by header);
    ``explain_in`` is the language of all our texts in the file, by default that of most rows;
    ``keep`` limits our columns. Every row comes out, in order. Raises `TaskFileError` with the
    remedy; then nothing was written.
    """
    source, target = Path(source), Path(target)
    _check_target(source, target)
    table = read_table(source, sheet)
    places = find_columns(table.header, columns or {}, source.name)
    summary = Summary(source, target, rows=len(table.rows), notes=list(table.notes))
    summary.columns = {name: table.header[place] for name, place in places.items()}
    layout = table.layout
    default_mark = "," if isinstance(layout, CsvLayout) and layout.delimiter == ";" else "."
    figures = [cell for name in ("fte", "cost") if name in places for cell in table.column(places[name])]
    mark = decimal_mark(figures, default_mark)
    texts = ["" if row in table.broken else _text(cell) for row, cell in enumerate(table.column(places["task"]))]
    language = summary.language = explain_in or _language_of_most(classifier, texts)
    shown = [name for name in RESULT_COLUMNS if keep is None or name in keep]
    results: list[dict[str, Any]] = []
    readings = Readings()
    distinct: dict[str, int] = {}
    order = [distinct.setdefault(text, len(distinct)) for text in texts]
    unique = list(distinct)
    for start in range(0, len(unique), CHUNK):
        chunk = unique[start : start + CHUNK]
        found = classifier.classify_many(chunk, explain_in=language)
        readings.add(found)
        results += [_cells(item, language, classifier) for item in found]
        if progress is not None:
            progress(min(start + CHUNK, len(unique)), len(unique))
    summary.drift = readings.against(classifier.model.reference)
    decision_place = table.header.index("decision") if "decision" in table.header else None
    cells = []
    for row, where in enumerate(order):
        cell = dict(results[where])
        if row in table.broken:
            cell = {"oc_status": UNREADABLE, "oc_review": "yes", "oc_version": cell["oc_version"]}
            summary.unreadable.append(row + table.first_row)
        elif decision_place is not None and decision_place < len(table.rows[row]):
            _apply_decision(cell, table.rows[row][decision_place], row + table.first_row, summary, classifier)
        cells.append(cell)
    _count(summary, table, places, cells, mark)
    header, rows = _assembled(table, cells, shown)
    _write(table, target, header, rows, shown=shown, mark=mark, summary=summary)
    return summary


def _check_target(source: Path, target: Path) -> None:
    if source.is_dir():
        raise TaskFileError(f"{source} is a folder; name a file in it")
    if target.suffix.lower() not in SUFFIXES:
        raise TaskFileError(f"{target.name}: results are written as .csv or .xlsx; name such a file with -o")
    if source.resolve() == target.resolve():
        proposed = source.with_name(f"{source.stem}_scored{source.suffix}")
        raise TaskFileError(
            f"{target} is the input itself; nothing was changed. Choose another name, for instance -o {proposed}"
        )
    if target.exists():
        _check_decisions(target)


def _check_decisions(target: Path) -> None:
    """A file in which people have decided is not written over."""
    try:
        table = read_table(target)
    except TaskFileError:
        return
    if "decision" not in table.header:
        return
    if any(cell not in (None, "") for cell in table.column(table.header.index("decision"))):
        raise TaskFileError(
            f"{target} holds decisions of people and was left as it is; "
            "use it as the input, or choose another name with -o"
        )


def _text(cell: Any) -> str:
    return "" if cell is None else cell if isinstance(cell, str) else str(cell)


def _language_of_most(classifier: Classifier, texts: Sequence[str]) -> str:
    sample = [text for text in texts if text.strip()][:2000]
    counts = Counter(classifier.classify_many(sample).language)
    return "de" if counts["de"] > counts["en"] else "en"


def _cells(item: Classification, language: str, classifier: Classifier) -> dict[str, Any]:
    """Our columns for one result; what is not stated is an empty cell."""
    ok = item.status == "ok"
    cells: dict[str, Any] = {
        "oc_label": item.label and classifier.label_text(item.label, language),
        "oc_status": item.status,
        "oc_band": item.band,
        "oc_review": "yes" if item.needs_review else "no",
        "oc_probability": round(item.probability, 4) if item.probability is not None else None,
        "oc_decided_by": item.decided_by,
        "oc_rule": classifier.label_text(item.rule["label"], language) if ok and item.rule else None,
        "oc_reason": item.reason,
        "oc_question": item.question,
        "oc_version": "/".join(item.versions[name] for name in ("package", "model", "lexicon")),
        "label": item.label,
    }
    for name, value in item.scores.to_dict().items():
        cells[f"oc_{name}"] = round(value, 3) + 0.0 if name in item.stated else None
    return cells


def _apply_decision(
    found: dict[str, Any], cell: Any, row: int, summary: Summary, classifier: Classifier
) -> None:
    """A filled decision holds for its row; the scores stay as read."""
    if cell is None or not str(cell).strip():
        return
    known = _DECISIONS.get(header_key(cell))
    if known is None:
        summary.unknown_decisions.append(row)
        return
    status, label = known
    summary.decided += 1
    found.update(
        oc_label=label and classifier.label_text(label, summary.language), label=label,
        oc_status=status, oc_band=None, oc_probability=None,
        oc_decided_by="person", oc_review="yes" if status == "insufficient" else "no",
    )


def _count(
    summary: Summary, table: Table, places: dict[str, int], cells: list[dict[str, Any]], mark: str
) -> None:
    summary.has_fte, summary.has_cost = "fte" in places, "cost" in places
    for row, found in enumerate(cells):
        name = found.get("label") or found["oc_status"]
        entry = summary.by_label.setdefault(name, {"rows": 0, "fte": 0.0, "cost": 0.0})
        entry["rows"] += 1
        for column in ("fte", "cost"):
            if column in places and row not in table.broken:
                place = places[column]
                value = number(table.rows[row][place] if place < len(table.rows[row]) else None, mark)
                if value is not None:
                    entry[column] += value
                elif column == "fte":
                    summary.without_fte += 1
        summary.review += found["oc_review"] == "yes"


def _assembled(
    table: Table, cells: list[dict[str, Any]], shown: Sequence[str]
) -> tuple[list[str], list[list[Any]]]:
    """Owner's columns, ours beside them; columns of ours that are there already are replaced in place."""
    header = list(table.header)
    added = [name for name in (*shown, *DECISION_COLUMNS) if name not in header]
    places = {name: header.index(name) for name in shown if name in header}
    width = len(header)
    rows = []
    for row, found in zip(table.rows, cells, strict=True):
        line = list(row) + [None] * (width - len(row))
        for name, place in places.items():
            line[place] = found.get(name)
        rows.append([*line[:width], *(found.get(name) for name in added), *line[width:]])
    longest = max((len(row) for row in rows), default=0)
    header += added
    header += [""] * (longest - len(header))
    for line in rows:
        line.extend([None] * (len(header) - len(line)))
    return header, rows


def _write(
    table: Table, target: Path, header: list[str], rows: list[list[Any]], *, shown: Sequence[str],
    mark: str, summary: Summary,
) -> None:
    if target.suffix.lower() in (".xlsx", ".xlsm"):
        summary.protected = write_xlsx(target, header, rows)
        return
    ours = {place for place, name in enumerate(header) if name in shown}
    lines = [
        [_printed(cell, mark if place in ours else ".") for place, cell in enumerate(row)] for row in rows
    ]
    summary.protected = write_csv(target, table, header, lines)


def _printed(cell: Any, mark: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:g}".replace(".", mark)
    return str(cell)

