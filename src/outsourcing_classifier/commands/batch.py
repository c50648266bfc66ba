"""`batch`: a whole inventory from the command line."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from ..dimensions import LANGUAGES
from .options import (
    TEXT_HELP,
    DecisionsOption,
    ExplainOption,
    LexiconOption,
    ModelOption,
    WordingOption,
    chosen,
    fail,
    friendly,
    printable,
    shown,
)


def _column(what: str) -> typer.models.OptionInfo:
    found: typer.models.OptionInfo = typer.Option(help=f"Header of the column with the {what}.")
    return found


def batch(
    source: Annotated[
        Path | None,
        typer.Argument(
            readable=False,
            help="CSV, TSV, XLSX, JSON Lines or Parquet file; - is standard input; in a project folder by default its "
            "inventory.",
        ),
    ] = None,
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", readable=False,
            help="File to write: .csv, .tsv, .xlsx, .jsonl or .parquet; by default NAME_scored beside the input; - is "
            "standard output.",
        ),
    ] = None,
    text_column: Annotated[str | None, typer.Option(help=TEXT_HELP)] = None,
    name_column: Annotated[str | None, _column("name of the task, read together with its text")] = None,
    id_column: Annotated[str | None, _column("number of the row")] = None,
    parent_column: Annotated[str | None, _column("number of the row above it, in a hierarchy")] = None,
    level_column: Annotated[str | None, _column("level, in a hierarchy")] = None,
    department_column: Annotated[str | None, _column("department")] = None,
    fte_column: Annotated[str | None, _column("full-time equivalents")] = None,
    cost_column: Annotated[str | None, _column("cost")] = None,
    volume_column: Annotated[str | None, _column("volume")] = None,
    frequency_column: Annotated[str | None, _column("frequency")] = None,
    location_column: Annotated[str | None, _column("location")] = None,
    owner_column: Annotated[str | None, _column("process owner")] = None,
    sheet: Annotated[
        str | None, typer.Option(help="Sheet of an XLSX file; by default the first with a task column.")
    ] = None,
    all_sheets: Annotated[
        bool, typer.Option("--all-sheets", help="Every sheet of an XLSX file that has a task column.")
    ] = False,
    columns: Annotated[
        str | None, typer.Option(help="Our columns to write, separated by commas; by default all.")
    ] = None,
    headings: Annotated[
        str | None, typer.Option(help="Names and values of our columns: de, or en for the fixed names (the default).")
    ] = None,
    excel_de: Annotated[
        bool,
        typer.Option("--excel-de", help="For a German Excel: German headings and sentences, CSV as it opens there."),
    ] = False,
    flat: Annotated[bool, typer.Option(help="No row heads others: all are tasks.")] = False,
    context: Annotated[
        list[str] | None,
        typer.Option(help="Column read before tasks of up to four words that say nothing by themselves; repeatable."),
    ] = None,
    unit: Annotated[
        str, typer.Option(help="line or sentence: adds the shares of BPO and KPO among those of each text.")
    ] = "text",
    parts: Annotated[
        Path | None,
        typer.Option(
            metavar="SHEET", readable=False,
            help="Sheet with the parts of mixed rows: fill in their shares, and FTE and cost are split.",
        ),
    ] = None,
    explain_in: ExplainOption = None,
    wording: WordingOption = None,
    model: ModelOption = None,
    lexicon: LexiconOption = None,
    decisions: DecisionsOption = None,
    processes: Annotated[int, typer.Option(min=1, help="Work in as many processes; pays from some 100,000 rows.")] = 1,
    strict: Annotated[bool, typer.Option(help="Exit code 1 where rows could not be read.")] = False,
    json_output: Annotated[bool, typer.Option("--json", help="The summary as JSON.")] = False,
) -> None:
    """Score every row of an inventory; the file comes back with label, scores and reason beside each row."""
    from ..inventory import Options, score_file
    from ..inventory.options import UNITS
    from ..inventory.standard import STANDARD, standard_files
    from ..summary import summary_lines

    with friendly():
        from ..settings import SETTINGS_NAME, Settings, scored_name

        setup = chosen(model, lexicon, wording, decisions)
        inventory = setup.settings.inventory
        if source is None and inventory is None:
            fail(f"name a file to score; without one, work in a folder with {SETTINGS_NAME} (see init)")
        given = source or shown(inventory or Path())
        settings = setup.settings if inventory == Path(os.path.realpath(given)) else Settings(Path())
        to_output = str(output) == STANDARD or (output is None and str(given) == STANDARD)
        columns_of = {
            "task": text_column, "name": name_column, "id": id_column, "parent": parent_column, "level": level_column,
            "department": department_column, "fte": fte_column, "cost": cost_column, "volume": volume_column,
            "frequency": frequency_column, "location": location_column, "owner": owner_column,
        }
        options = Options(
            columns={name: choice or settings.columns.get(name) for name, choice in columns_of.items()},
            sheet=sheet or (None if all_sheets else settings.sheet), all_sheets=all_sheets,
            explain_in=explain_in or settings.explain_in,
            keep=None if columns is None else _result_columns(columns, unit),
            headings=headings and _one_of(LANGUAGES, headings, "--headings"),
            excel_de=excel_de, flat=flat, context=tuple(context or ()), unit=_one_of(UNITS, unit, "--unit"),
        )
        with standard_files(given, output) as (path, asked), _progress(path.name) as report:
            summary = score_file(
                path, asked or scored_name(path), classifier=setup.classifier, options=options, processes=processes,
                parts=parts, progress=report, files=None if to_output else setup.files,
            )
        if to_output:
            summary.target = Path(STANDARD)
        as_json = json.dumps(summary.to_dict(), ensure_ascii=False)
        for line in [as_json] if json_output else summary_lines(summary, setup.classifier):
            typer.echo(printable(line), err=to_output)
    if strict and (summary.unreadable or summary.unknown_decisions):
        raise typer.Exit(1)


def _one_of(offered: Sequence[str], value: str, option: str) -> str:
    if value not in offered:
        fail(f"{option} {value}: offered are {', '.join(offered)}")
    return value


def _result_columns(text: str, unit: str) -> tuple[str, ...]:
    from ..files.table import OUR_COLUMNS, RESULT_COLUMNS

    offered = RESULT_COLUMNS if unit == "text" else OUR_COLUMNS
    names = [name.strip() for name in text.split(",") if name.strip()]
    names = [name if name.startswith("oc_") else f"oc_{name}" for name in names]
    unknown = [name for name in names if name not in offered]
    if unknown:
        fail(f"--columns: {', '.join(unknown)} unknown; columns are {', '.join(offered)}")
    return tuple(names)


@contextmanager
def _progress(name: str) -> Iterator[Callable[[int, int], None] | None]:
    """Rows done, rate and remaining time on standard error, on a terminal only."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(), console=Console(stderr=True), transient=True,
    ) as progress:
        bar = progress.add_task(name, total=None, rate="")

        def report(done: int, total: int) -> None:
            progress.update(bar, completed=done, total=total)
            speed = progress.tasks[bar].speed
            progress.update(bar, rate=f"{speed:,.0f}/s" if speed else "")

        yield report
