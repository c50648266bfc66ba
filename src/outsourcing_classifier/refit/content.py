"""Words with content, by which a fit can learn: the lemma of each, and words that cannot say what work it is."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from ..batch import Batch
from ..dimensions import LANGUAGES
from ..lexicon import Lexicon
from ..lexicon.codes import FOLDER, ROLES
from ..lexicon.tables import OTHER_TABLES, read_rows
from ..lexicon.words import fold
from ..reading.scope import scope_places

_MANNER: Final = ("manner", "frequency", "volume")
_WORK: Final = ("action", "object", "service")
_SHORTEST: Final = 3  # letters of a word with content


def can_tell(lemma: str) -> bool:
    """Whether it is a word rather than a number or a sign."""
    return len(lemma) >= _SHORTEST and lemma[0].isalpha() and "\t" not in lemma


def content_words(lexicon: Lexicon, batch: Batch, forms: Sequence[str]) -> list[set[str]]:
    """The lemmas of each text, without grammar words and clauses that say nothing of the work."""
    words = batch.reading.words
    places = scope_places(words, batch.reading.clauses)
    lemmas: dict[tuple[int, int], str] = {}
    found: list[set[str]] = [set() for _ in batch.texts]
    for token in np.flatnonzero(places >= 0).tolist():
        key = int(words.form[token]), int(words.entry[token]) & 1
        if key not in lemmas:
            reading = lexicon.words[LANGUAGES[key[1]]].analyse(forms[key[0]])
            lemmas[key] = reading.head or reading.canon
        if can_tell(lemmas[key]):
            found[words.text[token]].add(lemmas[key])
    return found


def silent_words(lexicon: Lexicon) -> set[str]:
    """Words that say nothing of the work: they link, say when, how much or how, or name people who may be anybody."""
    silent = {
        fold(row.values["word"])
        for language in LANGUAGES for row in read_rows(FOLDER / language / "neutral.tsv", OTHER_TABLES["neutral"])
        if row.values["group"] in ("link", "time", "quality", "amount")
    }
    silent.update(word for functions in lexicon.functions.values() for word in functions)
    manner, work = (np.isin(lexicon.arrays.role, [ROLES.index(name) for name in names]) for names in (_MANNER, _WORK))
    texts = np.array([fold(text) for text in lexicon.cue_texts])
    anybody = lexicon.arrays.role == ROLES.index("doer")  # "staff", "Mitarbeiter"
    anybody &= np.array([strength == "neutral" for strength in lexicon.cue_strengths])
    silent.update(texts[anybody].tolist())
    return silent | (set(texts[manner].tolist()) - set(texts[work].tolist()))
