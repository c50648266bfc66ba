"""Gates before the label (codebook 2.1): empty, no task, hands, presence, insufficient, mixed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from .decision import DecisionModel, Decisions, GateModel, decide
from .dimensions import ACTIVITIES, FOCUS
from .evidence import WeighedCues, settle
from .lexicon import Lexicon
from .lexicon.codes import LEVEL, role_set
from .reading.clauses import ASSIST, CONTEXTS, INCLUDING, INSIDE, MAIN, MEANS, OF_NOUN, PURPOSE
from .reading.columns import Bools, Ints, any_column, any_in
from .reading.hits import ACTING, ROLE, Reading
from .reading.names import governed_titles, in_compounds, nominal_tasks, only_names
from .reading.scope import manners, scope_sums, scope_weights, word_shares
from .scoring import Floats, scores

STATUSES: Final = (
    "ok", "empty", "not_a_task", "out_physical", "out_presence", "insufficient", "mixed",
)
OK, EMPTY, NOT_A_TASK, PHYSICAL, PRESENCE, INSUFFICIENT, MIXED = range(7)
_GOVERNED: Final = (MAIN, MEANS, ASSIST, INSIDE, INCLUDING, OF_NOUN, PURPOSE)
_TELLING: Final = role_set("service", "norm", "manner", "qualification", "channel", "volume", "purpose")
_NO_TASK: Final = role_set("prose", "trait")
_UNTELLING: Final = role_set("generic", "title", "department", "industry", "doer")
_IS_GOVERNED: Final = np.zeros(len(CONTEXTS), np.bool_)
_IS_GOVERNED[list(_GOVERNED)] = True
SAID: Final = 0.1  # the least that words must say of hands or presence
QUOTED: Final = 100  # thousandths from which a word is quoted for the status
CLEAR: Final = 0.1  # parts of a mixed task: P at most this, or at least one minus this
CLEAR_LISTED: Final = 0.3  # the same in lists without verbs, where each part has few words
MINORITY: Final = 2.5  # so many times the parts of the rarer side are at least all
CLEARER: Final = 0.06  # the same for a text in which one part of three stands against the others
CLEARER_MINORITY: Final = 3


@dataclass(slots=True, eq=False, repr=False)
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
    text = np.zeros(count, np.int64)
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
    numbers = np.flatnonzero(chosen).astype(np.int64)
    place = np.cumsum(chosen, dtype=np.int64) - 1
    evidence = settle(weighed, place[reading.hits.part], rows)
    part_scores, stated = scores(evidence, len(numbers))
    decided = decide(part_scores, stated, model)
    return Parts(
        numbers, text[numbers], evidence, part_scores, stated, decided, complete[numbers],
        ~clauses.has_verb[text[numbers]],
    )


def mixed_texts(parts: Parts | None, count: int) -> Bools:
    """Texts with a clear BPO part and a clear KPO part, each with its own verb and object."""
    if parts is None:
        return np.zeros(count, np.bool_)
    enough = parts.complete & (parts.stated.sum(axis=1) >= 2)
    chance = parts.decisions.probability
    all_parts = np.bincount(parts.text[parts.complete], minlength=count)
    mixed = np.zeros(count, np.bool_)
    for clear, share in ((np.where(parts.verbless, CLEAR_LISTED, CLEAR), MINORITY), (CLEARER, CLEARER_MINORITY)):
        low, high = (
            np.bincount(parts.text[enough & side], minlength=count) for side in (chance <= clear, chance >= 1 - clear)
        )
        # Of many parts a single one does not make a text mixed: the others dominate.
        mixed |= np.minimum(low, high) * share >= np.maximum(all_parts, 1)
    return mixed


def _object_or_manner(reading: Reading, telling: Bools, count: int) -> Bools:
    """Whether more is named than a bare verb or action noun: "Processing" alone says too little."""
    clauses, hits, words = reading.clauses, reading.hits, reading.words
    named = any_in(words.text, clauses.noun & (~clauses.action_noun | clauses.verbal) & ~clauses.modifier, count)
    named |= any_in(clauses.text_of_clause, clauses.has_object, count)
    manner = _TELLING.take(hits.role) | (hits.first != hits.last) | hits.compound
    named |= any_in(hits.text, manner & telling, count)
    # "Bookkeeping and accounting", "drafting of plans": two activities say what one alone does not.
    acting = np.flatnonzero(ACTING.take(hits.role))
    text, apart = hits.text[acting], hits.first[acting][1:] > hits.last[acting][:-1]
    several = any_in(text[1:], apart & (text[1:] == text[:-1]), count)
    return named | several & any_in(text, telling[acting], count)


def _bare(reading: Reading, telling: Bools, count: int) -> Bools:
    """A residue, a title or a department without an action: "Miscellaneous tasks, finance", "Team lead payroll"."""
    clauses, hits = reading.clauses, reading.hits
    generic = (hits.role == ROLE["generic"]) & ~in_compounds(reading)
    title = (hits.role == ROLE["title"]) & ((hits.context == MAIN) | (hits.first != hits.last)) & ~hits.compound
    if title.any():
        title &= ~governed_titles(reading)
    department = only_names(reading, "department", whole=True)
    if not (generic.any() or title.any() or department.any()):
        return np.zeros(count, np.bool_)
    acts = clauses.has_verb | nominal_tasks(reading, _UNTELLING)
    acts |= any_in(hits.text, (hits.role == ROLE["action"]) & telling, count)
    nothing = np.zeros(reading.words.count, np.bool_)
    nothing[hits.anchor[generic]] = True  # "various projects": a generic word says nothing, whatever else it may be
    rest = any_in(hits.text, telling & ~_UNTELLING.take(hits.role) & ~nothing[hits.anchor], count)
    return (any_in(hits.text, generic, count) & ~rest | any_in(hits.text, title, count) | department) & ~acts


@dataclass(slots=True, eq=False, repr=False)
class Gates:
    """Status of each text; what its words say of hands and presence, and what the margins weigh (`gate_features`)."""

    status: npt.NDArray[np.int8]
    said: npt.NDArray[np.int16] | None = None  # (tokens, 2), in thousandths
    features: Floats | None = None


def gate(
    reading: Reading, weighed: WeighedCues, stated: npt.NDArray[np.bool_], letters: Bools,
    lexicon: Lexicon, model: GateModel,
) -> Gates:
    """Status of each text, without the question whether it is mixed."""
    telling = weighed.telling
    words = reading.words
    unsaid = manners(words, lexicon)
    said = scope_weights(words, reading.clauses, unsaid, lexicon)
    sums = scope_sums(said, words)
    shared = sums * word_shares(words, unsaid)[:, None]
    features = gate_features(reading, shared + lexicon.scope.base[words.language] / LEVEL, telling)
    # Where no word says so, nothing is out of scope, however common that is.
    margin = margins(features, model)
    margin = np.where(sums < SAID, np.minimum(margin, 0.0), margin)
    status = _statuses(reading, telling, weighed.naming, stated, margin)
    status[~letters] = EMPTY
    return Gates(status, said, features)


def gate_features(reading: Reading, said: Floats, telling: Bools) -> Floats:
    """What the margins of the gates weigh: for hands and for presence what is said, and desk work; (texts, 2, 2)."""
    hits = reading.hits
    desk = telling & ACTING.take(hits.role) & ~hits.negated & ~hits.contrasted & _IS_GOVERNED.take(hits.context)
    features = np.empty((len(said), 2, 2))
    features[:, :, 0] = said
    features[:, :, 1] = any_in(hits.text, desk, len(said))[:, None]
    return features


def margins(features: Floats, model: GateModel) -> Floats:
    """Margins for hands and for presence, shape (texts, 2); column by column, so the same bits in any batch."""
    said, desk = features[:, :, 0], features[:, :, 1]
    weights = np.array([model.hands, model.presence])
    return weights[:, 0] + weights[:, 1] * said + weights[:, 2] * desk


def _told(reading: Reading) -> Bools:
    """Hits of what is told rather than asked for: the sentences of prose, the parts that tell of somebody's traits."""
    hits, clauses = reading.hits, reading.clauses
    told = np.zeros(len(hits.role), np.bool_)
    for role, places in (("prose", clauses.sentence[hits.anchor]), ("trait", hits.part)):
        some = hits.role == ROLE[role]
        if some.any():
            told |= any_in(places, some, int(places.max()) + 1)[places]
    return told


def _statuses(
    reading: Reading, telling: Bools, naming: Bools, stated: npt.NDArray[np.bool_], margin: Floats
) -> npt.NDArray[np.int8]:
    """Status by what prevails, in the order of the codebook's gates (later lines win)."""
    hits, clauses, count = reading.hits, reading.clauses, len(stated)
    no_task, place = _NO_TASK.take(hits.role), hits.role == ROLE["place"]
    tells = any_in(hits.text, no_task, count)
    task_evidence = any_in(hits.text, telling & ~_told(reading), count)
    nameable = any_in(hits.text, naming & ~no_task & ~place, count) | clauses.has_verb
    silent = ~any_column(stated)
    status = np.zeros(count, np.int8)
    status[silent] = INSUFFICIENT
    status[silent & ~nameable] = NOT_A_TASK
    bare = _bare(reading, telling, count)
    status[~silent & ~_object_or_manner(reading, telling, count) | bare] = INSUFFICIENT
    hands = margin[:, 0] >= margin[:, 1]
    out = (margin.max(axis=1) > 0) & ~(tells & ~task_evidence) & ~bare
    status[out] = np.where(hands[out], PHYSICAL, PRESENCE)
    status[tells & ~task_evidence & ((status == OK) | (status == INSUFFICIENT))] = NOT_A_TASK
    return status


@dataclass(slots=True, eq=False, repr=False)
class Quoted:
    """What made statuses, one entry a quotation: text, first and last token, separated particle or -1, its cue."""

    text: Ints
    first: Ints
    last: Ints
    partner: Ints
    cue: list[str]


def quoted(gates: Gates, reading: Reading, lexicon: Lexicon, forms: Sequence[str]) -> Quoted:
    """The words that made the status of their text: the quotes of its explanation."""
    words, hits = reading.words, reading.hits
    if gates.said is None:
        tokens = np.zeros(0, np.int64)
    else:
        own = gates.status[words.text]
        tokens = np.flatnonzero(
            (own == PHYSICAL) & (gates.said[:, 0] >= QUOTED) | (own == PRESENCE) & (gates.said[:, 1] >= QUOTED)
        )
    status = gates.status[hits.text]
    rows = np.flatnonzero(
        (status == NOT_A_TASK) & _NO_TASK.take(hits.role) | (status == INSUFFICIENT) & _UNTELLING.take(hits.role)
    )
    return Quoted(
        np.concatenate((words.text[tokens], hits.text[rows])), np.concatenate((tokens, hits.first[rows])),
        np.concatenate((tokens, hits.last[rows])), np.concatenate((words.partner[tokens], hits.partner[rows])),
        [*(forms[i] for i in words.form[tokens].tolist()), *(lexicon.cue_texts[i] for i in hits.cue[rows].tolist())],
    )
