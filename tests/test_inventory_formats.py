"""The same rows in every format: what a planner's spreadsheet, a researcher's lines and a vendor's columns give."""

import csv
import json
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from outsourcing_classifier import Classifier, TaskFileError
from outsourcing_classifier.files.json_lines import JsonLinesSource
from outsourcing_classifier.inventory import Options, Summary, score_file

ROWS = [
    {"nr": 1, "task": "Enter supplier invoices", "fte": 0.5}, {"nr": 2, "task": "Advise the board on the takeover", "fte": 2.0},
    {"nr": 3, "task": None, "fte": None}, {"nr": 4, "task": "Prüfberichte – auswerten\n„zweite Zeile“", "fte": 1.25},
]
WRITTEN = ("csv", "tsv", "jsonl", "parquet", "xlsx")


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    names = list(rows[0])
    if path.suffix in (".csv", ".tsv"):
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names, delimiter="\t" if path.suffix == ".tsv" else ";")
            writer.writeheader()
            writer.writerows(rows)
    elif path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    elif path.suffix == ".parquet":
        arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
        parquet.write_table(arrow.Table.from_pylist(rows), path)
    else:
        book = pytest.importorskip("openpyxl").Workbook()
        for line in (names, *(list(row.values()) for row in rows)):
            book.active.append(line)
        book.save(path)
    return path


def read(path: Path) -> list[dict[str, Any]]:
    if path.suffix in (".csv", ".tsv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file, delimiter="\t" if path.suffix == ".tsv" else ";"))
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    if path.suffix == ".parquet":
        rows: list[dict[str, Any]] = pytest.importorskip("pyarrow.parquet").read_table(path).to_pylist()
        return rows
    header, *lines = pytest.importorskip("openpyxl").load_workbook(path).active.iter_rows(values_only=True)
    return [dict(zip(header, line, strict=True)) for line in lines]


@pytest.fixture
def score(classifier: Classifier) -> Callable[..., Summary]:
    def run(source: Path, target: Path, **options: Any) -> Summary:
        how = Options.of({name: options.pop(name) for name in Options.__dataclass_fields__ if name in options})
        return score_file(source, target, classifier=classifier, options=how, **options)

    return run


@pytest.mark.parametrize(("given", "wanted"), list(product(WRITTEN, WRITTEN)))
def test_every_format_goes_in_and_out_with_the_same_answers(
    tmp_path: Path, score: Callable[..., Summary], classifier: Classifier, given: str, wanted: str
) -> None:
    source = write(tmp_path / f"in.{given}", ROWS)
    summary = score(source, tmp_path / f"out.{wanted}")
    found = read(tmp_path / f"out.{wanted}")
    answers = classifier.classify_many([row["task"] or "" for row in ROWS], explain_in=summary.language)
    assert [row["oc_label"] or None for row in found] == answers.label
    assert [row["oc_status"] for row in found] == answers.status
    assert [row["oc_reason"] for row in found] == answers.reason
    assert [(row["task"] or "").replace("\r\n", "\n") for row in found] == [row["task"] or "" for row in ROWS]
    assert summary.rows == 4
    assert sum(entry["fte"] for entry in summary.by_label.values()) == 3.75
    if wanted in ("jsonl", "parquet", "xlsx"):
        focus = [row["oc_focus"] for row in found]
        assert [None if value is None else float(value) for value in focus] == [
            round(float(score), 3) if said else None
            for score, said in zip(answers.scores[:, 0], answers.stated[:, 0], strict=True)
        ]


def test_objects_keep_their_own_keys_and_get_ours(tmp_path: Path, score: Callable[..., Summary]) -> None:
    lines = ['{"task": "Sort letters", "tags": ["a", "b"]}', '{"nested": {"x": null}, "task": "Draft expert opinions"}']
    (tmp_path / "in.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    score(tmp_path / "in.jsonl", tmp_path / "out.jsonl", keep=["oc_label"])
    first, second = read(tmp_path / "out.jsonl")
    assert first == {
        "task": "Sort letters", "tags": ["a", "b"], "oc_label": "BPO", "decision": None, "decision_reason": None,
        "decision_by": None, "decision_date": None,
    }
    assert second["nested"] == {"x": None}
    assert "tags" not in second


@pytest.mark.parametrize("line", ["{broken", "[1, 2]", '"text"', "NaN", "[" * 100_000])
def test_a_line_that_is_no_object_is_an_unreadable_row_in_its_place(
    tmp_path: Path, score: Callable[..., Summary], line: str
) -> None:
    (tmp_path / "in.jsonl").write_text(f'{{"task": "Sort letters"}}\n{line}\n\n{{"task": "File letters"}}\n', "utf-8")
    summary = score(tmp_path / "in.jsonl", tmp_path / "out.jsonl")
    assert summary.unreadable == [2]
    found = read(tmp_path / "out.jsonl")
    assert [row["oc_status"] for row in found] == ["ok", "unreadable", "ok"]
    assert found[1]["unreadable"] == line


def test_a_file_without_any_object_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text("[]\n", "utf-8")
    with pytest.raises(TaskFileError, match=r"in\.jsonl: no line is a JSON object"):
        JsonLinesSource(tmp_path / "in.jsonl")


def test_columns_of_parquet_keep_their_types(tmp_path: Path, score: Callable[..., Summary]) -> None:
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    table = arrow.table({"task": ["Sort letters"], "day": arrow.array([0], arrow.date32()), "list": [[1, 2]]})
    parquet.write_table(table, tmp_path / "in.parquet")
    score(tmp_path / "in.parquet", tmp_path / "out.parquet")
    schema = parquet.read_schema(tmp_path / "out.parquet")
    assert [schema.field(name).type for name in table.schema.names] == table.schema.types
    assert (schema.field("oc_label").type, schema.field("oc_focus").type) == (arrow.string(), arrow.float64())


def test_a_damaged_parquet_file_is_one_sentence_with_the_remedy(tmp_path: Path, score: Callable[..., Summary]) -> None:
    pytest.importorskip("pyarrow")
    (tmp_path / "in.parquet").write_bytes(b"PAR1 no such thing PAR1")
    with pytest.raises(TaskFileError, match="no readable Parquet file"):
        score(tmp_path / "in.parquet", tmp_path / "out.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["in.parquet"]
