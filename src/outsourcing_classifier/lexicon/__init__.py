"""Words live in tables: cues, word classes, grammar words; and the loader that compiles them."""

from .compiled import Lexicon
from .loading import load_lexicon

__all__ = ["Lexicon", "load_lexicon"]
