"""New cues from the errors: narrower and longer ones, because the weights of a known cue keep their sign.

A convention that contradicts the lexicon ("monitoring is BPO for us") enters as rows of their own, more specific than
those of the base tables, so that they rule where they apply and the base rows stay what they are. For each word the
broadest way to narrow it is taken that no decision contradicts: the word in every form and clause, as verb or noun
only, with one class of object; then words that the lexicon does not know, and verb and object (`suggest`).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from ..batch import Batch
from ..classifier import BATCH_SIZE, Classifier
from ..lexicon import Lexicon
from ..lexicon.codes import ROLES
from ..lexicon.compiled import CueIdentity
from ..lexicon.tables import NEEDS, USER_COLUMNS, Cue, Row, cue_of, read_strengths
from ..reading.clauses import MAIN
from .design import Bools

SUPPORT: Final = 3  # decisions that a proposal needs, of texts that are no near duplicates
_WRONG: Final = 2  # of them at least, that the machine answered otherwise
_FORMS: Final = ("verb", "noun")
_CLAUSES: Final = ("main", "subordinate")
_KNOWN_ROLES: Final = ("action", "service", "object")  # an action explains an error before its object does
# What a new cue says on the dimensions that decide; the weakest with which its texts come out as they were decided.
WEIGHTS: Final = (0.35, 0.7, 1.0)
_SAID_OF: Final = ("focus", "process", "specialization", "activities")
_STATEMENT: Final = "manner"
_HELPERS: Final = ("assist", "neutral_head")  # they do something to their neighbours


class Form(NamedTuple):
    """A row of a proposal. The strength is that of the known cue, so that the gates and classes of objects stay."""

    cue: str
    needs: str
    strength: str
    role: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A new cue and what speaks for it. Its ``forms`` are one thing to decide on.

    Where decisions go against what else their texts say, it is ``stated``: the word as an explicit statement
    (``statements``) outranks what other verbs of its part imply. ``texts`` are the places of the decided texts that
    support it, ``wrong`` those of them that the machine answered otherwise; ``own_words`` says that its wording comes
    from the user's texts and is in no base table.
    """

    language: str
    cue: str
    role: str
    label: str
    narrowing: str
    forms: tuple[Form, ...]
    texts: tuple[int, ...]
    wrong: tuple[int, ...]
    own_words: bool = False
    weight: float = WEIGHTS[-1]
    statements: tuple[Form, ...] = ()
    stated: bool = False

    @property
    def rows(self) -> tuple[dict[str, str], ...]:
        """Its rows as a user's table has them."""
        note = f"{len(self.texts)} decisions for {self.label}, 0 against"
        weights = dict.fromkeys(_SAID_OF, f"{self.weight if self.label == 'KPO' else -self.weight:g}")
        return tuple(
            {"language": self.language, "cue": form.cue, "role": form.role, "strength": form.strength, **weights,
             "needs": form.needs, "note": note}
            for form in self.used
        )

    @property
    def identities(self) -> tuple[CueIdentity, ...]:
        """What its rows are known by in the lexicon."""
        return tuple((self.language, form.cue.casefold(), form.role, _pairs(form.needs)) for form in self.used)

    @property
    def used(self) -> tuple[Form, ...]:
        """The forms that it has."""
        return self.forms + self.statements if self.stated else self.forms


class _Seen(NamedTuple):
    """A cue where it counts in a text."""

    text: int
    cue: int
    form: str
    clause: str
    objects: int
    word: str  # as the text has it


class Reader:
    """Decided texts as a classifier reads them: which cues count where, and what it answers."""

    def __init__(self, classifier: Classifier, texts: Sequence[str]) -> None:
        self.lexicon = classifier.lexicon
        self.kpo = np.zeros(len(texts), np.bool_)
        self._seen: list[_Seen] = []
        for first in range(0, len(texts), BATCH_SIZE):
            batch = classifier.batch(texts[first : first + BATCH_SIZE], None)
            self.kpo[first : first + len(batch.texts)] = batch.decisions.kpo
            self._seen += _cues_in(batch, first)
        self._heads = _Heads(self.lexicon)
        self._classes = sorted(self.lexicon.classes, key=self.lexicon.classes.__getitem__)
        self._by_family: dict[tuple[str, str, str], list[_Seen]] = defaultdict(list)
        for seen in self._seen:
            family = self._heads.family(seen.cue)
            if family is not None:
                self._by_family[family].append(seen)

    def propose(self, kpo: Bools, rows: Bools, names: Sequence[str]) -> list[Proposal]:
        """Proposals from the chosen texts: three decisions for each and none against, errors explained once."""
        found = [
            proposal for family, seen in sorted(self._by_family.items())
            for proposal in self._of_family(family, [one for one in seen if rows[one.text]], kpo, names)
        ]
        found.sort(key=lambda one: (
            -len(one.wrong), _KNOWN_ROLES.index(one.role), -len(one.texts), one.language, one.cue, one.narrowing,
        ))
        chosen: list[Proposal] = []
        explained: set[int] = set()
        for proposal in found:
            if len(set(proposal.wrong) - explained) >= _WRONG:
                chosen.append(proposal)
                explained |= set(proposal.wrong)
        return chosen

    def _of_family(
        self, family: tuple[str, str, str], seen: Sequence[_Seen], kpo: Bools, names: Sequence[str]
    ) -> Iterator[Proposal]:
        """The broadest narrowing of a word that nothing contradicts; where its forms differ, one for each."""
        whole = self._proposal(family, seen, "", kpo, names)
        if whole is not None:
            yield whole
            return
        for form in _FORMS:
            of_form = [one for one in seen if one.form == form]
            found = self._proposal(family, of_form, f"form={form}", kpo, names)
            if found is not None:
                yield found
                continue
            if family[1] == "object":
                continue
            for number, name in enumerate(self._classes):
                with_object = [one for one in of_form if one.objects >> number & 1]
                found = self._proposal(family, with_object, f"form={form} object={name}", kpo, names)
                if found is not None:
                    yield found

    def _proposal(
        self, family: tuple[str, str, str], seen: Sequence[_Seen], narrowing: str, kpo: Bools, names: Sequence[str]
    ) -> Proposal | None:
        texts = sorted({one.text for one in seen})
        sides = {bool(kpo[text]) for text in texts}
        if len(sides) != 1 or len({names[text] for text in texts}) < SUPPORT:
            return None
        side = sides.pop()
        wrong = [text for text in texts if self.kpo[text] != side]
        if len({names[text] for text in wrong}) < _WRONG:
            return None
        forms = self._heads.forms(family, {one.cue for one in seen}, narrowing)
        language, role, cue = family
        return Proposal(
            language, cue, role, "KPO" if side else "BPO", narrowing, forms, tuple(texts), tuple(wrong),
            statements=self._heads.statements(family, seen) if not narrowing else (),
        ) if forms else None


def _cues_in(batch: Batch, first: int) -> Iterator[_Seen]:
    """The cues that count in a batch's texts, whatever outranks them."""
    hits, clauses, masks = batch.reading.hits, batch.reading.clauses, batch.reading.object_masks
    counts = np.flatnonzero(~(hits.negated | hits.contrasted) & (batch.settled.factor > 0))
    anchor = hits.anchor[counts]
    objects = masks[clauses.clause[anchor]] | batch.reading.words.modifier_classes[anchor]
    verb, main = clauses.verb[anchor], clauses.context[anchor] == MAIN
    tokens = batch.reading.words.tokens
    words = [tokens.table.forms[form] for form in tokens.form[anchor].tolist()]
    for text, cue, is_verb, is_main, mask, word in zip(
        hits.text[counts].tolist(), hits.cue[counts].tolist(), verb.tolist(), main.tolist(), objects.tolist(), words,
        strict=True,
    ):
        yield _Seen(text + first, cue, _FORMS[not is_verb], _CLAUSES[not is_main], mask, word)


class _Heads:
    """Words with all their cues: the rows of a word, and phrases that begin or end with it."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._identities, self._texts, self._strengths = lexicon.identities, lexicon.cue_texts, lexicon.cue_strengths
        self._roles = [ROLES[role] for role in lexicon.arrays.role.tolist()]
        self._plainest: dict[tuple[str, str, str], int] = {}
        for cue in sorted(range(len(self._texts)), key=lambda cue: (len(self._identities[cue][3]), cue)):
            self._plainest.setdefault(self._identities[cue][:3], cue)
        self._known = set(self._identities)
        own = [row.values for rows in lexicon.overlays for row in rows]
        self._own = {(values["language"], values["cue"].casefold()) for values in own}
        self._singles = {
            (identity[0], text.casefold()): text
            for identity, text, role in zip(self._identities, self._texts, self._roles, strict=True)
            if role == "action" and " " not in text
        }

    def family(self, cue: int) -> tuple[str, str, str] | None:
        """Language, role and head word of a cue; None for cues that are not narrowed."""
        language, text, role = self._identities[cue][0], self._texts[cue], self._roles[cue]
        if role not in _KNOWN_ROLES or self._strengths[cue] in _HELPERS or (language, text.casefold()) in self._own:
            return None
        if role == "action" and " " in text:  # "monitor progress", "Kosten überwachen": the verb's family
            words = text.split()
            for word in words if language == "en" else reversed(words):
                if (language, word.casefold()) in self._singles:
                    return language, role, self._singles[language, word.casefold()]
        return language, role, text

    def forms(self, family: tuple[str, str, str], cues: set[int], narrowing: str) -> tuple[Form, ...]:
        """Rows more specific than those there are."""
        language, role, head = family
        given = dict(item.split("=") for item in narrowing.split())
        rows: dict[Form, None] = {}
        for form in [given["form"]] if "form" in given else _FORMS if role == "action" else ("noun",):
            for clause in _CLAUSES:
                rows[Form(head, _needs({**given, "form": form, "clause": clause}), self._strength(family), role)] = None
        for cue in sorted(cues):
            text, own = self._texts[cue], dict(self._identities[cue][3])
            if text.casefold() != head.casefold():
                for clause in _CLAUSES:
                    rows[Form(text, _needs({**own, **given, "clause": clause}), self._strengths[cue], role)] = None
        return tuple(
            row for row in rows
            if (language, row.cue.casefold(), role, _pairs(row.needs)) not in self._known
        )

    def statements(self, family: tuple[str, str, str], seen: Sequence[_Seen]) -> tuple[Form, ...]:
        """The word and its nouns as explicit statements; a compound ends in one of these."""
        language, role, head = family
        if role != "action":
            return ()
        nouns = {one.word for one in seen if one.form == "noun" and one.word.casefold() != head.casefold()}
        shortest = {word for word in nouns if not any(
            other != word and word.casefold().endswith(other.casefold()) for other in nouns
        )}
        strength = self._strength(family)
        rows = (Form(word, "", strength, _STATEMENT) for word in (head, *sorted(shortest)))
        return tuple(row for row in rows if (language, row.cue.casefold(), _STATEMENT, ()) not in self._known)

    def _strength(self, family: tuple[str, str, str]) -> str:
        """The strength of a word: that of its cue with the fewest conditions."""
        return self._strengths[self._plainest[family[0], family[2].casefold(), family[1]]]


def _pairs(needs: str) -> tuple[tuple[str, str], ...]:
    """Conditions as the identity of a cue has them."""
    return tuple(sorted((name, value) for name, _, value in (item.partition("=") for item in needs.split())))


def _needs(needs: dict[str, str]) -> str:
    return " ".join(f"{name}={needs[name]}" for name in NEEDS if name in needs)


def overlay(proposals: Sequence[Proposal]) -> tuple[Row, ...]:
    """The rows of proposals as a user's table."""
    rows = [row for proposal in proposals for row in proposal.rows]
    return tuple(
        Row("proposals", number, {name: row.get(name, "") for name in USER_COLUMNS})
        for number, row in enumerate(rows, 1)
    )


def overlay_cues(proposals: Sequence[Proposal]) -> list[Cue]:
    """The rows of proposals as checked cues."""
    strengths = read_strengths()
    return [cue_of(row, row.values["language"], strengths) for row in overlay(proposals)]
