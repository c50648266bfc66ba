"""The compiled words in one file, so that a fresh process need not read the tables.

Made from the tables by `train`, beside the model; used only while the tables have the bytes it
was made from, so an edited table always rules. Plain data: JSON with arrays as base64.
"""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ..dimensions import LANGUAGES
from .codes import FOLDER
from .compiled import CueArrays, Lexicon, ScopeWords
from .english import EnglishWords
from .german import GermanParts, GermanWords
from .letters import HashTable
from .phrases import PhraseTable
from .spelling import SpellingKeys
from .vocabulary import WordColumns

PROTOCOL: Final = 7
NAME: Final = "lexicon.json"


def tables_hash() -> str:
    """Hash of the bytes of all base tables."""
    digest = hashlib.sha256()
    for path in sorted(FOLDER.glob("*/*.tsv")):
        digest.update(f"{path.parent.name}/{path.name}".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def snapshot_text() -> str:
    """The snapshot of the present tables."""
    from .compile import compile_tables  # not needed to read it

    lexicon = compile_tables()
    phrases, scope, german = lexicon.phrases, lexicon.scope, lexicon.german
    data: dict[str, Any] = {
        "protocol": PROTOCOL,
        "tables": tables_hash(),
        "fingerprint": lexicon.fingerprint,
        "cues": "\n".join(lexicon.cue_texts),
        "strengths": "\n".join(lexicon.cue_strengths),
        "arrays": _packed_fields(lexicon.arrays),
        "functions": lexicon.functions,
        "particles": sorted(lexicon.particles),
        "classes": lexicon.classes,
        "words": {name: _packed_fields(words.columns) for name, words in lexicon.words.items()},
        "german": {name: getattr(german.parts, name) for name in GermanParts.__dataclass_fields__},
        "phrases": _packed_fields(phrases),
        "scope": _packed_fields(scope),
        "spelling": [
            [keys.language, "\n".join(keys.lemmas), _packed(keys.hashes), _packed(keys.numbers)]
            for keys in lexicon.spelling
        ],
    }
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def read_snapshot(path: Path) -> Lexicon | None:
    """The compiled words, or None where the file is missing or made from other tables."""
    try:
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    if data.get("protocol") != PROTOCOL or data.get("tables") != tables_hash():
        return None
    english, german = (WordColumns(**_unpacked_fields(data["words"][name])) for name in LANGUAGES)
    return Lexicon(
        cue_texts=data["cues"].split("\n"),
        cue_strengths=data["strengths"].split("\n"),
        arrays=CueArrays(**_unpacked_fields(data["arrays"])),
        english=EnglishWords(english),
        german=GermanWords(german, GermanParts(**data["german"])),
        functions=data["functions"],
        particles=frozenset(data["particles"]),
        phrases=PhraseTable(**_unpacked_fields(data["phrases"])),
        classes=data["classes"],
        scope=ScopeWords(**_unpacked_fields(data["scope"])),
        spelling=tuple(
            SpellingKeys(language, lemmas.split("\n"), _unpacked(hashes), _unpacked(numbers))
            for language, lemmas, hashes, numbers in data["spelling"]
        ),
        fingerprint=data["fingerprint"],
        overlay="",
    )


def _packed_fields(columns: Any) -> dict[str, Any]:
    return {name: _packed_value(getattr(columns, name)) for name in columns.__dataclass_fields__}


def _packed_value(value: Any) -> Any:
    """Arrays as lists of three, tables of hashes as objects, several tables as a list of objects."""
    if isinstance(value, np.ndarray):
        return _packed(value)
    if isinstance(value, HashTable):
        return {"keys": _packed(value.keys), "numbers": _packed(value.numbers)}
    return [_packed_value(table) for table in value] if isinstance(value, tuple) else value


def _unpacked_fields(columns: dict[str, Any]) -> dict[str, Any]:
    return {name: _unpacked_value(value) for name, value in columns.items()}


def _unpacked_value(value: Any) -> Any:
    if isinstance(value, dict):
        return HashTable.of(_unpacked(value["keys"]), _unpacked(value["numbers"]))
    if isinstance(value, list) and isinstance(value[0], dict):
        return tuple(_unpacked_value(table) for table in value)
    return _unpacked(value) if isinstance(value, list) else value


def _packed(array: npt.NDArray[Any]) -> list[Any]:
    plain = np.ascontiguousarray(array)
    little = plain.astype(plain.dtype.newbyteorder("<"), copy=False)
    return [plain.dtype.str.lstrip("<>|="), list(plain.shape), base64.b64encode(little.tobytes()).decode()]


def _unpacked(packed: list[Any]) -> npt.NDArray[Any]:
    kind, shape, text = packed
    dtype = np.dtype(kind).newbyteorder("<")
    return np.frombuffer(base64.b64decode(text), dtype=dtype).astype(dtype.newbyteorder("="), copy=False).reshape(shape)
