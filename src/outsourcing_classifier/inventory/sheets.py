"""All sheets of a workbook: all are scored, then each adds its results to what the one before has made."""

import shutil
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..errors import TaskFileError
from ..files.content import is_workbook
from ..files.output import write_problem
from ..files.source import Source, WorkbookSource, open_sheets
from .chunk import Chunks
from .counts import Summary
from .journal import Journal
from .options import Options


@dataclass(frozen=True)
class Worked:
    """A file, or one sheet of it, whose chunks all stand in the journal."""

    journal: Journal
    opened: Source
    chunks: Chunks
    made: Path
    summary: Summary
    made_of: Mapping[str, Any] | None

    def finish(self) -> None:
        """Make the output of them."""
        self.chunks.form.finish(self.journal, self.opened, self.chunks, self.made, self.summary, self.made_of)


def sheet_by_sheet(
    source: Path, target: Path, worked: Callable[[Source, Path, Options], AbstractContextManager[Worked]],
    options: Options, parts: Path | None,
) -> Summary:
    """Score every sheet with a task column; the summary adds up those of the sheets, which it holds.

    Interrupted, the journals of all sheets stay, and the same call goes on. Raises `TaskFileError` where the output
    cannot hold all sheets.
    """
    if not is_workbook(target):
        raise TaskFileError("--all-sheets: results of several sheets need a workbook; name one ending in .xlsx with -o")
    if options.sheet is not None or parts is not None:
        raise TaskFileError("--all-sheets: --sheet and --parts are for one sheet; leave them out, or this")
    sheets = [opened for opened in open_sheets(source) if isinstance(opened, WorkbookSource)]
    if sheets[0].lost:
        raise TaskFileError(
            f"{source.name}: {', '.join(sheets[0].lost)} cannot be carried over, and a fresh workbook would hold one "
            "sheet only; score each by its own with --sheet"
        )
    total = Summary(source=source, target=target)
    folder = target.with_name(f".{target.name}.sheets")
    steps = [folder / str(number) / f"{source.stem}.xlsx" for number in range(1, len(sheets))]
    try:
        for place in (folder, *(step.parent for step in steps)):
            place.mkdir(exist_ok=True)
        with ExitStack() as stack:
            works: list[Worked] = []
            for opened, made in zip(sheets, [*steps, target], strict=True):
                work = stack.enter_context(worked(opened, made, replace(options, sheet=opened.sheet)))
                language = options.explain_in or work.summary.language  # one for the whole workbook
                options = replace(options, explain_in=language)
                works.append(work)
            for opened, work, before in zip(sheets, works, [source, *steps], strict=True):
                opened.path = before
                work.finish()
                total.sheets.append(work.summary)
                total.add(work.summary)
    except OSError as error:
        raise TaskFileError(write_problem(target, error)) from error
    finally:
        if not any(folder.glob("*/.*.journal")):  # what an interrupted run has done stays
            shutil.rmtree(folder, ignore_errors=True)
    total.unknown_decisions = list(dict.fromkeys(total.unknown_decisions))  # those of the ledger came with each sheet
    total.contradicted = list(dict.fromkeys(total.contradicted))
    first = total.sheets[0]
    total.language, total.headings_in = first.language, first.headings_in
    total.has_fte, total.has_cost = (any(getattr(s, name) for s in total.sheets) for name in ("has_fte", "has_cost"))
    total.without_row = first.without_row + len(first.found_decisions) - len(total.found_decisions)
    return total
