"""A batch of texts as tokens with language, word class and grammar function."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..lexicon import Lexicon
from ..lexicon.codes import FUNCTION, ROLES, function_set, role_set
from ..lexicon.phrases import PhraseMatches
from ..lexicon.words import ACTION_NOUN, CAPITAL, GERUND, INFINITIVE, KNOWN, NOUN, OTHER, VERB
from ..text.runs import group_starts, numbered, spanned
from ..text.tokens import Tokens
from .columns import Bools, Ints, Runs, after, runs_of
from .forms import BREAK, LINE, WORD, FormArrays, FormTable

EN, DE = 0, 1
_THINGS = (
    "object", "norm", "doer", "counterpart", "channel", "service", "title", "department", "industry", "place",
)
_ACTION = ROLES.index("action")
_FLAG = ROLES.index("flag")
_THING = role_set(*_THINGS)
_FIXED = role_set("action", *_THINGS)  # phrases that count in a text of the other language
_DENIALS = function_set("negator", "without")
_PARTNER = function_set("partner")


@dataclass(slots=True, eq=False, repr=False)
class Words:
    """Tokens of a batch after language and phrases are settled; all columns one entry a token."""

    tokens: Tokens
    language: npt.NDArray[np.int8]  # one entry a text
    foreign: Bools  # neither language explains much of the text; one entry a text
    text: Ints
    runs: Runs
    side: npt.NDArray[np.int8]
    other_language: Bools
    kind: npt.NDArray[np.int16]
    function: npt.NDArray[np.int8]
    classes: npt.NDArray[np.uint64]
    modifier_classes: npt.NDArray[np.uint64]
    punctuation: npt.NDArray[np.int8]
    form: Ints
    entry: Ints  # place of the form in the columns of `forms`, on the side it is read
    phrase: Ints  # the cue of the phrase that names a thing and holds the token, else -1
    covered: Bools  # part of a phrase cue: single cues do not count here
    phrases: PhraseMatches  # phrase cues kept; payload is the cue row
    partner: Ints  # the particle that completes a separated verb, else -1
    forms: FormArrays
    colon: int  # number of the form ":"
    service: Bools  # names of services
    neutral: Bools  # heads such as "services", which hand their reading on

    @property
    def count(self) -> int:
        """How many tokens."""
        return len(self.text)

    @property
    def content(self) -> Bools:
        """Words that are no grammar words."""
        return (self.function == 0) & (self.punctuation == WORD)


def read_words(
    table: FormTable, lexicon: Lexicon, tokens: Tokens, language: int | None
) -> Words:
    """Tokens of a batch with what the vocabularies say of them."""
    forms = table.arrays()
    language_of, foreign = _languages(tokens, forms, language)
    tokens = _without_wrapped_lines(tokens, forms, language_of)
    form, partner = _reunite(table, tokens, forms, language_of)
    forms = table.arrays()
    text = tokens.text
    side = language_of[text] if len(text) else np.zeros(0, np.int8)
    own_entry = 2 * form + side
    entry = forms.entry[own_entry]
    words = Words(
        tokens=tokens, language=language_of, foreign=foreign, text=text, runs=runs_of(text),
        side=(entry & 1).astype(np.int8), other_language=entry != own_entry,
        kind=forms.read_kind[own_entry], function=forms.function[own_entry],
        entry=entry, classes=forms.classes[entry],
        modifier_classes=forms.modifier_classes[entry],
        punctuation=forms.punctuation[form], form=form,
        phrase=np.full(len(text), -1, np.int64), covered=np.zeros(len(text), np.bool_),
        phrases=PhraseMatches(*(np.zeros(0, np.int64),) * 3), partner=partner, forms=forms,
        colon=table.colon, service=np.zeros(len(text), np.bool_), neutral=np.zeros(len(text), np.bool_),
    )
    if len(text):
        _apply_phrases(words, lexicon, side, own_entry)
    words.service, words.neutral = (
        words.classes & np.uint64(lexicon.mask(name)) != 0 for name in ("service", "neutral_head")
    )
    return words


def _languages(
    tokens: Tokens, forms: FormArrays, language: int | None
) -> tuple[npt.NDArray[np.int8], Bools]:
    """The nearer language of each text; foreign where the words of neither explain a third of it."""
    best = np.zeros(tokens.count, np.int8)
    foreign = np.zeros(tokens.count, np.bool_)
    if len(tokens.text):
        starts = group_starts(tokens.text)
        rows = tokens.text[starts]
        best[rows] = np.add.reduceat(forms.preference[tokens.form], starts) > 0
        word = forms.punctuation[tokens.form] == WORD
        total = np.add.reduceat(word, starts, dtype=np.int64)
        explained = np.add.reduceat(word & forms.explained[tokens.form], starts, dtype=np.int64)
        foreign[rows] = (total >= 4) & (explained * 3 < total)
    if language is not None:
        best[:] = language
    return best, foreign


def _without_wrapped_lines(tokens: Tokens, forms: FormArrays, language: npt.NDArray[np.int8]) -> Tokens:
    """A line end counts where a new task begins behind it; elsewhere the line is only wrapped.

    English: a verb follows (a word that may be a noun as well must have a capital); German: an
    infinitive stands before. Never behind "and".
    """
    lines = np.flatnonzero(forms.punctuation[tokens.form] == LINE)
    if not len(lines):
        return tokens
    text, form = tokens.text, tokens.form
    german = language[text[lines]] == DE
    behind, front = np.minimum(lines + 1, len(form) - 1), np.maximum(lines - 1, 0)
    has_front = (lines > 0) & (text[front] == text[lines])
    entry = 2 * form[behind] + language[text[behind]]
    kind = forms.kind[entry]
    verb = (kind & (VERB | GERUND) != 0) & (kind & KNOWN != 0) & (forms.function[entry] == 0)
    sure = verb & ((kind & (NOUN | ACTION_NOUN) == 0) | (kind & CAPITAL != 0))
    sure &= (lines + 1 < len(form)) & (text[behind] == text[lines])
    entry = 2 * form[front] + language[text[front]]
    ends = np.where(german, (forms.kind[entry] & INFINITIVE != 0) & has_front, sure)
    ends &= ~((forms.function[entry] == FUNCTION["and"]) & has_front)
    kept = np.ones(len(form), np.bool_)
    kept[lines[~ends]] = False
    return tokens.take(kept)


def _reunite(
    table: FormTable, tokens: Tokens, forms: FormArrays, language: npt.NDArray[np.int8]
) -> tuple[Ints, Ints]:
    """Separable verbs: "gibt Rechnungen ein" is read as "eingeben" at "gibt".

    The particle ends its clause (before punctuation, "und", or the end of the text).
    """
    form: Ints = tokens.form
    text = tokens.text
    partner = np.full(len(form), -1, np.int64)
    particles = np.flatnonzero(forms.particle[form])
    particles = particles[language[text[particles]] == DE]
    last = particles + 1 == len(form)
    behind = np.where(last, particles, particles + 1)
    last |= text[behind] != text[particles]
    follower = form[behind]
    ends = last | (forms.punctuation[follower] != WORD) | (forms.function[2 * follower + 1] == FUNCTION["and"])
    particles = particles[ends]
    bases = np.flatnonzero(forms.separable[form])
    bases = bases[forms.kind[2 * form[bases] + 1] & (CAPITAL | NOUN) != CAPITAL | NOUN]
    if not len(particles) or not len(bases):
        return form, partner
    place = np.searchsorted(bases, particles) - 1
    base = bases[np.maximum(place, 0)]
    breaks = np.flatnonzero(forms.punctuation[form] == BREAK)
    cut = np.searchsorted(breaks, particles) > np.searchsorted(breaks, base)
    fits = (place >= 0) & (text[base] == text[particles]) & ~cut
    base, particles = base[fits], particles[fits]
    pairs = form[base].astype(np.int64) << 32 | form[particles]
    pair, inverse = numbered(pairs)
    joined = np.array([table.infinitive(both >> 32, both & 0xFFFFFFFF) for both in pair.tolist()], np.int64)
    made = joined[inverse]
    known = made >= 0
    form = form.copy()
    form[base[known]] = made[known]
    partner[base[known]] = particles[known]
    return form, partner


def _apply_phrases(
    words: Words, lexicon: Lexicon, side: npt.NDArray[np.int8], own_entry: Ints
) -> None:
    """Grammar phrases become functions, phrase cues cover their words."""
    forms = words.forms
    word = words.punctuation == WORD
    ends = words.runs.last + 1
    limit = np.repeat(ends, ends - words.runs.first)
    found = []
    for other, entry in enumerate((own_entry, own_entry ^ 1)):  # the language of the text, then the other
        language = (1 - side if other else side).astype(np.int64)
        begins = forms.opens[entry] & after(forms.continues[entry], words.runs, False)
        begins |= forms.opens_any[entry]
        if other:
            begins &= forms.silent[own_entry]
        starts = np.flatnonzero(begins)
        found.append(lexicon.phrases.match(
            starts, language[starts], forms.lemma[entry], forms.head[entry], limit, word
        ))
    own, foreign_found = found
    usable = (foreign_found.payload >= 0) & _FIXED[lexicon.arrays.role[np.maximum(foreign_found.payload, 0)]]
    matches = PhraseMatches(
        np.concatenate((own.first, foreign_found.first[usable])),
        np.concatenate((own.last, foreign_found.last[usable])),
        np.concatenate((own.payload, foreign_found.payload[usable])),
    )
    foreign = np.arange(len(matches.first)) >= len(own.first)
    grammar = _longest(matches, matches.payload < 0, words.count)
    _, place = spanned(matches.first[grammar], matches.last[grammar])
    words.function[place] = 0
    words.kind[place] = KNOWN
    words.punctuation[place] = WORD
    words.function[matches.first[grammar]] = -matches.payload[grammar]
    flag = (matches.payload >= 0) & (lexicon.arrays.role[np.maximum(matches.payload, 0)] == _FLAG)
    cues = _longest(matches, (matches.payload >= 0) & ~flag, words.count)
    words.other_language[matches.first[cues[foreign[cues]]]] = True
    _cover(words, lexicon, matches.take(cues))
    words.phrases = matches.take(np.concatenate((cues, np.flatnonzero(flag))))  # flags cover nothing


def _cover(words: Words, lexicon: Lexicon, kept: PhraseMatches) -> None:
    """What the words of a phrase cue are for the grammar: one noun, one verb, or nothing."""
    roles = lexicon.arrays.role[kept.payload]
    rows, place = spanned(kept.first, kept.last)
    words.covered[place] = True
    is_action = (roles == _ACTION)[rows]
    is_thing = _THING[roles][rows]
    last = place == kept.last[rows]
    grammar = words.function[kept.first].copy()  # "gemeinsam mit" is a cue and opens a partner
    words.function[place[_DENIALS[words.function[place]] | is_thing | is_action | ~last]] = 0
    opens = _PARTNER[grammar]
    words.function[kept.first[opens]] = grammar[opens]
    words.punctuation[place] = WORD
    words.kind[place[is_thing]] = NOUN | KNOWN
    words.kind[place[~is_thing & ~is_action]] = OTHER | KNOWN
    words.phrase[place[is_thing]] = kept.payload[rows[is_thing]]
    words.classes[place[is_thing]] = lexicon.arrays.classes[kept.payload[rows[is_thing]]]


def _longest(matches: PhraseMatches, wanted: Bools, count: int) -> Ints:
    """Matches that stand: the longest, then the leftmost; several cues of one span stay together."""
    rows = np.flatnonzero(wanted)
    first, last = matches.first[rows], matches.last[rows]
    priority = (last - first + 1).astype(np.int64) << 32 | (count - first)
    span, place = spanned(first, last)
    highest = np.zeros(count, np.int64)
    np.maximum.at(highest, place, priority[span])
    stands = np.ones(len(rows), np.bool_)
    stands[span[highest[place] != priority[span]]] = False
    kept = rows[stands]
    first = matches.first[kept]
    return kept[np.argsort((first * 64 + (matches.last[kept] - first) << 32) + matches.payload[kept], kind="stable")]
