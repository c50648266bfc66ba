"""Decisions of people in files: a ledger, or any scored file in which somebody decided."""

import os
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

from ..decisions import LEDGER_COLUMNS, Decision, Ledger, decision_kind, decision_word, id_text
from ..errors import DecisionError, TaskFileError
from .csv_file import write_csv
from .source import open_source
from .table import Table, find_columns

_ROWS: Final = 4096  # in memory at a time


def decisions_of(table: Table, name: str, places: Mapping[str, int]) -> tuple[list[Decision | None], list[str]]:
    """The decision of each row of a table (None where the cell is empty), and cells that state none."""
    if "decision" not in table.header:
        return [None] * len(table.rows), []
    columns = {header: place for place, header in enumerate(table.header)}

    def cell(row: Sequence[Any], place: int | None) -> str:
        return id_text(row[place]) if place is not None and place < len(row) else ""

    rows: list[Decision | None] = []
    unknown: list[str] = []
    for number, row in enumerate(table.rows, table.first_row):
        said = cell(row, columns.get("decision"))
        kind = decision_kind(said)
        if not kind:
            rows.append(None)
            if kind is None:
                unknown.append(f"{name}, row {number}, column 'decision': {said!r}")
            continue
        machine = decision_kind(cell(row, columns.get("oc_label"))) or ""
        rows.append(Decision(
            cell(row, places.get("id")), cell(row, places.get("task")), machine, kind,
            cell(row, columns.get("decision_reason")), cell(row, columns.get("decision_by")),
            cell(row, columns.get("decision_date"))[:10], f"{name}, row {number}",
        ))
    return rows, unknown


def read_ledger(path: str | os.PathLike[str]) -> Ledger:
    """A ledger, or any scored file with decisions; rows without a decision are not kept.

    Raises `DecisionError` that names the file, and what to do.
    """
    path = Path(path)
    kept: list[Decision] = []
    unknown: list[str] = []
    unreadable: list[str] = []
    try:
        source = open_source(path)
        if "decision" not in source.header:
            raise DecisionError(
                f"{path.name}: no column 'decision'; a ledger has {', '.join(LEDGER_COLUMNS)}, "
                "and so has a scored file"
            )
        places = find_columns(source.header, {}, path.name)
        rows, first = source.rows(), source.first_row
        while part := list(islice(rows, _ROWS)):
            table = Table(source.header, [cells for cells, _ in part], first_row=first)
            found, said = decisions_of(table, path.name, places)
            kept += filter(None, found)
            unknown += said
            unreadable += [
                f"{path.name}, row {row}: the line cannot be read" for row, (_, bad) in enumerate(part, first) if bad
            ]
            first += len(part)
    except TaskFileError as error:
        raise DecisionError(str(error)) from error
    return Ledger(tuple(kept), (*unknown, *unreadable))


def write_ledger(path: Path, decisions: Iterable[Decision]) -> None:
    """Write a ledger (CSV, UTF-8); raises `TaskFileError` where it cannot be written."""
    rows = [[d.id, d.text, d.machine_label, decision_word(d.kind), d.reason, d.by, d.date] for d in decisions]
    header = list(LEDGER_COLUMNS)
    write_csv(path, Table(header, []), header, rows)
