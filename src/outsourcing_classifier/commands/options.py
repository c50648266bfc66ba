"""Options that commands share, and how errors are said."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from ..errors import OutsourcingClassifierError

if TYPE_CHECKING:
    from ..classifier import Classifier
    from ..lexicon.tables import LexiconSource
    from ..settings import Settings

# `readable=False`: whether a file can be read is said where it is read, in one sentence.
ModelOption = Annotated[
    Path | None, typer.Option("--model", readable=False, help="A model file instead of the default one.")
]
LexiconOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--lexicon", readable=False,
        help="A table of your own words or abbreviations; adds to the base tables and replaces rows. May be given "
        "several times, the last one rules.",
    ),
]
DecisionsOption = Annotated[
    Path | None,
    typer.Option(
        "--decisions", readable=False,
        help="What people decided: a ledger or a scored file with decisions; it holds.",
    ),
]
WordingOption = Annotated[
    str | None,
    typer.Option(
        help="Words for the labels: outsourcing (BPO / KPO; the default) or shared-service (transaction work / "
        "knowledge work)."
    ),
]
LanguageOption = Annotated[str | None, typer.Option(help="Language of the text, en or de; by default found out.")]
ExplainOption = Annotated[str | None, typer.Option("--explain-in", help="Language of our sentences, en or de.")]
FileArgument = Annotated[Path, typer.Argument(readable=False, help="CSV, TSV, XLSX, JSON Lines or Parquet file.")]
TEXT_HELP = "Header of the column with the task."


@contextmanager
def friendly() -> Iterator[None]:
    """One sentence instead of a traceback; exit code 2, 130 when interrupted."""
    try:
        yield
    except OutsourcingClassifierError as error:
        fail(str(error))
    except MemoryError:
        fail("this file needs more memory than there is; save it as .csv, or in several parts")
    except KeyboardInterrupt:
        typer.echo("Interrupted. Nothing was written under its name; the same command goes on.", err=True)
        raise typer.Exit(130) from None


def fail(message: str) -> NoReturn:
    """Say why, exit code 2."""
    typer.echo(printable(message), err=True)
    raise typer.Exit(2)


def printable(text: str) -> str:
    """A line for a terminal: what names and cells of a file hold beside letters does nothing there."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


@dataclass(frozen=True)
class Chosen:
    """What to work with: the options', else the project's, else the defaults; ``files`` by what they are."""

    classifier: "Classifier"
    files: dict[str, Path]
    settings: "Settings"  # without any where there is no project


def chosen(
    model: Path | None, lexicon: list[Path] | None, wording: str | None = None, decisions: Path | None = None
) -> Chosen:
    """The classifier that the options ask for, in a project folder beside what its settings say."""
    from ..classifier import Classifier
    from ..settings import Settings, find_settings

    tables = {f"lexicon {place}": path for place, path in enumerate(lexicon or (), 1)}
    given = {"model": model, **tables, "decisions": decisions}
    files = {name: path for name, path in given.items() if path is not None}
    place = find_settings(Path.cwd())
    if place is None:
        classifier = Classifier(model=model, lexicon=lexicon, decisions=decisions, wording=wording or "outsourcing")
        return Chosen(classifier, files, Settings(Path()))
    from ..project import Project, texts

    project = Project(place)
    settings = project.settings
    typer.echo(texts(settings.explain_in or "en")["using"].format(folder=settings.folder.name), err=True)
    if not files and wording is None:
        return Chosen(project.classifier(), project.files(), settings)
    own = {name: path for name, path in project.files().items() if name != "settings"}
    if lexicon:
        own = {name: path for name, path in own.items() if not name.startswith("lexicon")}
    classifier = Classifier(
        model=model or project.model(), lexicon=lexicon or settings.lexicon, decisions=decisions or settings.ledger,
        wording=wording or settings.wording,
    )
    return Chosen(classifier, own | files, settings)


def one_table(lexicon: list[Path] | None) -> "LexiconSource | None":
    """The rows of the tables given, as of one; None without any."""
    if not lexicon:
        return None
    from ..lexicon.tables import read_overlay

    return lexicon[0] if len(lexicon) == 1 else tuple(row for path in lexicon for row in read_overlay(path))


def settings_here() -> "Settings":
    """The settings of the project that one works in, or none."""
    from ..settings import Settings, find_settings, read_settings

    place = find_settings(Path.cwd())
    return Settings(Path()) if place is None else read_settings(place)


def shown(path: Path) -> Path:
    """A file as seen from where one works, where it lies below."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def classifier_of(
    model: Path | None, lexicon: list[Path] | None, wording: str | None = None, decisions: Path | None = None
) -> "Classifier":
    """The classifier that the options, or the project, ask for."""
    return chosen(model, lexicon, wording, decisions).classifier
