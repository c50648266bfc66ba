"""Numbers as people write them: "0,5 VZÄ", "1.200 €", "12'000.50 CHF"."""

import math
import re
from collections.abc import Iterable
from typing import Final

_NUMBER: Final = re.compile(r"[-+−]?\s*\d[\d.,'’ \u00a0\u202f]*")
_SEPARATORS: Final = re.compile(r"['’ \u00a0\u202f]")


def decimal_mark(cells: Iterable[object], default: str = ".") -> str:
    """Comma or point: what the cells use where it is certain, else the default."""
    votes = {",": 0, ".": 0}
    for cell in cells:
        match = _NUMBER.search(cell) if isinstance(cell, str) else None
        if match is None:
            continue
        text = _SEPARATORS.sub("", match[0])
        comma, point = text.rfind(","), text.rfind(".")
        if comma >= 0 and point >= 0:
            votes["," if comma > point else "."] += 1
        elif comma >= 0 and len(text) - comma != 4 and text.count(",") == 1:
            votes[","] += 1
        elif point >= 0 and len(text) - point != 4 and text.count(".") == 1:
            votes["."] += 1
    if votes[","] == votes["."]:
        return default
    return max(votes, key=lambda mark: votes[mark])


def number(cell: object, mark: str) -> float | None:
    """The number in a cell, None where there is none; `mark` is the decimal mark of the file."""
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, (int, float)):
        return None if math.isnan(cell) or math.isinf(cell) else float(cell)
    match = _NUMBER.search(str(cell))
    if match is None:
        return None
    text = _SEPARATORS.sub("", match[0]).replace("−", "-").rstrip(".,")
    other = "." if mark == "," else ","
    if mark in text and other not in text and text.count(mark) > 1:
        text = text.replace(mark, "")  # 1.200.000 although the mark is a point
    text = text.replace(other, "").replace(mark, ".")
    try:
        return float(text)
    except ValueError:
        return None


def is_number(text: str) -> bool:
    """Whether a cell is a number and nothing else: such a cell is safe in a spreadsheet."""
    return re.fullmatch(r"[-+]?\s*\d[\d.,'’ \u00a0]*\s*(?:[%€$£]|EUR|USD|CHF)?", text.strip()) is not None
