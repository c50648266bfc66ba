"""What stands around a short task: columns that the user named, read as a heading before it.

A heading counts only where the task's own words say nothing ("Accounts payable: other"), so context is weaker than
they are. Parent names of an APQC list help for leaves of four words; they would mislead where a row says enough.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

from ..files.table import cell_text

SHORT: Final = 4  # words of a task, up to which context is read
_HEADING: Final = 3  # words of a heading, at its end: there stands what it is about
_STEP: Final = re.compile(r"\s*[>/|›»\\]\s*|\s+[–—-]\s+|:\s*|\n")


def with_context(texts: Sequence[str], cells: Sequence[Sequence[Any]], columns: Sequence[int]) -> list[str]:
    """Texts with what the first filled column of each row says before the short ones."""
    found = list(texts)
    for place, (text, row) in enumerate(zip(texts, cells, strict=True)):
        if not text.strip() or len(text.split()) > SHORT:
            continue
        given = (cell_text(row[column]) for column in columns if column < len(row))
        heading = next(filter(None, map(heading_of, given)), "")
        if heading:
            found[place] = f"{heading}: {text}"
    return found


def heading_of(context: str) -> str:
    """The last step of a path ("Finance > Accounts payable"), at most three words."""
    steps = [step for step in _STEP.split(context.strip()) if step.strip()]
    return " ".join(steps[-1].split()[-_HEADING:]).strip(" .,;") if steps else ""
