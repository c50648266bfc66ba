"""Forms of output: what a chunk becomes at once, and how finished chunks become the file."""

import csv
import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from ..dimensions import DIMENSIONS
from ..files.content import is_workbook
from ..files.csv_file import DANGEROUS, CsvLayout, csv_bytes, mark_of, protected
from ..files.headings import title
from ..files.json_lines import as_json, json_line
from ..files.output import complete_file
from ..files.parquet_file import write_parquet
from ..files.source import Source, WorkbookSource
from ..files.table import DECISION_COLUMNS, UNIT_COLUMNS
from ..files.workbook import XlsxLayout, add_results
from ..files.xlsx_file import write_xlsx
from .provenance import PROPERTY, as_text, beside

if TYPE_CHECKING:
    from .chunk import Chunks
    from .counts import Counts, Summary
    from .journal import Journal

SUFFIXES: Final = (".csv", ".txt", ".tsv", ".jsonl", ".ndjson", ".parquet", ".xlsx")
_EXCEL: Final = CsvLayout("utf-8-sig", ";", "\r\n", has_header=True)  # what a German or English Excel opens
_PADDED: Final = 4096  # rows at a time
_NUMBERS: Final = ("oc_probability", *(f"oc_{name}" for name in DIMENSIONS), *UNIT_COLUMNS)


@dataclass(frozen=True, slots=True)
class Rows:
    """Cells of rows, our columns for them, and what the ledger says of some, by their place."""

    cells: Sequence[Sequence[Any]]
    columns: Mapping[str, Sequence[Any]]
    filled: Mapping[int, Mapping[str, Any]]


class Form(ABC):
    """A form of output; ``blank`` is a cell without value."""

    blank: ClassVar[str | None] = None

    @abstractmethod
    def heading(self, chunks: "Chunks") -> bytes:
        """What stands before the first row."""

    @abstractmethod
    def lines(self, chunks: "Chunks", rows: Rows, counts: "Counts") -> bytes:
        """A chunk, as it goes to the journal."""

    @abstractmethod
    def finish(
        self, journal: "Journal", opened: Source, chunks: "Chunks", target: Path, summary: "Summary",
        made_of: Mapping[str, Any] | None,
    ) -> None:
        """Make the output of the finished chunks, with its provenance where one is given."""


def form_of(target: Path, opened: Source, *, german: bool = False) -> Form:
    """The form that the name of the output asks for; ``german``: CSV as a German Excel opens it."""
    suffix = target.suffix.lower()
    if suffix in (".jsonl", ".ndjson"):
        return JsonLines()
    if is_workbook(target) or suffix == ".parquet":
        return Cells()
    if german:
        return Csv(_EXCEL, ",")
    layout = opened.layout or _EXCEL
    named = {path.suffix.lower() for path in (target, opened.path)}
    if ".tsv" in named:  # a name says what its delimiter is
        layout = replace(layout, delimiter="\t" if suffix == ".tsv" else _EXCEL.delimiter)
    return Csv(layout)


@dataclass(frozen=True)
class Csv(Form):
    """Lines of a CSV file, in the layout of the input where that was one."""

    layout: CsvLayout
    mark: str | None = None  # decimal mark of our numbers; None: that of the file
    blank: ClassVar[str | None] = ""

    def heading(self, chunks: "Chunks") -> bytes:
        """The names of the columns."""
        return mark_of(self.layout) + csv_bytes([chunks.names], self.layout)

    def lines(self, chunks: "Chunks", rows: Rows, counts: "Counts") -> bytes:
        """One line a row; text that a spreadsheet would run is protected."""
        mark = self.mark or chunks.mark
        cells = [
            [
                cell if cell.__class__ is str and cell[:1] not in DANGEROUS else _safe(cell, counts, mark)
                for cell in row
            ]
            for row in rows.cells
        ]
        columns = {name: _texts(rows.columns[name], counts, mark) for name in chunks.shown}
        filled = {
            row: {name: _safe(cell, counts, mark) for name, cell in own.items()} for row, own in rows.filled.items()
        }
        return csv_bytes(list(chunks.assembled(Rows(cells, columns, filled))), self.layout)

    def finish(
        self, journal: "Journal", _opened: Source, chunks: "Chunks", target: Path, summary: "Summary",
        made_of: Mapping[str, Any] | None,
    ) -> None:
        """The lines are the file; all become as wide as the widest."""
        with beside(target, made_of):
            if summary.widest:
                journal.close()
                self._pad(journal.part, len(chunks.names) + summary.widest - len(chunks.header))
            journal.finish(target)

    def _pad(self, part: Path, width: int) -> None:
        with (
            complete_file(part) as padded,
            part.open(encoding="utf-8-sig", newline="") as old,
            padded.open("wb") as new,
        ):
            new.write(mark_of(self.layout))
            found = csv.reader(old, delimiter=self.layout.delimiter or ";", quotechar=self.layout.quote)
            while rows := [[*row, *[""] * (width - len(row))] for row in islice(found, _PADDED)]:
                new.write(csv_bytes(rows, self.layout))


@dataclass(frozen=True)
class JsonLines(Form):
    """One object a row."""

    def heading(self, _chunks: "Chunks") -> bytes:
        """Nothing."""
        return b""

    def lines(self, chunks: "Chunks", rows: Rows, _counts: "Counts") -> bytes:
        """One object a line."""
        names = _distinct(chunks.names)
        return "".join(json_line(names, line) for line in chunks.assembled(rows)).encode()

    def finish(
        self, journal: "Journal", _opened: Source, _chunks: "Chunks", target: Path, _summary: "Summary",
        made_of: Mapping[str, Any] | None,
    ) -> None:
        """The lines are the file."""
        with beside(target, made_of):
            journal.finish(target)


@dataclass(frozen=True)
class Cells(Form):
    """Our cells as JSON until the end; then a workbook or a Parquet file with the owner's cells beside them."""

    def heading(self, _chunks: "Chunks") -> bytes:
        """Nothing."""
        return b""

    def lines(self, chunks: "Chunks", rows: Rows, _counts: "Counts") -> bytes:
        """Our cells of each row."""
        own = (
            {name: rows.columns[name][place] for name in chunks.shown} | dict(rows.filled.get(place, {}))
            for place in range(len(rows.cells))
        )
        return "".join(as_json(cells) + "\n" for cells in own).encode()

    def finish(
        self, journal: "Journal", opened: Source, chunks: "Chunks", target: Path, summary: "Summary",
        made_of: Mapping[str, Any] | None,
    ) -> None:
        """Read the input again, and write it with our cells."""
        journal.close()
        rows = self._rows(journal.part, opened, chunks)
        numbers = [title(name, chunks.headings_in) for name in _NUMBERS]
        properties = {} if made_of is None else {PROPERTY: as_text(made_of)}
        if target.suffix.lower() == ".parquet":
            with complete_file(target) as temporary:
                names = _distinct(chunks.names)
                write_parquet(temporary, names, rows, numbers, getattr(opened, "schema", None), properties)
        elif isinstance(opened, WorkbookSource) and not opened.lost:
            layout = XlsxLayout(opened.path, opened.sheet, opened.header_row)
            summary.protected = add_results(layout, target, len(chunks.header), chunks.names, rows, properties)
        else:
            extra = max(summary.widest - len(chunks.header), 0)
            width = len(chunks.names) + extra
            padded = [[*row, *[None] * (width - len(row))] for row in rows]
            summary.protected = write_xlsx(target, [*chunks.names, *[""] * extra], padded, properties=properties)
        journal.remove()

    def _rows(self, part: Path, opened: Source, chunks: "Chunks") -> Iterator[list[Any]]:
        with part.open("rb") as lines:
            for (cells, _), line in zip(opened.rows(), lines, strict=True):
                own = json.loads(line)
                filled = {0: own} if DECISION_COLUMNS[0] in own else {}
                columns = {name: [own[name]] for name in chunks.shown}
                yield from chunks.assembled(Rows([cells], columns, filled))


def _distinct(names: Sequence[str]) -> list[str]:
    """Names of columns where each can stand once only: a second one gets a number."""
    found: dict[str, None] = {}
    for name in names:
        numbered = (f"{name} ({number})" for number in count(2))
        found[next(new for new in chain([name], numbered) if new not in found)] = None
    return list(found)


def _texts(column: Sequence[Any], counts: "Counts", mark: str) -> list[str]:
    """Our values as they stand in a CSV file; each distinct one is formatted once."""
    printed = {value: _printed(value, mark) for value in set(column)}
    known = {value: protected(text) for value, text in printed.items()}
    counts.protected += sum(column.count(value) for value, text in printed.items() if known[value] != text)
    return [known[value] for value in column]


def _safe(cell: Any, counts: "Counts", mark: str) -> str:
    """A cell that is no text, or begins like a formula."""
    text = _printed(cell, mark)
    safe = protected(text)
    counts.protected += safe != text
    return safe


def _printed(cell: Any, mark: str) -> str:
    """A cell as text; numbers with this decimal mark."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:g}".replace(".", mark)
    if isinstance(cell, (dict, list)):
        return json.dumps(cell, ensure_ascii=False, default=str)
    return str(cell)
