"""Clauses × cues → evidence: what each cue says of each dimension, and what grammar makes of it.

Grammar acts on scores by modifiers only. A modifier is a factor, or it switches a cue off; what is
switched off stays in the table with contribution 0 and the name of the reason. Sources of the
rules: codebook 1.1-1.9; collisions: "Instrument > verb > object > title > department > industry".
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from .dimensions import ACTIVITIES, CONTACT, DIMENSIONS, DRIVER, FOCUS, PROCESS, SPECIALIZATION
from .lexicon import Lexicon
from .lexicon.codes import LEVEL, function_set, role_set
from .reading.clauses import (
    ADDRESSEE,
    ASSIST,
    COLUMN_HEAD,
    CONTAINER,
    CONTEXTS,
    DOER,
    HEADING,
    INCLUDING,
    INSIDE,
    INSTRUMENT,
    MAIN,
    MEANS,
    MODIFIER,
    OF_NOUN,
    PARTNER,
    PURPOSE,
    SUBORDINATE,
    TO,
    TOPIC,
    WITHOUT,
)
from .reading.columns import Bools, Ints, after, any_column, any_in, last_until
from .reading.hits import ACTING, ROLE, Hits, Reading
from .text.runs import crowded, group_runs, group_starts

# How much of a cue counts in a context, in thousandths: role → {context: factor}, 0 elsewhere.
_ACTION: Final = {
    MAIN: 1000, MEANS: 1000, ASSIST: 1000, INSIDE: 750, INCLUDING: 750, OF_NOUN: 500, PURPOSE: 500,
    ADDRESSEE: 500, TO: 500, TOPIC: 250,
}
_OBJECT: Final = {
    MAIN: 1000, ASSIST: 750, OF_NOUN: 500, TOPIC: 500, MEANS: 500, INCLUDING: 500,
}
# "from the master layout", "when all rule checks are green"
_NORM: Final = {INSTRUMENT: 1000, MEANS: 1000, CONTAINER: 1000, SUBORDINATE: 750, INSIDE: 500}
_COUNTERPART: Final = {PARTNER: 1000, TO: 1000}
# Prepositions before a counterpart, and where one stands who takes part in an exchange.
_WITH: Final = function_set("with")
_OTHER_MEANS: Final = function_set("by", "instrument")
_HANDING: Final = function_set("to")
_RELATION: Final = function_set("zu")
_EXCHANGE: Final = np.zeros(len(CONTEXTS), np.bool_)
_EXCHANGE[[MAIN, INSTRUMENT, PARTNER, TO]] = True
_LITTLE: Final = 200  # thousandths: so little makes no label by itself
_OWN_SIDE: Final = 50  # colleagues and supervisors of the doer: exchange with them is no contact
_SLIGHT: Final = 200  # below, a verb says only that somebody is spoken to; the counterpart decides
_SERVICE: Final = {MAIN: 1000, ASSIST: 750, INSIDE: 500, ADDRESSEE: 500, TOPIC: 500, OF_NOUN: 750, INCLUDING: 750}
_EVERYWHERE: Final = dict.fromkeys(range(len(CONTEXTS)), 1000)
_AS_TOPIC: Final = (TOPIC, OF_NOUN, ADDRESSEE, SUBORDINATE, MODIFIER)
_NOT_AS_TOPIC: Final = {c: f for c, f in _EVERYWHERE.items() if c not in _AS_TOPIC}
_NO_COLOUR: Final = (ADDRESSEE, CONTAINER, DOER, INSTRUMENT, PARTNER, SUBORDINATE, TO)
_FACTORS: Final = {
    "action": _ACTION, "object": _OBJECT, "norm": _NORM, "manner": _EVERYWHERE, "doer": {DOER: 1000},
    "qualification": _EVERYWHERE, "counterpart": _COUNTERPART, "channel": _NOT_AS_TOPIC,
    "volume": _EVERYWHERE, "frequency": _EVERYWHERE, "purpose": _EVERYWHERE, "service": _SERVICE,
    "title": {DOER: 1000},
    # What surrounds the work colours it; who gets it, does it or what it is done with does not.
    "word": {c: f for c, f in _EVERYWHERE.items() if c not in _NO_COLOUR} | {INSIDE: 500},
}
_FACTOR: Final = np.zeros((len(ROLE), len(CONTEXTS)), np.int32)
for _role, _by_context in _FACTORS.items():
    for _context, _factor in _by_context.items():
        _FACTOR[ROLE[_role], _context] = _factor
_FACTOR[:, COLUMN_HEAD] = 0
_FACTOR[:, WITHOUT] = _FACTOR[:, MAIN]  # what is missing is read, then negated
_FACTOR[ROLE["norm"], WITHOUT] = _FACTOR[ROLE["norm"], INSTRUMENT]

_SECONDARY: Final = (ASSIST, INSIDE, INCLUDING, PURPOSE, ADDRESSEE, TO, TOPIC, OF_NOUN)
_IS_SECONDARY: Final = np.zeros(len(CONTEXTS), np.bool_)
_IS_SECONDARY[list(_SECONDARY)] = True
RANK_STATED, RANK_VERB, RANK_OBJECT, RANK_SECONDARY, RANK_TITLE = 6, 5, 4, 3, 2
_RANK: Final = np.full(len(ROLE), RANK_STATED, np.int8)
for _role, _rank in {
    "action": RANK_VERB, "service": RANK_VERB, "object": RANK_OBJECT, "counterpart": RANK_OBJECT,
    "title": RANK_TITLE, "department": 1, "industry": 0,
}.items():
    _RANK[ROLE[_role]] = _rank

_DOING: Final = role_set("doer", "title")
_EXPLICIT: Final = role_set("norm", "manner", "qualification", "doer", "purpose", "volume", "frequency")
_WEAK_VERB: Final = 300  # below, a verb switches nothing off
SLIGHT_CONTACT: Final = 60  # less than this words do not say of contact together
_EXPERT: Final = 500  # a counterpart that speaks for expert exchange
_MOST_CUES: Final = (1 << 31) // LEVEL  # whose weights int32 can add up
_WEAK_DOMAIN: Final = 500  # a domain named in passing says less than what is done with it

Bits = npt.NDArray[np.uint8]  # of a row, one bit a dimension
_PLACES: Final = np.arange(len(DIMENSIONS), dtype=np.uint8)
_CONTACT_BIT: Final = np.uint8(1 << CONTACT)

# What a cue is for its dimension: in force, or why not.
IN_FORCE, NO_WEIGHT, CONTEXT, NEGATED, CONTRASTED, SAME_ROLE, REPEATED, OUTRANKED, ALONE = range(9)
STATES: Final = ("", "", "context", "negated", "contrasted", "same_role", "repeated", "outranked", "alone")


@dataclass(slots=True, eq=False, repr=False)
class WeighedCues:
    """Cues of a batch with their weights; (cues, 6) arrays in thousandths.

    ``weights`` are after factors and negation, ``state`` says why a weight is not in force,
    ``group`` is the text (or part) a cue counts for.
    """

    hits: Hits
    given: npt.NDArray[np.int32]
    weights: npt.NDArray[np.int32]
    state: npt.NDArray[np.int8]
    factor: npt.NDArray[np.int32]
    rank: npt.NDArray[np.int8]
    group: Ints

    @property
    def telling(self) -> Bools:
        """Cues that are in force for some dimension and say more than a little."""
        return any_column(np.abs(self.in_force) >= _LITTLE) & (self.hits.role != ROLE["word"])

    @property
    def naming(self) -> Bools:
        """Cues that name something that could be done: all but words that no more than hint of contact."""
        return (self.hits.role != ROLE["word"]) | any_column(self.given[:, :CONTACT] != 0)

    @property
    def in_force(self) -> npt.NDArray[np.int32]:
        """Weights that count."""
        return self.weights * (self.state == IN_FORCE)


def weigh(reading: Reading, lexicon: Lexicon) -> WeighedCues:
    """Weights of all cues after the modifiers of their own clause; nothing is settled yet."""
    hits, arrays = reading.hits, lexicon.arrays
    given = arrays.weights.take(hits.cue, axis=0)
    factor = _factors(reading, lexicon, given)
    rank = _ranks(reading, lexicon, given)
    damped = factor >> hits.basic >> hits.occasional  # each halves
    weights = _scaled(given, damped)
    silent, lost = given == 0, weights == 0
    state = silent.view(np.int8) * np.int8(NO_WEIGHT) + (lost & ~silent).view(np.int8) * np.int8(CONTEXT)
    _settle_exchange(reading, given, weights, state)
    _negate(hits, weights, state)
    return WeighedCues(hits, given, weights, state, factor, rank, hits.text)


def settle(evidence: WeighedCues, group: Ints, rows: Ints | None = None) -> WeighedCues:
    """Settle collisions inside each group (text or part) before anything is added.

    In one role and clause the strongest cue of each pole counts; a cue counts once in a group;
    where poles collide, the lower rank is switched off. Learned words are not settled
    among each other: all of them count, beside cues or where there are none.
    """
    if rows is None:  # whole texts: cues stand in the order of the texts already
        settled = replace(evidence, state=evidence.state.copy(), group=group)
    else:
        order = rows[np.argsort(group[rows], kind="stable")]
        settled = WeighedCues(
            evidence.hits.take(order), evidence.given.take(order, axis=0), evidence.weights.take(order, axis=0),
            evidence.state.take(order, axis=0), evidence.factor[order], evidence.rank[order], group[order],
        )
    if len(settled.group):
        poles = _bits(settled.weights > 0), _bits(settled.weights < 0)
        runs = group_runs(settled.group)
        _strongest(settled)
        _repeated(settled)
        _outrank(settled, *runs, *poles)
        _colour(settled, *runs, *poles)
    return settled


def totals(evidence: WeighedCues, count: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Sums of weights and of absolute weights in force, shape (count, 6), exact."""
    weights = evidence.in_force
    sums = np.zeros((count, 6), np.int64)
    sizes = np.zeros((count, 6), np.int64)
    if len(weights):
        starts = group_starts(evidence.group)
        groups = evidence.group[starts]
        size = _added(np.abs(weights), starts)
        sums[groups] = 2 * _added(np.maximum(weights, 0), starts) - size
        sizes[groups] = size
    return sums, sizes


def _added(weights: npt.NDArray[np.int32], starts: Ints) -> npt.NDArray[np.int64]:
    """Sums of rows of weights that are not negative; two columns are added as one number of 64 bits."""
    if len(weights) >= _MOST_CUES:
        return np.add.reduceat(weights, starts, axis=0, dtype=np.int64)
    return np.add.reduceat(weights.view(np.int64), starts, axis=0).view(np.int32).astype(np.int64)


def _scaled(weights: npt.NDArray[np.int32], factor: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """Weights times factors in thousandths, cut towards 0; most factors are 1."""
    scaled = weights * (factor != 0)[:, None]
    rows = np.flatnonzero((factor != LEVEL) & (factor != 0))
    product = weights[rows] * factor[rows, None]  # at most a million: int32 holds it
    scaled[rows] = np.where(product < 0, -(-product // LEVEL), product // LEVEL)
    return scaled


def _factors(reading: Reading, lexicon: Lexicon, given: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    hits, clauses, words = reading.hits, reading.clauses, reading.words
    factor = _FACTOR.take(hits.role.astype(np.int64) * len(CONTEXTS) + hits.context)
    anchor, role = hits.anchor, hits.role
    person = words.classes[anchor] & np.uint64(lexicon.mask("person")) != 0
    as_doer = clauses.subject[anchor] | clauses.parenthesis[anchor]
    as_doer |= (hits.context == INSTRUMENT) & person  # "checked by lawyers"
    doing = _DOING.take(role)
    factor[doing & as_doer] = LEVEL
    _address(reading, given, factor)
    prose = role == ROLE["prose"]
    if prose.any():
        told = any_in(clauses.sentence[anchor], prose, int(clauses.sentence[-1]) + 1)[clauses.sentence[anchor]]
        factor[(role == ROLE["word"]) & told] = 0
    frequency = role == ROLE["frequency"]
    channel = words.classes & np.uint64(lexicon.mask("channel")) != 0
    meeting = after(channel, words.runs, False)  # "weekly workshops": the meeting is weekly
    factor[frequency & meeting[hits.last]] = 0
    # A heading counts only where nothing else says anything ("Payroll: special cases").
    heading = hits.context == HEADING
    if heading.any():
        weighty = (factor > 0) & any_column(given != 0)
        rest = any_in(hits.text, weighty & ~heading, int(hits.text[-1]) + 1)
        factor[heading] = np.where(rest[hits.text[heading]], 0, _FACTOR[role[heading], MAIN])
    return factor


def _address(reading: Reading, given: npt.NDArray[np.int32], factor: npt.NDArray[np.int32]) -> None:
    """How much of a counterpart counts, by its preposition and by the verb; changes `factor`."""
    hits, clauses, function = reading.hits, reading.clauses, reading.words.function
    rows = np.flatnonzero(hits.role == ROLE["counterpart"])
    if not len(rows):
        return
    anchor, context = hits.anchor[rows], hits.context[rows]
    with_person, by, handed, related = (
        last_until(names.take(function), anchor) for names in (_WITH, _OTHER_MEANS, _HANDING, _RELATION)
    )
    # "With the client's engineers", but not "prepared by engineers".
    factor[rows[(context == INSTRUMENT) & (with_person > by)]] = LEVEL
    talking = _talking_clauses(reading, given)[hits.clause[rows]]
    # "Send plans to architects": handed over without a word; but "Kontakte zu Verbänden".
    factor[rows[(context == TO) & (handed > related) & ~talking]] = LEVEL // 2
    factor[rows[(context == MAIN) & talking & ~clauses.subject[anchor]]] = LEVEL


def _settle_exchange(
    reading: Reading, given: npt.NDArray[np.int32], weights: npt.NDArray[np.int32], state: npt.NDArray[np.int8]
) -> None:
    """What a clause says of contact, by who talks with whom (codebook 1.7); changes weights and states."""
    hits, clauses = reading.hits, reading.clauses
    action, counterpart = (hits.role == ROLE[name] for name in ("action", "counterpart"))
    rows = ((given[:, CONTACT] != 0) & (action | counterpart & _EXCHANGE.take(hits.context))).nonzero()[0]
    if not len(rows):
        return
    contact, talking, clause = given[rows, CONTACT], action[rows], hits.clause[rows]
    # "Speak with colleagues": the exchange stays on the doer's own side and is no contact.
    own = ~talking & (np.abs(contact) <= _OWN_SIDE)
    inside = any_in(clause, own, clauses.clause_count) & ~any_in(clause, ~talking & ~own, clauses.clause_count)
    silent = own | (talking & (inside[clause] | (np.abs(contact) < _SLIGHT)))
    none = rows[silent]
    given[none, CONTACT] = weights[none, CONTACT] = 0
    state[none, CONTACT] = NO_WEIGHT
    # "Confer with engineers": verb and counterpart are one exchange, the stronger of them counts.
    size = weights[rows, CONTACT] * 2 + talking
    exchange = size > 1
    best = np.zeros(clauses.clause_count, size.dtype)
    np.maximum.at(best, clause[exchange], size[exchange])
    state[rows[exchange & (size < best[clause])], CONTACT] = SAME_ROLE


def _talking_clauses(reading: Reading, given: npt.NDArray[np.int32]) -> Bools:
    """Clauses in which somebody is spoken or written to."""
    hits = reading.hits
    channel = (hits.role == ROLE["channel"]).nonzero()[0]
    channel = channel[_FACTOR[ROLE["channel"], hits.context[channel]] > 0]
    talking = np.zeros(reading.clauses.clause_count, np.bool_)
    talking[hits.clause[channel]] = True
    talking[hits.clause[((hits.role == ROLE["action"]) & (given[:, CONTACT] != 0)).nonzero()[0]]] = True
    return talking


def _ranks(
    reading: Reading, lexicon: Lexicon, given: npt.NDArray[np.int32]
) -> npt.NDArray[np.int8]:
    hits, clauses = reading.hits, reading.clauses
    rank = _RANK.take(hits.role)
    acting = ACTING.take(hits.role)
    rank[acting & _IS_SECONDARY.take(hits.context)] = RANK_SECONDARY
    assisting = np.zeros(clauses.clause_count, np.bool_)
    assisting[hits.clause[lexicon.flag_strengths["assist"][hits.cue]]] = True
    # "Support the annual audit by pulling vouchers": what is supported counts less than the means.
    rank[acting & ~clauses.verb[hits.anchor] & assisting[hits.clause]] = RANK_SECONDARY
    has_verb = np.zeros(clauses.clause_count, np.bool_)
    has_verb[clauses.clause[clauses.verb & (clauses.context == MAIN)]] = True
    # "Prognosen abtippen": beside a verb an action noun or a service is its object.
    governed = acting & ~clauses.verb[hits.anchor] & has_verb[hits.clause] & (rank == RANK_VERB)
    rank[governed] = RANK_OBJECT
    rank[hits.conceded] = RANK_TITLE
    # "Notify the auditors": a notice to experts is neither pole.
    rank[(hits.role == ROLE["counterpart"]) & (given[:, CONTACT] >= _EXPERT)] = RANK_VERB
    domain = (hits.role == ROLE["qualification"]) & (np.abs(given[:, SPECIALIZATION]) < _WEAK_DOMAIN)
    rank[domain] = RANK_SECONDARY
    return rank


def _negate(hits: Hits, weights: npt.NDArray[np.int32], state: npt.NDArray[np.int8]) -> None:
    """Codebook 1.9, negation: explicit statements turn, everything else is removed."""
    if not (hits.negated.any() or hits.contrasted.any()):
        return
    rows = np.flatnonzero(hits.negated & ~hits.contrasted)
    explicit = _EXPLICIT[hits.role[rows]]
    before = weights[rows]
    turned = np.zeros_like(before)
    for dimension, low, high in ((PROCESS, 500, -1000), (SPECIALIZATION, 500, -1000), (DRIVER, 0, -500)):
        turned[:, dimension] = np.where(
            explicit, np.where(before[:, dimension] < 0, low, np.where(before[:, dimension] > 0, high, 0)), 0
        )
    for dimension in (FOCUS, ACTIVITIES):
        turned[:, dimension] = np.where(hits.only[rows] & (before[:, dimension] > 0), -500, 0)
    weights[rows] = turned
    state[rows] = np.where((before != 0) & (turned == 0), NEGATED, state[rows])
    contrasted = np.flatnonzero(hits.contrasted)
    state[contrasted] = np.where(weights[contrasted] != 0, CONTRASTED, state[contrasted])
    weights[contrasted] = 0


def _strongest(evidence: WeighedCues) -> None:
    """Of the cues of one role (and rank) and clause the strongest of each pole stays in force, the first of equals."""
    hits = evidence.hits
    key = ((evidence.group.astype(np.int64) << 32 | hits.clause) * 32 + hits.role) * 8 + evidence.rank
    cues = np.flatnonzero(hits.role != ROLE["word"])
    order, starts, lengths = crowded(key[cues])
    if not len(order):
        return
    order = cues[order]
    state = evidence.state.take(order, axis=0)
    live = evidence.weights.take(order, axis=0) * (state == IN_FORCE)
    place = (np.arange(len(order), dtype=np.int32) - np.repeat(starts, lengths).astype(np.int32))[:, None]
    weaker = np.zeros(live.shape, np.bool_)
    for sign in (1, -1):
        size = (live * sign * 65536 + (65535 - place)) * (live * sign > 0)
        best = np.repeat(np.maximum.reduceat(size, starts, axis=0), lengths, axis=0)
        weaker |= (size > 0) & (size < best)
    evidence.state[order] = state + weaker * np.int8(SAME_ROLE)  # what is weaker was in force: 0


def _repeated(evidence: WeighedCues) -> None:
    """A cue counts once in a group, the first time that it says anything."""
    key = evidence.group.astype(np.int64) << 32 | evidence.hits.cue
    several, *_ = crowded(key)
    live = several[any_column(evidence.state.take(several, axis=0) == IN_FORCE)]
    if not len(live):
        return
    again = live[np.append(False, key[live][1:] == key[live][:-1])]
    evidence.state[again] = np.where(evidence.state[again] == IN_FORCE, REPEATED, evidence.state[again])


def _bits(marks: Bools) -> Bits:
    """The columns of each row as bits."""
    bits = np.zeros(len(marks), np.uint8)
    for place in range(marks.shape[1]):
        bits |= marks[:, place].view(np.uint8) << np.uint8(place)
    return bits


def _columns(bits: Bits) -> npt.NDArray[np.int8]:
    """The bits of each row as columns, 0 or 1."""
    return (bits[:, None] >> _PLACES & 1).view(np.int8)


def _outrank(evidence: WeighedCues, starts: Ints, lengths: Ints, up: Bits, down: Bits) -> None:
    """Where poles collide in a group, the lower rank is switched off; `up`, `down`: poles of the weights."""
    live = _bits(evidence.state == IN_FORCE) * (evidence.hits.role != ROLE["word"])
    up, down = up & live, down & live
    # Most groups have one pole in each dimension.
    collide = np.bitwise_or.reduceat(up, starts) & np.bitwise_or.reduceat(down, starts)
    rows = np.flatnonzero((up | down) & np.repeat(collide, lengths))
    if not len(rows):
        return
    # A verb that says little itself is no more than its object ("give an opinion").
    weak = (evidence.rank[rows] == RANK_VERB) & ~any_column(np.abs(evidence.weights.take(rows, axis=0)) >= _WEAK_VERB)
    rank = (np.where(weak, RANK_OBJECT, evidence.rank[rows]) + 1).astype(np.int8)[:, None]
    starts, lengths = group_runs(evidence.group[rows])
    above, below = _columns(up[rows]), _columns(down[rows])
    for_up, for_down = (np.maximum.reduceat(side * rank, starts, axis=0) for side in (above, below))
    group = np.repeat(np.arange(len(starts)), lengths)
    up_loses, down_loses = (
        ((one < other) & (one > 0)).take(group, axis=0) for one, other in ((for_up, for_down), (for_down, for_up))
    )
    loses = (above & up_loses | below & down_loses) * np.int8(OUTRANKED)
    evidence.state[rows] = evidence.state.take(rows, axis=0) + loses  # what loses was in force: 0


def contact_decided(evidence: WeighedCues) -> Bools:
    """Cues beside which words do not hint of contact: those that state it, and those that are denied."""
    state = evidence.state[:, CONTACT]
    said = (state == IN_FORCE) | (state == NEGATED) | (state == CONTRASTED)
    return (evidence.given[:, CONTACT] != 0) & said & (evidence.hits.role != ROLE["word"])


def _hinted(evidence: WeighedCues, word: Bools, group: Ints, count: int) -> Bools:
    """Groups in which words together say enough of contact, and nothing has decided it."""
    rows = (word & (evidence.weights[:, CONTACT] != 0) & (evidence.state[:, CONTACT] == IN_FORCE)).nonzero()[0]
    hint = np.bincount(group[rows], evidence.weights[rows, CONTACT], count)
    return (np.abs(hint) >= SLIGHT_CONTACT) & ~any_in(group, contact_decided(evidence), count)


def _colour(evidence: WeighedCues, starts: Ints, lengths: Ints, up: Bits, down: Bits) -> None:
    """Learned words speak of what cues in force speak of, never against an explicit statement.

    Where no cue of the group is in force at all, two of them or more speak alone. Of contact they speak where no cue
    states or denies it, if what they say together is more than slight.
    """
    word = evidence.hits.role == ROLE["word"]
    rows = np.flatnonzero(word)
    if not len(rows):
        return
    every = np.repeat(np.arange(len(starts)), lengths)
    group = every[rows]
    live = _bits(evidence.state == IN_FORCE)
    stated = live * _EXPLICIT.take(evidence.hits.role)
    said, high, low = (np.bitwise_or.reduceat(side, starts) for side in (live * ~word, up & stated, down & stated))
    live = live[rows]
    against = live & ((high & ~low)[group] & down[rows] | (low & ~high)[group] & up[rows])
    live &= ~against
    several = np.bincount(group, live != 0, len(starts)) > 1
    nothing = said == 0
    said = said & ~_CONTACT_BIT | (_hinted(evidence, word, every, len(starts)) & ~nothing) * _CONTACT_BIT
    said = np.where(several & nothing, ~_CONTACT_BIT, said)
    alone = live & ~said[group]
    some = np.flatnonzero(against | alone)
    # What is switched off was in force: 0.
    evidence.state[rows[some]] += _columns(against[some]) * np.int8(OUTRANKED) + _columns(alone[some]) * np.int8(ALONE)
