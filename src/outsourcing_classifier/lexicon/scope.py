"""The scope tables compiled: what words say of hands and presence, by their place in the clause."""

from collections.abc import Mapping, Sequence

import numpy as np

from ..dimensions import LANGUAGES
from ..text.letters import HashTable
from .codes import SCOPE_PLACES
from .compiled import ScopeWords
from .english import EnglishVocabulary
from .german_verbs import GermanVocabulary
from .tables import ANYWHERE, TEXT, Cue, Row, level

_PLACES = (*SCOPE_PLACES, ANYWHERE)


def scope_words(
    tables: Mapping[str, Mapping[str, Sequence[Row]]], words: Mapping[str, EnglishVocabulary | GermanVocabulary],
    numbers: Mapping[str, int], cues: Sequence[Cue], masks: Sequence[int],
) -> ScopeWords:
    """The scope tables; `@name` speaks for all words of an object class or actions of a strength.

    ``numbers`` are those of the object classes, ``masks`` the classes of each cue as bits.
    """
    width = 2 * len(SCOPE_PLACES)
    lemmas: tuple[dict[str, int], ...] = tuple({} for _ in LANGUAGES)
    rows: list[list[int]] = []
    classes = np.zeros((len(LANGUAGES), 64, width), np.int32)
    actions: dict[tuple[str, str], tuple[int, int]] = {}
    base = np.zeros((len(LANGUAGES), 2), np.int32)
    for side, language in enumerate(LANGUAGES):
        for row in tables[language]["scope"]:
            word, place = row.values["word"], row.values["place"]
            if place not in _PLACES:
                raise row.error("place", f"'{place}' is not one of {', '.join(_PLACES)}")
            places = range(len(SCOPE_PLACES)) if place == ANYWHERE else (SCOPE_PLACES.index(place),)
            said = (level(row, "hands", row.values["hands"]), level(row, "presence", row.values["presence"]))
            if word == TEXT:
                base[side] = said
            elif word[0] != "@":
                number = lemmas[side].setdefault(words[language].key(word), len(rows))
                if number == len(rows):
                    rows.append([0] * width)
                for column in places:
                    rows[number][2 * column] += said[0]
                    rows[number][2 * column + 1] += said[1]
            elif place == "verb":
                actions[language, word[1:]] = said
            else:
                for column in places:
                    classes[side, numbers[word[1:]], 2 * column : 2 * column + 2] = said
    acts = [actions.get((c.language, c.strength), (0, 0)) if c.role == "action" else (0, 0) for c in cues]
    things = [
        classes[LANGUAGES.index(cue.language)][_bits(mask)].sum(axis=0) for cue, mask in zip(cues, masks, strict=True)
    ]
    rows.append([0] * width)
    return ScopeWords(
        tuple(HashTable.from_words(list(side), list(side.values())) for side in lemmas),
        np.array(rows, np.int32), classes, np.array(acts, np.int32).reshape(-1, 2),
        np.array(things, np.int16).reshape(-1, width), base,
    )


def _bits(mask: int) -> list[int]:
    """Numbers of the bits that are set."""
    return [number for number in range(mask.bit_length()) if mask >> number & 1]
