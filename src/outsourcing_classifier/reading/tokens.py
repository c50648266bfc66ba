"""A batch of texts as tokens with language, word class and grammar function."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..lexicon import Lexicon
from ..lexicon.compile import FUNCTION
from ..lexicon.phrases import PhraseMatches
from ..lexicon.tables import ROLES
from ..lexicon.words import ACTION_NOUN, GERUND, KNOWN, NOUN, OTHER, VERB
from ..text.tokens import Tokens
from .columns import Bools, Ints, after, before, last_at
from .forms import BREAK, WORD, FormArrays, FormTable

EN, DE = 0, 1
_NOUNISH = NOUN | ACTION_NOUN | GERUND
_THING_ROLES = [ROLES.index(name) for name in (
    "object", "norm", "doer", "counterpart", "channel", "service", "title", "department",
    "industry", "place",
)]
_ACTION = ROLES.index("action")


@dataclass(slots=True)
class Words:
    """Tokens of a batch after language and phrases are settled; all columns one entry a token."""

    tokens: Tokens
    language: npt.NDArray[np.int8]  # one entry a text
    foreign: Bools  # neither language explains much of the text; one entry a text
    text: Ints
    side: npt.NDArray[np.int8]
    other_language: Bools
    kind: npt.NDArray[np.int32]
    function: npt.NDArray[np.int8]
    classes: npt.NDArray[np.uint64]
    modifier_classes: npt.NDArray[np.uint64]
    punctuation: npt.NDArray[np.int8]
    form: Ints
    covered: Bools  # part of a phrase cue: single cues do not count here
    phrases: PhraseMatches  # phrase cues kept; payload is the cue row
    partner: Ints  # the particle that completes a separated verb, else -1
    forms: FormArrays
    neutral_mask: int  # object class of heads such as "services"

    @property
    def count(self) -> int:
        return len(self.text)


def read_words(
    table: FormTable, lexicon: Lexicon, texts: Sequence[str], language: int | None
) -> Words:
    """Tokens of the texts with what the vocabularies say of them."""
    tokens = table.chunks.encode(texts)
    forms = table.arrays()
    language_of, foreign = _languages(tokens, forms, language)
    form, partner = _reunite(table, tokens, forms, language_of)
    forms = table.arrays()
    text = tokens.text
    side = language_of[text] if len(text) else np.zeros(0, np.int8)
    other = 1 - side
    kind, function = forms.kind[side, form], forms.function[side, form].copy()
    other_kind = forms.kind[other, form]
    borrow = (
        (kind & KNOWN == 0) & (function == 0) & (other_kind & _NOUNISH != 0)
        & (forms.function[other, form] == 0) & (forms.punctuation[form] == WORD)
    )
    borrowed_kind = np.where(
        other_kind & GERUND != 0, other_kind | ACTION_NOUN, other_kind
    ) & ~(VERB | GERUND)
    kind = np.where(borrow, borrowed_kind, kind)
    effective = np.where(borrow, other, side)
    words = Words(
        tokens=tokens, language=language_of, foreign=foreign, text=text, side=effective,
        other_language=borrow, kind=kind, function=function,
        classes=forms.classes[effective, form],
        modifier_classes=forms.modifier_classes[effective, form],
        punctuation=forms.punctuation[form], form=form,
        covered=np.zeros(len(text), np.bool_),
        phrases=PhraseMatches(*(np.zeros(0, np.int32),) * 3), partner=partner, forms=forms,
        neutral_mask=lexicon.mask("neutral_head"),
    )
    if len(text):
        _apply_phrases(words, lexicon, side)
    return words


def _languages(
    tokens: Tokens, forms: FormArrays, language: int | None
) -> tuple[npt.NDArray[np.int8], Bools]:
    """The nearer language of each text; foreign where the words of neither explain a third of it."""
    votes = [
        np.bincount(tokens.text, forms.vote[side][tokens.form], tokens.count) for side in (EN, DE)
    ]
    best = np.where(votes[DE] > votes[EN], DE, EN).astype(np.int8)
    if language is not None:
        best[:] = language
    word = forms.punctuation[tokens.form] == WORD
    known = (forms.kind[:, tokens.form] & KNOWN != 0).any(axis=0) | (
        forms.function[:, tokens.form] != 0
    ).any(axis=0)
    total = np.bincount(tokens.text, word, tokens.count)
    explained = np.bincount(tokens.text, word & known, tokens.count)
    return best, (total >= 4) & (explained * 3 < total)


def _reunite(
    table: FormTable, tokens: Tokens, forms: FormArrays, language: npt.NDArray[np.int8]
) -> tuple[Ints, Ints]:
    """Separable verbs: "gibt Rechnungen ein" is read as "eingeben" at "gibt".

    The particle ends its clause (before punctuation, "und", or the end of the text).
    """
    form = tokens.form.copy()
    partner = np.full(len(form), -1, np.int32)
    german = language[tokens.text] == DE if len(form) else np.zeros(0, np.bool_)
    ends = after(forms.punctuation[form], tokens.text, BREAK) != WORD
    ends |= after(forms.function[DE, form], tokens.text, 0) == FUNCTION["and"]
    particles = np.flatnonzero(german & forms.particle[form] & ends)
    if not len(particles):
        return form, partner
    bases = last_at(forms.separable[form] & german)
    breaks = last_at(forms.punctuation[form] == BREAK)
    known: dict[tuple[int, int], int] = {}
    for place in particles.tolist():
        base = int(bases[place - 1]) if place else -1
        if base < 0 or base < breaks[place] or tokens.text[base] != tokens.text[place]:
            continue
        pair = (int(form[base]), int(form[place]))
        if pair not in known:
            known[pair] = table.infinitive(*pair)
        if known[pair] >= 0:
            form[base] = known[pair]
            partner[base] = place
    return form, partner


def _apply_phrases(words: Words, lexicon: Lexicon, side: npt.NDArray[np.int8]) -> None:
    """Grammar phrases become functions, phrase cues cover their words."""
    forms, text, form = words.forms, words.text, words.form
    ends = np.flatnonzero(np.append(text[1:] != text[:-1], True)) + 1
    limit = np.repeat(ends, np.diff(np.concatenate(([0], ends)))).astype(np.int32)
    lemma, head = forms.lemma[side, form], forms.head[side, form]
    word = words.punctuation == WORD
    starts = np.flatnonzero((lemma >= 0) | (head >= 0)).astype(np.int32)
    own = lexicon.phrases.match(starts, side[starts], lemma, head, limit, word)
    other_lemma = forms.lemma[1 - side, form]
    other_starts = np.flatnonzero((other_lemma >= 0) & (words.function == 0)).astype(np.int32)
    other = lexicon.phrases.match(
        other_starts, (1 - side)[other_starts], other_lemma, forms.head[1 - side, form], limit, word
    )
    things = np.isin(lexicon.arrays.role, [*_THING_ROLES, _ACTION])
    usable = (other.payload >= 0) & things[np.maximum(other.payload, 0)]
    matches = PhraseMatches(
        np.concatenate((own.first, other.first[usable])),
        np.concatenate((own.last, other.last[usable])),
        np.concatenate((own.payload, other.payload[usable])),
    )
    foreign = np.arange(len(matches.first)) >= len(own.first)
    grammar = _longest(matches, matches.payload < 0)
    for first, last, payload in zip(
        matches.first[grammar], matches.last[grammar], matches.payload[grammar], strict=True
    ):
        words.function[first] = -payload
        words.function[first + 1 : last + 1] = 0
        words.kind[first : last + 1] = KNOWN
        words.punctuation[first : last + 1] = WORD
    cues = _longest(matches, matches.payload >= 0)
    kept = PhraseMatches(matches.first[cues], matches.last[cues], matches.payload[cues])
    words.phrases = kept
    words.other_language[kept.first[foreign[cues]]] = True
    _cover(words, lexicon, kept)


def _cover(words: Words, lexicon: Lexicon, kept: PhraseMatches) -> None:
    """What the words of a phrase cue are for the grammar: one noun, one verb, or nothing."""
    roles = lexicon.arrays.role[kept.payload]
    length = kept.last - kept.first + 1
    rows = np.repeat(np.arange(len(length)), length)
    inner = np.arange(len(rows)) - np.repeat(np.cumsum(length) - length, length)
    place = kept.first[rows] + inner
    words.covered[place] = True
    is_action = (roles == _ACTION)[rows]
    is_thing = np.isin(roles, _THING_ROLES)[rows]
    negator = np.isin(words.function[place], (FUNCTION["negator"], FUNCTION["without"]))
    last = place == kept.last[rows]
    words.function[place[negator | is_thing | is_action | ~last]] = 0
    words.punctuation[place[words.punctuation[place] != WORD]] = WORD
    words.kind[place[is_thing]] = NOUN | KNOWN
    words.kind[place[~is_thing & ~is_action]] = OTHER | KNOWN
    for number in np.flatnonzero(np.isin(roles, _THING_ROLES)):
        cue = lexicon.cues[int(kept.payload[number])]
        mask = lexicon.mask(cue.strength if cue.role == "object" else cue.role)
        if cue.role in ("doer", "counterpart", "title"):
            mask = lexicon.mask("person")
        words.classes[kept.first[number] : kept.last[number] + 1] = mask


def _longest(matches: PhraseMatches, wanted: Bools) -> Ints:
    """Matches that stand: the longest, then the leftmost; several cues of one span stay together."""
    rows = np.flatnonzero(wanted)
    length = matches.last[rows] - matches.first[rows]
    order = rows[np.lexsort((matches.payload[rows], matches.first[rows], -length))]
    taken: dict[int, tuple[int, int]] = {}
    kept: list[int] = []
    for row in order.tolist():
        span = (int(matches.first[row]), int(matches.last[row]))
        places = range(span[0], span[1] + 1)
        if all(taken.get(place, span) == span for place in places):
            kept.append(row)
            for place in places:
                taken[place] = span
    return np.array(sorted(kept), dtype=np.int32)


def not_first(mark: Bools, text: Ints) -> Bools:
    """Marked tokens that are not the first of their text."""
    return mark & (before(np.ones(len(text), np.int8), text, 0) == 1)
