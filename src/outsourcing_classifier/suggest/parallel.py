"""Proposals from texts in both languages: what an unknown word stands for on the other side."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from ..dimensions import LANGUAGES
from .cues import MOVABLE_ROLES, KnownCues
from .gathered import UnknownWord, WordKey, count_unknown, joined_forms
from .table import Suggestion
from .words import ACTION, MANNER, OBJECT, ReadText, TextReader, usual_spelling

_CIRCUMSTANCES: Final = ("manner", "norm", "volume", "frequency", "purpose")
_LEAST_LIKENESS: Final = 0.4  # Dice's coefficient of a word and its translation


def from_pairs(
    reader: TextReader, pairs: Sequence[tuple[str, str]], cues: KnownCues, at_least: int
) -> Iterator[Suggestion]:
    """For an unknown word the cue of the other language that stands in the same pairs and seldom elsewhere."""
    texts = [list(reader.read([pair[side] for pair in pairs], language)) for side, language in enumerate(LANGUAGES)]
    for side, language in enumerate(LANGUAGES):
        forms: dict[WordKey, UnknownWord] = {}
        for number, read in enumerate(texts[side]):
            count_unknown(forms, number, read, cues)
        across = [_cues_of(read, cues) for read in texts[1 - side]]
        totals = Counter(cue for found in across for cue in found)
        for (_, form), entry in sorted(joined_forms(forms).items()):
            together = Counter(cue for number in entry.tasks for cue in across[number])
            cue = _translation(entry, together, totals, cues, at_least)
            if cue is None:
                continue
            seen, text, strength = len(entry.tasks), cues.texts[cue], cues.strengths[cue]
            yield Suggestion(
                "parallel", language, usual_spelling(entry.spellings, language, form, entry.role), cues.roles[cue],
                strength, seen, f"stands for '{text}' in {together[cue]} of {seen} pairs; '{text}' in {totals[cue]}",
                cues.own_weights(strength, cues.weights[cue]), cues.needs(cue),
            )


def _cues_of(read: ReadText, cues: KnownCues) -> set[int]:
    """Cues of one side of a pair, with those that have no weight."""
    found = {cue for cue in read.cues if cues.roles[cue] in (*MOVABLE_ROLES, *_CIRCUMSTANCES)}
    silent = (
        cues.of_word(token.word, token.role)
        for token in read.tokens if token.bare and token.role in (ACTION, OBJECT)
    )
    return found | {cue for cue in silent if cue is not None}


def _translation(
    entry: UnknownWord, together: Counter[int], totals: Counter[int], cues: KnownCues, at_least: int
) -> int | None:
    roles = {ACTION: (ACTION,), MANNER: _CIRCUMSTANCES}.get(entry.role, MOVABLE_ROLES)
    likeness = {
        cue: 2 * count / (len(entry.tasks) + totals[cue])
        for cue, count in together.items() if count >= at_least and cues.roles[cue] in roles
    }
    if max(likeness.values(), default=0) < _LEAST_LIKENESS:
        return None
    needs = cues.lexicon.arrays.needs
    return min(likeness, key=lambda cue: (-likeness[cue], needs[cue], cues.texts[cue], cue))
