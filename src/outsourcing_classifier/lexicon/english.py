"""English word forms: endings are stripped and the rest must stand in the vocabulary."""

from collections.abc import Iterator
from typing import Any, Final

from .words import (
    ACTION_NOUN,
    ADVERB,
    CAPITAL,
    ELIDED,
    GERUND,
    KNOWN,
    LETTERS,
    NOUN,
    OTHER,
    PARTICIPLE,
    THIRD,
    VERB,
    VIA_NOUN,
    VIA_OTHER,
    VIA_VERB,
    Entries,
    Entry,
    VerbForms,
    WordForm,
    abbreviated,
    abbreviation_key,
    entry_cues,
    fold,
    number_form,
)

BASE, PAST, ING, PLURAL = range(4)
_LONG: Final = 10  # letters; the lemma of a word as long as this begins with the same five
_BEGINNING: Final = 5
_VOWELS: Final = frozenset("aeiou")


_SPELLINGS: Final = (
    ("isations", "izations"), ("isation", "ization"), ("ising", "izing"), ("ised", "ized"),
    ("ises", "izes"), ("ise", "ize"),
    ("ysing", "yzing"), ("ysed", "yzed"), ("yses", "yzes"), ("yse", "yze"),
    ("cences", "censes"), ("cence", "cense"), ("grammes", "grams"),
    ("gramme", "gram"), ("logues", "logs"), ("logue", "log"), ("tres", "ters"), ("tre", "ter"),
    ("lling", "ling"), ("lled", "led"), ("llers", "lers"), ("ller", "ler"),
)


_BRITISH: Final = tuple(british for british, _ in _SPELLINGS)


def spelling(word: str) -> str:
    """American and British spelling under one key (a key need not be a word)."""
    if len(word) < 5 or not (word.endswith(_BRITISH) or "our" in word):
        return word
    for british, american in _SPELLINGS:
        if word.endswith(british):
            word = word[: -len(british)] + american
            break
    return word[:2] + word[2:].replace("our", "or")


class EnglishWords:
    """The English side of the vocabulary."""

    def __init__(self) -> None:
        self.entries = Entries()
        self.verb_forms = VerbForms()  # irregular forms only
        self._beginnings: set[str] = set()  # of long words: most words of other languages have none of them

    def key(self, word: str) -> str:
        """The key under which a word stands in the vocabulary."""
        return spelling(fold(word))

    def entry(self, word: str) -> Entry:
        """The entry of a word, new or known."""
        key = self.key(word)
        if key not in self.entries:
            self.entries[key] = Entry(key)
            self._beginnings.add(key[:_BEGINNING])
        return self.entries[key]

    def add_verb(self, verb: str, _particle: str, forms: list[str]) -> None:
        """Register a verb and its irregular past and participle."""
        self.entry(verb).kind |= VERB
        for form in forms:
            self._beginnings.add(self.key(form)[:_BEGINNING])
            self.verb_forms.add(self.key(form), self.key(verb), PAST)

    def add_form(self, form: str, lemma: str) -> None:
        """Register an irregular plural ("people", "criteria")."""
        self._beginnings.add(self.key(form)[:_BEGINNING])
        self.verb_forms.add(self.key(form), self.key(lemma), PLURAL)

    def forget(self) -> None:
        """Nothing is remembered of forms."""

    def own_state(self) -> dict[str, Any]:
        """What a snapshot keeps besides entries and forms."""
        return {"beginnings": " ".join(sorted(self._beginnings))}

    def set_own_state(self, state: dict[str, Any]) -> None:
        """Take over what `own_state` gave."""
        self._beginnings = set(state["beginnings"].split(" "))

    def canon(self, word: str) -> str:
        """The lemma used in phrases."""
        return self.analyse(word).canon

    def analyse(self, form: str) -> WordForm:
        """All that the vocabulary knows of a token."""
        if form[0].isdigit():
            return number_form(form)
        if abbreviation_key(form) in self.entries.known:
            return abbreviated(form, self.entries[abbreviation_key(form)])
        kind = LETTERS | (CAPITAL if form[0].isupper() else 0)
        word = fold(form)
        if word[-1] == "-":
            kind |= ELIDED
        word = word.strip("-")
        word = spelling(word.removesuffix("'s"))
        cues: list[tuple[int, int, bool]] = []
        canon = ""
        classes = 0
        known = self.entries.known
        strange = len(word) >= _LONG and word[:_BEGINNING] not in self._beginnings
        for lemma, way in () if strange else self._candidates(word):
            if lemma not in known:
                continue
            entry = self.entries[lemma]
            found, more = _readings(entry, way)
            if not found:
                continue
            kind |= found | KNOWN
            canon = canon or lemma
            cues += [item for item in more if item not in cues]
            if found & (NOUN | ACTION_NOUN) or not found & (VERB | GERUND | PARTICIPLE):
                classes |= entry.classes
        if not kind & KNOWN:
            if word.endswith("ly"):
                kind |= ADVERB
            elif word.endswith("ing"):
                kind |= GERUND
            elif word.endswith("ed"):
                kind |= OTHER
        canon = canon or word
        return WordForm(kind, canon, canon, tuple(cues), classes)

    def _candidates(self, word: str) -> Iterator[tuple[str, int]]:
        yield word, BASE
        yield from self.verb_forms.get(word)
        if word.endswith("s") and len(word) > 3 and not word.endswith("ss"):
            yield word[:-1], PLURAL
            if word.endswith("ies"):
                yield word[:-3] + "y", PLURAL
            elif word.endswith(("ses", "xes", "zes", "ches", "shes", "oes")):
                yield word[:-2], PLURAL
                if word.endswith("ses"):
                    yield word[:-2] + "is", PLURAL
        elif word.endswith("ed") and len(word) > 3:
            for stem in _stems(word[:-2]):
                yield stem, PAST
        elif word.endswith("ing") and len(word) > 4:
            for stem in _stems(word[:-3]):
                yield stem, ING
        elif word.endswith("ly") and len(word) > 5:
            yield word[:-2], BASE


def _stems(stem: str) -> Iterator[str]:
    yield stem
    yield stem + "e"
    if stem.endswith("i"):
        yield stem[:-1] + "y"
    if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in _VOWELS:
        yield stem[:-1]
    if stem.endswith("l"):
        yield stem + "l"


def _readings(entry: Entry, way: int) -> tuple[int, list[tuple[int, int, bool]]]:
    """What a form of this entry can be, and the cues that come with it."""
    kind = 0
    cues: list[tuple[int, int, bool]] = []
    if entry.kind & VERB:
        kind |= {BASE: VERB, PLURAL: VERB | THIRD, PAST: PARTICIPLE, ING: GERUND}.get(way, 0)
        if kind:
            cues += entry_cues(entry, VIA_VERB)
    if way in (BASE, PLURAL):
        if entry.kind & (NOUN | ACTION_NOUN):
            kind |= entry.kind & (NOUN | ACTION_NOUN)
            cues += entry_cues(entry, VIA_NOUN)
        if entry.other_cues or not entry.kind:
            kind |= OTHER if entry.kind & OTHER or not entry.kind else 0
            cues += entry_cues(entry, VIA_OTHER)
        if entry.kind & OTHER:
            kind |= OTHER
    elif way in (PAST, ING) and not entry.kind & VERB:
        return 0, []
    return kind, cues
