"""One chunk of rows: classified, counted, and put into the form of the output. Runs in any process."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TextIO

from ..classifier import Classifier
from ..columns import result_columns
from ..decisions import Contradiction, Decision, Held, decision_word, id_text
from ..dimensions import LABELS
from ..files.csv_file import CsvLayout, protected
from ..files.ledger import decisions_of
from ..files.numbers import number
from ..files.table import DECISION_COLUMNS, Table
from .counts import Counts

UNREADABLE: Final = "unreadable"
_COUNTED: Final = ("oc_label", "oc_status", "oc_review")  # what the summary is made of
Row = tuple[Sequence[Any], bool]  # cells, and whether the row could not be read


@dataclass(frozen=True)
class Chunks:
    """How the rows of one file are worked: the same for each chunk, so that a worker gets it once.

    ``places`` are the places of the columns that matter; ``shown`` our columns; ``layout`` that of a CSV output, None
    where the output keeps cells (JSON lines of our cells, for a workbook made at the end).
    """

    classifier: Classifier
    name: str
    header: tuple[str, ...]
    places: dict[str, int]
    shown: tuple[str, ...]
    language: str
    mark: str
    layout: CsvLayout | None

    def work(self, first_row: int, rows: Sequence[Row]) -> tuple[bytes, Counts]:
        """The output of these rows, and their counts; ``first_row`` is the number of the first in the file."""
        counts = Counts(rows=len(rows))
        cells = [list(row) for row, _ in rows]
        broken = {place for place, (_, bad) in enumerate(rows) if bad}
        task = self.places["task"]
        texts = [
            "" if place in broken or task >= len(row) else _text(row[task]) for place, row in enumerate(cells)
        ]
        table = Table(list(self.header), cells, broken, first_row=first_row)
        held, filled = self._decided(table, texts, counts)
        found = self._classified(texts, held)
        lines: list[tuple[Sequence[Any], dict[str, Any]]] = []
        for place, row in enumerate(cells):
            own = {name: values[place] for name, values in found.items()}
            if place in broken:
                own = dict.fromkeys(own) | {
                    "oc_status": UNREADABLE, "oc_review": "yes", "oc_version": own.get("oc_version")
                }
                counts.unreadable.append(first_row + place)
            self._count(counts, row, own, broken=place in broken)
            counts.widest = max(counts.widest, len(row) if len(row) > len(self.header) else 0)
            lines.append((row, own | filled.get(place, {})))
        return self._printed(lines, counts), counts

    def _classified(self, texts: list[str], held: list[Held | None]) -> dict[str, list[Any]]:
        """Our columns; equal texts with equal decisions are classified once."""
        distinct: dict[tuple[str, Held | None], int] = {}
        order = [distinct.setdefault(pair, len(distinct)) for pair in zip(texts, held, strict=True)]
        answers = self.classifier.classify_held(
            [text for text, _ in distinct], [item for _, item in distinct], explain_in=self.language
        )
        names = dict.fromkeys((*self.shown, *_COUNTED))
        columns = result_columns(answers, self.classifier, self.language, tuple(names))
        return {name: [values[place] for place in order] for name, values in columns.items()}

    def _decided(
        self, table: Table, texts: list[str], counts: Counts
    ) -> tuple[list[Held | None], dict[int, dict[str, str]]]:
        """The decision that holds for each row, and cells that the ledger fills.

        A decision of the file belongs to its row alone. Where the ledger says something else of it, none holds.
        """
        ledger = self.classifier.decisions
        own, unknown = decisions_of(table, self.name, self.places)
        ids = [id_text(cell) for cell in table.column(self.places["id"])] if "id" in self.places else None
        counts.unknown_decisions += unknown
        counts.found_decisions += ledger.found(ids or (), texts)
        held: list[Held | None] = []
        filled: dict[int, dict[str, str]] = {}
        for place, (decision, said) in enumerate(zip(own, ledger.held(ids, texts), strict=True)):
            row = table.first_row + place
            item = said if decision is None else _both(decision, said, counts)
            held.append(item)
            if item is None:
                continue
            counts.decided += not item.contradicted
            if item.changed:
                counts.changed.append(row)
            elif decision is None and not item.contradicted:
                cells = decision_word(item.decision.kind), item.decision.reason, item.decision.by, item.decision.date
                filled[place] = dict(zip(DECISION_COLUMNS, cells, strict=True))
        return held, filled

    def _count(self, counts: Counts, row: Sequence[Any], own: dict[str, Any], *, broken: bool) -> None:
        entry = counts.by_label.setdefault(
            self.labels.get(own["oc_label"]) or own["oc_status"], {"rows": 0, "fte": 0.0, "cost": 0.0}
        )
        entry["rows"] += 1
        counts.review += own["oc_review"] == "yes"
        for column in ("fte", "cost"):
            if column not in self.places or broken:
                continue
            place = self.places[column]
            value = number(row[place] if place < len(row) else None, self.mark)
            if value is not None:
                entry[column] += value
            elif column == "fte":
                counts.without_fte += 1

    @cached_property
    def labels(self) -> dict[str | None, str]:
        """The labels by the words that the file uses for them."""
        return {self.classifier.label_text(label, self.language): label for label in LABELS}

    @cached_property
    def names(self) -> list[str]:
        """The header of the output: the owner's columns, ours beside them; what is there already stays in place."""
        return [*self.header, *self._added]

    @cached_property
    def _added(self) -> list[str]:
        return [name for name in (*self.shown, *DECISION_COLUMNS) if name not in self.header]

    def assembled(self, row: Sequence[Any], own: dict[str, Any]) -> list[Any]:
        """A row of the output; what people wrote is never replaced."""
        width = len(self.header)
        line = [*row, *[None] * (width - len(row))]
        for name in (*self.shown, *DECISION_COLUMNS):
            if name in self.header and (name in own or name in self.shown):
                line[self.header.index(name)] = own.get(name)
        return [*line[:width], *(own.get(name) for name in self._added), *line[width:]]

    def _printed(self, lines: list[tuple[Sequence[Any], dict[str, Any]]], counts: Counts) -> bytes:
        out = io.StringIO(newline="")
        if self.layout is None:
            for _, own in lines:
                out.write(json.dumps(own, ensure_ascii=False) + "\n")
            return out.getvalue().encode("utf-8", "surrogatepass")
        writer = csv_writer(out, self.layout)
        ours = {place for place, name in enumerate(self.names) if name in self.shown}
        for row, own in lines:
            cells = [
                printed(cell, self.mark if place in ours else ".")
                for place, cell in enumerate(self.assembled(row, own))
            ]
            safe = list(map(protected, cells))
            counts.protected += sum(a != b for a, b in zip(safe, cells, strict=True))
            writer.writerow(safe)
        return out.getvalue().encode("utf-8", "surrogatepass")


def csv_writer(out: TextIO, layout: CsvLayout) -> Any:
    """A writer of lines in this layout."""
    return csv.writer(
        out, delimiter=layout.delimiter or ";", lineterminator=layout.line_end, quotechar=layout.quote
    )


def _both(decision: Decision, said: Held | None, counts: Counts) -> Held:
    """A decision in the file beside what the ledger says of the same row."""
    if said is None or (not said.contradicted and said.decision.kind == decision.kind):
        return Held(decision)
    counts.contradicted.append(str(Contradiction((decision, said.decision))))
    return Held(decision, contradicted=True)


def _text(cell: Any) -> str:
    return "" if cell is None else cell if isinstance(cell, str) else str(cell)


def printed(cell: Any, mark: str) -> str:
    """A cell of a CSV file; numbers with this decimal mark."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:g}".replace(".", mark)
    return str(cell)
