"""XLSX: the first sheet with a task column in, a plain workbook out."""

from pathlib import Path

import pytest

from outsourcing_classifier import TaskFileError
from outsourcing_classifier.files.table import DECISION_COLUMNS
from outsourcing_classifier.files.xlsx_file import DECISION_CHOICES, read_xlsx, write_xlsx

openpyxl = pytest.importorskip("openpyxl")


def book_of(folder: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    path = folder / "in.xlsx"
    book.save(path)
    return path


def test_the_first_sheet_with_a_task_column_is_read_and_named(tmp_path: Path) -> None:
    path = book_of(tmp_path, {"Cover": [["Hello"]], "Liste": [["Nr", "Aufgabe"], [1, "Post öffnen"]]})
    table = read_xlsx(path)
    assert table.header == ["Nr", "Aufgabe"]
    assert table.rows == [[1, "Post öffnen"]]
    assert "sheet 'Liste'" in table.notes


def test_a_header_below_a_title_is_found(tmp_path: Path) -> None:
    path = book_of(tmp_path, {"L": [["Inventory 2026"], [], ["ID", "Task"], [1, "open post"]]})
    table = read_xlsx(path)
    assert table.rows == [[1, "open post"]]
    assert table.first_row == 4


def test_a_named_sheet_is_read_and_a_wrong_name_lists_the_sheets(tmp_path: Path) -> None:
    path = book_of(tmp_path, {"A": [["Task"], ["one"]], "B": [["Task"], ["two"]]})
    assert read_xlsx(path, "B").rows == [["two"]]
    with pytest.raises(TaskFileError, match="A, B"):
        read_xlsx(path, "C")


def test_more_sheets_with_tasks_are_mentioned(tmp_path: Path) -> None:
    path = book_of(tmp_path, {"A": [["Task"], ["one"]], "Notes": [["Hello"]], "B": [["Task"], ["two"]]})
    assert "more sheets with tasks (--all-sheets): 'B'" in read_xlsx(path).notes
    assert not any("more sheets" in note for note in read_xlsx(path, "A").notes)


@pytest.mark.parametrize(("data", "words"), [(b"\xd0\xcf\x11\xe0rest", "password"), (b"no zip at all", "in.xlsx"), (b"", "in.xlsx"), (b"PK\x03\x04broken", "in.xlsx")])
def test_what_is_no_workbook_is_refused_with_the_remedy(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "in.xlsx"
    path.write_bytes(data)
    with pytest.raises(TaskFileError, match=words):
        read_xlsx(path)


def test_an_empty_workbook_says_so(tmp_path: Path) -> None:
    with pytest.raises(TaskFileError, match="empty"):
        read_xlsx(book_of(tmp_path, {"A": []}))


def test_the_workbook_out_has_frozen_header_filter_and_drop_down(tmp_path: Path) -> None:
    header = ["task", "oc_label", "oc_reason", *DECISION_COLUMNS]
    rows = [["open post", "BPO", "because " * 15, None, None, None, None], ["plan", "KPO", "so", None, None, None, None]]
    write_xlsx(tmp_path / "out.xlsx", header, rows)
    page = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:G3"
    assert page["C2"].alignment.wrap_text
    assert page.column_dimensions["C"].width <= 62
    [choice] = page.data_validations.dataValidation
    assert all(name in choice.formula1 for name in DECISION_CHOICES)
    assert "D2:D3" in str(choice.sqref)


def test_texts_never_become_formulas_and_numbers_stay_numbers(tmp_path: Path) -> None:
    count = write_xlsx(tmp_path / "out.xlsx", ["task", "fte"], [["=1+1", 0.5], ["-A1", -2], ["+3", 7]])
    page = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert [page.cell(row, 1).value for row in (2, 3, 4)] == ["=1+1", "-A1", "+3"]
    assert {page.cell(row, 1).data_type for row in (2, 3, 4)} == {"s"}
    assert [page.cell(row, 2).value for row in (2, 3, 4)] == [0.5, -2, 7]
    assert count >= 1


def test_characters_that_a_workbook_cannot_hold_do_no_harm(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "out.xlsx", ["task"], [["bell\x07\x00 and \ud800 lone 🙂"], ["x" * 40_000]])
    page = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert "🙂" in page["A2"].value
    assert len(page["A3"].value) == 32_767


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    rows = [["Löhne abrechnen", 1.5, None], ["Post öffnen\nund verteilen", 2, "x"]]
    write_xlsx(tmp_path / "out.xlsx", ["Aufgabe", "VZÄ", "Notiz"], rows)
    assert read_xlsx(tmp_path / "out.xlsx").rows == [rows[0][:2], rows[1]]  # rows end with their last filled cell
