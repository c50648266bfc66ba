"""What audits say, in both languages (texts.toml)."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any


@lru_cache(maxsize=1)
def _tables() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "texts.toml").read_text("utf-8"))


def texts(language: str) -> Mapping[str, Any]:
    """The table of texts of one language."""
    table: Mapping[str, Any] = _tables()[language]
    return table
