"""A whole inventory: a file in, the same file with results out, and what a planner wants to know of it."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from .classifier import Classifier
from .columns import result_columns
from .decisions import Contradiction, Decision, Held, Ledger, decision_word, id_text
from .dimensions import LABELS
from .errors import DecisionError, TaskFileError
from .files.any_file import read_table
from .files.csv_file import CsvLayout, write_csv
from .files.ledger import decisions_of, read_ledger
from .files.numbers import decimal_mark, number
from .files.table import DECISION_COLUMNS, RESULT_COLUMNS, Table, find_columns
from .files.xlsx_file import write_xlsx

CHUNK: Final = 1024
_COUNTED: Final = ("oc_label", "oc_status", "oc_review")  # what the summary is made of
UNREADABLE: Final = "unreadable"
SUFFIXES: Final = (".csv", ".txt", ".xlsx", ".xlsm")


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
    changed: list[int] = field(default_factory=list)  # rows whose text has changed since they were decided
    contradicted: list[str] = field(default_factory=list)
    without_row: int = 0  # decisions of the ledger on rows that are not in this file
    unknown_decisions: list[str] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)
    without_fte: int = 0
    protected: int = 0
    language: str = "en"
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
    _check_decisions(target, decisions_of(table, source.name, places)[0], classifier.decisions)
    summary = Summary(source, target, rows=len(table.rows), notes=list(table.notes))
    summary.columns = {name: table.header[place] for name, place in places.items()}
    layout = table.layout
    default_mark = "," if isinstance(layout, CsvLayout) and layout.delimiter == ";" else "."
    figures = [cell for name in ("fte", "cost") if name in places for cell in table.column(places[name])]
    mark = decimal_mark(figures, default_mark)
    texts = ["" if row in table.broken else _text(cell) for row, cell in enumerate(table.column(places["task"]))]
    language = summary.language = explain_in or _language_of_most(classifier, texts)
    shown = [name for name in RESULT_COLUMNS if keep is None or name in keep]
    decided = _Decided(table, places, texts, classifier.decisions, summary)
    distinct: dict[tuple[str, Held | None], int] = {}
    order = [distinct.setdefault(pair, len(distinct)) for pair in zip(texts, decided.held, strict=True)]
    unique = list(distinct)
    found: dict[str, list[Any]] = {name: [] for name in (*shown, *_COUNTED)}
    for start in range(0, len(unique), CHUNK):
        chunk = unique[start : start + CHUNK]
        answers = classifier.classify_held(
            [text for text, _ in chunk], [held for _, held in chunk], explain_in=language
        )
        for name, values in result_columns(answers, classifier, language, tuple(found)).items():
            found[name] += values
        if progress is not None:
            progress(min(start + CHUNK, len(unique)), len(unique))
    cells = []
    for row, where in enumerate(order):
        own = {name: values[where] for name, values in found.items()}
        if row in table.broken:
            own = dict.fromkeys(own) | {
                "oc_status": UNREADABLE, "oc_review": "yes", "oc_version": own.get("oc_version")
            }
            summary.unreadable.append(row + table.first_row)
        cells.append(own | decided.cells(row))
    _count(summary, table, places, cells, mark, {classifier.label_text(name, language): name for name in LABELS})
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


def _check_decisions(target: Path, own: Iterable[Decision | None], ledger: Ledger) -> None:
    """A file in which people have decided what stands nowhere else is not written over."""
    if not target.exists():
        return
    try:
        there = read_ledger(target)
    except DecisionError:
        return
    known = Ledger((*filter(None, own), *ledger.decisions))
    held = known.held([item.id for item in there.decisions], [item.text for item in there.decisions])
    kinds = [None if item is None else item.decision.kind for item in held]
    if there.unknown or kinds != [item.kind for item in there.decisions]:
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


class _Decided:
    """What people decided of each row: in the file itself, and in the ledger.

    A decision of the file belongs to its row alone. Where the ledger says something else of it, none holds.
    """

    def __init__(
        self, table: Table, places: dict[str, int], texts: list[str], ledger: Ledger, summary: Summary
    ) -> None:
        name = summary.source.name
        own, unknown = decisions_of(table, name, places)
        ids = [id_text(cell) for cell in table.column(places["id"])] if "id" in places else None
        self._own = own
        self.held = [
            said if decision is None else Held(
                decision, contradicted=said is not None and (said.contradicted or said.decision.kind != decision.kind)
            )
            for decision, said in zip(own, ledger.held(ids, texts), strict=True)
        ]
        summary.unknown_decisions += [*unknown, *ledger.unknown]
        summary.contradicted += map(str, ledger.contradictions)
        summary.without_row = ledger.without_row(ids or (), texts)
        for row, (decision, held) in enumerate(zip(own, self.held, strict=True)):
            if held is None:
                continue
            summary.decided += not held.contradicted
            if held.changed:
                summary.changed.append(row + table.first_row)
            if decision is not None and held.contradicted:
                said = ledger.held(None if ids is None else [ids[row]], [texts[row]])[0]
                summary.contradicted.append(str(Contradiction((decision, said.decision) if said else (decision,))))

    def cells(self, row: int) -> dict[str, str]:
        """What the ledger says of a row, for the columns of people that are still empty there."""
        held = self.held[row]
        if held is None or held.contradicted or held.changed or self._own[row] is not None:
            return {}
        said = held.decision
        return dict(zip(DECISION_COLUMNS, (decision_word(said.kind), said.reason, said.by, said.date), strict=True))


def _count(
    summary: Summary, table: Table, places: dict[str, int], cells: list[dict[str, Any]], mark: str,
    labels: dict[str, str],
) -> None:
    summary.has_fte, summary.has_cost = "fte" in places, "cost" in places
    for row, found in enumerate(cells):
        name = labels.get(found["oc_label"]) or found["oc_status"]
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
    people = {name: header.index(name) for name in DECISION_COLUMNS if name in header}
    width = len(header)
    rows = []
    for row, found in zip(table.rows, cells, strict=True):
        line = list(row) + [None] * (width - len(row))
        for name, place in places.items():
            line[place] = found.get(name)
        for name, place in people.items():  # what people wrote is never replaced
            line[place] = found.get(name, line[place])
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

