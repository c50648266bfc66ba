"""Inventories as people keep them: names beside descriptions, hierarchies, context, parts, units, German headings."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from outsourcing_classifier import Classifier, classify
from outsourcing_classifier.cli import app
from outsourcing_classifier.errors import TaskFileError
from outsourcing_classifier.inventory import Options, Summary, score_file
from outsourcing_classifier.review.scored import read_scored
from outsourcing_classifier.settings import INVENTORY_COLUMNS
from outsourcing_classifier.summary import summary_lines

Score = Callable[..., tuple[Summary, list[dict[str, str]]]]
TREE = [
    ("1", "Rechnungswesen", "5"), ("1.1", "Kreditoren", ""), ("1.1.1", "Eingangsrechnungen buchen", "2"),
    ("1.1.2", "Zahlungen buchen", "1,5"), ("1.2", "Abweichungen analysieren", "1"),
]


@pytest.fixture
def score(classifier: Classifier, tmp_path: Path) -> Score:
    def run(
        lines: list[str] | Path, *, out: str = "out.csv", parts: Path | None = None, processes: int = 1, **options: Any
    ) -> tuple[Summary, list[dict[str, str]]]:
        source = lines if isinstance(lines, Path) else tmp_path / "in.csv"
        if not isinstance(lines, Path):
            source.write_text("\n".join(lines) + "\n", "utf-8")
        summary = score_file(
            source, tmp_path / out, classifier=classifier, options=Options.of(options), parts=parts,
            processes=processes,
        )
        return summary, rows_of(tmp_path / out) if out.endswith(".csv") else []

    return run


def rows_of(path: Path, delimiter: str = ";") -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def tree(*, header: str = "Nr;Tätigkeit;VZÄ") -> list[str]:
    return [header, *(";".join(row) for row in TREE)]


def test_a_task_is_read_with_its_name_and_its_description(score: Score) -> None:
    summary, rows = score([
        "Nr;Aufgabe;Beschreibung", "1;Gutachten verfassen;zu Haftungsfragen", "2;Bestellungen anlegen;", "3;;Marktstudien erstellen",
        "4;Rechnungen buchen;Rechnungen buchen nach Checkliste",
    ])
    assert summary.columns["task"] == "Beschreibung"
    assert summary.columns["name"] == "Aufgabe"
    wanted = ["Gutachten verfassen\nzu Haftungsfragen", "Bestellungen anlegen", "Marktstudien erstellen", "Rechnungen buchen nach Checkliste"]
    assert [row["oc_label"] for row in rows] == [classify(text).label or "" for text in wanted]
    assert [row["Aufgabe"] for row in rows] == ["Gutachten verfassen", "Bestellungen anlegen", "", "Rechnungen buchen"]


def test_who_names_the_text_column_gets_this_column_alone(score: Score) -> None:
    summary, rows = score(["Aufgabe;Beschreibung", "Gutachten verfassen;Rechnungen buchen"], columns={"task": "Beschreibung"})
    assert "name" not in summary.columns
    assert rows[0]["oc_label"] == "BPO"


def test_a_decision_finds_a_task_with_a_name_again(score: Score, tmp_path: Path, classifier: Classifier) -> None:
    score(["Aufgabe;Beschreibung", "Gutachten;Gutachten zu Haftungsfragen verfassen", "Ablage;Belege scannen"], out="first.csv")
    rows = rows_of(tmp_path / "first.csv")
    rows[0]["decision"] = "BPO"
    with (tmp_path / "ledger.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    summary = score_file(tmp_path / "in.csv", tmp_path / "again.csv", classifier=Classifier(decisions=tmp_path / "ledger.csv"))
    assert summary.decided == 1
    assert not summary.changed


@pytest.mark.parametrize(("header", "column"), [
    ("Menge", "volume"), ("annual volume", "volume"), ("Häufigkeit", "frequency"), ("Turnus", "frequency"),
    ("Standort", "location"), ("site", "location"), ("Prozesseigner", "owner"), ("process owner", "owner"),
    ("parentid", "parent"), ("Ebene", "level"), ("Kurzbezeichnung", "name"),
])
def test_the_columns_of_an_inventory_are_found_by_their_headers(score: Score, header: str, column: str) -> None:
    summary, _ = score([f"ID;Beschreibung;{header}", "1;Rechnungen buchen;x"])
    assert summary.columns[column] == header
    assert column in INVENTORY_COLUMNS


@pytest.mark.parametrize("kind", ["number", "text", "zero", "parent", "level", "indentation"])
def test_headings_are_neither_classified_nor_counted(score: Score, kind: str) -> None:
    lines = {
        "number": tree(),
        "text": ["Tätigkeit;VZÄ", *(f"{number} {text};{fte}" for number, text, fte in TREE)],
        "zero": ["Nr;Tätigkeit;VZÄ", *(f"{number}.0;{text};{fte}" if number == "1" else f"{number};{text};{fte}" for number, text, fte in TREE)],
        "parent": ["ID;ParentID;Tätigkeit;VZÄ", *(
            f"A{number};{'A' + number.rpartition('.')[0] if '.' in number else ''};{text};{fte}" for number, text, fte in TREE
        )],
        "level": ["Ebene;Tätigkeit;VZÄ", *(f"{number.count('.') + 1};{text};{fte}" for number, text, fte in TREE)],
        "indentation": ["Tätigkeit;VZÄ", *(f"{'   ' * number.count('.')}{text};{fte}" for number, text, fte in TREE)],
    }[kind]
    summary, rows = score(lines)
    assert [row["oc_status"] for row in rows] == ["heading", "heading", "ok", "ok", "ok"]
    assert [row["oc_label"] for row in rows] == ["", "", "BPO", "BPO", "KPO"]
    assert summary.headings == 2
    assert sum(entry["rows"] for entry in summary.by_label.values()) == 3
    assert sum(entry["fte"] for entry in summary.by_label.values()) == 4.5
    assert summary.unequal == [[2, "fte", 5.0, 4.5]]


def test_a_heading_whose_figure_is_the_sum_of_its_rows_is_not_reported(score: Score) -> None:
    summary, _ = score([line.replace(";5", ";4,5") for line in tree()])
    assert summary.headings == 2
    assert not summary.unequal


def test_the_summary_names_headings_that_do_not_add_up(score: Score, classifier: Classifier) -> None:
    summary, _ = score(tree())
    said = "\n".join(summary_lines(summary, classifier))
    assert "2 Zeilen sind Überschriften anderer (nach der Nummerierung)" in said
    assert "Zeile 2, VZÄ 5,0 statt 4,5" in said


def test_flat_takes_every_row_as_a_task(score: Score) -> None:
    summary, rows = score(tree(), flat=True)
    assert summary.headings == 0
    assert rows[0]["oc_status"] != "heading"


@pytest.mark.parametrize("lines", [
    ["Nr;Tätigkeit", "1;Rechnungen buchen", "2;Gutachten verfassen", "10;Belege scannen"],
    ["Nr;Ebene;Tätigkeit", "1;3;Rechnungen buchen", "2;1;Gutachten verfassen", "3;3;Belege scannen"],  # grades of support
    ["Tätigkeit", "Rechnungen buchen", "  Gutachten verfassen", *["Belege scannen"] * 8],  # a slip of a key
    ["ID;ParentID;Tätigkeit", "1;1;Rechnungen buchen", "2;;Gutachten verfassen"],  # its own parent
])
def test_what_is_no_hierarchy_is_not_read_as_one(score: Score, lines: list[str]) -> None:
    summary, _ = score(lines)
    assert summary.headings == 0
    assert summary.hierarchy == ""


def test_rows_that_stand_above_each_other_in_a_circle_stay_tasks(score: Score) -> None:
    summary, rows = score(["ID;ParentID;Tätigkeit", "1;2;Rechnungen buchen", "2;1;Gutachten verfassen", "3;2;Belege scannen"])
    assert [row["oc_status"] for row in rows].count("heading") == summary.headings <= 1 + 1
    assert rows[2]["oc_label"] == "BPO"


def test_a_person_may_decide_a_heading(score: Score) -> None:
    _, rows = score(["Nr;Tätigkeit;oc_label;decision", "1;Rechnungswesen;;BPO", "1.1;Gutachten verfassen;;"])
    assert [row["oc_decided_by"] for row in rows] == ["person", "balance"]


def test_indented_cells_of_a_workbook_are_a_hierarchy(score: Score, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    from openpyxl.styles import Alignment

    book = openpyxl.Workbook()
    page = book.active
    page.append(["Tätigkeit", "VZÄ"])
    for number, text, _ in TREE:
        page.append([text, 1])
        page.cell(page.max_row, 1).alignment = Alignment(indent=number.count("."))
    book.save(tmp_path / "in.xlsx")
    summary, _ = score(tmp_path / "in.xlsx", out="out.xlsx")
    assert (summary.hierarchy, summary.headings) == ("indentation", 2)
    found = read_scored(tmp_path / "out.xlsx")
    assert found.statuses == ("heading", "heading", "ok", "ok", "ok")


def test_headings_are_the_same_with_several_processes(score: Score) -> None:
    lines = ["Nr;Tätigkeit", *(f"{group}{end};Rechnung {group} buchen" for group in range(1, 2500) for end in ("", ".1"))]
    one, _ = score(lines, out="one.csv")
    two, rows = score(lines, out="two.csv", processes=2)
    assert one.headings == two.headings == 2499
    assert [row["oc_status"] for row in rows[:2]] == ["heading", "ok"]


def test_context_is_read_for_short_tasks_only_and_never_overrules_their_words(score: Score) -> None:
    lines = [
        "Prozess;Tätigkeit", "Finanzen > Kreditorenbuchhaltung;Sonstiges", "Marktforschung;Sonstiges",
        "Marktforschung;Rechnungen buchen", "Marktforschung;Sonstiges und alles übrige was so anfällt", ";Sonstiges",
    ]
    columns = {"task": "Tätigkeit"}
    _, without = score(lines, columns=columns)
    _, rows = score(lines, columns=columns, context=["Prozess"])
    assert [row["oc_label"] for row in without] == ["", "", "BPO", "", ""]
    assert [row["oc_label"] for row in rows] == ["BPO", "KPO", "BPO", "", ""]
    assert rows[0]["oc_review"] == rows[1]["oc_review"] == "yes"
    assert rows[0]["Tätigkeit"] == "Sonstiges"


def test_a_context_column_that_is_not_there_is_named(score: Score) -> None:
    with pytest.raises(TaskFileError, match=r"column 'Pfad' not found.*--context"):
        score(["Tätigkeit", "Rechnungen buchen"], context=["Pfad"])


MIXED = "Belege scannen und Gutachten zu Haftungsfragen verfassen"


def test_parts_of_mixed_rows_stand_beside_them(score: Score) -> None:
    _, rows = score(["Tätigkeit", MIXED, "Rechnungen buchen"])
    assert rows[0]["oc_status"] == "mixed"
    assert rows[0]["oc_parts"] == (
        "BPO: Belege scannen | KPO: Gutachten zu Haftungsfragen verfassen"
    )
    assert rows[1]["oc_parts"] == ""


@pytest.mark.parametrize("name", ["parts.csv", "parts.xlsx"])
def test_shares_that_people_fill_in_split_fte_and_cost(score: Score, tmp_path: Path, name: str, classifier: Classifier) -> None:
    lines, parts = ["Nr;Tätigkeit;VZÄ;Kosten", f"1;{MIXED};2,0;100.000", "2;Rechnungen buchen;1;50.000"], tmp_path / name
    summary, _ = score(lines, parts=parts)
    assert summary.split == 0
    assert summary.by_label["mixed"]["fte"] == 2
    filled(parts, {"BPO": "30 %", "KPO": "70 %"})
    summary, _ = score(lines, parts=parts)
    assert (summary.split, summary.wrong_shares) == (1, [])
    assert {label: round(entry["fte"], 6) for label, entry in summary.by_label.items()} == {"mixed": 0, "BPO": 1.6, "KPO": 1.4}
    assert round(summary.by_label["KPO"]["cost"]) == 70_000
    assert sum(entry["rows"] for entry in summary.by_label.values()) == 2
    again, _ = score(lines, parts=parts)
    assert again.by_label == summary.by_label  # what people wrote is still there


@pytest.mark.parametrize("name", ["parts.csv", "parts.xlsx"])
def test_shares_that_do_not_add_up_are_named_and_split_nothing(score: Score, tmp_path: Path, name: str, classifier: Classifier) -> None:
    lines = ["Nr;Tätigkeit;VZÄ", f"1;{MIXED};2,0"]
    score(lines, parts=tmp_path / name)
    filled(tmp_path / name, {"BPO": "30", "KPO": "50"})
    summary, _ = score(lines, parts=tmp_path / name)
    assert summary.split == 0
    assert summary.by_label["mixed"]["fte"] == 2
    assert "ergeben die Anteile nicht 100 %" in "\n".join(summary_lines(summary, classifier))
    assert summary.wrong_shares == ["2 (80 %)"]


def filled(path: Path, shares: dict[str, str]) -> None:
    """Fill in the shares as a person would."""
    if path.suffix == ".csv":
        rows = rows_of(path)
        for row in rows:
            row["Anteil (bitte eintragen)"] = shares[row["Ergebnis"]]
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
            writer.writeheader()
            writer.writerows(rows)
        return
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(path)
    names = [cell.value for cell in book.active[1]]
    for row in book.active.iter_rows(min_row=2):
        row[names.index("Anteil (bitte eintragen)")].value = shares[row[names.index("Ergebnis")].value]
    book.save(path)


@pytest.mark.parametrize(("old", "new", "said"), [
    (";BPO;", ";halb;", "row 2, column 'Ergebnis'"), ("BPO;;", "BPO;viel;", "row 2, share: 'viel'"), ("Teil;", "Stück;", "part is missing"),
])
def test_a_sheet_of_parts_that_cannot_be_read_is_refused(score: Score, tmp_path: Path, old: str, new: str, said: str) -> None:
    lines, parts = ["Nr;Tätigkeit;VZÄ", f"1;{MIXED};2,0"], tmp_path / "parts.csv"
    score(lines, parts=parts)
    text = parts.read_text("utf-8-sig")
    assert old in text
    parts.write_text(text.replace(old, new, 1), "utf-8-sig")
    (tmp_path / "out.csv").unlink()
    with pytest.raises(TaskFileError, match=said.replace("(", r"\(")):
        score(lines, parts=parts)
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("place", ["no such folder/parts.xlsx", "in.csv", "out.csv", "."])
def test_a_sheet_of_parts_that_cannot_be_written_leaves_no_output(score: Score, tmp_path: Path, place: str) -> None:
    with pytest.raises(TaskFileError):
        score(["Nr;Tätigkeit;VZÄ", f"1;{MIXED};2,0"], parts=tmp_path / place)
    assert {path.name for path in tmp_path.iterdir()} == {"in.csv"}


def test_lines_of_a_role_description_get_shares(score: Score) -> None:
    text = '"- Eingangsrechnungen buchen\n- Belege scannen\n- Ursachen von Abweichungen analysieren\n- Sonstiges"'
    summary, rows = score(["Stelle;Beschreibung", f"A;{text}", "B;Rechnungen buchen"], unit="line")
    assert (rows[0]["oc_units"], rows[0]["oc_units_labelled"]) == ("4", "3")
    assert (rows[0]["oc_share_bpo"], rows[0]["oc_share_kpo"]) == ("0,6667", "0,3333")
    assert rows[1]["oc_share_bpo"] == "1"
    assert (summary.units, summary.units_bpo, summary.units_kpo) == (5, 3, 1)


def test_sentences_end_where_a_reader_ends_them(score: Score) -> None:
    text = "Bucht ca. 500 Rechnungen nach Checkliste. Analysiert Ursachen von Abweichungen, z. B. im Einkauf!"
    _, rows = score(["Beschreibung", text], unit="sentence")
    assert (rows[0]["oc_units"], rows[0]["oc_share_bpo"], rows[0]["oc_share_kpo"]) == ("2", "0.5", "0.5")


def test_without_a_unit_no_shares_are_written(score: Score) -> None:
    _, rows = score(["Beschreibung", "Rechnungen buchen"])
    assert "oc_units" not in rows[0]


def test_a_german_excel_gets_german_names_values_and_numbers(score: Score, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("task,fte\nType lists from paper,0.5\nDevelop a market strategy,1.5\n", "utf-8")
    _, rows = score(tmp_path / "in.csv", excel_de=True)
    content = (tmp_path / "out.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbftask;fte;oc_Ergebnis;oc_Status;oc_Sicherheit;")
    assert b"\r\n" in content
    assert [row["oc_Ergebnis"] for row in rows] == ["BPO", "KPO"]
    assert {row["oc_Prüfen"] for row in rows} <= {"ja", "nein"}
    assert "," in rows[0]["oc_Wahrscheinlichkeit"]
    assert "Sicherheit" in rows[0]["oc_Begründung"]
    assert rows[0]["oc_Treiber"] == ""


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".jsonl", ".parquet"])
def test_german_headings_are_read_back_and_kept(score: Score, tmp_path: Path, suffix: str) -> None:
    pytest.importorskip({".xlsx": "openpyxl", ".parquet": "pyarrow"}.get(suffix, "csv"))
    lines = ["Nr;Tätigkeit;VZÄ", "1;Rechnungen buchen;1", "2;Sonstiges;2", "3;Gutachten verfassen;1"]
    first, _ = score(lines, out=f"first{suffix}", headings="de")
    again, _ = score(tmp_path / f"first{suffix}", out=f"again{suffix}")
    plain, _ = score(tmp_path / f"first{suffix}", out="plain.csv", headings="en")
    assert again.by_label == first.by_label == plain.by_label
    assert again.headings_in == "de"
    if suffix in (".csv", ".xlsx"):
        old, new = (read_scored(tmp_path / f"{name}{suffix}") for name in ("first", "again"))
        assert old.statuses == new.statuses == ("ok", "insufficient", "ok")
        assert old.review.tolist() == new.review.tolist()
        assert list(old.table.header) == list(new.table.header)
    header = (tmp_path / "plain.csv").read_text("utf-8-sig").splitlines()[0]
    assert "oc_label" in header
    assert "oc_Ergebnis" not in header


def test_a_decision_in_a_german_file_holds(score: Score, tmp_path: Path) -> None:
    score(["Nr;Tätigkeit", "1;Rechnungen buchen"], out="first.csv", headings="de")
    rows = rows_of(tmp_path / "first.csv")
    rows[0]["Entscheidung"] = "nicht im Umfang"
    with (tmp_path / "decided.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    summary, found = score(tmp_path / "decided.csv")
    assert summary.decided == 1
    assert found[0]["oc_Status"] == "nicht im Umfang"
    assert found[0]["oc_Entschieden_durch"] == "Mensch"


def test_a_column_of_the_owner_called_entscheidung_stays_his(score: Score) -> None:
    summary, rows = score(["Tätigkeit;Entscheidung", "Rechnungen buchen;Vorstand"])
    assert rows[0]["Entscheidung"] == "Vorstand"
    assert rows[0]["decision"] == ""
    assert not summary.unknown_decisions


@pytest.mark.parametrize("options", [
    ["--excel-de", "--unit", "line"], ["--headings", "de", "--flat"], ["--context", "Abteilung"], ["--parts", "parts.csv"],
])
def test_what_was_made_with_options_is_made_again_with_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = ["Nr;Abteilung;Tätigkeit", "1;Einkauf;Sonstiges", f"1.1;Einkauf;{MIXED}", "2;Einkauf;Rechnungen buchen"]
    Path("in.csv").write_text("\n".join(lines) + "\n", "utf-8")
    runner = CliRunner()
    assert runner.invoke(app, ["batch", "in.csv", "-o", "out.csv", *options]).exit_code == 0
    again = runner.invoke(app, ["reproduce", "out.csv"])
    assert again.exit_code == 0, again.output
    assert "equal" in again.output or "gleich" in again.output


@pytest.mark.parametrize(("options", "said"), [
    (["--unit", "page"], "text, line, sentence"), (["--headings", "fr"], "en, de"), (["--context", "X"], "'X' not found"),
])
def test_options_that_do_not_exist_list_what_does(tmp_path: Path, options: list[str], said: str) -> None:
    (tmp_path / "in.csv").write_text("task\ntype lists\n", "utf-8")
    done = CliRunner().invoke(app, ["batch", str(tmp_path / "in.csv"), *options])
    assert done.exit_code == 2
    assert said in done.output
    assert len(list(tmp_path.iterdir())) == 1


def test_sheets_are_scored_one_after_the_other(score: Score, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for number, (title, task) in enumerate([("A", "Rechnungen buchen"), ("B", "Gutachten verfassen")]):
        page = book.create_sheet(title, number)
        page.append(["Tätigkeit"])
        page.append([task])
    book.save(tmp_path / "in.xlsx")
    first, _ = score(tmp_path / "in.xlsx", out="first.xlsx")
    assert any("more sheets with tasks" in note and "'B'" in note for note in first.notes)
    score(tmp_path / "first.xlsx", out="both.xlsx", sheet="B")
    both = openpyxl.load_workbook(tmp_path / "both.xlsx")
    assert [both[name]["B2"].value for name in ("A", "B")] == ["BPO", "KPO"]
