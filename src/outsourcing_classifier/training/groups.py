"""What is held out together: rows of one group, equal texts, and near duplicates, so that no fold knows its answers."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from ..decisions import key
from ..lexicon.words import fold
from .taught import Lesson

NEAR: Final = (3, 4)  # share of words that two texts have in common (Jaccard) from which they are near duplicates
_WORD: Final = re.compile(r"[^\W_]+")


def group_names(lessons: Sequence[Lesson]) -> tuple[list[str], int]:
    """The name of each lesson's group, and how many lessons are near duplicates of others that stood in other groups.

    A name is a hash of the first text of the group in canonical order: it depends on no order of rows, and a file
    that carries it carries no text.
    """
    links = list(range(len(lessons)))

    def root(place: int) -> int:
        while links[place] != place:
            links[place] = links[links[place]]
            place = links[place]
        return place

    def join(first: int, second: int) -> None:
        first, second = sorted((root(first), root(second)))
        links[second] = first

    known: dict[tuple[str, str], int] = {}
    for place, lesson in enumerate(lessons):
        for kind, value in (("group", lesson.group), ("text", key(lesson.text))):
            if value:
                join(known.setdefault((kind, value), place), place)
    apart = [root(place) for place in range(len(lessons))]
    near: set[int] = set()
    for first, second in _near_pairs([lesson.text for lesson in lessons]):
        if apart[first] != apart[second]:
            near |= {first, second}
        join(first, second)
    names: dict[int, str] = {}
    for place, lesson in enumerate(lessons):
        names.setdefault(root(place), hashlib.sha256(lesson.text.encode("utf-8", "surrogatepass")).hexdigest())
    return [names[root(place)] for place in range(len(lessons))], len(near)


def _near_pairs(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of texts with nearly the same words; only those that share one of their rarest words are compared."""
    part, whole = NEAR
    words = [frozenset(_WORD.findall(fold(text))) for text in texts]
    counts = Counter(word for found in words for word in found)
    by_rare: dict[str, list[int]] = defaultdict(list)
    pairs: set[tuple[int, int]] = set()
    for place, found in enumerate(words):
        if not found:
            continue
        # Near duplicates share that part of the words of each, so one of each text's rarest others is among them.
        rare = sorted(found, key=lambda word: (counts[word], word))[: len(found) - -(-part * len(found) // whole) + 1]
        for word in rare:
            for other in by_rare[word]:
                shared = len(found & words[other])
                if whole * shared >= part * (len(found) + len(words[other]) - shared):
                    pairs.add((other, place))
            by_rare[word].append(place)
    return sorted(pairs)


def fold_numbers(names: Sequence[str], folds: int, salt: str = "") -> npt.NDArray[np.int64]:
    """The fold of each row by its group; groups in the order of a hash are dealt out, largest folds last."""
    sizes = Counter(names)
    digest = {name: hashlib.sha256(f"{salt} {name}".encode()).hexdigest() for name in sizes}
    filled = [0] * folds
    fold_of = {}
    for name in sorted(sizes, key=lambda name: (-sizes[name], digest[name])):
        fold_of[name] = min(range(folds), key=lambda fold: (filled[fold], fold))
        filled[fold_of[name]] += sizes[name]
    return np.array([fold_of[name] for name in names], np.int64)
