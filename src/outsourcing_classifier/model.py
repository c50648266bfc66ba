"""The portable model: numbers in JSON, numbered protocol, checksum; loading one runs no code."""

import hashlib
import json
import os
import warnings
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from .decision import DecisionModel, GateModel
from .dimensions import DIMENSIONS
from .errors import ModelError
from .lexicon import Lexicon
from .places import models_folder

PROTOCOL: Final = 2
READ: Final = (1, 2)  # 1: before the gates were trained
DEFAULT_NAME: Final = "default.json"
_warned: set[str] = set()


@dataclass(frozen=True)
class Model:
    """Decision, the words it was trained with, and what is known of how well it does."""

    decision: DecisionModel = field(default_factory=DecisionModel)
    lexicon_fingerprint: str = ""
    training_fingerprint: str = ""
    figures: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    version: str = "untrained"

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
        return {
            "protocol": PROTOCOL,
            "decision": decision,
            "lexicon": self.lexicon_fingerprint,
            "training": self.training_fingerprint,
            "figures": dict(self.figures),
            "versions": dict(self.versions),
        }

    def to_json(self) -> str:
        """The model file."""
        content = self.content()
        signed = {"checksum": _checksum(content), **content}
        return json.dumps(signed, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _checksum(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


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
    try:
        data = json.loads(place.read_text("utf-8"))
    except OSError as error:
        raise ModelError(f"{place}: cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise ModelError(f"{place}: no model file (not JSON); train one with 'train FILE -o MODEL'") from error
    return model_from(data, str(place))


def model_from(data: Any, name: str) -> Model:
    """Check parsed data and make a model of it."""
    if not isinstance(data, dict) or "protocol" not in data:
        raise ModelError(f"{name}: no model file of this program")
    if data["protocol"] not in READ:
        found = data["protocol"]
        raise ModelError(f"{name}: protocol {found}, this version reads up to {PROTOCOL}; update the package")
    content = {key: value for key, value in data.items() if key != "checksum"}
    if data.get("checksum") != _checksum(content):
        raise ModelError(f"{name}: the checksum does not fit its content; the file was changed by hand or damaged")
    try:
        return Model(
            decision=_decision(data["decision"]),
            lexicon_fingerprint=str(data["lexicon"]),
            training_fingerprint=str(data["training"]),
            figures=data["figures"],
            versions=data["versions"],
            version=str(data["checksum"])[:12],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{name}: {error}") from error


def _decision(data: Mapping[str, Any]) -> DecisionModel:
    values = dict(data)
    by_name = values.pop("coefficients")
    gate = {}
    for name, (intercept, said, desk) in values.pop("gate", {}).items():
        gate[name] = (float(intercept), float(said), float(desk))
    coefficients = tuple(float(by_name[dimension]) for dimension in DIMENSIONS)
    decision = DecisionModel(
        coefficients=coefficients, gate=GateModel(**gate), **{k: float(v) for k, v in values.items()},
    )
    if min(coefficients) < 0:
        raise ValueError("a coefficient is negative")
    return decision
