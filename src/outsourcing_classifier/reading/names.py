"""Texts that name an organisation's parts or people and say nothing of what is done there."""

import numpy as np

from ..lexicon.codes import role_set
from .clauses import HEADING
from .columns import Bools, any_in
from .forms import WORD
from .hits import ROLE, Reading


def only_names(reading: Reading, *roles: str, whole: bool = False) -> Bools:
    """Texts whose nouns are names of these roles ("Finance, miscellaneous"); not "pharma patent search".

    With ``whole`` no other word with content may stand in them, as in "treasury services" or "green logistics".
    """
    hits, words, clauses = reading.hits, reading.words, reading.clauses
    count = words.tokens.count
    name = role_set(*roles)[hits.role] & ~(hits.compound & whole)
    if not name.any():
        return np.zeros(count, np.bool_)
    named = np.zeros(words.count + 1, np.int32)
    telling_nothing = name | (hits.role == ROLE["generic"])
    np.add.at(named, hits.first[telling_nothing], 1)
    np.add.at(named, hits.last[telling_nothing] + 1, -1)
    nothing = np.cumsum(named)[:-1] > 0
    if whole:
        other = ~nothing & (words.function == 0) & (words.punctuation == WORD)
    else:
        nothing |= words.classes & np.uint64(words.neutral_mask) != 0
        other = clauses.noun & ~clauses.modifier & ~nothing & (clauses.context != HEADING)
    return any_in(hits.text, name, count) & ~any_in(words.text, other, count)


def governed_titles(reading: Reading) -> Bools:
    """Which hits are people as the object of a work noun: "recruitment of specialists"."""
    hits, clauses, words = reading.hits, reading.clauses, reading.words
    acting = np.flatnonzero(role_set("action", "service")[hits.role])
    first = np.full(clauses.clause_count, words.count)
    np.minimum.at(first, hits.clause[acting], hits.anchor[acting])
    linked = np.append(0, np.cumsum(words.function != 0))
    begin = np.minimum(first[hits.clause], hits.first)
    return (hits.role == ROLE["title"]) & (linked[hits.first] > linked[begin])
