"""Tables to a compiled lexicon: cue arrays, vocabularies of both languages, phrases."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from ..dimensions import LANGUAGES
from ..errors import LexiconError
from ..text.letters import HashTable
from ..text.tokens import DOT, split_chunk
from .clipped import SHORTEST_CORE
from .codes import FUNCTION, FUNCTIONS, ROLES
from .compiled import CueArrays, Lexicon
from .english import EnglishVocabulary, EnglishWords
from .german import GermanWords
from .german_verbs import GermanVocabulary
from .phrases import PhraseTableBuilder
from .scope import scope_words
from .spelling import spelling_keys
from .tables import (
    CLAUSES,
    FORMS,
    OTHER_TABLES,
    Cue,
    LexiconSource,
    Row,
    base_tables,
    cue_of,
    is_abbreviation,
    needs_of,
    read_cues,
    read_neutral_groups,
    read_overlay,
    read_rows,
    read_strengths,
    read_words,
    refitted,
)
from .vocabulary import Words
from .words import ACTION_NOUN, KNOWN, NOUN, OTHER, VERB, fold, is_word

NOUN_ROLES: Final = frozenset(
    {"object", "norm", "doer", "counterpart", "channel", "title", "department", "industry",
     "service", "place", "qualification", "generic"}
)
VERB_ROLES: Final = frozenset({"action", "trait"})
SILENT_ROLES: Final = frozenset({"action", "object", "word"})  # may be given a weight by `lexicon refit`
SAYING_ROLES: Final = frozenset(
    {"service", "title", "department", "industry", "place", "generic", "prose", "trait", "flag"}
)
PERSON_ROLES: Final = frozenset({"doer", "counterpart", "title"})

_NOUN_ENDINGS: Final = ("ing", "tion", "sion", "ment", "ance", "ence", "ness", "ity")
_NO_NOUN_ENDINGS: Final = ("ly", "ed", "ing")  # of English words
_LOOKS_LIKE_VERB: Final[dict[str, Callable[[str], bool]]] = {
    "en": lambda word: not word.endswith(_NOUN_ENDINGS),
    "de": lambda word: word[0].islower() and word.endswith(("en", "eln", "ern")),
}
_NEUTRAL_NOUNS: Final = frozenset(("general_noun", "amount", "name"))
_STEM: Final = 3  # letters that all forms of a lemma have in common
_ENDING: Final = 5  # letters of the longest ending
_WORD_PARTS: Final = ("particle", "verb_prefix")  # functions of parts of words


def compile_tables(
    *overlays: LexiconSource, refit: bool = True, unweighed: Mapping[str, Collection[str]] | None = None
) -> Lexicon:
    """The same, always from the tables; with or without what `lexicon refit` has learned.

    ``unweighed`` are words of each language that it may give a weight.
    """
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
            cues.update({cue.identity: cue for cue in read_words(tables[language]["words"], language)})
        for word in (unweighed or {}).get(language, ()):
            row = Row("", 0, dict.fromkeys(OTHER_TABLES["words"], "") | {"word": word})
            cues.update({cue.identity: cue for cue in read_words([row], language)})
    fingerprint = _fingerprint(cues.values(), tables)
    own = tuple(map(read_overlay, overlays))
    rows = [row for table in own for row in table]
    overlay_cues = [cue_of(row, row.values["language"], strengths) for row in rows if not is_abbreviation(row)]
    for cue in overlay_cues:
        cues[cue.identity] = cue
        if cue.strength == "off":  # silences also what the word adds beside cues
            cues.pop((cue.language, fold(cue.cue), "word", ()), None)
    abbreviations = _abbreviated(tables, [row for row in rows if is_abbreviation(row)])
    kept = tuple(cue for cue in cues.values() if cue.strength != "off")
    overlay = _fingerprint(overlay_cues, abbreviations) if rows else ""
    compiler = _Compiler(kept, extra, tables, strengths, silent=not refit)
    return replace(compiler.lexicon(fingerprint, overlay, overlay_cues), overlays=own)


def _abbreviated(
    tables: dict[str, dict[str, list[Row]]], rows: Sequence[Row]
) -> dict[str, dict[str, list[Row]]]:
    """Lay the user's abbreviations over the base ones; the last row of an abbreviation rules. Returns the user's."""
    own: dict[str, dict[str, list[Row]]] = {}
    for language in LANGUAGES:
        said = {row.values["abbreviation"]: row for row in rows if row.values["language"] == language}
        base = [row for row in tables[language]["abbreviations"] if row.values["abbreviation"] not in said]
        tables[language]["abbreviations"] = [*base, *said.values()]
        if said:
            own[language] = {"abbreviations": list(said.values())}
    return own


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
        self.strength_names = sorted({cue.strength for cue in cues})
        self.cues = list(cues)
        self.extra = extra
        self.tables = tables
        self.english, self.german = EnglishVocabulary(), GermanVocabulary()
        self.words: dict[str, EnglishVocabulary | GermanVocabulary] = {"en": self.english, "de": self.german}
        self.functions: dict[str, dict[str, int]] = {language: {} for language in LANGUAGES}
        self.classes = self._class_numbers()
        self.particles: frozenset[str] = frozenset()
        self.phrases = PhraseTableBuilder(len(LANGUAGES))
        self.lengths = [1] * len(self.cues)
        self.phrased: dict[str, list[str]] = {language: [] for language in LANGUAGES}  # words of phrases alone

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
            self._phrased_nouns(language)
        for language in LANGUAGES:
            self._abbreviations(language)
        english, german = self.english.words(), self.german.words()
        return Lexicon(
            cue_lines="\n".join(cue.cue for cue in self.cues),
            strengths=self.strength_names,
            arrays=self._arrays(),
            english=english,
            german=german,
            functions=self.functions,
            particles=self.particles,
            phrases=self.phrases.build(),
            classes=self.classes,
            scope=scope_words(self.tables, self.words, self.classes, self.cues, list(map(self._class_mask, self.cues))),
            learned=self._learned(),
            spelling=tuple(
                spelling_keys(language, (lemma for lemma, entry in self.words[language].entries.items() if entry.kind))
                for language in LANGUAGES
            ),
            cut_off=tuple(self._cut_off(language, english, german) for language in LANGUAGES),
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
            if cue.language != language or cue.role == "word":
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
        single = {part for parts in phrases for part in parts if part not in "*#"}
        strange = sorted(
            (part for part in single if fold(part) not in self.functions[language]), key=lambda part: (len(part), part)
        )
        known = words.words().read(strange).kind & KNOWN != 0
        while strange:
            stems: set[str] = set()
            later = []  # a longer word that begins alike may be a form of a shorter one
            for part in (part for part, found in zip(strange, known.tolist(), strict=True) if not found):
                key = words.key(part)
                if any(key[:length] in stems for length in range(max(len(key) - _ENDING, _STEM), len(key) + 1)):
                    later.append(part)
                else:
                    stems.add(key[: max(len(key) - 1, _STEM)])
                    self.phrased[language].append(part)
                    words.entry(part)
            found = words.words().read(later)
            strange, known = later, (found.kind & KNOWN != 0) & (found.head == found.lemma)

    def _single(
        self, words: EnglishVocabulary | GermanVocabulary, word: str, number: int, cue: Cue, nouns: dict[str, list[str]]
    ) -> None:
        entry = words.entry(word)
        if cue.role in VERB_ROLES and entry.kind & VERB:
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
        self.german.neutral_class = 1 << self.classes.get("neutral_head", 63)

    def _neutral(self, language: str) -> None:
        """Words that say nothing are made known, so that nobody takes them for nouns that nobody knows."""
        words, groups = self.words[language], read_neutral_groups()
        for row in self.tables[language]["neutral"]:
            if row.values["group"] not in groups:
                raise row.error("group", f"'{row.values['group']}' is not one of {', '.join(groups)}")
            entry = words.entry(row.values["word"])
            if not entry.kind:
                entry.kind = NOUN if row.values["group"] in _NEUTRAL_NOUNS else OTHER

    def _phrased_nouns(self, language: str) -> None:
        """Words that stand in phrases alone are nouns elsewhere where a word that nobody knows would be one."""
        for word in self.phrased[language]:
            noun = word[0].isupper() or (language == "en" and not word.endswith(_NO_NOUN_ENDINGS))
            entry = self.words[language].entry(word)
            if noun and entry.kind == 0 and fold(word) not in self.functions[language]:
                entry.kind |= NOUN

    def _frames(self, side: int, language: str) -> None:
        words = self.words[language]
        parts: dict[str, set[str]] = {name: set() for name in _WORD_PARTS}
        phrases: list[tuple[list[str], int]] = []
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
                continue
            for piece in pieces:  # known, so that inflected forms lead to it
                if piece.isalpha():
                    words.entry(piece)
            phrases.append((pieces, -FUNCTION[function]))
        if language == "de":
            self.german.verb_prefixes = frozenset(parts["verb_prefix"])
            self.particles = frozenset(parts["particle"])
        for number, cue in enumerate(self.cues):
            if cue.language != language or self.lengths[number] < 2:
                continue
            first, *rest = phrase_words(cue.cue)
            also = words.gerunds(first) if cue.role == "action" else ()
            phrases += [([form, *rest], number) for form in (first, *also)]
        self._phrases(side, words.words(), phrases)

    def _phrases(self, side: int, words: EnglishWords | GermanWords, phrases: Sequence[tuple[list[str], int]]) -> None:
        """Phrases of a language by the lemmas of their words; `*`, `#` and numbers stand for themselves."""
        pieces = list(dict.fromkeys(piece for parts, _ in phrases for piece in parts))
        spoken = [piece for piece in pieces if piece not in "*#" and not piece.isdigit() and is_word(piece)]
        lemmas = dict(zip(spoken, words.lemmas_of(spoken), strict=True))
        for parts, payload in phrases:
            self.phrases.add(side, [lemmas.get(piece, piece) for piece in parts], payload)

    def _abbreviations(self, language: str) -> None:
        """An abbreviation reads as its expansion: a cue of that wording, else its last known word."""
        vocabulary = self.words[language]
        words = vocabulary.words()
        wordings: dict[str, list[int]] = {}
        for number, cue in enumerate(self.cues):
            if cue.language == language and cue.role in ("service", "object", "action"):
                wordings.setdefault(words.key(cue.cue), []).append(number)
        for row in self.tables[language]["abbreviations"]:
            form, expansion = row.values["abbreviation"], row.values["expansion"]
            if len(phrase_words(form)) != 1 or row.values["needs"] or form.endswith(DOT):
                continue
            numbers = wordings.get(words.key(expansion), [])
            entry = vocabulary.abbreviation(form)
            entry.kind |= NOUN
            if numbers:
                entry.noun_cues += numbers
                for number in numbers:
                    entry.classes |= self._class_mask(self.cues[number])
            else:
                last = words.analyse(phrase_words(expansion)[-1])
                entry.kind |= last.kind & ACTION_NOUN
                entry.noun_cues += [cue for cue, _, _ in last.cues]
                entry.classes |= last.classes

    def _cut_off(self, language: str, *readers: Words) -> dict[str, str]:
        """Whole words of cut-off ones; what is a word itself, or very short, keeps its dot."""
        wholes = {
            fold(row.values["abbreviation"])[:-1]: row.values["expansion"]
            for row in self.tables[language]["abbreviations"] if row.values["abbreviation"].endswith(DOT)
        }
        words = [form for form in wholes if is_word(form)]
        known = np.logical_or.reduce([reader.read(words).kind & KNOWN != 0 for reader in readers]) if words else []
        return {
            form + DOT if stands or len(form) < SHORTEST_CORE else form: wholes[form]
            for form, stands in zip(words, known, strict=True)
        }

    def _learned(self) -> tuple[HashTable, ...]:
        """For each language the lemmas of learned words, each with the number of its cue."""
        tables: tuple[dict[str, int], ...] = tuple({} for _ in LANGUAGES)
        for number, cue in enumerate(self.cues):
            if cue.role == "word":
                tables[LANGUAGES.index(cue.language)][self.words[cue.language].key(cue.cue)] = number
        return tuple(HashTable.from_words(list(side), list(side.values())) for side in tables)

    def _arrays(self) -> CueArrays:
        cues = self.cues
        strength = {name: number for number, name in enumerate(self.strength_names)}

        def masks(key: str) -> npt.NDArray[np.uint64]:
            return np.array([self._need_mask(cue, key) for cue in cues], dtype=np.uint64)

        def codes(key: str, names: dict[str, int]) -> npt.NDArray[np.int8]:
            return np.array([names.get(dict(cue.needs).get(key, ""), 0) for cue in cues], np.int8)

        return CueArrays(
            weights=np.array([cue.weights for cue in cues], dtype=np.int32).reshape(-1, 6),
            gates=np.array([cue.gates for cue in cues], dtype=np.int32).reshape(-1, 2),
            role=np.array([ROLES.index(cue.role) for cue in cues], dtype=np.int8),
            strength=np.array([strength[cue.strength] for cue in cues], dtype=np.int16),
            language=np.array([LANGUAGES.index(cue.language) for cue in cues], dtype=np.int8),
            words=np.array(self.lengths, dtype=np.int8),
            needs_object=masks("object"),
            needs_doer=masks("doer"),
            needs_counterpart=masks("counterpart"),
            needs_form=codes("form", FORMS),
            needs_clause=codes("clause", CLAUSES),
            needs=np.array([len(cue.needs) for cue in cues], dtype=np.int8),
            classes=np.array([self._class_mask(cue) for cue in cues], dtype=np.uint64),
            # A narrowed row takes the place of the general one, also where it says nothing.
            says=np.array(
                [any(c.weights) or any(c.gates) or bool(c.needs) or c.role in SAYING_ROLES or c.strength == "assist"
                 or (self.silent and c.role in SILENT_ROLES) for c in cues],
                dtype=np.bool_,
            ),
        )

    def _need_mask(self, cue: Cue, key: str) -> int:
        names = dict(cue.needs).get(key, "")
        mask = 0
        for name in filter(None, names.split("|")):
            if name not in self.classes:
                raise cue.row.error("needs", f"no object class '{name}'")
            mask |= 1 << self.classes[name]
        return mask


def phrase_words(text: str) -> list[str]:
    """The tokens of a cue: as in a text, with `*` and `#` kept."""
    pieces: list[str] = []
    for chunk in text.split():
        if chunk in ("*", "#"):
            pieces.append(chunk)
        else:
            pieces += [word for word, _, _, _ in split_chunk(chunk)]
    return pieces or [text]
