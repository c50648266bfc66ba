"""What comes out: Classifications in columns, Classification for one row, Scores, Evidence."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Final, overload

import numpy as np
import numpy.typing as npt

from .dimensions import DIMENSIONS

if TYPE_CHECKING:
    from .batch import Batch
    from .decisions import Held
    from .explanation import Explainer

SCHEMA: Final = 1
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scores:
    """Six scores in [-1, 1]; -1 is the BPO pole, +1 the KPO pole, 0 neutral or not stated."""

    focus: float = 0.0
    process: float = 0.0
    specialization: float = 0.0
    driver: float = 0.0
    activities: float = 0.0
    customer_contact: float = 0.0

    def to_dict(self) -> dict[str, float]:
        """Name to score."""
        return {name: getattr(self, name) for name in DIMENSIONS}

    def __iter__(self) -> Iterator[float]:
        return iter(self.to_dict().values())


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quoted span, the dimension it speaks for, and what it adds to that score.

    ``text == task[start:end]``; ``spans`` are its words where they do not stand together;
    ``weight`` is the level of the cue before ``modifiers``; contributions of a dimension add up
    to its score. Evidence with contribution 0 is switched off; its last modifier says by what.
    """

    dimension: str
    start: int
    end: int
    spans: tuple[tuple[int, int], ...]
    text: str
    cue: str
    role: str
    weight: float
    modifiers: tuple[str, ...]
    contribution: float
    reason: str


@dataclass(frozen=True, slots=True)
class StatusEvidence:
    """A quoted span that made the status."""

    start: int
    end: int
    spans: tuple[tuple[int, int], ...]
    text: str
    cue: str
    reason: str


@dataclass(frozen=True, slots=True)
class Classification:
    """The answer for one task (design 5 lists the keys); equal by content, JSON-ready, picklable."""

    text: str
    language: str
    status: str
    status_evidence: tuple[StatusEvidence, ...] = ()
    label: str | None = None
    probability: float | None = None
    band: str | None = None
    needs_review: bool = False
    decided_by: str | None = None
    machine: Mapping[str, Any] | None = None
    rule: Mapping[str, Any] | None = None
    scores: Scores = field(default_factory=Scores)
    stated: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    turn: Mapping[str, Any] | None = None
    parts: tuple["Classification", ...] = ()
    flags: tuple[Mapping[str, Any], ...] = ()
    question: str = ""
    explanation: str = ""
    reason: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    schema: int = SCHEMA
    start: int | None = None
    end: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON data."""
        data = asdict(self)
        data["scores"] = self.scores.to_dict()
        data["parts"] = [part.to_dict() for part in self.parts]
        data["flags"] = [dict(flag) for flag in self.flags]
        for name in ("evidence", "status_evidence"):
            data[name] = [_listed(item) for item in data[name]]
        data["stated"] = list(self.stated)
        if self.start is None:
            del data["start"], data["end"]
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Classification":
        """The classification that `to_dict` made this data from."""
        values = {item.name: data[item.name] for item in fields(cls) if item.name in data}
        values["scores"] = Scores(**data["scores"])
        values["evidence"] = tuple(Evidence(**_tupled(item)) for item in data["evidence"])
        values["status_evidence"] = tuple(
            StatusEvidence(**_tupled(item)) for item in data["status_evidence"]
        )
        values["parts"] = tuple(cls.from_dict(part) for part in data["parts"])
        values["flags"] = tuple(dict(flag) for flag in data["flags"])
        values["stated"] = tuple(data["stated"])
        return cls(**values)

    def _repr_html_(self) -> str:
        from .explanation.html import show

        return show(self)


def _listed(item: dict[str, Any]) -> dict[str, Any]:
    item["spans"] = [list(span) for span in item["spans"]]
    if "modifiers" in item:
        item["modifiers"] = list(item["modifiers"])
    return item


def _tupled(item: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(item)
    values["spans"] = tuple((int(start), int(end)) for start, end in item["spans"])
    if "modifiers" in values:
        values["modifiers"] = tuple(values["modifiers"])
    return values


def decided(machine: Classification, held: "Held", explainer: "Explainer") -> Classification:
    """The answer for a row on which a person decided; scores, evidence and rule stay as read.

    Where decisions contradict each other none holds: the machine's answer stays, and the row is for review.
    """
    voice = explainer.voice(machine.language)
    told = voice.of_person(machine, held)
    if held.contradicted:
        return replace(machine, needs_review=True, question=told.question, explanation=told.explanation)
    own = {name: getattr(machine, name) for name in ("status", "label", "probability", "band", "decided_by")}
    return replace(
        machine, **held.answer, machine=own, turn=None, status_evidence=(), question=told.question,
        explanation=told.explanation, reason=told.reason,
    )


class Classifications(Sequence[Classification]):
    """Results of many tasks in columns; ``result[i]`` makes a `Classification` on demand.

    Columns have one entry a task: ``text language status label probability band needs_review
    decided_by``; ``scores`` and ``stated`` have shape (n, 6). ``label`` and ``band`` are None,
    ``probability`` NaN, where there is no label. What a person decided stands in all of them.
    """

    __slots__ = ("_batches", "_explainer", "_firsts", "_held", "ids")

    def __init__(
        self, batches: Sequence["Batch"], explainer: "Explainer", ids: Sequence[Any] | None,
        held: Mapping[int, "Held"] | None = None,
    ) -> None:
        self._batches = tuple(batches)
        self._held = held or {}
        self._explainer = explainer
        self._firsts = np.cumsum([0, *(len(batch.texts) for batch in batches)])
        self.ids = None if ids is None else tuple(ids)

    def __len__(self) -> int:
        return int(self._firsts[-1])

    @overload
    def __getitem__(self, index: int) -> Classification: ...
    @overload
    def __getitem__(self, index: slice) -> list[Classification]: ...
    def __getitem__(self, index: int | slice) -> Classification | list[Classification]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        place = index + len(self) if index < 0 else index
        if not 0 <= place < len(self):
            raise IndexError(f"row {index} of {len(self)} classifications")
        number = int(np.searchsorted(self._firsts, place, side="right")) - 1
        found = self._batches[number].classification(place - int(self._firsts[number]), self._explainer)
        held = self._held.get(place)
        return found if held is None else decided(found, held, self._explainer)

    def __iter__(self) -> Iterator[Classification]:
        return map(self.__getitem__, range(len(self)))

    def __repr__(self) -> str:
        counts = {name: self.label.count(name) for name in ("BPO", "KPO")}
        return f"<Classifications: {len(self)} tasks, {counts['BPO']} BPO, {counts['KPO']} KPO>"

    def _column(self, name: str) -> list[Any]:
        return [value for batch in self._batches for value in getattr(batch, name)]

    def _overruled(self, name: str, values: Any) -> Any:
        """A column of the machine's, with what it is where a person decided."""
        for row, held in self._held.items():
            values[row] = held.answer.get(name, values[row])
        return values

    def _spoken(self, name: str) -> list[str]:
        said = [text for batch in self._batches for text in batch.spoken(self._explainer, name)]
        for row in self._held:
            said[row] = getattr(self[row], name)
        return said

    @property
    def text(self) -> list[str]:
        """The tasks as given."""
        return self._column("texts")

    @property
    def language(self) -> list[str]:
        """`en` or `de`: the nearer one."""
        return self._column("languages")

    @property
    def status(self) -> list[str]:
        """Status of each task (codebook 2.1)."""
        return self._overruled("status", self._column("statuses"))

    @property
    def label(self) -> list[str | None]:
        """`BPO`, `KPO`, or None where there is no label."""
        return self._overruled("label", self._column("labels"))

    @property
    def band(self) -> list[str | None]:
        """`high`, `medium`, `low`, or None."""
        return self._overruled("band", self._column("bands"))

    @property
    def decided_by(self) -> list[str | None]:
        """What gave the label."""
        return self._overruled("decided_by", self._column("decided_by"))

    @property
    def parts(self) -> list[tuple[tuple[str, str], ...]]:
        """Text and label of each part of a mixed task; none of another."""
        found: list[tuple[tuple[str, str], ...]] = [()] * len(self)
        status = self.status
        for first, batch in zip(self._firsts.tolist(), self._batches, strict=False):
            for row, parts in batch.parts.items():
                if status[first + row] == "mixed":
                    found[first + row] = parts
        return found

    @property
    def rule_label(self) -> list[str | None]:
        """The label that the codebook's rule gives on the scores, None without one."""
        return self._column("rule_labels")

    @property
    def needs_review(self) -> npt.NDArray[np.bool_]:
        """Whether a person should look at the row."""
        found = np.concatenate([b.needs_review for b in self._batches] or [np.zeros(0, np.bool_)])
        return self._overruled("needs_review", found)

    @property
    def probability(self) -> Floats:
        """Calibrated P(KPO); NaN without a label."""
        found = np.concatenate([b.probabilities for b in self._batches] or [np.zeros(0)])
        return self._overruled("probability", found)

    @property
    def scores(self) -> Floats:
        """Six scores of each task, shape (n, 6), in the order of `DIMENSIONS`."""
        return np.concatenate([b.scores for b in self._batches] or [np.zeros((0, 6))])

    @property
    def stated(self) -> npt.NDArray[np.bool_]:
        """Which dimensions have evidence in force, shape (n, 6)."""
        return np.concatenate([b.stated for b in self._batches] or [np.zeros((0, 6), np.bool_)])

    @property
    def word_counts(self) -> npt.NDArray[np.int64]:
        """Content words of each task, and how many of them neither language knows, shape (n, 2)."""
        return np.concatenate([b.word_counts for b in self._batches] or [np.zeros((0, 2), np.int64)])

    @property
    def evidence(self) -> dict[str, list[Any]]:
        """One table for all tasks: column name to values; ``row`` is the task's place."""
        table: dict[str, list[Any]] = {}
        for first, batch in zip(self._firsts.tolist(), self._batches, strict=False):
            for name, values in batch.evidence_table(first).items():
                table.setdefault(name, []).extend(values)
        return table

    @property
    def reason(self) -> list[str]:
        """One sentence a task."""
        return self._spoken("reason")

    @property
    def question(self) -> list[str]:
        """The question that would settle most, of each task."""
        return self._spoken("question")

    @property
    def explanation(self) -> list[str]:
        """The full explanation of each task."""
        return self._spoken("explanation")

    def to_dicts(self) -> list[dict[str, Any]]:
        """`to_dict()` of every task."""
        return [item.to_dict() for item in self]

    def to_frame(self) -> Any:
        """A pandas DataFrame of the columns (pandas must be installed)."""
        import pandas as pd

        columns: dict[str, Any] = {} if self.ids is None else {"id": list(self.ids)}
        for name in ("text", "language", "status", "label", "probability", "band", "needs_review"):
            values = getattr(self, name)
            columns[name] = pd.Series(values, dtype=object) if isinstance(values, list) else values
        for place, name in enumerate(DIMENSIONS):
            columns[name] = self.scores[:, place]
        return pd.DataFrame(columns)
