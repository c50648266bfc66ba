"""The tables of words: what they must hold, and errors that name file, row and column."""

from pathlib import Path

import pytest

from outsourcing_classifier import Classifier, Lexicon, LexiconError, load_lexicon
from outsourcing_classifier.dimensions import DIMENSIONS
from outsourcing_classifier.lexicon.check import check_lexicon
from outsourcing_classifier.lexicon.codes import ROLES
from outsourcing_classifier.lexicon.tables import CUE_COLUMNS, Cue, base_tables, read_cues, read_strengths

HEADER = "\t".join(("language", *CUE_COLUMNS))


def base_cues(language: str) -> list[Cue]:
    """All cues of the base tables of a language."""
    strengths = read_strengths()
    return [
        cue for kind, path in base_tables(language) if kind == "cues" for cue in read_cues(path, language, strengths)
    ]


def row(language: str = "en", cue: str = "frobnicate", role: str = "action", strength: str = "clerical", **own: str) -> str:
    values = {"language": language, "cue": cue, "role": role, "strength": strength, **own}
    return "\t".join(values.get(name, "") for name in ("language", *CUE_COLUMNS))


def overlay(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "own.tsv"
    path.write_text("\n".join((header, *rows)) + "\n", "utf-8")
    return path


@pytest.mark.parametrize("language", ["en", "de"])
def test_each_language_has_at_least_800_cues_with_role_and_strength(lexicon: Lexicon, language: str) -> None:
    cues = base_cues(language)
    assert len(cues) >= 800
    assert {cue.role for cue in cues} <= set(ROLES)
    for role in ("action", "object", "norm", "manner", "qualification", "counterpart", "volume", "service"):
        assert sum(cue.role == role for cue in cues) >= 5, role


@pytest.mark.parametrize("language", ["en", "de"])
def test_each_language_has_the_tables_that_reading_needs(language: str) -> None:
    kinds = [kind for kind, _ in base_tables(language)]
    assert {"cues", "verbs", "frames"} <= set(kinds)


def test_the_base_tables_are_free_of_problems() -> None:
    report = check_lexicon([])
    assert report.problems == 0, report.lines


def test_every_weight_lies_between_the_poles(lexicon: Lexicon) -> None:
    assert abs(lexicon.arrays.weights).max() <= 1000


def test_the_words_bpo_kpo_outsourcing_and_the_names_of_tools_carry_no_weight(lexicon: Lexicon) -> None:
    """Codebook 1.9: leaks and tools are 0."""
    silent = {"bpo", "kpo", "lpo", "outsourcing", "sap", "excel", "python", "salesforce", "cad", "power bi"}
    for cue in (*base_cues("en"), *base_cues("de")):
        if cue.cue.casefold() in silent:
            assert not any(cue.weights), cue


def test_every_strength_class_has_six_weights_and_two_gates() -> None:
    for name, strength in read_strengths().items():
        assert name
        assert len(strength.weights) == len(DIMENSIONS)
        assert len(strength.gates) == 2


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (row(language="fr"), ["row 2", "'language'", "fr"]),
        (row(cue=""), ["row 2", "'cue'", "empty"]),
        (row(role="acton"), ["row 2", "'role'", "acton", "action"]),
        (row(strength="strong"), ["row 2", "'strength'", "strong"]),
        (row(focus="2"), ["row 2", "'focus'", "2"]),
        (row(process="much"), ["row 2", "'process'", "much"]),
        (row(driver="nan"), ["row 2", "'driver'", "nan"]),
        (row(needs="object"), ["row 2", "'needs'", "object"]),
        (row(needs="form=gerund"), ["row 2", "'needs'", "gerund"]),
        (row(needs="object=nonsense"), ["2", "needs", "nonsense"]),
        (row(cue="one two three four five six seven eight nine"), ["row 2", "'cue'", "8"]),
        (row() + "\tmore", ["row 2", "columns"]),
    ],
)
def test_an_error_in_a_users_table_names_file_row_and_column(tmp_path: Path, bad: str, words: list[str]) -> None:
    with pytest.raises(LexiconError) as caught:
        load_lexicon(overlay(tmp_path, bad))
    for word in ["own.tsv", *words]:
        assert word in str(caught.value)


def test_a_wrong_header_is_named_with_the_one_expected(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match=r"own\.tsv.*weight.*expected.*language, cue, role"):
        load_lexicon(overlay(tmp_path, header="cue\tweight"))


def test_a_table_that_is_not_utf8_says_so(tmp_path: Path) -> None:
    path = tmp_path / "own.tsv"
    path.write_bytes(HEADER.encode() + b"\n" + row("de", "prüfen").encode("cp1252") + b"\n")
    with pytest.raises(LexiconError, match="UTF-8"):
        load_lexicon(path)


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match=r"nowhere\.tsv"):
        load_lexicon(tmp_path / "nowhere.tsv")


def test_a_users_word_is_found_in_all_its_forms(tmp_path: Path) -> None:
    words = load_lexicon(overlay(tmp_path, row(cue="blorple", role="object", strength="record")))
    result = Classifier(lexicon=words).classify("inspect the blorples", language="en")
    assert "blorples" in {item.text for item in result.evidence}


def test_a_users_row_replaces_the_base_row_of_the_same_identity(tmp_path: Path, classifier: Classifier) -> None:
    text = "enter the figures"
    assert classifier.score(text).activities < 0
    words = load_lexicon(overlay(tmp_path, row(cue="enter", strength="create")))
    assert Classifier(lexicon=words).score(text).activities > 0


def test_strength_off_silences_a_base_row(tmp_path: Path) -> None:
    words = load_lexicon(overlay(tmp_path, row(cue="enter", strength="off")))
    result = Classifier(lexicon=words).classify("enter them", language="en")
    assert not [item for item in result.evidence if item.text == "enter"]


def test_a_users_table_changes_the_version_but_not_the_fingerprint_of_the_base(tmp_path: Path, lexicon: Lexicon) -> None:
    words = load_lexicon(overlay(tmp_path, row()))
    assert words.fingerprint == lexicon.fingerprint
    assert words.version.startswith(lexicon.version + "+")


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "own.tsv"
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join((HEADER, row("de", "Wumpel", "object", "record"), "")).encode())
    words = load_lexicon(path)
    assert "Wumpel" in set(words.cue_texts)


def test_lexicon_check_lists_every_problem_of_a_users_table_without_stopping_the_base(tmp_path: Path) -> None:
    report = check_lexicon([overlay(tmp_path, row(role="acton"))])
    assert report.problems == 1
    assert any("own.tsv" in line and "'role'" in line for line in report.lines)
    assert any(line.startswith("en: ") for line in report.lines)
