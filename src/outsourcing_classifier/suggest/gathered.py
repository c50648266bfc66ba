"""What all tasks together give: unknown words, neighbours of known ones, and of labelled tasks words and phrases."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from ..lexicon.words import fold
from .cues import KnownCues
from .tasks import Task
from .words import ACTION, BEFORE_NOUN, MANNER, OBJECT, Answer, ReadText, TextReader, Token, Word

WordKey = tuple[str, str]  # language, folded form or lemma
_LONGEST_GAP: Final = 3  # words between verb and object of a phrase
_SHORTEST_STEM: Final = 4
_ENDINGS: Final = {"en": ("s", "es", "ed", "d", "ing"), "de": ("s", "es", "n", "en", "e", "er", "ern")}


@dataclass(slots=True)
class UnknownWord:
    """An unknown word: in which tasks, in which roles, and what stands with it."""

    spellings: Counter[str] = field(default_factory=Counter)
    tasks: set[int] = field(default_factory=set)
    roles: Counter[str] = field(default_factory=Counter)
    partners: Counter[str] = field(default_factory=Counter)  # verbs of a noun, objects of a verb: lemmas
    heads: Counter[str] = field(default_factory=Counter)  # strengths of the nouns that it stands before

    def add(self, other: "UnknownWord") -> None:
        """Take over what another form of the same word gave."""
        self.spellings += other.spellings
        self.tasks |= other.tasks
        self.roles += other.roles
        self.partners += other.partners
        self.heads += other.heads

    @property
    def role(self) -> str:
        """Its most frequent role; before a noun only where it never stands elsewhere."""
        roles = {name: count for name, count in self.roles.items() if name != BEFORE_NOUN} or self.roles
        return min(roles, key=lambda name: (-roles[name], name))


class BareWord(NamedTuple):
    """A word in its role that no cue of its own speaks for."""

    role: str
    language: str
    lemma: str
    known: bool


Feature = BareWord | int  # or the number of a cue


@dataclass(slots=True)
class Gathered:
    """What all tasks together give; ``tasks``, ``answers`` and ``features`` are those of labelled or scored tasks."""

    unknown: dict[WordKey, UnknownWord] = field(default_factory=dict)  # by their shortest form
    objects_of: dict[str, Counter[str]] = field(default_factory=dict)  # verb → strengths of its objects
    verbs_of: dict[str, Counter[str]] = field(default_factory=dict)  # object → strengths of its verbs
    bare: dict[WordKey, list[Word]] = field(default_factory=dict)  # known words that are features
    tasks: list[Task] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    features: list[list[Feature]] = field(default_factory=list)
    phrases: dict[tuple[str, str], list[int]] = field(default_factory=dict)  # language, phrase → places in ``tasks``


def gather(reader: TextReader, tasks: Sequence[Task], cues: KnownCues) -> Gathered:
    """Read all tasks; those in a third language give nothing."""
    found = Gathered()
    forms: dict[WordKey, UnknownWord] = {}
    for number, read in enumerate(reader.read([task.text for task in tasks])):
        if read.foreign:
            continue
        task, pairs = tasks[number], list(read.verbs_with_objects())
        count_unknown(forms, number, read, cues)
        _count_neighbours(found, forms, pairs, cues)
        if task.label or task.scores:
            for phrase in sorted({_phrase(read, *pair, cues) for pair in pairs} - {("", "")}):
                found.phrases.setdefault(phrase, []).append(len(found.tasks))
            found.tasks.append(task)
            found.answers.append(read.answer)
            found.features.append(_features(found, read))
    bases = _bases(forms)
    found.unknown = joined_forms(forms)
    found.features = [list(dict.fromkeys(_with_base(item, bases) for item in items)) for items in found.features]
    return found


def count_unknown(forms: dict[WordKey, UnknownWord], number: int, read: ReadText, cues: KnownCues) -> None:
    """Add the unknown words of text ``number``, each form for itself."""
    next_tokens: list[Token | None] = [*read.tokens, None][1:]
    for token, following in zip(read.tokens, next_tokens, strict=True):
        if token.word.known or not token.word.proposable:
            continue
        entry = forms.setdefault((read.language, fold(token.word.form)), UnknownWord())
        entry.spellings[token.word.form] += 1
        entry.tasks.add(number)
        entry.roles[token.role] += 1
        if token.role == BEFORE_NOUN and following is not None and following.place == token.place + 1:
            entry.heads.update(cues.strength_of(following.word, OBJECT))


def joined_forms(forms: Mapping[WordKey, UnknownWord]) -> dict[WordKey, UnknownWord]:
    """Forms of one word as one entry, under the shortest of them."""
    bases = _bases(forms)
    found: dict[WordKey, UnknownWord] = {}
    for key, entry in forms.items():
        found.setdefault(bases[key], UnknownWord()).add(entry)
    return found


def _bases(forms: Mapping[WordKey, UnknownWord]) -> dict[WordKey, WordKey]:
    """The shortest form of each word that occurs: "Zeusbelege" belongs to "Zeusbeleg"."""
    found = {}
    for language, form in forms:
        stems = (form.removesuffix(ending) for ending in _ENDINGS[language] if form.endswith(ending))
        seen = [stem for stem in stems if len(stem) >= _SHORTEST_STEM and (language, stem) in forms]
        found[language, form] = (language, min(seen, key=len, default=form))
    return found


def _with_base(item: Feature, bases: Mapping[WordKey, WordKey]) -> Feature:
    if isinstance(item, int) or item.known:
        return item
    language, lemma = bases[item.language, item.lemma]
    return item._replace(language=language, lemma=lemma)


def _count_neighbours(
    found: Gathered, forms: Mapping[WordKey, UnknownWord], pairs: Iterable[tuple[Token, Token]], cues: KnownCues
) -> None:
    for verb, thing in pairs:
        if verb.word.known and thing.word.known:
            found.objects_of.setdefault(verb.word.lemma, Counter()).update(cues.strength_of(thing.word, OBJECT))
            found.verbs_of.setdefault(thing.word.lemma, Counter()).update(cues.strength_of(verb.word, ACTION))
        for token, partner in ((verb, thing), (thing, verb)):
            entry = forms.get((token.word.language, fold(token.word.form)))
            if not token.word.known and entry is not None:
                entry.partners[partner.word.lemma] += 1


def _features(found: Gathered, read: ReadText) -> list[Feature]:
    """What a labelled task is for the regressions: its cues, and words that no cue of their own speaks for."""
    features: dict[Feature, None] = dict.fromkeys(read.cues)
    for token in read.tokens:
        word = token.word
        wanted = token.role in (ACTION, OBJECT) or (token.role == MANNER and not word.known)
        if not (token.bare and wanted and word.proposable):
            continue
        if word.known:
            found.bare.setdefault((word.language, word.lemma), []).append(word)
            features[BareWord(token.role, word.language, word.lemma, known=True)] = None
        else:
            features[BareWord(token.role, read.language, fold(word.form), known=False)] = None
    return list(features)


def _phrase(read: ReadText, verb: Token, thing: Token, cues: KnownCues) -> tuple[str, str]:
    """Language, and verb and object as they stand, `*` for each word between them; empty where they are far apart."""
    if not (verb.word.known and thing.word.known and verb.word.language == thing.word.language == read.language):
        return "", ""
    first, last = sorted((verb, thing), key=lambda token: token.place)
    gap = last.place - first.place - 1
    if not 0 <= gap <= _LONGEST_GAP or not all(read.is_word[first.place : last.place]):
        return "", ""
    names = [cues.dictionary_form(token.word, token.role) for token in (first, last)]
    return read.language, " ".join([names[0], *["*"] * gap, names[1]])
