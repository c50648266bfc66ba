"""Design 4: no room imports from a room below it, and classifying needs numpy only."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import outsourcing_classifier

PACKAGE = Path(outsourcing_classifier.__file__).parent
# From top to bottom; rooms on one line may import each other (batch makes rows, rows know their words;
# a classifier has the method `counterfactual`, which classifies many candidates).
ROOMS = [
    {"errors"}, {"places"}, {"wordings"}, {"dimensions"}, {"settings"}, {"text"}, {"lexicon"}, {"decisions"}, {"reading"}, {"evidence"},
    {"scoring"}, {"decision"}, {"gates"}, {"dominance", "flags"}, {"result", "explanation", "batch"}, {"model_file"},
    {"model"}, {"files"}, {"promotion"}, {"classifier", "counterfactuals"}, {"columns"}, {"drift"}, {"threshold"},
    {"inventory"}, {"summary"}, {"project"}, {"reproduce"}, {"review"}, {"portfolio"}, {"signed_regression"}, {"decision_training"}, {"estimator"}, {"agreement", "evaluation"}, {"audit"},
    {"training", "corpus", "refit", "suggest", "lexicon_add"}, {"frames"}, {"cli", "commands"}, {"__main__"},
]
PLACE = {name: place for place, names in enumerate(ROOMS) for name in names}
FREE = {"__init__"}  # imports lazily, by name
HEAVY = {"sklearn", "joblib", "scipy", "pandas"}
LIGHT = {name for name, place in PLACE.items() if place <= PLACE["summary"]}
THIRD_PARTY = {"numpy"}
FILE_LIBRARIES = {"pyarrow", "openpyxl", "xlsxwriter", "python_calamine", "rich"}


def room_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else path.stem


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Absolute dotted names that a module imports, type checking included, with their line."""
    package = ("outsourcing_classifier", *path.relative_to(PACKAGE).parts[:-1])
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            for item in node.names:
                yield item.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            base = list(package[: len(package) - node.level + 1]) if node.level else []
            name = [*base, *(node.module.split(".") if node.module else [])]
            for item in node.names:
                yield ".".join([*name, item.name]), node.lineno


def test_every_room_has_its_place() -> None:
    rooms = {room_of(path) for path in modules()} - FREE
    assert rooms <= set(PLACE), f"give {sorted(rooms - set(PLACE))} a place in the order"


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_room_imports_from_a_room_below_it(path: Path) -> None:
    own = room_of(path)
    if own in FREE:
        return
    for name, line in imports(path):
        if name.startswith("outsourcing_classifier."):
            other = name.split(".")[1]
            if other in PLACE:
                assert PLACE[other] <= PLACE[own], f"{path.name}:{line} ({own}) imports from {other}"


@pytest.mark.parametrize("path", [p for p in modules() if room_of(p) in LIGHT], ids=lambda p: str(p.relative_to(PACKAGE)))
def test_inference_imports_numpy_and_the_standard_library_only(path: Path) -> None:
    import sys

    if path.parts[-2:] == ("inventory", "workers.py"):
        pytest.skip("imported with several processes only")
    allowed = THIRD_PARTY | set(sys.stdlib_module_names) | {"outsourcing_classifier"}
    if room_of(path) in ("files", "explanation", "result") or path.name == "provenance.py":
        allowed |= FILE_LIBRARIES | {"pandas"}
    for name, line in imports(path):
        assert name.split(".")[0] in allowed, f"{path.name}:{line} imports {name}"


BLOCK = """
import sys
class Block:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {heavy!r}:
            raise ImportError("blocked: " + name)
sys.meta_path.insert(0, Block())
"""


def test_classifying_works_with_scikit_learn_joblib_scipy_and_pandas_blocked(run_python, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    source = tmp_path / "in.csv"
    source.write_text("task;fte\nType addresses;1\nDevelop an export strategy;2\n", "utf-8")
    code = BLOCK.format(heavy=HEAVY) + (
        "from outsourcing_classifier import *\n"
        "import outsourcing_classifier as oc\n"
        "r = oc.classify('Type addresses'); assert r.label == 'BPO', r\n"
        "m = oc.classify_many(['Type addresses', 'Eine Exportstrategie entwickeln']); m.label, m.scores, m.evidence, m.explanation\n"
        "oc.score('Type addresses')\n"
        "from outsourcing_classifier.inventory import score_file\n"
        f"s = score_file({str(source)!r}, {str(tmp_path / 'out.csv')!r}, classifier=oc.Classifier())\n"
        "assert s.rows == 2\n"
        f"assert not {HEAVY!r} & set(sys.modules)\n"
        "print('done')\n"
    )
    code = code.replace("from outsourcing_classifier import *\n", "")
    done = run_python("-c", code)
    assert done.stdout.strip() == "done", done.stderr


def test_importing_the_package_imports_nothing_but_itself(run_python) -> None:  # type: ignore[no-untyped-def]
    code = (
        "import sys, outsourcing_classifier\n"
        "loaded = {n.split('.')[0] for n in sys.modules}\n"
        "assert 'numpy' not in loaded and 'typer' not in loaded, loaded\n"
        "assert outsourcing_classifier.classify\n"
        "print('done')\n"
    )
    done = run_python("-c", code)
    assert done.stdout.strip() == "done", done.stderr


def test_every_public_name_that_is_light_can_be_imported(run_python) -> None:  # type: ignore[no-untyped-def]
    code = BLOCK.format(heavy=HEAVY) + (
        "import outsourcing_classifier as oc\n"
        "from importlib.util import find_spec\n"
        "names = [n for n, home in oc._HOMES.items() if home not in ('estimator', 'training', 'evaluation', 'frames')"
        " and find_spec('outsourcing_classifier.' + home)]\n"
        "for n in names: assert callable(getattr(oc, n)) or n == 'DIMENSIONS', n\n"
        "print('done')\n"
    )
    done = run_python("-c", code)
    assert done.stdout.strip() == "done", done.stderr


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="clasify"):
        outsourcing_classifier.clasify  # noqa: B018
