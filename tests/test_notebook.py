"""Notebooks run from first to last cell, and are committed with outputs that name no machine."""

import importlib.util
import os
import re
from pathlib import Path

import pytest

nbformat = pytest.importorskip("nbformat")
pytest.importorskip("nbclient")
for needed in ("ipykernel", "matplotlib", "pandas"):
    pytest.importorskip(needed)

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
MACHINE = re.compile(r"/(?:home|root|work|tmp|Users|usr)/|[A-Z]:\\\\|site-packages")


def execute(path):
    spec = importlib.util.spec_from_file_location("execute_notebook", FOLDER / "execute.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.execute(path)


def outputs(notebook):
    return [output for cell in notebook.cells for output in cell.get("outputs", ())]


def kinds(notebook):
    return {kind for output in outputs(notebook) for kind in output.get("data", {})}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_runs_from_first_to_last_cell(path, monkeypatch):
    source = str(FOLDER.parent / "src")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [source, os.environ.get("PYTHONPATH")])))
    notebook = execute(path)
    assert not [output for output in outputs(notebook) if output.get("name") == "stderr"]
    assert {"text/html", "image/png"} <= kinds(notebook)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_is_committed_executed_and_names_no_machine(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert {"text/html", "image/png"} <= kinds(notebook)
    for output in outputs(notebook):
        for kind, content in [("text", output.get("text", "")), *output.get("data", {}).items()]:
            if kind != "image/png":
                assert not MACHINE.search(content), content[:300]


def test_first_steps_show_marked_evidence_and_six_bars():
    notebook = nbformat.read(FOLDER / "01_first_steps.ipynb", as_version=4)
    shown = next(output["data"]["text/html"] for output in outputs(notebook) if "text/html" in output.get("data", {}))
    assert "<mark" in shown
    assert shown.count("<tr>") == 6
