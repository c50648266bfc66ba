"""Every nasty file gives one clear sentence and nothing else, or a complete result; never half of both."""

import csv
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from files import nasty
from files.nasty import LINES, OBJECTS, PLAIN, TASKS
from typer.testing import CliRunner

from outsourcing_classifier.cli import app

RAN, REFUSED = 0, 2


class Nasty(NamedTuple):
    """A file, and what has to come of it: rows that come out and how many of them cannot be read; or words to say."""

    name: str
    write: nasty.Write
    rows: int = 3
    unreadable: int = 0
    said: Sequence[str] = ()
    source: str = "in.csv"


def refused(name: str, write: nasty.Write, *said: str, source: str = "in.csv") -> Nasty:
    return Nasty(name, write, 0, 0, said, source)


COMPLETE = [
    *(Nasty(f"encoding {name}", nasty.text(PLAIN, name)) for name in (
        "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1",
    )),
    *(Nasty(f"line ends {end!r}", nasty.text(PLAIN.replace("\n", end))) for end in ("\r\n", "\r")),
    Nasty("mixed line ends", nasty.text(PLAIN.replace("\n", "\r\n", 2))),
    Nasty("no line end at the end", nasty.text(PLAIN.rstrip("\n"))),
    Nasty("invalid byte in the middle", nasty.raw(PLAIN.encode().replace(b"Haftung", b"Haf\xfftung"))),
    Nasty("NUL bytes", nasty.text(PLAIN.replace("Rechnungen", "Rech\0nungen"))),
    Nasty("delimiters, quotes and line breaks in quotes", nasty.text(PLAIN.replace("Sonstiges", '"a;b ""c""\nd"'))),
    Nasty("unclosed quote in the last row", nasty.text(PLAIN.replace("Sonstiges", '"Sonstiges')), unreadable=1),
    Nasty("unclosed quote in the first row", nasty.text(PLAIN.replace("Rechnungen", '"Rechnungen')), unreadable=1),
    Nasty("too many cells", nasty.text(PLAIN.replace("Sonstiges", "Sonstiges;1;2;3;4")), unreadable=1),
    Nasty("too few cells", nasty.text(PLAIN.replace("3;Sonstiges;3,5", "3;Sonstiges"))),
    Nasty("header only", nasty.text(LINES[0] + "\n"), rows=0),
    Nasty("duplicate headers", nasty.text(PLAIN.replace("VZÄ", "Tätigkeit"))),
    Nasty("blank headers", nasty.text(PLAIN.replace("Nr;", ";"))),
    Nasty("thousands of columns", nasty.text("\n".join(line + ";x" * 3000 for line in LINES) + "\n")),
    Nasty("a very large cell", nasty.text(PLAIN.replace("Sonstiges", "Belege scannen. " * 350_000))),
    Nasty("a text of 30,000 letters", nasty.text(PLAIN.replace("Sonstiges", "Belege scannen " * 2000))),
    Nasty("cells like formulas", nasty.text(PLAIN.replace("Sonstiges", "=HYPERLINK(A1)").replace("1;R", "+1;R"))),
    Nasty("emoji, right-to-left marks, blanks of no width", nasty.text(PLAIN.replace("Sonstiges", "😀 \u202eabc\u200b \ufeff"))),
    Nasty("a byte order mark in the middle", nasty.text(PLAIN.replace("Sonstiges", "\ufeffSonstiges"))),
    Nasty("blank lines around", nasty.text("\n\n" + PLAIN + "\n;;\n\n")),
    Nasty("a hint for Excel", nasty.text("sep=;\n" + PLAIN)),
    Nasty("a workbook", nasty.workbook(), source="in.xlsx"),
    Nasty("a workbook with macros by name only", nasty.workbook(name="in.xlsm"), source="in.xlsm"),
    Nasty("objects", nasty.lines_of_objects(*OBJECTS), source="in.jsonl"),
    Nasty("a broken object", nasty.lines_of_objects(*OBJECTS[:2], '{"task": "Rech'), unreadable=1, source="in.jsonl"),
    Nasty("a list among objects", nasty.lines_of_objects(*OBJECTS[:2], "[1, 2]"), unreadable=1, source="in.jsonl"),
    Nasty("NaN and nested values", nasty.lines_of_objects(
        OBJECTS[0], '{"task": NaN, "a": [1, {"b": 2}]}', '{"task": null, "a": Infinity}',
    ), source="in.jsonl"),
    Nasty("deeply nested", nasty.lines_of_objects(*OBJECTS[:2], '{"task": ' + "[" * 100_000), unreadable=1, source="in.jsonl"),
]
SENTENCES = [
    refused("empty", nasty.raw(b""), "empty"),
    refused("blanks only", nasty.text(" \n\n;;\n"), "empty"),
    refused("a mark and nothing else", nasty.raw(b"\xef\xbb\xbf"), "empty"),
    refused("a folder", lambda folder: (folder / "in.csv").mkdir(), "folder"),
    refused("missing", lambda folder: None, "no such file"),
    refused("no column of tasks", nasty.text("a;b\n1;2\n"), "no column with tasks", "'a', 'b'", "--text-column"),
    refused("an old workbook", nasty.raw(b"\xd0\xcf\x11\xe0" + b"\0" * 600, name="in.xlsx"), "password", "save it", source="in.xlsx"),
    refused("an old workbook under its own name", nasty.raw(b"\xd0\xcf\x11\xe0", name="in.xls"), ".xlsx", source="in.xls"),
    refused("a truncated workbook", nasty.workbook(change=lambda content: content[: len(content) // 2]), "no readable workbook", source="in.xlsx"),
    refused("a workbook with damaged bytes", nasty.workbook(
        change=lambda content: content[:600] + bytes(byte ^ 0x55 for byte in content[600:2600]) + content[2600:],
    ), "workbook", source="in.xlsx"),
    refused("a zip that is no workbook", nasty.zipped([("a.txt", b"hello")]), "no readable workbook", source="in.xlsx"),
    refused("a workbook whose sheet is no XML", nasty.zipped([("[Content_Types].xml", b"<"), ("xl/workbook.xml", b"<a>")]), "no readable workbook", source="in.xlsx"),
    refused("CSV under the name of a workbook", nasty.text(PLAIN, name="in.xlsx"), "rename it to in.csv", source="in.xlsx"),
    refused("a workbook under the name of CSV", nasty.workbook(name="in.csv"), ".xlsx"),
    refused("a zip bomb", nasty.bomb, "unpacks to", ".csv", source="in.xlsx"),
    refused("no object at all", nasty.lines_of_objects("x", "y"), "JSON", source="in.jsonl"),
    refused("damaged Parquet", nasty.raw(b"PAR1 no PAR1", name="in.parquet"), "Parquet", source="in.parquet"),
]


def run(folder: Path, source: str, target: Path, *options: str):
    return CliRunner().invoke(app, ["batch", str(folder / source), "-o", str(target), *options])


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def statuses(target: Path) -> list[str]:
    if target.suffix == ".jsonl":
        return [json.loads(line)["oc_status"] for line in target.read_text("utf-8").splitlines()]
    csv.field_size_limit(10**9)
    with target.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    return [row[rows[0].index("oc_status")] for row in rows[1:]]


@pytest.mark.parametrize("case", COMPLETE, ids=[case.name for case in COMPLETE])
def test_a_nasty_file_that_can_be_read_comes_back_with_every_row(case: Nasty, tmp_path: Path) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    case.write(folder)
    before = (folder / case.source).read_bytes()
    target = folder / ("out.jsonl" if case.source.endswith(".jsonl") else "out.csv")
    result = run(folder, case.source, target)
    assert result.exit_code == RAN, result.output
    found = statuses(target)
    assert len(found) == case.rows
    assert found.count("unreadable") == case.unreadable
    assert (folder / case.source).read_bytes() == before
    assert names(folder) == {case.source, target.name, target.name + ".provenance.json"}
    strict = run(folder, case.source, folder / "strict.csv", "--strict")
    assert strict.exit_code == bool(case.unreadable)


@pytest.mark.parametrize("case", SENTENCES, ids=[case.name for case in SENTENCES])
def test_a_nasty_file_that_cannot_be_read_is_one_sentence_and_leaves_nothing(case: Nasty, tmp_path: Path) -> None:
    if case.source.endswith(".parquet"):
        pytest.importorskip("pyarrow")
    folder = tmp_path / "here"
    folder.mkdir()
    case.write(folder)
    before = names(folder)
    for target in ("out.csv", "out.xlsx"):
        result = run(folder, case.source, folder / target)
        assert result.exit_code == REFUSED, result.output
        for words in case.said:
            assert words in result.output
        assert len(result.output.strip().splitlines()) == 1
        assert "Traceback" not in result.output
        assert names(folder) == before


@pytest.mark.parametrize(("write", "said"), [
    (nasty.text(PLAIN.replace("Sonstiges", "x" * 40_000)), ["32,767 characters", "row 4", ".csv"]),
    (nasty.text("\n".join(line + ";x" * 17_000 for line in LINES) + "\n"), ["16,384 columns", ".csv"]),
])
def test_what_a_sheet_cannot_hold_is_refused_before_work_starts(
    tmp_path: Path, write: nasty.Write, said: list[str]
) -> None:
    write(tmp_path)
    result = run(tmp_path, "in.csv", tmp_path / "out.xlsx")
    assert result.exit_code == REFUSED
    for words in said:
        assert words in result.output
    assert names(tmp_path) == {"in.csv"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_no_file_and_is_not_waited_for(tmp_path: Path) -> None:
    nasty.pipe(tmp_path)
    result = run(tmp_path, "in.csv", tmp_path / "out.csv")
    assert result.exit_code == REFUSED
    assert "no ordinary file" in result.output


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_standard_output_on_a_full_disk_is_one_sentence(tmp_path: Path) -> None:
    import subprocess

    nasty.text(PLAIN)(tmp_path)
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "outsourcing_classifier", "batch", str(tmp_path / "in.csv"), "-o", "-"],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )
    assert done.returncode == REFUSED
    assert "Traceback" not in done.stderr
    assert "disk" in done.stderr or "space" in done.stderr.lower()


@pytest.mark.parametrize("target", ["out.csv", "out.xlsx", "out.jsonl"])
def test_an_output_that_is_open_elsewhere_is_one_sentence_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    nasty.text(PLAIN)(tmp_path)
    (tmp_path / target).write_bytes(b"old")

    def refuse(self: Path, other: object) -> Path:
        raise PermissionError(13, "in use", str(other))

    monkeypatch.setattr(Path, "replace", refuse)
    result = run(tmp_path, "in.csv", tmp_path / target)
    assert result.exit_code == REFUSED
    assert "close it" in result.output
    assert (tmp_path / target).read_bytes() == b"old"


def test_the_first_umlaut_late_in_a_long_file_is_read(tmp_path: Path) -> None:
    rows = 60_000
    lines = ["task", *["type lists"] * rows, "Aufträge erfassen"]
    (tmp_path / "in.csv").write_bytes("\n".join(lines).encode("cp1252"))
    result = run(tmp_path, "in.csv", tmp_path / "out.csv", "--columns", "label")
    assert result.exit_code == RAN
    assert "windows-1252" in result.output
    last = (tmp_path / "out.csv").read_text("utf-8-sig").splitlines()[-1]
    assert last.startswith("Aufträge erfassen;BPO")


def test_an_unclosed_quote_far_up_costs_one_row(tmp_path: Path) -> None:
    lines = ["task;x", '"type lists;1', *(f"{task};1" for task in TASKS * 5000)]
    (tmp_path / "in.csv").write_text("\n".join(lines) + "\n", "utf-8")
    result = run(tmp_path, "in.csv", tmp_path / "out.csv", "--columns", "label,status")
    assert result.exit_code == RAN
    found = statuses(tmp_path / "out.csv")
    assert (len(found), found.count("unreadable")) == (15_001, 1)
