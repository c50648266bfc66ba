"""The numbers by which arrays name roles and grammar functions, and the unit of weights."""

from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

FOLDER: Final = Path(__file__).resolve().parent
LEVEL: Final = 1000  # weights are integers in thousandths: sums are exact in any order
SCOPE_PLACES: Final = ("verb", "object", "other")
ROLES: Final = (
    "action",
    "object",
    "norm",
    "manner",
    "doer",
    "qualification",
    "counterpart",
    "channel",
    "volume",
    "frequency",
    "purpose",
    "service",
    "title",
    "department",
    "industry",
    "place",
    "generic",
    "prose",
    "trait",
    "flag",
    "word",
)
"""What a cue is in its clause; the place in this tuple is the number used in arrays."""

# Grammar words with the function that frames.tsv gives them; the number is used in arrays.
FUNCTIONS: Final = (
    "", "and", "negator", "without", "not_negation", "only", "but", "contrast", "by",
    "instrument", "with", "partner", "means", "in", "container", "topic", "for", "to", "of", "as",
    "purpose_clause", "purpose", "including", "relative", "article", "determiner", "genitive",
    "adjective", "auxiliary", "modal", "pronoun", "mainly", "occasional", "basic", "abbreviation",
    "assisting", "zu",
)
FUNCTION: Final = {name: number for number, name in enumerate(FUNCTIONS)}


@lru_cache(maxsize=64)
def role_set(*names: str) -> npt.NDArray[np.bool_]:
    """Roles as a table that is indexed with role numbers."""
    table = np.zeros(len(ROLES), np.bool_)
    table[[ROLES.index(name) for name in names]] = True
    return table


@lru_cache(maxsize=64)
def function_set(*names: str) -> npt.NDArray[np.bool_]:
    """Grammar functions as a table that is indexed with function numbers."""
    table = np.zeros(len(FUNCTIONS), np.bool_)
    table[[FUNCTION[name] for name in names]] = True
    return table
