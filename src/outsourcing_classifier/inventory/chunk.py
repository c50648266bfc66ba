"""One chunk of rows: classified, counted, and put into the form of the output. Runs in any process."""

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from typing import Any, Final

from ..classifier import Classifier
from ..columns import result_columns
from ..decisions import Contradiction, Decision, Held, decision_word, id_text
from ..dimensions import LABELS
from ..files.ledger import decisions_of
from ..files.numbers import number
from ..files.table import DECISION_COLUMNS, Table
from .counts import Counts
from .forms import Form, Rows

UNREADABLE: Final = "unreadable"
_COUNTED: Final = ("oc_label", "oc_status", "oc_review")  # what the summary is made of
Row = tuple[list[Any], bool]  # cells, and whether the row could not be read


@dataclass(frozen=True)
class Chunks:
    """How the rows of one file are worked: the same for each chunk, so that a worker gets it once.

    ``places`` are the places of the columns that matter; ``shown`` our columns; ``form`` is that of the output.
    """

    classifier: Classifier
    name: str
    header: tuple[str, ...]
    places: dict[str, int]
    shown: tuple[str, ...]
    language: str
    mark: str
    form: Form

    def work(self, first_row: int, rows: Sequence[Row]) -> tuple[bytes, Counts]:
        """The output of these rows, and their counts; ``first_row`` is the number of the first in the file."""
        counts = Counts(rows=len(rows))
        cells = [row for row, _ in rows]
        broken = [place for place, (_, bad) in enumerate(rows) if bad]
        task = self.places["task"]
        texts = [_text(row[task]) if task < len(row) else "" for row in cells]
        for place in broken:
            texts[place] = ""
        table = Table(list(self.header), cells, set(broken), first_row=first_row)
        held, filled = self._decided(table, texts, counts)
        found = self._classified(texts, held)
        for place in broken:
            for name, values in found.items():
                values[place] = {"oc_status": UNREADABLE, "oc_review": "yes"}.get(
                    name, values[place] if name == "oc_version" else None
                )
        counts.unreadable += [first_row + place for place in broken]
        self._count(counts, cells, found, frozenset(broken))
        width = len(self.header)
        counts.widest = max((len(row) for row in cells if len(row) > width), default=0)
        return self.form.lines(self, Rows(cells, found, filled), counts), counts

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

    def _count(
        self, counts: Counts, cells: Sequence[Sequence[Any]], found: dict[str, list[Any]], broken: Container[int]
    ) -> None:
        counts.review += found["oc_review"].count("yes")
        names = [
            self.labels.get(label) or status
            for label, status in zip(found["oc_label"], found["oc_status"], strict=True)
        ]
        for name, rows in Counter(names).items():
            counts.by_label[name] = {"rows": rows, "fte": 0.0, "cost": 0.0}
        for column in ("fte", "cost"):
            if column not in self.places:
                continue
            place, known = self.places[column], dict[Any, float | None]()
            for row, (name, line) in enumerate(zip(names, cells, strict=True)):
                cell = line[place] if place < len(line) and row not in broken else None
                value = known[cell] if cell in known else known.setdefault(cell, number(cell, self.mark))
                if value is not None:
                    counts.by_label[name][column] += value
                elif column == "fte" and row not in broken:
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

    def assembled(self, rows: Rows) -> Iterator[list[Any]]:
        """Rows of the output; what people wrote is replaced only by what their ledger says."""
        columns, filled, blank = rows.columns, rows.filled, self.form.blank
        width = len(self.header)
        inside = [(self.header.index(name), columns[name]) for name in self.shown if name in self.header]
        people = [self.names.index(name) for name in DECISION_COLUMNS]
        nothing = [blank] * (len(self.names) - width)
        ours = [columns[name] for name in self._added if name in columns]
        beside = zip(*ours, strict=True) if ours else repeat(())
        for place, (row, own) in enumerate(zip(rows.cells, beside, strict=False)):
            line = [*row[:width], *[blank] * (width - len(row)), *own]
            line += nothing[: len(self.names) - len(line)]
            for where, column in inside:
                line[where] = column[place]
            if place in filled:
                for where, name in zip(people, DECISION_COLUMNS, strict=True):
                    line[where] = filled[place][name]
            line += row[width:]
            yield line


def _both(decision: Decision, said: Held | None, counts: Counts) -> Held:
    """A decision in the file beside what the ledger says of the same row."""
    if said is None or (not said.contradicted and said.decision.kind == decision.kind):
        return Held(decision)
    counts.contradicted.append(str(Contradiction((decision, said.decision))))
    return Held(decision, contradicted=True)


def _text(cell: Any) -> str:
    return "" if cell is None else cell if isinstance(cell, str) else str(cell)
