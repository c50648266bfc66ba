"""The command line: thin calls of the library, sentences for a planner."""

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .commands.audit import audit_app
from .commands.lexicon import lexicon_app
from .commands.options import (
    TEXT_HELP,
    DecisionsOption,
    ExplainOption,
    FileArgument,
    LanguageOption,
    LexiconOption,
    ModelOption,
    WordingOption,
    chosen,
    classifier_of,
    fail,
    friendly,
    one_table,
    printable,
    settings_here,
    shown,
)
from .commands.project import init, reproduce
from .commands.review import review_app

if TYPE_CHECKING:
    from .result import Classification

app = typer.Typer(
    no_args_is_help=True, add_completion=False, rich_markup_mode=None,
    help="BPO or KPO: reads task descriptions in English and German, labels them, and says why. "
    "Everything runs on this machine.",
)
app.add_typer(lexicon_app, name="lexicon")
app.add_typer(review_app, name="review")


app.add_typer(audit_app, name="audit")
app.command()(init)
app.command()(reproduce)


@app.command()
def classify(
    task: Annotated[
        str | None, typer.Argument(help="The task; without it, one task a line from standard input.")
    ] = None,
    *,
    json_output: Annotated[bool, typer.Option("--json", help="One JSON object a task.")] = False,
    assume_task: Annotated[bool, typer.Option(help="Always label, whatever the gates say.")] = False,
    language: LanguageOption = None,
    explain_in: ExplainOption = None,
    wording: WordingOption = None,
    model: ModelOption = None,
    lexicon: LexiconOption = None,
    decisions: DecisionsOption = None,
) -> None:
    """Label one task and say why."""
    with friendly():
        classifier = classifier_of(model, lexicon, wording, decisions)
        if task is None:
            if sys.stdin.isatty():
                typer.echo("Type one task a line; end with Ctrl-D (Windows: Ctrl-Z).", err=True)
            tasks = [line.rstrip("\r\n") for line in sys.stdin]
        else:
            tasks = [task]
        results = classifier.classify_many(
            tasks, language=language, assume_task=assume_task, explain_in=explain_in
        )
        for result in results:
            if json_output:
                typer.echo(json.dumps(result.to_dict(), ensure_ascii=not _can_print_unicode()))
            else:
                _show(result)
        if not json_output and sys.stdout.isatty():
            typer.echo("\nNext: score a whole file with  outsourcing-classifier batch FILE", err=True)


def _can_print_unicode() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "") in ("utf8", "utf16")


def _show(result: "Classification") -> None:
    from .explanation.terminal import show

    show(result, sys.stdout)


@app.command()
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
    id_column: Annotated[str | None, typer.Option(help="Header of the column with the number of the row.")] = None,
    department_column: Annotated[str | None, typer.Option(help="Header of the column with the department.")] = None,
    fte_column: Annotated[str | None, typer.Option(help="Header of the column with full-time equivalents.")] = None,
    cost_column: Annotated[str | None, typer.Option(help="Header of the column with cost.")] = None,
    sheet: Annotated[
        str | None, typer.Option(help="Sheet of an XLSX file; by default the first with a task column.")
    ] = None,
    columns: Annotated[
        str | None, typer.Option(help="Our columns to write, separated by commas; by default all.")
    ] = None,
    explain_in: ExplainOption = None,
    wording: WordingOption = None,
    model: ModelOption = None,
    lexicon: LexiconOption = None,
    decisions: DecisionsOption = None,
    processes: Annotated[int, typer.Option(min=1, help="Work in as many processes; pays from some 20,000 rows.")] = 1,
    strict: Annotated[bool, typer.Option(help="Exit code 1 where rows could not be read.")] = False,
    json_output: Annotated[bool, typer.Option("--json", help="The summary as JSON.")] = False,
) -> None:
    """Score every row of an inventory; the file comes back with label, scores and reason beside each row."""
    from .inventory import score_file
    from .inventory.standard import STANDARD, standard_files
    from .summary import summary_lines

    with friendly():
        from .settings import SETTINGS_NAME, Settings, scored_name

        setup = chosen(model, lexicon, wording, decisions)
        inventory = setup.settings.inventory
        if source is None and inventory is None:
            fail(f"name a file to score; without one, work in a folder with {SETTINGS_NAME} (see init)")
        given = source or shown(inventory or Path())
        settings = setup.settings if inventory == Path(os.path.realpath(given)) else Settings(Path())
        to_output = str(output) == STANDARD or (output is None and str(given) == STANDARD)
        places = {
            "task": text_column, "id": id_column, "department": department_column, "fte": fte_column,
            "cost": cost_column,
        }
        with standard_files(given, output) as (path, asked), _progress(path.name) as report:
            summary = score_file(
                path, asked or scored_name(path), classifier=setup.classifier,
                columns={name: choice or settings.columns.get(name) for name, choice in places.items()},
                sheet=sheet or settings.sheet, explain_in=explain_in or settings.explain_in,
                keep=None if columns is None else _result_columns(columns), processes=processes, progress=report,
                files=None if to_output else setup.files,
            )
        as_json = json.dumps(summary.to_dict(), ensure_ascii=False)
        for line in [as_json] if json_output else summary_lines(summary, setup.classifier):
            typer.echo(printable(line), err=to_output)
    if strict and (summary.unreadable or summary.unknown_decisions):
        raise typer.Exit(1)


def _result_columns(text: str) -> list[str]:
    from .files.table import RESULT_COLUMNS

    names = [name.strip() for name in text.split(",") if name.strip()]
    names = [name if name.startswith("oc_") else f"oc_{name}" for name in names]
    unknown = [name for name in names if name not in RESULT_COLUMNS]
    if unknown:
        fail(f"--columns: {', '.join(unknown)} unknown; columns are {', '.join(RESULT_COLUMNS)}")
    return names


@contextmanager
def _progress(name: str) -> Iterator[Callable[[int, int], None] | None]:
    """A progress bar on standard error, on a terminal only."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=Console(stderr=True), transient=True,
    ) as progress:
        bar = progress.add_task(name, total=None)
        yield lambda done, total: progress.update(bar, completed=done, total=total)


@app.command()
def train(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Ledgers, review workbooks, scored files with decisions, labelled CSV or XLSX files; without any, the "
            "training data of this checkout."
        ),
    ] = None,
    *,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Model file to write; never the one in use.")
    ] = None,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Write nothing; exit code 1 where the default model is not what training gives."
        ),
    ] = False,
    text_column: Annotated[str | None, typer.Option(help=TEXT_HELP)] = None,
    label_column: Annotated[str | None, typer.Option(help="Header of the column with BPO or KPO.")] = None,
    cue_weights: Annotated[
        bool, typer.Option(help="Learn how much known cues count as well, within their sign.")
    ] = True,
    accept_cues: Annotated[
        bool, typer.Option("--accept-cues", help="Take the proposed cues into the model; they are listed in any case.")
    ] = False,
    no_phrases: Annotated[
        bool, typer.Option("--no-phrases", help="Propose no cues: the model carries no word of your texts.")
    ] = False,
    proposals: Annotated[
        Path | None, typer.Option(metavar="TABLE", help="Write the proposed cues as a table of own words as well.")
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="Language of the summary, en or de; by default that of most tasks.")
    ] = None,
    lexicon: LexiconOption = None,
    json_output: Annotated[bool, typer.Option("--json", help="The summary as JSON.")] = False,
) -> None:
    """Learn from what people decided and write a model; the model in use stays as it is."""
    with friendly():
        from .training import Options, Request, train_command

        if accept_cues and no_phrases:
            fail("--accept-cues takes proposed cues and --no-phrases makes none; leave one of them out")
        if language not in (None, "en", "de"):
            fail(f"--language {language}: offered are en and de")
        options = Options(cue_weights=cue_weights, accept=accept_cues, phrases=not no_phrases)
        request = Request(text_column, label_column, one_table(lexicon), proposals, language, json_output, options)
        if not train_command(files or [], output, check=check, request=request, say=typer.echo):
            raise typer.Exit(1)


@app.command()
def evaluate(
    source: FileArgument,
    *,
    text_column: Annotated[str | None, typer.Option(help=TEXT_HELP)] = None,
    label_column: Annotated[str | None, typer.Option(help="Header of the column with BPO or KPO.")] = None,
    language: Annotated[
        str | None, typer.Option(help="Language of the figures and the page, en or de; by default that of most rows.")
    ] = None,
    model: ModelOption = None,
    lexicon: LexiconOption = None,
    json_output: Annotated[bool, typer.Option("--json", help="Figures as JSON.")] = False,
    html: Annotated[
        Path | None, typer.Option(metavar="PAGE", help="Write a page with diagrams and examples as well.")
    ] = None,
) -> None:
    """Figures of a labelled file: status, label, calibration, scores, each beside what is simpler."""
    with friendly():
        from .evaluation import figure_lines, measure, next_line, write_page

        measured = measure(source, classifier_of(model, lexicon), text_column, label_column)
        if html is not None:
            write_page(measured, html, language, source=source)
        if json_output:
            typer.echo(json.dumps(measured.figures, ensure_ascii=not _can_print_unicode()))
        else:
            for line in figure_lines(measured.figures, source.name, language):
                typer.echo(line)
            typer.echo(next_line(measured.figures, html, language))


@app.command()
def compare(
    old: Annotated[str, typer.Argument(metavar="OLD", help="A model file, or 'default'.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="A model file, or 'default'.")],
    data: Annotated[Path, typer.Argument(metavar="DATA", help="CSV or XLSX file, with or without labels.")],
    *,
    text_column: Annotated[str | None, typer.Option(help=TEXT_HELP)] = None,
    label_column: Annotated[str | None, typer.Option(help="Header of the column with BPO or KPO.")] = None,
    fte_column: Annotated[str | None, typer.Option(help="Header of the column with full-time equivalents.")] = None,
    department_column: Annotated[str | None, typer.Option(help="Header of the column with the department.")] = None,
    language: Annotated[
        str | None, typer.Option(help="Language of the figures, en or de; by default that of most rows.")
    ] = None,
    lexicon: LexiconOption = None,
    json_output: Annotated[bool, typer.Option("--json", help="All figures and changes as JSON.")] = False,
) -> None:
    """What a new model changes: figures of both, a paired test, and the rows that get another answer, with the cue."""
    with friendly():
        from .evaluation import compare as compare_models
        from .evaluation import comparison_lines, read_compared

        chosen = {"task": text_column, "fte": fte_column, "department": department_column}
        rows = read_compared(data, chosen, label_column)
        before, after = (
            classifier_of(None if name == "default" else Path(name), lexicon) for name in (old, new)
        )
        figures = compare_models(before, after, rows)
        if json_output:
            typer.echo(json.dumps(figures, ensure_ascii=not _can_print_unicode()))
        else:
            for line in comparison_lines(figures, data.name, language):
                typer.echo(line)


@app.command()
def promote(
    new: Annotated[Path | None, typer.Argument(metavar="NEW", help="The model file that shall be in use.")] = None,
    *,
    place: Annotated[
        Path | None, typer.Option("--to", metavar="MODEL", help="The model in use, by default that of the project.")
    ] = None,
    back: Annotated[bool, typer.Option("--back", help="Take the last promote back.")] = False,
) -> None:
    """Make a model the one in use; the one before is kept beside it, and --back brings it back."""
    with friendly():
        from .promotion import promote as put_in_use
        from .promotion import take_back

        here = settings_here()
        place = place or (here.model_place if here.inventory else None)
        if place is None:
            fail("no project here; name the model in use:  outsourcing-classifier promote NEW --to model.json")
        if (new is None) != back:
            fail("name the new model, or --back to take the last one back")
        if new is None:
            _, undone = take_back(place)
            typer.echo(f"{place} is the model before again; the other one is kept as {undone}.")
            return
        kept = put_in_use(new, place)
        if place == here.model_place:
            here.use_model()
        typer.echo(f"{place} is now {new}." + ("" if kept is None else f" The one before is kept as {kept}."))
        typer.echo(f"Back again: outsourcing-classifier promote --back --to {place}")


@app.command()
def agreement(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FIRST... SECOND",
            help="Tables (CSV or XLSX) with id, status, label and six scores: one or more of the first reading, and "
            "last the one of the second.",
        ),
    ],
    *,
    json_output: Annotated[bool, typer.Option("--json", help="Figures as JSON.")] = False,
) -> None:
    """How far two readings of the same rows agree: status, label and each dimension."""
    with friendly():
        from .agreement import agreement_figures, agreement_lines, read_readings

        if len(files) < 2:
            fail("name two tables: outsourcing-classifier agreement FIRST SECOND")
        figures = agreement_figures(read_readings(files[:-1]), read_readings(files[-1:]))
        if json_output:
            typer.echo(json.dumps(figures, ensure_ascii=False))
        else:
            for line in agreement_lines(figures):
                typer.echo(line)


def main() -> None:
    """Entry point of `outsourcing-classifier`."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    app()
