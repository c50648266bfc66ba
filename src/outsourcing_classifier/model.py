"""The portable model: numbers and words, no code; its file is checked before it is used."""

import json
import os
import warnings
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from .decision import DecisionModel, GateModel
from .dimensions import DIMENSIONS
from .errors import ModelError, OutsourcingClassifierError
from .lexicon import Lexicon, load_lexicon
from .lexicon.tables import USER_COLUMNS, LexiconSource, Row, cue_of, read_strengths
from .model_file import checked, checksum, read_model_file
from .places import models_folder

DEFAULT_NAME: Final = "default.json"
_warned: set[str] = set()


class _ModelCue(Row):
    """A cue that a model carries: its errors name the model file."""

    __slots__ = ()

    def error(self, column: str, problem: str) -> OutsourcingClassifierError:
        """An error that names file, cue and column."""
        return ModelError(f"model file {self.file}, cue {self.number}, column '{column}': {problem}")


@dataclass(frozen=True)
class Model:
    """Decision, the words it was trained with, cues it brings, and what is known of how well it does.

    ``cues`` are rows of a user's table (`lexicon.tables.USER_COLUMNS`, blank ones may be missing), learned
    or accepted in training: laid over the base tables and beneath the user's own. ``reference`` says what
    the training texts are like, a profile a language (`drift`); empty where unknown. ``source`` is the file.
    """

    decision: DecisionModel = field(default_factory=DecisionModel)
    lexicon_fingerprint: str = ""
    training_fingerprint: str = ""
    figures: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    version: str = "untrained"
    cues: tuple[Mapping[str, str], ...] = ()
    reference: Mapping[str, Any] = field(default_factory=dict)
    source: str = field(default="", compare=False)

    @property
    def rows(self) -> tuple[Row, ...]:
        """The cues as rows of a user's table."""
        return tuple(
            _ModelCue(self.source or self.version, number, {name: cue.get(name, "") for name in USER_COLUMNS})
            for number, cue in enumerate(self.cues, 1)
        )

    def words(self, *tables: Lexicon | LexiconSource) -> Lexicon:
        """The words to read with: base tables, this model's cues on top, the user's own on top of these."""
        rows = self.rows
        own = tables[0] if tables else None
        if isinstance(own, Lexicon):
            laid = [[row.values for row in table] for table in own.overlays]
            return own if not rows or [row.values for row in rows] in laid else load_lexicon(rows, *own.overlays)
        return load_lexicon(*([rows] if rows else []), *(table for table in tables if not isinstance(table, Lexicon)))

    def check_base(self, lexicon: Lexicon) -> None:
        """Warn once where the base words have changed since training (a user's overlay is none)."""
        trained = self.lexicon_fingerprint
        if trained and trained != lexicon.fingerprint and self.version not in _warned:
            _warned.add(self.version)
            warnings.warn(
                f"model {self.version} was trained with other base words "
                f"({trained[:12]}, now {lexicon.fingerprint[:12]}); run 'outsourcing-classifier train'",
                stacklevel=3,
            )

    def content(self) -> dict[str, Any]:
        """What the checksum covers."""
        decision = asdict(self.decision)
        decision["coefficients"] = dict(zip(DIMENSIONS, self.decision.coefficients, strict=True))
        own = {"cues": [_given(cue) for cue in self.cues], "reference": dict(self.reference)}
        own = {name: value for name, value in own.items() if value}
        return {
            "protocol": 3 if own else 2,  # the lowest that holds it: other files stay as they were
            "decision": decision,
            "lexicon": self.lexicon_fingerprint,
            "training": self.training_fingerprint,
            "figures": dict(self.figures),
            "versions": dict(self.versions),
            **own,
        }

    def to_json(self) -> str:
        """The model file."""
        content = self.content()
        signed = {"checksum": checksum(content), **content}
        return json.dumps(signed, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _given(cue: Mapping[str, str]) -> dict[str, str]:
    """A cue without its blank columns, as the file has it."""
    return {name: cue[name] for name in USER_COLUMNS if cue.get(name)}


def default_model_path() -> Path:
    """The default model; `ModelError` names the places where it may stand."""
    folder = models_folder()
    if folder is not None and (folder / DEFAULT_NAME).is_file():
        return folder / DEFAULT_NAME
    package = Path(__file__).resolve().parent
    places = f"{package / 'models' / DEFAULT_NAME} nor {package.parent.parent / 'models' / DEFAULT_NAME}"
    raise ModelError(f"no default model: neither {places} exists; reinstall, or run train in a checkout")


def load_model(path: str | os.PathLike[str] | None = None) -> Model:
    """A model file; the default one without a path. Raises `ModelError` with what to do."""
    place = default_model_path() if path is None else Path(path)
    return _built(read_model_file(place), str(place))


def model_from(data: Any, name: str) -> Model:
    """Check parsed data and make a model of it. Raises `ModelError`."""
    return _built(checked(data, name), name)


def finished(model: Model) -> Model:
    """The model as loading its file gives it: checked, with its version."""
    return model_from(json.loads(model.to_json()), "trained model")


def _built(data: Mapping[str, Any], name: str) -> Model:
    """The model that checked data describe."""
    numbers = dict(data["decision"])
    coefficients = numbers.pop("coefficients")
    gate = {
        part: (float(intercept), float(said), float(desk))
        for part, (intercept, said, desk) in numbers.pop("gate", {}).items()
    }
    decision = DecisionModel(
        coefficients=tuple(float(coefficients[dimension]) for dimension in DIMENSIONS),
        gate=GateModel(**gate), **{part: float(value) for part, value in numbers.items()},
    )
    model = Model(
        decision=decision,
        lexicon_fingerprint=data["lexicon"],
        training_fingerprint=data["training"],
        figures=data["figures"],
        versions=data["versions"],
        version=data["checksum"][:12],
        cues=tuple(map(_given, data.get("cues", []))),
        reference=data.get("reference", {}),
        source=name,
    )
    _check_cues(model.rows)
    return model


def _check_cues(rows: tuple[Row, ...]) -> None:
    """As rows of a user's table are, and each cue once."""
    strengths = read_strengths() if rows else {}
    seen: dict[object, int] = {}
    for row in rows:
        first = seen.setdefault(cue_of(row, row.values["language"], strengths).identity, row.number)
        if first != row.number:
            raise row.error("cue", f"the same as cue {first} (language, cue, role, needs)")
