"""The German side of the vocabulary as it is collected: finite, separated and joined forms of verbs."""

import re
from collections.abc import Sequence

from .german import GermanParts, GermanWords, noun_beginnings
from .vocabulary import Vocabulary
from .words import INFINITIVE, VERB, fold


class GermanVocabulary(Vocabulary):
    """Collects the German side.

    Keys are folded (ae, oe, ue, ss), so Swiss and typewriter spelling need no rule of their own.
    """

    def __init__(self) -> None:
        super().__init__()
        self.neutral_class = 0  # object class of heads such as -dienst
        self.verb_prefixes: frozenset[str] = frozenset()
        self._separable: dict[str, str] = {}
        self._pairs: dict[tuple[str, str], str] = {}
        self._irregular: dict[str, str] = {}

    def add_verb(self, verb: str, particle: str, forms: Sequence[str]) -> None:
        """Register a verb: infinitive, with zu, finite forms, participle; joined and separated."""
        lemma, front = fold(verb), fold(particle)
        self.entry(verb).kind |= VERB
        base = lemma[len(front) :] if front and lemma.startswith(front) else lemma
        self._add_form(lemma, lemma, VERB | INFINITIVE)
        finite = [fold(form) for form in forms] or _weak_forms(base, separable=bool(front))
        if base.endswith("en"):
            finite.append(base[:-1])  # "ich prüfe"
        if front:
            self._add_form(f"{front}zu{base}", lemma, VERB | INFINITIVE)
            for form in finite:
                self._add_form(front + form, lemma, VERB)
            for form in [*finite, _third(base)]:
                self._separable.setdefault(form, base)
            self._separable.setdefault(base, base)
            self._pairs[base, front] = lemma
        else:
            for form in [*finite, _third(base)]:
                self._add_form(form, lemma, VERB)

    def add_form(self, form: str, lemma: str) -> None:
        """Register an irregular form of a noun ("Konten")."""
        self._irregular[fold(form)] = fold(lemma)

    def words(self) -> GermanWords:
        """The vocabulary as it is now."""
        nouns = [key for key in self.entries if key[:1] != "="]
        return GermanWords(self.columns(), GermanParts(
            separable=dict(self._separable),
            pairs=[[base, particle, verb] for (base, particle), verb in self._pairs.items()],
            irregular={form: lemma for form, lemma in self._irregular.items() if lemma in self.entries},
            prefixes=sorted(self.verb_prefixes),
            neutral=self.neutral_class,
            beginnings=sorted({beginning for noun in nouns for beginning in noun_beginnings(noun)}),
        ))


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
