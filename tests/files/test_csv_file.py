"""CSV: encoding, delimiter and line ends are recognised, odd lines cost nobody their row."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outsourcing_classifier import TaskFileError
from outsourcing_classifier.files.csv_file import CsvLayout, protected, read_csv, unprotected, write_csv
from outsourcing_classifier.files.dialect import find_dialect
from outsourcing_classifier.files.encoding import decode
from outsourcing_classifier.files.table import Table

ROWS = "Nr;Tätigkeit;VZÄ\n1;Belege prüfen;0,5\n2;Löhne abrechnen, monatlich;1\n"


def file_of(folder: Path, data: bytes | str, name: str = "in.csv") -> Path:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp1252", "windows-1252"), ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be"),
    ],
)
def test_the_encoding_is_recognised_and_said(tmp_path: Path, encoding: str, name: str) -> None:
    table = read_csv(file_of(tmp_path, ROWS.encode(encoding)))
    assert table.header == ["Nr", "Tätigkeit", "VZÄ"]
    assert table.rows[0] == ["1", "Belege prüfen", "0,5"]
    assert f"encoding {name}" in table.notes


def test_bytes_that_windows_1252_leaves_free_are_kept() -> None:
    text, name = decode("Prüf\x81ung\x9d".encode("latin-1"))
    assert name == "windows-1252"
    assert text == "Prüf\x81ung\x9d"


@pytest.mark.parametrize(
    ("delimiter", "name"), [(";", "semicolon"), (",", "comma"), ("\t", "tab"), ("|", "bar")]
)
def test_the_delimiter_is_recognised_and_said(tmp_path: Path, delimiter: str, name: str) -> None:
    text = "\n".join(delimiter.join(cells) for cells in (["id", "task", "fte"], ["1", "check forms", "2"], ["2", "type lists", "1"]))
    table = read_csv(file_of(tmp_path, text))
    assert table.rows == [["1", "check forms", "2"], ["2", "type lists", "1"]]
    assert f"delimiter {name}" in table.notes


@pytest.mark.parametrize(
    "text",
    [
        "Aufgabe\nBelege prüfen, ablegen\nPost öffnen\n", "Belege prüfen und ablegen\nPost öffnen, sortieren, verteilen\nLöhne rechnen\n",
        "task\ncheck forms\n",
    ],
)
def test_one_column_is_a_normal_result(tmp_path: Path, text: str) -> None:
    table = read_csv(file_of(tmp_path, text))
    assert all(len(row) == 1 for row in table.rows)
    assert "delimiter one column" in table.notes


def test_a_list_without_header_loses_no_line(tmp_path: Path) -> None:
    table = read_csv(file_of(tmp_path, "Belege stempeln\nPost öffnen\n"))
    assert [row[0] for row in table.rows] == ["Belege stempeln", "Post öffnen"]
    assert table.first_row == 1


def test_excels_hint_of_the_delimiter_is_followed(tmp_path: Path) -> None:
    table = read_csv(file_of(tmp_path, "sep=|\ntask|note\ncheck, sort|x;y\n"))
    assert table.header == ["task", "note"]
    assert table.rows == [["check, sort", "x;y"]]


def test_quoted_cells_may_hold_delimiters_quotes_and_line_breaks(tmp_path: Path) -> None:
    table = read_csv(file_of(tmp_path, 'task;note\n"check; sort";"say ""yes"""\n"two\nlines";b\n'))
    assert table.rows == [["check; sort", 'say "yes"'], ["two\nlines", "b"]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_are_noted(tmp_path: Path, end: str) -> None:
    table = read_csv(file_of(tmp_path, ROWS.replace("\n", end)))
    assert len(table.rows) == 2
    assert table.layout.line_end == end


def test_an_unclosed_quote_costs_one_row_only(tmp_path: Path) -> None:
    table = read_csv(file_of(tmp_path, 'id;task\n1;check forms\n2;"type lists\n3;sort post\n4;file post\n'))
    assert len(table.rows) == 4
    assert table.broken == {1}
    assert table.rows[3] == ["4", "file post"]


def test_a_row_with_too_many_cells_is_broken_and_kept(tmp_path: Path) -> None:
    table = read_csv(file_of(tmp_path, "id;task\n1;check forms\n2;type;lists;here\n3;sort post\n"))
    assert table.broken == {1}
    assert table.rows[1] == ["2", "type", "lists", "here"]


def test_short_rows_and_blank_lines_between_are_kept(tmp_path: Path) -> None:
    table = read_csv(file_of(tmp_path, "id;task;fte\n1;check forms\n\n3;sort post;1\n\n\n"))
    assert len(table.rows) == 3
    assert table.broken == set()
    assert table.column(1) == ["check forms", None, "sort post"]


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\r\n\r\n", b";;;\n;;\n", b"   "])
def test_an_empty_file_says_so(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(TaskFileError, match=r"in\.csv.*empty"):
        read_csv(file_of(tmp_path, data))


def test_a_missing_file_and_a_folder_say_so(tmp_path: Path) -> None:
    with pytest.raises(TaskFileError, match="no such file"):
        read_csv(tmp_path / "none.csv")
    with pytest.raises(TaskFileError, match="folder"):
        read_csv(tmp_path)


@pytest.mark.parametrize("cell", ["=1+2", "+SUM(A1)", "-A1", "@cmd", "\tx", "\rx", "=", "-", "+49 30 123 (intern)"])
def test_a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(cell: str) -> None:
    assert protected(cell) == "'" + cell
    assert unprotected(protected(cell)) == cell


@pytest.mark.parametrize("cell", ["-5", "+3,5", "1.200 €", "", "text", "a=b", "'quoted", "- 5 %", "-1.234,50 EUR"])
def test_numbers_and_plain_texts_stay_as_they_are(cell: str) -> None:
    assert protected(cell) == cell
    assert unprotected(cell) == cell


@given(st.text(max_size=12))
def test_protection_is_undone_by_reading_for_any_cell_without_an_apostrophe(cell: str) -> None:
    if not cell.startswith("'"):
        assert unprotected(protected(cell)) == cell


CELLS = st.text(alphabet='aä;,"|\t=+-0\n ', max_size=8)


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=6), st.sampled_from([";", ",", "\t", "|"]))
def test_what_is_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], delimiter: str) -> None:
    path = tmp_path_factory.mktemp("csv") / "x.csv"
    rows = [["k", *row] for row in rows]
    table = Table(["id", "task", "a", "b"], rows, layout=CsvLayout("utf-8", delimiter, "\r\n", has_header=True))
    write_csv(path, table, table.header, rows)
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file, delimiter=delimiter))
    assert [[unprotected(cell) for cell in line] for line in lines[1:]] == rows


@given(st.lists(st.tuples(st.sampled_from(["a", "b c", "1,5"]), st.sampled_from(["x", "y z"])), min_size=3, max_size=30))
def test_a_regular_semicolon_file_is_always_recognised(rows: list[tuple[str, str]]) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([("one", "two"), *rows])
    assert find_dialect(out.getvalue().splitlines(keepends=True)).delimiter == ";"


def test_public_csv_samples_are_read_without_an_error(shared: Path) -> None:
    folders = [shared / "corpora" / name for name in ("csv-spectrum", "csv-test-data", "csvsniffer", "char-dataset")]
    files = [path for folder in folders for path in sorted(folder.rglob("*.csv"))][:200]
    assert files
    for path in files:
        if path.stat().st_size > 300_000:
            continue
        try:
            table = read_csv(path)
        except TaskFileError as error:
            assert "empty" in str(error), path  # noqa: PT017
        else:
            assert table.header
