"""Agreement of two readings: coefficients against examples reckoned by hand and published ones, tables, the command."""

import csv
import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from outsourcing_classifier.agreement import (
    agreement_figures,
    agreement_lines,
    bootstrap_interval,
    cohen_kappa,
    krippendorff_alpha,
    mean_absolute_difference,
    raw_agreement,
    read_readings,
)
from outsourcing_classifier.cli import app
from outsourcing_classifier.dimensions import DIMENSIONS
from outsourcing_classifier.errors import InputValueError, TrainingDataError

COLUMNS = ("id", "language", "status", "label", *DIMENSIONS)
TASK = ("en", "ok", "BPO", "-1", "-0.5", "-0.5", "0", "-1", "0")
OTHER = ("en", "ok", "KPO", "1", "0.5", "0.5", "0", "1", "0.5")
OUTSIDE = ("en", "out_physical", *[""] * 7)


def readings(*rows):
    """Readings as strings of one character a row; a point is a missing value."""
    return np.array([[math.nan if c == "." else float(ord(c)) for c in row.replace(" ", "")] for row in rows])


def counted(table):
    """Two readings with so many rows in each cell: {"yy": 20} is 20 rows that both call y."""
    return readings(*("".join(pair[side] * count for pair, count in table.items()) for side in (0, 1)))


@pytest.fixture
def write(tmp_path):
    """Write a table of readings: {id: cells}."""

    def write(name, rows, columns=COLUMNS, delimiter=","):
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=delimiter).writerows([columns, *((key, *cells) for key, cells in rows.items())])
        return path

    return write


@pytest.mark.parametrize(
    ("rows", "level", "alpha"),
    [
        # By hand: coincidences 11: 2, 22: 2, 23 and 32: 1; values 2, 3, 1 of 6.
        (("123", "122"), "nominal", 1 - 5 * 2 / 22),  # pairs of different values: 2 · (2·3 + 2·1 + 3·1) = 22
        # Middles of the ranks 1, 3.5, 5.5: distances 2.5² between 1 and 2, 4.5² between 1 and 3, 2² between 2 and 3.
        (("123", "122"), "ordinal", 1 - 5 * (2 * 4) / (2 * (6 * 6.25 + 2 * 20.25 + 3 * 4))),
        # Never the same: all 8 coincidences lie off the diagonal, 2 · 4 · 4 pairs of values differ.
        (("1212", "2121"), "nominal", 1 - 7 * 8 / 32),
        # Krippendorff, Computing Krippendorff's Alpha-Reliability: sections A (binary), B (nominal), C (four coders).
        (("0100000010", "1110010000"), "nominal", 0.095),
        (("aabbdcccedda", "babbbccceddd"), "nominal", 0.692),
        (("123321412...", "1233224125.3", ".3332342251.", "12332441251."), "nominal", 0.743),
        (("123321412...", "1233224125.3", ".3332342251.", "12332441251."), "ordinal", 0.815),
    ],
)
def test_alpha_is_what_the_hand_or_the_author_reckoned(rows, level, alpha):
    assert krippendorff_alpha(readings(*rows), level) == pytest.approx(alpha, abs=5e-4)


def test_alpha_of_one_and_of_no_value_is_undefined():
    assert math.isnan(krippendorff_alpha(readings("111", "111"), "nominal"))
    assert math.isnan(krippendorff_alpha(readings("1..", ".2."), "ordinal"))


def test_rows_with_one_value_do_not_change_alpha():
    for level in ("nominal", "ordinal"):
        alpha = krippendorff_alpha(readings("1123", "1122"), level)
        assert krippendorff_alpha(readings("1.1239", "14122."), level) == pytest.approx(alpha)


def test_ordinal_alpha_looks_at_ranks_and_not_at_the_size_of_steps():
    halves = np.array([[-1, -0.5, 0, 0.5, 1, 0], [-1, -0.5, 0.5, 0.5, 1, 0]])
    assert krippendorff_alpha(halves, "ordinal") == pytest.approx(krippendorff_alpha(np.exp(halves), "ordinal"))


@given(st.lists(st.tuples(*[st.sampled_from([-1, -0.5, 0, 0.5, 1])] * 2), min_size=2, max_size=30))
def test_alpha_does_not_ask_who_was_first_nor_for_the_order_of_rows(pairs):
    both = np.array(pairs, float).T
    for level in ("nominal", "ordinal"):
        alpha = krippendorff_alpha(both, level)
        assert krippendorff_alpha(both[::-1, ::-1], level) == pytest.approx(alpha, nan_ok=True)
        assert not alpha > 1 + 1e-9


@pytest.mark.parametrize(
    ("table", "kappa"),
    [
        # By hand: agreement 0.7; by chance 0.5 · 0.6 + 0.5 · 0.4 = 0.5
        ({"yy": 20, "yn": 5, "ny": 10, "nn": 15}, 0.4),
        # 0.6 each; by chance 0.6 · 0.7 + 0.4 · 0.3 = 0.54 and 0.6 · 0.3 + 0.4 · 0.7 = 0.46
        ({"yy": 45, "yn": 15, "ny": 25, "nn": 15}, 0.06 / 0.46),
        ({"yy": 25, "yn": 35, "ny": 5, "nn": 35}, 0.14 / 0.54),
        ({"yy": 3, "nn": 4}, 1.0),
        ({"yy": 3, "nn": 4, "y.": 5, ".n": 6}, 1.0),
        ({"yy": 3}, math.nan),
        ({"y.": 3}, math.nan),
    ],
)
def test_kappa_is_what_the_hand_reckons(table, kappa):
    assert cohen_kappa(counted(table)) == pytest.approx(kappa, nan_ok=True)


def test_raw_agreement_and_mean_difference_leave_out_rows_with_one_value():
    both = np.array([[1, 0.5, -1, 0, math.nan], [1, 0, 0.5, math.nan, 1]])
    assert raw_agreement(both) == pytest.approx(1 / 3)
    assert mean_absolute_difference(both) == pytest.approx((0 + 0.5 + 1.5) / 3)
    assert math.isnan(raw_agreement(both[:, 3:]))
    assert math.isnan(mean_absolute_difference(both[:, 3:]))


@pytest.mark.parametrize("figure", [cohen_kappa, raw_agreement, mean_absolute_difference])
def test_figures_of_pairs_refuse_three_readings(figure):
    with pytest.raises(InputValueError, match="two readings"):
        figure(readings("12", "12", "12"))


def test_the_interval_is_near_the_textbook_one_and_the_same_at_every_call():
    both = counted({"yy": 150, "nn": 50, "yn": 50})  # a share of 0.8 in 250 rows: ± 1.96 · 0.0253
    low, high = bootstrap_interval(raw_agreement, both)
    assert (low, high) == pytest.approx((0.75, 0.85), abs=0.01)
    assert bootstrap_interval(raw_agreement, both) == (low, high)
    assert bootstrap_interval(raw_agreement, both, seed=8) != (low, high)


def test_the_interval_has_no_width_where_all_agree_and_no_ends_where_nothing_is_defined():
    assert bootstrap_interval(cohen_kappa, counted({"yy": 20, "nn": 20})) == (1.0, 1.0)
    assert all(map(math.isnan, bootstrap_interval(cohen_kappa, counted({"yy": 20}))))
    assert all(map(math.isnan, bootstrap_interval(raw_agreement, counted({"y.": 20}))))


def test_tables_are_joined_by_id_and_told_apart_by_language(write):
    first = write("first.csv", {"a": TASK, "b": OTHER, "c": OUTSIDE, "d": ("de", *TASK[1:]), "e": TASK})
    columns = tuple(name for name in COLUMNS if name != "language")
    second = write("second.csv", {"d": OTHER[1:], "c": OUTSIDE[1:], "b": OTHER[1:], "a": TASK[1:], "x": TASK[1:]}, columns)
    figures = agreement_figures(read_readings([first]), read_readings([second]))
    assert (figures["joined"], figures["only_first"], figures["only_second"]) == (4, 1, 1)
    assert list(figures["languages"]) == ["de", "en"]
    english, german = figures["languages"]["en"], figures["languages"]["de"]
    assert (english["rows"], english["status"]["n"], english["label"]["n"], english["focus"]["n"]) == (3, 3, 2, 2)
    assert english["label"]["kappa"]["value"] == english["label"]["alpha"]["value"] == 1
    assert german["label"]["raw_agreement"]["value"] == 0
    assert german["focus"]["mad"] == {"value": 2, "low": 2, "high": 2}
    assert german["status"]["alpha"]["value"] is None
    assert json.loads(json.dumps(figures)) == figures
    text = "\n".join(agreement_lines(figures))
    assert "undefined" in text
    assert "nan" not in text
    assert "None" not in text


def test_a_filled_sheet_is_read_as_spreadsheets_save_it(write):
    columns = ("item_id", *COLUMNS[1:])
    german = write("sheet.csv", {"a": ("en", "OK", "bpo", "-1", "-0,5", "−0,5", "0", "-1", "0"), "b": ("de", *[""] * 8)}, columns, ";")
    assert read_readings([german]) == read_readings([write("first.csv", {"a": TASK})])


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ({"a": ("en", "fine", *TASK[2:])}, "bad.csv, row 2, column 'status': 'fine'"),
        ({"a": ("en", "ok", "IPO", *TASK[3:])}, "bad.csv, row 2, column 'label': 'IPO'"),
        ({"a": TASK, "b": (*TASK[:3], "0.3", *TASK[4:])}, "bad.csv, row 3, column 'focus': '0.3'"),
        ({"a": (*TASK[:3], "high", *TASK[4:])}, "column 'focus': 'high'"),
        ({"": TASK}, "column 'id': must not be empty"),
    ],
)
def test_what_cannot_be_read_is_named_with_file_row_and_column(write, rows, complaint):
    with pytest.raises(TrainingDataError, match=r"bad\.csv") as error:
        read_readings([write("bad.csv", rows)])
    assert complaint in str(error.value)


def test_an_id_that_stands_in_two_tables_of_one_reading_is_refused(write):
    with pytest.raises(TrainingDataError, match=r"two\.csv, row 2, column 'id': 'a'"):
        read_readings([write("one.csv", {"a": TASK}), write("two.csv", {"a": TASK})])


def test_a_table_without_the_columns_is_refused(write):
    with pytest.raises(TrainingDataError, match=r"plain.csv: no column id, status, .*columns are text, label"):
        read_readings([write("plain.csv", {"Type letters": ("BPO",)}, ("text", "label"))])


def test_the_command_prints_a_table_or_json(write):
    first, more = write("first.csv", {"a": TASK, "b": OTHER}), write("more.csv", {"c": OUTSIDE})
    second = write("second.csv", {"a": TASK, "b": TASK, "c": OUTSIDE})
    run = CliRunner().invoke(app, ["agreement", str(first), str(more), str(second)])
    assert run.exit_code == 0, run.output
    assert run.stdout.startswith("3 rows in both tables; 0 only in the first, 0 only in the second")
    for word in ("status", "label", *DIMENSIONS, "alpha", "kappa", "raw agreement"):
        assert word in run.stdout
    data = json.loads(CliRunner().invoke(app, ["agreement", "--json", str(first), str(more), str(second)]).stdout)
    assert data == agreement_figures(read_readings([first, more]), read_readings([second]))


@pytest.mark.parametrize("arguments", [["first.csv"], ["first.csv", "none.csv"], ["first.csv", "apart.csv"]])
def test_the_command_complains_in_one_sentence(write, arguments, tmp_path):
    write("first.csv", {"a": TASK})
    write("apart.csv", {"b": TASK})
    run = CliRunner().invoke(app, ["agreement", *(str(tmp_path / name) for name in arguments)])
    assert run.exit_code == 2
    assert run.stdout == ""
    assert len(run.stderr.strip().splitlines()) == 1
    assert "Traceback" not in run.stderr
