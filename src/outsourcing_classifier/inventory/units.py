"""Lines or sentences of long texts (adverts, role descriptions), and the shares of labels among them."""

import re
from collections.abc import Sequence
from itertools import islice, pairwise
from typing import Any, Final

from ..classifier import Classifier
from ..files.table import UNIT_COLUMNS

_TEXTS: Final = 4096  # cut into sentences at once

_BULLET: Final = re.compile(r"^\s*(?:[-–—•·*▪●○◦‣]|\(?\d{1,2}[.)]|[a-z]\))\s+")


def unit_columns(texts: Sequence[str], unit: str, classifier: Classifier) -> dict[str, list[Any]]:
    """How many units each text has, how many of them got a label, and the shares of BPO and KPO among these.

    ``unit`` is ``line`` or ``sentence``. Equal units are classified once.
    """
    units = [lines_of(text) for text in texts] if unit == "line" else _sentences(texts, classifier)
    distinct = list(dict.fromkeys(one for found in units for one in found))
    label = dict(zip(distinct, classifier.classify_many(distinct).label, strict=True))
    columns: dict[str, list[Any]] = {name: [] for name in UNIT_COLUMNS}
    for found in units:
        labels = [label[one] for one in found]
        bpo, kpo = labels.count("BPO"), labels.count("KPO")
        shares = [round(count / (bpo + kpo), 4) if bpo + kpo else None for count in (bpo, kpo)]
        for name, value in zip(UNIT_COLUMNS, (len(found), bpo + kpo, *shares), strict=True):
            columns[name].append(value)
    return columns


def _sentences(texts: Sequence[str], classifier: Classifier) -> list[list[str]]:
    """The sentences of each text; a line ends one too. Abbreviations end none, as when a text is read."""
    lines = [lines_of(text) for text in texts]
    flat = [line for found in lines for line in found]
    cut: list[list[str]] = []
    for first in range(0, len(flat), _TEXTS):
        part = flat[first : first + _TEXTS]
        for line, ends in zip(part, classifier.batch(part, None).sentence_ends, strict=True):
            places = [0, *ends, len(line)]
            cut.append([one for a, b in pairwise(places) if any(map(str.isalnum, one := line[a:b].strip()))])
    rest = iter(cut)
    return [[one for sentences in islice(rest, len(found)) for one in sentences] for found in lines]


def lines_of(text: str) -> list[str]:
    """The lines of a text that hold any, without what marks a list."""
    lines = (_BULLET.sub("", line).strip() for line in text.splitlines())
    return [line for line in lines if line]
