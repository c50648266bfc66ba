"""The owner's workbook comes back with results beside the rows, and all the rest as it was."""

from pathlib import Path
from typing import Any

import pytest

from outsourcing_classifier import Classifier
from outsourcing_classifier.files.table import DECISION_COLUMNS, RESULT_COLUMNS
from outsourcing_classifier.files.workbook import uncarried
from outsourcing_classifier.inventory import score_file

openpyxl = pytest.importorskip("openpyxl")


@pytest.fixture
def owners(tmp_path: Path) -> Path:
    """A workbook as a controller keeps one: a cover, a title above the header, formats, a filter, comments."""
    from openpyxl.comments import Comment
    from openpyxl.formatting.rule import CellIsRule
    from openpyxl.styles import Font, PatternFill
    from openpyxl.worksheet.datavalidation import DataValidation

    book = openpyxl.Workbook()
    book.active.title = "Deckblatt"
    book.active["B2"] = "Stand März"
    book.active["B2"].font = Font(size=20)
    page = book.create_sheet("Liste")
    for row in (["Tätigkeiten 2026"], [], ["Nr", "Tätigkeit", "VZÄ"], [1, "Rechnungen buchen", 0.5], [2, "Verträge auslegen", 1.5]):
        page.append(row)
    page["B3"].font = Font(bold=True, color="FFFFFF")
    page["B3"].fill = PatternFill("solid", fgColor="003366")
    page["C4"].number_format = "0.0"
    page["C6"] = "=SUM(C4:C5)"
    page["B4"].comment = Comment("mit Team klären", "Ada")
    page.column_dimensions["B"].width = 44
    page.row_dimensions[5].hidden = True
    page.freeze_panes = "B4"
    page.auto_filter.ref = "A3:C5"
    page.conditional_formatting.add("C4:C5", CellIsRule(operator="greaterThan", formula=["1"], font=Font(bold=True)))
    validation = DataValidation(type="decimal", operator="between", formula1="0", formula2="9")
    page.add_data_validation(validation)
    validation.add("C4:C5")
    book.save(tmp_path / "in.xlsx")
    return tmp_path / "in.xlsx"


def scored(source: Path, classifier: Classifier, name: str = "out.xlsx") -> Any:
    summary = score_file(source, source.with_name(name), classifier=classifier)
    return summary, openpyxl.load_workbook(source.with_name(name))


def test_what_the_owner_made_of_the_workbook_comes_back(owners: Path, classifier: Classifier) -> None:
    _, book = scored(owners, classifier)
    assert book.sheetnames == ["Deckblatt", "Liste"]
    assert (book["Deckblatt"]["B2"].value, book["Deckblatt"]["B2"].font.size) == ("Stand März", 20)
    page = book["Liste"]
    assert page["A1"].value == "Tätigkeiten 2026"
    assert page["B3"].fill.fgColor.rgb.endswith("003366")
    assert page["C4"].number_format == "0.0"
    assert page["C6"].value == "=SUM(C4:C5)"
    assert page["B4"].comment.text == "mit Team klären"
    assert page.column_dimensions["B"].width == 44
    assert page.row_dimensions[5].hidden
    assert page.freeze_panes == "B4"
    assert len(page.conditional_formatting) == 1
    assert {rule.type for rule in page.data_validations.dataValidation} == {"decimal", "list"}


def test_results_stand_beside_the_rows_under_the_owners_header(owners: Path, classifier: Classifier) -> None:
    _, book = scored(owners, classifier)
    page = book["Liste"]
    header = [cell.value for cell in page[3]]
    assert header == ["Nr", "Tätigkeit", "VZÄ", *RESULT_COLUMNS, *DECISION_COLUMNS]
    assert [page.cell(row, 4).value for row in (4, 5)] == ["BPO", "KPO"]
    assert page.auto_filter.ref == f"A3:{openpyxl.utils.get_column_letter(len(header))}5"


def test_scored_again_our_columns_are_replaced_in_place_and_decisions_hold(owners: Path, classifier: Classifier) -> None:
    _, book = scored(owners, classifier)
    page = book["Liste"]
    header = [cell.value for cell in page[3]]
    page.cell(4, header.index("decision") + 1).value = "KPO"
    book.save(owners.with_name("decided.xlsx"))
    summary, again = scored(owners.with_name("decided.xlsx"), classifier, "again.xlsx")
    assert [cell.value for cell in again["Liste"][3]] == header
    assert (again["Liste"]["D4"].value, summary.decided) == ("KPO", 1)
    assert again["Liste"].cell(4, header.index("decision") + 1).value == "KPO"


def test_the_same_workbook_gives_the_same_bytes(owners: Path, classifier: Classifier) -> None:
    scored(owners, classifier, "a.xlsx")
    scored(owners, classifier, "b.xlsx")
    assert owners.with_name("a.xlsx").read_bytes() == owners.with_name("b.xlsx").read_bytes()


def test_what_cannot_be_carried_over_is_said_and_the_original_is_not_damaged(owners: Path, classifier: Classifier) -> None:
    from openpyxl.chart import BarChart, Reference

    book = openpyxl.load_workbook(owners)
    chart = BarChart()
    chart.add_data(Reference(book["Liste"], min_col=3, min_row=4, max_row=5))
    book["Deckblatt"].add_chart(chart, "D4")
    book.save(owners)
    before = owners.read_bytes()
    assert "charts" in uncarried(owners)
    summary, fresh = scored(owners, classifier)
    assert owners.read_bytes() == before
    assert fresh.sheetnames == ["oc"]
    assert any("fresh workbook" in note and "charts" in note for note in summary.notes)
