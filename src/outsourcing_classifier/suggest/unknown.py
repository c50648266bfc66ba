"""Proposals from words that neither language knows, by the nearest explained neighbours."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from ..lexicon.codes import LEVEL
from ..lexicon.words import KNOWN
from .cues import HELPING_STRENGTHS, PLACEHOLDERS, KnownCues
from .gathered import Gathered, UnknownWord
from .table import Suggestion
from .words import ACTION, BEFORE_NOUN, MANNER, OBJECT, usual_spelling

_SHORTEST_MODIFIER: Final = 3
_SHORTEST_HEAD: Final = 4


def from_unknown(found: Gathered, cues: KnownCues, at_least: int) -> Iterator[Suggestion]:
    """Frequent words that neither language explains; what is neither noun nor verb mostly says nothing of work."""
    for (language, form), entry in sorted(found.unknown.items()):
        seen = len(entry.tasks)
        if seen < at_least or entry.role == MANNER:
            continue
        role, strength, reason = _guess(found, language, form, entry, cues)
        name = usual_spelling(entry.spellings, language, form, entry.role)
        times = "once" if seen == 1 else f"{seen} times"
        yield Suggestion("unknown", language, name, role, strength, seen, f"seen {times}; {reason}")


def _guess(
    found: Gathered, language: str, form: str, entry: UnknownWord, cues: KnownCues
) -> tuple[str, str, str]:
    """Role, strength and reason: by the noun that the word ends in or stands before, else by what stands with it."""
    role = ACTION if entry.role == ACTION else OBJECT
    head = None if role == ACTION else _known_ending(language, form, cues)
    if head is not None:
        return cues.roles[head], cues.strengths[head], f"ends in '{cues.texts[head]}' ({cues.strengths[head]})"
    if entry.role == BEFORE_NOUN and entry.heads:
        names = _commonest(entry.heads)
        return role, names[0], f"stands before {', '.join(names)}"
    votes = _votes(entry, found.verbs_of if role == ACTION else found.objects_of)
    if votes:
        names = _commonest(votes)
        return role, names[0], f"stands where {', '.join(names)} {'stands' if len(names) == 1 else 'stand'}"
    return role, PLACEHOLDERS[role], "no explained neighbour; the strength only holds its place"


def _votes(entry: UnknownWord, beside: dict[str, Counter[str]]) -> Counter[str]:
    """Strengths of known words that stand beside the same partners; each partner has one vote a time it is seen."""
    votes: Counter[str] = Counter()
    for partner, times in entry.partners.items():
        strengths = beside.get(partner, Counter())
        for name, count in strengths.items():
            if name not in HELPING_STRENGTHS:
                votes[name] += times * count * LEVEL // strengths.total()
    return votes


def _known_ending(language: str, form: str, cues: KnownCues) -> int | None:
    """The cue of the longest known noun that a word ends in ("timesheet")."""
    words, arrays = cues.lexicon.words[language], cues.lexicon.arrays
    for start in range(_SHORTEST_MODIFIER, len(form) - _SHORTEST_HEAD + 1):
        if not words.analyse(form[:start]).kind & KNOWN:  # "para-site"
            continue
        nouns = [
            cue for cue, _, compound in words.analyse(form[start:]).cues
            if not compound and arrays.words[cue] == 1 and cues.roles[cue] in ("object", "service")
            and cues.strengths[cue] not in HELPING_STRENGTHS
        ]
        if nouns:
            return min(nouns, key=lambda cue: (arrays.needs[cue], cue))
    return None


def _commonest(names: Counter[str]) -> list[str]:
    return sorted(names, key=lambda name: (-names[name], name))[:2]
