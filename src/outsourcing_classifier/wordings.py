"""Tables of sentences for people, read once: TOML files beside the modules that speak them."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def sentence_table(name: str) -> dict[str, Any]:
    """The table of a file of this package, as `audit/texts.toml`; most have a part for each language."""
    return tomllib.loads((Path(__file__).parent / name).read_text("utf-8"))
