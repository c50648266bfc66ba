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
from ..files.headings import shown, title
from ..files.ledger import decisions_of
from ..files.numbers import number
from ..files.table import DECISION_COLUMNS, OUR_COLUMNS, UNIT_COLUMNS, Table, task_texts
from .context import with_context
from .counts import Counts
from .forms import Form, Rows
from .options import Options
from .units import unit_columns

UNREADABLE: Final = "unreadable"
HEADING: Final = "heading"
_OURS: Final = frozenset((*OUR_COLUMNS, *DECISION_COLUMNS))
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
    first_row: int  # number of the first row in the file
    places: dict[str, int]
    shown: tuple[str, ...]
    language: str
    mark: str
    form: Form
    options: Options
    context: tuple[int, ...] = ()  # places of the columns read for short tasks
    headings: frozenset[int] = frozenset()  # places of rows that head others, from 0
    parts: bool = False  # whether the parts of mixed rows are listed

    def work(self, first_row: int, rows: Sequence[Row]) -> tuple[bytes, Counts]:
        """The output of these rows, and their counts; ``first_row`` is the number of the first in the file."""
        counts = Counts(rows=len(rows))
        cells = [row for row, _ in rows]
        broken = [place for place, (_, bad) in enumerate(rows) if bad]
        texts = task_texts(cells, self.places)
        for place in broken:
            texts[place] = ""
        table = Table(list(self.header), cells, set(broken), first_row=first_row)
        held, filled = self._decided(table, texts, counts)
        first = first_row - self.first_row
        headings = [
            place for place in range(len(rows)) if first + place in self.headings and held[place] is None
        ] if self.headings else []
        for place in headings:
            texts[place] = ""
        found = self._classified(self._in_context(texts, cells), held)
        if self.options.unit != "text":
            found |= unit_columns(texts, self.options.unit, self.classifier)
            self._count_units(found, counts)
        if self.parts:
            self._list_parts(table, texts, found, counts)
        for name, values in found.items():
            for places, status, review in ((headings, HEADING, "no"), (broken, UNREADABLE, "yes")):
                for place in places:
                    values[place] = {"oc_status": status, "oc_review": review}.get(
                        name, values[place] if name == "oc_version" else None
                    )
        counts.unreadable += [first_row + place for place in broken]
        counts.headings += len(headings)
        self._count(counts, cells, found, frozenset(broken))
        width = len(self.header)
        counts.widest = max((len(row) for row in cells if len(row) > width), default=0)
        return self.form.lines(self, Rows(cells, found, filled), counts), counts

    def _in_context(self, texts: list[str], cells: Sequence[Sequence[Any]]) -> list[str]:
        """Texts as they are read: short ones below what their context says."""
        return with_context(texts, cells, self.context) if self.context else texts

    def _list_parts(self, table: Table, texts: list[str], found: dict[str, list[Any]], counts: Counts) -> None:
        """Note the parts of mixed rows, for people to say how much of the row each takes."""
        ids = table.column(self.places["id"]) if "id" in self.places else [None] * len(texts)
        figures = {
            column: [number(cell, self.mark) for cell in table.column(self.places[column])]
            for column in ("fte", "cost") if column in self.places
        }
        for place, parts in enumerate(found["parts"]):
            if found["oc_status"][place] == "mixed":
                given = [figures[column][place] if column in figures else None for column in ("fte", "cost")]
                counts.parts.append([table.first_row + place, id_text(ids[place]), texts[place], list(parts), *given])

    def _count_units(self, found: dict[str, list[Any]], counts: Counts) -> None:
        counts.units += sum(found["oc_units"])
        for count, share in zip(found["oc_units_labelled"], found["oc_share_bpo"], strict=True):
            bpo = round(count * (share or 0))
            counts.units_bpo += bpo
            counts.units_kpo += count - bpo

    def _classified(self, texts: list[str], held: list[Held | None]) -> dict[str, list[Any]]:
        """Our columns; equal texts with equal decisions are classified once."""
        distinct: dict[tuple[str, Held | None], int] = {}
        order = [distinct.setdefault(pair, len(distinct)) for pair in zip(texts, held, strict=True)]
        answers = self.classifier.classify_held(
            [text for text, _ in distinct], [item for _, item in distinct], explain_in=self.language
        )
        names = [name for name in dict.fromkeys((*self.shown, *_COUNTED)) if name not in UNIT_COLUMNS]
        columns = result_columns(answers, self.classifier, self.language, tuple(names))
        if self.parts:
            columns["parts"] = answers.parts
        return {name: [values[place] for place in order] for name, values in columns.items()}

    def _decided(
        self, table: Table, texts: list[str], counts: Counts
    ) -> tuple[list[Held | None], dict[int, dict[str, str]]]:
        """The decision that holds for each row, and cells that the ledger fills.

        A decision of the file belongs to its row alone. Where the ledger says something else of it, none holds.
        """
        ledger = self.classifier.decisions
        own, unknown = decisions_of(table, self.name, self.places)
        ids = None
        if "id" in self.places and ledger.decisions:
            ids = [id_text(cell) for cell in table.column(self.places["id"])]
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
                cells = self._decision(item.decision.kind), item.decision.reason, item.decision.by, item.decision.date
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
            if name == HEADING:
                continue
            counts.by_label[name] = {"rows": rows, "fte": 0.0, "cost": 0.0}
        for column in ("fte", "cost"):
            if column not in self.places:
                continue
            place, known = self.places[column], dict[Any, float | None]()
            for row, (name, line) in enumerate(zip(names, cells, strict=True)):
                if name == HEADING:
                    continue
                cell = line[place] if place < len(line) and row not in broken else None
                value = known[cell] if cell in known else known.setdefault(cell, number(cell, self.mark))
                if value is not None:
                    counts.by_label[name][column] += value
                elif column == "fte" and row not in broken:
                    counts.without_fte += 1

    def _decision(self, kind: str) -> str:
        return str(shown("decision", [decision_word(kind)], self.headings_in)[0])

    @cached_property
    def words(self) -> dict[str, str]:
        """The words that the file uses for the labels."""
        return {label: self.classifier.label_text(label, self.language) for label in LABELS}

    @cached_property
    def labels(self) -> dict[str | None, str]:
        """The labels by these words."""
        return {word: label for label, word in self.words.items()}

    @cached_property
    def names(self) -> list[str]:
        """The header of the output: the owner's columns, ours beside them; what is there already stays in place."""
        return [title(name, self.headings_in) if name in _OURS else name for name in self._columns]

    @cached_property
    def _columns(self) -> list[str]:
        """The header of the output by the fixed names of our columns."""
        return [*self.header, *self._added]

    @cached_property
    def _added(self) -> list[str]:
        return [name for name in (*self.shown, *DECISION_COLUMNS) if name not in self.header]

    @property
    def headings_in(self) -> str | None:
        """The language of names and values of our columns; None: the fixed ones."""
        return self.options.headings

    def assembled(self, rows: Rows) -> Iterator[list[Any]]:
        """Rows of the output; what people wrote is replaced only by what their ledger says."""
        columns, filled, blank = rows.columns, rows.filled, self.form.blank
        width = len(self.header)
        columns = {name: shown(name, values, self.headings_in) for name, values in columns.items()}
        inside = [(self.header.index(name), columns[name]) for name in self.shown if name in self.header]
        people = [self._columns.index(name) for name in DECISION_COLUMNS]
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
