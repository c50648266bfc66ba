"""Nasty files: one clear sentence and nothing written, or every row back as it was; never half of both."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nasty_files import NASTY, Nasty
from typer.testing import CliRunner, Result

from outsourcing_classifier import Classifier
from outsourcing_classifier.cli import app
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


def rows_of(path: Path) -> Iterator[dict[str, Any] | list[Any]]:
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
            head = file.readline()
            file.seek(0)
            yield from csv.reader(file, delimiter=head[head.index("oc_label") - 1], strict=True)


def owners(path: Path) -> Iterator[tuple[Any, str]]:
    """The owner's cells of each row, and its status."""
    rows = rows_of(path)
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
    first = 1 if case.name.endswith((".jsonl", ".parquet")) else 2
    assert [place + first for place, state in enumerate(status) if state == "unreadable"] == list(case.unreadable)
    if case.unreadable:
        assert str(len(case.unreadable)) in result.stdout
        assert str(case.unreadable[0]) in result.stdout


@pytest.mark.parametrize("case", NASTY, ids=[case.id for case in NASTY])
def test_a_nasty_file_is_refused_in_one_sentence_or_comes_back_whole(tmp_path: Path, case: Nasty) -> None:
    source = case.make(tmp_path)
    target = tmp_path / (case.target or f"out{source.suffix}")
    before = listing(tmp_path)
    result = batch(source, "-o", target, "--explain-in", "de")
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
