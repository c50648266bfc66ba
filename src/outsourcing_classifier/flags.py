"""Flags: what a reader should know of a text besides its label, from words of flags.tsv and from its shape."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from .lexicon import Lexicon
from .lexicon.codes import FUNCTION
from .reading.clauses import ASSIST, CONTEXTS, DOER, HEADING, INCLUDING, INSIDE, MAIN, MEANS, MODIFIER, TOPIC
from .reading.columns import after, any_in, before
from .reading.forms import WORD
from .reading.hits import ACTING, ROLE, Reading
from .reading.names import only_names

FLAGS: Final = (
    "retain", "name_an_activity", "ito", "bare_service_name", "dominant_part", "occasional",
    "other_language", "truncated", "spelling",
)
MAX_CHARACTERS: Final = 20_000  # a longer text is read up to here
_BARE_NAME_WORDS: Final = 4
MATTER, ACT = 1, 2  # halves of a flag: numbers of `needs_form`
# Where the words of a flag say what is done, and where its matter is what it is done to ("decide on").
_IS_DONE: Final = np.zeros(len(CONTEXTS), np.bool_)
_IS_DONE[[MAIN, MODIFIER, MEANS, ASSIST, INCLUDING, INSIDE, HEADING]] = True
_IS_OBJECT: Final = np.zeros(len(CONTEXTS), np.bool_)
_IS_OBJECT[[MAIN, MODIFIER, MEANS, ASSIST, INCLUDING, TOPIC]] = True


class Flags:
    """The flags of a batch of texts, made on reading; ``dominant`` (n,) where one part is said to rule."""

    def __init__(
        self, texts: Sequence[str], reading: Reading, lexicon: Lexicon, dominant: npt.NDArray[np.bool_]
    ) -> None:
        self.texts = texts
        self._reading, self._lexicon, self._dominant = reading, lexicon, dominant

    @cached_property
    def hits(self) -> Mapping[str, npt.NDArray[np.bool_]]:
        """For each flag that words set, the cues that set it.

        Two rows of flags.tsv count together, in one clause, the matter as object: a matter (``form=noun``: "risk
        appetite") and an act (``form=verb``: "set"; as a noun ``clause=main form=noun``: "operation of"). All other
        rows count by themselves.
        """
        hits, clauses, arrays = self._reading.hits, self._reading.clauses, self._lexicon.arrays
        verb = clauses.verb[hits.anchor]
        ruled = any_in(clauses.clause, clauses.verb & (clauses.context == MAIN), clauses.clause_count)[hits.clause]
        acting = np.flatnonzero(ACTING.take(hits.role) & (hits.context == MAIN))
        first_act = np.full(clauses.clause_count, len(clauses.verb))
        last_act = np.full(clauses.clause_count, -1)
        np.minimum.at(first_act, hits.clause[acting], hits.anchor[acting])
        np.maximum.at(last_act, hits.clause[acting], hits.anchor[acting])
        ruled |= (first_act[hits.clause] < hits.first) | (last_act[hits.clause] > hits.last)
        half = np.where(arrays.needs[hits.cue] == 1, arrays.needs_form[hits.cue], 0)
        half[(arrays.needs[hits.cue] == 2) & (arrays.needs_clause[hits.cue] == 1) & ~verb] = ACT
        # "Help desk support": work of that name, unlike "help desk invoices".
        modifier = clauses.modifier & ~after(clauses.action_noun, self._reading.words.runs, False)
        said = ~hits.negated & ~hits.contrasted & (verb | ~modifier[hits.last])
        context = np.where(verb, hits.context, clauses.context[hits.first])  # "pay of * executive": where it begins
        object_ = _IS_OBJECT[context] & ~clauses.subject[hits.anchor]
        done = _IS_DONE[context]
        as_leader = ~verb & (hits.context == DOER)
        found = {}
        for name in ("retain", "ito"):
            own = self._lexicon.flag_strengths[name][hits.cue] & (hits.role == ROLE["flag"]) & said
            matter, act = own & (half == MATTER) & object_, own & (half == ACT) & done
            both = any_in(hits.clause, matter, clauses.clause_count)
            both |= self._reading.object_masks & np.uint64(self._lexicon.mask(name)) != 0
            alone = own & (half == 0) & done
            if name == "retain":  # "circulate board decisions", "filing of board decisions": no leadership
                alone = alone & (verb | ~ruled) | own & (half == 0) & as_leader
            found[name] = alone | act & both[hits.clause]
        return found

    @cached_property
    def columns(self) -> npt.NDArray[np.bool_]:
        """Which flags each text carries, shape (texts, flags)."""
        count = len(self.texts)
        hits, words = self._reading.hits, self._reading.words
        flags = np.zeros((count, len(FLAGS)), np.bool_)
        for name, found in self.hits.items():
            flags[:, FLAGS.index(name)] = any_in(hits.text, found, count)
        content = np.bincount(words.text, (words.punctuation == WORD) & (words.function == 0), count)
        service = any_in(hits.text, hits.role == ROLE["service"], count)
        verb = any_in(words.text, self._reading.clauses.verb, count)
        flags[:, FLAGS.index("bare_service_name")] = service & ~verb & (content <= _BARE_NAME_WORDS)
        acts = any_in(hits.text, hits.role == ROLE["action"], count)
        flags[:, FLAGS.index("name_an_activity")] = (
            only_names(self._reading, "industry", "department") & ~acts & ~verb & (content <= _BARE_NAME_WORDS)
        )
        flags[:, FLAGS.index("dominant_part")] = self._dominant
        flags[:, FLAGS.index("occasional")] = self._now_and_then()
        flags[:, FLAGS.index("other_language")] = words.foreign
        flags[:, FLAGS.index("spelling")] = any_in(hits.text, hits.spelling, count)
        flags[:, FLAGS.index("truncated")] = [len(text) > MAX_CHARACTERS for text in self.texts]
        return flags

    def _now_and_then(self) -> npt.NDArray[np.bool_]:
        """Texts in which something is done now and then: not "the wages of occasional workers"."""
        words, clauses = self._reading.words, self._reading.clauses
        behind_of = before(words.function == FUNCTION["of"], words.runs, False)
        inside = (clauses.context != MAIN) & (clauses.context != MODIFIER)
        thing = clauses.noun & ~clauses.modifier & ~clauses.action_noun
        thing |= clauses.modifier & after(thing, words.runs, False)
        of_thing = after(thing, words.runs, False) & (after(inside, words.runs, False) | behind_of)
        said = (words.function == FUNCTION["occasional"]) & ~of_thing
        return any_in(words.text, said, len(self.texts))
