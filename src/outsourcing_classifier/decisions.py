"""What people decided: the ledger. A row with a decision keeps it, whatever a model says later (design 5)."""

import hashlib
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from .errors import DecisionError, TaskFileError
from .files.any_file import read_table
from .files.csv_file import write_csv
from .files.table import Table, find_columns
from .lexicon.words import fold

LEDGER_COLUMNS: Final = ("id", "text", "oc_label", "decision", "decision_reason", "decision_by", "decision_date")
# What a decision sets: status and label.
_SETS: Final[Mapping[str, tuple[str, str | None]]] = {
    "BPO": ("ok", "BPO"),
    "KPO": ("ok", "KPO"),
    "split": ("mixed", None),
    "out_of_scope": ("out_of_scope", None),
    "unclear": ("insufficient", None),
}
KINDS: Final = tuple(_SETS)


@lru_cache(maxsize=1)
def _words() -> dict[str, str]:
    """Folded words that people write, in both languages and presets, to the kind of decision."""
    lines = (Path(__file__).parent / "decisions.tsv").read_text("utf-8").splitlines()[1:]
    return {key(words): kind for kind, _, words in (line.split("\t") for line in lines)}


def key(cell: object) -> str:
    """A cell, or a text, without case, spelling of umlauts, outer punctuation and doubled spaces."""
    return " ".join(fold("" if cell is None else str(cell)).split()).strip(" .,;:!-–—•*")


def decision_kind(cell: object) -> str | None:
    """The kind of decision that a cell states: one of `KINDS`; "" for an empty cell, None for other words."""
    words = key(cell)
    return _words().get(words) if words else ""


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of the ledger. ``kind`` is one of `KINDS`; ``machine_label`` what the machine said then, or ""."""

    id: str
    text: str
    machine_label: str
    kind: str
    reason: str = ""
    by: str = ""
    date: str = ""
    where: str = field(default="", compare=False)  # file and row

    @property
    def status(self) -> str:
        """The status that the decision sets."""
        return _SETS[self.kind][0]

    @property
    def label(self) -> str | None:
        """The label that the decision sets."""
        return _SETS[self.kind][1]

    @property
    def confirms(self) -> bool:
        """Whether it confirms the label that the machine gave."""
        return self.label is not None and self.label == self.machine_label


@dataclass(frozen=True, slots=True)
class Held:
    """A decision as it holds for one row.

    ``changed``: the text is no longer the one that was decided; ``contradicted``: other decisions on this row say
    something else, so that none of them holds and the machine's answer stays.
    """

    decision: Decision
    changed: bool = False
    contradicted: bool = False

    @property
    def needs_review(self) -> bool:
        """Whether a person should look again."""
        return self.decision.kind == "unclear" or self.changed or self.contradicted


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Decisions on the same row, or the same text, that say different things; none of them is preferred."""

    decisions: tuple[Decision, ...]

    def __str__(self) -> str:
        said = "; ".join(f"{item.where}: {item.kind}" + (f" ({item.by})" if item.by else "") for item in self.decisions)
        return f"“{self.decisions[0].text[:60]}” – {said}"


@dataclass(frozen=True)
class Ledger:
    """Decisions of people, found by id, else by normalised text.

    Of decisions that contradict each other none holds: they stand in `contradictions`, and their rows are for
    review. ``unknown`` lists cells that state no decision, with file and row.
    """

    decisions: tuple[Decision, ...] = ()
    unknown: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        by_id: dict[str, list[Decision]] = defaultdict(list)
        by_text: dict[str, list[Decision]] = defaultdict(list)
        for decision in self.decisions:
            if decision.id:
                by_id[decision.id].append(decision)
            if words := key(decision.text):
                by_text[words].append(decision)
        object.__setattr__(self, "_by_id", dict(by_id))
        object.__setattr__(self, "_by_text", dict(by_text))

    @property
    def contradictions(self) -> tuple[Contradiction, ...]:
        """Every id, and every text, with decisions of more than one kind."""
        found: dict[tuple[Decision, ...], None] = {}
        for groups in (self._by_id, self._by_text):  # type: ignore[attr-defined]
            for group in groups.values():
                if len({decision.kind for decision in group}) > 1:
                    found.setdefault(tuple(group))
        return tuple(Contradiction(group) for group in found)

    @property
    def version(self) -> str:
        """First letters of a hash of the decisions, in any order; "" without any."""
        if not self.decisions:
            return ""
        lines = sorted("\t".join(astuple(decision)[:-1]) for decision in self.decisions)
        return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()[:8]

    def held(self, ids: Sequence[Any] | None, texts: Sequence[str]) -> list[Held | None]:
        """The decision that holds for each row, None where there is none."""
        if not self.decisions:
            return [None] * len(texts)
        names = [""] * len(texts) if ids is None else [id_text(name) for name in ids]
        return [self._held(name, text) for name, text in zip(names, texts, strict=True)]

    def _held(self, name: str, text: str) -> Held | None:
        words = key(text)
        found = self._by_id.get(name) if name else None  # type: ignore[attr-defined]
        if found is None:
            found = self._by_text.get(words) if words else None  # type: ignore[attr-defined]
        if not found:
            return None
        last = found[-1]
        contradicted = any(decision.kind != last.kind for decision in found)
        changed = all(key(decision.text) != words for decision in found if decision.text)
        return Held(last, changed=changed and any(d.text for d in found), contradicted=contradicted)

    def merged(self, other: "Ledger") -> "Ledger":
        """Both ledgers in one; what stands in both word for word stands once."""
        both = dict.fromkeys((*self.decisions, *other.decisions))
        return Ledger(tuple(both), (*self.unknown, *other.unknown))


def id_text(value: Any) -> str:
    """An id as text: 17.0 from a spreadsheet is 17."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def decisions_of(table: Table, name: str, places: Mapping[str, int]) -> tuple[list[Decision | None], list[str]]:
    """The decision of each row of a table (None where the cell is empty), and cells that state none."""
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
    """A ledger, or any scored file with decisions (CSV or XLSX); rows without a decision are not kept.

    Raises `DecisionError` that names the file, and what to do.
    """
    path = Path(path)
    try:
        table = read_table(path)
        if "decision" not in table.header:
            raise DecisionError(
                f"{path.name}: no column 'decision'; a ledger has {', '.join(LEDGER_COLUMNS)}, "
                "and so has a scored file"
            )
        places = find_columns(table.header, {}, path.name)
    except TaskFileError as error:
        raise DecisionError(str(error)) from error
    rows, unknown = decisions_of(table, path.name, places)
    unknown += [f"{path.name}, row {table.first_row + row}: the line cannot be read" for row in sorted(table.broken)]
    return Ledger(tuple(row for row in rows if row is not None), tuple(unknown))


def write_ledger(path: Path, decisions: Iterable[Decision]) -> None:
    """Write a ledger (CSV, UTF-8); raises `TaskFileError` where it cannot be written."""
    rows = [[d.id, d.text, d.machine_label, d.kind, d.reason, d.by, d.date] for d in decisions]
    header = list(LEDGER_COLUMNS)
    write_csv(path, Table(header, []), header, rows)
