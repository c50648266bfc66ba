"""Model files carry cues; they lie over the base words and beneath the user's own."""

import json
import pickle
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from outsourcing_classifier import Classifier, Lexicon, Model, ModelError, load_lexicon, load_model
from outsourcing_classifier.lexicon.tables import USER_COLUMNS
from outsourcing_classifier.model import default_model_path

CUES: tuple[Mapping[str, str], ...] = (
    {"language": "en", "cue": "frobnicate", "role": "action", "strength": "clerical"},
    {"language": "de", "cue": "Plorp", "role": "object", "strength": "record", "focus": "-0.5", "note": "a test"},
)
TASK = "Frobnicate the weekly figures"


@pytest.fixture(scope="module")
def with_cues(classifier: Classifier, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / "own.json"
    path.write_text(replace(classifier.model, cues=CUES).to_json(), "utf-8")
    return path


@pytest.fixture(scope="module")
def taught(with_cues: Path) -> Classifier:
    return Classifier(model=with_cues)


def own_table(folder: Path, *rows: Mapping[str, str]) -> Path:
    lines = ["\t".join(USER_COLUMNS), *("\t".join(row.get(name, "") for name in USER_COLUMNS) for row in rows)]
    path = folder / "own.tsv"
    path.write_text("\n".join(lines), "utf-8")
    return path


def cues_in(result: Any) -> set[str]:
    return {evidence.cue for evidence in result.evidence}


def test_a_models_cues_are_read_where_the_default_model_knows_nothing(classifier: Classifier, taught: Classifier) -> None:
    assert "frobnicate" in cues_in(taught.classify(TASK))
    assert "frobnicate" not in cues_in(classifier.classify(TASK))


def test_a_models_cues_do_what_the_same_rows_do_in_a_table(taught: Classifier, tmp_path: Path) -> None:
    table = Classifier(lexicon=own_table(tmp_path, *CUES))
    texts = [TASK, "Plorp anlegen", "Develop an export strategy"]
    assert [r.scores for r in taught.classify_many(texts)] == [r.scores for r in table.classify_many(texts)]
    assert taught.versions["lexicon"] == table.versions["lexicon"] != Classifier().versions["lexicon"]


def test_the_users_own_table_rules_over_the_models_cues(with_cues: Path, tmp_path: Path) -> None:
    own = own_table(tmp_path, {**CUES[0], "strength": "off"})
    silenced = Classifier(model=with_cues, lexicon=own)
    assert "frobnicate" not in cues_in(silenced.classify(TASK))
    assert "Plorp" in cues_in(silenced.classify("Plorp anlegen"))
    compiled = Classifier(model=with_cues, lexicon=load_lexicon(own))  # words compiled without the model's
    assert compiled.versions == silenced.versions
    assert Classifier(model=with_cues, lexicon=compiled.lexicon).lexicon is compiled.lexicon


def test_a_model_with_cues_is_what_its_file_says_and_pickles(taught: Classifier, with_cues: Path) -> None:
    assert load_model(with_cues) == taught.model
    assert taught.model.to_json() == with_cues.read_text("utf-8")
    assert json.loads(taught.model.to_json())["protocol"] == 3
    again = pickle.loads(pickle.dumps(taught))
    assert again.versions == taught.versions
    assert again.classify(TASK) == taught.classify(TASK)


def test_a_model_without_cues_keeps_its_bytes_and_the_compiled_words(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_model().to_json().encode() == default_model_path().read_bytes()
    monkeypatch.setattr("outsourcing_classifier.lexicon.compile.compile_tables", None)
    assert isinstance(load_model().words(), Lexicon)


@pytest.mark.parametrize(("change", "column"), [
    ({"role": "boss"}, "role"), ({"strength": "very"}, "strength"), ({"focus": "7"}, "focus"), ({"cue": " "}, "cue"),
    ({"language": "fr"}, "language"), ({"needs": "mood=good"}, "needs"), ({"needs": "object=plorps"}, "needs"),
])
def test_a_cue_that_no_table_could_hold_is_named_with_file_and_column(tmp_path: Path, change: dict[str, str], column: str) -> None:
    path = tmp_path / "own.json"
    path.write_text(Model(cues=(CUES[1], {**CUES[0], **change})).to_json(), "utf-8")
    with pytest.raises(ModelError, match=rf"model file .*own\.json, cue 2, column '{column}'"):
        Classifier(model=path)


@pytest.mark.parametrize("cue", ["*", "# #", "…", "a" * 200, "__import__('os')", "\u200b"])
def test_a_cue_that_is_no_word_harms_nothing(classifier: Classifier, cue: str) -> None:
    row = {"language": "de", "cue": cue, "role": "action", "strength": "clerical"}
    odd = Classifier(model=replace(classifier.model, cues=(row,)))
    texts = ["Rechnungen prüfen und ablegen", "Develop an export strategy"]
    assert odd.classify_many(texts).label == classifier.classify_many(texts).label
