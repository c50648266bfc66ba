"""Cues found in a batch, each with its place, its role in the clause, and what the grammar does to it."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ..lexicon import Lexicon
from ..lexicon.codes import FUNCTION, ROLES, function_set, role_set
from ..lexicon.compiled import CueArrays
from ..lexicon.readings import VIA_NOUN, VIA_OTHER, VIA_VERB
from ..lexicon.words import NOUN
from ..text.runs import crowded, expanded, group_starts
from ..text.tokens import Tokens
from .clauses import ADDRESSEE, CONTAINER, CONTEXTS, DOER, INSIDE, INSTRUMENT, TO, Clauses, read_clauses
from .columns import Bools, Ints, after, any_in, last_at, last_before, masks_in
from .forms import BREAK, COMMA, FormTable
from .tokens import Words, read_words

ROLE: Final = {name: number for number, name in enumerate(ROLES)}
ACTING: Final = role_set("action", "service")


@dataclass(slots=True, eq=False, repr=False)
class Hits:
    """Cues found, one entry a cue; `first`, `last` are tokens, `partner` a separated particle or -1."""

    cue: Ints
    first: Ints
    last: Ints
    anchor: Ints
    partner: Ints
    compound: Bools
    text: Ints
    clause: Ints
    part: Ints
    context: npt.NDArray[np.int8]
    role: npt.NDArray[np.int8]
    negated: Bools
    contrasted: Bools
    only: Bools
    conceded: Bools  # "not only X but Y": X
    basic: Bools
    occasional: Bools
    other_language: Bools
    spelling: Bools

    def __len__(self) -> int:
        return len(self.cue)

    def take(self, rows: npt.NDArray[np.generic]) -> "Hits":
        """The chosen entries."""
        return Hits(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


@dataclass(slots=True, eq=False, repr=False)
class Reading:
    """All that was read from a batch of texts."""

    words: Words
    clauses: Clauses
    hits: Hits
    object_masks: npt.NDArray[np.uint64]  # one entry a clause: classes of its objects


_NO_OBJECT: Final = np.zeros(len(CONTEXTS), np.bool_)
_NO_OBJECT[[INSTRUMENT, CONTAINER, INSIDE, ADDRESSEE, DOER, TO]] = True


def read(
    table: FormTable, lexicon: Lexicon, tokens: Tokens, language: int | None
) -> Reading:
    """Read a batch: words, clauses, cues with roles."""
    words = read_words(table, lexicon, tokens, language)
    clauses = read_clauses(words)
    masks = _object_masks(words, clauses)
    hits = _hits(words, clauses, lexicon, masks)
    return Reading(words, clauses, hits, masks)


def _object_masks(words: Words, clauses: Clauses) -> npt.NDArray[np.uint64]:
    """Classes of the objects of each clause; a clause without objects borrows from its part."""
    # An action noun that no verb governs is not its own object ("Berechnung von Löhnen").
    thing = clauses.noun & ~clauses.modifier & (~clauses.action_noun | clauses.verbal)
    thing &= ~_NO_OBJECT.take(clauses.context)  # "copy figures into models": figures
    own = words.classes * thing
    # "Konzeptdatenbank" is a database; "Lohnabrechnung" deals with wages, "Lohnangelegenheiten" too.
    first_part_tells = clauses.action_noun | (thing & (words.classes == 0))
    own |= words.modifier_classes * first_part_tells
    before_action = clauses.modifier & after(clauses.action_noun, words.runs, False)
    rows = np.flatnonzero(before_action)
    own[rows] = words.classes[rows]
    masks = masks_in(clauses.clause, own, clauses.clause_count)
    parts = int(clauses.part_of_clause[-1]) + 1 if clauses.clause_count else 0
    shared = masks_in(clauses.part_of_clause, masks, parts)
    return np.where(clauses.has_object, masks, shared[clauses.part_of_clause]) if parts else masks


def _hits(
    words: Words, clauses: Clauses, lexicon: Lexicon, object_masks: npt.NDArray[np.uint64]
) -> Hits:
    forms, arrays = words.forms, lexicon.arrays
    counts = forms.cue_count[words.entry] * ~words.covered
    token, inner = expanded(counts)
    flat = forms.cue_first[words.entry[token]] + inner
    via = forms.via[flat]
    verb, noun = clauses.verb[token], clauses.noun[token]
    nominal_verb = (via == VIA_VERB) & clauses.action_noun[token]
    fits = ((via == VIA_VERB) & verb) | nominal_verb | ((via == VIA_NOUN) & noun) | (via == VIA_OTHER)
    fits |= (via == VIA_NOUN) & ~verb & (words.kind[token] & NOUN != 0)
    some = np.flatnonzero(fits)
    token, flat = token[some], flat[some]
    phrases = words.phrases
    cue = np.concatenate((forms.cue[flat], phrases.payload))
    first = np.concatenate((token, phrases.first))
    last = np.concatenate((token, phrases.last))
    compound = np.concatenate((forms.compound[flat], np.zeros(len(phrases.payload), np.bool_)))
    anchor = _anchors(first, last, clauses)
    stands, roles = np.ones(len(cue), np.bool_), arrays.role[cue]
    _needs(stands, arrays, cue, anchor, clauses, object_masks, words)
    span = first * 64 + (last - first)
    _most_specific(stands, arrays.needs[cue], span, roles, words.count)
    _one_work_role(stands, span, roles, anchor, clauses)
    rows = np.flatnonzero(stands)
    key = first[rows].astype(np.int64) << 32 | (last[rows] - first[rows]).astype(np.int64) << 24 | cue[rows]
    order = np.argsort(key, kind="stable")
    rows = rows[order[group_starts(key[order])]]
    cue, first, last, anchor = (column[rows] for column in (cue, first, last, anchor))
    negated, contrasted, only, conceded = _negation(words, clauses)
    basic = _basic(words, clauses)
    occasional = _in_clause(words, clauses, "occasional")
    return Hits(
        cue=cue, first=first, last=last, anchor=anchor, partner=words.partner[first],
        compound=compound[rows], text=words.text[anchor], clause=clauses.clause[anchor],
        part=clauses.part[anchor], context=clauses.context[anchor], role=roles[rows],
        negated=negated[anchor], contrasted=contrasted[anchor], only=only[anchor], conceded=conceded[anchor],
        basic=basic[anchor], occasional=occasional[anchor],
        other_language=words.other_language[first], spelling=forms.spelled[words.form[anchor]],
    )


def _anchors(first: Ints, last: Ints, clauses: Clauses) -> Ints:
    """The word of a phrase that stands for it in the clause: its first verb, else its last word."""
    anchor = last.copy()
    phrases = np.flatnonzero(first != last)
    verbs = np.flatnonzero(clauses.verb)
    following = np.append(verbs, len(clauses.verb))[np.searchsorted(verbs, first[phrases])]
    anchor[phrases] = np.minimum(following, last[phrases])
    return anchor


def _needs(
    stands: Bools, arrays: CueArrays, cues: Ints, anchors: Ints, clauses: Clauses,
    object_masks: npt.NDArray[np.uint64], words: Words,
) -> None:
    """A cue stands where its conditions hold in its clause."""
    conditional = (arrays.needs[cues] != 0).nonzero()[0]
    cue, anchor = cues[conditional], anchors[conditional]
    objects = object_masks[clauses.clause[anchor]] if len(cue) else np.zeros(0, np.uint64)
    objects = objects | words.modifier_classes[anchor]
    met = np.ones(len(cue), np.bool_)
    for column in (arrays.needs_object, arrays.needs_doer, arrays.needs_counterpart):
        needed = column[cue]
        met &= (needed == 0) | (needed & objects != 0)
    form = arrays.needs_form[cue]
    verb = clauses.verb[anchor]
    met &= (form == 0) | ((form == 2) & verb) | ((form == 1) & ~verb)
    clause = arrays.needs_clause[cue]
    main = clauses.context[anchor] == 0
    stands[conditional] = met & ((clause == 0) | ((clause == 1) & main) | ((clause == 2) & ~main))


def _most_specific(
    stands: Bools, needs: npt.NDArray[np.int8], span: Ints, role: npt.NDArray[np.int8], count: int
) -> None:
    """Of the cues of one span in one role, those with the most conditions stand."""
    first = span >> 6
    rows = np.flatnonzero(any_in(first, stands & (needs != 0), count)[first] & stands)
    _highest(stands, rows, span[rows] * 64 + role[rows], needs[rows])


def _highest(stands: Bools, rows: Ints, key: npt.NDArray[Any], value: npt.NDArray[np.int8]) -> None:
    """Of the rows with one key, those with the highest value stand."""
    among, starts, lengths = crowded(key)
    if len(among):
        value = value[among]
        stands[rows[among]] = value == np.repeat(np.maximum.reduceat(value, starts), lengths)


_WORK_ORDER: Final = np.zeros((2, len(ROLES)), np.int8)
for _place, _names in enumerate((("object", "action", "service"), ("service", "action", "object"))):
    for _order, _name in enumerate(_names, 1):
        _WORK_ORDER[_place, ROLE[_name]] = 4 - _order
_WORKS: Final = _WORK_ORDER[0] != 0


def _one_work_role(
    stands: Bools, span: Ints, role: npt.NDArray[np.int8], anchor: Ints, clauses: Clauses
) -> None:
    """A word is action, object or service, not several: beside a verb an object, alone a service."""
    rows = np.flatnonzero(stands & _WORKS.take(role))
    order = _WORK_ORDER.take(~clauses.verbal[anchor[rows]] * len(ROLE) + role[rows])
    _highest(stands, rows, span[rows], order)


_DENYING: Final = function_set("negator", "without", "contrast", "only", "not_negation")
_ENDS_DENIAL: Final = function_set("but", "not_negation")


def _negation(words: Words, clauses: Clauses) -> tuple[Bools, Bools, Bools, Bools]:
    """Tokens that are negated, contrasted ("instead of"), limited ("only") or conceded ("not only").

    Negation reaches to the end of its clause, "without" and "instead of" to the next comma.
    """
    negated, contrasted, only, conceded = (np.zeros(words.count, np.bool_) for _ in range(4))
    denying = _DENYING.take(words.function)
    if not denying.any():
        return negated, contrasted, only, conceded
    some = np.flatnonzero(any_in(words.text, denying, words.tokens.count)[words.text])
    function, punctuation = words.function[some], words.punctuation[some]
    clause, sentence = clauses.clause[some], clauses.sentence[some]
    stop = _ENDS_DENIAL[function] | (punctuation == BREAK)
    clause_start = last_at(np.append(True, clause[1:] != clause[:-1]))
    sentence_start = last_at(np.append(True, sentence[1:] != sentence[:-1]))
    last_stop = last_at(stop)
    comma = last_at(punctuation == COMMA)
    negator, without, contrast, limit = (
        last_at(function == FUNCTION[name]) for name in ("negator", "without", "contrast", "only")
    )
    negated[some] = (negator >= clause_start) & (negator > last_stop)
    for place, target in ((without, negated), (contrast, contrasted)):
        target[some] |= (place >= sentence_start) & (place > last_stop) & (place > comma)
    only[some] = limit >= clause_start
    yielding = last_at(function == FUNCTION["not_negation"])
    but = function == FUNCTION["but"]
    conceded[some] = (yielding >= sentence_start) & (yielding > last_at(but))
    conceded[some] &= any_in(sentence, but, int(sentence[-1]) + 1)[sentence]
    return negated, contrasted, only, conceded


def _basic(words: Words, clauses: Clauses) -> Bools:
    """Nouns right behind "basic", "grundlegend" (their own noun phrase only)."""
    mark = words.function == FUNCTION["basic"]
    if not mark.any():
        return mark
    some = np.flatnonzero(any_in(words.text, mark, words.tokens.count)[words.text])
    text, head = words.text[some], (clauses.noun & ~clauses.modifier)[some]
    basic = last_at(mark[some])
    found = np.zeros(words.count, np.bool_)
    found[some] = (basic >= 0) & (text[np.maximum(basic, 0)] == text) & (basic > last_before(head))
    return found


def _in_clause(words: Words, clauses: Clauses, function: str) -> Bools:
    mark = words.function == FUNCTION[function]
    return any_in(clauses.clause, mark, clauses.clause_count)[clauses.clause] if mark.any() else mark
