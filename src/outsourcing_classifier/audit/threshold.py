"""The review threshold of a user's own inventory, from an audit of it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from ..errors import TaskFileError
from ..review.texts import figure
from ..threshold import Threshold, review_threshold
from ..wordings import sentence_table
from . import TEXTS
from .read import Person


def audited_threshold(key: Mapping[str, Any], people: Sequence[Person], **options: float) -> Threshold:
    """The threshold that the common decisions of people on answered rows allow.

    Rows that go to review in any case are left out, and rows on which people disagree. Each row stands for the rows
    of its stratum. Raises `TaskFileError` where no such row was decided.
    """
    chances, rights, weights = [], [], []
    for stratum in key["strata"].values():
        drawn = stratum["drawn"]
        each = (len(stratum["undrawn"]) + len(drawn)) / max(len(drawn), 1)
        for row in drawn:
            kinds = {person.kinds[row["number"]] for person in people if row["number"] in person.kinds}
            if row["probability"] is None or not row["label"] or row["review"] or len(kinds) != 1:
                continue
            chances.append(float(row["probability"]))
            rights.append(kinds == {row["label"]})
            weights.append(each)
    if not chances:
        raise TaskFileError("no answered row of this audit was decided alike; have the sheets filled in first")
    return review_threshold(np.array(chances), np.array(rights, np.bool_), np.array(weights), **options)


def threshold_lines(found: Threshold, language: str, source: str, target: object) -> Iterator[str]:
    """What was set, or why nothing was, in words."""
    words = sentence_table(TEXTS)[language]["threshold"]
    values = {
        "wanted": figure(100 * found.wanted, language, 0), "confidence": figure(100 * found.confidence, language, 0),
        "rows": found.rows, "unreviewed": found.unreviewed, "wrong": found.wrong, "needed": found.needed,
        "source": source, "target": target,
    }
    if found.value is None:
        yield words["none"].format(**values)
    else:
        yield words["set"].format(value=figure(found.value, language, 2), **values)
        yield words["means"].format(**values)
    yield words["next"].format(**values)
