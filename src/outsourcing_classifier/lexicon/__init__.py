"""Words live in tables: cues, word classes, grammar words; and the loader that compiles them."""

from .compile import Lexicon, load_lexicon

__all__ = ["Lexicon", "load_lexicon"]
