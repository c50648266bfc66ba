"""What is shipped works wherever it is put: wheel, sdist, editable, source folder; README says what is true."""

import importlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from readme_example import example, printed

import outsourcing_classifier

ROOT = Path(__file__).resolve().parents[1]
DEPENDENCIES = sysconfig.get_paths()["purelib"]
SHIPPED = ("models/default.json", "models/lexicon.bin", "py.typed", "summary.toml", "files/headers.tsv", "lexicon/shared/strengths.tsv")
ALSO_IN_SDIST = (
    "models/default.json", "training_data/en.csv", "tests/test_packaging.py", "README.md", "LICENSE", "pyproject.toml",
)
ENGLISH, GERMAN = "Enter supplier invoices in SAP", "Gutachten zu steuerlichen Risiken erstellen"
PROGRAM = f"""
import outsourcing_classifier as package
from outsourcing_classifier.model import default_model_path
print(package.__file__, default_model_path(), sep="\\n")
print(*package.classify_many([{ENGLISH!r}, {GERMAN!r}]).label)
"""


def run(*command: str | Path, cwd: Path, path: str | Path | None = None) -> str:
    """Standard output of a process that sees nothing of this one; ``path`` is its PYTHONPATH."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PIP_"))}
    environment |= {"PYTHONUTF8": "1"} | ({} if path is None else {"PYTHONPATH": str(path)})
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True, encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def classified_by(output: str, package: Path, model: Path) -> None:
    """The output of PROGRAM names this package and this model and has both labels."""
    module, found, labels = output.splitlines()
    assert Path(module).resolve().parent == package.resolve()
    assert Path(found).resolve() == model.resolve()
    assert labels == "BPO KPO"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is needed to build, in a path with blanks and umlauts, without the leftovers of this folder."""
    target = tmp_path_factory.mktemp("build") / "Übersicht Köln (neu)"
    leave = shutil.ignore_patterns(".git", ".venv*", "venv", "__pycache__", ".*_cache", ".hypothesis", "build", "dist")
    shutil.copytree(ROOT, target, ignore=leave)
    return target


@pytest.fixture(scope="module")
def wheel(checkout: Path) -> Path:
    return built(checkout, "wheel")


@pytest.fixture(scope="module")
def sdist(checkout: Path) -> Path:
    return built(checkout, "sdist")


def built(folder: Path, kind: str) -> Path:
    """The wheel or sdist of a folder, built without the network."""
    pytest.importorskip("hatchling")
    output = folder / "dist" / kind
    run(sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", output, cwd=folder)
    (found,) = output.iterdir()
    return found


@pytest.mark.slow
def test_the_wheel_carries_every_table_and_the_default_model(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    package = ROOT / "src" / "outsourcing_classifier"
    tables = {
        f"outsourcing_classifier/{path.relative_to(package).as_posix()}"
        for path in package.rglob("*") if path.suffix in (".tsv", ".toml", ".py")
    }
    assert tables <= names
    assert {f"outsourcing_classifier/{name}" for name in SHIPPED} <= names
    assert not [name for name in names if "__pycache__" in name or name.startswith(("tests/", "src/", "models/"))]


@pytest.mark.slow
def test_the_metadata_names_licence_and_pythons(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    metadata = archive.read(name).decode("utf-8")
    for line in (
        "Name: outsourcing-classifier", f"Version: {outsourcing_classifier.__version__}",
        "License-Expression: Apache-2.0", "License-File: LICENSE", "Requires-Python: >=3.11",
        "Provides-Extra: parquet", "Provides-Extra: spark", "Provides-Extra: notebook",
        *(f"Classifier: Programming Language :: Python :: 3.{minor}" for minor in (11, 12, 13, 14)),
    ):
        assert f"\n{line}\n" in metadata, line


@pytest.mark.slow
def test_the_wheel_classifies_from_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    pytest.importorskip("pip")
    target = tmp_path / "leerer Ordner"
    run(
        sys.executable, "-m", "pip", "install", "-q", "--no-index", "--no-deps", "--disable-pip-version-check",
        "--target", target, wheel, cwd=tmp_path,
    )
    package = target / "outsourcing_classifier"
    # -S: nothing but the folder and the dependencies, whatever else is installed here.
    output = run(
        sys.executable, "-S", "-c", PROGRAM, cwd=tmp_path, path=os.pathsep.join((str(target), DEPENDENCIES))
    )
    classified_by(output, package, package / "models" / "default.json")


@pytest.mark.slow
def test_the_sdist_carries_what_a_checkout_has_and_builds_the_same_wheel(
    sdist: Path, wheel: Path, tmp_path: Path
) -> None:
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (folder,) = tmp_path.iterdir()
    missing = [name for name in ALSO_IN_SDIST if not (folder / name).is_file()]
    assert not missing
    again = zipfile.ZipFile(built(folder, "wheel"))
    first = zipfile.ZipFile(wheel)
    contents = [
        {name: archive.read(name) for name in archive.namelist() if not name.endswith("RECORD")}
        for archive in (first, again)
    ]
    assert contents[0] == contents[1]


@pytest.mark.slow
def test_an_editable_install_uses_the_model_of_the_checkout(checkout: Path, tmp_path: Path) -> None:
    pytest.importorskip("hatchling")
    run(
        sys.executable, "-c", "import sys, hatchling.build as b; b.build_editable(sys.argv[1])", tmp_path, cwd=checkout
    )
    (editable,) = tmp_path.glob("*.whl")
    site = tmp_path / "site"
    zipfile.ZipFile(editable).extractall(site)
    # As Python starts with such a site folder: its .pth file first, the dependencies after it.
    start = f"import site; site.addsitedir({str(site)!r}); site.addsitedir({DEPENDENCIES!r})\n"
    output = run(sys.executable, "-S", "-c", start + PROGRAM, cwd=tmp_path)
    package = checkout / "src" / "outsourcing_classifier"
    classified_by(output, package, checkout / "models" / "default.json")


def test_a_source_folder_on_the_path_uses_the_model_of_the_checkout(tmp_path: Path) -> None:
    output = run(sys.executable, "-c", PROGRAM, cwd=tmp_path, path=ROOT / "src")
    classified_by(output, ROOT / "src" / "outsourcing_classifier", ROOT / "models" / "default.json")


def test_the_command_line_starts_as_a_module(tmp_path: Path) -> None:
    output = run(
        sys.executable, "-m", "outsourcing_classifier", "classify", GERMAN, cwd=tmp_path, path=ROOT / "src"
    )
    assert "KPO" in output


@pytest.mark.parametrize("name", outsourcing_classifier.__all__)
def test_every_public_name_comes_from_its_home_and_says_what_it_is(name: str) -> None:
    value = getattr(outsourcing_classifier, name)
    home = importlib.import_module(f"outsourcing_classifier.{outsourcing_classifier._HOMES[name]}")
    assert value is getattr(home, name)
    assert name in dir(outsourcing_classifier)
    assert name == "DIMENSIONS" or value.__doc__


def test_the_public_names_are_those_of_the_contract() -> None:
    assert {
        "Classification", "Classifications", "Classifier", "Counterfactual", "DIMENSIONS", "Decision", "DecisionError",
        "DimensionScorer", "Evidence", "InputTypeError", "InputValueError", "Ledger", "Lexicon", "LexiconError", "Model",
        "ModelError", "OutsourcingClassifierError", "Scores", "SignedLogisticRegression", "TaskClassifier",
        "TaskFileError", "TrainingDataError", "classify", "classify_frame", "classify_many", "counterfactual",
        "load_lexicon", "load_model", "read_ledger", "score", "with_classification",
    } == set(outsourcing_classifier.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="clasify"):
        getattr(outsourcing_classifier, "clasify")  # noqa: B009 - as a plain expression it looks like a leftover


def test_importing_the_package_imports_none_of_its_rooms(tmp_path: Path) -> None:
    program = (
        "import sys, outsourcing_classifier\n"
        "print([name for name in sys.modules if name.startswith('outsourcing_classifier.') or name == 'numpy'])"
    )
    assert run(sys.executable, "-c", program, cwd=tmp_path, path=ROOT / "src").strip() == "[]"


def commands(readme: str, shell: str) -> list[str]:
    """The one-line commands of a README in one shell that make an environment."""
    text = (ROOT / readme).read_text("utf-8")
    return [line for line in re.findall(rf"```{shell}\n(.*)\n```", text) if "-m venv" in line]


@pytest.fixture(params=["README.md", "README.de.md"])
def spellings(request: pytest.FixtureRequest) -> Iterator[tuple[list[str], list[str]]]:
    return commands(request.param, "bash"), commands(request.param, "powershell")


def test_readme_has_two_commands_in_both_spellings(spellings: tuple[list[str], list[str]]) -> None:
    for shell in spellings:
        first, second = shell
        assert "batch examples/inventory_de.csv -o inventory_de_scored.csv" in first
        assert '".[test]"' in second
        assert "-m pytest" in second


def test_both_spellings_of_a_command_do_the_same(spellings: tuple[list[str], list[str]]) -> None:
    for bash, powershell in zip(*spellings, strict=True):
        # Windows PowerShell 5 knows no `&&`; what is called goes by `-m`, as first lines of scripts break on blanks.
        steps = bash.replace(".venv/bin/python", "PYTHON").replace("python3", "py").split(" && ")
        windows = re.sub(r"if \(\$\?\) \{ (.*?) \}", r"\1", powershell).replace(r".venv\Scripts\python.exe", "PYTHON")
        assert "&&" not in powershell
        assert steps == windows.split("; ")


def test_both_readmes_give_the_same_commands() -> None:
    for shell in ("bash", "powershell"):
        assert commands("README.md", shell) == commands("README.de.md", shell)


def test_the_file_that_the_first_command_scores_is_there() -> None:
    assert (ROOT / "examples" / "inventory_de.csv").is_file()


def test_readme_prints_what_the_program_prints() -> None:
    found = example()
    assert printed(found["code"]) == found["printed"], "run  python tests/readme_example.py --write"


def test_the_extra_and_the_group_for_tests_are_one() -> None:
    data = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert data["dependency-groups"]["test"] == ["outsourcing-classifier[test]"]
    assert "test" in data["project"]["optional-dependencies"]


def test_no_dependency_has_an_upper_bound() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    assert not [one for one in asked if re.search(r"<|==|~=|!=", one)]


def test_the_citation_names_the_version() -> None:
    citation = (ROOT / "CITATION.cff").read_text("utf-8")
    assert f"\nversion: {outsourcing_classifier.__version__}\n" in citation


@pytest.mark.parametrize("name", ["README.md", "README.de.md"])
def test_a_readme_judges_no_work_and_no_people(name: str) -> None:
    text = (ROOT / name).read_text("utf-8").lower()
    judging = r"(unskilled|low[- ]skill\w*|simple (work|task|job|people|activit)\w*|low[- ]end|einfache (arbeit|tätigkeit|aufgabe|leute)\w*|ungelernt\w*|niedere\w*)"
    assert re.findall(judging, text) == []
