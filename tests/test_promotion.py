"""A model in use is replaced and brought back, and never lost."""

from dataclasses import replace

import pytest
from typer.testing import CliRunner

from outsourcing_classifier import ModelError, load_model
from outsourcing_classifier.cli import app
from outsourcing_classifier.promotion import promote, take_back


@pytest.fixture
def models(tmp_path):
    """Three model files."""
    base = load_model()
    paths = []
    for number in range(3):
        path = tmp_path / f"new{number}.json"
        path.write_text(replace(base, decision=replace(base.decision, intercept=number / 10)).to_json(), "utf-8")
        paths.append(path)
    return paths


def test_the_model_before_is_kept_and_brought_back(models, tmp_path):
    place = tmp_path / "model.json"
    contents = [path.read_bytes() for path in models]
    assert promote(models[0], place) is None
    assert promote(models[1], place) == tmp_path / "model.previous-1.json"
    assert promote(models[2], place) == tmp_path / "model.previous-2.json"
    assert place.read_bytes() == contents[2]
    take_back(place)
    assert place.read_bytes() == contents[1]
    assert (tmp_path / "model.taken-back.json").read_bytes() == contents[2]
    take_back(place)
    assert place.read_bytes() == contents[0]
    with pytest.raises(ModelError, match="nothing to take back"):
        take_back(place)
    assert place.read_bytes() == contents[0]


def test_what_is_no_model_is_never_put_in_use_nor_moved_away(models, tmp_path):
    place, broken = tmp_path / "model.json", tmp_path / "broken.json"
    broken.write_text("{}", "utf-8")
    promote(models[0], place)
    with pytest.raises(ModelError):
        promote(broken, place)
    assert place.read_bytes() == models[0].read_bytes()
    with pytest.raises(ModelError):
        promote(models[0], broken)
    assert broken.read_text("utf-8") == "{}"


def test_the_same_model_again_changes_nothing(models, tmp_path):
    place = tmp_path / "model.json"
    promote(models[0], place)
    with pytest.raises(ModelError, match="in use already"):
        promote(models[0], place)
    assert not list(tmp_path.glob("model.previous*"))


def test_one_command_puts_it_in_use_and_one_takes_it_back(models, tmp_path):
    place = tmp_path / "model.json"
    promote(models[0], place)
    done = CliRunner().invoke(app, ["promote", str(models[1]), "--to", str(place)])
    assert (done.exit_code, place.read_bytes()) == (0, models[1].read_bytes())
    done = CliRunner().invoke(app, ["promote", "--back", "--to", str(place)])
    assert (done.exit_code, place.read_bytes()) == (0, models[0].read_bytes())


def test_without_a_project_the_place_has_to_be_named(models):
    done = CliRunner().invoke(app, ["promote", str(models[0])])
    assert done.exit_code == 2
    assert "--to model.json" in done.output
