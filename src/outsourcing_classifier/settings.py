"""`outsourcing.toml`: the project of a user. Read strictly; every error names file and key."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from .dimensions import LANGUAGES
from .errors import SettingsError

SETTINGS_NAME: Final = "outsourcing.toml"
INVENTORY_COLUMNS: Final = (
    "task", "name", "id", "parent", "level", "department", "fte", "cost", "volume", "frequency", "location", "owner",
)
_MODEL_NAME: Final = "model.json"
_WORDINGS: Final = ("outsourcing", "shared-service")
_WEIGHTS: Final = ("trained", "codebook")
# Each table's keys: what a value must be, in words and as a check.
_TEXT: Final = ("a text", lambda value: isinstance(value, str) and bool(value.strip()))
_FILE: Final = (
    "a file of this folder, without a leading / and without ..",
    lambda value: isinstance(value, str) and bool(value.strip()) and _inside(value),
)
_FILES: Final = (
    'files of this folder, as ["a.tsv", "b.tsv"]',
    lambda value: isinstance(value, list) and all(isinstance(item, str) and item and _inside(item) for item in value),
)


def _one_of(*offered: str) -> tuple[str, Any]:
    return f"one of {', '.join(offered)}", lambda value: value in offered


def _between(low: float, high: float) -> tuple[str, Any]:
    def fits(value: object) -> bool:
        return isinstance(value, (int, float)) and not isinstance(value, bool) and low <= value <= high

    return f"a number from {low:g} to {high:g}", fits


_KEYS: Final[Mapping[str, Mapping[str, tuple[str, Any]]]] = {
    "inventory": {"file": _FILE, "sheet": _TEXT, **dict.fromkeys(INVENTORY_COLUMNS, _TEXT)},
    "words": {"lexicon": _FILES, "wording": _one_of(*_WORDINGS), "explain_in": _one_of(*LANGUAGES)},
    "decisions": {"ledger": _FILE},
    "model": {"file": _FILE, "weights": _one_of(*_WEIGHTS)},
    "review": {"threshold": _between(0, 1), "minutes": _between(1, 10_000)},
}


@dataclass(frozen=True)
class Settings:
    """The settings of a project; paths are absolute here, relative to ``folder`` in the file."""

    folder: Path
    inventory: Path | None = None
    sheet: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    lexicon: tuple[Path, ...] = ()
    wording: str = "outsourcing"
    explain_in: str | None = None
    ledger: Path | None = None
    model: Path | None = None
    weights: str = "trained"
    threshold: float | None = None
    minutes: float | None = None


    @property
    def scored(self) -> Path:
        """The scored inventory, as `batch` names it. Raises `SettingsError` outside a project."""
        if self.inventory is None:
            raise SettingsError(f"name a file; without one, work in a folder with {SETTINGS_NAME} (see init)")
        return scored_name(self.inventory)

    @property
    def model_place(self) -> Path:
        """The model in use, or where it would stand."""
        return self.model or self.folder / _MODEL_NAME

    def use_model(self) -> None:
        """Say in the settings file that the project has a model of its own, where it does not say so yet."""
        if self.model is not None:
            return
        path = self.folder / SETTINGS_NAME
        text, entry = path.read_text("utf-8-sig"), f'file = "{_MODEL_NAME}"'
        for old in (f"# {entry}\n", f"# {entry}\r\n"):
            if old in text:
                path.write_bytes(text.replace(old, old.removeprefix("# "), 1).encode())
                return
        raise SettingsError(f"{path.name}: write  {entry}  under [model], so that the model is used")

    @property
    def review(self) -> Path:
        """The workbook that `review` makes of the scored inventory."""
        return self.scored.with_name(f"{self.scored.stem}_review.xlsx")


def scored_name(source: Path) -> Path:
    """The name of a scored file beside its source; macros are not carried over."""
    suffix = ".xlsx" if source.suffix.lower() == ".xlsm" else source.suffix
    return source.with_name(f"{source.stem}_scored{suffix}")


def find_settings(start: Path) -> Path | None:
    """The settings file of the project that a folder belongs to: its own, or that of a folder above."""
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / SETTINGS_NAME).is_file():
            return folder / SETTINGS_NAME
    return None


def read_settings(path: Path) -> Settings:
    """The checked settings. Raises `SettingsError` that names file and key, and what may stand there."""
    try:
        data = tomllib.loads(path.read_text("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path.name}: not UTF-8 (byte {error.start}); save it as UTF-8") from error
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise SettingsError(f'{path.name}: {error}; write  key = "value"  under a [table]') from error
    values = {table: _table(path, table, content) for table, content in data.items()}

    def value(table: str, key: str) -> Any:
        return values.get(table, {}).get(key)

    folder = path.resolve().parent  # resolved: a project is the same by whatever way one comes to it

    def place(name: str | None) -> Path | None:
        return None if name is None else folder / name

    return Settings(
        folder, place(value("inventory", "file")), value("inventory", "sheet"),
        {key: text for key, text in values.get("inventory", {}).items() if key not in ("file", "sheet")},
        tuple(folder / name for name in value("words", "lexicon") or ()), value("words", "wording") or "outsourcing",
        value("words", "explain_in"), place(value("decisions", "ledger")), place(value("model", "file")),
        value("model", "weights") or "trained", value("review", "threshold"), value("review", "minutes"),
    )


def _table(path: Path, table: str, content: Any) -> dict[str, Any]:
    if table not in _KEYS:
        offered = ", ".join(f"[{name}]" for name in _KEYS)
        raise SettingsError(f"{path.name}: unknown table [{table}]; tables are {offered}")
    if not isinstance(content, dict):
        raise SettingsError(f"{path.name}: '{table}' stands outside of a table; write it under [{table}]")
    for key, value in content.items():
        if key not in _KEYS[table]:
            raise SettingsError(f"{path.name}, [{table}] {key}: unknown; offered are {', '.join(_KEYS[table])}")
        words, fits = _KEYS[table][key]
        if not fits(value):
            raise SettingsError(f"{path.name}, [{table}] {key}: must be {words}, got {value!r}")
    return content


def _inside(name: str) -> bool:
    """Whether a path stays in the folder of the project, so that the folder can be moved as a whole."""
    return not Path(name).is_absolute() and not name.startswith(("/", "\\")) and ":" not in name and ".." not in Path(
        name.replace("\\", "/")
    ).parts
