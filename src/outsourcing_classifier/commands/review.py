"""`review SCORED` draws the doubtful rows for people, `review read` takes their decisions."""

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from .options import TEXT_HELP, LexiconOption, ModelOption, chosen, fail, friendly, settings_here


class _DrawUnlessNamed(TyperGroup):
    """`review SCORED` is `review draw SCORED`; a file with the name of a command is given as ./read."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in (*self.commands, "--help"):
            args = ["draw", *args]
        return list(super().parse_args(ctx, args))


review_app = typer.Typer(
    cls=_DrawUnlessNamed, no_args_is_help=True,
    help="Doubtful rows in families, as a workbook for people (review SCORED -o review.xlsx); and their decisions back "
    "into the ledger (review read FILES -o decisions.csv).",
)


@review_app.command("draw")
def review_draw(
    source: Annotated[
        Path | None,
        typer.Argument(
            metavar="SCORED", help="File that `batch` wrote; in a project folder by default its scored inventory."
        ),
    ] = None,
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output",
            help="Workbook to write, by default NAME_review.xlsx beside the input; a folder with --by."
        ),
    ] = None,
    minutes: Annotated[
        float | None,
        typer.Option(
            min=2, help="List only what settles most in this time, 90 seconds counted for a family and 45 for a single "
            "row; with --by in each workbook.",
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(metavar="department", help="One workbook a department, with its own rows only and without cost."),
    ] = None,
    wording: Annotated[
        str | None,
        typer.Option(help="Words for the labels: outsourcing or shared-service; by default those of the file."),
    ] = None,
    decisions: Annotated[
        Path | None, typer.Option(help="Ledger; rows that it decides are not listed again.")
    ] = None,
    text_column: Annotated[str | None, typer.Option(help=TEXT_HELP)] = None,
    model: ModelOption = None,
    lexicon: LexiconOption = None,
) -> None:
    """Rows for review without a decision, in families of the same deciding cues; `draw` may be left out."""
    with friendly():
        from ..explanation import WORDINGS
        from ..review.draw import draw

        if by not in (None, "department"):
            fail(f"--by {by}: offered is department")
        if wording not in (None, *WORDINGS):
            fail(f"--wording {wording}: offered are {', '.join(WORDINGS)}")
        setup = chosen(model, lexicon)
        settings = setup.settings
        for line in draw(
            source or settings.scored, output, classifier=setup.classifier, minutes=minutes or settings.minutes,
            by_department=by is not None, wording=wording, text_column=text_column,
            decisions=decisions or settings.ledger,
        ):
            typer.echo(line)


@review_app.command("read")
def review_read(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Review workbooks, or folders with them; in a project folder by default its review."),
    ] = None,
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output",
            help="Ledger to write, by default decisions.csv or that of the project; the decisions it holds are kept.",
        ),
    ] = None,
    ledger: Annotated[
        Path | None, typer.Option(help="Ledger with earlier decisions that are taken over.")
    ] = None,
    strict: Annotated[
        bool, typer.Option(help="Exit code 1 where decisions could not be read or contradict each other.")
    ] = False,
) -> None:
    """Decisions of people from review workbooks into the ledger; lists what contradicts or cannot be read."""
    with friendly():
        from ..review.read import read_reviews

        settings = settings_here()
        found = read_reviews(
            files or [settings.review], output or settings.ledger or Path("decisions.csv"), ledger=ledger
        )
        for line in found.lines:
            typer.echo(line)
        if strict and (found.unknown or found.contradictions):
            raise typer.Exit(1)
