"""A whole inventory: what belongs to the owner comes back, ours stands beside it, nothing is half-written."""

import csv
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from outsourcing_classifier import Classifier, TaskFileError
from outsourcing_classifier.files.csv_file import read_csv
from outsourcing_classifier.files.table import DECISION_COLUMNS, RESULT_COLUMNS
from outsourcing_classifier.inventory import Options, Summary, score_file

HEADER = "Nr.;Abteilung;Tätigkeit;VZÄ;Kosten;Bemerkung"
LINES = [
    "1;Einkauf;Bestellungen im SAP anlegen;0,5;32.000 €;„läuft gut“",
    "2;Einkauf;Verhandlungsstrategie für Rahmenverträge entwickeln;1,25;110.500 €;prüfen – später",
    '3;Personal;"Lohnläufe starten; Abrechnungen versenden";2;98.000,50 €;"sagt ""dringend"""',
    "4;Personal;;0,1;;",
    "5;Recht;Sonstiges;0,2;9.000 €; ",
    "6;Recht;Gutachten zu Haftungsfragen verfassen;1;120.000 €;-",
    "7;Einkauf;Bestellungen im SAP anlegen;0,75;41.000 €;007",
    "8;Werk;Maschinen ölen;3;150.000 €;-5",
]
GERMAN = "\r\n".join([HEADER, *LINES, ""])
Score = Callable[..., Summary]


@pytest.fixture
def score(classifier: Classifier) -> Score:
    def run(source: Path, target: Path | None = None, **options: Any) -> Summary:
        options.setdefault("classifier", classifier)
        how = Options.of({name: options.pop(name) for name in Options.__dataclass_fields__ if name in options})
        return score_file(source, target or source.with_name("out.csv"), options=how, **options)

    return run


@pytest.fixture
def german(tmp_path: Path) -> Path:
    path = tmp_path / "Bestand März.csv"
    path.write_bytes(GERMAN.encode("cp1252", "strict"))
    return path


def lines_of(path: Path, delimiter: str = ";") -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))


def records_of(path: Path, delimiter: str = ";") -> list[dict[str, str]]:
    header, *rows = lines_of(path, delimiter)
    return [dict(zip(header, row, strict=True)) for row in rows]


def text_file(folder: Path, text: str, name: str = "in.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def test_every_character_of_the_owners_cells_and_the_order_of_rows_come_back(german: Path, score: Score) -> None:
    before = german.read_bytes()
    score(german)
    assert german.read_bytes() == before
    found = lines_of(german.with_name("out.csv"))
    wanted = list(csv.reader(GERMAN.splitlines(), delimiter=";"))
    protected = {"-": "'-"}
    assert [row[:6] for row in found] == [[protected.get(cell, cell) for cell in row] for row in wanted]


def test_result_and_decision_columns_stand_beside_the_owners_in_their_order(german: Path, score: Score) -> None:
    score(german)
    header = lines_of(german.with_name("out.csv"))[0]
    assert header == [*HEADER.split(";"), *RESULT_COLUMNS, *DECISION_COLUMNS]


def test_a_row_carries_what_the_classifier_says_of_its_task(german: Path, score: Score, classifier: Classifier) -> None:
    score(german)
    for record in records_of(german.with_name("out.csv")):
        result = classifier.classify(record["Tätigkeit"], explain_in="de")
        assert record["oc_label"] == (result.label or "")
        assert record["oc_status"] == result.status
        assert record["oc_reason"] == result.reason
        assert record["oc_review"] == ("yes" if result.needs_review else "no")
        for name, value in result.scores.to_dict().items():
            cell = record[f"oc_{name}"].replace(",", ".")
            assert (cell != "") == (name in result.stated)
            if cell:
                assert float(cell) == pytest.approx(value, abs=0.001)
        assert [record[name] for name in DECISION_COLUMNS] == [""] * 4


def test_numbers_of_ours_have_the_decimal_mark_of_the_file(german: Path, tmp_path: Path, score: Score) -> None:
    score(german)
    record = records_of(german.with_name("out.csv"))[0]
    assert "," in record["oc_probability"]
    english = text_file(tmp_path, "task,fte\nEnter orders,1.5\n")
    score(english)
    assert "." in records_of(tmp_path / "out.csv", ",")[0]["oc_probability"]


def test_the_summary_counts_rows_fte_and_cost(german: Path, score: Score) -> None:
    summary = score(german)
    assert summary.rows == 8
    assert sum(entry["rows"] for entry in summary.by_label.values()) == 8
    assert sum(entry["fte"] for entry in summary.by_label.values()) == pytest.approx(8.8)
    assert sum(entry["cost"] for entry in summary.by_label.values()) == pytest.approx(560_500.5)
    assert summary.columns == {"id": "Nr.", "department": "Abteilung", "task": "Tätigkeit", "fte": "VZÄ", "cost": "Kosten"}
    assert summary.language == "de"
    assert "encoding windows-1252" in summary.notes


@pytest.mark.parametrize(
    ("encoding", "bom"), [("utf-8", False), ("utf-8-sig", True), ("cp1252", True), ("utf-16", True)]
)
def test_utf8_stays_as_it_came_and_anything_else_becomes_utf8_with_bom(
    tmp_path: Path, score: Score, encoding: str, bom: bool
) -> None:
    score(text_file(tmp_path, "Nr;Aufgabe\n1;Löhne prüfen\n2;Post öffnen\n", encoding=encoding))
    data = (tmp_path / "out.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf") == bom
    assert "Löhne prüfen" in data.decode("utf-8")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_delimiter_and_line_ends_are_those_of_the_input(tmp_path: Path, score: Score, delimiter: str, end: str) -> None:
    text = "".join(delimiter.join(cells) + end for cells in (["id", "task"], ["1", "type lists"], ["2", "sort post"]))
    score(text_file(tmp_path, text))
    data = (tmp_path / "out.csv").read_bytes().decode("utf-8")
    assert data.startswith(f"id{delimiter}task{delimiter}oc_label")
    assert data.endswith(end)
    assert data.count(end) == 3
    assert ("\r\n" in data) == (end == "\r\n")


def test_cells_that_begin_like_a_formula_are_protected_counted_and_read_back(tmp_path: Path, score: Score) -> None:
    text = "task;note;value\ntype lists;=1+1;-5\nsort post;@home;+3,5\n=HYPERLINK(1);x;-5+3\n"
    summary = score(text_file(tmp_path, text))
    records = records_of(tmp_path / "out.csv")
    assert [record["note"] for record in records] == ["'=1+1", "'@home", "x"]
    assert [record["value"] for record in records] == ["-5", "+3,5", "'-5+3"]
    assert records[2]["task"] == "'=HYPERLINK(1)"
    assert summary.protected == 4
    again = score(tmp_path / "out.csv", tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_bytes() == (tmp_path / "out.csv").read_bytes()
    assert again.protected == 4


def test_a_broken_line_is_an_unreadable_row_in_its_place(tmp_path: Path, score: Score) -> None:
    summary = score(text_file(tmp_path, 'id;task\n1;type lists\n2;"sort post\n3;file letters\n4;plan a strategy\n'))
    records = lines_of(tmp_path / "out.csv")[1:]
    assert len(records) == 4
    status = lines_of(tmp_path / "out.csv")[0].index("oc_status")
    assert [row[status] for row in records][1] == "unreadable"
    assert "unreadable" not in (records[0][status], records[2][status], records[3][status])
    assert records[1][1] == '"sort post'
    assert summary.unreadable == [3]


def test_a_row_with_too_many_cells_is_unreadable_and_keeps_all_of_them(tmp_path: Path, score: Score) -> None:
    score(text_file(tmp_path, "id;task\n1;type lists\n2;sort;post;now\n3;file letters\n"))
    rows = lines_of(tmp_path / "out.csv")
    assert len(rows) == 4
    assert {"sort", "post", "now"} <= set(rows[2])
    assert rows[2][rows[0].index("oc_status")] == "unreadable"


def test_short_rows_come_out_with_empty_cells(tmp_path: Path, score: Score) -> None:
    score(text_file(tmp_path, "id;task;fte\n1;type lists;1\n2\n" + "3;file letters;1\n" * 8))
    records = records_of(tmp_path / "out.csv")
    assert [record["id"] for record in records] == ["1", "2", *"3" * 8]
    assert records[1]["oc_status"] == "empty"


def test_duplicates_are_scored_once_and_all_rows_carry_the_result(tmp_path: Path, score: Score) -> None:
    class Counting(Classifier):
        seen: list[str] = []  # noqa: RUF012

        def classify_held(self, tasks: Any, held: Any, **options: Any) -> Any:
            self.seen += tasks
            return super().classify_held(tasks, held, **options)

    text = "task\n" + "type lists\nplan a strategy\n" * 50
    score(text_file(tmp_path, text), classifier=Counting())
    assert sorted(Counting.seen) == ["plan a strategy", "type lists"]
    labels = [record["oc_label"] for record in records_of(tmp_path / "out.csv")]
    assert labels == labels[:2] * 50


def test_the_same_input_gives_the_same_bytes(german: Path, tmp_path: Path, score: Score) -> None:
    score(german, tmp_path / "a.csv")
    score(german, tmp_path / "b.csv")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def edited(path: Path, row: int, **cells: str) -> None:
    """Fill cells of a scored file, as a person does in Excel."""
    header, *rows = lines_of(path)
    for name, value in cells.items():
        rows[row][header.index(name)] = value
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";", lineterminator="\r\n").writerows([header, *rows])


@pytest.mark.parametrize(
    ("decision", "label", "status", "review"),
    [
        ("KPO", "KPO", "ok", "no"), ("bpo", "BPO", "ok", "no"), (" BPO ", "BPO", "ok", "no"), ("Wissensarbeit", "KPO", "ok", "no"),
        ("split", "", "mixed", "no"), ("teilen", "", "mixed", "no"), ("out of scope", "", "out_of_scope", "no"),
        ("nicht im Umfang", "", "out_of_scope", "no"), ("unclear", "", "insufficient", "yes"), ("unklar", "", "insufficient", "yes"),
    ],
)
def test_a_decision_of_a_person_holds_when_the_file_is_scored_again(
    german: Path, tmp_path: Path, score: Score, decision: str, label: str, status: str, review: str
) -> None:
    first = tmp_path / "first.csv"
    score(german, first)
    plain = records_of(first)[0]
    edited(first, 0, decision=decision, decision_by="Ada", decision_reason="Gespräch")
    summary = score(first, tmp_path / "second.csv")
    record = records_of(tmp_path / "second.csv")[0]
    assert (record["oc_label"], record["oc_status"], record["oc_review"]) == (label, status, review)
    assert record["oc_decided_by"] == "person"
    assert record["oc_probability"] == record["oc_band"] == ""
    assert (record["decision"], record["decision_by"], record["decision_reason"]) == (decision, "Ada", "Gespräch")
    for name in ("oc_focus", "oc_process", "oc_activities", "oc_rule"):
        assert record[name] == plain[name]
    assert summary.decided == 1


def test_scoring_again_replaces_our_columns_in_place_and_adds_none(german: Path, tmp_path: Path, score: Score) -> None:
    first = tmp_path / "first.csv"
    score(german, first)
    edited(first, 0, oc_label="??", oc_reason="old", Bemerkung="neu")
    score(first, tmp_path / "second.csv")
    assert lines_of(tmp_path / "second.csv")[0] == lines_of(first)[0]
    record = records_of(tmp_path / "second.csv")[0]
    assert record["oc_label"] in ("BPO", "KPO")
    assert record["oc_reason"] != "old"
    assert record["Bemerkung"] == "neu"


def test_a_decision_that_nobody_can_read_is_counted_and_changes_nothing(german: Path, tmp_path: Path, score: Score) -> None:
    first = tmp_path / "first.csv"
    score(german, first)
    edited(first, 1, decision="vielleicht")
    summary = score(first, tmp_path / "second.csv")
    assert summary.unknown_decisions == ["first.csv, row 3, column 'decision': 'vielleicht'"]
    record = records_of(tmp_path / "second.csv")[1]
    assert record["decision"] == "vielleicht"
    assert record["oc_decided_by"] != "person"


def test_a_file_that_holds_decisions_is_not_written_over(german: Path, tmp_path: Path, score: Score) -> None:
    target = tmp_path / "out.csv"
    score(german, target)
    score(german, target)
    edited(target, 0, decision="KPO")
    before = target.read_bytes()
    with pytest.raises(TaskFileError, match="decisions"):
        score(german, target)
    assert target.read_bytes() == before


@pytest.mark.parametrize("name", ["Bestand März.csv", "sub/../Bestand März.csv"])
def test_output_over_the_input_is_refused_with_a_proposed_name(german: Path, score: Score, name: str) -> None:
    (german.parent / "sub").mkdir()
    before = german.read_bytes()
    with pytest.raises(TaskFileError, match=r"Bestand März_scored\.csv"):
        score(german, german.parent / name)
    assert german.read_bytes() == before


def test_a_link_to_the_input_is_the_input(german: Path, score: Score) -> None:
    link = german.with_name("link.csv")
    try:
        link.symlink_to(german)
    except OSError:
        pytest.skip("no links here")
    with pytest.raises(TaskFileError, match="input itself"):
        score(german, link)


def test_a_missing_file_is_one_sentence(tmp_path: Path, score: Score) -> None:
    with pytest.raises(TaskFileError, match=r"none\.csv.*no such file"):
        score(tmp_path / "none.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_column_name_lists_the_columns(german: Path, score: Score) -> None:
    with pytest.raises(TaskFileError) as caught:
        score(german, columns={"task": "Task"})
    for name in (*HEADER.split(";"), "--text-column"):
        assert name in str(caught.value)
    assert not german.with_name("out.csv").exists()


def test_a_chosen_column_is_read(tmp_path: Path, score: Score) -> None:
    score(text_file(tmp_path, "task;what\nx;type lists\ny;plan a strategy\n"), columns={"task": "what"})
    assert records_of(tmp_path / "out.csv")[0]["oc_label"] == "BPO"


@pytest.mark.parametrize("target", ["missing folder/out.csv", "out.pdf", "out"])
def test_a_target_that_cannot_be_written_is_refused_and_leaves_nothing(german: Path, score: Score, target: str) -> None:
    with pytest.raises(TaskFileError):
        score(german, german.parent / target)
    assert list(german.parent.iterdir()) == [german]


def test_a_folder_as_target_is_refused(german: Path, score: Score) -> None:
    folder = german.parent / "out.csv"
    folder.mkdir()
    with pytest.raises(TaskFileError):
        score(german, folder)
    assert sorted(path.name for path in german.parent.iterdir()) == sorted([german.name, "out.csv"])
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs a folder that this user cannot write")
def test_a_read_only_folder_is_one_sentence_with_the_remedy(german: Path, tmp_path: Path, score: Score) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    with pytest.raises(TaskFileError, match="-o"):
        score(german, locked / "out.csv")


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), PermissionError(13, "denied")])
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_nothing_half_written_is_left_where_writing_fails(
    german: Path, score: Score, monkeypatch: pytest.MonkeyPatch, error: OSError, suffix: str
) -> None:
    target = german.with_name("out" + suffix)
    target.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("outsourcing_classifier.files.output.os.replace", fail)
    with pytest.raises(TaskFileError, match=r"-o|full"):
        score(german, target)
    assert target.read_bytes() == b"old"
    assert sorted(path.name for path in german.parent.iterdir()) == sorted([german.name, target.name])


def test_a_full_disk_while_writing_leaves_nothing_behind(german: Path, score: Score) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    with pytest.raises(TaskFileError):
        score(german, Path("/dev/full"))


def interrupted_after(chunks: int) -> Callable[[int, int], None]:
    done: list[int] = []

    def progress(rows: int, _about: int) -> None:
        done.append(rows)
        if len(done) == chunks:
            raise KeyboardInterrupt

    return progress


@pytest.fixture
def long_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Some chunks of four rows."""
    monkeypatch.setattr("outsourcing_classifier.inventory.CHUNK", 4)
    rows = [f'{place};"Belege prüfen, Stapel {place}";0,{place % 10}' for place in range(30)]
    return text_file(tmp_path, "\r\n".join(["Nr;Aufgabe;VZÄ", *rows, ""]), encoding="cp1252")


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".xlsx"])
@pytest.mark.parametrize("chunks", [1, 3, 7])
def test_an_interrupted_run_goes_on_where_it_stopped_and_ends_the_same(
    long_file: Path, score: Score, chunks: int, suffix: str
) -> None:
    whole, target = long_file.with_name("whole" + suffix), long_file.with_name("out" + suffix)
    expected = score(long_file, whole)
    with pytest.raises(KeyboardInterrupt):
        score(long_file, target, progress=interrupted_after(chunks))
    assert not target.exists()
    summary = score(long_file, target)
    assert summary.resumed_at == 4 * chunks
    assert (summary.by_label, summary.review, summary.rows) == (expected.by_label, expected.review, expected.rows)
    if suffix == ".xlsx":
        openpyxl = pytest.importorskip("openpyxl")
        cells = [list(openpyxl.load_workbook(path).active.iter_rows(values_only=True)) for path in (whole, target)]
        assert cells[0] == cells[1]
    else:
        assert target.read_bytes() == whole.read_bytes()
    assert sorted(path.name for path in long_file.parent.iterdir()) == sorted([long_file.name, whole.name, target.name])


def test_a_journal_that_cannot_be_opened_for_a_moment_is_not_lost(
    long_file: Path, score: Score, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = long_file.with_name("out.csv")
    with pytest.raises(KeyboardInterrupt):
        score(long_file, target, progress=interrupted_after(3))
    real = Path.open

    def locked(path: Path, mode: str = "r", *arguments: Any, **named: Any) -> Any:
        if mode == "r+b" and path.suffix == ".part":
            raise PermissionError(13, "used by another program")
        return real(path, mode, *arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", locked)
        with pytest.raises(TaskFileError, match="-o"):
            score(long_file, target)
    assert score(long_file, target).resumed_at == 12


@pytest.mark.parametrize("file", ["part", "journal"])
@pytest.mark.parametrize("cut", [1, 40, 400])
def test_what_a_killed_run_left_half_written_is_not_trusted(long_file: Path, score: Score, file: str, cut: int) -> None:
    expected = score(long_file, long_file.with_name("whole.csv"))
    target = long_file.with_name("out.csv")
    with pytest.raises(KeyboardInterrupt):
        score(long_file, target, progress=interrupted_after(5))
    left = target.with_name(f".out.csv.{file}")
    left.write_bytes(left.read_bytes()[:-cut])
    summary = score(long_file, target)
    assert target.read_bytes() == long_file.with_name("whole.csv").read_bytes()
    assert summary.resumed_at < 20
    assert summary.by_label == expected.by_label


@pytest.mark.parametrize("change", ["input", "options"])
def test_other_work_starts_anew_and_says_so(long_file: Path, score: Score, change: str) -> None:
    target = long_file.with_name("out.csv")
    with pytest.raises(KeyboardInterrupt):
        score(long_file, target, progress=interrupted_after(3))
    if change == "input":
        long_file.write_bytes(long_file.read_bytes() + b"31;Post;1\r\n")
    options = {"explain_in": "en"} if change == "options" else {}
    summary = score(long_file, target, **options)
    assert summary.resumed_at == 0
    assert any("started anew" in note for note in summary.notes)
    score(long_file, target.with_name("whole.csv"), **options)
    assert target.read_bytes() == target.with_name("whole.csv").read_bytes()


def test_an_interruption_before_the_first_chunk_leaves_nothing_behind(long_file: Path, score: Score) -> None:
    class Interrupted(Classifier):
        def classify_held(self, *_: Any, **__: Any) -> Any:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        score(long_file, classifier=Interrupted())
    assert list(long_file.parent.iterdir()) == [long_file]


def test_an_error_leaves_nothing_behind(long_file: Path, score: Score) -> None:
    def fail(*_: int) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        score(long_file, progress=fail)
    assert list(long_file.parent.iterdir()) == [long_file]


@pytest.mark.slow
def test_several_processes_write_the_same_bytes(tmp_path: Path, score: Score) -> None:
    rows = [f"{place};Belege prüfen, Stapel {place};0,5" for place in range(9000)]
    path = text_file(tmp_path, "\n".join(["Nr;Aufgabe;VZÄ", *rows, ""]))
    one, two = score(path, tmp_path / "one.csv"), score(path, tmp_path / "two.csv", processes=2)
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()
    assert one.by_label == two.by_label


@pytest.mark.parametrize(("keep", "expected"), [(["oc_label"], ["oc_label"]), (["oc_reason", "oc_label"], ["oc_label", "oc_reason"])])
def test_our_columns_can_be_limited(german: Path, score: Score, keep: list[str], expected: list[str]) -> None:
    score(german, keep=keep)
    assert lines_of(german.with_name("out.csv"))[0] == [*HEADER.split(";"), *expected, *DECISION_COLUMNS]


def test_reasons_speak_one_language_in_the_whole_file(tmp_path: Path, score: Score, classifier: Classifier) -> None:
    path = text_file(tmp_path, "task\nBelege prüfen\nPost öffnen\ntype lists\n")
    score(path)
    reasons = [record["oc_reason"] for record in records_of(tmp_path / "out.csv", ";")]
    assert reasons[2] == classifier.classify("type lists", explain_in="de").reason
    score(path, tmp_path / "en.csv", explain_in="en")
    assert records_of(tmp_path / "en.csv")[0]["oc_reason"] == classifier.classify("Belege prüfen", explain_in="en").reason


def test_the_shared_service_preset_writes_its_labels(german: Path, score: Score) -> None:
    score(german, classifier=Classifier(wording="shared-service"))
    labels = {record["oc_label"] for record in records_of(german.with_name("out.csv"))}
    assert labels <= {"Transaktionsarbeit", "Wissensarbeit", ""}
    assert "Transaktionsarbeit" in labels
    text = german.with_name("out.csv").read_text("utf-8-sig")
    assert "BPO" not in text
    assert "KPO" not in text


def test_a_workbook_comes_out_with_frozen_header_filter_and_drop_down(german: Path, score: Score) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    score(german, german.with_name("out.xlsx"))
    page = openpyxl.load_workbook(german.with_name("out.xlsx")).active
    rows = list(page.iter_rows(values_only=True))
    assert list(rows[0]) == [*HEADER.split(";"), *RESULT_COLUMNS, *DECISION_COLUMNS]
    assert [row[2] for row in rows[1:]] == [line[2] or None for line in csv.reader(LINES, delimiter=";")]
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref
    assert page.data_validations.dataValidation
    assert isinstance(rows[1][list(rows[0]).index("oc_probability")], float)


def test_a_workbook_in_is_scored_like_a_csv_file_and_again_in_place(tmp_path: Path, score: Score) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["Task", "FTE"], ["type lists", 0.5], ["plan a strategy", 2]):
        book.active.append(row)
    book.save(tmp_path / "in.xlsx")
    summary = score(tmp_path / "in.xlsx", tmp_path / "out.xlsx")
    assert summary.rows == 2
    assert sum(entry["fte"] for entry in summary.by_label.values()) == 2.5
    page = openpyxl.load_workbook(tmp_path / "out.xlsx")
    header = [cell.value for cell in page.active[1]]
    page.active.cell(2, header.index("decision") + 1).value = "KPO"
    page.save(tmp_path / "decided.xlsx")
    assert score(tmp_path / "decided.xlsx", tmp_path / "third.xlsx").decided == 1
    third = openpyxl.load_workbook(tmp_path / "third.xlsx").active
    assert [cell.value for cell in third[1]] == header
    assert third.cell(2, header.index("oc_label") + 1).value == "KPO"


def test_odd_cells_survive(tmp_path: Path, score: Score) -> None:
    text = "task;note\ntype\x07lists;a\x00b\n🙂 sort post;\u202ex\n"
    score(text_file(tmp_path, text))
    records = records_of(tmp_path / "out.csv")
    assert [record["note"] for record in records] == ["a\x00b", "\u202ex"]
    assert records[0]["task"] == "type\x07lists"


@pytest.mark.parametrize(("inside", "end"), [("\r", "\n"), ("\n", "\r"), ("\r", "\r\n"), ("\n", "\r\n")])
def test_a_line_break_in_a_cell_is_none_between_rows(score: Score, tmp_path: Path, inside: str, end: str) -> None:
    cell = f"type lists{inside}and scan receipts"
    (tmp_path / "in.csv").write_bytes(f'task;x{end}"{cell}";1{end}file letters;2{end}'.encode())
    score(tmp_path / "in.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    assert [row[:2] for row in rows[1:]] == [[cell, "1"], ["file letters", "2"]]
    assert len(read_csv(tmp_path / "out.csv").rows) == 2


def test_an_apostrophe_of_the_owner_before_a_number_stays(score: Score, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("task;x\ntype lists;'-5\nfile letters;'=A1\n", "utf-8")
    score(tmp_path / "in.csv")
    assert [line.split(";")[1] for line in (tmp_path / "out.csv").read_text("utf-8").splitlines()[1:]] == ["'-5", "'=A1"]
