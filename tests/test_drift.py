"""Drift: texts beside those a model learned from; said only where something is clearly off."""

import csv
import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from outsourcing_classifier import Classifier, load_model
from outsourcing_classifier.cli import app
from outsourcing_classifier.drift import LEVELS, Drift, _distance, drift, drift_lines, reference
from outsourcing_classifier.training import Example, train

ROOT = Path(__file__).resolve().parents[1]
INVENTORIES = {"de": ("inventory_de.csv", "Tätigkeit", ";", "cp1252"), "en": ("inventory_en.csv", "Activity", ",", "utf-8")}


def column(path: Path, name: str, delimiter: str = ",", encoding: str = "utf-8") -> list[str]:
    with path.open(encoding=encoding, newline="") as file:
        return [row[name] for row in csv.DictReader(file, delimiter=delimiter)]


@pytest.fixture(scope="module")
def learned() -> list[str]:
    return [text for name in ("en", "de") for text in column(ROOT / "training_data" / f"{name}.csv", "text")]


def knowing(classifier: Classifier, texts: list[str]) -> Classifier:
    model = replace(classifier.model, reference=reference(classifier, texts))
    return Classifier(model=model, lexicon=classifier.lexicon)


@pytest.fixture(scope="module")
def aware(classifier: Classifier, learned: list[str]) -> Classifier:
    return knowing(classifier, learned)


def kinds(found: Drift | None) -> set[str]:
    assert found is not None
    return {one.kind for one in found.differences}


def test_a_model_that_does_not_know_its_texts_says_nothing(classifier: Classifier) -> None:
    unknowing = Classifier(model=replace(classifier.model, reference={}))
    assert drift(unknowing, ["Post invoices"]) is None
    assert list(drift_lines(None, "en", whole=True)) == []


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_example_inventories_are_like_the_training_texts(aware: Classifier, language: str) -> None:
    name, header, delimiter, encoding = INVENTORIES[language]
    found = drift(aware, column(ROOT / "examples" / name, header, delimiter, encoding))
    assert found is not None
    assert not found.differences
    assert list(drift_lines(found, language)) == []
    whole = list(drift_lines(found, language, whole=True))
    assert ("ähnlich" if language == "de" else "much like") in whole[0]


def test_halves_of_one_file_never_differ(classifier: Classifier, learned: list[str]) -> None:
    dice = random.Random(3)
    for size in (40, 100, 400):
        texts = dice.sample(learned, len(learned))
        assert kinds(drift(knowing(classifier, texts[: len(texts) // 2]), texts[-size:])) == set()


@pytest.mark.parametrize(("texts", "expected"), [
    ([f"Glorpen zanklige Vorzel im Brimmelstand {n}" for n in range(60)], {"unknown", "labelled", "stated"}),
    (["Boil the noodles and stir the sauce", "Cut carrots, add garlic and simmer", "Serve warm with parsley"] * 20, {"labelled", "stated"}),
    (["Develop the export strategy", "Assess the risks of a merger and advise the board", "Research new markets"] * 20, {"scores"}),
    (["Develop the export strategy"] * 29, set()),  # too few to say anything
], ids=["words of no language", "cooking", "strategy only", "few"])
def test_what_is_clearly_off_is_named(aware: Classifier, texts: list[str], expected: set[str]) -> None:
    found = drift(aware, texts)
    assert kinds(found) >= expected
    assert bool(kinds(found)) is bool(expected)


def test_the_lines_speak_the_language_of_the_reader(aware: Classifier) -> None:
    found = drift(aware, [f"Glorpen zanklige Vorzel im Brimmelstand {n}" for n in range(60)])
    german, english = (list(drift_lines(found, language)) for language in ("de", "en"))
    assert german[1].startswith("  Deutsch: Von den Wörtern eines Textes sind 100 % unbekannt; beim Lernen waren es ")
    assert english[1].startswith("  German: of the words in a text 100 % are unknown; ")
    assert len(german) == len(english) > 3
    assert found is not None
    assert Drift.from_dict(json.loads(json.dumps(found.to_dict()))) == found


def test_the_order_of_texts_changes_nothing(classifier: Classifier, learned: list[str]) -> None:
    assert reference(classifier, learned[::-1]) == reference(classifier, learned)


def test_empty_texts_and_empty_files_have_no_profile(aware: Classifier) -> None:
    for texts in ([], ["", " "]):
        found = drift(aware, texts)
        assert found is not None
        assert (found.here, found.differences) == ({}, ())


@given(st.lists(st.sampled_from([-1.0, -0.5, -0.25, 0.0, 0.25, 0.5, 1.0]), min_size=1, max_size=60))
def test_scores_are_at_no_distance_from_their_own_quantiles(scores: list[float]) -> None:
    values = np.array(scores)
    assert _distance(values, np.quantile(values, LEVELS, method="inverted_cdf")) == 0


def test_a_reference_travels_in_the_model_file_and_batch_and_evaluate_say_what_is_off(
    classifier: Classifier, tmp_path: Path, write: Callable[..., Path]
) -> None:
    texts = ["Post incoming invoices", "Type addresses into forms", "File personnel records", "Enter orders into SAP"]
    rows = [Example("", "", f"{text} {n}", f"{n}", "", "BPO", (), 1.0, "x") for n in range(20) for text in texts]
    rows += [Example("", "", f"Develop plan {n}", f"p{n}", "", "KPO", (), 1.0, "x") for n in range(5)]
    path = tmp_path / "own.json"
    path.write_text(train(rows, classifier.lexicon, keep_reference=True).to_json(), "utf-8")
    assert load_model(path).reference["en"]["texts"] == len(rows)
    assert train(rows, classifier.lexicon).reference == {}

    strategy = [[f"Develop the export strategy for region {n}", "KPO"] for n in range(60)]
    source = write(strategy, ["task", "label"])
    run = CliRunner().invoke(app, ["batch", str(source), "-o", str(tmp_path / "out.csv"), "--model", str(path)])
    assert run.exit_code == 0, run.output
    assert "read differently from those that the model learned from" in run.output
    run = CliRunner().invoke(app, ["batch", str(source), "-o", str(tmp_path / "out.csv"), "--model", str(path), "--json"])
    assert json.loads(run.output)["drift"]["differences"]
    run = CliRunner().invoke(app, ["evaluate", str(source), "--model", str(path)])
    assert "read differently" in run.output, run.output
    path.write_text(train(rows, classifier.lexicon).to_json(), "utf-8")
    run = CliRunner().invoke(app, ["batch", str(source), "-o", str(tmp_path / "out.csv"), "--model", str(path)])
    assert "read differently" not in run.output
