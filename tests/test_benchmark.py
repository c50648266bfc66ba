"""The benchmark runs and says what it did. Its figures are no pass marks."""

import json
import sys
from pathlib import Path

import pytest

pytest.importorskip("sklearn")

ROOT = Path(__file__).resolve().parents[1]
RUN = str(ROOT / "benchmarks" / "run.py")
TINY = ("--count", "60", "--repeats", "1", "--starts", "1")
NAMES = {
    "labels_scores_warm", "labels_scores_first_pass", "labels_scores_first_pass_loading", "evidence_warm", "explanation_warm", "floor",
}


@pytest.fixture
def texts(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    import texts

    yield texts
    sys.modules.pop("texts", None)


def test_ratios_of_both_languages_and_the_start(run_python):
    done = run_python(RUN, *TINY, "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert set(result["ratios"]) == {"en", "de"}
    for ratios in result["ratios"].values():
        assert set(ratios) - {"vader"} == NAMES
        assert min(ratios.values()) > 0
    assert result["ran"]["sizes"]["de"]["texts"] == 60
    assert result["start"]["classify_one_per_import_numpy"] > 0
    assert result["start"]["sklearn_imported"] is False


def test_own_file_as_a_table(run_python, tmp_path):
    tasks = [f"Check invoice {number} against the order" for number in range(30)]
    file = tmp_path / "tasks äöü.csv"
    file.write_text("No;Task\n" + "".join(f"{n};{task}\n" for n, task in enumerate(tasks)), "utf-8")
    done = run_python(RUN, *TINY, "--texts", str(file))
    assert done.returncode == 0, done.stderr
    assert "30 distinct" in done.stdout
    assert "labels and scores, warm" in done.stdout
    assert str(tmp_path) not in done.stdout


def test_unknown_column_lists_the_columns(run_python, tmp_path):
    file = tmp_path / "tasks.csv"
    file.write_text("what,who\nx,y\n", "utf-8")
    done = run_python(RUN, "--texts", str(file))
    assert done.returncode != 0
    assert "columns are what, who" in done.stderr


@pytest.mark.parametrize("language", ["en", "de"])
def test_texts_are_distinct_and_the_same_every_time(texts, language):
    first = texts.project_texts(language, 3000)
    assert len(set(first)) == len(first) == 3000
    assert first == texts.project_texts(language, 3000)
    assert all(text.strip() for text in first)


def test_excel_export_with_line_breaks_in_cells(texts, tmp_path):
    file = tmp_path / "export.csv"
    file.write_bytes('Nr;Tätigkeit\r\n1;"Anlegen;\n- sperren"\r\n2;\r\n3;Prüfen\r\n'.encode("cp1252"))
    assert texts.read_tasks(file) == ["Anlegen;\n- sperren", "Prüfen"]
