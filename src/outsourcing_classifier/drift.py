"""Whether texts are like those a model was trained on: unknown words, what is stated, scores, status."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from .classifier import Classifier
from .dimensions import DIMENSIONS, LANGUAGES, WORDING
from .result import Classifications
from .wordings import sentence_table

Floats = npt.NDArray[np.float64]
LEVELS: Final = (0.1, 0.25, 0.5, 0.75, 0.9)  # of the quantiles
FEWEST: Final = 30  # texts of a language, and texts that state a dimension: with fewer nothing is said of it
# From here on a difference is worth a sentence, if it is not chance: inventories of one department always differ
# somewhat from a mixture of all (see the test with the example inventories).
CLEAR: Final[Mapping[str, float]] = {"unknown": 0.1, "stated": 0.3, "scores": 0.35, "labelled": 0.25}
_CHANCE: Final = 2.58  # standard errors: 1 in 100 by chance
_KOLMOGOROV: Final = 1.63  # the same for the largest distance of two distributions
_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class Profile:
    """What texts of one language are like, as they were read.

    ``unknown`` is the mean share of unknown words in a text, ``spread`` its standard deviation; ``stated``
    the share of texts that say something of each dimension, ``quantiles`` of these scores at `LEVELS`;
    ``status`` the share of each status.
    """

    texts: int
    unknown: float
    spread: float
    stated: tuple[float, ...]
    quantiles: tuple[tuple[float, ...], ...]
    status: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that is clearly off: ``kind`` is a key of `CLEAR`; scores show their medians."""

    kind: str
    language: str
    dimension: str
    here: float
    training: float


@dataclass(frozen=True, slots=True)
class Drift:
    """Profiles of new texts and of the training texts, by language, and what is clearly off between them."""

    here: Mapping[str, Profile] = field(default_factory=dict)
    training: Mapping[str, Profile] = field(default_factory=dict)
    differences: tuple[Difference, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON data."""
        here, training = (
            {language: _plain(profile) for language, profile in side.items()} for side in (self.here, self.training)
        )
        return {"here": here, "training": training, "differences": [asdict(one) for one in self.differences]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Drift":
        """The drift that `to_dict` made this data from."""
        here, training = (
            {language: _profile(of) for language, of in data[side].items()} for side in ("here", "training")
        )
        return cls(here, training, tuple(Difference(**one) for one in data["differences"]))


class Readings:
    """Collects what drift is seen by, batch by batch."""

    def __init__(self) -> None:
        self._columns: list[tuple[npt.NDArray[Any], ...]] = []

    def add(self, results: Classifications) -> None:
        """Take in results; empty texts are left out."""
        status = np.array(results.status, "U12")
        columns = (np.array(results.language, "U2"), status, results.word_counts, results.scores, results.stated)
        kept = status != "empty"
        self._columns.append(tuple(column[kept] for column in columns))

    def _of(self, language: str) -> "_Texts | None":
        if not self._columns:
            return None
        names, status, words, scores, stated = map(np.concatenate, zip(*self._columns, strict=True))
        rows = names == language
        return _Texts(status[rows], words[rows], scores[rows], stated[rows]) if rows.any() else None

    def profiles(self) -> dict[str, Profile]:
        """A profile for each language that occurs."""
        return {language: texts.profile() for language in LANGUAGES if (texts := self._of(language))}

    def reference(self) -> dict[str, Any]:
        """The profiles as a model keeps them."""
        return {language: _plain(profile) for language, profile in self.profiles().items()}

    def against(self, reference: Mapping[str, Any]) -> Drift | None:
        """The texts beside the reference of a model; None where it has none."""
        if not reference:
            return None
        training = {language: _profile(data) for language, data in reference.items()}
        found: list[Difference] = []
        for language, known in training.items():
            texts = self._of(language)
            if texts is not None and min(len(texts.status), known.texts) >= FEWEST:
                found += texts.differences(known, language)
        return Drift(self.profiles(), training, tuple(found))


def drift(classifier: Classifier, texts: Iterable[str]) -> Drift | None:
    """How far ``texts`` differ from those the classifier's model was trained on; None where it does not know."""
    if not classifier.model.reference:
        return None
    readings = Readings()
    readings.add(classifier.classify_many(texts))
    return readings.against(classifier.model.reference)


def reference(classifier: Classifier, texts: Iterable[str]) -> dict[str, Any]:
    """What a model keeps of its training texts, for `Model.reference`."""
    readings = Readings()
    readings.add(classifier.classify_many(texts))
    return readings.reference()


@dataclass(frozen=True, slots=True)
class _Texts:
    """Columns of the texts of one language."""

    status: npt.NDArray[np.str_]
    words: npt.NDArray[np.int64]
    scores: Floats
    stated: npt.NDArray[np.bool_]

    def _unknown(self) -> Floats:
        """Share of unknown words of each text that has words, sorted: sums do not depend on the order of rows."""
        words = self.words[self.words[:, 0] > 0]
        return np.sort(words[:, 1] / words[:, 0])

    def profile(self) -> Profile:
        unknown, count = self._unknown(), len(self.status)
        quantiles = []
        for dimension in range(len(DIMENSIONS)):
            scores = self.scores[self.stated[:, dimension], dimension]
            of = np.quantile(scores, LEVELS, method="inverted_cdf") if len(scores) else []
            quantiles.append(tuple(_rounded(value) for value in of))
        statuses = Counter(self.status.tolist())
        return Profile(
            texts=count,
            unknown=_rounded(unknown.mean()) if len(unknown) else 0.0,
            spread=_rounded(unknown.std()) if len(unknown) else 0.0,
            stated=tuple(_rounded(share) for share in self.stated.mean(axis=0)),
            quantiles=tuple(quantiles),
            status={name: _rounded(statuses[name] / count) for name in sorted(statuses)},
        )

    def differences(self, known: Profile, language: str) -> Iterator[Difference]:
        """What is clearly off: more than chance beyond the line of `CLEAR`."""
        own, count = self.profile(), len(self.status)
        margin = _CHANCE * math.sqrt(own.spread**2 / count + known.spread**2 / known.texts)
        if own.unknown - known.unknown - margin > CLEAR["unknown"]:  # fewer are no worry
            yield Difference("unknown", language, "", own.unknown, known.unknown)
        labelled = (own.status.get("ok", 0.0), known.status.get("ok", 0.0))
        if _apart(*labelled, count, known.texts) > CLEAR["labelled"]:
            yield Difference("labelled", language, "", *labelled)
        for place, dimension in enumerate(DIMENSIONS):
            said = (own.stated[place], known.stated[place])
            if _apart(*said, count, known.texts) > CLEAR["stated"]:
                yield Difference("stated", language, dimension, *said)
            scores = self.scores[self.stated[:, place], place]
            then = known.stated[place] * known.texts
            if min(len(scores), then) >= FEWEST and len(known.quantiles[place]) == len(LEVELS):
                chance = _KOLMOGOROV * math.sqrt(1 / len(scores) + 1 / then)
                if _distance(scores, known.quantiles[place]) - chance > CLEAR["scores"]:
                    medians = (own.quantiles[place][2], known.quantiles[place][2])
                    yield Difference("scores", language, dimension, *medians)


def _apart(here: float, there: float, count: int, other: int) -> float:
    """How far two shares differ beyond chance."""
    error = math.sqrt(here * (1 - here) / count + there * (1 - there) / other)
    return abs(here - there) - _CHANCE * error


def _distance(scores: Floats, quantiles: Iterable[float]) -> float:
    """Largest distance from a distribution of which quantiles are known; equal scores are no distance."""
    steps = zip(LEVELS, quantiles, strict=True)
    half = 10.0**-_DIGITS  # quantiles are rounded
    gaps = [
        max(float(np.mean(scores < value - half)) - level, level - float(np.mean(scores <= value + half)))
        for level, value in steps
    ]
    return max(0.0, *gaps)


def _rounded(value: float) -> float:
    return round(float(value), _DIGITS) + 0.0


def _plain(profile: Profile) -> dict[str, Any]:
    data = asdict(profile)
    return {**data, "stated": list(profile.stated), "quantiles": [list(of) for of in profile.quantiles]}


def _profile(data: Mapping[str, Any]) -> Profile:
    values = {**data, "stated": tuple(data["stated"]), "quantiles": tuple(tuple(of) for of in data["quantiles"])}
    return Profile(**values)


def drift_lines(found: Drift | None, language: str, *, whole: bool = False) -> Iterator[str]:
    """What is clearly off, in words; with ``whole`` also that nothing is, beside the figures of unknown words."""
    if found is None or not (found.differences or whole):
        return
    words: dict[str, Any] = sentence_table("drift.toml")[language]
    yield words["off" if found.differences else "alike"]
    if whole:
        for side in (side for side in LANGUAGES if side in found.here and side in found.training):
            here, then = found.here[side], found.training[side]
            yield words["figures"].format(
                language=words[side], texts=_number(here.texts, 0, words), then_texts=_number(then.texts, 0, words),
                here=_percent(here.unknown, words), then=_percent(then.unknown, words),
            )
    for one in found.differences:
        shown = _median if one.kind == "scores" else _percent
        name = WORDING[language][DIMENSIONS.index(one.dimension)].name if one.dimension else ""
        yield words[one.kind].format(
            language=words[one.language], dimension=name, here=shown(one.here, words), then=shown(one.training, words)
        )
    if found.differences:
        yield words["advice"]


def _number(value: float, decimals: int, words: Mapping[str, str]) -> str:
    text = f"{abs(value):,.{decimals}f}".translate(str.maketrans(",.", words["thousands"] + words["decimal"]))
    return f"−{text}" if value < 0 and float(f"{value:.{decimals}f}") else text


def _percent(value: float, words: Mapping[str, str]) -> str:
    return f"{_number(100 * value, int(0 < value < 0.1), words)} %"


def _median(value: float, words: Mapping[str, str]) -> str:
    return _number(value, 2, words)
