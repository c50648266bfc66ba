"""`lexicon suggest`: cues that a file proposes, as a table of a user's own words for a person to accept.

Four sources, each with its reason in the column `note`:

- words that neither language of the lexicon knows, with the strength of the nearest explained neighbours as a guess;
- labels or scores in the file: what a regression of the residual (label minus our answer) gives to words in their role;
- texts in both languages: the cue of the other side that stands in the same pairs as an unknown word;
- wrongly labelled rows: verb and object that occur in several of one direction and in no row of the other.

The base tables are read and never written; nothing counts before a person passes the table with ``--lexicon``.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse  # type: ignore[import-untyped]
from scipy.optimize import minimize  # type: ignore[import-untyped]
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from .batch import Batch
from .classifier import Classifier
from .decision import rule
from .dimensions import DIMENSIONS, LANGUAGES
from .errors import InputValueError, TaskFileError
from .evaluation import find_label_column, read_labelled, score_columns, score_values
from .files.csv_file import read_csv
from .files.output import complete_file
from .files.table import Table, find_columns, header_key
from .files.xlsx_file import read_xlsx
from .lexicon import Lexicon
from .lexicon.compile import FUNCTION, compile_tables, function_set
from .lexicon.tables import CUE_COLUMNS, FOLDER, LEVEL, ROLES, read_strengths
from .lexicon.words import ADVERB, CAPITAL, GERUND, KNOWN, fold
from .reading.clauses import ASSIST, INCLUDING, MAIN, MEANS, OF_NOUN, TOPIC
from .reading.columns import after, any_in, before
from .reading.forms import WORD
from .reading.tokens import DE

Floats = npt.NDArray[np.float64]
COLUMNS: Final = ("language", *CUE_COLUMNS)
AT_LEAST: Final = 3  # rows that a proposal needs
# Of several proposals for one cue the first kind gives strength and weights, all give reasons.
KINDS: Final = {
    "weight": "weights that the labels of the file ask for",
    "phrase": "verbs with an object in rows that got the wrong label",
    "parallel": "words whose translation is known",
    "unknown": "words that the lexicon does not know",
}
_CHUNK: Final = 4096  # texts read at once
_STEP: Final = 0.05  # weights are written in steps of this size
_LONGEST_GAP: Final = 3  # words between verb and object of a phrase
_SHORTEST: Final = 3  # letters of a word that is proposed
_SHORTEST_HEAD: Final = 4
_SIDES: Final = 3.0  # rows for a direction per row against it
_RIDGE: Final = 1.0  # pull of the regressions towards no change
_MOVED: Final = 0.5  # log-odds by which labels must move a word
_SHIFT: Final = 0.15  # the same for one score
_OFF: Final = 0.1  # margin by which labelled scores lie above or below ours
_WRONG: Final = 2  # rows with the other answer before a known cue is moved
_LIKE: Final = 0.4  # Dice's coefficient of a word and its translation
_FEW: Final = 5  # cues of a role with a strength before it is proposed for the role
_NO_GUESS: Final = ("assist", "neutral_head")  # they do something to their neighbours
_PLACEHOLDER: Final = {"action": "neutral", "object": "topic"}
# Explicit statements keep the codebook's weights; prose, flags and places are no work.
_MOVABLE: Final = ("action", "object", "service", "manner", "norm", "qualification", "counterpart", "channel")
_CIRCUMSTANCES: Final = ("manner", "norm", "volume", "frequency", "purpose")
_GOVERNED: Final = (MAIN, OF_NOUN, ASSIST, MEANS, INCLUDING, TOPIC)
_OPENS_VERB: Final = function_set("and", "to", "modal")
_LEADS: Final = function_set("article", "determiner", "genitive")
_INFINITIVES: Final = ("en", "eln", "ern")
_ENDINGS: Final = {"en": ("s", "es", "ed", "d", "ing"), "de": ("s", "es", "n", "en", "e", "er", "ern")}
ACTION: Final = "action"
OBJECT: Final = "object"
MANNER: Final = "manner"  # neither noun nor verb
ASIDE: Final = "aside"  # a noun that is no object ("in Excel")
BEFORE_NOUN: Final = "before"  # a noun before the head of its noun phrase
_NO_ROLE: Final = ""


# --- files


@dataclass(frozen=True, slots=True)
class Task:
    """One distinct row: ``label`` is BPO, KPO or empty, ``scores`` are empty or six (NaN where a cell is)."""

    text: str
    label: str
    scores: tuple[float, ...]
    row: str  # where it stands, as the note says it


def read_tasks(
    files: Sequence[Path], text_column: str | None = None, label_column: str | None = None
) -> tuple[list[Task], list[str]]:
    """Distinct tasks of all files, with labels and scores where a file has them, and a sentence on each file.

    Rows that are the same in text, label and scores count once. Raises `TaskFileError`.
    """
    found: dict[tuple[str, str, str], Task] = {}
    said = []
    for path in files:
        tasks, sentence = _file_tasks(path, text_column, label_column, several=len(files) > 1)
        for task in tasks:
            found.setdefault((task.text, task.label, repr(task.scores)), task)
        said.append(sentence)
    return list(found.values()), said


def _table(path: Path) -> Table:
    return read_xlsx(path) if path.suffix.lower() in (".xlsx", ".xlsm") else read_csv(path)


def _file_tasks(
    path: Path, text_column: str | None, label_column: str | None, *, several: bool
) -> tuple[list[Task], str]:
    table = _table(path)
    places = score_columns(table)
    try:
        find_label_column(table, label_column, path.name)
    except TaskFileError:
        if label_column is not None:
            raise
        header = ["" if place in places.values() else cell for place, cell in enumerate(table.header)]
        place = find_columns(header, {"task": text_column}, path.name)["task"]
        cells = enumerate(table.column(place))
        texts = ["" if cell is None or row in table.broken else str(cell) for row, cell in cells]
        labels, scores = [""] * len(texts), score_values(table, places)
        what = "scores" if scores is not None else "no labels"
        column = table.header[place]
    else:
        data = read_labelled(path, text_column, label_column)
        texts, labels, scores, column = list(data.texts), list(data.labels), data.scores, data.text_column
        what = f"labels '{data.label_column}'" + ("" if scores is None else " and scores")
    given = [()] * len(texts) if scores is None else [tuple(row) for row in scores.tolist()]
    tasks = [
        Task(text, label, () if np.isnan(row).all() else row, f"{path.name} {number}" if several else str(number))
        for number, (text, label, row) in enumerate(zip(texts, labels, given, strict=True), table.first_row)
        if text.strip()
    ]
    return tasks, f"{path.name}: {len(tasks)} tasks in '{column}', {what}"


def read_pairs(path: Path) -> list[tuple[str, str]]:
    """Distinct pairs of texts from the columns `en` and `de`. Raises `TaskFileError`."""
    table = _table(path)
    keys = [header_key(cell) for cell in table.header]
    if not set(LANGUAGES) <= set(keys):
        raise TaskFileError(
            f"{path.name}: columns are {', '.join(repr(cell) for cell in table.header)}; texts in both languages "
            "need the columns 'en' and 'de'"
        )
    english, german = (table.column(keys.index(language)) for language in LANGUAGES)
    pairs = [(str(en or ""), str(de or "")) for en, de in zip(english, german, strict=True)]
    return list(dict.fromkeys(pair for pair in pairs if all(text.strip() for text in pair)))


# --- reading


@dataclass(frozen=True, eq=False, slots=True)
class _Word:
    """A form in the language that it is read in."""

    language: str
    form: str
    lemma: str  # folded
    known: bool
    cues: tuple[int, ...]
    compound: bool


class _Token(NamedTuple):
    word: _Word
    role: str
    place: int
    part: int
    bare: bool  # no cue of its own counts here: nothing says what the word says, or only its head does


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read of one text."""

    language: str
    foreign: bool
    tokens: list[_Token]
    cues: tuple[int, ...]  # that count here, whatever outranks them
    words: list[bool]  # of all tokens: words, not punctuation
    answer: "_Answer"


class _Answer(NamedTuple):
    margin: float
    kpo: bool
    scores: tuple[float, ...]


class _Reader:
    """Texts as words in their role."""

    def __init__(self, classifier: Classifier) -> None:
        self._classifier = classifier
        self.lexicon = classifier.lexicon
        self._words: dict[tuple[str, int], _Word] = {}

    def read(self, texts: Sequence[str], language: str | None = None) -> Iterator[_Read]:
        """One text after the other."""
        for start in range(0, len(texts), _CHUNK):
            yield from self._batch(self._classifier.batch(texts[start : start + _CHUNK], language))

    def _batch(self, batch: Batch) -> Iterator[_Read]:
        words, clauses, hits = batch.reading.words, batch.reading.clauses, batch.reading.hits
        forms = self._classifier.forms
        role = _roles(batch, forms)
        known = words.forms.explained[words.form] | words.forms.spelled[words.form]
        counts = ~(hits.negated | hits.contrasted) & (batch.settled.factor > 0)
        taken = np.zeros(words.count, np.bool_)
        taken[hits.first[~hits.compound]] = True
        tokens: list[list[_Token]] = [[] for _ in batch.texts]
        for i in np.flatnonzero(role != _NO_ROLE).tolist():
            word = self._word(forms[words.form[i]], int(words.entry[i]) & 1, known=bool(known[i]))
            bare = not (taken[i] or words.covered[i])
            tokens[words.text[i]].append(_Token(word, str(role[i]), i, int(clauses.part[i]), bare))
        cues: list[list[int]] = [[] for _ in batch.texts]
        for text, cue in zip(hits.text[counts].tolist(), hits.cue[counts].tolist(), strict=True):
            cues[text].append(cue)
        first = np.searchsorted(words.text, np.arange(len(batch.texts) + 1))
        is_word = (words.punctuation == WORD).tolist()
        margin, kpo, scores = batch.decisions.margin.tolist(), batch.decisions.kpo.tolist(), batch.scores.tolist()
        for text, language in enumerate(batch.languages):
            start = int(first[text])
            yield _Read(
                language, bool(words.foreign[text]),
                [token._replace(place=token.place - start) for token in tokens[text]],
                tuple(dict.fromkeys(cues[text])), is_word[start : first[text + 1]],
                _Answer(margin[text], kpo[text], tuple(scores[text])),
            )

    def _word(self, form: str, side: int, *, known: bool) -> _Word:
        found = self._words.get((form, side))
        if found is None:
            language = LANGUAGES[side]
            reading = self.lexicon.words[language].analyse(form)
            own = bool(reading.kind & KNOWN)
            found = self._words[form, side] = _Word(
                language, form, reading.canon if own else fold(form), known, tuple(cue for cue, _, _ in reading.cues),
                own and reading.head != reading.canon,
            )
        return found


def _roles(batch: Batch, forms: Sequence[str]) -> npt.NDArray[np.str_]:
    """The role of each word with content: what the clause says, and for unknown verbs what their place says."""
    words, clauses = batch.reading.words, batch.reading.clauses
    runs, kind = words.runs, words.kind
    content = (words.punctuation == WORD) & (words.function == 0)
    verbal = any_in(clauses.clause, clauses.verb, clauses.clause_count)[clauses.clause]
    head = clauses.noun & ~clauses.modifier
    role = np.full(words.count, _NO_ROLE, "<U6")
    role[content] = MANNER
    role[content & head] = ASIDE
    role[content & clauses.modifier] = BEFORE_NOUN
    role[content & head & np.isin(clauses.context, _GOVERNED)] = OBJECT
    role[content & (clauses.verb | (clauses.action_noun & head & ~verbal))] = ACTION
    unknown = content & ~words.forms.explained[words.form] & ~words.forms.spelled[words.form]
    next_word = after(words.punctuation == WORD, runs, False)
    next_function = after(words.function, runs, 0)
    starts = np.zeros(words.count, np.bool_)
    starts[runs.first] = True
    starts |= before(words.punctuation != WORD, runs, False) | _OPENS_VERB[before(words.function, runs, 0)]
    # "Onboard the supplier", "Onboard suppliers by phone": a verb that the tables do not list.
    acts = clauses.verb | clauses.action_noun
    silent = ~any_in(clauses.clause, acts, clauses.clause_count)[clauses.clause] & (next_function == 0)
    english = unknown & (words.side != DE) & starts & next_word
    english &= _LEADS[next_function] | silent | (kind & GERUND != 0)
    # "Belege plausibilisieren", "Belege plausibilisieren und ablegen", but not "bei bestehenden und neuen Verträgen".
    ends = ~next_word | ((next_function == FUNCTION["and"]) & before(head, runs, False))
    german = unknown & (words.side == DE) & (kind & CAPITAL == 0) & ends
    places = np.flatnonzero(german)
    german[places] = [forms[number].endswith(_INFINITIVES) for number in words.form[places]]
    role[english | german] = ACTION
    role[unknown & (kind & ADVERB != 0)] = MANNER
    return role


# --- gathering


@dataclass(slots=True)
class _Unknown:
    """An unknown word: in which tasks, in which roles, and what stands with it."""

    surfaces: Counter[str] = field(default_factory=Counter)
    tasks: set[int] = field(default_factory=set)
    roles: Counter[str] = field(default_factory=Counter)
    partners: Counter[str] = field(default_factory=Counter)  # verbs of a noun, objects of a verb: lemmas
    heads: Counter[str] = field(default_factory=Counter)  # strengths of the nouns that it stands before

    def add(self, other: "_Unknown") -> None:
        """Take over what another form of the same word gave."""
        self.surfaces += other.surfaces
        self.tasks |= other.tasks
        self.roles += other.roles
        self.partners += other.partners
        self.heads += other.heads

    @property
    def role(self) -> str:
        """Its most frequent role; before a noun only where it never stands elsewhere."""
        roles = {name: count for name, count in self.roles.items() if name != BEFORE_NOUN} or self.roles
        return min(roles, key=lambda name: (-roles[name], name))


WordKey = tuple[str, str]  # language, folded form


class _Feature(NamedTuple):
    """A word in its role that no cue of its own speaks for."""

    role: str
    language: str
    lemma: str
    known: bool


Feature = _Feature | int  # or the number of a cue


@dataclass(slots=True)
class _Gathered:
    """What all tasks together give."""

    unknown: dict[WordKey, _Unknown] = field(default_factory=dict)
    objects_of: dict[str, Counter[str]] = field(default_factory=dict)  # verb → strengths of its objects
    verbs_of: dict[str, Counter[str]] = field(default_factory=dict)  # object → strengths of its verbs
    words: dict[WordKey, list[_Word]] = field(default_factory=dict)  # known words that are features, with their forms
    features: list[list[Feature]] = field(default_factory=list)  # of labelled tasks
    phrases: dict[tuple[str, str], list[int]] = field(default_factory=dict)  # language, phrase → labelled tasks
    tasks: list[Task] = field(default_factory=list)  # with label or scores
    answers: list[_Answer] = field(default_factory=list)  # our answers to these


def _gather(reader: _Reader, tasks: Sequence[Task]) -> _Gathered:
    found = _Gathered()
    for number, read in enumerate(reader.read([task.text for task in tasks])):
        if read.foreign:  # a third language: all its words are unknown
            continue
        task = tasks[number]
        pairs = list(_pairs(read))
        _gather_unknown(found, number, read, reader.lexicon)
        _gather_pairs(found, pairs, reader.lexicon)
        if task.label or task.scores:
            place = len(found.tasks)
            found.tasks.append(task)
            found.answers.append(read.answer)
            found.features.append(_features(found, read))
            for phrase in sorted({_phrase(read, *pair, reader.lexicon) for pair in pairs} - {("", "")}):
                found.phrases.setdefault(phrase, []).append(place)
    return found


def _pairs(read: _Read) -> Iterator[tuple[_Token, _Token]]:
    """Verb and object of one part: "scan and index contracts" gives two."""
    verbs: dict[int, list[_Token]] = {}
    for token in read.tokens:
        if token.role == ACTION:
            verbs.setdefault(token.part, []).append(token)
    for token in read.tokens:
        if token.role == OBJECT:
            for verb in verbs.get(token.part, ()):
                yield verb, token


def _gather_unknown(found: _Gathered, number: int, read: _Read, lexicon: Lexicon) -> None:
    after_it: list[_Token | None] = [*read.tokens, None][1:]
    for token, following in zip(read.tokens, after_it, strict=True):
        word = token.word
        if word.known or not _proposable(word.form):
            continue
        entry = found.unknown.setdefault((read.language, fold(word.form)), _Unknown())
        entry.surfaces[word.form] += 1
        entry.tasks.add(number)
        entry.roles[token.role] += 1
        if token.role == BEFORE_NOUN and following is not None and following.place == token.place + 1:
            entry.heads.update(_strengths(following.word, "object", lexicon))


def _gather_pairs(found: _Gathered, pairs: Iterable[tuple[_Token, _Token]], lexicon: Lexicon) -> None:
    for verb, thing in pairs:
        if verb.word.known and thing.word.known:
            found.objects_of.setdefault(verb.word.lemma, Counter()).update(_strengths(thing.word, "object", lexicon))
            found.verbs_of.setdefault(thing.word.lemma, Counter()).update(_strengths(verb.word, "action", lexicon))
        for token, partner in ((verb, thing), (thing, verb)):
            entry = found.unknown.get((token.word.language, fold(token.word.form)))
            if not token.word.known and entry is not None:
                entry.partners[partner.word.lemma] += 1


def _proposable(form: str) -> bool:
    return len(form) >= _SHORTEST and form.isalpha()


def _cue_of(word: _Word, role: str, lexicon: Lexicon) -> int | None:
    """The cue of a known word in a role; cues without conditions come first."""
    number = ROLES.index(role)
    cues = [cue for cue in word.cues if lexicon.arrays.role[cue] == number]
    return min(cues, key=lambda cue: (lexicon.arrays.needs[cue], cue), default=None)


def _strengths(word: _Word, role: str, lexicon: Lexicon) -> list[str]:
    """The strength of a known word in a role, or nothing."""
    cue = _cue_of(word, role, lexicon)
    return [] if cue is None else [lexicon.cue_strengths[cue]]


def _features(found: _Gathered, read: _Read) -> list[Feature]:
    """What a labelled task is for the regressions: its cues, and words that no cue of their own speaks for."""
    features: dict[Feature, None] = dict.fromkeys(read.cues)
    for token in read.tokens:
        word = token.word
        wanted = token.role in (ACTION, OBJECT) or (token.role == MANNER and not word.known)
        if not (token.bare and wanted and _proposable(word.form)):
            continue
        if word.known:
            found.words.setdefault((word.language, word.lemma), []).append(word)
            features[_Feature(token.role, word.language, word.lemma, known=True)] = None
        else:
            features[_Feature(token.role, read.language, fold(word.form), known=False)] = None
    return list(features)


def _phrase(read: _Read, verb: _Token, thing: _Token, lexicon: Lexicon) -> tuple[str, str]:
    """Verb and object as they stand, `*` for each word between them; empty where they are far apart."""
    if not (verb.word.known and thing.word.known and verb.word.language == thing.word.language == read.language):
        return "", ""
    first, last = sorted((verb, thing), key=lambda token: token.place)
    gap = last.place - first.place - 1
    if not 0 <= gap <= _LONGEST_GAP or not all(read.words[first.place : last.place]):
        return "", ""
    names = (_spelled(token.word, token.role, lexicon) for token in (first, last))
    return read.language, (" * " if gap == 1 else f" {'* ' * gap}").join(names)


def _spelled(word: _Word, role: str, lexicon: Lexicon) -> str:
    """A known word in the dictionary form of its cue, else its lemma."""
    words = lexicon.words[word.language]
    for cue in word.cues:
        text = lexicon.cue_texts[cue]
        if ROLES[lexicon.arrays.role[cue]] == role and words.key(text) == word.lemma:
            return text
    return word.lemma


# --- proposals


@dataclass(slots=True)
class Suggestion:
    """A row of a user's lexicon, with what speaks for it; ``weights`` holds those that differ from the strength's."""

    kind: str
    language: str
    cue: str
    role: str
    strength: str
    rows: int
    note: str
    weights: dict[str, float] = field(default_factory=dict)
    needs: str = ""

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What makes two rows the same cue."""
        return self.language, self.cue.casefold(), self.role, self.needs

    def line(self) -> str:
        """The row of the table."""
        numbers = (f"{self.weights[name]:g}" if name in self.weights else "" for name in DIMENSIONS)
        return "\t".join((self.language, self.cue, self.role, self.strength, *numbers, self.needs, self.note))


def suggest(
    classifier: Classifier, tasks: Sequence[Task] = (), pairs: Sequence[tuple[str, str]] = (), *,
    at_least: int = AT_LEAST,
) -> list[Suggestion]:
    """Proposals from tasks and from pairs of texts (English, German), most rows first, then alphabetical.

    ``classifier`` is made with `suggesting_classifier` (a snapshot does not keep the conditions of cues);
    ``at_least`` is the number of rows that a proposal needs. A row is for KPO where its label is, or where its
    labelled scores lie on that side of ours. The same input gives the same rows.
    """
    if not classifier.lexicon.identities:
        raise InputValueError("the classifier's words come from a snapshot; make it with suggesting_classifier")
    reader = _Reader(classifier)
    found = _gather(reader, tasks)
    base = _bases(found.unknown)
    merged = _merged(found.unknown, base)
    proposer = _Proposer(classifier, at_least)
    rows = [
        *proposer.from_labels(found, base, merged), *proposer.from_errors(found),
        *proposer.from_pairs(reader, pairs), *proposer.from_unknown(found, merged),
    ]
    kinds = list(KINDS)
    rows.sort(key=lambda row: (kinds.index(row.kind), row.identity, row.note))
    chosen: dict[tuple[str, str, str, str], Suggestion] = {}
    for row in rows:
        known = chosen.setdefault(row.identity, row)
        if known is not row:
            # A guess by neighbours says nothing beside labels or a translation; how often a word is seen does.
            known.note += f"; {row.note.partition('; ')[0] if row.kind == 'unknown' else row.note}"
            known.rows = max(known.rows, row.rows)
    return sorted(chosen.values(), key=lambda row: (-row.rows, row.cue.casefold(), row.identity))


def _bases(unknown: Mapping[WordKey, _Unknown]) -> dict[WordKey, WordKey]:
    """The shortest form of each word that occurs: "Zeusbelege" belongs to "Zeusbeleg"."""
    found = {}
    for language, form in unknown:
        stems = (form.removesuffix(ending) for ending in _ENDINGS[language] if form.endswith(ending))
        seen = [stem for stem in stems if len(stem) > _SHORTEST and (language, stem) in unknown]
        found[language, form] = (language, min(seen, key=len, default=form))
    return found


def _merged(unknown: Mapping[WordKey, _Unknown], base: Mapping[WordKey, WordKey]) -> dict[WordKey, _Unknown]:
    found: dict[WordKey, _Unknown] = {}
    for key, entry in unknown.items():
        found.setdefault(base[key], _Unknown()).add(entry)
    return found


class _Proposer:
    def __init__(self, classifier: Classifier, at_least: int) -> None:
        lexicon = self._lexicon = classifier.lexicon
        self._decision = classifier.model.decision
        self._coefficients = np.array(self._decision.coefficients)
        self._at_least = at_least
        self._weights = lexicon.arrays.weights / LEVEL
        self._roles = [ROLES[role] for role in lexicon.arrays.role.tolist()]
        self._strengths = read_strengths()
        self._default = {name: np.array(found.weights) / LEVEL for name, found in self._strengths.items()}
        self._by_word: dict[tuple[str, str, str], int] = {}  # language, key, role: the cue with fewest conditions
        for number in np.argsort(lexicon.arrays.needs, kind="stable").tolist():
            language, cue, role, _ = lexicon.identities[number]
            self._by_word.setdefault((language, lexicon.words[language].key(cue), role), number)
        self._ladders: dict[str, list[str]] = {}

    def _ladder(self, role: str) -> list[str]:
        """Strengths that cues of a role have, those with weight and without a meaning for the gates."""
        if role not in self._ladders:
            of_role = (number for number, name in enumerate(self._roles) if name == role)
            counts = Counter(self._lexicon.cue_strengths[number] for number in of_role)
            self._ladders[role] = sorted(
                name for name, count in counts.items()
                if count >= _FEW and self._default[name].any()
                and not any(self._strengths[name].gates) and name != "profession"
            )
        return self._ladders[role]

    def _nearest(self, role: str, wanted: Floats) -> str:
        """The strength nearest to six weights, on the side of the line that they are on."""
        side = float(self._coefficients @ wanted)
        fits = [name for name in self._ladder(role) if float(self._coefficients @ self._default[name]) * side > 0]
        return min(
            fits, key=lambda name: (round(float(np.sum((self._default[name] - wanted) ** 2)), 9), name),
            default=_PLACEHOLDER.get(role, "neutral"),
        )

    def _spread(self, role: str, margin: float) -> Floats:
        """A margin as six weights, in the proportions that the cues of the role have."""
        pattern: Floats = np.abs(self._weights[[name == role for name in self._roles]]).sum(axis=0)
        return pattern * margin / max(float(self._coefficients @ pattern), 1e-9)

    def _own(self, strength: str, weights: Floats) -> dict[str, float]:
        """Weights that differ from those of the strength, in steps."""
        rounded = np.clip(np.round(np.round(weights / _STEP) * _STEP, 2), -1, 1) + 0.0
        away = np.abs(rounded - self._default[strength]) > _STEP / 2
        return {name: float(rounded[place]) for place, name in enumerate(DIMENSIONS) if away[place]}

    # --- unknown words

    def from_unknown(self, found: _Gathered, merged: Mapping[WordKey, _Unknown]) -> Iterator[Suggestion]:
        """Frequent words that neither language explains; what is neither noun nor verb mostly says nothing of work."""
        for (language, form), entry in sorted(merged.items()):
            if len(entry.tasks) < self._at_least or entry.role == MANNER:
                continue
            role, strength, reason = self._guess(found, language, form, entry)
            yield Suggestion(
                "unknown", language, _surface(entry.surfaces, language, form, entry.role), role, strength,
                len(entry.tasks),
                f"seen {_times(len(entry.tasks))}; {reason}{_limit(language, role)}",
            )

    def _guess(self, found: _Gathered, language: str, form: str, entry: _Unknown) -> tuple[str, str, str]:
        """Role, strength and reason by the nearest explained neighbours."""
        verb = entry.role == ACTION
        head = None if verb else self._head(language, form)
        if head is not None:
            strength = self._lexicon.cue_strengths[head]
            return self._roles[head], strength, f"ends in '{self._lexicon.cue_texts[head]}' ({strength})"
        if entry.role == BEFORE_NOUN and entry.heads:
            names = _commonest(entry.heads)
            return OBJECT, names[0], f"stands before {', '.join(names)}"
        votes: Counter[str] = Counter()
        for partner, times in entry.partners.items():
            known = (found.verbs_of if verb else found.objects_of).get(partner, Counter())
            for name, count in known.items():
                if name not in _NO_GUESS:
                    votes[name] += times * count * LEVEL // known.total()
        role = ACTION if verb else OBJECT
        if votes:
            names = _commonest(votes)
            return role, names[0], f"stands where {', '.join(names)} {'stands' if len(names) == 1 else 'stand'}"
        return role, _PLACEHOLDER[role], "no explained neighbour; the strength only holds its place"

    def _head(self, language: str, form: str) -> int | None:
        """The cue of the longest known noun that a word ends in ("timesheet")."""
        words = self._lexicon.words[language]
        for start in range(_SHORTEST, len(form) - _SHORTEST_HEAD + 1):
            if not words.analyse(form[:start]).kind & KNOWN:  # "para-site"
                continue
            cues = [
                cue for cue, _, compound in words.analyse(form[start:]).cues
                if not compound and self._lexicon.arrays.words[cue] == 1 and self._roles[cue] in ("object", "service")
                and self._lexicon.cue_strengths[cue] not in _NO_GUESS
            ]
            if cues:
                return min(cues, key=lambda cue: (self._lexicon.arrays.needs[cue], cue))
        return None

    # --- labels and scores

    def from_labels(
        self, found: _Gathered, base: Mapping[WordKey, WordKey], merged: Mapping[WordKey, _Unknown]
    ) -> Iterator[Suggestion]:
        """What the residual asks of words in their role: scores say it by dimension, labels as a margin."""
        names, design = self._matrix(found, base)
        if not names:
            return
        kpo, sure = _labels(found.tasks)
        answers = np.array([answer.kpo for answer in found.answers])
        margin = np.array([answer.margin for answer in found.answers])
        away = _given(found.tasks) - np.array([answer.scores for answer in found.answers])
        above = np.where(np.isnan(away), 0, away) @ self._coefficients
        with threadpool_limits(1):
            moved = _fit_labels(design[sure], self._decision.slope * margin[sure], kpo[sure])
            shifts = np.column_stack([_fit_scores(design, column) for column in away.T])
        by_word = design.tocsc()
        for place, name in enumerate(names):
            rows = np.sort(by_word.indices[by_word.indptr[place] : by_word.indptr[place + 1]])
            shift = np.where(np.abs(shifts[place]) >= _SHIFT, shifts[place], 0)
            side = float(self._coefficients @ shift)
            if side:
                up, down = rows[above[rows] >= _OFF], rows[above[rows] <= -_OFF]
            elif abs(moved[place]) >= _MOVED:
                side = float(moved[place])
                shift = self._spread(self._role(name), side / self._decision.slope)
                up, down = rows[sure[rows] & kpo[rows]], rows[sure[rows] & ~kpo[rows]]
            else:
                continue
            support, against = (up, down) if side > 0 else (down, up)
            if len(support) < self._at_least or len(support) < _SIDES * len(against):
                continue
            wrong = support[sure[support] & (kpo[support] == (side > 0)) & (answers[support] != kpo[support])]
            row = self._moved(name, shift, found, merged, wrong=len(wrong))
            if row is not None:
                shown = [*wrong, *(other for other in support if other not in set(wrong))]
                row.rows = len(support)
                row.note = (
                    f"{_rows(len(support))} for {'KPO' if side > 0 else 'BPO'}, {len(against)} against"
                    f"{_examples(found.tasks, shown)}{row.note}"
                )
                yield row

    def _matrix(self, found: _Gathered, base: Mapping[WordKey, WordKey]) -> tuple[list[Feature], Any]:
        """Words in their role that enough labelled tasks have, and a matrix (tasks, words) of 0 and 1."""

        def merged(item: Feature) -> Feature:
            if isinstance(item, int) or item.known:
                return item
            language, lemma = base[item.language, item.lemma]
            return item._replace(language=language, lemma=lemma)

        features = [list(dict.fromkeys(map(merged, items))) for items in found.features]
        counts = Counter(item for items in features for item in items)
        names = sorted(
            (name for name, count in counts.items() if count >= self._at_least and self._role(name) in _MOVABLE),
            key=repr,
        )
        place = {name: number for number, name in enumerate(names)}
        pairs = [(row, place[item]) for row, items in enumerate(features) for item in items if item in place]
        cells = np.array(pairs, np.int64).reshape(-1, 2)
        return names, sparse.csr_matrix((np.ones(len(cells)), cells.T), shape=(len(features), len(names)))

    def _role(self, name: Feature) -> str:
        return self._roles[name] if isinstance(name, int) else name.role

    def _moved(
        self, name: Feature, shift: Floats, found: _Gathered, merged: Mapping[WordKey, _Unknown], *, wrong: int
    ) -> Suggestion | None:
        """The row that moves a cue by `shift`, or gives a word its first one; None where nothing would change."""
        known = name
        if not isinstance(name, int):
            known = self._by_word.get((name.language, name.lemma, name.role), name)
        if isinstance(known, int):
            if wrong < _WRONG:
                return None
            language, _, role, needs = self._lexicon.identities[known]
            strength, now = self._lexicon.cue_strengths[known], self._weights[known]
            weights = self._own(strength, now + shift)
            if weights == self._own(strength, now):
                return None
            conditions = " ".join(f"{key}={value}" for key, value in needs)
            return Suggestion(
                "weight", language, self._lexicon.cue_texts[known], role, strength, 0, "", weights, conditions
            )
        role, language, lemma, explained = known
        if explained:  # so far read by its head, or known and without a cue in this role
            words = found.words[language, lemma]
            head = _cue_of(words[0], role, self._lexicon)
            now = np.zeros(len(DIMENSIONS)) if head is None else self._weights[head]
            cue = _surface(Counter(word.form for word in words), language, lemma, role)
            return Suggestion("weight", language, cue, role, self._nearest(role, now + shift), 0, "")
        cue = _surface(merged[language, lemma].surfaces, language, lemma, role)
        limit = _limit(language, role)
        return Suggestion("weight", language, cue, role, self._nearest(role, shift), 0, f"; not known so far{limit}")

    # --- wrongly labelled rows

    def from_errors(self, found: _Gathered) -> Iterator[Suggestion]:
        """Verb and object of several rows with the wrong label, all of one direction, and of no other row."""
        if not found.tasks:
            return
        kpo, sure = _labels(found.tasks)
        for (language, phrase), places in sorted(found.phrases.items()):
            rows = np.array(places)[sure[places]]
            wrong = [row for row in rows.tolist() if found.answers[row].kpo != kpo[row]]
            known = (language, self._lexicon.words[language].key(phrase), ACTION) in self._by_word
            if known or len(wrong) < self._at_least or len(set(kpo[rows].tolist())) > 1:
                continue
            pole, other, side = ("KPO", "BPO", 1) if kpo[wrong[0]] else ("BPO", "KPO", -1)
            missing = sum(abs(found.answers[row].margin) for row in wrong) / len(wrong) + _MOVED
            yield Suggestion(
                "phrase", language, phrase, ACTION, self._nearest(ACTION, self._spread(ACTION, side * missing)),
                len(wrong),
                f"{_rows(len(wrong))} for {pole} got {other}, {len(rows) - len(wrong)} right, 0 against"
                f"{_examples(found.tasks, wrong)}",
            )

    # --- texts in both languages

    def from_pairs(self, reader: _Reader, pairs: Sequence[tuple[str, str]]) -> Iterator[Suggestion]:
        """For an unknown word the cue of the other language that stands in the same pairs and seldom elsewhere."""
        sides = [
            list(reader.read([pair[side] for pair in pairs], language)) for side, language in enumerate(LANGUAGES)
        ]
        for side, language in enumerate(LANGUAGES):
            entries: dict[WordKey, _Unknown] = {}
            for number, read in enumerate(sides[side]):
                for token in read.tokens:
                    if not token.word.known and _proposable(token.word.form):
                        entry = entries.setdefault((language, fold(token.word.form)), _Unknown())
                        entry.surfaces[token.word.form] += 1
                        entry.tasks.add(number)
                        entry.roles[token.role] += 1
            merged = _merged(entries, _bases(entries))
            across = [self._cues_across(read) for read in sides[1 - side]]
            totals = Counter(cue for cues in across for cue in cues)
            for (_, form), entry in sorted(merged.items()):
                together = Counter(cue for number in entry.tasks for cue in across[number])
                name = _surface(entry.surfaces, language, form, entry.role)
                row = self._translated(language, name, entry, together, totals)
                if row is not None:
                    yield row

    def _cues_across(self, read: _Read) -> set[int]:
        """Cues of one side of a pair, with those that have no weight."""
        found = {cue for cue in read.cues if self._roles[cue] in (*_MOVABLE, *_CIRCUMSTANCES)}
        for token in read.tokens:
            if token.bare and token.role in (ACTION, OBJECT):
                cue = _cue_of(token.word, token.role, self._lexicon)
                found |= set() if cue is None else {cue}
        return found

    def _translated(
        self, language: str, form: str, entry: _Unknown, together: Counter[int], totals: Counter[int]
    ) -> Suggestion | None:
        seen = len(entry.tasks)
        roles = {ACTION: (ACTION,), MANNER: _CIRCUMSTANCES}.get(entry.role, _MOVABLE)
        likeness = {
            cue: 2 * count / (seen + totals[cue])
            for cue, count in together.items() if count >= self._at_least and self._roles[cue] in roles
        }
        if max(likeness.values(), default=0) < _LIKE:
            return None
        texts = self._lexicon.cue_texts
        cue = min(likeness, key=lambda cue: (-likeness[cue], self._lexicon.arrays.needs[cue], texts[cue], cue))
        _, _, role, needs = self._lexicon.identities[cue]
        strength = self._lexicon.cue_strengths[cue]
        return Suggestion(
            "parallel", language, form, role, strength, seen,
            f"stands for '{texts[cue]}' in {together[cue]} of {seen} pairs; '{texts[cue]}' in {totals[cue]}"
            f"{_limit(language, role)}",
            self._own(strength, self._weights[cue]), " ".join(f"{key}={value}" for key, value in needs),
        )


def _surface(surfaces: Counter[str], language: str, form: str, role: str) -> str:
    """A word as it is written most often; a capital may only be that of the first word of a text."""
    own = {name: count for name, count in surfaces.items() if fold(name) == form} or surfaces
    name = min(own, key=lambda name: (-own[name], name))
    noun = language == "de" and role not in (ACTION, MANNER)
    return name.lower() if name[1:].islower() and not noun else name


def _limit(language: str, role: str) -> str:
    """Tables of a user cannot make a word a verb; in German infinitives are read all the same."""
    if language == "en" and role == ACTION:
        return "; a verb counts before an object only once verbs.tsv lists it"
    return ""


def _commonest(names: Counter[str]) -> list[str]:
    return sorted(names, key=lambda name: (-names[name], name))[:2]


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"


def _examples(tasks: Sequence[Task], rows: Sequence[int]) -> str:
    shown = [tasks[row].row for row in rows[:3]]
    return f" (row {shown[0]})" if len(shown) == 1 else f" (rows {', '.join(shown)})"


# --- regressions of the residual


def _given(tasks: Sequence[Task]) -> Floats:
    """Labelled scores, shape (tasks, 6), NaN where there is none."""
    return np.array([task.scores or (np.nan,) * len(DIMENSIONS) for task in tasks])


def _labels(tasks: Sequence[Task]) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Which tasks are KPO by their label, else by the codebook's rule on their scores; and which have either."""
    scores = _given(tasks)
    by_rule = rule(np.nan_to_num(scores))[1]
    kpo = np.array([task.label == "KPO" if task.label else bool(by_rule[row]) for row, task in enumerate(tasks)])
    return kpo, np.array([bool(task.label) for task in tasks]) | ~np.isnan(scores).any(axis=1)


def _fit_labels(design: Any, margin: Floats, kpo: npt.NDArray[np.bool_]) -> Floats:
    """Log-odds by which each word moves labels away from our margin; the intercept takes what all rows share."""
    sign = np.where(kpo, 1.0, -1.0)

    def loss(point: Floats) -> tuple[float, Floats]:
        value = sign * (margin + point[0] + design @ point[1:])
        slope = -sign / (1 + np.exp(np.clip(value, -500, 500)))
        gradient = np.concatenate([[slope.sum()], design.T @ slope + _RIDGE * point[1:]])
        return float(np.logaddexp(0, -value).sum() + _RIDGE / 2 * np.sum(point[1:] ** 2)), gradient

    return _minimum(loss, design.shape[1])


def _fit_scores(design: Any, away: Floats) -> Floats:
    """How far each word moves one score away from ours; rows without the score (NaN) are left out."""
    given = ~np.isnan(away)
    some, target = design[given], away[given]

    def loss(point: Floats) -> tuple[float, Floats]:
        rest = point[0] + some @ point[1:] - target
        gradient = np.concatenate([[rest.sum()], some.T @ rest + _RIDGE * point[1:]])
        return float(np.sum(rest**2) / 2 + _RIDGE / 2 * np.sum(point[1:] ** 2)), gradient

    return _minimum(loss, design.shape[1])


def _minimum(loss: Callable[[Floats], tuple[float, Floats]], words: int) -> Floats:
    found = minimize(loss, np.zeros(words + 1), jac=True, method="L-BFGS-B", options={"maxiter": 500, "gtol": 1e-6})
    # Rounded: the last digits may differ between machines, and a table must not.
    return np.round(found.x[1:], 4) + 0.0


# --- the command


def suggest_command(
    files: Sequence[Path], target: Path, *, parallel: Path | None, classifier: Classifier, say: Callable[[str], None],
    text_column: str | None = None, label_column: str | None = None, at_least: int = AT_LEAST,
) -> None:
    """Write the table and say what it holds. Raises `TaskFileError`; then nothing was written."""
    sources = [*files, *([] if parallel is None else [parallel])]
    if not sources:
        raise TaskFileError("no file given; name files with tasks, or texts in both languages with --parallel FILE")
    _check_target(target, sources)
    tasks, said = read_tasks(files, text_column, label_column)
    pairs = [] if parallel is None else read_pairs(parallel)
    rows = suggest(classifier, tasks, pairs, at_least=at_least)
    for sentence in said:
        say(sentence)
    if parallel is not None:
        say(f"{parallel.name}: {len(pairs)} pairs of texts")
    if not rows:
        say(f"No proposals: no word or phrase fits in at least {at_least} rows. Nothing was written.")
        return
    write_suggestions(rows, target)
    counts = Counter(row.kind for row in rows)
    say(f"{len(rows)} proposed cues in {target}:")
    for kind, words in KINDS.items():
        if counts[kind]:
            say(f"  {counts[kind]:>5}  {words}")
    say("Nothing counts yet. Delete or correct rows; the column 'note' says why each is there.")
    say(f"Next: outsourcing-classifier lexicon check {target}, then classify or evaluate with --lexicon {target}")


def write_suggestions(rows: Iterable[Suggestion], target: Path) -> None:
    """The table of a user's own words: UTF-8, tabs between columns. Raises `TaskFileError`."""
    lines = ["\t".join(COLUMNS), *(row.line() for row in rows)]
    with complete_file(target) as temporary:
        temporary.write_text("\n".join(lines) + "\n", "utf-8", newline="\n")


def _check_target(target: Path, sources: Sequence[Path]) -> None:
    place = target.resolve()
    if place.is_relative_to(FOLDER):
        raise TaskFileError(f"{target} lies among the base tables, which are not written; choose another with -o")
    if any(place == source.resolve() for source in sources):
        raise TaskFileError(f"{target} is an input itself; nothing was changed. Choose another name with -o")
    if target.exists():  # somebody may have accepted and corrected rows in it
        raise TaskFileError(f"{target} is there already and was left as it is; choose another name with -o")


def suggesting_classifier(model: Path | None, lexicon: Path | None) -> Classifier:
    """A classifier whose words are compiled from the tables, with the user's own where there are any."""
    return Classifier(model=model, lexicon=compile_tables(*([] if lexicon is None else [lexicon])))
