"""All sheets of a workbook, one after the other; each adds its results to what the one before has made."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ..errors import TaskFileError
from ..files.content import is_workbook
from ..files.output import write_problem
from ..files.source import Source, WorkbookSource, open_sheets
from .counts import Summary
from .options import Options


def sheet_by_sheet(
    source: Path, target: Path, score: Callable[[Source, Path, Options], Summary], options: Options,
    parts: Path | None,
) -> Summary:
    """Score every sheet with a task column; the summary adds up those of the sheets, which it holds.

    The output appears when the last sheet is done. Raises `TaskFileError` where the output cannot hold all sheets.
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
        for opened, made in zip(sheets, [*steps, target], strict=True):
            found = score(opened, made, replace(options, sheet=opened.sheet))
            found.target = target
            options = replace(options, explain_in=options.explain_in or found.language)  # one language for the workbook
            total.sheets.append(found)
            total.add(found)
            for other in sheets:  # the next results go beside these
                other.path = made
    except OSError as error:
        raise TaskFileError(write_problem(target, error)) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    total.unknown_decisions = list(dict.fromkeys(total.unknown_decisions))  # those of the ledger came with each sheet
    total.contradicted = list(dict.fromkeys(total.contradicted))
    first = total.sheets[0]
    total.language, total.headings_in = first.language, first.headings_in
    total.has_fte, total.has_cost = (any(getattr(s, name) for s in total.sheets) for name in ("has_fte", "has_cost"))
    total.without_row = first.without_row + len(first.found_decisions) - len(total.found_decisions)
    return total
