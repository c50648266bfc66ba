"""Texts as words in their role: what the clause says, and for words that no table has what their place says."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ..batch import Batch
from ..classifier import Classifier
from ..dimensions import LANGUAGES
from ..lexicon.codes import FUNCTION, function_set
from ..lexicon.words import ADVERB, CAPITAL, GERUND, KNOWN, fold
from ..reading.clauses import ASSIST, INCLUDING, MAIN, MEANS, OF_NOUN, TOPIC
from ..reading.columns import after, any_in, before
from ..reading.forms import WORD
from ..reading.tokens import DE

ACTION: Final = "action"
OBJECT: Final = "object"
MANNER: Final = "manner"  # neither noun nor verb
ASIDE: Final = "aside"  # a noun that is no object ("in Excel")
BEFORE_NOUN: Final = "before"  # a noun before the head of its noun phrase
_NO_ROLE: Final = ""
_TEXTS_AT_ONCE: Final = 4096
_SHORTEST: Final = 3  # letters of a word that is proposed
_GOVERNED: Final = (MAIN, OF_NOUN, ASSIST, MEANS, INCLUDING, TOPIC)
_OPENS_VERB: Final = function_set("and", "to", "modal")
_LEADS_NOUN: Final = function_set("article", "determiner", "genitive")
_INFINITIVES: Final = ("en", "eln", "ern")


@dataclass(frozen=True, eq=False, slots=True)
class Word:
    """A form in the language that it is read in."""

    language: str
    form: str
    lemma: str  # folded; of an unknown word the form
    known: bool
    cues: tuple[int, ...]

    @property
    def proposable(self) -> bool:
        """Whether a cue may be made of it: letters only, and enough of them."""
        return len(self.form) >= _SHORTEST and self.form.isalpha()


class Token(NamedTuple):
    """A word with content where it stands in a text."""

    word: Word
    role: str
    place: int
    part: int
    bare: bool  # no cue of its own counts here: nothing says what the word says, or only its head does


class Answer(NamedTuple):
    """What the classifier says of a text."""

    margin: float
    kpo: bool
    scores: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ReadText:
    """What was read of one text."""

    language: str
    foreign: bool  # a third language: all its words are unknown
    tokens: list[Token]
    cues: tuple[int, ...]  # that count here, whatever outranks them
    is_word: list[bool]  # of all tokens: words, not punctuation
    answer: Answer

    def verbs_with_objects(self) -> Iterator[tuple[Token, Token]]:
        """Verb and object of one part: "scan and index contracts" gives two."""
        verbs: dict[int, list[Token]] = {}
        for token in self.tokens:
            if token.role == ACTION:
                verbs.setdefault(token.part, []).append(token)
        for token in self.tokens:
            if token.role == OBJECT:
                for verb in verbs.get(token.part, ()):
                    yield verb, token


class TextReader:
    """Texts as words in their role."""

    def __init__(self, classifier: Classifier) -> None:
        self._classifier = classifier
        self._words: dict[tuple[str, int], Word] = {}

    def read(self, texts: Sequence[str], language: str | None = None) -> Iterator[ReadText]:
        """One text after the other."""
        for start in range(0, len(texts), _TEXTS_AT_ONCE):
            yield from self._read_batch(self._classifier.batch(texts[start : start + _TEXTS_AT_ONCE], language))

    def _read_batch(self, batch: Batch) -> Iterator[ReadText]:
        words, hits = batch.reading.words, batch.reading.hits
        counts = ~(hits.negated | hits.contrasted) & (batch.settled.factor > 0)
        cues: list[list[int]] = [[] for _ in batch.texts]
        for text, cue in zip(hits.text[counts].tolist(), hits.cue[counts].tolist(), strict=True):
            cues[text].append(cue)
        first = np.searchsorted(words.text, np.arange(len(batch.texts) + 1)).tolist()
        tokens = self._tokens(batch, first)
        is_word = (words.punctuation == WORD).tolist()
        margin, kpo, scores = batch.decisions.margin.tolist(), batch.decisions.kpo.tolist(), batch.scores.tolist()
        for text, language in enumerate(batch.languages):
            yield ReadText(
                language, bool(words.foreign[text]), tokens[text], tuple(dict.fromkeys(cues[text])),
                is_word[first[text] : first[text + 1]], Answer(margin[text], kpo[text], tuple(scores[text])),
            )

    def _tokens(self, batch: Batch, first: Sequence[int]) -> list[list[Token]]:
        words, clauses, hits = batch.reading.words, batch.reading.clauses, batch.reading.hits
        forms = self._classifier.forms
        roles = _roles(batch, forms)
        known = words.forms.explained[words.form] | words.forms.spelled[words.form]
        has_cue = np.zeros(words.count, np.bool_)
        has_cue[hits.first[~hits.compound]] = True
        bare = ~(has_cue | words.covered)
        tokens: list[list[Token]] = [[] for _ in batch.texts]
        places = np.flatnonzero(roles != _NO_ROLE).tolist()
        self._learn({(forms[words.form[i]], int(words.entry[i]) & 1): bool(known[i]) for i in places})
        for i in places:
            word = self._words[forms[words.form[i]], int(words.entry[i]) & 1]
            text = int(words.text[i])
            tokens[text].append(Token(word, str(roles[i]), i - first[text], int(clauses.part[i]), bool(bare[i])))
        return tokens

    def _learn(self, known: Mapping[tuple[str, int], bool]) -> None:
        """Analyse forms that have not been met, those of a language all at once."""
        for side, language in enumerate(LANGUAGES):
            new = [form for form, own in known if own == side and (form, side) not in self._words]
            for form, reading in zip(new, self._classifier.lexicon.words[language].analyse_all(new), strict=True):
                lemma = reading.canon if reading.kind & KNOWN else fold(form)
                cues = tuple(cue for cue, _, _ in reading.cues)
                self._words[form, side] = Word(language, form, lemma, known[form, side], cues)


def usual_spelling(spellings: Counter[str], language: str, form: str, role: str) -> str:
    """A word as it is written most often; a capital may only be that of the first word of a text."""
    own = {name: count for name, count in spellings.items() if fold(name) == form} or spellings
    name = min(own, key=lambda name: (-own[name], name))
    noun = language == "de" and role not in (ACTION, MANNER)
    return name.lower() if name[1:].islower() and not noun else name


def _roles(batch: Batch, forms: Sequence[str]) -> npt.NDArray[np.str_]:
    """The role of each word with content; empty for all other tokens."""
    words, clauses = batch.reading.words, batch.reading.clauses
    content = (words.punctuation == WORD) & (words.function == 0)
    head = clauses.noun & ~clauses.modifier
    roles = np.full(words.count, _NO_ROLE, "<U6")
    roles[content] = MANNER
    roles[content & head] = ASIDE
    roles[content & clauses.modifier] = BEFORE_NOUN
    roles[content & head & np.isin(clauses.context, _GOVERNED)] = OBJECT
    roles[content & (clauses.verb | (clauses.action_noun & head & ~clauses.verbal))] = ACTION
    unknown = content & ~words.forms.explained[words.form] & ~words.forms.spelled[words.form]
    roles[_unknown_verbs(batch, forms, unknown)] = ACTION
    roles[unknown & (words.kind & ADVERB != 0)] = MANNER
    return roles


def _unknown_verbs(
    batch: Batch, forms: Sequence[str], unknown: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    words, clauses, kind = batch.reading.words, batch.reading.clauses, batch.reading.words.kind
    is_word, runs = words.punctuation == WORD, words.runs
    next_is_word = after(is_word, runs, False)
    next_function = after(words.function, runs, 0)
    # "Onboard the supplier", "Onboard suppliers by phone": a verb that the tables do not list.
    opens = before(~is_word, runs, False) | _OPENS_VERB[before(words.function, runs, 0)]
    opens[runs.first] = True
    acts = clauses.verb | clauses.action_noun
    no_action = ~any_in(clauses.clause, acts, clauses.clause_count)[clauses.clause] & (next_function == 0)
    english = unknown & (words.side != DE) & opens & next_is_word
    english &= _LEADS_NOUN[next_function] | no_action | (kind & GERUND != 0)
    # "Belege plausibilisieren", "Belege plausibilisieren und ablegen", but not "bei bestehenden und neuen Verträgen".
    behind_noun = before(clauses.noun & ~clauses.modifier, runs, False)
    ends = ~next_is_word | ((next_function == FUNCTION["and"]) & behind_noun)
    german = unknown & (words.side == DE) & (kind & CAPITAL == 0) & ends
    places = np.flatnonzero(german)
    german[places] = [forms[number].endswith(_INFINITIVES) for number in words.form[places]]
    return english | german
