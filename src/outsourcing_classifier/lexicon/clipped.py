"""Words cut off with a dot, as inventories write them ("Bearb.", "Eingangsrechn.", "prep."): what each stands for.

They are the rows of `abbreviations.tsv` that end in a dot. What is no word itself is read without the dot as well.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ..text.tokens import DOT
from .words import fold, folded_all

SHORTEST_CORE: Final = 3  # letters of what is read without its dot, or as the last part of a compound
_COMPOUNDING: Final = 1  # side of the language that writes compounds as one word: German


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ClippedWords:
    """Of both languages: whole words by folded forms; a form that keeps its dot counts only with one."""

    words: Sequence[Mapping[str, str]]
    is_word: Callable[[str], bool]  # whether a language knows a form

    def has(self, core: str) -> bool:
        """Whether a word stands for a longer one when a dot is behind it."""
        return any(self._whole(core + DOT, side) for side in range(len(self.words)))

    def whole(self, forms: Sequence[str], side: int) -> list[str]:
        """The words that forms, with or without their dot, stand for; other forms stay as they are."""
        words, found = self.words[side], list(forms)
        for i, key in enumerate(folded_all(forms)):
            if key in words or key[-1] == DOT:
                found[i] = self._whole(forms[i], side) or forms[i]
        return found

    def _whole(self, form: str, side: int) -> str:
        words, core = self.words[side], form.removesuffix(DOT)
        dot = core != form
        whole = words.get(fold(core), "") or (words.get(fold(form), "") if dot else "")
        if whole:
            return whole[:1].upper() + whole[1:] if core[:1].isupper() else whole.lower()
        if not dot or side != _COMPOUNDING:
            return ""
        for start in range(SHORTEST_CORE, len(core) - SHORTEST_CORE + 1):  # the longest part first
            whole = words.get(fold(core[start:]), "")
            if whole:
                return "" if self.is_word(core) else core[:start] + whole.lower()
        return ""
