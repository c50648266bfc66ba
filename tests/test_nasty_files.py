"""Nasty files: one clear sentence and nothing written, or every row back as it was; never half of both."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest
from conftest import RunPython
from nasty_files import BOOK, NASTY, OLE, SHEET_ROWS, Nasty, long_text
from typer.testing import CliRunner, Result

from outsourcing_classifier import Classifier, TaskFileError
from outsourcing_classifier.cli import app
from outsourcing_classifier.files.source import open_source
from outsourcing_classifier.files.table import DECISION_COLUMNS, RESULT_COLUMNS

OURS = {*RESULT_COLUMNS, *DECISION_COLUMNS}
JARGON = (
    "traceback", "error", "exception", "errno", "openpyxl", "pyarrow", "python", "zip", "xml", "codec", "decode", "none", "magic", "thrift",
    "0x", "nonetype", "descriptor", "archive", "byte",
)
LONG = 600  # characters that are still one sentence


@pytest.fixture(autouse=True)
def _one_classifier(classifier: Classifier, monkeypatch: pytest.MonkeyPatch) -> None:
    """Built once, not for every file."""
    monkeypatch.setattr("outsourcing_classifier.classifier.Classifier", lambda **_: classifier)


def batch(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["batch", *map(str, arguments)])


def listing(folder: Path) -> dict[str, bytes | None]:
    """Names in a folder with what small files hold."""
    return {path.name: path.read_bytes() if path.is_file() and path.stat().st_size < 10**6 else None for path in folder.iterdir()}


def rows_of(path: Path, quote: str) -> Iterator[dict[str, Any] | list[Any]]:
    """The rows of an output, read without this package: first a line with the names (not in JSON Lines)."""
    if path.suffix == ".jsonl":
        yield from (json.loads(line) for line in path.read_bytes().splitlines())
    elif path.suffix == ".parquet":
        yield from pytest.importorskip("pyarrow.parquet").read_table(path).to_pylist()
    elif path.suffix == ".xlsx":
        yield from map(list, pytest.importorskip("openpyxl").load_workbook(path).active.iter_rows(values_only=True))
    else:
        csv.field_size_limit(2**31 - 1)
        with path.open(encoding="utf-8-sig", newline="") as file:  # strictly: what is written is valid
            head = file.read(100_000)
            file.seek(0)
            yield from csv.reader(file, delimiter=head[head.index("oc_") - 1], quotechar=quote, strict=True)


def owners(path: Path, quote: str = '"') -> Iterator[tuple[Any, str]]:
    """The owner's cells of each row, and its status."""
    rows = rows_of(path, quote)
    if path.suffix in (".jsonl", ".parquet"):
        for row in rows:
            yield {name: cell for name, cell in row.items() if name not in OURS}, row["oc_status"]
        return
    header = next(rows)
    status = header.index("oc_status")
    own = [place for place, name in enumerate(header) if name not in OURS]
    for row in rows:
        cells = [row[place] for place in own]
        while cells and cells[-1] in ("", None):
            cells.pop()
        yield cells, row[status]


def same(found: Any, wanted: Any) -> bool:
    """Whether cells are the owner's; an apostrophe before what a spreadsheet would run is ours."""
    if isinstance(wanted, list) and isinstance(found, list):
        return len(found) == len(wanted) and all(a in (b, f"'{b}") for a, b in zip(found, wanted, strict=True))
    return repr(found) == repr(wanted)  # NaN is NaN


def check_refused(result: Result, name: str, words: tuple[str, ...]) -> None:
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    said = result.stderr.strip()
    assert len(said.splitlines()) == 1, said
    assert said.isprintable()
    assert len(said) < LONG, said
    for word in (name, *words):
        assert word in said
    told = said.replace(name, "").lower()
    assert not [word for word in JARGON if word in told], said


def check_complete(result: Result, target: Path, case: Nasty) -> None:
    assert result.exit_code == 0, result.output or repr(result.exception)
    assert all(line.isprintable() for line in result.stdout.splitlines())
    for word in case.says:
        assert word in result.stdout
    status: list[str] = []
    wanted = None if isinstance(case.rows, int) else list(case.rows)
    for place, (cells, state) in enumerate(owners(target)):
        status.append(state)
        if wanted is None:
            assert cells[0] == str(place + 1)
        else:
            assert same(cells, wanted[place]), (cells, wanted[place])
    assert len(status) == (case.rows if wanted is None else len(wanted))
    first = case.first or (1 if case.name.endswith((".jsonl", ".parquet")) else 2)
    assert [place + first for place, state in enumerate(status) if state == "unreadable"] == list(case.unreadable)
    if case.unreadable:
        assert str(len(case.unreadable)) in result.stdout
        assert str(case.unreadable[0]) in result.stdout


@pytest.mark.parametrize("case", NASTY, ids=[case.name for case in NASTY])
def test_a_nasty_file_is_refused_in_one_sentence_or_comes_back_whole(tmp_path: Path, case: Nasty) -> None:
    try:
        source = case.make(tmp_path)
    except (OSError, ValueError, AttributeError):
        pytest.skip("no such files here")
    target = tmp_path / (case.target or f"out{source.suffix}")
    before = listing(tmp_path)
    columns = ["--columns", "status"] if isinstance(case.rows, int) else []
    result = batch(source, "-o", target, "--explain-in", "de", *columns)
    after = listing(tmp_path)
    assert {name: after.get(name) for name in before} == before
    if case.refusal:
        check_refused(result, source.name, case.refusal)
        assert after.keys() == before.keys()
        return
    check_complete(result, target, case)
    beside = {f"{target.name}.provenance.json"} if target.suffix in (".csv", ".jsonl") else set()
    assert after.keys() - before.keys() == {target.name, *beside}
    if case.unreadable:
        strict = batch(source, "-o", tmp_path / f"strict{target.suffix}", "--strict")
        assert strict.exit_code == 1
        assert (tmp_path / f"strict{target.suffix}").exists()


def test_a_file_that_may_not_be_read_and_a_folder_that_may_not_be_written_are_one_sentence(tmp_path: Path) -> None:
    secret, locked = tmp_path / "in.csv", tmp_path / "locked"
    secret.write_text("Aufgabe\nPost\n", "utf-8")
    locked.mkdir()
    locked.chmod(0o500)
    if not os.access(locked, os.W_OK):
        check_refused(batch(secret, "-o", locked / "out.csv"), "out.csv", ("read-only", "-o"))
    secret.chmod(0)
    if os.access(secret, os.R_OK):
        pytest.skip("whoever runs this may read and write everything")
    check_refused(batch(secret), "in.csv", ("permission",))
    assert [*locked.iterdir()] == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "locked"]


@pytest.mark.parametrize(("content", "words"), [(OLE, "password"), (b"", "empty"), (b"%PDF-1.7", "PDF"), (b"\x1f\x8b\x08", "unpack")])
def test_what_is_nasty_on_standard_input_is_one_sentence(content: bytes, words: str) -> None:
    check_refused(CliRunner().invoke(app, ["batch", "-"], input=content), "standard input", (words,))


def test_a_workbook_on_standard_input_is_read() -> None:
    result = CliRunner().invoke(app, ["batch", "-"], input=BOOK)
    assert result.exit_code == 0
    assert [row[1] for row in csv.reader(result.stdout.splitlines(), delimiter=";")] == ["Aufgabe", *(row[1] for row in SHEET_ROWS)]


def test_more_than_the_memory_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise MemoryError

    (tmp_path / "in.csv").write_text("Aufgabe\nPost\n", "utf-8")
    monkeypatch.setattr("outsourcing_classifier.inventory.chunk.Chunks.work", full)
    check_refused(batch(tmp_path / "in.csv"), "", ("memory", ".csv"))
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


MEMORY = """
import sys, warnings
warnings.simplefilter("ignore")
from typer.testing import CliRunner
from outsourcing_classifier.cli import app
for name in sys.argv[1:]:
    for _ in range(2):  # the second time, over an output that is there
        result = CliRunner().invoke(app, ["batch", name, "--columns", "status"])
    print(result.exit_code)
[peak] = [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(int(peak) // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads its peak of memory from /proc")
def test_memory_is_bounded_for_bombs_and_long_files(tmp_path: Path, run_python: RunPython) -> None:
    bombs = [case for case in NASTY if "bomb" in case.name or case.name in ("entities.xlsx", "stray cell far away.xlsx")]
    names = [str(case.make(tmp_path)) for case in bombs]
    long_text(100_000)(tmp_path / "long.csv")
    done = run_python("-c", MEMORY, *names, str(tmp_path / "long.csv"))
    *codes, peak = map(int, done.stdout.split())
    assert codes == [2] * len(names) + [0]
    assert peak < 400, f"{peak} MB"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a full disk")
def test_standard_output_on_a_full_disk_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("Aufgabe\nPost\n", "utf-8")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "outsourcing_classifier", "batch", str(tmp_path / "in.csv"), "-o", "-"],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "disk is full" in done.stderr


# Files that others made


SUFFIXES = (".csv", ".txt", ".tsv")


def other_files(shared: Path) -> Iterator[Path]:
    for name in ("csv-spectrum", "csv-test-data", "csvsniffer", "char-dataset"):
        yield from (path for path in sorted((shared / "corpora" / name).rglob("*")) if path.suffix in SUFFIXES and path.stat().st_size < 60_000)


def test_files_that_others_made_are_refused_in_one_sentence_or_come_back_whole(tmp_path: Path, shared: Path) -> None:
    whole = 0
    for number, path in enumerate(other_files(shared)):
        folder = tmp_path / str(number)
        folder.mkdir()
        source = folder / f"in{path.suffix if path.suffix in ('.csv', '.tsv', '.txt') else '.csv'}"
        source.write_bytes(path.read_bytes())
        try:
            opened = open_source(source)
        except TaskFileError:
            opened = None
        column = ["--text-column", opened.header[0]] if opened and opened.header[0] else []
        result = batch(source, "-o", folder / "out.csv", *column)
        if result.exit_code == 2:
            check_refused(result, source.name, ())
            assert list(folder.iterdir()) == [source]
            continue
        assert result.exit_code == 0, (path, result.exception)
        assert opened is not None
        found = list(owners(folder / "out.csv", opened.layout.quote))
        assert all(status for _, status in found), path
        for (cells, _), (wanted, _) in zip(found, opened.rows(), strict=True):
            assert same(cells, wanted[: len(cells)]), path
            assert not any(wanted[len(cells) :]), path
        whole += 1
    assert whole > 200


def test_naughty_strings_come_back_as_they_were(tmp_path: Path, shared: Path) -> None:
    corpora = shared / "corpora"
    cells = [*json.loads((corpora / "naughty-strings" / "blns.json").read_text("utf-8"))]
    cells += (corpora / "csv-injection" / "csv-payload.txt").read_text("utf-8").splitlines()
    rows = [[f"n{number}", cell] for number, cell in enumerate(cells)]
    with (tmp_path / "in.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([["Nr", "Aufgabe"], *rows])
    for ending in (".csv", ".jsonl", ".parquet"):
        target = tmp_path / f"out{ending}"
        assert batch(tmp_path / "in.csv", "-o", target).exit_code == 0
        found = [list(cells.values()) if isinstance(cells, dict) else cells for cells, _ in owners(target)]
        wanted = [row if row[1] or ending != ".csv" else row[:1] for row in rows]
        assert all(same(*pair) for pair in zip(found, wanted, strict=True))


# What cannot be written

Trouble = Callable[[pytest.MonkeyPatch], AbstractContextManager[object]]


def small_disk(size: int) -> Trouble:
    """Files end after so many bytes, as on a disk that is full."""

    @contextmanager
    def limited(_: pytest.MonkeyPatch) -> Iterator[None]:
        resource = pytest.importorskip("resource")
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

    return limited


def not_replaced(error: OSError, ending: str = "") -> Trouble:
    """No output with this ending can take its place."""

    def prepare(patch: pytest.MonkeyPatch) -> AbstractContextManager[object]:
        move = os.replace

        def replace(old: Path, new: Path, **options: Any) -> None:
            if str(new).endswith(ending):
                raise error
            move(old, new, **options)

        patch.setattr(os, "replace", replace)
        return nullcontext()

    return prepare


def no_trouble(_: pytest.MonkeyPatch) -> AbstractContextManager[object]:
    return nullcontext()


OPEN_ELSEWHERE, FULL = PermissionError(13, "denied"), OSError(28, "No space left on device")
EVERY, LINES = (".csv", ".jsonl", ".parquet", ".xlsx"), (".csv", ".jsonl")
UNWRITABLE = (
    # (what is wrong, how it is brought about, name of the output, its endings, words of the sentence)
    ("open in another program", not_replaced(OPEN_ELSEWHERE), "out", EVERY, "close it|-o"),
    ("provenance open in another program", not_replaced(OPEN_ELSEWHERE, ".provenance.json"), "out", LINES, "close it|-o"),
    ("disk full at the end", not_replaced(FULL), "out", EVERY, "disk is full|-o"),
    ("disk full at the start", small_disk(10), "out", EVERY, "disk is full|-o"),
    ("disk full at the first rows", small_disk(2000), "out", EVERY, "disk is full|-o"),
    ("disk full later", small_disk(20_000), "out", EVERY, "disk is full|-o"),
    ("folder missing", no_trouble, "missing/out", EVERY, "does not exist|-o"),
    ("folder is a file", no_trouble, "in.csv/out", EVERY, "cannot be written|-o"),
    ("name too long", no_trouble, "ä" * 130, EVERY, "too long|-o"),
    ("name too long for what stands beside it", no_trouble, "ä" * 122, EVERY, "too long|-o"),
)


@pytest.mark.parametrize(
    ("trouble", "name", "words", "ending"),
    [
        pytest.param(trouble, name, words, ending, id=f"{wrong}-{ending}")
        for wrong, trouble, name, endings, words in UNWRITABLE for ending in endings
    ],
)
def test_what_cannot_be_written_is_one_sentence_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: Trouble, name: str, words: str, ending: str
) -> None:
    rows = "".join(f"{number};{'Belege prüfen ' * (number % 7)};{number * 7919 % 10007}\n" for number in range(500))
    (tmp_path / "in.csv").write_text(f"Nr;Aufgabe;Notiz\n{rows}1;2;3;zu viel\n", "utf-8")
    if name == "out":  # what stands there stays
        (tmp_path / f"out{ending}").write_bytes(b"task\n")
        (tmp_path / f"out{ending}.provenance.json").write_bytes(b"{}")
    before = listing(tmp_path)
    with monkeypatch.context() as patch, trouble(patch):
        result = batch(tmp_path / "in.csv", "-o", tmp_path / f"{name}{ending}")
    check_refused(result, Path(name).name, tuple(words.split("|")))
    assert listing(tmp_path) == before
