"""`audit draw` and `audit read`: a blind random sample, and what it says of the whole file."""

import json
from pathlib import Path
from typing import Annotated

import typer

from .options import TEXT_HELP, ModelOption, classifier_of, fail, friendly

audit_app = typer.Typer(
    no_args_is_help=True,
    help="How far the program and people agree, on a blind random sample of a scored file; and what the whole file "
    "holds, corrected for the errors found.",
)


@audit_app.command("draw")
def audit_draw(
    source: Annotated[Path, typer.Argument(metavar="SCORED", help="File that `batch` wrote.")],
    *,
    count: Annotated[int, typer.Option("-n", "--rows", min=10, help="Rows to draw.")] = 120,
    people: Annotated[int, typer.Option(min=1, max=20, help="Sheets to write, one a person.")] = 2,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Folder to write; by default NAME_audit beside the input.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Another number draws another sample.")] = 1,
    scores: Annotated[bool, typer.Option("--scores", help="With six columns to rate the dimensions.")] = False,
    text_column: Annotated[str | None, typer.Option(help=TEXT_HELP)] = None,
) -> None:
    """Draw rows at random and write a blind sheet a person."""
    with friendly():
        from ..audit import TEXTS
        from ..audit.draw import draw
        from ..wordings import sentence_table

        drawn = draw(
            source, output, classifier=classifier_of(None, None), count=count, people=people, seed=seed, scores=scores,
            text_column=text_column,
        )
        words = sentence_table(TEXTS)[drawn.language]["draw"]
        typer.echo(words["written"].format(
            rows=drawn.rows, of=drawn.of, names=", ".join(drawn.names), folder=drawn.folder
        ))
        typer.echo(words["blind"])
        typer.echo(words["next"].format(folder=drawn.folder))


@audit_app.command("read")
def audit_read(
    files: Annotated[list[Path], typer.Argument(help="Folder that `audit draw` made, or its filled sheets.")],
    *,
    json_output: Annotated[bool, typer.Option("--json", help="Figures as JSON.")] = False,
) -> None:
    """Agreement of people and program, and FTE and cost of each answer corrected for the errors found."""
    with friendly():
        from ..audit.lines import audit_lines
        from ..audit.read import audit_figures, read_audit

        key, people = read_audit(files)
        figures = audit_figures(key, people)
        lines = audit_lines(figures, people, key, files[0] if files[0].is_dir() else files[0].parent)
        for line in [json.dumps(figures, ensure_ascii=False)] if json_output else lines:
            typer.echo(line)


@audit_app.command("threshold")
def audit_threshold(
    files: Annotated[list[Path], typer.Argument(help="Folder that `audit draw` made, or its filled sheets.")],
    *,
    output: Annotated[Path, typer.Option("-o", "--output", help="Model file to write; never the one in use.")],
    wanted: Annotated[
        float, typer.Option(min=0.005, max=0.5, help="Share of wrong answers that is accepted without review.")
    ] = 0.05,
    confidence: Annotated[float, typer.Option(min=0.5, max=0.999, help="How sure that shall be.")] = 0.9,
    model: ModelOption = None,
) -> None:
    """Set the review threshold of a model by an audit of your own inventory."""
    with friendly():
        from ..audit.read import read_audit
        from ..audit.threshold import audited_threshold, threshold_lines
        from ..files.output import complete_file
        from ..threshold import AUDIT, with_threshold

        if output.exists():
            fail(f"{output} is there already and was left as it is; choose another name with -o")
        key, people = read_audit(files)
        found = audited_threshold(key, people, wanted=wanted, confidence=confidence)
        made = with_threshold(classifier_of(model, None).model, found, AUDIT, key["source"])
        with complete_file(output) as temporary:
            temporary.write_text(made.to_json(), "utf-8")
        for line in threshold_lines(found, key["language"], key["source"], output):
            typer.echo(line)
