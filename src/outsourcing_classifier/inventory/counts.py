"""What a planner wants to know of a scored file, counted chunk by chunk."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self

from ..drift import Drift


@dataclass
class Counts:
    """Counts of some rows; FTE and cost are sums over rows that give them. Row numbers are those of the file."""

    rows: int = 0
    by_label: dict[str, dict[str, float]] = field(default_factory=dict)
    review: int = 0
    decided: int = 0
    changed: list[int] = field(default_factory=list)  # rows whose text has changed since they were decided
    contradicted: list[str] = field(default_factory=list)
    found_decisions: list[int] = field(default_factory=list)  # places in the ledger of decisions that belong to a row
    unknown_decisions: list[str] = field(default_factory=list)
    headings: int = 0
    unreadable: list[int] = field(default_factory=list)
    without_fte: int = 0
    units: int = 0  # lines or sentences, where asked for; and how many of them are BPO and KPO
    units_bpo: int = 0
    units_kpo: int = 0
    parts: list[list[Any]] = field(default_factory=list)  # mixed rows: row, id, task, parts (text, label), FTE, cost
    protected: int = 0
    widest: int = 0  # most cells of a row that has more than the header

    def add(self, other: "Counts") -> None:
        """Count the rows of a later chunk too."""
        for name, entry in other.by_label.items():
            own = self.by_label.setdefault(name, {"rows": 0, "fte": 0.0, "cost": 0.0})
            for column, value in entry.items():
                own[column] += value
        for item in fields(Counts):
            if item.name == "widest":
                self.widest = max(self.widest, other.widest)
            elif item.name == "found_decisions":
                self.found_decisions = sorted({*self.found_decisions, *other.found_decisions})
            elif item.name != "by_label":
                own = getattr(self, item.name)
                own += getattr(other, item.name)  # lists grow in place
                setattr(self, item.name, own)

    def plain(self) -> dict[str, Any]:
        """As JSON data."""
        return {item.name: getattr(self, item.name) for item in fields(self)}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """The counts that `plain` made these data from."""
        return cls(**data)


@dataclass
class Summary(Counts):
    """What was recognised and found in a whole file."""

    source: Path = Path()
    target: Path = Path()
    columns: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    without_row: int = 0  # decisions of the ledger on rows that are not in this file
    language: str = "en"
    hierarchy: str = ""  # what headings were recognised by
    unequal: list[list[Any]] = field(default_factory=list)  # headings: row, fte or cost, what it says, sum of its rows
    drift: Drift | None = None  # of a sample of the first rows; None: the model does not know its training texts
    has_fte: bool = False
    has_cost: bool = False
    split: int = 0  # mixed rows whose FTE and cost were split by the shares that people gave
    wrong_shares: list[str] = field(default_factory=list)  # rows whose shares do not add up
    parts_sheet: Path | None = None
    headings_in: str | None = None  # language of the names of our columns; None: the fixed ones
    resumed_at: int = 0  # rows that an earlier, interrupted run had done
    sheets: list["Summary"] = field(default_factory=list)  # of each sheet, where all of a workbook were scored

    def to_dict(self) -> dict[str, Any]:
        """As JSON data."""
        data = {name: str(value) if isinstance(value, Path) else value for name, value in self.plain().items()}
        return data | {
            "drift": None if self.drift is None else self.drift.to_dict(),
            "sheets": [sheet.to_dict() for sheet in self.sheets],
        }
