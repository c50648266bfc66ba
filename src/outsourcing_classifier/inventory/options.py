"""How an inventory is scored: what makes two runs the same work, and stands in the provenance of an output."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Final, Self

UNITS: Final = ("text", "line", "sentence")


@dataclass(frozen=True)
class Options:
    """``columns`` names the owner's columns (None: found by header).

    ``sheet`` is the sheet of a workbook; ``all_sheets`` takes every sheet that has a task column.
    ``explain_in`` is the language of all our texts in the file, by default that of most of the first rows;
    ``keep`` limits our columns; ``headings`` is the language of their names and values (``en`` or ``de``; None: as the
    file has them, else the fixed names), ``excel_de`` writes CSV as a German Excel opens it.
    Rows that head others get the status `heading` unless ``flat``; ``context`` are columns read for short tasks,
    ``unit`` (one of `UNITS`) what shares are counted of.
    """

    columns: Mapping[str, str | None] = field(default_factory=dict)
    sheet: str | None = None
    all_sheets: bool = False
    explain_in: str | None = None
    keep: tuple[str, ...] | None = None
    headings: str | None = None
    excel_de: bool = False
    flat: bool = False
    context: tuple[str, ...] = ()
    unit: str = "text"

    def plain(self) -> dict[str, Any]:
        """As JSON data."""
        return asdict(self)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """The options that `plain` made these data from; what an older version did not know is as it was then."""
        values = {item.name: data[item.name] for item in fields(cls) if item.name in data}
        for name in ("keep", "context"):
            if isinstance(values.get(name), list):
                values[name] = tuple(values[name])
        return cls(**values)
