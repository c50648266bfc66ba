"""What people decided: the ledger. A row with a decision keeps it, whatever a model says later (design 5)."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

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


def decision_word(kind: str) -> str:
    """How a kind of decision is written in files."""
    return kind.replace("_", " ")


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
    def answer(self) -> dict[str, Any]:
        """What it sets in the row's answer."""
        if self.contradicted:
            return {"needs_review": True}
        return {
            "status": self.decision.status, "label": self.decision.label, "probability": None, "band": None,
            "needs_review": self.decision.kind == "unclear" or self.changed, "decided_by": "person",
        }


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
        by_id: dict[str, list[int]] = defaultdict(list)
        by_text: dict[str, list[int]] = defaultdict(list)
        for place, decision in enumerate(self.decisions):
            if decision.id:
                by_id[decision.id].append(place)
            if words := key(decision.text):
                by_text[words].append(place)
        object.__setattr__(self, "_by_id", dict(by_id))
        object.__setattr__(self, "_by_text", dict(by_text))

    @property
    def contradictions(self) -> tuple[Contradiction, ...]:
        """Every id, and every text, with decisions of more than one kind."""
        found: dict[tuple[Decision, ...], None] = {}
        for groups in (self._by_id, self._by_text):  # type: ignore[attr-defined]
            for places in groups.values():
                group = [self.decisions[place] for place in places]
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
        places = self._by_id.get(name) if name else None  # type: ignore[attr-defined]
        if places is None:
            places = self._by_text.get(words) if words else None  # type: ignore[attr-defined]
        if not places:
            return None
        found = [self.decisions[place] for place in places]
        last = found[-1]
        contradicted = any(decision.kind != last.kind for decision in found)
        changed = all(key(decision.text) != words for decision in found if decision.text)
        return Held(last, changed=changed and any(d.text for d in found), contradicted=contradicted)

    def found(self, ids: Iterable[str], texts: Iterable[str]) -> list[int]:
        """Places of the decisions that belong to one of these rows."""
        if not self.decisions:
            return []
        hits: set[int] = set()
        for groups, names in ((self._by_id, ids), (self._by_text, map(key, texts))):  # type: ignore[attr-defined]
            for name in names:
                hits.update(groups.get(name, ()))
        return sorted(hits)

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
