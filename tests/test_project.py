"""A project folder: settings instead of arguments, outputs that say what they were made of and can be made again."""

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from outsourcing_classifier.cli import app
from outsourcing_classifier.errors import OutsourcingClassifierError, SettingsError
from outsourcing_classifier.files.ledger import read_ledger
from outsourcing_classifier.inventory.provenance import read_provenance
from outsourcing_classifier.project import open_project
from outsourcing_classifier.reproduce import reproduce
from outsourcing_classifier.settings import SETTINGS_NAME, Settings, read_settings

ROWS = "Nr;Abteilung;Tätigkeit;VZÄ\r\n1;Einkauf;Bestellungen anlegen;0,5\r\n2;Recht;Verträge auslegen;1,5\r\n3;Recht;Akten ablegen;1\r\n"
HEADER = "id;text;oc_label;decision;decision_reason;decision_by;decision_date\r\n"
Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    def call(folder: Path, *arguments: str) -> Result:
        monkeypatch.chdir(folder)
        return CliRunner().invoke(app, list(arguments))

    return call


@pytest.fixture
def project(tmp_path: Path, run: Run) -> Path:
    (tmp_path / "Bestand.csv").write_bytes(ROWS.encode("cp1252"))
    done = run(tmp_path, "init", "Bestand.csv", "-o", "projekt")
    assert done.exit_code == 0, done.output
    return tmp_path / "projekt"


def test_init_makes_a_whole_folder_and_says_what_comes_next(tmp_path: Path, run: Run, project: Path) -> None:
    assert {path.name for path in project.iterdir()} == {SETTINGS_NAME, "words.tsv", "decisions.csv", "Bestand.csv"}
    assert (project / "Bestand.csv").read_bytes() == (tmp_path / "Bestand.csv").read_bytes()
    settings = read_settings(project / SETTINGS_NAME)
    assert settings.columns == {"task": "Tätigkeit", "id": "Nr", "department": "Abteilung", "fte": "VZÄ"}
    assert settings.explain_in == "de"
    assert "Die Einstellungen dieses Projekts" in (project / SETTINGS_NAME).read_text("utf-8")
    again = run(tmp_path, "init", "Bestand.csv", "-o", "projekt")
    assert again.exit_code == 2
    assert "left as it is" in again.output


@pytest.mark.parametrize("header", ['Auf"gabe', "Auf\\gabe", "Aufgabe\t", "Tätigkeit „neu“"])
def test_odd_headers_survive_in_the_settings(tmp_path: Path, run: Run, header: str) -> None:
    (tmp_path / "in.csv").write_text('x;"' + header.replace('"', '""') + '"\n1;Akten ablegen\n2;Verträge auslegen\n', "utf-8")
    done = run(tmp_path, "init", "in.csv", "-o", "p", "--text-column", header)
    assert done.exit_code == 0, done.output
    assert read_settings(tmp_path / "p" / SETTINGS_NAME).columns["task"] == header.strip()


def test_inside_the_folder_commands_need_no_arguments(run: Run, project: Path) -> None:
    done = run(project, "batch")
    assert done.exit_code == 0, done.output
    assert (project / "Bestand_scored.csv").is_file()
    assert "Projekt projekt" in done.output
    done = run(project, "classify", "Akten ablegen")
    assert "BPO" in done.output


def test_decisions_words_and_wording_of_the_project_hold(run: Run, project: Path) -> None:
    (project / "decisions.csv").write_text(HEADER + "1;Bestellungen anlegen;BPO;KPO;;Ada;\r\n", "utf-8")
    settings = (project / SETTINGS_NAME).read_text("utf-8")
    (project / SETTINGS_NAME).write_text(settings.replace('wording = "outsourcing"', 'wording = "shared-service"'), "utf-8")
    run(project, "batch")
    text = (project / "Bestand_scored.csv").read_text("utf-8-sig")
    assert "1;Einkauf;Bestellungen anlegen;0,5;Wissensarbeit;ok" in text
    assert open_project(project).classifier().classify("Bestellungen anlegen").decided_by == "person"


def test_a_threshold_of_the_project_sends_more_rows_to_review(project: Path) -> None:
    place = project / SETTINGS_NAME
    text = "Termine koordinieren und Unterlagen vorbereiten"
    place.write_text(place.read_text("utf-8").replace("# threshold = 0.3", "threshold = 1.0"), "utf-8")
    assert open_project(project).classifier().classify(text).needs_review


def test_the_codebooks_rule_may_decide(project: Path) -> None:
    place = project / SETTINGS_NAME
    place.write_text(place.read_text("utf-8").replace('weights = "trained"', 'weights = "codebook"'), "utf-8")
    assert open_project(project).classifier().versions["model"] == "untrained"


def test_options_win_over_settings(run: Run, project: Path) -> None:
    run(project, "batch", "-o", "x.csv", "--wording", "shared-service", "--explain-in", "en")
    text = (project / "x.csv").read_text("utf-8-sig")
    assert "transaction work" in text


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "jsonl", "parquet"])
def test_an_output_says_what_it_was_made_of_and_can_be_made_again(run: Run, project: Path, suffix: str) -> None:
    if suffix == "parquet":
        pytest.importorskip("pyarrow")
    out = project / f"out.{suffix}"
    assert run(project, "batch", "-o", out.name).exit_code == 0
    made_of = read_provenance(out)
    assert made_of is not None
    assert made_of["input"]["file"] == "Bestand.csv"
    assert set(made_of["files"]) == {"settings", "lexicon 1", "decisions"}
    assert str(project) not in json.dumps(made_of)
    done = run(project, "reproduce", out.name)
    assert (done.exit_code, "equal" in done.output) == (0, True), done.output


def test_moved_as_a_whole_the_project_gives_the_same_bytes(run: Run, project: Path, tmp_path: Path) -> None:
    for name in ("out.csv", "out.xlsx"):
        run(project, "batch", "-o", name)
    shutil.make_archive(str(tmp_path / "packed"), "zip", project)
    elsewhere = tmp_path / "anderswo" / "Übersicht (neu)"
    shutil.unpack_archive(tmp_path / "packed.zip", elsewhere)
    for name in ("out.csv", "out.xlsx"):
        assert reproduce(elsewhere / name)[1]
        (elsewhere / name).unlink()
        run(elsewhere, "batch", "-o", name)
        assert (elsewhere / name).read_bytes() == (project / name).read_bytes()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda folder: (folder / "Bestand.csv").write_bytes(ROWS.replace("Akten ablegen", "Gutachten verfassen").encode()), "input: Bestand.csv has changed"),
        (lambda folder: (folder / "Bestand.csv").unlink(), "input: Bestand.csv is not there any more"),
        (lambda folder: (folder / "decisions.csv").write_text(HEADER + "1;Bestellungen anlegen;BPO;KPO;;Ada;\r\n", "utf-8"), "decisions: decisions.csv has changed"),
        (lambda folder: (folder / "out.csv").write_bytes((folder / "out.csv").read_bytes().replace(b";KPO;", b";BPO;", 1)), "differ"),
    ],
)
def test_what_has_changed_since_is_named(run: Run, project: Path, change: Callable[[Path], Any], said: str) -> None:
    run(project, "batch", "-o", "out.csv")
    change(project)
    done = run(project, "reproduce", "out.csv")
    assert done.exit_code == 1
    assert said in done.output


def test_what_people_filled_in_is_no_difference(run: Run, project: Path) -> None:
    run(project, "batch", "-o", "out.csv")
    out = project / "out.csv"
    lines = out.read_text("utf-8-sig").splitlines()
    out.write_text("\n".join([lines[0], lines[1][:-3] + "KPO;;Ada;", *lines[2:]]) + "\n", "utf-8-sig")
    lines_said, equal = reproduce(out)
    assert equal
    assert "people filled in since (1 rows)" in lines_said[-1]


def test_a_file_without_provenance_is_one_sentence(run: Run, project: Path) -> None:
    done = run(project, "reproduce", "Bestand.csv")
    assert done.exit_code == 2
    assert "does not say how it was made" in done.output


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[inventory]\nfile = "../x.csv"\n', r"\[inventory\] file: must be a file of this folder"),
        ('[inventory]\nfil = "x.csv"\n', r"\[inventory\] fil: unknown; offered are file"),
        ("[words]\nwording = 3\n", r"\[words\] wording: must be one of outsourcing, shared-service, got 3"),
        ("[review]\nthreshold = 2\n", r"threshold: must be a number from 0 to 1, got 2"),
        ("[review]\nthreshold = true\n", r"threshold: must be a number"),
        ("[revue]\n", r"unknown table \[revue\]"), ("inventory = 1\n", "stands outside of a table"),
        ("[words\n", "outsourcing.toml: "), ('[words]\nlexicon = "w.tsv"\n', r"lexicon: must be files of this folder"),
    ],
)
def test_settings_that_cannot_be_used_name_the_key_and_what_may_stand_there(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / SETTINGS_NAME).write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=said):
        read_settings(tmp_path / SETTINGS_NAME)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """One flipped byte, a cut, a doubled line, a line from elsewhere, a huge number, deep nesting."""
    lines = data.splitlines(keepends=True)
    place = chance.randrange(len(data))
    kinds: list[Callable[[], bytes]] = [
        lambda: data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :],
        lambda: data[:place],
        lambda: b"".join([*lines, chance.choice(lines)]),
        lambda: b"".join(chance.sample(lines, len(lines))),
        lambda: data + b"\n[review]\nthreshold = " + chance.choice([b"nan", b"1e999", b"-1", b"9" * 400, b'"x"', b"[" * 5000]),
        lambda: data.replace(b'"', b"", chance.randrange(1, 4)),
    ]
    return chance.choice(kinds)()


def test_mutated_settings_are_an_error_or_settings_within_bounds(project: Path) -> None:
    chance, place = random.Random(5), project / SETTINGS_NAME
    whole = place.read_bytes()
    fine = read_settings(place)
    refused = 0
    for _ in range(200):
        place.write_bytes(mutated(whole, chance))
        try:
            found = read_settings(place)
        except SettingsError as error:
            refused += str(error).startswith(SETTINGS_NAME)
            continue
        assert isinstance(found, Settings)
        assert found.wording in ("outsourcing", "shared-service")
        assert found.threshold is None or 0 <= found.threshold <= 1
        for path in (found.inventory, found.ledger, found.model, *found.lexicon):
            assert path is None or path.is_relative_to(fine.folder)
    assert 20 < refused < 200


def test_mutated_ledgers_are_an_error_or_differ_only_where_the_touched_row_acts(tmp_path: Path) -> None:
    chance, place = random.Random(6), tmp_path / "decisions.csv"
    whole = (HEADER + "".join(f"{n};Aufgabe Nummer {n};BPO;{'KPO' if n % 2 else 'BPO'};;Ada;\r\n" for n in range(12))).encode()
    place.write_bytes(whole)
    fine = {item.id: item for item in read_ledger(place).decisions}
    unnamed = 0
    for _ in range(200):
        spot = chance.randrange(len(HEADER.encode()), len(whole))
        place.write_bytes(whole[:spot] + bytes([whole[spot] ^ 1 << chance.randrange(8)]) + whole[spot + 1 :])
        try:
            found = read_ledger(place)
        except OutsourcingClassifierError as error:
            unnamed += place.name not in str(error)
            continue
        same = [item for item in found.decisions if fine.get(item.id) == item]
        assert len(same) + len(found.unknown) >= len(fine) - 2  # a broken line end joins two rows
    assert unnamed == 0
