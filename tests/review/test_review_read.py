"""`review read`: workbooks that people worked in, back into the ledger."""

import random
import shutil
import subprocess
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from typer.testing import CliRunner

from outsourcing_classifier.cli import app
from outsourcing_classifier.errors import DecisionError, TaskFileError
from outsourcing_classifier.files.ledger import read_ledger
from outsourcing_classifier.review.draw import draw
from outsourcing_classifier.review.read import read_reviews

COLUMNS = ["id", "department", "task", "fte", "oc_label", "oc_status", "oc_review", "oc_probability"]
TASKS = [
    ("Finance", "Monitor supplier contracts"), ("Finance", "Monitor lease contracts"), ("Legal", "Monitor office contracts"),
    ("Legal", "Monitor licence contracts"), ("Legal", "Draft a speech"), ("Finance", "Translate a manual"),
]
FAMILIES, SINGLES, MEMBERS = range(3)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory, classifier):
    """A scored file, its review in one workbook and in one a department."""
    folder = tmp_path_factory.mktemp("drawn")
    lines = [";".join(COLUMNS)]
    lines += [f"A-{i};{department};{task};0,5;BPO;ok;yes;0,6" for i, (department, task) in enumerate(TASKS, 1)]
    (folder / "tasks_scored.csv").write_text("\n".join(lines), "utf-8")
    draw(folder / "tasks_scored.csv", folder / "review.xlsx", classifier=classifier)
    draw(folder / "tasks_scored.csv", folder / "departments", classifier=classifier, by_department=True)
    return folder


@pytest.fixture
def review(drawn, tmp_path):
    return shutil.copy(drawn / "review.xlsx", tmp_path / "review.xlsx")


def table(page):
    """The number of the header row, and the places of the headings."""
    head = next(row[0].row for row in page.iter_rows() if any(c.value in ("No.", "Decision") for c in row))
    return head, {cell.value: cell.column for cell in page[head]}


def fill(path, sheet, line, decision, *, column="Decision", **others):
    book = load_workbook(path)
    page = book.worksheets[sheet]
    head, places = table(page)
    number = next(n for n in range(head + 1, page.max_row + 1) if page.cell(n, places["No."]).value == line)
    for name, value in {column: decision, **others}.items():
        page.cell(number, places[name]).value = value
    book.save(path)


def edit(path, change):
    book = load_workbook(path)
    change(book)
    book.save(path)


def decided(path):
    return {decision.text: decision.kind for decision in read_ledger(path).decisions}


def read(*paths, to, **options):
    return read_reviews(list(paths), to, **options)


def test_a_decision_on_a_family_holds_for_its_rows_and_one_on_a_row_for_this_row(review, tmp_path):
    fill(review, FAMILIES, "F1", "BPO", Reason="same as last year", **{"Decided by": "kb", "Date": "2026-11-20"})
    fill(review, SINGLES, "R6", "knowledge work")
    found = read(review, to=tmp_path / "decisions.csv")
    ledger = read_ledger(tmp_path / "decisions.csv")
    assert {d.id: d.kind for d in ledger.decisions} == {"A-1": "BPO", "A-2": "BPO", "A-3": "BPO", "A-4": "BPO", "A-5": "KPO"}
    first = ledger.decisions[0]
    assert (first.machine_label, first.reason, first.by, first.date) == ("BPO", "same as last year", "kb", "2026-11-20")
    held = ledger.held(["A-4", "A-6"], ["Monitor licence contracts", "Translate a manual"])
    assert [item and item.decision.kind for item in held] == ["BPO", None]
    assert found.findings == ()
    assert found.lines[-1] == f"Next: outsourcing-classifier batch tasks_scored.csv --decisions {tmp_path / 'decisions.csv'}"


def test_a_row_may_differ_from_its_family_and_this_is_listed(review, tmp_path):
    fill(review, FAMILIES, "F1", "BPO")
    fill(review, MEMBERS, "R4", "KPO")
    found = read(review, to=tmp_path / "decisions.csv")
    assert decided(tmp_path / "decisions.csv")["Monitor office contracts"] == "KPO"
    assert sorted(decided(tmp_path / "decisions.csv").values()) == ["BPO", "BPO", "BPO", "KPO"]
    assert [text.startswith("Single row before family: “Monitor office contracts”") for text in found.findings] == [True]


def sort_lines(page, order):
    head, _ = table(page)
    lines = [[cell.value for cell in row] for row in page.iter_rows(min_row=head + 1)]
    for number, line in enumerate(order(lines), head + 1):
        for place, value in enumerate(line, 1):
            page.cell(number, place).value = value


def test_sheets_may_be_sorted_filtered_renamed_and_columns_moved(review, tmp_path):
    fill(review, SINGLES, "R6", "KPO")
    fill(review, MEMBERS, "R5", "split")

    def change(book):
        singles, members = book.worksheets[SINGLES], book.worksheets[MEMBERS]
        sort_lines(singles, lambda lines: lines[::-1])
        head, _ = table(members)
        members.row_dimensions[head + 1].hidden = True
        singles.title, members.title = "by the team", "by me"
        members.insert_cols(1)
        singles.insert_rows(1, 3)
        members.cell(head, 1).value = "my notes"

    edit(review, change)
    found = read(review, to=tmp_path / "decisions.csv")
    assert decided(tmp_path / "decisions.csv") == {"Draft a speech": "KPO", "Monitor licence contracts": "split"}
    assert found.findings == ()


def test_deleted_lines_stay_open_and_are_listed(review, tmp_path):
    fill(review, SINGLES, "R6", "KPO")

    def change(book):
        for sheet, line in ((FAMILIES, "F1"), (SINGLES, "R7")):
            page = book.worksheets[sheet]
            page.delete_rows(next(row[0].row for row in page.iter_rows() if row[0].value == line))

    edit(review, change)
    found = read(review, to=tmp_path / "decisions.csv")
    assert [text.endswith("their rows stay open: F1 (4), R7") for text in found.findings] == [True]
    assert len(read_ledger(tmp_path / "decisions.csv").decisions) == 1


def test_added_lines_and_changed_texts_are_listed_with_their_place(review, tmp_path):
    fill(review, SINGLES, "R6", "KPO", Task="Draft a speech for the board")

    def change(book):
        page = book.worksheets[SINGLES]
        head, places = table(page)
        for number, line in ((head + 3, "R99"), (head + 4, None), (head + 5, "R7")):
            page.cell(number, places["No."]).value = line
            page.cell(number, places["Decision"]).value = "BPO" if line != "R7" else None
        page.cell(head + 5, places["Reason"]).value = "ask again"

    edit(review, change)
    found = read(review, to=tmp_path / "decisions.csv")
    assert decided(tmp_path / "decisions.csv") == {"Draft a speech": "KPO"}
    said = "\n".join(found.findings)
    for part in ("the decision was taken for line R6 as drawn: “Draft a speech”", "“R99” is no line of this workbook",
                 "row 7: a decision without a number", "row 8: a reason, name or date without a decision"):
        assert part in said, said


def test_unknown_words_are_listed_with_file_sheet_row_and_column(review, tmp_path):
    fill(review, FAMILIES, "F1", "BPO or so")
    fill(review, SINGLES, "R6", "KPO")
    found = read(review, to=tmp_path / "decisions.csv")
    assert (found.unknown, len(found.findings)) == (1, 1)
    assert found.findings[0].startswith("review.xlsx, sheet “Families”, row 7, Decision: “BPO or so” is no decision; use BPO")


def test_a_heading_that_was_overwritten_is_named(review, tmp_path):
    fill(review, SINGLES, "R6", "KPO")
    edit(review, lambda book: setattr(book.worksheets[FAMILIES].cell(*heading(book, FAMILIES, "Decision")), "value", "Our view"))
    found = read(review, to=tmp_path / "decisions.csv")
    assert "sheet “Families”: no column “Decision”" in found.findings[0]


def heading(book, sheet, name):
    head, places = table(book.worksheets[sheet])
    return head, places[name]


def test_two_workbooks_that_contradict_each_other_are_listed_and_none_is_preferred(review, tmp_path):
    other = shutil.copy(review, tmp_path / "other.xlsx")
    fill(review, SINGLES, "R6", "KPO", **{"Decided by": "kb"})
    fill(other, SINGLES, "R6", "BPO", **{"Decided by": "mh"})
    found = read(review, other, to=tmp_path / "decisions.csv")
    assert found.contradictions == 1
    assert "“Draft a speech” – other.xlsx, sheet “Single rows”" in found.findings[0]
    assert "KPO (kb)" in found.findings[0]
    held = read_ledger(tmp_path / "decisions.csv").held(["A-5"], ["Draft a speech"])[0]
    assert held.contradicted


def test_a_family_in_one_workbook_and_a_row_in_another(review, tmp_path):
    other = shutil.copy(review, tmp_path / "other.xlsx")
    fill(review, FAMILIES, "F1", "BPO")
    fill(other, MEMBERS, "R2", "unclear")
    found = read(review, other, to=tmp_path / "decisions.csv")
    assert decided(tmp_path / "decisions.csv")["Monitor supplier contracts"] == "unclear"
    assert found.contradictions == 0
    assert len(found.findings) == 1


def test_departments_that_decide_the_same_work_differently_are_listed(drawn, tmp_path):
    folder = shutil.copytree(drawn / "departments", tmp_path / "departments")
    fill(folder / "Finance.xlsx", 0, "F1", "BPO")
    fill(folder / "Legal.xlsx", 0, "F1", "KPO")
    (folder / "~$Legal.xlsx").write_bytes(b"lock file of an open program")
    found = read(folder, to=tmp_path / "decisions.csv")
    assert decided(tmp_path / "decisions.csv")["Monitor lease contracts"] == "BPO"
    assert decided(tmp_path / "decisions.csv")["Monitor licence contracts"] == "KPO"
    assert found.contradictions == 0
    assert found.findings[0].startswith("The same kind of work, decided differently")


def test_reading_again_in_any_order_gives_the_same_ledger(review, tmp_path):
    other = shutil.copy(review, tmp_path / "a.xlsx")
    fill(review, FAMILIES, "F1", "BPO")
    fill(other, SINGLES, "R6", "KPO")
    read(review, other, to=tmp_path / "one.csv")
    read(other, review, review, to=tmp_path / "two.csv")
    first = (tmp_path / "one.csv").read_bytes()
    assert first == (tmp_path / "two.csv").read_bytes()
    again = read(review, other, to=tmp_path / "one.csv")
    assert again.added == 0
    assert first == (tmp_path / "one.csv").read_bytes()


def test_what_the_ledger_decides_is_not_listed_again(drawn, review, tmp_path, classifier):
    fill(review, FAMILIES, "F1", "BPO")
    read(review, to=tmp_path / "decisions.csv")
    source = drawn / "tasks_scored.csv"
    draw(source, tmp_path / "rest.xlsx", classifier=classifier, decisions=tmp_path / "decisions.csv")
    lines = [row[0] for row in load_workbook(tmp_path / "rest.xlsx")["oc_rows"].values]
    assert lines[2:] == ["R6", "R7"]


def test_earlier_decisions_are_kept(review, tmp_path):
    old = tmp_path / "old.csv"
    old.write_text("id,text,oc_label,decision,decision_reason,decision_by,decision_date\nB-1,Type letters,BPO,BPO,,,\n", "utf-8")
    there = tmp_path / "decisions.csv"
    there.write_text(old.read_text("utf-8").replace("B-1,Type", "B-2,Copy"), "utf-8")
    fill(review, SINGLES, "R6", "KPO")
    found = read(review, to=there, ledger=old)
    assert [d.id for d in read_ledger(there).decisions] == ["B-1", "B-2", "A-5"]
    assert found.added == 1


@pytest.mark.parametrize(("content", "said"), [
    ("id,text,oc_label,decision,decision_reason,decision_by,decision_date\nB-1,Type letters,BPO,maybe,,,\n", "would be lost"),
    ("id,task,oc_label,oc_status,oc_review,decision\n1,Type letters,BPO,ok,no,\n", "is no ledger"),
    ("", "empty"),
])
def test_a_file_in_the_way_is_left_as_it_is(review, tmp_path, content, said):
    target = tmp_path / "decisions.csv"
    target.write_text(content, "utf-8")
    fill(review, SINGLES, "R6", "KPO")
    with pytest.raises(DecisionError, match=said):
        read(review, to=target)
    assert target.read_text("utf-8") == content


def test_nothing_decided_writes_nothing(review, tmp_path):
    with pytest.raises(DecisionError, match="nothing is decided yet"):
        read(review, to=tmp_path / "decisions.csv")
    assert not (tmp_path / "decisions.csv").exists()


def test_the_ledger_is_written_completely_or_not_at_all(review, tmp_path, monkeypatch):
    fill(review, SINGLES, "R6", "KPO")
    read(review, to=tmp_path / "decisions.csv")
    before = (tmp_path / "decisions.csv").read_bytes()
    fill(review, SINGLES, "R7", "KPO")
    monkeypatch.setattr("csv.writer", lambda *_, **__: Broken())
    with pytest.raises(TaskFileError, match="disk is full"):
        read(review, to=tmp_path / "decisions.csv")
    assert (tmp_path / "decisions.csv").read_bytes() == before
    assert not list(tmp_path.glob("*.part"))


class Broken:
    def writerows(self, rows):
        raise OSError(28, "No space left on device")


def test_a_workbook_of_another_kind_or_without_its_hidden_sheet_is_refused(review, tmp_path, write):
    edit(review, lambda book: book.remove(book["oc_rows"]))
    with pytest.raises(DecisionError, match="hidden sheet 'oc_rows' is gone"):
        read(review, to=tmp_path / "decisions.csv")
    other = tmp_path / "other.xlsx"
    book = load_workbook(review)
    book.properties.category = None
    book.save(other)
    with pytest.raises(DecisionError, match="no review workbook"):
        read(other, to=tmp_path / "decisions.csv")
    with pytest.raises(DecisionError, match="no readable workbook"):
        read(write([["x"]], ["task"]), to=tmp_path / "decisions.csv")
    with pytest.raises(DecisionError, match="no such file"):
        read(tmp_path / "gone.xlsx", to=tmp_path / "decisions.csv")
    (tmp_path / "empty").mkdir()
    with pytest.raises(DecisionError, match="no workbook named"):
        read(tmp_path / "empty", to=tmp_path / "decisions.csv")


@pytest.mark.parametrize(("place", "value"), [((1, 2), 99), ((2, 1), "x"), ((3, 1), "Q1"), ((3, 2), "three"), ((4, 1), "R2"), ((1, 3), "fr")])
def test_a_hidden_sheet_that_was_changed_is_refused_with_its_place(review, tmp_path, place, value):
    fill(review, SINGLES, "R6", "KPO")
    edit(review, lambda book: setattr(book["oc_rows"].cell(*place), "value", value))
    with pytest.raises(DecisionError, match=r"review\.xlsx, sheet 'oc_rows'"):
        read(review, to=tmp_path / "decisions.csv")


@pytest.mark.parametrize(("word", "kind"), [
    ("Wissensarbeit", "KPO"), ("teilen", "split"), ("nicht im Umfang", "out_of_scope"), ("unklar", "unclear"),
])
def test_every_kind_of_decision_comes_back_from_the_ledger(review, tmp_path, word, kind):
    fill(review, SINGLES, "R6", word)
    read(review, to=tmp_path / "decisions.csv")
    assert decided(tmp_path / "decisions.csv") == {"Draft a speech": kind}


CELLS = st.sampled_from(["BPO", "KPO", "", "x", "F1", "R6", "R2", "No.", "Decision", 3, 1.5, True, None])
EDITS = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 12), st.integers(1, 12), CELLS), max_size=12)


@settings(max_examples=40)
@given(EDITS, st.integers(0, 9))
def test_whatever_people_type_it_is_read_or_listed(drawn, tmp_path_factory, edits, seed):
    folder = tmp_path_factory.mktemp("edited")
    path = shutil.copy(drawn / "review.xlsx", folder / "review.xlsx")
    book = load_workbook(path)
    for page in book.worksheets[:3]:
        for merged in list(page.merged_cells.ranges):
            page.unmerge_cells(str(merged))
    for sheet, row, column, value in edits:
        book.worksheets[sheet].cell(row, column).value = value
    if seed == 0:
        book.remove(book.worksheets[seed])
    book.save(path)
    try:
        found = read(path, to=folder / "decisions.csv")
    except DecisionError:
        assert not (folder / "decisions.csv").exists()
    else:
        assert {d.text for d in found.ledger.decisions} <= {task for _, task in TASKS}


def test_damaged_workbooks_are_an_error_or_read_as_they_are(review, tmp_path):
    fill(review, SINGLES, "R6", "KPO")
    with zipfile.ZipFile(review) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    random.seed(5)
    for number in range(60):
        changed = dict(parts)
        name = random.choice(sorted(changed))
        data = bytearray(changed[name])
        for _ in range(1 + number % 4):
            data[random.randrange(len(data))] = random.randrange(256)
        changed[name] = bytes(data[: len(data) // 2] if number % 7 == 0 else data)
        path = tmp_path / f"m{number}.xlsx"
        with zipfile.ZipFile(path, "w") as archive:
            for part, content in changed.items():
                archive.writestr(part, content)
        with suppress(DecisionError):
            read(path, to=tmp_path / f"m{number}.csv")


@pytest.mark.slow
def test_a_workbook_saved_again_by_libreoffice_is_read(review, tmp_path):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("needs LibreOffice")
    fill(review, FAMILIES, "F1", "BPO", Date="2026-11-20")
    fill(review, SINGLES, "R6", "KPO")
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    (tmp_path / "again").mkdir()
    subprocess.run([office, home, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "again"), str(review)], check=True, capture_output=True, timeout=110)
    read(review, to=tmp_path / "one.csv")
    found = read(tmp_path / "again" / "review.xlsx", to=tmp_path / "two.csv")
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()
    assert found.findings == ()


def test_the_command_line_reads_lists_and_is_strict_when_asked(review, tmp_path):
    fill(review, SINGLES, "R6", "perhaps")
    fill(review, FAMILIES, "F1", "BPO")
    arguments = ["review", "read", str(review), "-o", str(tmp_path / "decisions.csv")]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    assert "To be looked at (1):" in done.output
    assert "decisions: 4, new: 4" in done.output
    assert CliRunner().invoke(app, [*arguments, "--strict"]).exit_code == 1
    refused = CliRunner().invoke(app, ["review", "read", str(tmp_path / "gone.xlsx")])
    assert (refused.exit_code, "no such file" in refused.output) == (2, True)


