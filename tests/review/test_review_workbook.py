"""`review SCORED`: the workbook for people."""

import tomllib
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

import outsourcing_classifier.review.draw as drawing
from outsourcing_classifier.cli import app
from outsourcing_classifier.decisions import KINDS, decision_kind
from outsourcing_classifier.errors import TaskFileError
from outsourcing_classifier.review import REVIEW_MARK, is_review_list
from outsourcing_classifier.review.draw import draw

COLUMNS = [
    "id", "department", "task", "fte", "cost", "oc_label", "oc_status", "oc_review", "oc_probability", "oc_reason",
    "oc_question", "oc_version",
]
TASKS = [
    ("Finance", "Monitor supplier contracts", "BPO"), ("Finance", "Monitor lease contracts", "BPO"),
    ("Legal", "Monitor insurance contracts", "BPO"), ("Legal", "=Draft a speech", "KPO"),
    ("Legal / EU", "Translate a manual", "BPO"),
]


def scored_rows(tasks=TASKS, question="Who decides unclear cases: a rule, or the person doing the work?"):
    return [
        [f"A-{i}", department, task, "0,5", "77123", label, "ok", "yes", "0,6", "because", question, "0/0/0"]
        for i, (department, task, label) in enumerate(tasks)
    ]


@pytest.fixture
def scored(write):
    return write(scored_rows(), COLUMNS, "inventory_scored.csv")


def texts_in(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def test_the_first_sheet_shows_families_with_cue_examples_question_and_drop_down(scored, classifier, tmp_path):
    draw(scored, tmp_path / "review.xlsx", classifier=classifier)
    book = load_workbook(tmp_path / "review.xlsx")
    assert book.sheetnames == ["Families", "Single rows", "Rows of families", "oc_rows"]
    assert [page.sheet_state for page in book] == ["visible"] * 3 + ["veryHidden"]
    page = book["Families"]
    head = next(row[0].row for row in page.iter_rows() if row[0].value == "No.")
    names = [cell.value for cell in page[head]]
    line = dict(zip(names, (cell.value for cell in page[head + 1]), strict=True))
    assert (line["No."], line["Rows"], line["FTE"], line["Cost"], line["Proposal"]) == ("F1", 3, 1.5, 231369, "BPO")
    assert line["What decides"].startswith("“monitor” as action")
    assert line["Examples"].splitlines() == [
        "• Monitor supplier contracts", "• Monitor lease contracts", "• Monitor insurance contracts",
    ]
    assert line["Open question"].startswith("Who decides")
    assert line["Settles up to here"] == "1 decision: 60\u00a0%"
    choices = page.data_validations.dataValidation[0]
    assert choices.formula1 == '"BPO,KPO,split,out of scope,unclear"'
    assert f"{page.cell(head + 1, names.index('Decision') + 1).coordinate}" in str(choices.sqref)


def test_how_to_fill_it_in_and_how_long_it_takes_stands_above_the_lines(scored, classifier, tmp_path):
    lines = draw(scored, tmp_path / "review.xlsx", classifier=classifier)
    text = "\n".join(str(row[0]) for row in load_workbook(tmp_path / "review.xlsx")["Families"].values)
    assert "choose in the yellow column" in text
    assert "90 seconds for a family and 45 seconds for a row: about 3 minutes" in text
    assert "3 decisions settle 100\u00a0% of the uncertain FTE (2.5 of 2.5)" in lines[0]
    assert lines[-1].startswith("Next: have it filled in, then  outsourcing-classifier review read")


def test_texts_never_become_formulas(scored, classifier, tmp_path):
    draw(scored, tmp_path / "review.xlsx", classifier=classifier)
    cells = [c for page in load_workbook(tmp_path / "review.xlsx") for row in page.iter_rows() for c in row]
    assert any(cell.value == "=Draft a speech" for cell in cells)
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_the_workbook_is_marked_and_has_the_same_bytes_twice(scored, classifier, tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        draw(scored, tmp_path / name, classifier=classifier)
    assert load_workbook(tmp_path / "a.xlsx").properties.category == REVIEW_MARK
    assert is_review_list(tmp_path / "a.xlsx")
    assert not is_review_list(scored)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_it_speaks_the_language_and_the_wording_of_the_file(write, classifier, tmp_path):
    question = "Was wird getan, und womit?"
    rows = [[*row[:5], "Wissensarbeit" if row[5] == "KPO" else "Transaktionsarbeit", *row[6:]] for row in scored_rows(question=question)]
    draw(write(rows, COLUMNS), tmp_path / "review.xlsx", classifier=classifier)
    book = load_workbook(tmp_path / "review.xlsx")
    assert book.sheetnames[:3] == ["Familien", "Einzelne Zeilen", "Zeilen der Familien"]
    text = texts_in(tmp_path / "review.xlsx")
    assert "Transaktionsarbeit,Wissensarbeit,teilen,nicht im Umfang,unklar" in text
    assert "BPO" not in "\n".join(str(cell) for page in book.worksheets[:3] for row in page.values for cell in row)


def test_a_department_gets_its_own_rows_without_cost(scored, classifier, tmp_path):
    draw(scored, tmp_path / "out", classifier=classifier, by_department=True)
    files = sorted((tmp_path / "out").iterdir())
    assert [path.name for path in files] == ["Finance.xlsx", "Legal _ EU.xlsx", "Legal.xlsx"]
    for path in files:
        own = {task for department, task, _ in TASKS if department.replace("/", "_") == path.stem}
        text = texts_in(path)
        assert all(task in text for task in own)
        assert not [task for _, task, _ in TASKS if task not in own and task in text]
        assert "77123" not in text
        assert "Cost" not in text


def test_departments_whose_file_names_would_be_equal_keep_apart(write, classifier, tmp_path):
    tasks = [("A/B", "Draft a speech", "KPO"), ("A:B", "Translate a manual", "KPO"), ("", "Design a pump", "KPO")]
    draw(write(scored_rows(tasks), COLUMNS), tmp_path / "out", classifier=classifier, by_department=True)
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["A_B 2.xlsx", "A_B.xlsx", "without department.xlsx"]


def test_without_departments_it_says_so(write, classifier, tmp_path):
    rows = [[*row[:1], "", *row[2:]] for row in scored_rows()]
    with pytest.raises(TaskFileError, match="no column with departments"):
        draw(write(rows, COLUMNS), tmp_path / "out", classifier=classifier, by_department=True)
    assert not (tmp_path / "out").exists()


def test_all_workbooks_are_written_or_none(scored, classifier, tmp_path, monkeypatch):
    saved = drawing.save_review

    def full(book, path):
        if "Legal" in path.name:
            raise OSError(28, "No space left on device")
        saved(book, path)

    monkeypatch.setattr(drawing, "save_review", full)
    with pytest.raises(TaskFileError, match="disk is full"):
        draw(scored, tmp_path / "out", classifier=classifier, by_department=True)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_workbook_with_decisions_and_other_files_are_left_as_they_are(scored, classifier, tmp_path):
    target = tmp_path / "review.xlsx"
    draw(scored, target, classifier=classifier)
    draw(scored, target, classifier=classifier)  # nothing decided yet: drawn anew
    book = load_workbook(target)
    page = book["Families"]
    head = next(row[0].row for row in page.iter_rows() if row[0].value == "No.")
    page.cell(head + 1, [cell.value for cell in page[head]].index("Decision") + 1).value = "KPO?"
    book.save(target)
    before = target.read_bytes()
    with pytest.raises(TaskFileError, match="holds decisions of people"):
        draw(scored, target, classifier=classifier)
    assert target.read_bytes() == before
    other = tmp_path / "plan.xlsx"
    other.write_bytes(b"mine")
    with pytest.raises(TaskFileError, match="no review list"):
        draw(scored, other, classifier=classifier)
    with pytest.raises(TaskFileError, match=r"written as \.xlsx"):
        draw(scored, tmp_path / "review.csv", classifier=classifier)


def test_nothing_for_review_is_said_and_nothing_written(write, classifier, tmp_path):
    source = write([[*row[:7], "no", *row[8:]] for row in scored_rows()], COLUMNS)
    with pytest.raises(TaskFileError, match="no row is for review"):
        draw(source, tmp_path / "review.xlsx", classifier=classifier)
    assert not (tmp_path / "review.xlsx").exists()


def test_another_version_of_model_or_words_is_said(scored, classifier, tmp_path):
    lines = draw(scored, tmp_path / "review.xlsx", classifier=classifier)
    assert any("scored with 0/0/0" in line for line in lines)


def test_a_file_scored_without_question_and_reason_gets_them_again(write, classifier, tmp_path):
    rows = [row[:9] for row in scored_rows()]
    draw(write(rows, COLUMNS[:9]), tmp_path / "review.xlsx", classifier=classifier)
    lines = list(load_workbook(tmp_path / "review.xlsx")["Single rows"].values)
    names = next(row for row in lines if row[0] == "No.")
    assert all(row[names.index("Open question")] and row[names.index("Why")] for row in lines if str(row[0])[0] == "R")


def test_minutes_are_named_on_the_sheet_and_the_command_line_cuts(scored, tmp_path):
    done = CliRunner().invoke(app, ["review", str(scored), "-o", str(tmp_path / "r.xlsx"), "--minutes", "2"])
    assert done.exit_code == 0, done.output
    assert "families: 1, single rows: 0" in done.output
    assert "left out are families: 0, single rows: 2" in texts_in(tmp_path / "r.xlsx")


@pytest.mark.parametrize(("arguments", "said"), [
    (["--by", "site"], "offered is department"), (["--wording", "x"], "offered are outsourcing"),
])
def test_options_that_are_not_offered_are_named(scored, arguments, said):
    done = CliRunner().invoke(app, ["review", str(scored), *arguments])
    assert (done.exit_code, said in done.output) == (2, True)


def test_an_inventory_that_was_not_scored_is_refused_with_the_way_out(write):
    done = CliRunner().invoke(app, ["review", str(write([["Draft a speech"]], ["task"]))])
    assert (done.exit_code, "outsourcing-classifier batch" in done.output) == (2, True)


TEXTS = tomllib.loads((Path(drawing.__file__).parent / "texts.toml").read_text("utf-8"))


def shape(table):
    return {name: shape(value) if isinstance(value, dict) else type(value) for name, value in table.items()}


def test_both_languages_have_the_same_texts():
    assert shape(TEXTS["en"]) == shape(TEXTS["de"])


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("wording", ["outsourcing", "shared-service"])
def test_every_word_of_a_drop_down_is_read_back(language, wording):
    assert tuple(map(decision_kind, TEXTS[language]["choices"][wording])) == KINDS


@pytest.mark.parametrize("word", ["simple", "low-", "unskilled", "einfach", "gering", "niedrig", "expert", "outsourc"])
def test_no_text_judges_work_or_people(word):
    text = str(TEXTS).lower().replace("outsourcing-classifier", "").replace("'outsourcing'", "")
    assert word not in text
