"""Options that commands share, and how errors are said."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from ..errors import OutsourcingClassifierError

if TYPE_CHECKING:
    from ..classifier import Classifier

ModelOption = Annotated[Path | None, typer.Option("--model", help="A model file instead of the default one.")]
LexiconOption = Annotated[
    Path | None,
    typer.Option("--lexicon", help="A table of your own words; adds to the base tables and replaces rows."),
]
DecisionsOption = Annotated[
    Path | None,
    typer.Option("--decisions", help="What people decided: a ledger or a scored file with decisions; it holds."),
]
WordingOption = Annotated[
    str,
    typer.Option(
        help="Words for the labels: outsourcing (BPO / KPO) or shared-service (transaction work / knowledge work)."
    ),
]
LanguageOption = Annotated[str | None, typer.Option(help="Language of the text, en or de; by default found out.")]
ExplainOption = Annotated[str | None, typer.Option("--explain-in", help="Language of our sentences, en or de.")]
FileArgument = Annotated[
    Path, typer.Argument(help="CSV, TSV, XLSX, JSON Lines or Parquet file; `batch` reads standard input as -.")
]
TEXT_HELP = "Header of the column with the task."


@contextmanager
def friendly() -> Iterator[None]:
    """One sentence instead of a traceback; exit code 2, 130 when interrupted."""
    try:
        yield
    except OutsourcingClassifierError as error:
        fail(str(error))
    except KeyboardInterrupt:
        typer.echo("Interrupted. Nothing was written under its name; the same command goes on.", err=True)
        raise typer.Exit(130) from None


def fail(message: str) -> NoReturn:
    """Say why, exit code 2."""
    typer.echo(message, err=True)
    raise typer.Exit(2)


def classifier_of(
    model: Path | None, lexicon: Path | None, wording: str = "outsourcing", decisions: Path | None = None
) -> "Classifier":
    """The classifier that the options ask for."""
    from ..classifier import Classifier

    return Classifier(model=model, lexicon=lexicon, decisions=decisions, wording=wording)
