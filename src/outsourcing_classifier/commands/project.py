"""`init` and `reproduce`: project folders, and outputs that can be made again."""

from pathlib import Path
from typing import Annotated

import typer

from .options import TEXT_HELP, FileArgument, fail, friendly


def init(
    inventory: FileArgument,
    *,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Folder to make; by default NAME_project beside the file.")
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="Language of the comments, en or de; by default that of most rows.")
    ] = None,
    text_column: Annotated[str | None, typer.Option(help=TEXT_HELP)] = None,
    sheet: Annotated[str | None, typer.Option(help="Sheet of an XLSX file.")] = None,
) -> None:
    """Make a project folder from an inventory; inside it the other commands need no arguments."""
    with friendly():
        from ..dimensions import LANGUAGES
        from ..project import init as make
        from ..project import texts

        if language is not None and language not in LANGUAGES:
            fail(f"--language {language}: offered are {', '.join(LANGUAGES)}")
        folder, names, chosen = make(inventory, output, language=language, columns={"task": text_column}, sheet=sheet)
        words = texts(chosen)
        typer.echo(words["written"].format(folder=folder, names=", ".join(names)))
        if (folder / inventory.name).resolve() != inventory.resolve():
            typer.echo(words["copied"])
        typer.echo(words["next"].format(folder=folder))


def reproduce(
    output: Annotated[Path, typer.Argument(help="A file that `batch` wrote.")],
    *,
    language: Annotated[str, typer.Option(help="Language of the sentences, en or de.")] = "en",
) -> None:
    """Make an output again from what it says it was made of; exit code 1 where it differs."""
    with friendly():
        from ..reproduce import reproduce as made_again

        lines, equal = made_again(output, language)
    for line in lines:
        typer.echo(line)
    if not equal:
        raise typer.Exit(1)
