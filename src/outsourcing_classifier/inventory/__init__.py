"""A whole inventory: a file in, the same file with results out, streamed in chunks, resumable."""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, Final

from ..classifier import Classifier, default_classifier
from ..decisions import Decision, Ledger
from ..drift import Drift, Readings
from ..errors import DecisionError, TaskFileError
from ..files.content import is_workbook, refuse_unreadable
from ..files.ledger import decisions_of, read_ledger
from ..files.numbers import decimal_mark
from ..files.output import write_problem
from ..files.source import Source, WorkbookSource, open_source
from ..files.table import OUR_COLUMNS, RESULT_COLUMNS, Table, find_column, find_columns, task_texts
from ..files.xlsx_file import refuse_too_large
from ..result import Classifications
from ..settings import scored_name
from .chunk import Chunks, Row
from .counts import Counts, Summary
from .forms import SUFFIXES, form_of
from .hierarchy import Hierarchy, hierarchy_of
from .journal import Journal
from .options import Options
from .parts import Shares, read_shares, split, write_parts
from .provenance import provenance, sha256
from .sheets import Worked, sheet_by_sheet

__all__ = ["Counts", "Options", "Summary", "most_frequent_language", "score_file"]

CHUNK: Final = 2560  # rows; part of what makes two runs the same work
_HEAD: Final = 10_000  # rows from which language, decimal mark and drift are taken
_DEFAULT: Final = Options()
_SAMPLE: Final = 2000  # texts of them that are classified for it


def score_file(
    source: str | Path, target: str | Path, *, classifier: Classifier, options: Options = _DEFAULT,
    processes: int = 1, parts: Path | None = None, progress: Callable[[int, int], None] | None = None,
    files: Mapping[str, Path] | None = None,
) -> Summary:
    """Score every row of a file and write it back with results beside the owner's columns.

    ``processes`` > 1 works in as many (joblib); ``progress`` is called with the rows done and about how many there
    are; ``parts`` is a sheet in which people split FTE and cost of mixed rows: what it says counts in the summary, and
    it is written anew with what there is to fill; with ``files`` (what the classifier was made of, by what it is) the
    output carries its provenance (`provenance`). Every row comes out, in order. CSV is held in memory a chunk at a
    time.
    Interrupted or killed, the same call goes on after the last whole chunk; the output appears under its name when it
    is complete. Raises `TaskFileError` with the remedy; then nothing was written.
    """
    source, target = Path(source), Path(target)
    refuse_unreadable(source)
    _check_target(source, target)
    if parts is not None and (
        parts.resolve() in (source.resolve(), target.resolve()) or parts.is_dir() or not parts.parent.is_dir()
    ):
        raise TaskFileError(f"{parts} cannot be the sheet of parts; name a file of its own, in a folder that is there")
    run = _Run(source, target, options, classifier, processes, parts, progress, files)
    if options.all_sheets and is_workbook(source):
        return sheet_by_sheet(source, target, run.worked, options, parts)
    with run.worked(open_source(source, options.sheet), target, options) as work:
        work.finish()
    return work.summary


@dataclass(frozen=True)
class _Run:
    """What is the same for all sheets of a run: what was called for, and how the work is done."""

    source: Path
    target: Path
    asked: Options
    classifier: Classifier
    processes: int
    parts: Path | None
    progress: Callable[[int, int], None] | None
    files: Mapping[str, Path] | None

    @contextmanager
    def worked(self, opened: Source, made: Path, options: Options) -> Iterator[Worked]:
        """Score a file, or one sheet of it, of which ``made`` is to become the output."""
        source, target, classifier, parts = self.source, self.target, self.classifier, self.parts
        places = find_columns(opened.header, options.columns, source.name)
        _check_decisions(source, target, opened, places, classifier.decisions)
        chunks, sample = _chunks(opened, places, target, classifier, options)
        changed = refuse_too_large(opened, len(chunks.names)) if is_workbook(target) else []
        hierarchy = Hierarchy() if options.flat else hierarchy_of(opened, places, chunks.mark)
        shares = Shares() if parts is None else read_shares(parts)
        chunks = replace(chunks, headings=hierarchy.headings, parts=parts is not None)
        summary = Summary(
            source=source, target=target, notes=[*opened.notes, *changed], language=chunks.language,
            parts_sheet=parts, headings_in=chunks.headings_in,
        )
        summary.drift = _drift(sample, classifier)
        del sample  # it holds what was read of its texts
        summary.hierarchy, summary.unequal = hierarchy.by, [item.plain() for item in hierarchy.unequal]
        summary.columns = {name: opened.header[place] for name, place in places.items()}
        if target.suffix.lower() == ".xlsx" and isinstance(opened, WorkbookSource) and opened.lost:
            summary.notes.append(f"fresh workbook: {', '.join(opened.lost)} could not be carried over")
        digest, made_of = sha256(source), None
        if self.files is not None:
            how = self.asked if self.asked.all_sheets else replace(options, columns=summary.columns)
            made_of = provenance(
                source, digest, target, classifier, how.plain() | {"wording": classifier.wording}, self.files
            )
        summary.has_fte, summary.has_cost = "fte" in places, "cost" in places
        try:
            with Journal(made, _work(digest, chunks, options), chunks.form.heading(chunks)) as journal:
                summary.resumed_at = journal.rows
                if journal.other_work:
                    summary.notes.append("started anew: input, options or versions have changed")
                rows = islice(opened.rows(), journal.rows, None)
                first = opened.first_row + journal.rows
                for output, counts in _worked(chunks, rows, first, self.processes):
                    journal.add(output, counts)
                    if self.progress is not None:
                        self.progress(journal.rows, max(opened.about, journal.rows))
                summary.add(journal.counts)
                if parts is not None:  # first: it holds what people wrote, and no output is without it
                    mixed = shares.merged(summary.parts)
                    summary.split, summary.wrong_shares = split(mixed, summary.by_label)
                    write_parts(parts, mixed, chunks.words, chunks.language)
                ledger = classifier.decisions
                summary.notes += opened.odd_notes
                summary.unknown_decisions += ledger.unknown
                summary.contradicted += map(str, ledger.contradictions)
                summary.without_row = len(ledger.decisions) - len(summary.found_decisions)
                yield Worked(journal, opened, chunks, made, summary, made_of)
        except OSError as error:
            raise TaskFileError(write_problem(target, error)) from error


def _chunks(
    opened: Source, places: dict[str, int], target: Path, classifier: Classifier, options: Options
) -> tuple[Chunks, Classifications]:
    """How the rows are worked, and a sample of them; language and decimal mark are those of the first rows."""
    head = [cells for cells, broken in islice(opened.rows(), _HEAD) if not broken]

    def column(name: str) -> list[Any]:
        place = places.get(name, -1)
        return [row[place] for row in head if 0 <= place < len(row)]

    headings = "de" if options.excel_de else options.headings or opened.headings
    default_mark = "," if opened.layout is not None and opened.layout.delimiter == ";" else "."
    ours = RESULT_COLUMNS if options.unit == "text" else OUR_COLUMNS
    sample = _sample(classifier, task_texts(head, places))
    chunks = Chunks(
        classifier, opened.path.name, tuple(opened.header), opened.first_row, places,
        tuple(name for name in ours if options.keep is None or name in options.keep),
        options.explain_in or options.headings or ("de" if options.excel_de else _language_of_most(sample)),
        decimal_mark([*column("fte"), *column("cost")], default_mark),
        form_of(target, opened, german=options.excel_de), replace(options, headings=headings),
        tuple(find_column(opened.header, name, opened.path.name, "--context") for name in options.context),
    )
    return chunks, sample


def _drift(sample: Classifications, classifier: Classifier) -> Drift | None:
    readings = Readings()
    readings.add(sample)
    return readings.against(classifier.model.reference)


def _worked(
    chunks: Chunks, rows: Iterator[Row], first_row: int, processes: int
) -> Iterator[tuple[bytes, Counts]]:
    """Output and counts of each chunk, in order; with one process nothing but this one is started."""
    numbered = _numbered(rows, first_row)
    if processes == 1:
        for first, part in numbered:
            yield chunks.work(first, part)
        return
    from .workers import worked_in_processes

    yield from worked_in_processes(chunks, numbered, processes)


def _numbered(rows: Iterator[Row], first_row: int) -> Iterator[tuple[int, list[Row]]]:
    while part := list(islice(rows, CHUNK)):
        yield first_row, part
        first_row += len(part)


def _work(digest: str, chunks: Chunks, options: Options) -> dict[str, Any]:
    """What makes two runs the same work: input, options, versions."""
    return {
        "input": digest, "options": options.plain(), "chunk": CHUNK, "header": chunks.header, "places": chunks.places,
        "shown": chunks.shown, "headings": sorted(chunks.headings), "language": chunks.language, "mark": chunks.mark,
        "form": repr(chunks.form),
        "versions": chunks.classifier.versions, "labels": chunks.labels, "parts": chunks.parts,
    }


def _check_target(source: Path, target: Path) -> None:
    if target.suffix.lower() not in SUFFIXES:
        raise TaskFileError(
            f"{target.name}: results are written as .csv, .tsv, .jsonl, .parquet or .xlsx; name such a file with -o"
        )
    try:
        if target.exists() and not (target.is_file() or target.is_dir()):
            raise TaskFileError(f"{target} is no ordinary file; choose another name with -o")
    except OSError as error:
        raise TaskFileError(write_problem(target, error)) from error
    if os.path.realpath(source) == os.path.realpath(target):
        proposed = scored_name(source)
        raise TaskFileError(
            f"{target} is the input itself; nothing was changed. Choose another name, for instance -o {proposed}"
        )


def _check_decisions(source: Path, target: Path, opened: Source, places: dict[str, int], ledger: Ledger) -> None:
    """A file in which people have decided what stands nowhere else is not written over."""
    if not target.exists():
        return
    try:
        there = read_ledger(target)
    except DecisionError:
        return
    if not there.decisions and not there.unknown:
        return
    own: list[Decision] = []
    if is_workbook(source) and is_workbook(target):  # what people wrote on the other sheets comes back too
        with suppress(DecisionError):
            own += read_ledger(source).decisions
    rows = opened.rows()
    while part := list(islice(rows, CHUNK)):
        own += filter(None, decisions_of(Table(opened.header, [row for row, _ in part]), "", places)[0])
    known = Ledger((*own, *ledger.decisions))
    held = known.held([item.id for item in there.decisions], [item.text for item in there.decisions])
    kinds = [None if item is None else item.decision.kind for item in held]
    if there.unknown or kinds != [item.kind for item in there.decisions]:
        raise TaskFileError(
            f"{target} holds decisions of people and was left as it is; "
            "use it as the input, or choose another name with -o"
        )


def _sample(classifier: Classifier, texts: Sequence[str]) -> Classifications:
    """Texts of the first rows, at equal distances, as the machine reads them."""
    texts = [text for text in texts if text.strip()]
    return classifier.classify_many(texts[:: -(-len(texts) // _SAMPLE) or 1])


def most_frequent_language(opened: Source, places: dict[str, int]) -> str:
    """`en` or `de`: that of most of the first texts of a file."""
    head = [row for row, broken in islice(opened.rows(), _HEAD) if not broken]
    return _language_of_most(_sample(default_classifier(), task_texts(head, places)))


def _language_of_most(sample: Classifications) -> str:
    counts = Counter(sample.language)
    return "de" if counts["de"] > counts["en"] else "en"
