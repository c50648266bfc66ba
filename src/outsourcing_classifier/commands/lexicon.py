"""`lexicon`: tables of the user's own words, checked, added to, proposed; weights learned for the base tables."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from .options import TEXT_HELP, LexiconOption, ModelOption, fail, friendly, one_table

lexicon_app = typer.Typer(no_args_is_help=True, help="Tables of words: check yours, add to them, have rows proposed.")


@lexicon_app.command("add")
def lexicon_add(
    table: Annotated[Path, typer.Argument(help="Your table; it is made where it is not there.")],
    *,
    cue: Annotated[str | None, typer.Option(help="The word or phrase; asked for if missing, like all below.")] = None,
    cue_language: Annotated[str | None, typer.Option(help="Its language, en or de.")] = None,
    role: Annotated[str | None, typer.Option(help="What it is: action, object, norm, manner, doer …")] = None,
    strength: Annotated[
        str | None, typer.Option(help="A strength class (clerical, create …), or off to silence it.")
    ] = None,
    weights: Annotated[
        str | None, typer.Option(help="Weights of its own, as focus=1,process=0.5; blank is the default of its class.")
    ] = None,
    needs: Annotated[str, typer.Option(help="What narrows it, as form=noun or object=CLASS.")] = "",
    example: Annotated[str | None, typer.Option(help="A task that holds it.")] = None,
    file: Annotated[Path | None, typer.Option(help="An inventory; says which of its rows would change.")] = None,
    text_column: Annotated[str | None, typer.Option(help=TEXT_HELP)] = None,
    language: Annotated[str, typer.Option(help="Language of the questions, en or de.")] = "en",
    yes: Annotated[bool, typer.Option("--yes", help="Keep it without asking.")] = False,
) -> None:
    """Add a word of your own, guided; shows what would change before it is kept."""
    with friendly():
        from ..dimensions import DIMENSIONS, LANGUAGES
        from ..lexicon_add import effect, effect_lines, keep, offered, own_row, texts, weights_of

        if language not in LANGUAGES:
            fail(f"--language {language}: offered are {', '.join(LANGUAGES)}")
        words = texts(language)
        ask = words["ask"]
        cue = cue or typer.prompt(ask["cue"])
        cue_language = cue_language or typer.prompt(ask["cue_language"], default=language)
        role = role or _chosen(ask, ask["what"], words["what"])
        own: dict[str, str] = {}
        if weights is not None:
            own = _given(weights)
            if unknown := sorted(set(own) - set(DIMENSIONS)):
                fail(f"--weights: {', '.join(unknown)} unknown; dimensions are {', '.join(DIMENSIONS)}")
        elif strength is None:
            names = [*offered(role), "own", "off"]
            strength = _chosen(ask, ask["like"], {name: words["like"][name] for name in names})
            if strength == "own":
                own = _rated(ask, language)
        strength = "neutral" if strength in (None, "own") else strength
        example = example or typer.prompt(ask["example"])
        values = {
            "language": str(cue_language), "cue": str(cue), "role": role, "strength": strength, "needs": needs,
            "note": example, **weights_of(own),
        }
        row = own_row(table, values)
        found = effect(table, row, str(example), file, text_column)
        for line in effect_lines(found, row, str(example), file, language):
            typer.echo(line)
        if not yes and not typer.confirm(ask["keep"]):
            typer.echo(words["said"]["not_kept"])
            return
        keep(table, row)
        typer.echo(words["said"]["kept"].format(table=table, cue=cue))
        typer.echo(words["said"]["next"].format(table=table))


def _chosen(ask: Mapping[str, str], question: str, choices: Mapping[str, str]) -> str:
    """One of a numbered list."""
    typer.echo(question)
    for number, words in enumerate(choices.values(), 1):
        typer.echo(f"  {number:>2}  {words}")
    while True:
        answer = typer.prompt(ask["choose"])
        if answer.isdigit() and 1 <= int(answer) <= len(choices):
            return list(choices)[int(answer) - 1]
        typer.echo(ask["wrong"])


def _rated(ask: Mapping[str, str], language: str) -> dict[str, str]:
    from ..dimensions import DIMENSIONS, WORDING

    return {
        name: typer.prompt(
            ask["dimension"].format(name=said.name, question=said.question, low=said.low, high=said.high), default="",
            show_default=False,
        )
        for name, said in zip(DIMENSIONS, WORDING[language], strict=True)
    }


def _given(weights: str) -> dict[str, str]:
    pairs = (item.partition("=") for item in weights.split(",") if item.strip())
    return {name.strip(): value.strip() for name, _, value in pairs}


@lexicon_app.command("check")
def lexicon_check(
    files: Annotated[list[Path] | None, typer.Argument(help="Your tables; the base tables are always checked.")] = None,
) -> None:
    """Check tables of words; every error names file, row and column."""
    with friendly():
        from ..lexicon.check import check_lexicon

        report = check_lexicon(files or [])
        for line in report.lines:
            typer.echo(line)
        if report.problems:
            raise typer.Exit(2)


@lexicon_app.command("refit")
def lexicon_refit(
    tasks: Annotated[Path, typer.Option("--tasks", help="Folder with the texts: tasks_en.csv, tasks_de.csv.")],
    scored: Annotated[
        Path, typer.Option("--scored", help="Keys, statuses and scores of tasks.")
    ] = Path("training_data/scored/tasks.csv"),
) -> None:
    """Learn weights of words from scored tasks and write them into the tables of a checkout."""
    with friendly():
        from ..refit import refit

        refit(scored, tasks, typer.echo)
        typer.echo("Next: outsourcing-classifier train")


@lexicon_app.command("suggest")
def lexicon_suggest(
    files: Annotated[
        list[Path] | None, typer.Argument(help="CSV or XLSX files with tasks; labels and scores are used where given.")
    ] = None,
    *,
    output: Annotated[
        Path, typer.Option("-o", "--output", help="Table to write; accepted rows work with --lexicon.")
    ] = Path("suggestions.tsv"),
    parallel: Annotated[
        Path | None, typer.Option(help="CSV or XLSX file with texts in both languages, columns en and de.")
    ] = None,
    text_column: Annotated[str | None, typer.Option(help=TEXT_HELP)] = None,
    label_column: Annotated[str | None, typer.Option(help="Header of the column with BPO or KPO.")] = None,
    at_least: Annotated[int, typer.Option(min=1, help="Rows that a proposal needs.")] = 3,
    model: ModelOption = None,
    lexicon: LexiconOption = None,
) -> None:
    """Propose cues from your files, for you to accept; nothing counts before you pass them with --lexicon."""
    with friendly():
        from ..suggest import suggest_command, suggesting_classifier

        suggest_command(
            files or [], output, parallel=parallel, classifier=suggesting_classifier(model, one_table(lexicon)),
            say=typer.echo, text_column=text_column, label_column=label_column, at_least=at_least,
        )
