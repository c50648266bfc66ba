"""The table of proposals: its rows, one for each cue, and the file that is written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ..dimensions import DIMENSIONS
from ..errors import TaskFileError
from ..files.output import complete_file
from ..lexicon.codes import FOLDER
from ..lexicon.tables import CUE_COLUMNS
from .tasks import Task

# Of several proposals for one cue the first kind gives strength and weights, all give reasons.
KINDS: Final = {
    "weight": "weights that the labels of the file ask for",
    "phrase": "verbs with an object in rows that got the wrong label",
    "parallel": "words whose translation is known",
    "unknown": "words that the lexicon does not know",
}
_COLUMNS: Final = ("language", *CUE_COLUMNS)
_EXAMPLES: Final = 3  # rows that a note names


@dataclass(slots=True)
class Suggestion:
    """A row of a user's lexicon, with what speaks for it; ``weights`` holds those that differ from the strength's."""

    kind: str
    language: str
    cue: str
    role: str
    strength: str
    rows: int
    note: str
    weights: dict[str, float] = field(default_factory=dict)
    needs: str = ""
    support: tuple[str, ...] = ()  # rows of the tasks that speak for it, where labels do
    wrong: tuple[str, ...] = ()  # of them, those that got the other label
    against: int = 0

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What makes two rows the same cue."""
        return self.language, self.cue.casefold(), self.role, self.needs

    def line(self) -> str:
        """The row of the table."""
        numbers = (f"{self.weights[name]:g}" if name in self.weights else "" for name in DIMENSIONS)
        return "\t".join((self.language, self.cue, self.role, self.strength, *numbers, self.needs, self.note))


def one_row_a_cue(rows: Iterable[Suggestion]) -> list[Suggestion]:
    """Rows with the same identity as one that gives the reasons of all; most rows first, then alphabetical."""
    kinds = list(KINDS)
    chosen: dict[tuple[str, str, str, str], Suggestion] = {}
    for row in sorted(rows, key=lambda row: (kinds.index(row.kind), row.identity, row.note)):
        known = chosen.setdefault(row.identity, row)
        if known is not row:
            # A guess by neighbours says nothing beside labels or a translation; how often a word is seen does.
            known.note += f"; {row.note.partition('; ')[0] if row.kind == 'unknown' else row.note}"
            known.rows = max(known.rows, row.rows)
    return sorted(chosen.values(), key=lambda row: (-row.rows, row.cue.casefold(), row.identity))


def counted_rows(count: int) -> str:
    """Number of rows, as a note says it."""
    return "1 row" if count == 1 else f"{count} rows"


def example_rows(tasks: Sequence[Task], places: Sequence[int]) -> str:
    """The first of these tasks by their rows, as a note says it."""
    shown = [tasks[place].row for place in places[:_EXAMPLES]]
    return f" (row {shown[0]})" if len(shown) == 1 else f" (rows {', '.join(shown)})"


def rows_of(tasks: Sequence[Task], places: Sequence[int]) -> tuple[str, ...]:
    """The rows of these tasks."""
    return tuple(tasks[place].row for place in places)


def write_suggestions(rows: Iterable[Suggestion], target: Path) -> None:
    """The table of a user's own words: UTF-8, tabs between columns. Raises `TaskFileError`."""
    lines = ["\t".join(_COLUMNS), *(row.line() for row in rows)]
    with complete_file(target) as temporary:
        temporary.write_text("\n".join(lines) + "\n", "utf-8", newline="\n")


def check_target(target: Path, sources: Sequence[Path]) -> None:
    """Whether the table may be written there: over nothing that exists. Raises `TaskFileError`."""
    place = target.resolve()
    if place.is_relative_to(FOLDER):
        raise TaskFileError(f"{target} lies among the base tables, which are not written; choose another with -o")
    if any(place == source.resolve() for source in sources):
        raise TaskFileError(f"{target} is an input itself; nothing was changed. Choose another name with -o")
    if target.exists():  # somebody may have accepted and corrected rows in it
        raise TaskFileError(f"{target} is there already and was left as it is; choose another name with -o")
