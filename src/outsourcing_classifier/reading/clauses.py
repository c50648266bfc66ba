"""Verbs and nouns of each clause, the grammatical context of each noun, and the clauses themselves.

Everything is decided for all tokens of a batch at once: "the last preposition before this noun,
if no verb stands between" is one running maximum over positions.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ..lexicon.codes import FUNCTION, function_set
from ..lexicon.words import (
    ACTION_NOUN,
    ADVERB,
    CAPITAL,
    GERUND,
    KNOWN,
    LETTERS,
    NOUN,
    NUMBER,
    OTHER,
    PARTICIPLE,
    THIRD,
    VERB,
)
from ..text.letters import any_of
from ..text.runs import group_starts
from .columns import Bools, Ints, after, any_in, before, last_at, last_before
from .forms import BREAK, CLOSE, COMMA, LINE, OPEN, SLASH, WORD
from .tokens import DE, EN, Words

# Where a word stands: what governs it.
(
    MAIN, INSTRUMENT, PARTNER, MEANS, CONTAINER, TOPIC, ADDRESSEE, TO, DOER, PURPOSE, INCLUDING,
    ASSIST, INSIDE, SUBORDINATE, MODIFIER, OF_NOUN, WITHOUT, HEADING, COLUMN_HEAD,
) = range(19)
CONTEXTS: Final = (
    "main", "instrument", "partner", "means", "container", "topic", "addressee", "to", "doer",
    "purpose", "including", "assist", "inside", "subordinate", "modifier", "of_noun", "without",
    "heading", "column_head",
)
_CONTEXT_OF: Final = {
    "by": INSTRUMENT, "instrument": INSTRUMENT, "with": INSTRUMENT, "partner": PARTNER,
    "means": MEANS, "in": INSIDE, "container": CONTAINER, "topic": TOPIC, "for": ADDRESSEE,
    "to": TO, "zu": TO, "of": OF_NOUN, "as": DOER, "purpose": PURPOSE, "including": INCLUDING,
    "assisting": ASSIST, "without": WITHOUT, "contrast": WITHOUT,
}
_PREPOSITION: Final = np.zeros(len(FUNCTION), np.bool_)
_CONTEXT: Final = np.zeros(len(FUNCTION), np.int8)
for _name, _context in _CONTEXT_OF.items():
    _PREPOSITION[FUNCTION[_name]] = True
    _CONTEXT[FUNCTION[_name]] = _context
_VERB_CONTEXT: Final = np.arange(len(CONTEXTS), dtype=np.int8)
_VERB_CONTEXT[[INSTRUMENT, OF_NOUN, TOPIC, CONTAINER]] = [MEANS, MAIN, MAIN, MAIN]
_VERB_CONTEXT[[INSIDE, TO, ADDRESSEE, DOER, PARTNER]] = [ASSIST, ASSIST, ASSIST, MAIN, MEANS]

# Function of the word behind a verb that has an object; of the word before a verb; articles.
_LEADS: Final = function_set("", "determiner", "article", "genitive", "adjective", "pronoun", "negator", "basic")
_BEFORE_VERB: Final = function_set("modal", "pronoun", "purpose_clause")
_MODAL: Final = function_set("modal", "auxiliary")
_DETERMINERS: Final = function_set("determiner", "genitive")
_IN_PHRASE: Final = function_set("", "adjective")  # between article and noun
_THING_CONTEXTS: Final = np.zeros(len(CONTEXTS), np.bool_)
_THING_CONTEXTS[[MAIN, OF_NOUN, PARTNER, TOPIC]] = True
_BREAKS: Final = np.zeros(7, np.bool_)
_BREAKS[[BREAK, OPEN, CLOSE, LINE]] = True
_HEADING_WORDS: Final = 3
_COMMAS: Final = np.zeros(7, np.bool_)
_COMMAS[[COMMA, SLASH]] = True


@dataclass(slots=True, eq=False, repr=False)
class Clauses:
    """Columns of one entry a token, and of one entry a clause."""

    verb: Bools
    noun: Bools
    verbal: Bools  # in a clause with a verb
    action_noun: Bools
    modifier: Bools  # a noun before the head of its noun phrase
    context: npt.NDArray[np.int8]
    sentence: Ints
    clause: Ints
    part: Ints  # clauses that share one object count as one part
    parenthesis: Bools
    subject: Bools  # before the verb of an English or finite German clause
    clause_count: int
    part_of_clause: Ints
    text_of_clause: Ints
    has_head: Bools  # one entry a clause
    has_object: Bools
    has_verb: Bools  # one entry a text


@dataclass(slots=True, eq=False, repr=False)
class _Merged:
    """Clause of each token, and columns of one entry a clause."""

    clause: Ints
    part_of_clause: Ints
    text_of_clause: Ints
    has_head: Bools
    has_object: Bools


def _is(words: Words, *names: str) -> Bools:
    return any_of(*(words.function == FUNCTION[name] for name in names))


def read_clauses(words: Words) -> Clauses:
    """Clauses, word classes and contexts of a batch."""
    kind, count = words.kind, words.count
    first = np.zeros(count, np.bool_)
    first[words.runs.first] = True
    breaks = _breaks(words, first)
    coordinator = (_is(words, "and", "but") | _COMMAS.take(words.punctuation)) & ~breaks
    sentence_start = last_at(breaks | first)
    verb, gerund_noun = _verbs(words, breaks, coordinator, first, sentence_start)
    unknown = (kind & (KNOWN | ADVERB | NUMBER) == 0) & (kind & LETTERS != 0) & (words.function == 0)
    unknown &= (words.side == EN) | (kind & CAPITAL != 0)
    noun = ((kind & (NOUN | ACTION_NOUN) != 0) | gerund_noun | unknown) & ~verb
    noun &= (words.function == 0) | (kind & (NOUN | ACTION_NOUN) != 0) & ~_PREPOSITION.take(words.function)
    action_noun = noun & ((kind & ACTION_NOUN != 0) | gerund_noun)
    has_verb = any_in(words.text, verb, words.tokens.count)
    verbless = ~has_verb[words.text]
    modifier = _modifiers(words, noun, verbless)
    head = noun & ~modifier
    sentence = np.cumsum(breaks | first, dtype=np.int64) - 1
    subordinate = _subordinate(words, breaks)
    context = _contexts(words, verb, head, action_noun, coordinator, breaks, first, sentence, sentence_start)
    context[np.flatnonzero(modifier & (context == MAIN))] = MODIFIER
    context[np.flatnonzero(subordinate & (context != DOER))] = SUBORDINATE
    context[np.flatnonzero(_examples(words, verb, breaks, sentence) & (context == MAIN))] = INCLUDING
    heading, column_head = _headings(words)
    context[np.flatnonzero(heading & (noun | verb))] = HEADING
    context[np.flatnonzero(column_head & (noun | verb))] = COLUMN_HEAD
    opened, closed = ((words.punctuation == mark).view(np.int8) for mark in (OPEN, CLOSE))
    depth = np.cumsum(opened - closed, dtype=np.int32)
    base = depth - opened
    parenthesis = depth - np.repeat(base[words.runs.first], words.runs.last - words.runs.first + 1) > 0
    clauses = _merge(words, verb, noun, head, action_noun, context, coordinator | breaks | first, sentence, verbless)
    verbal = any_in(clauses.clause, verb, len(clauses.has_head))[clauses.clause]
    return Clauses(
        verb=verb, noun=noun, verbal=verbal, action_noun=action_noun, modifier=modifier, context=context,
        sentence=sentence, clause=clauses.clause, part=clauses.part_of_clause[clauses.clause],
        parenthesis=parenthesis, subject=_subjects(words, verb, head, clauses.clause, context),
        clause_count=len(clauses.has_head), part_of_clause=clauses.part_of_clause,
        text_of_clause=clauses.text_of_clause, has_head=clauses.has_head, has_object=clauses.has_object,
        has_verb=has_verb,
    )


def _breaks(words: Words, first: Bools) -> Bools:
    """Ends of sentences and lines, list marks, brackets, numbering."""
    punctuation = words.punctuation
    breaks = _BREAKS.take(punctuation)
    numbering = first & (words.kind & NUMBER != 0)
    return breaks | numbering


def _verbs(
    words: Words, breaks: Bools, coordinator: Bools, first: Bools, sentence_start: Ints
) -> tuple[Bools, Bools]:
    """Which tokens are verbs here, and which English -ing forms are nouns."""
    runs, kind, function = words.runs, words.kind, words.function
    english = words.side == EN
    can_verb = (kind & VERB != 0) & (function == 0)
    nominal = kind & (NOUN | ACTION_NOUN) != 0
    start = first | before(breaks, runs, True)
    adverb = (kind & (ADVERB | OTHER) != 0) & ~nominal & ~can_verb
    start |= before(start & adverb, runs, False)
    next_kind = after(kind, runs, 0)
    next_function = after(function, runs, 0)
    word = words.punctuation == WORD
    next_word = after(word, runs, False)
    leads = _LEADS.take(next_function)
    has_object = next_word & leads
    pure_action = (next_kind & (ACTION_NOUN | GERUND) != 0) & (next_kind & VERB == 0)
    last_action = pure_action & ~after(next_word & leads, runs, False)
    opening = start & has_object & ~last_action
    pair = start & after(coordinator, runs, False) & (
        after(after(can_verb, runs, False), runs, False)
    )
    base_form = kind & THIRD == 0
    behind = before(function, runs, 0)
    to_verb = (behind == FUNCTION["to"]) & base_form & (has_object | ~nominal)
    modal = _BEFORE_VERB.take(behind)
    english_verb = can_verb & (~nominal | opening | pair | to_verb | modal | (behind == FUNCTION["not_negation"]))
    english_verb |= can_verb & (behind == FUNCTION["negator"]) & before(_MODAL.take(behind), runs, False)
    any_verb = last_at(english_verb | ((kind & GERUND != 0) & start))
    earlier = (any_verb >= sentence_start) & (any_verb >= 0)
    # "Enter orders, scan and index contracts": both act.
    chained = base_form & after(coordinator & after(can_verb & has_object, runs, False), runs, False)
    joined = before(coordinator, runs, False) & (has_object | chained) & earlier
    # "Lawyers check the contracts": two nouns have no article behind them.
    doer = before(nominal & ~(start & can_verb), runs, False)
    joined |= ~earlier & doer & _DETERMINERS.take(next_function)
    english_verb |= can_verb & nominal & joined
    # "The incoming post": behind an article nothing acts.
    inside_phrase = before(_DETERMINERS.take(function), runs, False)
    inside_phrase |= before(inside_phrase & ~nominal & word & _IN_PHRASE.take(function), runs, False)
    inside_phrase &= can_verb & base_form
    english_verb &= ~inside_phrase
    # "Copy analyses": one verb commands, the form behind it is its object.
    commanded = (kind & THIRD != 0) & ~nominal & before(start & english_verb & base_form, runs, False)
    english_verb &= ~commanded
    near_auxiliary = before(_is(words, "auxiliary"), runs, False)
    near_auxiliary |= before(near_auxiliary & ~nominal, runs, False)
    near_auxiliary |= before(before(near_auxiliary & ~nominal, runs, False), runs, False)
    english_verb |= (kind & PARTICIPLE != 0) & near_auxiliary & (kind & VERB == 0)
    gerund = (kind & GERUND != 0) & (kind & KNOWN != 0) & (function == 0)
    gerund_noun = gerund & _as_names(words, english_verb, nominal, start, next_word & leads, coordinator)
    gerund_noun |= commanded | inside_phrase & (next_function == FUNCTION["of"])  # "the capture of vouchers"
    gerund_verb = gerund & ~gerund_noun
    capital = kind & CAPITAL != 0
    german_verb = can_verb & (~capital | (start & ~nominal))
    german_noun = can_verb & capital & ~start & ~nominal
    verb = english & (english_verb | gerund_verb) | ~english & german_verb
    return verb, english & gerund_noun & ~english_verb | ~english & german_noun


def _as_names(
    words: Words, english_verb: Bools, nominal: Bools, start: Bools, has_object: Bools, coordinator: Bools
) -> Bools:
    """Where an English -ing form names something: "the filing of", "bookkeeping", "start hiring"."""
    runs, kind = words.runs, words.kind
    before_kind = before(kind, runs, 0)
    behind = before(words.function, runs, 0)
    behind_noun = (before_kind & (NOUN | ACTION_NOUN) != 0) & (before_kind & VERB == 0) & ~start
    behind_noun |= (before_kind & (KNOWN | LETTERS) == LETTERS) & (behind == 0) & ~start
    behind_verb = before(english_verb & ~(kind & GERUND != 0), runs, False)
    behind_verb &= after(nominal | (kind == LETTERS), runs, False)
    closing = ~has_object & ~start & ~before(coordinator, runs, False)
    # "Bookkeeping and accounting", "Publishing services": names of services, no object behind them.
    neutral_next = after(words.neutral, runs, False)
    service = nominal & (~has_object | neutral_next)
    return behind_noun | _DETERMINERS.take(behind) | behind_verb | closing | service


def _modifiers(words: Words, noun: Bools, verbless: Bools) -> Bools:
    """In a run of nouns the last is the head; "-dienste", "services" hand the reading back."""
    runs = words.runs
    joined = (words.side == EN) & (after(words.side, runs, EN) == EN)
    glued = after(words.tokens.glued, runs, False)
    modifier = noun & after(noun, runs, False) & (joined | glued)
    # "Capacity simulation line 4": where no verb stands, a head that says nothing is neutral too.
    acts = (words.kind & ACTION_NOUN != 0) | words.service
    silent_head = noun & ~modifier & verbless & (words.forms.cue_count[words.entry] == 0)
    hand_back = modifier & (after(words.neutral & ~modifier, runs, False) | acts & after(silent_head, runs, False))
    return modifier & ~hand_back


def _headings(words: Words) -> tuple[Bools, Bools]:
    """Up to three words before the first colon of a text ("Payroll: …").

    With a preposition at their end they are the head of a column and say nothing ("Expertise in: …").
    """
    colon = words.form == words.colon
    if not colon.any():
        return colon, colon
    opening = np.flatnonzero(colon & after(words.punctuation == WORD, words.runs, False))
    place = opening - words.runs.first[np.searchsorted(words.runs.first, opening, "right") - 1]
    early = (place > 0) & (place <= _HEADING_WORDS)
    opening, place = opening[early], place[early]
    heading, column_head = np.zeros(words.count, np.bool_), np.zeros(words.count, np.bool_)
    for length in range(1, _HEADING_WORDS + 1):
        inside = opening[place >= length]
        heading[inside - length] = True
        column_head[(inside - length)[_PREPOSITION[words.function[inside - 1]]]] = True
    return heading, column_head


def _subordinate(words: Words, breaks: Bools) -> Bools:
    """Inside "so that …", "which …", "um … zu": up to the next comma or break."""
    marker = _is(words, "purpose_clause", "relative")
    found = np.zeros(words.count, np.bool_)
    some = np.flatnonzero(any_in(words.text, marker, words.tokens.count)[words.text])
    text, own = words.text[some], marker[some]
    last_marker = last_at(own)
    inside = (last_marker > last_at((breaks | (words.punctuation == COMMA))[some])) & ~own
    found[some] = inside & (text[np.maximum(last_marker, 0)] == text)
    return found


def _examples(words: Words, verb: Bools, breaks: Bools, sentence: Ints) -> Bools:
    """German: behind "z. B." up to the next break, where the clause before it has its verb already.

    "Projekte abschließen, z. B. Berichte verfassen": a step of the task, not a task of its own.
    """
    mark = _is(words, "including") & (words.side == DE)
    if not mark.any():
        return mark
    last_verb = last_before(verb)
    start = last_at(np.append(True, sentence[1:] != sentence[:-1]))
    return last_at(mark & (last_verb >= start)) > np.maximum(last_at(breaks), start - 1)


def _contexts(
    words: Words, verb: Bools, head: Bools, action_noun: Bools, coordinator: Bools,
    breaks: Bools, first: Bools, sentence: Ints, sentence_start: Ints,
) -> npt.NDArray[np.int8]:
    """What governs each noun (and each verb behind a preposition)."""
    runs, function = words.runs, words.function
    next_verb = after(verb, runs, False)
    infinitive_marker = _is(words, "to", "zu") & (next_verb | after(after(verb, runs, False) & ~head, runs, False))
    preposition = _PREPOSITION.take(function) & ~infinitive_marker
    closer = verb | breaks | _is(words, "purpose_clause", "relative", "but")
    text_start = last_at(first)
    last_preposition = last_at(preposition)
    last_closer = last_before(closer)
    last_head = last_before(head)
    last_coordinator = last_before(coordinator)
    floor = np.maximum(last_closer, text_start - 1)
    own = last_preposition > np.maximum(floor, last_head)
    own_context = _CONTEXT.take(function[np.maximum(last_preposition, 0)])
    of = own & (own_context == OF_NOUN)
    follows = last_head > floor
    governor = np.maximum(last_head, 0)
    # "Dienstleistungen zur Erfassung von Belegen": what such a head is for is the work itself.
    own_context = own_context * ~(own & follows & (own_context == PURPOSE) & words.neutral[governor])  # MAIN is 0
    genitive = last_at(_is(words, "genitive")) > last_head
    linked = follows & ~own & ((last_coordinator > last_head) | genitive)
    verb_in_sentence = _sentence_has(verb, sentence)
    named = action_noun | words.service
    listing = named & linked & (last_coordinator > last_head) & ~verb_in_sentence
    if listing.any():
        rows = np.flatnonzero(listing)
        heads = np.flatnonzero(head)
        linked[rows] = ~action_noun[heads[np.searchsorted(heads, sentence_start[rows])]]  # the first of its sentence
    inherits = (linked | (of & follows)) & ~verb
    fresh = own_context * (own & ~(of & follows))  # MAIN is 0
    fresh[np.flatnonzero(of & ~follows & own)] = CONTAINER
    source = last_at(head & ~inherits)
    context = fresh.copy()
    heirs = np.flatnonzero(inherits)
    context[heirs] = fresh[np.maximum(source[heirs], 0)]
    # "Outsourcing von X", "services of X": a neutral head hands its reading on.
    passes_on = action_noun | words.neutral
    dependent = (of & follows | (linked & genitive)) & ~passes_on[governor] & (context == MAIN)
    context[np.flatnonzero(dependent & head)] = OF_NOUN
    verbs = np.flatnonzero(verb)
    context[verbs] = _VERB_CONTEXT.take(own_context[verbs]) * own[verbs]
    purpose = verb & before(infinitive_marker, runs, False) & (words.side == EN)
    purposes = np.flatnonzero(purpose)
    earlier = np.flatnonzero(verb | head)
    place = np.searchsorted(earlier, purposes) - 1
    behind = (place >= 0) & (earlier[np.maximum(place, 0)] >= sentence_start[purposes]) if len(earlier) else place >= 0
    context[purposes[behind]] = PURPOSE
    return context


def _sentence_has(mark: Bools, sentence: Ints) -> Bools:
    return any_in(sentence, mark, int(sentence[-1]) + 1)[sentence] if len(mark) else mark


def _merge(
    words: Words, verb: Bools, noun: Bools, head: Bools, action_noun: Bools, context: npt.NDArray[np.int8],
    boundary: Bools, sentence: Ints, verbless: Bools,
) -> _Merged:
    """Segments between commas and "and" become clauses: one verb or action noun with its objects."""
    count = words.count
    segment = np.cumsum(boundary, dtype=np.int64) - 1 if count else np.zeros(0, np.int64)
    total = int(segment[-1]) + 1 if count else 0
    main_verb = verb & (context == MAIN)
    governed = _sentence_has(main_verb, sentence)  # action nouns are objects where a verb rules
    service = head & words.service
    # Inventories list things without verbs: there each thing stands for what is done with it.
    main_head = main_verb | (head & (action_noun | service | verbless) & (context == MAIN) & ~governed)
    segment_head = any_in(segment, main_head, total)
    starts = np.flatnonzero(boundary)
    segment_sentence = sentence[starts]
    sentence_start = np.append(True, segment_sentence[1:] != segment_sentence[:-1])[:total]
    last_word = np.append(starts[1:], count) - 1
    ends_in_verb = (verb & (words.side == DE))[last_word] if count else np.zeros(0, np.bool_)
    previous_ends = np.append(False, ends_in_verb[:-1])[:total]
    definite = sentence_start | (~segment_head & previous_ends & ~sentence_start)
    has_word = any_in(segment, head | verb, total)
    definite &= sentence_start | has_word
    new = definite | (segment_head & (last_before(segment_head) >= last_at(definite)))
    clause_of_segment = np.cumsum(new, dtype=np.int64) - 1
    clause = clause_of_segment[segment] if count else segment
    clauses = int(clause[-1]) + 1 if count else 0
    has_head = any_in(clause, main_head, clauses)
    thing = head & ~action_noun & _THING_CONTEXTS.take(context)
    compound_action = action_noun & head & (words.modifier_classes != 0)
    run_action = action_noun & head & before(noun, words.runs, False)
    has_object = any_in(clause, thing | compound_action | run_action | service, clauses)
    first_token = group_starts(clause)
    part_of_clause = _parts(has_head, has_object, sentence[first_token], words.side[first_token])
    return _Merged(clause, part_of_clause, words.text[first_token], has_head, has_object)


def _parts(has_head: Bools, has_object: Bools, sentence: Ints, side: npt.NDArray[np.int8]) -> Ints:
    """A clause without an object shares its neighbour's: "scan and index contracts" is one part."""
    count = len(has_head)
    if not count:
        return np.zeros(0, np.int64)
    complete = has_head & has_object
    same_next = np.append(sentence[1:] == sentence[:-1], False)
    same_last = np.append(False, sentence[1:] == sentence[:-1])
    join_last = ~complete & same_last & ((side == DE) | ~same_next)
    join_next = ~complete & same_next & ~join_last
    new = ~join_last & ~np.append(False, join_next[:-1])
    return np.cumsum(new, dtype=np.int64) - 1


def _subjects(words: Words, verb: Bools, head: Bools, clause: Ints, context: npt.NDArray[np.int8]) -> Bools:
    """Nouns before the first verb of their clause, with more nouns behind it: "Lawyers check documents"."""
    count = words.count
    if not count:
        return head
    total = int(clause[-1]) + 1
    first_verb = np.full(total, count, np.int64)
    places = np.flatnonzero(verb)
    first_verb[clause[places][::-1]] = places[::-1]
    last_head = np.full(total, -1, np.int64)
    heads = np.flatnonzero(head)
    last_head[clause[heads]] = heads
    end = np.where(last_head > first_verb, first_verb, -1)
    return head & (context == MAIN) & (np.arange(count) < end[clause])
