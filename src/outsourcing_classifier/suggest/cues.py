"""The cues there are: which one a word has in a role, and which strength is nearest to weights that are asked for."""

from collections import Counter
from typing import Final

import numpy as np
import numpy.typing as npt

from ..classifier import Classifier
from ..dimensions import DIMENSIONS
from ..lexicon.codes import LEVEL, ROLES
from ..lexicon.tables import read_strengths
from .words import Word

Floats = npt.NDArray[np.float64]
HELPING_STRENGTHS: Final = ("assist", "neutral_head")  # they do something to their neighbours: no guess by these
PLACEHOLDERS: Final = {"action": "neutral", "object": "topic"}  # strengths that say nothing
# Explicit statements keep the codebook's weights; prose, flags and places are no work.
MOVABLE_ROLES: Final = ("action", "object", "service", "manner", "norm", "qualification", "counterpart", "channel")
_WEIGHT_STEP: Final = 0.05  # weights are written in steps of this size
_FEWEST_CUES: Final = 5  # of a role with a strength before it is proposed for the role


class KnownCues:
    """Cues by their number: text, role, strength; weights of shape (cues, 6) from -1 to 1."""

    def __init__(self, classifier: Classifier) -> None:
        self.lexicon = classifier.lexicon
        self.texts, self.strengths = self.lexicon.cue_texts, self.lexicon.cue_strengths
        self.roles = [ROLES[role] for role in self.lexicon.arrays.role.tolist()]
        self.weights: Floats = self.lexicon.arrays.weights / LEVEL
        self.slope = classifier.model.decision.slope
        self._coefficients = np.array(classifier.model.decision.coefficients)
        self._classes = read_strengths()
        self._default = {name: np.array(found.weights) / LEVEL for name, found in self._classes.items()}
        self._by_word: dict[tuple[str, str, str], int] = {}
        for number in np.argsort(self.lexicon.arrays.needs, kind="stable").tolist():
            language, cue, role, _ = self.lexicon.identities[number]
            self._by_word.setdefault((language, self.lexicon.words[language].key(cue), role), number)
        self._proposed: dict[str, list[str]] = {}
        self._patterns: dict[str, Floats] = {}

    def named(self, language: str, text: str, role: str) -> int | None:
        """The cue with this text in a role; of several the one with the fewest conditions."""
        return self._by_word.get((language, self.lexicon.words[language].key(text), role))

    def of_word(self, word: Word, role: str) -> int | None:
        """The cue of a known word in a role, also by its head; cues without conditions come first."""
        cues = [cue for cue in word.cues if self.roles[cue] == role]
        return min(cues, key=lambda cue: (self.lexicon.arrays.needs[cue], cue), default=None)

    def strength_of(self, word: Word, role: str) -> list[str]:
        """The strength of a known word in a role, or nothing."""
        cue = self.of_word(word, role)
        return [] if cue is None else [self.strengths[cue]]

    def dictionary_form(self, word: Word, role: str) -> str:
        """A known word as its cue spells it, else its lemma."""
        key = self.lexicon.words[word.language].key
        texts = (self.texts[cue] for cue in word.cues if self.roles[cue] == role)
        return next((text for text in texts if key(text) == word.lemma), word.lemma)

    def needs(self, cue: int) -> str:
        """The conditions of a cue as a table has them."""
        return " ".join(f"{key}={value}" for key, value in self.lexicon.identities[cue][3])

    def margin(self, weights: Floats) -> Floats:
        """What six weights (last axis) add to the margin; above 0 is KPO."""
        return weights @ self._coefficients

    def nearest_strength(self, role: str, wanted: Floats) -> str:
        """The strength nearest to six weights, on the side of the line that they are on."""
        side = self.margin(wanted)
        fits = [name for name in self._proposed_strengths(role) if self.margin(self._default[name]) * side > 0]
        return min(
            fits, key=lambda name: (round(float(np.sum((self._default[name] - wanted) ** 2)), 9), name),
            default=PLACEHOLDERS.get(role, "neutral"),
        )

    def spread(self, role: str, margin: float) -> Floats:
        """A margin as six weights, in the proportions that the cues of the role have."""
        pattern = self._patterns.get(role)
        if pattern is None:
            pattern = np.abs(self.weights[[name == role for name in self.roles]]).sum(axis=0)
            self._patterns[role] = pattern
        return pattern * margin / max(float(self.margin(pattern)), 1e-9)

    def own_weights(self, strength: str, weights: Floats) -> dict[str, float]:
        """Weights that differ from those of the strength, in steps."""
        rounded = np.clip(np.round(np.round(weights / _WEIGHT_STEP) * _WEIGHT_STEP, 2), -1, 1) + 0.0
        differs = np.abs(rounded - self._default[strength]) > _WEIGHT_STEP / 2
        return {name: float(rounded[place]) for place, name in enumerate(DIMENSIONS) if differs[place]}

    def _proposed_strengths(self, role: str) -> list[str]:
        """Strengths that cues of a role have, those with weight and without a meaning for the gates."""
        if role not in self._proposed:
            counts = Counter(name for name, own in zip(self.strengths, self.roles, strict=True) if own == role)
            self._proposed[role] = sorted(
                name for name, count in counts.items()
                if count >= _FEWEST_CUES and self._default[name].any()
                and not any(self._classes[name].gates) and name != "profession"
            )
        return self._proposed[role]
