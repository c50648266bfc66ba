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

from .compile import CueArrays, Lexicon, ScopeWords, compile_tables
from .english import EnglishWords
from .german import GermanWords
from .phrases import PhraseTable
from .spelling import SpellingKeys
from .tables import FOLDER
from .words import Entries, VerbForms

PROTOCOL: Final = 6
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
    lexicon = compile_tables()
    data: dict[str, Any] = {
        "protocol": PROTOCOL,
        "tables": tables_hash(),
        "fingerprint": lexicon.fingerprint,
        "cues": "\n".join(lexicon.cue_texts),
        "strengths": "\n".join(lexicon.cue_strengths),
        "arrays": {name: _packed(getattr(lexicon.arrays, name)) for name in CueArrays.__dataclass_fields__},
        "functions": lexicon.functions,
        "particles": sorted(lexicon.particles),
        "classes": lexicon.classes,
        "words": {name: _packed_words(words) for name, words in lexicon.words.items()},
        "phrases": {
            name: _packed(getattr(lexicon.phrases, name))
            for name in PhraseTable.__dataclass_fields__ if name != "lemmas"
        },
        "lemmas": "\n".join(lexicon.phrases.lemmas),
        "scope": {
            "lemmas": [
                ["\n".join(side), _packed(np.array(list(side.values()), np.int32))] for side in lexicon.scope.lemmas
            ],
            **{
                name: _packed(getattr(lexicon.scope, name)) for name in ("rows", "classes", "actions", "things", "base")
            },
        },
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
    lemmas = data["lemmas"].split("\n")
    words: dict[str, EnglishWords | GermanWords] = {"en": EnglishWords(), "de": GermanWords()}
    for name, side in words.items():
        _unpack_words(side, data["words"][name])
    return Lexicon(
        cue_texts=data["cues"].split("\n"),
        cue_strengths=data["strengths"].split("\n"),
        arrays=CueArrays(**{name: _unpacked(value) for name, value in data["arrays"].items()}),
        words=words,
        functions=data["functions"],
        particles=frozenset(data["particles"]),
        phrases=PhraseTable(
            lemmas=dict(zip(lemmas, range(len(lemmas)), strict=True)),
            **{name: _unpacked(value) for name, value in data["phrases"].items()},
        ),
        classes=data["classes"],
        scope=ScopeWords(
            lemmas=tuple(
                dict(zip(words.split("\n"), _unpacked(numbers).tolist(), strict=False))
                for words, numbers in data["scope"]["lemmas"]
            ),
            **{name: _unpacked(data["scope"][name]) for name in ("rows", "classes", "actions", "things", "base")},
        ),
        spelling=tuple(
            SpellingKeys(language, lemmas.split("\n"), _unpacked(hashes), _unpacked(numbers))
            for language, lemmas, hashes, numbers in data["spelling"]
        ),
        fingerprint=data["fingerprint"],
        overlay="",
    )


def _packed_words(words: EnglishWords | GermanWords) -> dict[str, Any]:
    return {
        "entries": _packed_columns(words.entries.columns()),
        "forms": _packed_columns(words.verb_forms.columns()),
        "own": words.own_state(),
    }


def _unpack_words(words: EnglishWords | GermanWords, data: dict[str, Any]) -> None:
    words.entries = Entries.from_columns(_unpacked_columns(data["entries"]))
    words.verb_forms = VerbForms.from_columns(_unpacked_columns(data["forms"]))
    words.set_own_state(data["own"])


def _packed_columns(columns: dict[str, Any]) -> dict[str, Any]:
    return {name: _packed(value) if isinstance(value, np.ndarray) else value for name, value in columns.items()}


def _unpacked_columns(columns: dict[str, Any]) -> dict[str, Any]:
    return {name: _unpacked(value) if isinstance(value, list) else value for name, value in columns.items()}


def _packed(array: npt.NDArray[Any]) -> list[Any]:
    plain = np.ascontiguousarray(array)
    little = plain.astype(plain.dtype.newbyteorder("<"), copy=False)
    return [plain.dtype.str.lstrip("<>|="), list(plain.shape), base64.b64encode(little.tobytes()).decode()]


def _unpacked(packed: list[Any]) -> npt.NDArray[Any]:
    kind, shape, text = packed
    dtype = np.dtype(kind).newbyteorder("<")
    return np.frombuffer(base64.b64decode(text), dtype=dtype).astype(dtype.newbyteorder("="), copy=False).reshape(shape)
