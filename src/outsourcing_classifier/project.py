"""A project folder: an inventory with its settings, words, decisions and model; opened as one classifier."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from .classifier import Classifier
from .decisions import LEDGER_COLUMNS
from .errors import TaskFileError
from .files.output import write_problem
from .files.source import open_source
from .files.table import find_columns
from .inventory import most_frequent_language
from .lexicon.tables import USER_COLUMNS
from .model import Model, finished, load_model
from .settings import INVENTORY_COLUMNS, SETTINGS_NAME, Settings, find_settings, read_settings
from .wordings import sentence_table

_WORDS_NAME: Final = "words.tsv"
_LEDGER_NAME: Final = "decisions.csv"


class Project:
    """The project at ``place``: its folder, or a folder in it. Raises `SettingsError`."""

    def __init__(self, place: Path) -> None:
        found = place if place.is_file() else find_settings(place)
        self.settings: Settings = read_settings(found or place / SETTINGS_NAME)

    def model(self) -> Path | Model | None:
        """The model to work with: the project's, the codebook's rule, or None for the default."""
        settings = self.settings
        model: Path | Model | None = Model() if settings.weights == "codebook" else settings.model
        if settings.threshold is None:
            return model
        loaded = model if isinstance(model, Model) else load_model(model)
        return finished(replace(loaded, decision=replace(loaded.decision, review_below=settings.threshold)))

    def files(self) -> dict[str, Path]:
        """The files that make the classifier, by what they are."""
        settings = self.settings
        named = {"settings": settings.folder / SETTINGS_NAME, "model": settings.model, "decisions": settings.ledger}
        lexicon = {f"lexicon {place}": path for place, path in enumerate(settings.lexicon, 1)}
        return {name: path for name, path in (named | lexicon).items() if path is not None}

    def classifier(self) -> Classifier:
        """The classifier that the settings ask for."""
        settings = self.settings
        return Classifier(
            model=self.model(), lexicon=settings.lexicon, decisions=settings.ledger, wording=settings.wording
        )


def open_project(place: str | Path = ".") -> Project:
    """The project of a folder, or of the folders above it. Raises `SettingsError`."""
    return Project(Path(place))


def init(
    inventory: Path, folder: Path | None, *, language: str | None = None,
    columns: Mapping[str, str | None] | None = None, sheet: str | None = None,
) -> tuple[Path, list[str], str]:
    """Make a project folder from an inventory; returns it, the names of what was written, and the language.

    Raises `TaskFileError` where the folder holds a project already, or anything of these names.
    """
    opened = open_source(inventory, sheet)
    places = find_columns(opened.header, dict(columns or {}), inventory.name)
    chosen = language or most_frequent_language(opened, places)
    target = folder or inventory.parent / f"{inventory.stem}_project"
    words = "\t".join(USER_COLUMNS) + "\n"
    ledger = "\ufeff" + ";".join(LEDGER_COLUMNS) + "\r\n"
    named = {name: opened.header[place] for name, place in places.items()}
    contents = {
        SETTINGS_NAME: _settings_text(chosen, inventory.name, named, sheet), _WORDS_NAME: words, _LEDGER_NAME: ledger,
    }
    for name in (*contents, inventory.name):
        if (target / name).exists() and (target / name).resolve() != inventory.resolve():
            raise TaskFileError(f"{target / name} is there already and was left as it is; name another folder with -o")
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name, text in contents.items():
            (target / name).write_bytes(text.encode())
        if (target / inventory.name).resolve() != inventory.resolve():
            shutil.copyfile(inventory, target / inventory.name)
    except OSError as error:
        raise TaskFileError(write_problem(target, error)) from error
    return target, [*contents, inventory.name], chosen


def _settings_text(language: str, inventory: str, columns: Mapping[str, str], sheet: str | None) -> str:
    """The settings file with its comments in the user's language; what is not used stands there as a comment."""
    words: dict[str, Any] = texts(language)
    found = {"file": inventory, "sheet": sheet, **{name: columns.get(name) for name in INVENTORY_COLUMNS}}
    lines = [f"# {line}" for line in words["head"]]
    lines += ["", f"# {words['inventory']}", "[inventory]"]
    for key, value in found.items():
        entry = f"{key} = {_quoted(value or words['example'])}"
        lines.append(f"{entry if value else f'# {entry}':<40} # {words['keys'][key]}")
    for table, entries in {
        "words": {
            "lexicon": f'lexicon = ["{_WORDS_NAME}"]', "wording": 'wording = "outsourcing"',
            "explain_in": f'explain_in = "{language}"',
        },
        "decisions": {"": f'ledger = "{_LEDGER_NAME}"'},
        "model": {"": '# file = "model.json"', "weights": 'weights = "trained"'},
        "review": {"threshold": "# threshold = 0.3", "minutes": "# minutes = 120"},
    }.items():
        lines += ["", f"# {words[table]}", f"[{table}]"]
        for key, entry in entries.items():
            lines += [f"# {words[key]}", entry] if key else [entry]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A TOML string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in escaped) + '"'


def texts(language: str) -> dict[str, Any]:
    """Sentences about projects."""
    found: dict[str, Any] = sentence_table("project.toml")[language]
    return found
