"""Tables to a compiled lexicon: cue arrays, vocabularies of both languages, phrases."""

import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from ..dimensions import LANGUAGES
from ..errors import LexiconError
from ..text.tokens import split_chunk
from .english import EnglishWords
from .german import GermanWords
from .phrases import PhraseTable, PhraseTableBuilder
from .spelling import SpellingKeys, spelling_keys
from .tables import (
    CLAUSES,
    FORMS,
    OTHER_TABLES,
    ROLES,
    SCOPE_PLACES,
    TEXT,
    Cue,
    Row,
    base_tables,
    level,
    needs_of,
    read_cues,
    read_neutral_groups,
    read_rows,
    read_strengths,
    refitted,
)
from .words import ACTION_NOUN, KNOWN, LETTERS, NOUN, OTHER, VERB, Entry, WordForm, abbreviation_key, fold

Words = EnglishWords | GermanWords
LexiconSource = str | os.PathLike[str]
CueIdentity = tuple[str, str, str, tuple[tuple[str, str], ...]]

NOUN_ROLES: Final = frozenset(
    {"object", "norm", "doer", "counterpart", "channel", "title", "department", "industry",
     "service", "place", "qualification", "generic"}
)
SILENT_ROLES: Final = frozenset({"action", "object"})  # may be given a weight by `lexicon refit`
SAYING_ROLES: Final = frozenset(
    {"service", "title", "department", "industry", "place", "generic", "prose", "flag"}
)
PERSON_ROLES: Final = frozenset({"doer", "counterpart", "title"})

# Grammar words with the function that frames.tsv gives them; the number is used in arrays.
FUNCTIONS: Final = (
    "", "and", "negator", "without", "not_negation", "only", "but", "contrast", "by",
    "instrument", "with", "partner", "means", "in", "container", "topic", "for", "to", "of", "as",
    "purpose_clause", "purpose", "including", "relative", "article", "determiner", "genitive",
    "adjective", "auxiliary", "modal", "pronoun", "mainly", "occasional", "basic", "abbreviation",
    "assisting", "zu",
)
FUNCTION: Final = {name: number for number, name in enumerate(FUNCTIONS)}


@lru_cache(maxsize=64)
def function_set(*names: str) -> npt.NDArray[np.bool_]:
    """Grammar functions as a table that is indexed with function numbers."""
    table = np.zeros(len(FUNCTIONS), np.bool_)
    table[[FUNCTION[name] for name in names]] = True
    return table


_NOUN_ENDINGS: Final = ("ing", "tion", "sion", "ment", "ance", "ence", "ness", "ity")
_LOOKS_LIKE_VERB: Final[dict[str, Callable[[str], bool]]] = {
    "en": lambda word: not word.endswith(_NOUN_ENDINGS),
    "de": lambda word: word[0].islower() and word.endswith(("en", "eln", "ern")),
}
_NEUTRAL_NOUNS: Final = frozenset(("general_noun", "amount", "name"))
_WORD_PARTS: Final = ("particle", "verb_prefix")  # functions of parts of words


@dataclass(frozen=True, slots=True)
class CueArrays:
    """All cues in columns; weights in thousandths, shape (n, 6); gates (n, 2): hands, presence."""

    weights: npt.NDArray[np.int32]
    gates: npt.NDArray[np.int32]
    role: npt.NDArray[np.int8]
    language: npt.NDArray[np.int8]
    words: npt.NDArray[np.int8]
    needs_object: npt.NDArray[np.uint64]
    needs_doer: npt.NDArray[np.uint64]
    needs_counterpart: npt.NDArray[np.uint64]
    needs_form: npt.NDArray[np.int8]
    needs_clause: npt.NDArray[np.int8]
    needs: npt.NDArray[np.int8]
    classes: npt.NDArray[np.uint64]
    says: npt.NDArray[np.bool_]  # has a weight, or a meaning for a gate or a flag


@dataclass(frozen=True, slots=True)
class ScopeWords:
    """What words say of hands and presence, by their place in the clause, in thousandths.

    The six columns are hands and presence as verb, as object, elsewhere. ``lemmas`` (one dict a
    language) lead to ``rows`` (row 0: nothing); ``classes`` (languages, 64, 6) adds what an object class says,
    ``actions`` what the strength of an action says (one row a cue; hands and presence as verb); ``things``
    is what the class of a cue says (one row a cue), for phrases; ``base`` (languages, 2) what a text says
    before its words.
    """

    lemmas: tuple[dict[str, int], ...]
    rows: npt.NDArray[np.int32]
    classes: npt.NDArray[np.int32]
    actions: npt.NDArray[np.int32]
    things: npt.NDArray[np.int16]
    base: npt.NDArray[np.int32]


@dataclass(frozen=True)
class Lexicon:
    """The words of both languages, compiled; immutable once loaded."""

    cue_texts: Sequence[str]
    cue_strengths: Sequence[str]
    arrays: CueArrays
    words: dict[str, Words]
    functions: dict[str, dict[str, int]]
    particles: frozenset[str]
    phrases: PhraseTable
    classes: dict[str, int]
    scope: ScopeWords
    spelling: tuple[SpellingKeys, ...]  # one a language
    fingerprint: str
    overlay: str
    identities: Sequence[CueIdentity] = ()  # of each cue; not kept in a snapshot

    @cached_property
    def flag_strengths(self) -> dict[str, npt.NDArray[np.bool_]]:
        """For each flag that a cue can set, the cues that set it."""
        return {
            name: np.array([strength == name for strength in self.cue_strengths], np.bool_)
            for name in ("retain", "ito", "assist")
        }

    @property
    def version(self) -> str:
        """First letters of the fingerprint, with `+` and those of the user's tables."""
        return self.fingerprint[:12] + (f"+{self.overlay[:8]}" if self.overlay else "")

    def mask(self, *names: str) -> int:
        """Bit mask of object classes; unknown names are 0."""
        return sum(1 << self.classes[name] for name in names if name in self.classes)

    def analyse(self, form: str) -> tuple[WordForm, ...]:
        """The readings of a token in each language, in the order of `LANGUAGES`."""
        english = self.words["en"].analyse(form)
        german = self.words["de"]
        if english.kind & KNOWN and form.islower() and isinstance(german, GermanWords) and not german.knows(form):
            return english, WordForm(kind=LETTERS, canon=form, head=form)
        return english, german.analyse(form)


    def respelled(self, forms: Sequence[str]) -> dict[str, tuple[WordForm, ...]]:
        """Readings of unknown forms that are a typing error of one known lemma, in each language."""
        found: dict[str, list[WordForm | None]] = {}
        for side, (keys, words) in enumerate(zip(self.spelling, self.words.values(), strict=True)):
            by_key: dict[str, list[str]] = {}
            for form in forms:
                by_key.setdefault(words.key(form), []).append(form)
            heads = words.beginnings if isinstance(words, GermanWords) else ()
            for key, right in keys.nearest(list(by_key), heads).items():
                for form in by_key[key]:
                    reading = words.analyse(right.capitalize() if form[0].isupper() else right)
                    if reading.kind & KNOWN:
                        found.setdefault(form, [None] * len(LANGUAGES))[side] = reading
        return {
            form: tuple(
                reading or words.analyse(form) for reading, words in zip(readings, self.words.values(), strict=True)
            )
            for form, readings in found.items()
        }


def load_lexicon(*overlays: LexiconSource) -> Lexicon:
    """The base tables, with tables of the user on top.

    A user's table has the column ``language`` before ``cue``; a row with the identity of a base
    row (language, cue, role, needs) replaces it; strength ``off`` silences it. Raises
    `LexiconError` that names file, row and column.
    """
    if not overlays:
        from ..places import models_folder
        from .snapshot import NAME, read_snapshot

        folder = models_folder()
        ready = read_snapshot(folder / NAME) if folder else None
        if ready is not None:
            return ready
    return compile_tables(*overlays)


def compile_tables(*overlays: LexiconSource, refit: bool = True) -> Lexicon:
    """The same, always from the tables; with or without what `lexicon refit` has learned."""
    strengths = read_strengths(refit=refit)
    cues: dict[object, Cue] = {}
    extra: list[Cue] = []
    tables: dict[str, dict[str, list[Row]]] = {}
    for language in LANGUAGES:
        tables[language] = {kind: [] for kind in OTHER_TABLES}
        for kind, path in base_tables(language):
            if kind == "cues":
                for cue in read_cues(path, language, strengths):
                    _merge(cues, cue, extra)
            else:
                tables[language][kind] += read_rows(path, OTHER_TABLES[kind])
        if refit:
            _refit(cues, tables[language]["refit"], language)
    fingerprint = _fingerprint(cues.values(), tables)
    overlay_cues = [
        cue for path in overlays for cue in read_cues(Path(path), None, strengths)
    ]
    for cue in overlay_cues:
        cues[cue.identity] = cue
    kept = tuple(cue for cue in cues.values() if cue.strength != "off")
    overlay = _fingerprint(overlay_cues, {}) if overlay_cues else ""
    return _Compiler(kept, extra, tables, strengths, silent=not refit).lexicon(fingerprint, overlay, overlay_cues)


def _refit(cues: dict[object, Cue], rows: Sequence[Row], language: str) -> None:
    for row in rows:
        identity = (language, row.values["cue"].casefold(), row.values["role"], needs_of(row, row.values["needs"]))
        cue = cues.get(identity)
        if cue is None:
            raise row.error("cue", f"'{row.values['cue']}' is no cue of the base tables (with this role and needs)")
        cues[identity] = replace(cue, weights=refitted(row, cue.weights))


def _merge(cues: dict[object, Cue], cue: Cue, extra: list[Cue]) -> None:
    """A word of the desk that is also a word of the gates ("pflegen") keeps both weights and classes."""
    known = cues.get(cue.identity)
    if known is None:
        cues[cue.identity] = cue
        return
    gates = tuple(max(a, b, key=abs) for a, b in zip(known.gates, cue.gates, strict=True))
    cues[cue.identity] = replace(known, gates=(gates[0], gates[1]))
    if cue.role == "object" and cue.strength != known.strength:
        extra.append(cue)


def _fingerprint(cues: Iterable[Cue], tables: dict[str, dict[str, list[Row]]]) -> str:
    lines = [repr((c.identity, c.strength, c.weights, c.gates)) for c in cues]
    lines += [
        repr((language, kind, sorted(row.values.items())))
        for language, kinds in tables.items()
        for kind, rows in kinds.items()
        for row in rows
    ]
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


class _Compiler:
    def __init__(
        self, cues: Sequence[Cue], extra: Sequence[Cue], tables: dict[str, dict[str, list[Row]]],
        strengths: Collection[str], *, silent: bool = False,
    ) -> None:
        self.silent = silent  # also actions without weight are found: `lexicon refit` may give them one
        self.strengths = frozenset(strengths)
        self.cues = list(cues)
        self.extra = extra
        self.tables = tables
        self.words: dict[str, Words] = {"en": EnglishWords(), "de": GermanWords()}
        self.functions: dict[str, dict[str, int]] = {language: {} for language in LANGUAGES}
        self.classes = self._class_numbers()
        self.particles: frozenset[str] = frozenset()
        self.phrases = PhraseTableBuilder(len(LANGUAGES))
        self.lengths = [1] * len(self.cues)

    def _class_numbers(self) -> dict[str, int]:
        names = {cue.strength for cue in (*self.cues, *self.extra) if cue.role == "object"}
        names |= {"person", "norm", "channel", "service"}
        for cue in self.cues:
            for key, value in cue.needs:
                if key in ("object", "doer", "counterpart"):
                    names |= {name for name in value.split("|") if name in self.strengths}
        for kinds in self.tables.values():
            names |= {row.values["class"] for row in kinds["classes"]}
        if len(names) > 62:
            raise LexiconError(f"{len(names)} object classes; at most 62 fit")
        return {name: number for number, name in enumerate(sorted(names))}

    def lexicon(self, fingerprint: str, overlay: str, taught: Sequence[Cue] = ()) -> Lexicon:
        for side, language in enumerate(LANGUAGES):
            self._verbs(language)
            self._taught_verbs(language, taught)
            self._register(language)
            self._forms_and_classes(language)
            self._neutral(language)
            self._frames(side, language)
        for side, language in enumerate(LANGUAGES):
            self._phrase_cues(side, language)
            self._abbreviations(language)
        return Lexicon(
            cue_texts=[cue.cue for cue in self.cues],
            cue_strengths=[cue.strength for cue in self.cues],
            arrays=self._arrays(),
            words=self.words,
            functions=self.functions,
            particles=self.particles,
            phrases=self.phrases.build(),
            classes=self.classes,
            scope=self._scope(),
            spelling=tuple(
                spelling_keys(language, (lemma for lemma, entry in self.words[language].entries.items() if entry.kind))
                for language in LANGUAGES
            ),
            fingerprint=fingerprint,
            overlay=overlay,
            identities=[cue.identity for cue in self.cues],
        )

    def _verbs(self, language: str) -> None:
        words = self.words[language]
        person = 1 << self.classes["person"]
        for row in self.tables[language]["verbs"]:
            values = row.values
            words.add_verb(values["verb"], values["particle"], values["forms"].split())
            for noun in values["nouns"].split():
                words.entry(noun).kind |= ACTION_NOUN
            for agent in values["agents"].split():
                entry = words.entry(agent)
                entry.kind |= NOUN
                entry.classes |= person

    def _taught_verbs(self, language: str, taught: Sequence[Cue]) -> None:
        """Actions of a user's table that are no verbs yet, unless they look like nouns."""
        words = self.words[language]
        for cue in taught:
            if cue.language == language and cue.role == "action" and cue.cue.isalpha():
                known = words.key(cue.cue) in words.entries and words.entry(cue.cue).kind
                noun = dict(cue.needs).get("form") == "noun"
                if not known and not noun and _LOOKS_LIKE_VERB[language](cue.cue):
                    words.add_verb(cue.cue, "", [])

    def _register(self, language: str) -> None:
        """Single words become entries; the words of phrases are made known."""
        words = self.words[language]
        nouns: dict[str, list[str]] = {}
        for row in self.tables[language]["verbs"]:
            nouns.setdefault(words.key(row.values["verb"]), []).extend(row.values["nouns"].split())
        phrases: list[list[str]] = []
        for number, cue in enumerate(self.cues):
            if cue.language != language:
                continue
            parts = phrase_words(cue.cue)
            self.lengths[number] = len(parts)
            if len(parts) == 1:
                self._single(words, cue.cue, number, cue, nouns)
                continue
            phrases.append(parts)
            if "-" in cue.cue and " " not in cue.cue:
                self._single(words, cue.cue.replace("-", ""), number, cue, nouns)
        # Words of phrases come last: one whose lemma is known keeps it ("claims" stays a form of "claim").
        for parts in phrases:
            for part in parts:
                grammar = part in "*#" or fold(part) in self.functions[language]
                if not grammar and not words.analyse(part).kind & KNOWN:
                    words.entry(part)
        words.forget()

    def _single(
        self, words: Words, word: str, number: int, cue: Cue, nouns: dict[str, list[str]]
    ) -> None:
        entry = words.entry(word)
        if cue.role == "action" and entry.kind & VERB:
            entry.verb_cues.append(number)
            for noun in nouns.get(words.key(word), ()):
                action_noun = words.entry(noun)
                if number not in action_noun.noun_cues:
                    action_noun.noun_cues.append(number)
        elif cue.role == "action":
            entry.kind |= ACTION_NOUN
            entry.noun_cues.append(number)
        elif cue.role in NOUN_ROLES:
            entry.kind |= NOUN
            entry.noun_cues.append(number)
        else:
            entry.kind |= OTHER
            entry.other_cues.append(number)
        entry.classes |= self._class_mask(cue)

    def _class_mask(self, cue: Cue) -> int:
        if cue.role == "object":
            return 1 << self.classes[cue.strength]
        if cue.role in PERSON_ROLES:
            return 1 << self.classes["person"]
        return 1 << self.classes[cue.role] if cue.role in ("norm", "channel", "service") else 0

    def _forms_and_classes(self, language: str) -> None:
        words = self.words[language]
        for row in self.tables[language]["forms"]:
            words.add_form(row.values["form"], row.values["lemma"])
        for cue in self.extra:
            if cue.language == language and len(phrase_words(cue.cue)) == 1:
                words.entry(cue.cue).classes |= self._class_mask(cue)
        for row in self.tables[language]["classes"]:
            entry = words.entry(row.values["word"])
            entry.kind |= NOUN
            entry.classes |= 1 << self.classes[row.values["class"]]
        if isinstance(words, GermanWords):
            words.neutral_class = 1 << self.classes.get("neutral_head", 63)

    def _neutral(self, language: str) -> None:
        """Words that say nothing are made known, so that nobody takes them for nouns that nobody knows."""
        words, groups = self.words[language], read_neutral_groups()
        for row in self.tables[language]["neutral"]:
            if row.values["group"] not in groups:
                raise row.error("group", f"'{row.values['group']}' is not one of {', '.join(groups)}")
            entry = words.entry(row.values["word"])
            if not entry.kind:
                entry.kind = NOUN if row.values["group"] in _NEUTRAL_NOUNS else OTHER
        words.forget()

    def _frames(self, side: int, language: str) -> None:
        words = self.words[language]
        parts: dict[str, set[str]] = {name: set() for name in _WORD_PARTS}
        for row in self.tables[language]["frames"]:
            function, text = row.values["function"], row.values["words"]
            if function in parts:
                parts[function].add(words.key(text))
                continue
            if function not in FUNCTION:
                raise row.error("function", f"'{function}' is not one of {', '.join(FUNCTIONS[1:])}")
            pieces = phrase_words(text)
            if len(pieces) == 1:
                self.functions[language].setdefault(fold(text), FUNCTION[function])
            else:
                for piece in pieces:  # known, so that inflected forms lead to it
                    if piece.isalpha():
                        words.entry(piece)
                self.phrases.add(side, [words.canon(piece) for piece in pieces], -FUNCTION[function])
        words.forget()
        if isinstance(words, GermanWords):
            words.verb_prefixes = frozenset(parts["verb_prefix"])
            self.particles = frozenset(parts["particle"])

    def _phrase_cues(self, side: int, language: str) -> None:
        words = self.words[language]
        for number, cue in enumerate(self.cues):
            if cue.language == language and self.lengths[number] > 1:
                pieces = [
                    piece if piece in "*#" or piece.isdigit() else words.canon(piece)
                    for piece in phrase_words(cue.cue)
                ]
                self.phrases.add(side, pieces, number)

    def _abbreviations(self, language: str) -> None:
        """An abbreviation reads as its expansion: a cue of that wording, else its last known word."""
        words = self.words[language]
        wordings: dict[str, list[int]] = {}
        for number, cue in enumerate(self.cues):
            if cue.language == language and cue.role in ("service", "object", "action"):
                wordings.setdefault(words.key(cue.cue), []).append(number)
        for row in self.tables[language]["abbreviations"]:
            form, expansion = row.values["abbreviation"], row.values["expansion"]
            if len(phrase_words(form)) != 1 or row.values["needs"]:
                continue
            numbers = wordings.get(words.key(expansion), [])
            last = words.analyse(phrase_words(expansion)[-1])
            entry = words.entries.setdefault(abbreviation_key(form), Entry(abbreviation_key(form)))
            entry.kind |= NOUN
            if numbers:
                entry.noun_cues += numbers
                for number in numbers:
                    entry.classes |= self._class_mask(self.cues[number])
            else:
                entry.kind |= last.kind & ACTION_NOUN
                entry.noun_cues += [cue for cue, _, _ in last.cues]
                entry.classes |= last.classes

    def _scope(self) -> ScopeWords:
        """The scope tables; `@name` speaks for all words of an object class or actions of a strength."""
        width = 2 * len(SCOPE_PLACES)
        lemmas: tuple[dict[str, int], ...] = tuple({} for _ in LANGUAGES)
        rows = [[0] * width]
        classes = np.zeros((len(LANGUAGES), 64, width), np.int32)
        actions: dict[tuple[str, str], tuple[int, int]] = {}
        base = np.zeros((len(LANGUAGES), 2), np.int32)
        for side, language in enumerate(LANGUAGES):
            words = self.words[language]
            for row in self.tables[language]["scope"]:
                word, place = row.values["word"], row.values["place"]
                if place not in SCOPE_PLACES:
                    raise row.error("place", f"'{place}' is not one of {', '.join(SCOPE_PLACES)}")
                first = 2 * SCOPE_PLACES.index(place)
                said = (level(row, "hands", row.values["hands"]), level(row, "presence", row.values["presence"]))
                if word == TEXT:
                    base[side] = said
                elif word[0] != "@":
                    number = lemmas[side].setdefault(words.key(word), len(rows))
                    if number == len(rows):
                        rows.append([0] * width)
                    rows[number][first : first + 2] = said
                elif place == "verb":
                    actions[language, word[1:]] = said
                else:
                    classes[side, self.classes[word[1:]], first : first + 2] = said
        acts = [actions.get((c.language, c.strength), (0, 0)) if c.role == "action" else (0, 0) for c in self.cues]
        things = [
            classes[LANGUAGES.index(c.language)][_bits(self._class_mask(c))].sum(axis=0) for c in self.cues
        ]
        return ScopeWords(
            lemmas, np.array(rows, np.int32), classes, np.array(acts, np.int32).reshape(-1, 2),
            np.array(things, np.int16).reshape(-1, width), base,
        )

    def _arrays(self) -> CueArrays:
        cues = self.cues

        def masks(key: str) -> npt.NDArray[np.uint64]:
            return np.array([self._need_mask(cue, key) for cue in cues], dtype=np.uint64)

        def codes(key: str, names: dict[str, int]) -> npt.NDArray[np.int8]:
            return np.array([names.get(dict(cue.needs).get(key, ""), 0) for cue in cues], np.int8)

        return CueArrays(
            weights=np.array([cue.weights for cue in cues], dtype=np.int32).reshape(-1, 6),
            gates=np.array([cue.gates for cue in cues], dtype=np.int32).reshape(-1, 2),
            role=np.array([ROLES.index(cue.role) for cue in cues], dtype=np.int8),
            language=np.array([LANGUAGES.index(cue.language) for cue in cues], dtype=np.int8),
            words=np.array(self.lengths, dtype=np.int8),
            needs_object=masks("object"),
            needs_doer=masks("doer"),
            needs_counterpart=masks("counterpart"),
            needs_form=codes("form", FORMS),
            needs_clause=codes("clause", CLAUSES),
            needs=np.array([len(cue.needs) for cue in cues], dtype=np.int8),
            classes=np.array([self._class_mask(cue) for cue in cues], dtype=np.uint64),
            says=np.array(
                [any(c.weights) or any(c.gates) or c.role in SAYING_ROLES or c.strength == "assist"
                 or (self.silent and c.role in SILENT_ROLES) for c in cues],
                dtype=np.bool_,
            ),
        )

    def _need_mask(self, cue: Cue, key: str) -> int:
        names = dict(cue.needs).get(key, "")
        mask = 0
        for name in filter(None, names.split("|")):
            if name not in self.classes:
                raise LexiconError(f"{cue.source}, column 'needs': no object class '{name}'")
            mask |= 1 << self.classes[name]
        return mask


def _bits(mask: int) -> list[int]:
    """Numbers of the bits that are set."""
    return [number for number in range(mask.bit_length()) if mask >> number & 1]


def phrase_words(text: str) -> list[str]:
    """The tokens of a cue: as in a text, with `*` and `#` kept."""
    pieces: list[str] = []
    for chunk in text.split():
        if chunk in ("*", "#"):
            pieces.append(chunk)
        else:
            pieces += [word for word, _, _, _ in split_chunk(chunk)]
    return pieces or [text]
