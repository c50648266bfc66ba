"""Decisions of people in files: a ledger, or any scored file in which somebody decided."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..decisions import LEDGER_COLUMNS, Decision, Ledger, decision_kind, decision_word, id_text
from ..errors import DecisionError, TaskFileError
from .csv_file import write_csv
from .source import WorkbookSource, open_sheets
from .table import Table, find_columns, task_texts


def decisions_of(table: Table, name: str, places: Mapping[str, int]) -> tuple[list[Decision | None], list[str]]:
    """The decision of each row of a table (None where the cell is empty), and cells that state none."""
    if "decision" not in table.header:
        return [None] * len(table.rows), []
    columns = {header: place for place, header in enumerate(table.header)}

    def cell(row: Sequence[Any], place: int | None) -> str:
        return id_text(row[place]) if place is not None and place < len(row) else ""

    rows: list[Decision | None] = []
    unknown: list[str] = []
    texts = task_texts(table.rows, places)
    for number, (row, text) in enumerate(zip(table.rows, texts, strict=True), table.first_row):
        said = cell(row, columns.get("decision"))
        kind = decision_kind(said)
        if not kind:
            rows.append(None)
            if kind is None:
                unknown.append(f"{name}, row {number}, column 'decision': {said!r}")
            continue
        machine = decision_kind(cell(row, columns.get("oc_label"))) or ""
        rows.append(Decision(
            cell(row, places.get("id")), text, machine, kind,
            cell(row, columns.get("decision_reason")), cell(row, columns.get("decision_by")),
            cell(row, columns.get("decision_date"))[:10], f"{name}, row {number}",
        ))
    return rows, unknown


def read_ledger(path: str | os.PathLike[str]) -> Ledger:
    """A ledger, or any scored file with decisions (all sheets of a workbook); rows without one are not kept.

    Raises `DecisionError` that names the file, and what to do.
    """
    path = Path(path)
    try:
        sources = [source for source in open_sheets(path) if "decision" in source.header]
        if not sources:
            raise DecisionError(
                f"{path.name}: no column 'decision'; a ledger has {', '.join(LEDGER_COLUMNS)}, "
                "and so has a scored file"
            )
        decisions, unknown = list[Decision](), list[str]()
        for source in sources:
            name = f"{path.name}, sheet '{source.sheet}'" if isinstance(source, WorkbookSource) else path.name
            places, place = find_columns(source.header, {}, name), source.header.index("decision")
            for number, (cells, broken) in enumerate(source.rows(), source.first_row):
                if broken:
                    unknown.append(f"{name}, row {number}: the line cannot be read")
                elif place < len(cells) and cells[place]:  # few rows have one: only they are looked at
                    found, odd = decisions_of(Table(source.header, [cells], first_row=number), name, places)
                    decisions += filter(None, found)
                    unknown += odd
    except TaskFileError as error:
        raise DecisionError(str(error)) from error
    return Ledger(tuple(decisions), tuple(unknown))


def write_ledger(path: Path, decisions: Iterable[Decision]) -> None:
    """Write a ledger (CSV, UTF-8); raises `TaskFileError` where it cannot be written."""
    rows = [[d.id, d.text, d.machine_label, decision_word(d.kind), d.reason, d.by, d.date] for d in decisions]
    header = list(LEDGER_COLUMNS)
    write_csv(path, Table(header, []), header, rows)
