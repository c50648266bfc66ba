"""Proposals from wrongly labelled tasks: a verb with its object."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from .cues import KnownCues
from .gathered import Gathered
from .table import Suggestion, counted_rows, example_rows, rows_of
from .tasks import kpo_labels
from .words import ACTION

_BEYOND: Final = 0.5  # margin by which the phrase shall bring its rows across the line


def from_wrong_labels(found: Gathered, cues: KnownCues, at_least: int) -> Iterator[Suggestion]:
    """Verb and object of several rows with the wrong label, all of one direction, and of no other row."""
    if not found.tasks:
        return
    kpo, labelled = kpo_labels(found.tasks)
    for (language, phrase), places in sorted(found.phrases.items()):
        rows = np.array(places)[labelled[places]].tolist()
        wrong = [row for row in rows if found.answers[row].kpo != kpo[row]]
        one_direction = len({bool(kpo[row]) for row in rows}) == 1
        if len(wrong) < at_least or not one_direction or cues.named(language, phrase, ACTION) is not None:
            continue
        label, other, side = ("KPO", "BPO", 1) if kpo[wrong[0]] else ("BPO", "KPO", -1)
        missing = sum(abs(found.answers[row].margin) for row in wrong) / len(wrong) + _BEYOND
        strength = cues.nearest_strength(ACTION, cues.spread(ACTION, side * missing))
        note = (
            f"{counted_rows(len(wrong))} for {label} got {other}, {len(rows) - len(wrong)} right, 0 against"
            f"{example_rows(found.tasks, wrong)}"
        )
        yield Suggestion(
            "phrase", language, phrase, ACTION, strength, len(wrong), note, support=rows_of(found.tasks, rows),
            wrong=rows_of(found.tasks, wrong),
        )
