"""German word forms: finite verbs, separable verbs, noun and adjective endings, compounds.

Keys are folded (ae, oe, ue, ss), so Swiss and typewriter spelling need no rule of their own.
"""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, Final

from .words import (
    ACTION_NOUN,
    CAPITAL,
    ELIDED,
    INFINITIVE,
    KNOWN,
    LETTERS,
    NOUN,
    OTHER,
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

_BEGINNING: Final = 5  # letters by which a noun is looked for before its endings are tried
_GENDER: Final = re.compile(r"(?:[:*_]|/-?|\()(innen|in|n|r|s|e|en)\)?$")
_INNER_GENDER: Final = re.compile(r"(?<=[a-zäöüß])In(nen)?$")
_NOUN_ENDINGS: Final = frozenset(
    ("s", "es", "ens", "n", "en", "ern", "nen", "innen", "in", "sen", "e", "se", "ne", "er")
)
_ENDING_LENGTHS: Final = (1, 2, 3, 5)
# Endings of adjectives by their last letter, in the order in which they are tried.
_ADJECTIVE_ENDINGS: Final = {
    "e": ("e", "ere", "ste"), "n": ("en", "eren", "sten"), "r": ("er", "erer"), "s": ("es",), "m": ("em",),
}
_UMLAUT_ENDINGS: Final = frozenset(("e", "er", "ern", "en", "n", "in", "innen", "nen"))  # "Verträge"
_DROPPED_E: Final = frozenset(("en", "in", "innen"))  # "Kundin"
_DROPPED_E_LENGTHS: Final = (2, 5)
_LINKS: Final = ("s", "n", "en", "es", "er", "e", "ens")
_MINIMUM_HEAD: Final = 4
_MINIMUM_MODIFIER: Final = 3
_REMEMBERED: Final = 200_000  # forms whose noun is remembered


@dataclass(slots=True)
class _Found:
    """What `analyse` has gathered of a form so far."""

    kind: int
    canon: str = ""
    head: str = ""
    classes: int = 0
    modifier_classes: int = 0
    cues: list[tuple[int, int, bool]] = field(default_factory=list)


class GermanWords:
    """The German side of the vocabulary."""

    neutral_class: int = 0  # object class of heads such as -dienst

    def __init__(self) -> None:
        self.entries = Entries()
        self.verb_forms = VerbForms()
        self.verb_prefixes: frozenset[str] = frozenset()
        self._separable: dict[str, str] = {}
        self._irregular: dict[str, str] = {}
        self._known: dict[str, Entry | None] = {}
        self._beginnings: set[str] = set()  # of forms of nouns: most words and parts of words are none
        self._separable_pairs: dict[tuple[str, str], str] = {}

    def key(self, word: str) -> str:
        """The key under which a word stands in the vocabulary."""
        return fold(word)

    def entry(self, word: str) -> Entry:
        """The entry of a word, new or known."""
        key = fold(word)
        if key not in self.entries:
            self.entries[key] = Entry(key)
            self._beginnings.update(_beginnings(key))
        return self.entries[key]

    def add_verb(self, verb: str, particle: str, forms: list[str]) -> None:
        """Register a verb: infinitive, with zu, finite forms, participle; joined and separated."""
        lemma, front = fold(verb), fold(particle)
        self.entry(verb).kind |= VERB
        base = lemma[len(front) :] if front and lemma.startswith(front) else lemma
        self._add(lemma, lemma, VERB | INFINITIVE)
        finite = [fold(form) for form in forms] or _weak_forms(base, separable=bool(front))
        if base.endswith("en"):
            finite.append(base[:-1])  # "ich prüfe"
        if front:
            self._add(f"{front}zu{base}", lemma, VERB | INFINITIVE)
            for form in finite:
                self._add(front + form, lemma, VERB)
            for form in [*finite, _third(base)]:
                self._separable.setdefault(form, base)
            self._separable.setdefault(base, base)
            self._separable_pairs[base, front] = lemma
        else:
            for form in [*finite, _third(base)]:
                self._add(form, lemma, VERB)

    def _add(self, form: str, lemma: str, kind: int) -> None:
        self.verb_forms.add(form, lemma, kind)

    def add_form(self, form: str, lemma: str) -> None:
        """Register an irregular form."""
        self._irregular[fold(form)] = fold(lemma)

    def forget(self) -> None:
        """Forget what was remembered of forms, after the vocabulary has grown."""
        self._known.clear()

    def own_state(self) -> dict[str, Any]:
        """What a snapshot keeps besides entries and forms."""
        return {
            "separable": self._separable,
            "pairs": [[base, particle, verb] for (base, particle), verb in self._separable_pairs.items()],
            "irregular": self._irregular,
            "prefixes": sorted(self.verb_prefixes),
            "neutral": self.neutral_class,
            "beginnings": " ".join(sorted(self._beginnings)),
        }

    def set_own_state(self, state: dict[str, Any]) -> None:
        """Take over what `own_state` gave."""
        self._separable = state["separable"]
        self._separable_pairs = {(base, particle): verb for base, particle, verb in state["pairs"]}
        self._irregular = state["irregular"]
        self.verb_prefixes = frozenset(state["prefixes"])
        self.neutral_class = state["neutral"]
        self._beginnings = set(state["beginnings"].split(" "))

    def infinitive(self, base: str, particle: str) -> str:
        """The separable verb that a base and a particle make, or an empty string."""
        return self._separable_pairs.get((base, particle), "")

    def knows(self, form: str) -> bool:
        """Whether the form itself stands in the vocabulary: a quick look without any analysis."""
        word = fold(form)
        return word in self.entries or bool(self.verb_forms.get(word)) or word in self._irregular

    def canon(self, word: str) -> str:
        """The lemma used in phrases."""
        return self.analyse(word).canon

    def analyse(self, form: str) -> WordForm:
        """All that the vocabulary knows of a token."""
        if form[0].isdigit():
            return number_form(form)
        if abbreviation_key(form) in self.entries.known:
            return abbreviated(form, self.entries[abbreviation_key(form)])
        kind = LETTERS | (CAPITAL if form[0].isupper() or form[:2].lstrip("-")[:1].isupper() else 0)
        word = self._without_gender(form)
        elided = word[-1] == "-"
        word = word.strip("-")
        if not word:
            return WordForm(kind)
        found = _Found(kind | ELIDED if elided else kind)
        self._read_verb(found, word)
        self._read_noun_or_adjective(found, word, capital=form[0].isupper())
        if elided and not found.kind & KNOWN:
            self._read_linked_stem(found, word)
        if not found.kind & KNOWN:
            self._read_compound(found, word)
        base = self._separable.get(word, "")
        if base and not found.kind & KNOWN:
            found.kind |= VERB | KNOWN
        canon = found.canon or word
        return WordForm(
            found.kind, canon, found.head or canon, tuple(dict.fromkeys(found.cues)), found.classes,
            found.modifier_classes, base,
        )

    def _without_gender(self, form: str) -> str:
        """The folded word without its gender form: "Mitarbeiter:innen", "Kund:innen"."""
        if form.isalpha() and form[1:].islower():
            return fold(form)
        plain = _INNER_GENDER.sub("", _GENDER.sub("", form))
        word = fold(plain)
        if plain != form and self._noun(word) is None and self._noun(word + "e") is not None:
            word += "e"  # "Kund:innen"
        return word

    def _read_verb(self, found: _Found, word: str) -> None:
        for lemma, verb_kind in self.verb_forms.get(word):
            found.kind |= verb_kind | KNOWN
            found.canon = found.canon or lemma
            found.cues += entry_cues(self.entries[lemma], VIA_VERB)

    def _read_noun_or_adjective(self, found: _Found, word: str, *, capital: bool) -> None:
        noun = self._noun(word)
        if noun is not None:
            found.kind |= (noun.kind & (NOUN | ACTION_NOUN | OTHER)) | KNOWN
            found.canon = noun.lemma if not found.canon or capital else found.canon
            found.classes |= noun.classes
            found.cues += entry_cues(noun, VIA_NOUN) + entry_cues(noun, VIA_OTHER)
            return
        adjective = self._adjective(word)
        if adjective is not None:
            found.kind |= OTHER | KNOWN
            found.canon = found.canon or adjective.lemma
            found.cues += entry_cues(adjective, VIA_OTHER)

    def _read_linked_stem(self, found: _Found, word: str) -> None:
        """The noun before the linking letters of "Bearbeitungs-"."""
        for link in ("s", "es", "n", "en"):
            stem = self._noun(word[: -len(link)]) if word.endswith(link) else None
            if stem is not None:
                found.kind |= (stem.kind & (NOUN | ACTION_NOUN)) | KNOWN
                found.classes |= stem.classes
                found.canon = stem.lemma
                found.cues += entry_cues(stem, VIA_NOUN)
                return

    def _read_compound(self, found: _Found, word: str) -> None:
        """The head says what a compound is; a neutral head lets its modifier speak."""
        split = self._compound(word)
        if split is None:
            return
        first, last = split
        found.kind |= (last.kind & (NOUN | ACTION_NOUN)) | KNOWN
        found.classes |= last.classes
        found.head = last.lemma
        found.cues += entry_cues(last, VIA_NOUN, compound=True)
        if first is None:
            return
        found.modifier_classes = first.classes
        if self.is_neutral_head(last):
            found.kind |= first.kind & (NOUN | ACTION_NOUN)
            found.cues += entry_cues(first, VIA_NOUN, compound=True)
            found.cues += entry_cues(first, VIA_VERB, compound=True)

    @property
    def beginnings(self) -> AbstractSet[str]:
        """How the forms of nouns begin (up to five letters)."""
        return self._beginnings

    def is_neutral_head(self, entry: Entry) -> bool:
        """Heads such as -dienst pass the reading to their modifier."""
        return bool(entry.classes & self.neutral_class)

    def _noun(self, word: str) -> Entry | None:
        """The entry whose noun or phrase form this is (remembered)."""
        if word in self._known:
            return self._known[word]
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        found = self._known[word] = self._find_noun(word)
        return found

    def _find_noun(self, word: str) -> Entry | None:
        lemma = self._irregular.get(word)
        if lemma is not None and lemma in self.entries:
            return self.entries[lemma]
        entry = self.entries.get(word) if word in self.entries.known else None
        if entry is not None and entry.kind & ~VERB:
            return entry
        inflected = self._inflected_noun(word)
        if inflected is not None:
            return inflected
        bare = "" if word.endswith("ung") else _without_umlaut(word)
        if bare in self.entries.known and self.entries[bare].kind & NOUN:
            return self.entries[bare]
        return entry if entry is not None and not entry.kind else None

    def _inflected_noun(self, word: str) -> Entry | None:
        """The noun whose ending, umlaut or dropped -e makes this form; the shortest ending first."""
        known = self.entries.known
        umlauts = ("ae" in word or "oe" in word or "ue" in word) and _without_umlaut(word) != ""
        for length in _ENDING_LENGTHS if len(word) > 3 else ():
            stem = word[:-length]
            found = stem in known
            if not (found or umlauts or length in _DROPPED_E_LENGTHS) or len(stem) < 3:
                continue
            ending = word[-length:]
            if ending not in _NOUN_ENDINGS:
                continue
            candidates = [stem] if found else []
            if umlauts and ending in _UMLAUT_ENDINGS:
                candidates.append(_without_umlaut(stem))
            if ending in _DROPPED_E:
                candidates.append(stem + "e")
            for candidate in candidates:
                if candidate in known and self.entries[candidate].kind & (NOUN | ACTION_NOUN):
                    return self.entries[candidate]
        return None

    def _adjective(self, word: str) -> Entry | None:
        known = self.entries.known
        if word in known:
            entry = self.entries[word]
            if entry.kind & ~VERB | (not entry.kind):
                return entry
        for ending in _ADJECTIVE_ENDINGS.get(word[-1:], ()):
            stem = word.removesuffix(ending)
            if stem in known and stem != word:
                entry = self.entries[stem]
                if entry.kind & OTHER or not entry.kind:
                    return entry
        return None

    def _compound(self, word: str) -> tuple[Entry | None, Entry] | None:
        """Longest known head first; the modifier must be known or end in a linking letter."""
        beginnings, irregular = self._beginnings, self._irregular
        for split in range(_MINIMUM_MODIFIER, len(word) - _MINIMUM_HEAD + 1):
            rest = word[split:]
            begins = rest[:_BEGINNING] in beginnings or rest[:4] in beginnings or rest[:3] in beginnings
            if not begins and rest not in irregular:
                continue
            head = self._noun(rest)
            if head is None or not head.kind & (NOUN | ACTION_NOUN) or len(head.lemma) < _MINIMUM_HEAD:
                continue
            modifier = word[:split]
            if modifier in self.verb_prefixes:
                continue
            first = self._modifier(modifier)
            linked = split >= 4 and modifier.endswith(_LINKS)
            if first is not None or linked or split > 4:
                return first, head
        return None

    def _modifier(self, modifier: str) -> Entry | None:
        found = self._noun(modifier)
        if found is not None:
            return found
        known = self.entries.known
        stems = [modifier[: -len(link)] for link in _LINKS if modifier.endswith(link)]
        for candidate in (modifier, *stems, modifier + "e", modifier + "en"):
            if candidate in known:
                return self.entries[candidate]
        if len(modifier) <= 7:
            return None
        split = self._compound(modifier) or (self._compound(modifier[:-1]) if modifier.endswith("s") else None)
        return split[1] if split else None


def _beginnings(lemma: str) -> Iterator[str]:
    """How the forms of a noun can begin: with its own letters, without its last -e, with an umlaut."""
    yield lemma[:_BEGINNING]
    if lemma.endswith("e"):
        yield lemma[:-1][:_BEGINNING]
    for place, letter in enumerate(lemma[:_BEGINNING]):
        if letter in "aou":
            yield f"{lemma[: place + 1]}e{lemma[place + 1 :]}"[:_BEGINNING]


def _weak_forms(base: str, *, separable: bool) -> list[str]:
    """3rd person, past and participle of a regular verb; -ieren takes no ge-."""
    stem = base[:-2] if base.endswith("en") else base[:-1]
    e = "e" if stem[-1:] in "td" or re.search(r"(?:[^aeioulrhmn]|ch)[mn]$", stem) else ""
    forms = [f"{stem}{e}t", f"{stem}{e}te", f"{stem}{e}ten"]
    inseparable = re.match(r"(be|ge|er|ver|zer|ent|emp|miss|ueber|unter|wider|hinter|voll)", base)
    if base.endswith("ieren"):
        forms.append(f"{stem}t")
    elif separable or not inseparable:
        forms.append(f"ge{stem}{e}t")
    return forms


def _third(base: str) -> str:
    stem = base[:-2] if base.endswith("en") else base[:-1]
    return stem + ("et" if stem[-1:] in "td" or re.search(r"(?:[^aeioulrhmn]|ch)[mn]$", stem) else "t")


def _without_umlaut(stem: str) -> str:
    """The last umlaut taken back: vertraeg -> vertrag; empty where there is none."""
    place = max(stem.rfind("ae"), stem.rfind("oe"), stem.rfind("ue"))
    return stem[: place + 1] + stem[place + 2 :] if place >= 0 else ""
