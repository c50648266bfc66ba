"""`lexicon check`: tables are read strictly; everything odd is listed with file, row and column."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..dimensions import LANGUAGES
from ..errors import LexiconError
from .compile import phrase_words
from .loading import load_lexicon
from .tables import OTHER_TABLES, Strength, base_tables, read_cues, read_overlay, read_rows, read_strengths


@dataclass
class Report:
    """What was found; `problems` counts what has to be mended."""

    lines: list[str] = field(default_factory=list)
    problems: int = 0


def check_lexicon(overlays: Sequence[Path]) -> Report:
    """Check the base tables and tables of the user."""
    report = Report()
    strengths = read_strengths()
    for language in LANGUAGES:
        _check_base(report, language, strengths)
    for path in overlays:
        try:
            cues, rows = sum(1 for _ in read_cues(path, None, strengths)), len(read_overlay(path))
            report.lines.append(f"{path.name}: {cues} cues" + (f", {rows - cues} abbreviations" if rows > cues else ""))
        except LexiconError as error:
            _problem(report, str(error))
    if not report.problems:
        try:
            load_lexicon(*overlays)
        except LexiconError as error:
            _problem(report, str(error))
    if report.problems:
        report.lines.append(f"{report.problems} problems; mend the rows named above")
    else:
        report.lines.append("No problems found.")
    return report


def _check_base(report: Report, language: str, strengths: dict[str, Strength]) -> None:
    """Every base table of a language, and how many cues there are."""
    cues = 0
    seen: dict[object, tuple[str, str]] = {}
    for kind, path in base_tables(language):
        try:
            if kind != "cues":
                for _ in read_rows(path, OTHER_TABLES[kind]):
                    pass
                continue
            for cue in read_cues(path, language, strengths):
                cues += 1
                known = seen.setdefault(cue.identity, (path.name, cue.source))
                if known[0] == path.name and known[1] != cue.source:
                    _problem(report, f"{cue.source}: the same as {known[1]} (cue, role, needs)")
                if not phrase_words(cue.cue):
                    _problem(report, f"{cue.source}, column 'cue': no word")
        except LexiconError as error:
            _problem(report, str(error))
    report.lines.append(f"{language}: {cues} cues")


def _problem(report: Report, line: str) -> None:
    report.lines.append(line)
    report.problems += 1
