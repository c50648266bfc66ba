"""The tables that the fits write."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from ..dimensions import DIMENSIONS, LANGUAGES
from ..files.output import complete_file
from ..lexicon import Lexicon
from ..lexicon.codes import FOLDER

Floats = npt.NDArray[np.float64]
SOURCE: Final = "scored_tasks"
STEP: Final = 0.05  # weights are written in steps of this size


def rounded(value: float) -> float:
    """The value in steps."""
    return round(round(value / STEP) * STEP, 2) + 0.0


def write_strengths(classes: dict[str, dict[str, float]]) -> None:
    """Weights of strength classes, as `shared/refit.tsv`."""
    lines = ["\t".join(("strength", *DIMENSIONS, "note"))]
    lines += [_line(name, weights) for name, weights in sorted(classes.items())]
    _replace(FOLDER / "shared" / "refit.tsv", "\n".join(lines) + "\n")


def write_cues(lexicon: Lexicon, changes: dict[int, dict[str, float]]) -> None:
    """Weights of single cues and words (by their number), as `refit.tsv` and `words.tsv` of each language."""
    for language in LANGUAGES:
        lines = ["\t".join(("cue", "role", "needs", *DIMENSIONS, "note"))]
        rows, words = [], []
        for number, weights in changes.items():
            side, cue, role, needs = lexicon.identities[number]
            if side == language and role == "word":
                if any(weights.values()):
                    words.append(_line(cue, weights))
            elif side == language:
                conditions = " ".join(f"{key}={value}" for key, value in needs)
                rows.append(_line(f"{cue}\t{role}\t{conditions}", weights))
        _replace(FOLDER / language / "refit.tsv", "\n".join([*lines, *sorted(rows)]) + "\n")
        head = "\t".join(("word", *DIMENSIONS, "note"))
        _replace(FOLDER / language / "words.tsv", "\n".join([head, *sorted(words)]) + "\n")


def _line(start: str, weights: dict[str, float]) -> str:
    numbers = (f"{weights[name]:g}" if name in weights else "" for name in DIMENSIONS)
    return "\t".join((start, *numbers, f"refit: {SOURCE}"))


def write_scope(language: str, rows: Sequence[tuple[str, ...]]) -> None:
    """What words say of hands and presence, as `scope.tsv` of a language."""
    lines = ["word\tplace\thands\tpresence\tnote", *("\t".join(row) for row in rows)]
    _replace(FOLDER / language / "scope.tsv", "\n".join(lines) + "\n")


def _replace(path: Path, text: str) -> None:
    with complete_file(path) as temporary:
        temporary.write_text(text, "utf-8", newline="\n")
