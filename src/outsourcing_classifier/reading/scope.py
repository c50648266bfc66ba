"""Hands and presence: what the words of each text say of them, by their place in the clause.

Weights stand in the scope tables; the gates read the sums.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from ..lexicon import Lexicon
from ..lexicon.codes import LEVEL, SCOPE_PLACES, role_set
from ..text.runs import spanned
from .clauses import ASSIST, COLUMN_HEAD, CONTEXTS, INCLUDING, MAIN, MEANS, OF_NOUN, WITHOUT, Clauses
from .columns import Ints, any_column, any_in
from .tokens import Words

_AGAINST: Final = -400  # thousandths: what an object clearly says against hands or presence
_SHORT: Final = 3  # words of a text in which each counts as the tables say
_DESK: Final = ("record", "data", "document", "report", "software", "topic", "appointment")
_HOW: Final = role_set("manner", "frequency", "volume")
_UNSAID: Final = np.zeros(len(CONTEXTS), np.bool_)  # "instead of repairing"
_UNSAID[[WITHOUT, COLUMN_HEAD]] = True
_GOVERNED: Final = np.zeros(len(CONTEXTS), np.bool_)
_GOVERNED[[MAIN, OF_NOUN, ASSIST, MEANS, INCLUDING]] = True


def scope_places(words: Words, clauses: Clauses) -> npt.NDArray[np.int8]:
    """Where each token stands: 0 as verb, 1 as object, 2 elsewhere, -1 where it is no word with content."""
    if not words.count:
        return np.zeros(0, np.int8)
    head = clauses.noun & ~clauses.modifier
    acts = clauses.verb | (clauses.action_noun & head & ~clauses.verbal)
    place = np.int8(2) * ~acts - (head & ~acts & _GOVERNED.take(clauses.context)).view(np.int8)
    place[np.flatnonzero(~words.content | _UNSAID.take(clauses.context))] = -1
    return place


def manners(words: Words, lexicon: Lexicon) -> Ints:
    """Tokens of phrases that say how well or how often it is done, not what: "world-class", "auf hohem Niveau"."""
    phrases = words.phrases
    how = np.flatnonzero(_HOW.take(lexicon.arrays.role.take(phrases.payload)))
    return spanned(phrases.first[how], phrases.last[how])[1]


def scope_weights(words: Words, clauses: Clauses, unsaid: Ints, lexicon: Lexicon) -> npt.NDArray[np.int16]:
    """Hands and presence of each token in thousandths, shape (tokens, 2); nothing of the tokens ``unsaid``."""
    place = scope_places(words, clauses)
    # Hands and presence, two int16, are fetched as one int32.
    pairs = words.forms.scope.view(np.int32).ravel()[words.entry * len(SCOPE_PLACES) + place]
    said = (pairs * (place >= 0)).view(np.int16).reshape(-1, 2)
    said[unsaid] = 0
    # The words of a phrase say together what its class says ("vehicle damage" is no vehicle).
    some = np.flatnonzero((words.phrase >= 0) & clauses.noun & (place > 0))
    said[some] = lexicon.scope.things.reshape(-1, len(SCOPE_PLACES), 2)[words.phrase[some], place[some]]
    # "Create orders", "take calls": a verb says nothing where what it governs is a matter of the desk that speaks
    # against hands or presence, and nothing else in the text speaks for them.
    count = words.tokens.count
    desk = (place == 1) & (words.classes & np.uint64(lexicon.mask(*_DESK)) != 0)
    against = any_in(words.text, desk & any_column(said <= _AGAINST), count)
    against &= ~any_in(words.text, (place > 0) & any_column(said > 0), count)
    verbs = np.flatnonzero((place == 0) & against[words.text])
    said[verbs] = np.minimum(said[verbs], 0)
    return said


def scope_sums(weights: npt.NDArray[np.int16], words: Words) -> npt.NDArray[np.float64]:
    """Hands and presence of each text, shape (texts, 2): sums of what its words say, 0 where nothing is said."""
    sums = np.zeros((words.tokens.count, 2))
    first = words.runs.first
    if len(first):
        sums[words.text[first]] = np.add.reduceat(weights, first, axis=0, dtype=np.int32) / LEVEL
    return sums


def word_shares(words: Words, unsaid: Ints) -> npt.NDArray[np.float64]:
    """What a word weighs in its text: many words say more than few, though not in proportion to their number.

    The tokens ``unsaid`` are no such words (see `manners`).
    """
    speaking = words.content
    speaking[unsaid] = False
    count = np.bincount(words.text, speaking, words.tokens.count)
    return np.sqrt(_SHORT / np.maximum(count, 1))
