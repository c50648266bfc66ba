"""The command line: what it prints, where, and its exit codes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner, Result

from outsourcing_classifier import Classification, classify
from outsourcing_classifier.cli import app

if TYPE_CHECKING:
    import subprocess

INVENTORY = "Nr;Aufgabe;VZÄ\n1;Adressen abtippen;0,5\n2;Eine Preisstrategie entwickeln;1\n3;;\n"


@pytest.fixture
def run() -> Callable[..., Result]:
    def call(*arguments: str | Path, stdin: str | None = None) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)

    return call


@pytest.fixture
def inventory(tmp_path: Path) -> Path:
    path = tmp_path / "in put ä.csv"
    path.write_text(INVENTORY, "utf-8")
    return path


def one_sentence(result: Result) -> str:
    """The complaint of a run that failed: on standard error, no traceback, nothing on standard output."""
    assert result.exit_code == 2
    assert result.stdout == ""
    text = result.stderr.strip()
    assert text
    assert "Traceback" not in text
    assert len(text.splitlines()) == 1
    return text


def test_classify_explains_its_argument(run: Callable[..., Result]) -> None:
    result = run("classify", "Adressen abtippen")
    assert result.exit_code == 0
    assert classify("Adressen abtippen").explanation in result.stdout


def test_classify_reads_one_task_a_line_from_standard_input(run: Callable[..., Result]) -> None:
    result = run("classify", "--json", stdin="Adressen abtippen\n\nDevelop a pricing strategy\n")
    assert result.exit_code == 0
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert "Adressen abtippen" in [line["text"] for line in lines]
    assert "Develop a pricing strategy" in [line["text"] for line in lines]


def test_json_is_the_result_itself(run: Callable[..., Result]) -> None:
    result = run("classify", "Adressen abtippen", "--json")
    assert Classification.from_dict(json.loads(result.stdout)) == classify("Adressen abtippen")


def test_classify_takes_language_wording_and_assume_task(run: Callable[..., Result]) -> None:
    data = json.loads(run("classify", "Support", "--assume-task", "--json").stdout)
    assert data["status"] == "ok"
    assert "Wissensarbeit" in run("classify", "Eine Preisstrategie entwickeln", "--wording", "shared-service").stdout
    data = json.loads(run("classify", "Adressen abtippen", "--explain-in", "en", "--json").stdout)
    assert "not stated" in data["explanation"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["classify", "x", "--language", "fr"], ["classify", "x", "--wording", "friendly"],
        ["classify", "x", "--model", "none.json"], ["classify", "x", "--lexicon", "none.tsv"],
        ["batch", "none.csv"], ["batch", "none.xlsx"], ["batch", "none.pdf"],
    ],
)
def test_an_error_is_one_sentence_on_standard_error_and_code_2(run: Callable[..., Result], arguments: list[str]) -> None:
    one_sentence(run(*arguments))


def test_batch_writes_beside_the_input_and_ends_with_the_next_step(run: Callable[..., Result], inventory: Path) -> None:
    result = run("batch", inventory)
    assert result.exit_code == 0
    target = inventory.with_name("in put ä_scored.csv")
    assert target.exists()
    assert result.stdout.strip().splitlines()[-1].startswith("Weiter:")
    assert "Adressen abtippen" not in result.stdout
    assert "\x1b" not in result.stdout


def test_batch_writes_where_it_is_told_and_speaks_the_language_asked_for(run: Callable[..., Result], inventory: Path) -> None:
    target = inventory.with_name("out.xlsx")
    result = run("batch", inventory, "-o", target, "--explain-in", "en")
    assert result.exit_code == 0
    assert target.exists()
    assert "Next:" in result.stdout
    assert "semicolon" in result.stdout


def test_batch_gives_its_summary_as_json(run: Callable[..., Result], inventory: Path) -> None:
    data = json.loads(run("batch", inventory, "--json").stdout)
    assert data["rows"] == 3
    assert data["columns"]["task"] == "Aufgabe"
    assert data["by_label"]["BPO"] == {"rows": 1, "fte": 0.5, "cost": 0.0}


def test_batch_refuses_its_input_as_output(run: Callable[..., Result], inventory: Path) -> None:
    text = one_sentence(run("batch", inventory, "-o", inventory))
    assert "in put ä_scored.csv" in text
    assert inventory.read_text("utf-8") == INVENTORY


def test_batch_lists_the_columns_where_one_is_not_found(run: Callable[..., Result], inventory: Path) -> None:
    text = one_sentence(run("batch", inventory, "--text-column", "Tasks done"))
    for word in ("Tasks done", "Aufgabe", "VZÄ", "--text-column"):
        assert word in text


def test_batch_lists_our_columns_where_one_is_not_known(run: Callable[..., Result], inventory: Path) -> None:
    assert "oc_label" in one_sentence(run("batch", inventory, "--columns", "label,colour"))


def test_a_broken_row_is_code_0_and_under_strict_code_1_with_the_same_output(run: Callable[..., Result], tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text('id;task\n1;type lists\n2;"sort post\n3;file letters\n', "utf-8")
    assert run("batch", path, "-o", tmp_path / "a.csv").exit_code == 0
    assert run("batch", path, "-o", tmp_path / "b.csv", "--strict").exit_code == 1
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    good = tmp_path / "good.csv"
    good.write_text("id;task\n1;type lists\n", "utf-8")
    assert run("batch", good, "--strict").exit_code == 0


def test_lexicon_check_says_what_it_found(run: Callable[..., Result], tmp_path: Path) -> None:
    result = run("lexicon", "check")
    assert result.exit_code == 0, result.stdout
    assert "cues" in result.stdout
    path = tmp_path / "own.tsv"
    path.write_text("language\tcue\n", "utf-8")
    result = run("lexicon", "check", path)
    assert result.exit_code == 2
    assert "own.tsv" in result.stdout + result.stderr
    assert "Traceback" not in result.output


def test_a_users_words_are_used(run: Callable[..., Result], tmp_path: Path) -> None:
    columns = "language cue role strength focus process specialization driver activities customer_contact needs note".split()
    path = tmp_path / "own.tsv"
    path.write_text("\t".join(columns) + "\nen\tblorple\tobject\trecord" + "\t" * 8 + "\n", "utf-8")
    data = json.loads(run("classify", "inspect blorples", "--language", "en", "--lexicon", path, "--json").stdout)
    assert "blorples" in {item["text"] for item in data["evidence"]}
    assert "+" in data["versions"]["lexicon"]


@pytest.mark.parametrize("arguments", [["--help"], ["classify", "--help"], ["batch", "--help"], ["lexicon", "check", "--help"]])
def test_help_is_code_0(run: Callable[..., Result], arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 0
    assert "Usage" in result.stdout


def test_an_unknown_option_is_code_2(run: Callable[..., Result]) -> None:
    assert run("batch", "x.csv", "--nonsense").exit_code == 2


RunPython = Callable[..., "subprocess.CompletedProcess[str]"]


def test_the_module_runs_as_a_program(run_python: RunPython) -> None:
    done = run_python("-m", "outsourcing_classifier", "classify", "--json", stdin="Adressen abtippen\n")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["label"] == "BPO"
    assert done.stderr == ""


def test_an_error_of_the_program_is_one_line_without_traceback(run_python: RunPython, tmp_path: Path) -> None:
    done = run_python("-m", "outsourcing_classifier", "batch", str(tmp_path / "none.csv"))
    assert done.returncode == 2
    assert done.stdout == ""
    assert "no such file" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_console_that_cannot_print_umlauts_does_not_break_the_program(run_python: RunPython) -> None:
    done = run_python("-m", "outsourcing_classifier", "classify", "Löhne prüfen", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 0, done.stderr
    assert "BPO" in done.stdout


def test_progress_is_silent_in_a_pipe(run_python: RunPython, inventory: Path) -> None:
    done = run_python("-m", "outsourcing_classifier", "batch", str(inventory))
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


def test_bytes_that_are_no_utf8_on_standard_input_do_not_break_the_program(run_python: RunPython) -> None:
    done = run_python("-m", "outsourcing_classifier", "classify", "--json", stdin="Löhne prüfen\n".encode("cp1252"))
    assert done.returncode in (0, 2)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("given", ["task;fte\nSort letters;1\nDraft expert opinions;2\n", '{"task": "Sort letters"}\n'])
def test_batch_reads_standard_input_and_writes_standard_output(run_python: RunPython, given: str) -> None:
    done = run_python("-m", "outsourcing_classifier", "batch", "-", "-o", "-", "--columns", "label", stdin=given)
    assert done.returncode == 0
    assert "rows" in done.stderr
    if given.startswith("{"):
        assert json.loads(done.stdout)["oc_label"] == "BPO"
    else:
        assert [line.split(";")[2] for line in done.stdout.splitlines()] == ["oc_label", "BPO", "KPO"]
