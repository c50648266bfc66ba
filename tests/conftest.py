"""What the tests share: the classifier, the founders' shared folder, CSV files, fresh Python processes."""

import csv
import os
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from outsourcing_classifier import Classifier, Lexicon
from outsourcing_classifier.classifier import default_classifier

settings.register_profile(
    "suite", max_examples=60, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("suite")

SHARED = Path(__file__).resolve().parents[2] / "shared"
RunPython = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session", autouse=True)
def classifier() -> Classifier:
    """The default classifier; a model that waits for its training is one failing test, not hundreds."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return default_classifier()


@pytest.fixture(scope="session")
def lexicon(classifier: Classifier) -> Lexicon:
    """The base words."""
    return classifier.lexicon


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder beside the checkout; tests that need it are skipped without it."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared")
    return SHARED


@pytest.fixture(scope="session")
def run_python() -> RunPython:
    """Run a fresh Python: `run_python("-c", code, input=…, PYTHONHASHSEED="1")`."""

    def run(*arguments: str, stdin: str | bytes | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONWARNINGS": "ignore::UserWarning", **variables}
        done = subprocess.run(
            [sys.executable, *arguments], input=data, capture_output=True, env=environment, timeout=120, check=False,
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8", "replace")
        )

    return run


@pytest.fixture
def write(tmp_path):
    """Writes rows as a CSV file as Excel in Germany does, and gives its path."""

    def write(rows, columns, name="tasks.csv"):
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows([columns, *rows])
        return path

    return write
