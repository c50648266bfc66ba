"""Delimiter and quote are found by a vote; others' corpora with the right answer say how well."""

import csv
import io
import json
from collections import Counter
from pathlib import Path

import pytest

from outsourcing_classifier import TaskFileError
from outsourcing_classifier.files.csv_file import read_csv
from outsourcing_classifier.files.dialect import Dialect, find_dialect, records
from outsourcing_classifier.files.encoding import decode


def lines_of(text: str) -> io.StringIO:
    return io.StringIO(text, newline="")


NAMES = {"comma": ",", "semicolon": ";", "tab": "\t", "vslash": "|", "space": " ", "nsign": "#"}
QUOTES = {"doublequote": '"', "singlequote": "'"}


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("Nr;VZÄ;Anteil\n1;0,5;1,5\n2;1,0;2,5\n", ";"),  # a decimal comma in every cell
        ("code\tshades\nA\t1,2,3\nB\t4,5,6\n", "\t"),
        ('a,b,"c;d;e"\n', ","),  # a quoted field that another delimiter would cut
        ('"id";"task"\n"1";"sort, file"\n"\n', ";"),  # a stray line does not outvote what stands between quotes
        ("step\n1;check forms\n2;send letters\n", ";"),
        ("Aufgabe\nBelege prüfen, ablegen\nPost öffnen, verteilen\n", ""),
        ("Lohnläufe starten; Abrechnungen versenden\nBelege prüfen\nPost öffnen\n", ""),
    ],
)
def test_the_delimiter_is_the_one_that_the_lines_agree_on(text: str, delimiter: str) -> None:
    assert find_dialect(lines_of(text)).delimiter == delimiter


def test_apostrophes_quote_only_where_fields_begin_and_end_with_them() -> None:
    assert find_dialect(lines_of("'Smith, John';2\n'Roe, Ann';3\n")) == Dialect(";", "'")
    assert find_dialect(lines_of("team's list;2\nclients' files;3\n")) == Dialect(";", '"')


def test_blanks_before_a_quoted_field_are_not_its_own(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text('id, task\n1, "check, then file"\n2, "send"\n', "utf-8")
    assert read_csv(tmp_path / "in.csv").rows == [["1", "check, then file"], ["2", "send"]]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("id,task\n1\n2,send\n", "short rows 2"), ('id,task\n1,say "no"\n', "stray quotes in rows 2"),
        ("id,task\n", "no rows below the header"),
    ],
)
def test_what_is_odd_in_a_file_is_mentioned_with_its_rows(tmp_path: Path, text: str, note: str) -> None:
    (tmp_path / "in.csv").write_text(text, "utf-8")
    assert note in read_csv(tmp_path / "in.csv").notes


def weighted_f1(right: list[object], found: list[object]) -> float:
    """F1 of each class, weighted by how often it is right."""
    counts, said = Counter(right), Counter(found)
    hits = Counter(a for a, b in zip(right, found, strict=True) if a == b)
    return sum(n * 2 * hits[kind] / (n + said[kind]) for kind, n in counts.items()) / len(right)


def test_encoding_and_dialect_of_real_files_are_found(shared: Path) -> None:
    """The published figures on the full set: 0.926, 0.881, 0.843, 0.805 (corpora/README.md)."""
    folder = shared / "corpora" / "csvsniffer"
    with (folder / "dialects.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    right: list[object] = [(NAMES[row["delimiter"]], QUOTES[row["quote"]]) for row in rows]
    found: list[object] = []
    for row in rows:
        text, encoding = decode((folder / "files" / row["file"]).read_bytes())
        dialect = find_dialect(lines_of(text.removeprefix("\ufeff")))
        found.append((dialect.delimiter or ",", dialect.quote))  # files of one column are annotated with a comma
        assert encoding in ("utf-8", "utf-8-sig", "windows-1252")
    assert weighted_f1(right, found) >= 0.93


def test_the_spectrum_of_csv_files_is_read(shared: Path) -> None:
    folder = shared / "corpora" / "csv-spectrum"
    for path in sorted((folder / "csvs").glob("*.csv")):
        table = read_csv(path)
        wanted = json.loads((folder / "json" / f"{path.stem}.json").read_text("utf-8"))
        wanted = wanted if isinstance(wanted, list) else [wanted]
        if path.stem == "location_coordinates":  # the number in this JSON file is another than in its CSV file
            wanted[0]["Contact Phone Number"] = "2095257564"
        assert [dict(zip(table.header, row, strict=True)) for row in table.rows] == wanted, path.name


def test_valid_files_are_read_and_bad_ones_reported(shared: Path) -> None:
    folder = shared / "corpora" / "csv-test-data"
    read = reported = 0
    for path in sorted((folder / "csv").glob("*.csv")):
        if path.name.startswith("bad-"):
            try:
                table = read_csv(path)
                reported += bool(table.broken) or len(table.notes) > 2  # more than encoding and delimiter
            except TaskFileError:
                reported += 1
            continue
        text, _ = decode(path.read_bytes())
        found = [record.fields for record in records(lines_of(text), find_dialect(lines_of(text)))]
        wanted = json.loads((folder / "json" / f"{path.stem}.json").read_text("utf-8"))
        if path.name.startswith("header-"):
            header, *rows = found
            read += [dict(zip(header, row, strict=True)) for row in rows] == wanted
        else:
            read += found == wanted
    assert (read, reported) == (18, 7)
