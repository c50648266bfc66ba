"""`review read`: the decisions of several workbooks into the ledger, and everything that does not agree.

Nothing is resolved silently: a row's own decision is taken before that of its family and both are listed; other
decisions that contradict each other all stand in the ledger, where none of them holds, and are listed.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..decisions import LEDGER_COLUMNS, Decision, Ledger, key
from ..errors import DecisionError, TaskFileError
from ..files.any_file import read_table
from ..files.ledger import read_ledger, write_ledger
from .filled import DrawnRow, Entry, Workbook, read_workbook
from .texts import decision_word, shortened, texts


@dataclass(frozen=True)
class Reading:
    """What was read: the whole ledger, how many decisions are new, and sentences on what should be looked at."""

    ledger: Ledger
    added: int
    findings: tuple[str, ...]
    unknown: int
    contradictions: int
    lines: tuple[str, ...]


def read_reviews(paths: Sequence[Path], output: Path, *, ledger: Path | None = None) -> Reading:
    """Merge review workbooks into a ledger and write it, completely or not at all.

    A folder stands for its workbooks. What ``output`` and ``ledger`` hold already is kept. Raises `DecisionError`
    where a file cannot be used or nothing is decided; then nothing was written.
    """
    before = _ledgers(output, ledger)
    books = [read_workbook(path) for path in _files(paths)]
    first = books[0]
    drawn = [item for book in books for item in _decided(book)]
    taken, specific = _resolved(drawn, first)
    merged = before.merged(Ledger(tuple(taken)))
    contradictions = list(_contradictions(merged, first))
    findings = [text for book in books for text in book.findings]
    findings += [*specific, *_same_work(books), *(text for _, text in contradictions)]
    unknown = sum(book.unknown for book in books)
    words = texts(first.language)["read"]
    if not taken:
        raise DecisionError("\n".join([*findings, _nothing(books)]))
    write_ledger(output, merged.decisions)
    added = len(merged.decisions) - len(before.decisions)
    lines = [_line(book) for book in books]
    lines.append(words["wrote"].format(target=output, count=len(merged.decisions), added=added))
    lines += [words["findings"].format(count=len(findings)), *(f"- {text}" for text in findings)] if findings else [
        words["none"]
    ]
    lines.append(words["next"].format(source=first.source, target=output))
    return Reading(merged, added, tuple(findings), unknown, sum(real for real, _ in contradictions), tuple(lines))


def _files(paths: Sequence[Path]) -> list[Path]:
    """Workbooks in a fixed order, each once; lock files of open programs are none."""
    found: dict[Path, Path] = {}
    for path in paths:
        inside = sorted(path.glob("*.xlsx")) if path.is_dir() else [path]
        for file in inside:
            if not (path.is_dir() and file.name.startswith((".", "~"))):
                found.setdefault(file.resolve(), file)
    if not found:
        raise DecisionError("no workbook named; outsourcing-classifier review read FILES -o decisions.csv")
    return [found[name] for name in sorted(found)]


def _ledgers(output: Path, ledger: Path | None) -> Ledger:
    """What is decided already: the ledger named, and the one that would be written over."""
    known = Ledger()
    paths = [] if ledger is None else [ledger]
    if output.exists() and (ledger is None or output.resolve() != ledger.resolve()):
        try:
            columns = read_table(output).header
        except TaskFileError as error:
            raise DecisionError(f"{error}; or choose another name with -o") from error
        if columns != list(LEDGER_COLUMNS):
            raise DecisionError(f"{output} is there already and is no ledger; choose another name with -o")
        paths.append(output)
    for path in paths:
        found = read_ledger(path)
        if found.unknown:
            listed = "\n".join(found.unknown)
            raise DecisionError(f"{path.name} has lines that would be lost; correct them first:\n{listed}")
        known = known.merged(found)
    return known


@dataclass(frozen=True, slots=True)
class _Drawn:
    row: DrawnRow
    entry: Entry
    decision: Decision

    @property
    def alone(self) -> bool:
        return self.entry.line == self.row.line


def _decided(book: Workbook) -> Iterator[_Drawn]:
    for entry in book.entries:
        for row in book.rows_of(entry.line):
            yield _Drawn(row, entry, entry.of(row))


def _resolved(drawn: Sequence[_Drawn], book: Workbook) -> tuple[list[Decision], list[str]]:
    """Decisions in the order of rows; where a row has one of its own, that of its family is not taken but listed."""
    said = texts(book.language)["read"]["specific"]
    groups: dict[tuple[str, str], list[_Drawn]] = defaultdict(list)
    for item in drawn:
        groups[item.row.id, key(item.row.text)].append(item)
    taken: list[tuple[tuple[int, str], Decision]] = []
    listed: dict[str, None] = {}
    for group in groups.values():
        own = [item for item in group if item.alone]
        taken += [((item.row.number, item.decision.kind), item.decision) for item in own or group]
        for single in own:
            for other in group:
                if not other.alone and other.decision.kind != single.decision.kind:
                    listed.setdefault(said.format(
                        text=shortened(single.row.text), row_where=single.entry.where,
                        row_kind=_word(single.decision, book), family_where=other.entry.where,
                        family_kind=_word(other.decision, book),
                    ))
    taken.sort(key=lambda item: (item[0], item[1].by, item[1].date, item[1].reason, item[1].text))
    return list(dict.fromkeys(decision for _, decision in taken)), list(listed)


def _same_work(books: Sequence[Workbook]) -> Iterator[str]:
    """Families of several workbooks that say the same and were decided differently."""
    said: dict[str, list[tuple[Workbook, Entry]]] = defaultdict(list)
    for book in books:
        for entry in book.entries:
            rows = book.rows_of(entry.line)
            if entry.line != rows[0].line:
                said[rows[0].work].append((book, entry))
    for work, entries in said.items():
        if len({book.path for book, _ in entries}) > 1 and len({entry.kind for _, entry in entries}) > 1:
            told = "; ".join(
                f"{entry.where}: {decision_word(entry.kind, book.language, book.wording)}" for book, entry in entries
            )
            yield texts(entries[0][0].language)["read"]["same_work"].format(work=work, said=told)


def _contradictions(ledger: Ledger, book: Workbook) -> Iterator[tuple[bool, str]]:
    """Decisions that differ on one row, and (False) on one text that has different numbers."""
    words = texts(book.language)["read"]
    for found in ledger.contradictions:
        by_id: dict[str, set[str]] = defaultdict(set)
        for decision in found.decisions:
            by_id[decision.id].add(decision.kind)
        apart = "" not in by_id and all(len(kinds) == 1 for kinds in by_id.values())
        said = "; ".join(
            f"{item.where}: {_word(item, book)}" + (f" ({item.by})" if item.by else "") for item in found.decisions
        )
        text = shortened(found.decisions[0].text)
        yield not apart, words["same_text" if apart else "contradiction"].format(text=text, said=said)


def _word(decision: Decision, book: Workbook) -> str:
    return decision_word(decision.kind, book.language, book.wording)


def _line(book: Workbook) -> str:
    rows = {row.line for entry in book.entries for row in book.rows_of(entry.line)}
    said: str = texts(book.language)["read"]["read"]
    return said.format(source=book.path.name, count=len(book.entries), rows=len(rows))


def _nothing(books: Sequence[Workbook]) -> str:
    names = ", ".join(book.path.name for book in books)
    return str(texts(books[0].language)["read"]["nothing"].format(source=names))
