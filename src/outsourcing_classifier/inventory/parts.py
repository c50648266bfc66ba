"""Parts of mixed rows: a sheet in which people say what share of the row each takes, so that FTE and cost are split.

The sheet is written beside the output and read by the next run: what people filled in stays, new mixed rows are added.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from ..decisions import decision_kind, id_text, key
from ..errors import TaskFileError
from ..files.any_file import read_table
from ..files.content import is_workbook
from ..files.csv_file import CsvLayout, write_csv
from ..files.numbers import decimal_mark, number
from ..files.table import Table, cell_text, header_key
from ..files.xlsx_file import write_xlsx
from ..wordings import sentence_table

COLUMNS: Final = ("row", "id", "task", "row_fte", "row_cost", "part", "label", "share", "fte", "cost")
_WHOLE: Final = 0.01  # shares may miss 1 by so much
_TO_FILL: Final = ("BPO", "KPO")  # parts of a row that a person wants split and the program did not


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a mixed row; ``label`` is BPO or KPO, ``share`` 0 to 1, None where nobody has said it yet."""

    text: str
    label: str
    share: float | None = None


@dataclass(frozen=True, slots=True)
class MixedRow:
    """A mixed row with its parts, its FTE and cost."""

    row: int
    id: str
    task: str
    parts: tuple[Part, ...]
    fte: float | None = None
    cost: float | None = None

    @property
    def shares(self) -> dict[str, float] | None:
        """The share of each label, None where not all parts have one; raises `ValueError` where they are not 1."""
        given = [part.share for part in self.parts]
        if not given or any(share is None for share in given):
            return None
        total = sum(share or 0.0 for share in given)
        if abs(total - 1) > _WHOLE:
            raise ValueError(f"{100 * total:g} %")
        return {label: sum((p.share or 0) / total for p in self.parts if p.label == label) for label in _TO_FILL}


class Shares:
    """What people said of the parts of mixed rows, found by id, else by the text of the task."""

    def __init__(self, rows: Iterable[MixedRow] = ()) -> None:
        self._known: dict[str, MixedRow] = {}
        for row in rows:
            self._known[_name(row.id, row.task)] = row

    def merged(self, found: Sequence[Sequence[Any]]) -> list[MixedRow]:
        """Mixed rows of a file, as `Counts.parts` lists them, with the parts that people filled in."""
        rows = []
        for number_of, name, task, parts, fte, cost in found:
            own = self._known.get(_name(name, task))
            given = tuple(Part(text, label) for text, label in parts) or tuple(Part("", label) for label in _TO_FILL)
            kept = own is not None and any(part.share is not None for part in own.parts)
            rows.append(MixedRow(number_of, name, task, own.parts if own is not None and kept else given, fte, cost))
        return rows


def _name(name: str, task: str) -> str:
    return f"id {name}" if name else f"text {key(task)}"


@lru_cache(maxsize=2)
def _headings(language: str) -> dict[str, str]:
    found: dict[str, str] = sentence_table("summary.toml")[language]["parts_sheet"]
    return found


def read_shares(path: Path) -> Shares:
    """The sheet as people filled it in; none where there is no such file yet.

    Raises `TaskFileError` that names file, row and column.
    """
    if not path.exists():
        return Shares()
    table = read_table(path)
    known = {header_key(word): name for language in ("en", "de") for name, word in _headings(language).items()}
    places = {known[header_key(cell)]: place for place, cell in enumerate(table.header) if header_key(cell) in known}
    missing = [name for name in ("task", "part", "label", "share") if name not in places]
    if missing:
        raise TaskFileError(
            f"{path.name}: no sheet of parts (column {', '.join(missing)} is missing); name another file with --parts"
        )
    mark = decimal_mark(table.column(places["share"]))
    grouped: dict[str, MixedRow] = {}
    for row, cells in enumerate(table.rows, table.first_row):
        task = cell_text(_at(cells, places["task"]))
        name = id_text(_at(cells, places["id"])) if "id" in places else ""
        if not task.strip() and not name:
            continue
        label = decision_kind(_at(cells, places["label"]))
        if label not in _TO_FILL:
            raise TaskFileError(
                f"{path.name}, row {row}, column '{table.header[places['label']]}': "
                f"{_at(cells, places['label'])!r} is no label; write BPO or KPO"
            )
        share = _share(_at(cells, places["share"]), mark, f"{path.name}, row {row}")
        part = Part(cell_text(_at(cells, places["part"])), label, share)
        before = grouped.get(_name(name, task))
        parts = (part,) if before is None else (*before.parts, part)
        grouped[_name(name, task)] = MixedRow(row, name, task, parts)
    return Shares(grouped.values())


def _at(cells: Sequence[Any], place: int) -> Any:
    return cells[place] if place < len(cells) else None


def _share(cell: Any, mark: str, where: str) -> float | None:
    if not cell_text(cell).strip():
        return None
    value = number(cell, mark)
    if value is not None and (value > 1 or "%" in str(cell)):
        value /= 100
    if value is None or not 0 <= value <= 1:
        raise TaskFileError(f"{where}, share: {cell!r} is no share; write a number from 0 to 100 (per cent), or 0 to 1")
    return value


def split(rows: Iterable[MixedRow], by_label: dict[str, dict[str, float]]) -> tuple[int, list[str]]:
    """Move FTE and cost of mixed rows to their labels, as far as shares are given.

    Returns how many rows were split, and rows whose shares do not add up, each with their sum.
    """
    count, wrong = 0, []
    for row in rows:
        try:
            shares = row.shares
        except ValueError as error:
            wrong.append(f"{row.row} ({error})")
            continue
        if shares is None:
            continue
        count += 1
        for column, value in (("fte", row.fte), ("cost", row.cost)):
            for label, share in shares.items():
                if value is not None and share:
                    entry = by_label.setdefault(label, {"rows": 0, "fte": 0.0, "cost": 0.0})
                    entry[column] += value * share
                    by_label["mixed"][column] -= value * share
    return count, wrong


def write_parts(path: Path, rows: Sequence[MixedRow], labels: Mapping[str, str], language: str) -> None:
    """Write the sheet: one line a part, the share to fill. Raises `TaskFileError`."""
    header = [_headings(language)[name] for name in COLUMNS]
    lines = list(_lines(rows, labels))
    if is_workbook(path):
        write_xlsx(path, header, lines, to_fill=[_headings(language)["share"]])
        return
    mark = "," if language == "de" else "."
    cells = [["" if cell is None else _printed(cell, mark) for cell in line] for line in lines]
    write_csv(path, Table(header, [], layout=CsvLayout("utf-8-sig", ";", "\r\n", has_header=True)), header, cells)


def _lines(rows: Sequence[MixedRow], labels: Mapping[str, str]) -> Iterator[list[Any]]:
    for row in rows:
        for part in row.parts:
            given = (row.fte, row.cost)
            own = [None if value is None or part.share is None else round(value * part.share, 6) for value in given]
            task, text = (" ".join(words.split()) for words in (row.task, part.text))  # a part on one line
            yield [row.row, row.id or None, task, *given, text, labels[part.label], part.share, *own]


def _printed(cell: Any, mark: str) -> str:
    return f"{cell:g}".replace(".", mark) if isinstance(cell, float) else str(cell)
