"""Model files: read, parsed, checked. A file holds data only and is checked before anything is made of it."""

import hashlib
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NoReturn

from .dimensions import DIMENSIONS, LANGUAGES
from .errors import ModelError
from .gates import STATUSES
from .lexicon.tables import USER_COLUMNS

MAX_BYTES: Final = 8_000_000  # some 40,000 cues; the default model has seven thousand bytes
MAX_DEPTH: Final = 16
_MAX_DIGITS: Final = 15  # of a whole number
_MAX_CUES: Final = 20_000
# How files begin that hold Python objects: pickle, and what joblib and others compress or pack them with.
_MAGIC: Final = (
    b"\x80", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x5d\x00\x00", b"\x04\x22\x4d\x18", b"PK\x03\x04", b"ZF",
    b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda", b"\x93NUMPY", b"\x89HDF",
)
NO_MODELS: Final = (".pkl", ".pickle", ".joblib", ".skops", ".npy", ".npz", ".pt")


_Parts = Iterator[tuple[str, Any, "_Schema"]]  # place, value, and what it must be


class _Schema:
    """Anything: what is kept for people and decides nothing."""

    def problem(self, value: Any) -> str:  # noqa: ARG002  # its kinds look at it
        """What is wrong with a value itself; empty where nothing is."""
        return ""

    def parts(self, value: Any) -> _Parts:  # noqa: ARG002
        """The values inside, with their own schemas."""
        return iter(())


@dataclass(slots=True, eq=False, repr=False)
class _Number(_Schema):
    low: float = -1000.0
    high: float = 1000.0

    def problem(self, value: Any) -> str:
        fits = type(value) in (int, float) and self.low <= value <= self.high
        return "" if fits else f"must be a number from {self.low:g} to {self.high:g}"


@dataclass(slots=True, eq=False, repr=False)
class _Text(_Schema):
    pattern: str = r"[^\x00-\x1f\x7f\x85\u2028\u2029]{0,200}"
    what: str = "text of at most 200 characters on one line"

    def problem(self, value: Any) -> str:
        return "" if isinstance(value, str) and re.fullmatch(self.pattern, value) else f"must be {self.what}"


@dataclass(slots=True, eq=False, repr=False)
class _List(_Schema):
    item: _Schema
    least: int
    most: int

    def problem(self, value: Any) -> str:
        fits = isinstance(value, list) and self.least <= len(value) <= self.most
        return "" if fits else f"must be a list of {self.least} to {self.most} entries"

    def parts(self, value: Any) -> _Parts:
        return ((f" {number}", entry, self.item) for number, entry in enumerate(value, 1))


@dataclass(slots=True, eq=False, repr=False)
class _Names(_Schema):
    """An object with any keys."""

    item: _Schema

    def problem(self, value: Any) -> str:
        return "" if isinstance(value, dict) else "must be an object"

    def parts(self, value: Any) -> _Parts:
        return ((f".{key:.40}", entry, self.item) for key, entry in value.items())


@dataclass(slots=True, eq=False, repr=False)
class _Record(_Schema):
    """An object with the required keys, and none but these and the optional ones."""

    required: Mapping[str, _Schema]
    optional: Mapping[str, _Schema] = field(default_factory=dict)

    def problem(self, value: Any) -> str:
        if not isinstance(value, dict):
            return "must be an object"
        missing = [key for key in self.required if key not in value]
        unknown = [key for key in value if key not in self.required and key not in self.optional]
        if missing or unknown:
            return f"the key '{missing[0]}' is missing" if missing else f"the key '{unknown[0]:.40}' is not known"
        return ""

    def parts(self, value: Any) -> _Parts:
        known = {**self.required, **self.optional}
        return ((f".{key}", entry, known[key]) for key, entry in value.items())


_HASH: Final = _Text(r"([0-9a-f]{64})?", "a fingerprint of 64 hexadecimal digits, or empty")
_SHARE: Final = _Number(0, 1)
_GATE: Final = _List(_Number(), 3, 3)
_DECISION: Final[Mapping[str, _Schema]] = {
    "intercept": _Number(),
    "coefficients": _Record(dict.fromkeys(DIMENSIONS, _Number(0))),
    "cap": _Number(high=0),
    "slope": _Number(0),
    "medium_from": _SHARE,
    "high_from": _SHARE,
    "review_below": _SHARE,
}
_GATED: Final = _Record({**_DECISION, "gate": _Record({"hands": _GATE, "presence": _GATE})})
_FIRST: Final[Mapping[str, _Schema]] = {
    "protocol": _Number(1, 3),
    "checksum": _Text(r"[0-9a-f]{64}", "64 hexadecimal digits"),
    "decision": _Record(_DECISION),
    "lexicon": _HASH,
    "training": _HASH,
    "figures": _Names(_Schema()),
    "versions": _Names(_Text()),
}
_SECOND: Final[Mapping[str, _Schema]] = {**_FIRST, "decision": _GATED}
_CUE: Final = _Record(
    dict.fromkeys(USER_COLUMNS[:4], _Text()), dict.fromkeys(USER_COLUMNS[4:], _Text()),
)
_PROFILE: Final = _Record({  # what the training texts of a language are like, see drift.py
    "texts": _Number(1, 1e9),
    "unknown": _SHARE,
    "spread": _SHARE,
    "stated": _List(_SHARE, 6, 6),
    "quantiles": _List(_List(_Number(-1, 1), 0, 5), 6, 6),
    "status": _Record({}, dict.fromkeys(STATUSES, _SHARE)),
})
_OWN: Final[Mapping[str, _Schema]] = {
    "cues": _List(_CUE, 0, _MAX_CUES),
    "reference": _Record({}, dict.fromkeys(LANGUAGES, _PROFILE)),
}
SCHEMAS: Final[Mapping[int, _Record]] = {
    1: _Record(_FIRST),  # before the gates were trained
    2: _Record(_SECOND),  # still written for models that have nothing of `_OWN`
    3: _Record(_SECOND, _OWN),
}


def read_model_file(path: Path) -> dict[str, Any]:
    """The checked content of a model file. Raises `ModelError` that says what is wrong, and what to do."""
    if path.suffix.lower() in NO_MODELS:
        raise ModelError(f"{path}: {_PICKLE}")
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror})") from error
    return checked(parsed(raw, str(path)), str(path))


_PICKLE: Final = (
    "a file of Python objects (pickle, joblib or alike) is not read: opening one runs whatever code it holds. "
    "Write the model as JSON: outsourcing-classifier train FILE -o my_model.json, or to_model().to_json() of a "
    "trained TaskClassifier"
)


def parsed(raw: bytes, name: str) -> Any:
    """The data of a file's bytes: JSON without doubled keys, numbers that are none, or depths."""

    def refuse(problem: str) -> NoReturn:
        raise ModelError(f"{name}: {problem}")

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [key for key, _ in pairs]
            refuse(f"the key '{next(key for key in names if names.count(key) > 1):.40}' stands twice")
        return found

    def whole(digits: str) -> int:
        if len(digits) > _MAX_DIGITS:
            refuse(f"a number of {len(digits)} digits; no number of a model has more than {_MAX_DIGITS}")
        return int(digits)

    def real(digits: str) -> float:
        if not math.isfinite(float(digits)):
            refuse(f"{digits:.40} is no finite number")
        return float(digits)

    old_pickle = raw[-1:] == b"." and raw.lstrip()[:1] not in (b"{", b"[")  # protocol 0 is text
    if raw.startswith(_MAGIC) or old_pickle:
        refuse(_PICKLE)
    if len(raw) > MAX_BYTES:
        refuse(f"more than {MAX_BYTES // 1_000_000} million bytes; no model file is as large")
    try:
        return json.loads(
            raw.decode("utf-8-sig"), object_pairs_hook=unique, parse_int=whole, parse_float=real, parse_constant=real,
        )
    except RecursionError:
        refuse(f"nested deeper than {MAX_DEPTH} levels")
    except ValueError as error:
        raise ModelError(f"{name}: no model file (not JSON); train one with 'train FILE -o MODEL'") from error


def checked(data: Any, name: str) -> dict[str, Any]:
    """Parsed data, if they are what a model file of their protocol holds. Raises `ModelError`."""
    _check_tree(data, name, 1)
    if not isinstance(data, dict) or "protocol" not in data:
        raise ModelError(f"{name}: no model file of this program")
    protocol = data["protocol"]
    if type(protocol) is not int or protocol not in SCHEMAS:
        raise ModelError(
            f"{name}: protocol {protocol!r:.20}, this version reads up to {max(SCHEMAS)}; update the package"
        )
    if data.get("checksum") != checksum({key: value for key, value in data.items() if key != "checksum"}):
        raise ModelError(f"{name}: the checksum does not fit its content; the file was changed by hand or damaged")
    _check(data, SCHEMAS[protocol], name, "")
    return data


def checksum(content: Mapping[str, Any]) -> str:
    """SHA-256 of the content, however the file is laid out."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _check_tree(value: Any, name: str, depth: int) -> None:
    """Limits that hold everywhere, figures included."""
    if depth > MAX_DEPTH:
        raise ModelError(f"{name}: nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, str):
        if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
            raise ModelError(f"{name}: half of a letter stands alone (an escape \\ud800 to \\udfff)")
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_tree(key, name, depth)
            _check_tree(item, name, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _check_tree(item, name, depth + 1)


def _check(value: Any, schema: _Schema, name: str, place: str) -> None:
    """Raise `ModelError` with the place where a value is not what the schema says."""
    problem = schema.problem(value)
    if problem:
        raise ModelError(f"{name}, {place.lstrip('.') or 'content'}: {problem}, got {value!r:.60}")
    for inner, entry, own in schema.parts(value):
        _check(entry, own, name, place + inner)
