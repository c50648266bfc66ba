"""Several sheets of a workbook in one run."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from outsourcing_classifier import Classifier, read_ledger
from outsourcing_classifier.cli import app
from outsourcing_classifier.errors import TaskFileError
from outsourcing_classifier.inventory import Options, Summary, score_file

openpyxl = pytest.importorskip("openpyxl")
ALL = Options(all_sheets=True)


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    finance = book.active
    finance.title = "Finanzen"
    for row in (["Nr", "Aufgabe", "VZÄ"], [1, "Rechnungen erfassen", 2], [2, "Liquiditätsprognose entwickeln", 1]):
        finance.append(row)
    people = book.create_sheet("Personal")
    for row in (["Stand Mai"], ["Aufgabe", "Kosten"], ["Lohnabrechnung durchführen", 1000]):
        people.append(row)
    book.create_sheet("Hinweise").append(["Bitte bis Freitag zurück"])
    book.save(tmp_path / "in.xlsx")
    return tmp_path / "in.xlsx"


def scored(source: Path, classifier: Classifier, **options: Any) -> Summary:
    return score_file(source, source.with_name("out.xlsx"), classifier=classifier, options=ALL, **options)


def column(path: Path, sheet: str, name: str, header_row: int = 1) -> list[Any]:
    page = openpyxl.load_workbook(path)[sheet]
    place = [cell.value for cell in page[header_row]].index(name)
    return [row[place] for row in page.iter_rows(min_row=header_row + 1, values_only=True)]


def test_results_stand_on_every_sheet_with_tasks_and_the_others_come_back(workbook: Path, classifier: Classifier) -> None:
    found = scored(workbook, classifier)
    out = workbook.with_name("out.xlsx")
    assert column(out, "Finanzen", "oc_label") == ["BPO", "KPO"]
    assert column(out, "Personal", "oc_label", 2) == ["BPO"]
    assert openpyxl.load_workbook(out)["Hinweise"]["A1"].value == "Bitte bis Freitag zurück"
    assert [sheet.rows for sheet in found.sheets] == [2, 1]
    assert found.rows == 3
    assert found.by_label["BPO"] == {"rows": 2, "fte": 2.0, "cost": 1000.0}
    assert {path.name for path in workbook.parent.iterdir()} == {"in.xlsx", "out.xlsx"}


def test_each_sheet_says_what_it_says_when_scored_alone(workbook: Path, classifier: Classifier) -> None:
    scored(workbook, classifier)
    alone = workbook.with_name("alone.xlsx")
    score_file(workbook, alone, classifier=classifier, options=Options(sheet="Personal"))
    out = workbook.with_name("out.xlsx")
    assert column(out, "Personal", "oc_reason", 2) == column(alone, "Personal", "oc_reason", 2)


def test_decisions_on_any_sheet_are_read_and_kept(workbook: Path, classifier: Classifier) -> None:
    scored(workbook, classifier)
    out = workbook.with_name("out.xlsx")
    book = openpyxl.load_workbook(out)
    page = book["Personal"]
    page.cell(3, [cell.value for cell in page[2]].index("decision") + 1, "KPO")
    book.save(out)
    ledger = read_ledger(out)
    assert [(decision.text, decision.kind) for decision in ledger.decisions] == [("Lohnabrechnung durchführen", "KPO")]
    with pytest.raises(TaskFileError, match="holds decisions of people"):
        scored(workbook, classifier)
    again = score_file(out, workbook.with_name("again.xlsx"), classifier=classifier, options=ALL)
    assert again.decided == 1
    assert column(workbook.with_name("again.xlsx"), "Personal", "oc_label", 2) == ["KPO"]


def test_a_sheet_that_cannot_be_scored_leaves_nothing_behind(workbook: Path, classifier: Classifier) -> None:
    with pytest.raises(TaskFileError, match="column 'VZÄ' not found"):
        score_file(
            workbook, workbook.with_name("out.xlsx"), classifier=classifier,
            options=Options(all_sheets=True, columns={"fte": "VZÄ"}),
        )
    assert [path.name for path in workbook.parent.iterdir()] == ["in.xlsx"]


def test_a_folder_that_is_not_there_is_said_and_not_made(workbook: Path, classifier: Classifier) -> None:
    with pytest.raises(TaskFileError, match="the folder does not exist"):
        score_file(workbook, workbook.parent / "new" / "out.xlsx", classifier=classifier, options=ALL)
    assert [path.name for path in workbook.parent.iterdir()] == ["in.xlsx"]


def test_an_edit_on_a_later_sheet_makes_the_output_differ(workbook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(workbook.parent)
    assert CliRunner().invoke(app, ["batch", "in.xlsx", "--all-sheets"]).exit_code == 0
    book = openpyxl.load_workbook("in_scored.xlsx")
    page = book["Personal"]
    names = [cell.value for cell in page[2]]
    page.cell(3, names.index("decision") + 1, "KPO")
    book.save("in_scored.xlsx")
    decided = CliRunner().invoke(app, ["reproduce", "in_scored.xlsx"])
    assert decided.exit_code == 0
    assert "1 row" in decided.output
    page.cell(3, names.index("oc_label") + 1, "KPO")
    book.save("in_scored.xlsx")
    changed = CliRunner().invoke(app, ["reproduce", "in_scored.xlsx"])
    assert changed.exit_code != 0
    assert "oc_label" in changed.output


@pytest.mark.parametrize("chunks", [1, 2, 3])
def test_an_interrupted_run_goes_on_with_the_chunks_of_all_sheets(
    workbook: Path, classifier: Classifier, chunks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("outsourcing_classifier.inventory.CHUNK", 1)
    whole = workbook.with_name("whole.xlsx")
    score_file(workbook, whole, classifier=classifier, options=ALL)
    done: list[int] = []

    def progress(rows: int, _about: int) -> None:
        done.append(rows)
        if len(done) == chunks:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scored(workbook, classifier, progress=progress)
    assert not workbook.with_name("out.xlsx").exists()
    again = scored(workbook, classifier)
    assert sum(sheet.resumed_at for sheet in again.sheets) == chunks
    for sheet in ("Finanzen", "Personal"):
        cells = [
            list(openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True))
            for path in (whole, workbook.with_name("out.xlsx"))
        ]
        assert cells[0] == cells[1]
    assert {path.name for path in workbook.parent.iterdir()} == {"in.xlsx", "out.xlsx", "whole.xlsx"}


@pytest.mark.parametrize(("options", "said"), [
    (["-o", "out.csv"], "ending in .xlsx"), (["--sheet", "Personal"], "for one sheet"),
    (["--parts", "parts.xlsx"], "for one sheet"),
])
def test_what_does_not_go_with_several_sheets_is_said(
    workbook: Path, options: list[str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workbook.parent)
    done = CliRunner().invoke(app, ["batch", "in.xlsx", "--all-sheets", *options])
    assert done.exit_code == 2
    assert said in " ".join(done.output.split())
    assert [path.name for path in workbook.parent.iterdir()] == ["in.xlsx"]


def test_the_summary_tells_of_each_sheet_and_of_all(workbook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(workbook.parent)
    done = CliRunner().invoke(app, ["batch", "in.xlsx", "--all-sheets"])
    assert done.exit_code == 0
    assert [done.output.count(said) for said in ("Blatt 'Finanzen'", "Blatt 'Personal'", "Alle 2 Blätter")] == [1, 1, 1]
    made_again = CliRunner().invoke(app, ["reproduce", "in_scored.xlsx"])
    assert made_again.exit_code == 0
    summary = json.loads(CliRunner().invoke(app, ["batch", "in.xlsx", "--all-sheets", "--json"]).output)
    assert [sheet["rows"] for sheet in summary["sheets"]] == [2, 1]
