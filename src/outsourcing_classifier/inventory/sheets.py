"""All sheets of a workbook, one after the other; each adds its results to what the one before has made."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ..errors import TaskFileError
from ..files.content import is_workbook
from ..files.output import write_problem
from ..files.source import WorkbookSource, open_sheets
from .counts import Summary
from .options import Options


def sheet_by_sheet(
    source: Path, target: Path, score: Callable[[Path, Path, Options], Summary], options: Options, parts: Path | None
) -> Summary:
    """Score every sheet with a task column; the summary adds up those of the sheets, which it holds.

    The output appears when the last sheet is done. Raises `TaskFileError` where the output cannot hold all sheets.
    """
    opened = [sheet for sheet in open_sheets(source) if isinstance(sheet, WorkbookSource)]
    if not is_workbook(target):
        raise TaskFileError("--all-sheets: results of several sheets need a workbook; name one ending in .xlsx with -o")
    if options.sheet is not None or parts is not None:
        raise TaskFileError("--all-sheets: --sheet and --parts are for one sheet; leave them out, or this")
    if opened[0].lost:
        raise TaskFileError(
            f"{source.name}: {', '.join(opened[0].lost)} cannot be carried over, and a fresh workbook would hold one "
            "sheet only; score each by its own with --sheet"
        )
    total = Summary(source=source, target=target)
    folder = target.with_name(f".{target.name}.sheets")
    try:
        for number, sheet in enumerate(opened, 1):
            last = number == len(opened)
            made = target if last else folder / str(number) / f"{source.stem}.xlsx"
            if not last:
                made.parent.mkdir(parents=True, exist_ok=True)
            before = source if number == 1 else folder / str(number - 1) / f"{source.stem}.xlsx"
            found = score(before, made, replace(options, sheet=sheet.sheet))
            found.source, found.target = source, target
            options = replace(options, explain_in=options.explain_in or found.language)  # one language for the workbook
            total.sheets.append(found)
            total.add(found)
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
