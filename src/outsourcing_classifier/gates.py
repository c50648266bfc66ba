"""Gates before the label (codebook 2.1): empty, no task, hands, presence, insufficient, mixed."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from .decision import DecisionModel, Decisions, GateModel, decide
from .dimensions import ACTIVITIES, FOCUS
from .evidence import WeighedCues, settle
from .lexicon import Lexicon
from .lexicon.compile import FUNCTION
from .lexicon.tables import LEVEL, role_set
from .reading.clauses import ASSIST, CONTEXTS, INCLUDING, INSIDE, MAIN, MEANS, OF_NOUN, PURPOSE
from .reading.columns import Bools, Ints, any_column, any_in, before, masks_in
from .reading.hits import ROLE, Reading
from .reading.scope import scope_sums, scope_weights
from .scoring import Floats, scores

STATUSES: Final = (
    "ok", "empty", "not_a_task", "out_physical", "out_presence", "insufficient", "mixed",
)
OK, EMPTY, NOT_A_TASK, PHYSICAL, PRESENCE, INSUFFICIENT, MIXED = range(7)
FLAGS: Final = (
    "retain", "name_an_activity", "ito", "bare_service_name", "dominant_part", "occasional",
    "other_language", "truncated", "spelling",
)
PHYSICAL_CLASSES: Final = ("material", "machine", "food", "nature", "building")
PRESENCE_CLASSES: Final = ("body", "cared_for")
DESK_CLASSES: Final = ("software", "data", "record", "document", "report", "argument", "method", "plan")
_GOVERNED: Final = (MAIN, MEANS, ASSIST, INSIDE, INCLUDING, OF_NOUN, PURPOSE)
_TELLING: Final = ("service", "norm", "manner", "qualification", "channel", "volume", "purpose")
_UNTELLING: Final = role_set("generic", "title", "department", "industry", "doer")
_IS_GOVERNED: Final = np.zeros(len(CONTEXTS), np.bool_)
_IS_GOVERNED[list(_GOVERNED)] = True
SAID: Final = 0.1  # the least that words must say of hands or presence
CLEAR: Final = 0.1  # parts of a mixed task: P at most this, or at least one minus this
CLEAR_LISTED: Final = 0.25  # the same in lists without verbs, where each part has few words
MINORITY: Final = 3  # the rarer side has at least one of so many parts


@dataclass(slots=True)
class Parts:
    """Scored parts of a batch's texts, one entry a part; their evidence is grouped by it."""

    number: Ints
    text: Ints
    evidence: WeighedCues
    scores: Floats
    stated: npt.NDArray[np.bool_]
    decisions: Decisions
    complete: Bools
    verbless: Bools  # part of a text without verbs: a list of services or things


def score_parts(reading: Reading, weighed: WeighedCues, model: DecisionModel) -> Parts | None:
    """Score every part of the texts that have two or more complete ones; None where there are none."""
    clauses = reading.clauses
    if not clauses.clause_count:
        return None
    part_of_clause = clauses.part_of_clause
    count = int(part_of_clause[-1]) + 1
    text = np.zeros(count, np.int32)
    text[part_of_clause] = clauses.text_of_clause
    complete = any_in(part_of_clause, clauses.has_head, count)
    complete &= any_in(part_of_clause, clauses.has_object, count)
    texts = int(text.max()) + 1
    several = np.bincount(text[complete], minlength=texts) >= 2
    # A text whose parts all lean to one side is not mixed (sums of integers, exact as floats).
    leaning = weighed.weights[:, FOCUS] + weighed.weights[:, ACTIVITIES]
    lean = np.bincount(weighed.hits.part, leaning, count)
    for sign in (1, -1):
        several &= any_in(text, complete & (lean * sign > 0), texts)
    chosen = several[text]
    if not chosen.any():
        return None
    rows = np.flatnonzero(chosen[reading.hits.part])
    numbers = np.flatnonzero(chosen).astype(np.int32)
    place = np.cumsum(chosen, dtype=np.int32) - 1
    evidence = settle(weighed, place[reading.hits.part], rows)
    part_scores, stated = scores(evidence, len(numbers))
    decided = decide(part_scores, stated, model)
    verbal = any_in(reading.words.text, clauses.verb, texts)
    return Parts(
        numbers, text[numbers], evidence, part_scores, stated, decided, complete[numbers], ~verbal[text[numbers]],
    )


def mixed_texts(parts: Parts | None, count: int) -> Bools:
    """Texts with a clear BPO part and a clear KPO part, each with its own verb and object."""
    if parts is None:
        return np.zeros(count, np.bool_)
    enough = parts.complete & (parts.stated.sum(axis=1) >= 2)
    clear = np.where(parts.verbless, CLEAR_LISTED, CLEAR)
    low, high, all_parts = (
        np.bincount(parts.text[chosen], minlength=count) for chosen in (
            enough & (parts.decisions.probability <= clear), enough & (parts.decisions.probability >= 1 - clear),
            parts.complete,
        )
    )
    # Of many parts a single one does not make a text mixed: the others dominate.
    return np.minimum(low, high) * MINORITY >= np.maximum(all_parts, 1)


def mainly(reading: Reading, count: int) -> Bools:
    """Texts in which one part is said to rule ("mainly", "überwiegend")."""
    return any_in(reading.words.text, reading.words.function == FUNCTION["mainly"], count)


def _object_or_manner(reading: Reading, telling: Bools, count: int) -> Bools:
    """Whether more is named than a bare verb or action noun: "Processing" alone says too little."""
    clauses, hits, words = reading.clauses, reading.hits, reading.words
    verbal = any_in(clauses.clause, clauses.verb, clauses.clause_count)[clauses.clause]
    named = any_in(words.text, clauses.noun & (~clauses.action_noun | verbal) & ~clauses.modifier, count)
    named |= any_in(clauses.text_of_clause, clauses.has_object, count)
    manner = role_set(*_TELLING)[hits.role] | (hits.first != hits.last) | hits.compound
    named |= any_in(hits.text, manner & telling, count)
    # "Bookkeeping and accounting": two activities say what one alone does not.
    acting = (hits.role == ROLE["action"]) & telling
    same_text, other_word = hits.text[1:] == hits.text[:-1], hits.first[1:] != hits.first[:-1]
    again = acting & np.append(False, same_text & other_word & acting[:-1])
    named |= any_in(hits.text, again, count)
    return named


def _bare(reading: Reading, telling: Bools, count: int) -> Bools:
    """A residue or a title without an action: "Miscellaneous tasks, finance", "Senior specialist payroll"."""
    clauses, hits = reading.clauses, reading.hits
    acts = any_in(reading.words.text, clauses.verb, count)
    acts |= any_in(hits.text, (hits.role == ROLE["action"]) & telling, count)
    rest = any_in(hits.text, telling & ~_UNTELLING[hits.role], count)
    generic = any_in(hits.text, (hits.role == ROLE["generic"]) & ~hits.compound, count) & ~rest
    title = any_in(hits.text, (hits.role == ROLE["title"]) & (hits.context == MAIN) & ~hits.compound, count)
    return (generic | title) & ~acts


def _direct_objects(reading: Reading, desk: np.uint64) -> npt.NDArray[np.uint64]:
    """Classes of what a verb governs, one entry a clause; in "inventories of food" the records rule."""
    words, clauses = reading.words, reading.clauses
    direct = clauses.noun & ~clauses.modifier & (clauses.context == MAIN)
    deeper = clauses.noun & ~clauses.modifier & (clauses.context == OF_NOUN)
    masks = masks_in(clauses.clause, np.where(direct, words.classes, np.uint64(0)), clauses.clause_count)
    below = masks_in(clauses.clause, np.where(deeper, words.classes, np.uint64(0)), clauses.clause_count)
    masks |= np.where(masks & desk == 0, below, np.uint64(0))
    if not clauses.clause_count:
        return masks
    shared = masks_in(clauses.part_of_clause, masks, int(clauses.part_of_clause[-1]) + 1)
    return np.where(clauses.has_object, masks, shared[clauses.part_of_clause])


def _own_modifier(reading: Reading) -> npt.NDArray[np.uint64]:
    """Classes of the noun before an action noun: "equipment inspection"."""
    words, clauses = reading.words, reading.clauses
    return np.where(clauses.action_noun, before(words.classes, words.runs, 0), np.uint64(0))


@dataclass(slots=True)
class Gates:
    """Status of each text, and what speaks for it."""

    status: npt.NDArray[np.int8]
    signs: "_Signs | None" = None
    features: Floats | None = None  # see `gate_features`


@dataclass(slots=True)
class _Signs:
    """What speaks for each status, one entry a cue."""

    manual: Bools
    present: Bools
    desk: Bools
    hands_word: Bools  # may be done by hand
    presence_word: Bools  # may need presence
    place: Bools
    prose: Bools


def gate(
    reading: Reading, weighed: WeighedCues, stated: npt.NDArray[np.bool_], letters: Bools,
    lexicon: Lexicon, model: GateModel,
) -> Gates:
    """Status of each text, without the question whether it is mixed."""
    telling = weighed.telling
    signs = _signs(reading, telling, lexicon)
    features = gate_features(reading, signs, len(stated))
    status = _statuses(reading, signs, telling, stated, margins(features, model))
    status[~letters] = EMPTY
    return Gates(status, signs, features)


def gate_features(reading: Reading, signs: "_Signs", count: int) -> Floats:
    """What the margins of the gates weigh: for hands, then for presence, said, read and desk; shape (texts, 2, 3)."""
    said = scope_sums(scope_weights(reading.words, reading.clauses), reading.words)
    features = np.zeros((count, 2, 3))
    features[:, :, 0] = said
    features[:, 0, 1] = any_in(reading.hits.text, signs.manual, count)
    features[:, 1, 1] = any_in(reading.hits.text, signs.present, count)
    features[:, :, 2] = any_in(reading.hits.text, signs.desk, count)[:, None]
    return features


def margins(features: Floats, model: GateModel) -> Floats:
    """Margins for hands and for presence, shape (texts, 2); column by column, so the same bits in any batch."""
    found = np.zeros(features.shape[:2])
    for place, weights in enumerate((model.hands, model.presence)):
        found[:, place] = weights[0]
        for column, weight in enumerate(weights[1:]):
            found[:, place] += weight * features[:, place, column]
    # Where no word says so, nothing is out of scope, however common that is.
    silent = (features[:, :, 0] < SAID) & (features[:, :, 1] == 0)
    return np.where(silent, np.minimum(found, 0.0), found)


def _signs(reading: Reading, telling: Bools, lexicon: Lexicon) -> _Signs:
    """Cues of hands, presence and desk; a material counts only where it is governed."""
    hits, clauses = reading.hits, reading.clauses
    role, count = hits.role, reading.words.tokens.count
    gates = lexicon.arrays.gates[hits.cue]
    hands, presence = gates[:, 0], gates[:, 1]
    physical = np.uint64(lexicon.mask(*PHYSICAL_CLASSES))
    desk_things = np.uint64(lexicon.mask(*DESK_CLASSES))
    bodily = np.uint64(lexicon.mask(*PRESENCE_CLASSES))
    objects = _direct_objects(reading, desk_things)[hits.clause] if len(hits) else np.zeros(0, np.uint64)
    objects = objects | reading.words.modifier_classes[hits.anchor] | _own_modifier(reading)[hits.anchor]
    has_physical, has_desk = objects & physical != 0, objects & desk_things != 0
    action = role_set("action", "service")[role] & ~hits.negated & ~hits.contrasted
    action &= _IS_GOVERNED[hits.context]
    place = role == ROLE["place"]
    site = any_in(hits.text, place & (hands > 0), count)[hits.text]
    stage = any_in(hits.text, place & (presence > 0), count)[hits.text]
    manual = action & (
        (hands >= LEVEL) & ~(has_desk & ~has_physical) | (hands > 0) & (has_physical | site & ~has_desk)
    )
    present = action & (
        (presence >= LEVEL) | (presence > 0) & ((objects & bodily != 0) | stage & ~has_desk)
    )
    # "Arrange for transport": where a desk verb rules the clause, manual nouns are what it is about.
    verb = clauses.verb[hits.anchor] & (hits.context == MAIN)
    telling_verb = verb & action & telling & ~manual & ~present
    ruled = any_in(hits.clause, telling_verb, clauses.clause_count)[hits.clause] & ~verb
    manual &= ~ruled
    present &= ~ruled
    return _Signs(
        manual=manual, present=present, desk=action & telling & ~manual & ~present,
        hands_word=action & (hands > 0), presence_word=action & (presence > 0), place=place,
        prose=role == ROLE["prose"],
    )


def _statuses(
    reading: Reading, signs: _Signs, telling: Bools, stated: npt.NDArray[np.bool_], margin: Floats
) -> npt.NDArray[np.int8]:
    """Status by what prevails, in the order of the codebook's gates (later lines win)."""
    hits, clauses, words, count = reading.hits, reading.clauses, reading.words, len(stated)
    prose_sentence = any_in(
        clauses.sentence[hits.anchor], signs.prose, int(clauses.sentence[-1]) + 1 if words.count else 0
    )
    has_prose = any_in(hits.text, signs.prose, count)
    task_evidence = any_in(hits.text, telling & ~prose_sentence[clauses.sentence[hits.anchor]], count)
    nameable = any_in(hits.text, ~signs.prose & ~signs.place, count) | any_in(words.text, clauses.verb, count)
    silent = ~any_column(stated)
    status = np.zeros(count, np.int8)
    status[silent] = INSUFFICIENT
    status[silent & ~nameable] = NOT_A_TASK
    bare = _bare(reading, telling, count)
    status[~silent & ~_object_or_manner(reading, telling, count) | bare] = INSUFFICIENT
    hands = margin[:, 0] >= margin[:, 1]
    out = (margin.max(axis=1) > 0) & ~(has_prose & ~task_evidence) & ~bare
    status[out] = np.where(hands[out], PHYSICAL, PRESENCE)
    status[has_prose & ~task_evidence & ((status == OK) | (status == INSUFFICIENT))] = NOT_A_TASK
    return status


def made(result: Gates, reading: Reading, lexicon: Lexicon) -> Bools:
    """Which cues made the status of their text: the quotes of its explanation."""
    hits, signs, status = reading.hits, result.signs, result.status
    if signs is None:
        return np.zeros(len(hits), np.bool_)
    gates = lexicon.arrays.gates[hits.cue]
    own = status[hits.text]
    thing = (hits.role == ROLE["object"]) | signs.place
    found = (own == PHYSICAL) & (signs.hands_word | thing & (gates[:, 0] > 0))
    found |= (own == PRESENCE) & (signs.presence_word | thing & (gates[:, 1] > 0))
    found |= (own == NOT_A_TASK) & signs.prose
    found |= (own == INSUFFICIENT) & role_set("generic", "department", "industry", "title")[hits.role]
    return found
