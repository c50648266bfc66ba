"""Reviewing a scored file with people: families, workbooks, audits."""

from pathlib import Path
from typing import Final

REVIEW_MARK: Final = "outsourcing_classifier review list"
"""Category in the properties of a review workbook: its rows were chosen because they are doubtful, so no accuracy
can be measured on them."""


def is_review_list(path: Path) -> bool:
    """Whether a file is a review workbook, also one saved again by another program."""
    from ..errors import TaskFileError
    from ..files.xlsx_file import category

    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        return False
    try:
        return category(path) == REVIEW_MARK
    except TaskFileError:
        return False
