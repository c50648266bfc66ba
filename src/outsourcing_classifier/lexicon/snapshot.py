"""The compiled words in one file, so that a fresh process need not read the tables.

Made from the tables by `train`, beside the model; used only while the tables have the bytes it
was made from, so an edited table always rules. Plain data: a line of JSON, then the arrays it names.
"""

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ..dimensions import LANGUAGES
from ..text.letters import HashTable
from .codes import FOLDER
from .compiled import CueArrays, Lexicon, ScopeWords
from .english import EnglishWords
from .german import GermanParts, GermanWords
from .phrases import PhraseTable
from .spelling import SpellingKeys
from .vocabulary import WordColumns

PROTOCOL: Final = 12
NAME: Final = "lexicon.bin"
_ALIGNED: Final = 8  # bytes: arrays are read where they stand


def tables_hash() -> str:
    """Hash of the bytes of all base tables."""
    digest = hashlib.sha256()
    for path in sorted(FOLDER.glob("*/*.tsv")):
        digest.update(f"{path.parent.name}/{path.name}".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def snapshot() -> bytes:
    """The snapshot of the present tables."""
    from .compile import compile_tables  # not needed to read it

    lexicon = compile_tables()
    arrays: list[npt.NDArray[Any]] = []
    data = {
        "protocol": PROTOCOL,
        "tables": tables_hash(),
        "fingerprint": lexicon.fingerprint,
        "cues": lexicon.cue_lines,
        "strengths": lexicon.strengths,
        "arrays": _packed(lexicon.arrays, arrays),
        "functions": lexicon.functions,
        "particles": sorted(lexicon.particles),
        "classes": lexicon.classes,
        "words": {name: _packed(words.columns, arrays) for name, words in lexicon.words.items()},
        "german": _packed(lexicon.german.parts, arrays),
        "phrases": _packed(lexicon.phrases, arrays),
        "scope": _packed(lexicon.scope, arrays),
        "cut_off": lexicon.cut_off,
        "learned": _packed_value(lexicon.learned, arrays),
        "spelling": [_packed(keys, arrays) for keys in lexicon.spelling],
    }
    data["stored"] = [[array.dtype.str.lstrip("<>|="), list(array.shape)] for array in arrays]
    head = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    parts = [head + b" " * (-(len(head) + 1) % _ALIGNED) + b"\n"]
    for array in arrays:
        raw = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"), copy=False).tobytes()
        parts.append(raw + bytes(-len(raw) % _ALIGNED))
    return b"".join(parts)


def read_snapshot(path: Path) -> Lexicon | None:
    """The compiled words, or None where the file is missing or made from other tables."""
    try:
        raw = path.read_bytes()
        data = json.loads(raw[: raw.index(b"\n")])
    except (OSError, ValueError):
        return None
    if data.get("protocol") != PROTOCOL or data.get("tables") != tables_hash():
        return None
    arrays = _stored(raw, data["stored"])
    english, german = (WordColumns(**_unpacked(data["words"][name], arrays)) for name in LANGUAGES)
    return Lexicon(
        cue_lines=data["cues"],
        strengths=data["strengths"],
        arrays=CueArrays(**_unpacked(data["arrays"], arrays)),
        english=EnglishWords(english),
        german=GermanWords(german, GermanParts(**data["german"])),
        functions=data["functions"],
        particles=frozenset(data["particles"]),
        phrases=PhraseTable(**_unpacked(data["phrases"], arrays)),
        classes=data["classes"],
        scope=ScopeWords(**_unpacked(data["scope"], arrays)),
        cut_off=tuple(data["cut_off"]),
        learned=_unpacked_value(data["learned"], arrays),
        spelling=tuple(SpellingKeys(**_unpacked(keys, arrays)) for keys in data["spelling"]),
        fingerprint=data["fingerprint"],
        overlay="",
    )


def _stored(raw: bytes, stored: list[tuple[str, list[int]]]) -> list[npt.NDArray[Any]]:
    """The arrays behind the first line."""
    arrays = []
    place = raw.index(b"\n") + 1
    for kind, shape in stored:
        dtype = np.dtype(kind).newbyteorder("<")
        count = math.prod(shape)
        array = np.frombuffer(raw, dtype, count, place).astype(dtype.newbyteorder("="), copy=False)
        arrays.append(array.reshape(shape))
        size = count * dtype.itemsize
        place += size + -size % _ALIGNED
    return arrays


def _packed(columns: Any, arrays: list[npt.NDArray[Any]]) -> dict[str, Any]:
    """The fields of a data class: arrays as their places among the stored ones, all else as it is."""
    return {field.name: _packed_value(getattr(columns, field.name), arrays) for field in fields(columns)}


def _packed_value(value: Any, arrays: list[npt.NDArray[Any]]) -> Any:
    if isinstance(value, np.ndarray):
        arrays.append(value)
        return {"array": len(arrays) - 1}
    if isinstance(value, HashTable):
        return {"table": [_packed_value(value.keys, arrays), _packed_value(value.numbers, arrays)]}
    return [_packed_value(item, arrays) for item in value] if isinstance(value, tuple) else value


def _unpacked(columns: dict[str, Any], arrays: Sequence[npt.NDArray[Any]]) -> dict[str, Any]:
    return {name: _unpacked_value(value, arrays) for name, value in columns.items()}


def _unpacked_value(value: Any, arrays: Sequence[npt.NDArray[Any]]) -> Any:
    if isinstance(value, dict) and "array" in value:
        return arrays[value["array"]]
    if isinstance(value, dict) and "table" in value:
        return HashTable.of(*(_unpacked_value(item, arrays) for item in value["table"]))
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return tuple(_unpacked_value(item, arrays) for item in value)
    return value
