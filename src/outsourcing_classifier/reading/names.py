"""Texts that name an organisation's parts or people and say nothing of what is done there."""

import numpy as np

from ..lexicon.codes import role_set
from ..lexicon.words import CAPITAL, ELIDED
from ..text.runs import spanned
from .clauses import HEADING
from .columns import Bools, any_in, last_until
from .forms import WORD
from .hits import ACTING, ROLE, Reading
from .tokens import DE


def in_compounds(reading: Reading) -> Bools:
    """Which hits are a part of a compound: "Arbeitsbedarf", "Arbeits- und Materialbedarf"."""
    return reading.hits.compound | (reading.words.kind[reading.hits.first] & ELIDED != 0)


def only_names(reading: Reading, *roles: str, whole: bool = False) -> Bools:
    """Texts whose nouns are names of these roles ("Finance, miscellaneous"); not "pharma patent search".

    With ``whole`` no other word with content may stand in them, as in "treasury services" or "green logistics".
    """
    hits, words, clauses = reading.hits, reading.words, reading.clauses
    count = words.tokens.count
    name = role_set(*roles)[hits.role] & ~(hits.compound & whole)
    if not name.any():
        return np.zeros(count, np.bool_)
    telling_nothing = np.flatnonzero(name | (hits.role == ROLE["generic"]))
    nothing = np.zeros(words.count, np.bool_)
    nothing[spanned(hits.first[telling_nothing], hits.last[telling_nothing])[1]] = True
    if whole:
        other = ~nothing & words.content
    else:
        nothing |= words.neutral
        other = clauses.noun & ~clauses.modifier & ~nothing & (clauses.context != HEADING)
    return any_in(hits.text, name, count) & ~any_in(words.text, other, count)


def governed_titles(reading: Reading) -> Bools:
    """Which hits are people whom a work noun governs or a channel leads to: "recruitment of experts", "talks with"."""
    hits, words, clauses = reading.hits, reading.words, reading.clauses
    governed = hits.role == ROLE["title"]
    titles = np.flatnonzero(governed)
    acting = np.flatnonzero(ACTING.take(hits.role) | (hits.role == ROLE["channel"]))
    sentence = clauses.sentence[hits.anchor]
    first = np.full(int(clauses.sentence[-1]) + 1, words.count)
    first[sentence[acting][::-1]] = hits.anchor[acting][::-1]
    inflected = (words.side == DE) & (words.punctuation == WORD) & (words.kind & CAPITAL == 0)
    link = last_until((words.function != 0) | inflected, hits.first[titles] - 1)
    governed[titles] = link >= first[sentence[titles]]
    return governed


def nominal_tasks(reading: Reading, names: Bools) -> Bools:
    """Texts in which a work noun has an object in its clause: "preparation of budgets"; neither is one of `names`."""
    hits, words, clauses = reading.hits, reading.words, reading.clauses
    forms = words.forms
    nothing = words.neutral & (forms.lemma.take(words.entry) == forms.head.take(words.entry))  # "Bedarf", no compound
    named = np.flatnonzero(names.take(hits.role) & ~in_compounds(reading))
    nothing[spanned(hits.first[named], hits.last[named])[1]] = True
    heads = clauses.noun & ~clauses.modifier & ~nothing
    acts, things = (
        any_in(clauses.clause, heads & kind, clauses.clause_count)
        for kind in (clauses.action_noun, ~clauses.action_noun)
    )
    return any_in(clauses.text_of_clause, acts & things, words.tokens.count)
