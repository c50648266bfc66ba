"""`review SCORED`: from a scored file to workbooks for people, one for all or one a department."""

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from ..classifier import Classifier
from ..decisions import key
from ..errors import TaskFileError
from ..files.ledger import read_ledger
from ..files.output import complete_file
from . import is_review_list
from .filled import read_workbook
from .plan import Plan, language_of, plan, uncertain, wording_of
from .scored import Scored, read_scored
from .texts import listed, texts
from .workbook import Style, review_book, save_review, settles

_NAME_LENGTH: Final = 60
_RESERVED: Final = ("con", "prn", "aux", "nul")


def draw(
    source: Path, target: Path | None, *, classifier: Classifier, minutes: float | None = None,
    by_department: bool = False, wording: str | None = None, text_column: str | None = None,
    decisions: Path | None = None,
) -> list[str]:
    """Write the review of a scored file; returns what to say, in the language of the file.

    ``target`` is a workbook, or a folder with ``by_department``; ``wording`` None is that of the file;
    rows that a ledger (``decisions``) decides are not listed, unless their text has changed since. Raises
    `TaskFileError` where the file was not scored, nothing is for review, or a workbook with decisions is in the way;
    then nothing was written.
    """
    scored = read_scored(source, text_column=text_column)
    language = language_of(scored, classifier)
    words = texts(language)
    rows = uncertain(scored)
    if decisions is not None:
        held = read_ledger(decisions).held(scored.ids, scored.texts)
        settled = {row for row, found in enumerate(held) if found is not None and not found.changed}
        rows = [row for row in rows if row not in settled]
    if not rows:
        raise TaskFileError(words["draw"]["nothing"].format(source=source.name))
    scored = _explained(scored, rows, classifier, language)
    style = Style(language, wording or wording_of(scored, language), minutes=minutes)
    plans: list[tuple[Path, Plan, Style]]
    if by_department:
        target = target or source.with_name(f"{source.stem}_review")
        plans = [
            (target / name, plan(scored, classifier, part, minutes), replace(style, cost=False, department=department))
            for name, department, part in _departments(scored, rows, words["no_department"])
        ]
    else:
        target = target or source.with_name(f"{source.stem}_review.xlsx")
        plans = [(target, plan(scored, classifier, rows, minutes), style)]
    _write(plans, target if by_department else None)
    return _said(plans, rows, target, classifier, language)


def _explained(scored: Scored, rows: list[int], classifier: Classifier, language: str) -> Scored:
    """The file with reasons and open questions, also where its columns were left out."""
    if any(scored.questions) and any(scored.reasons):
        return scored
    reasons, questions = list(scored.reasons), list(scored.questions)
    said = classifier.classify_many([scored.texts[row] for row in rows], explain_in=language)
    for row, item in zip(rows, said, strict=True):
        reasons[row], questions[row] = reasons[row] or item.reason, questions[row] or item.question
    return replace(scored, reasons=tuple(reasons), questions=tuple(questions))


def _departments(scored: Scored, rows: list[int], nameless: str) -> list[tuple[str, str, list[int]]]:
    """File name, name and rows of each department; spellings that differ in case or spaces are one."""
    if not any(scored.departments):
        raise TaskFileError(
            f"{scored.path.name}: no column with departments found; leave out --by, or give the column the heading "
            "'department' or 'Abteilung'"
        )
    groups: dict[str, list[int]] = {}
    for row in rows:
        groups.setdefault(key(scored.departments[row]), []).append(row)
    found: list[tuple[str, str, list[int]]] = []
    taken: set[str] = set()
    for name in sorted(groups):
        department = " ".join(scored.departments[groups[name][0]].split()) or nameless
        stem = "".join(letter if letter.isalnum() or letter in " -_&+" else "_" for letter in department)
        stem = stem.strip(" _")[:_NAME_LENGTH].strip() or nameless
        stem = f"{stem}_" if stem.lower() in _RESERVED else stem
        names = (stem, *(f"{stem} {number}" for number in range(2, len(groups) + 2)))
        free = next(name for name in names if name.lower() not in taken)
        taken.add(free.lower())
        found.append((f"{free}.xlsx", department, groups[name]))
    return found


def _write(plans: list[tuple[Path, Plan, Style]], folder: Path | None) -> None:
    """All workbooks, or none."""
    for path, _, _ in plans:
        _check_target(path)
    if folder is not None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise TaskFileError(f"{folder} cannot be made a folder: {error.strerror or error}") from error
    with ExitStack() as files:
        for path, drawn, style in plans:
            save_review(review_book(drawn, style), files.enter_context(complete_file(path)))


def _check_target(path: Path) -> None:
    """Only a review list without entries is written over."""
    if path.suffix.lower() != ".xlsx":
        raise TaskFileError(f"{path.name}: a review is written as .xlsx; name such a file with -o")
    if not path.exists():
        return
    if not is_review_list(path):
        raise TaskFileError(f"{path} is there already and is no review list; choose another name with -o")
    if read_workbook(path).touched:
        raise TaskFileError(
            f"{path} holds decisions of people and was left as it is; read it first (outsourcing-classifier review "
            f"read {path} -o decisions.csv), or choose another name with -o"
        )


def _said(
    plans: list[tuple[Path, Plan, Style]], rows: list[int], target: Path, classifier: Classifier, language: str
) -> list[str]:
    words = texts(language)["draw"]
    scored = plans[0][1].scored
    lines = []
    for path, drawn, style in plans:
        said = words["wrote"].format(target=path, families=len(drawn.families), rows=len(drawn.singles))
        lines += [f"{said} {settles(drawn, style.language)}"]
    ours = "/".join(classifier.versions[name] for name in ("package", "model", "lexicon"))
    theirs = _versions(scored, rows)
    if theirs - {ours}:
        lines.append(words["versions"].format(theirs=", ".join(sorted(theirs)), ours=ours, source=scored.path.name))
    if scored.unknown_decisions:
        lines.append(words["undecided"].format(
            count=len(scored.unknown_decisions), source=scored.path.name,
            listed=listed(scored.unknown_decisions, language),
        ))
    silent = int(np.isnan(scored.fte[rows]).sum())
    if silent and plans[0][1].unit == "fte":
        lines.append(words["without_fte"].format(count=silent))
    return [*lines, words["next"].format(target=target)]


def _versions(scored: Scored, rows: list[int]) -> set[str]:
    """Versions with which the rows were scored, as far as the file says."""
    if "oc_version" not in scored.table.header:
        return set()
    column = scored.table.column(scored.table.header.index("oc_version"))
    return {str(column[row]) for row in rows if column[row]}


