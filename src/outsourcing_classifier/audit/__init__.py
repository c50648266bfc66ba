"""Audits: a random sample of a scored file, labelled blindly by people, and what it says of the whole file."""

from typing import Final

TEXTS: Final = "audit/texts.toml"  # what audits say, in both languages
