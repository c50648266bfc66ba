"""Words of a user's own: added with their effect shown, abbreviations, tables that are damaged."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from outsourcing_classifier import Classifier, LexiconError, load_lexicon
from outsourcing_classifier.cli import app
from outsourcing_classifier.lexicon.check import check_lexicon
from outsourcing_classifier.lexicon.tables import USER_ABBREVIATIONS, USER_COLUMNS, read_cues, read_strengths

HEADER = "\t".join(USER_COLUMNS)
ABBREVIATIONS = "\t".join(USER_ABBREVIATIONS)
Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    def call(*arguments: str | Path, stdin: str | None = None) -> Result:
        return CliRunner().invoke(app, ["lexicon", "add", *map(str, arguments)], input=stdin)

    return call


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "words.tsv"


GIVEN = ("--cue", "zorben", "--cue-language", "de", "--role", "action", "--strength", "create", "--example", "Konzepte zorben")


def test_a_word_is_added_with_what_it_changes_shown_first(run: Run, table: Path, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("Aufgabe;VZÄ\nListen zorben;2,5\nBelege ablegen;1\n", "utf-8")
    done = run(table, *GIVEN, "--file", tmp_path / "in.csv", "--language", "de", "--yes")
    assert done.exit_code == 0, done.output
    assert "Das Beispiel enthält „zorben“." in done.output
    assert "ändern (2,5 VZÄ)" in done.output
    assert "Zeile 2, 2,5 VZÄ:" in done.output
    assert Classifier(lexicon=table).classify("Listen zorben").label == "KPO"


def test_questions_lead_to_the_same_row(run: Run, table: Path) -> None:
    answers = ["zorben", "de", "9", "1", "8", "Konzepte zorben", "y"]
    done = run(table, "--language", "de", stdin="\n".join(answers) + "\n")
    assert done.exit_code == 0, done.output
    assert "Bitte eine der Nummern wählen." in done.output  # there is no ninth kind
    assert "Womit ist es am ehesten zu vergleichen?" in done.output
    assert table.read_text("utf-8").splitlines() == [HEADER, "de\tzorben\taction\tcreate\t\t\t\t\t\t\t\tKonzepte zorben"]


def test_weights_may_be_rated_one_by_one(run: Run, table: Path) -> None:
    answers = ["zorb", "en", "1", "11", "1", "0,5", "", "", "1", "", "zorb the plan", "y"]
    done = run(table, stdin="\n".join(answers) + "\n")
    assert done.exit_code == 0, done.output
    assert table.read_text("utf-8").splitlines()[1] == "en\tzorb\taction\tneutral\t1\t0.5\t\t\t1\t\t\tzorb the plan"


def test_nothing_is_written_where_the_person_says_no(run: Run, table: Path) -> None:
    assert "Nothing was written." in run(table, *GIVEN, stdin="n\n").output
    assert not table.exists()


def test_contradictions_and_words_without_effect_are_said(run: Run, table: Path) -> None:
    done = run(
        table, "--cue", "file", "--cue-language", "en", "--role", "action", "--strength", "create", "--example", "sort letters", "--yes"
    )
    assert "“file” is known: Focus" in done.output
    assert "it would point the other way in Focus" in done.output
    assert "does not take effect in the example" in done.output


def test_the_rows_of_the_user_keep_every_byte(run: Run, table: Path) -> None:
    before = f"{HEADER}\r\nde\tZEUS-Ticket\tobject\trecord\t\t\t\t\t\t\t\tunser System  \r\nen\tfoo\taction\toff".encode()
    table.write_bytes(before)
    assert run(table, *GIVEN, "--yes").exit_code == 0
    assert table.read_bytes().startswith(before + b"\r\n")
    assert check_lexicon([table]).problems == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--strength", "strong"), "column 'strength': 'strong'"), (("--role", "verb"), "column 'role': 'verb'"),
        (("--cue-language", "fr"), "column 'language': 'fr'"), (("--weights", "focus=2"), "focus: '2' is no number from -1 to 1"),
        (("--weights", "fokus=1"), "fokus unknown"), (("--cue", "a\tb"), "holds a tab"), (("--needs", "x=y"), "column 'needs'"),
    ],
)
def test_what_cannot_stand_in_the_table_is_one_sentence(run: Run, table: Path, options: tuple[str, str], said: str) -> None:
    done = run(table, *GIVEN, *options, "--yes")
    assert done.exit_code == 2
    assert said in done.output
    assert not table.exists()


def test_a_users_abbreviation_reads_as_its_expansion_and_replaces_ours(tmp_path: Path) -> None:
    own = tmp_path / "abbreviations.tsv"
    own.write_text(f"{ABBREVIATIONS}\nde\tZQX\tReisekostenabrechnung\nde\tFiBu\tRechtsberatung\n", "utf-8")
    plain, ours = Classifier(), Classifier(lexicon=own)
    assert plain.classify("ZQX").label is None
    assert ours.classify("ZQX").label == plain.classify("Reisekostenabrechnung").label == "BPO"
    assert (plain.classify("FiBu").label, ours.classify("FiBu").label) == ("BPO", "KPO")
    assert check_lexicon([own]).problems == 0


@pytest.mark.parametrize(
    ("row", "said"), [("fr\tX\tY", "row 2, column 'language'"), ("de\t\tY", "column 'abbreviation': is empty"), ("de\tX", "column 'expansion': is empty"), ("de\tA B\tY", "more than one word")]
)
def test_an_abbreviation_that_cannot_be_used_names_row_and_column(tmp_path: Path, row: str, said: str) -> None:
    (tmp_path / "a.tsv").write_text(f"{ABBREVIATIONS}\n{row}\n", "utf-8")
    with pytest.raises(LexiconError, match=said):
        load_lexicon(tmp_path / "a.tsv")


def test_tables_may_be_several_and_the_last_one_rules(tmp_path: Path) -> None:
    for name, strength in (("a", "create"), ("b", "clerical")):
        (tmp_path / f"{name}.tsv").write_text(f"{HEADER}\nen\tzorb\taction\t{strength}\n", "utf-8")
    a, b = tmp_path / "a.tsv", tmp_path / "b.tsv"
    assert Classifier(lexicon=[a, b]).classify("zorb letters").label == "BPO"
    assert Classifier(lexicon=[b, a]).classify("zorb letters").label == "KPO"


def test_a_table_without_rows_is_none(tmp_path: Path) -> None:
    (tmp_path / "w.tsv").write_text(HEADER + "\n", "utf-8")
    assert load_lexicon(tmp_path / "w.tsv").version == load_lexicon().version


CUES = ("zorben\taction\tcreate", "ZEUS-Ticket\tobject\trecord", "Quorf\tobject\targument", "prüfen\taction\toff", "Rechnung\tobject\tdocument")
UNTOUCHED = ("Briefe sortieren", "Verträge auslegen", "Gutachten verfassen", "Bestellungen anlegen", "Kundenanfragen beantworten")


def mutated(data: bytes, row: int, chance: random.Random) -> bytes:
    """A table with one touched row: flipped bytes, swapped or cut columns, huge numbers, odd encodings."""
    lines = data.split(b"\n")
    line, fields = lines[row], lines[row].split(b"\t")
    place = chance.randrange(len(line))
    kinds: list[Callable[[], bytes]] = [
        lambda: line[:place] + bytes([line[place] ^ 1 << chance.randrange(8)]) + line[place + 1 :], lambda: line[:place],
        lambda: b"\t".join(chance.sample(fields, len(fields))),
        lambda: line + b"\t" * chance.randrange(1, 12) + chance.choice([b"1e999", b"nan", b"-5", b"9" * 300, b"0.5"]),
        lambda: line.decode().encode("utf-16"), lambda: b"\x00" * 5 + line, lambda: b"",
    ]
    lines[row] = chance.choice(kinds)()
    return b"\n".join(lines)


@pytest.mark.slow
def test_mutated_tables_are_an_error_or_act_only_where_the_touched_cue_does(table: Path) -> None:
    chance = random.Random(11)
    whole = "\n".join([HEADER, *(f"de\t{cue}" for cue in CUES), ""]).encode()
    table.write_bytes(whole)
    strengths = read_strengths()
    known = {cue.cue: cue.weights for cue in read_cues(table, None, strengths)}
    labels = Classifier(lexicon=table).classify_many(UNTOUCHED).label
    read = 0
    for _ in range(200):
        row = chance.randrange(len(CUES))
        table.write_bytes(mutated(whole, 1 + row, chance))
        try:
            found = {cue.cue: cue.weights for cue in read_cues(table, None, strengths)}
        except LexiconError as error:
            assert "words.tsv" in str(error)  # noqa: PT017 - an error or a result, both are right
            continue
        read += 1
        touched = CUES[row].split("\t")[0]
        assert all(found[cue] == weights for cue, weights in known.items() if cue != touched)
        if read % 8 == 0:  # compiling the tables takes a second
            assert Classifier(lexicon=load_lexicon(table)).classify_many(UNTOUCHED).label == labels
    assert 10 < read < 190
