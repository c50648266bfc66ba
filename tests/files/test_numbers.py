"""Numbers as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outsourcing_classifier.files.numbers import decimal_mark, is_number, number


@pytest.mark.parametrize(
    ("text", "mark", "value"),
    [
        ("0,5 VZÄ", ",", 0.5), ("1.200 €", ",", 1200), ("1.234,56 €", ",", 1234.56), ("€ 1,234.56", ".", 1234.56),
        ("12'000.50 CHF", ".", 12000.5), ("12’000", ",", 12000), ("1 200,5", ",", 1200.5), ("1\u00a0200,5", ",", 1200.5),
        ("1\u202f200", ",", 1200), ("-3,5", ",", -3.5), ("−3,5", ",", -3.5), ("+2", ".", 2), ("1.200.000", ".", 1200000),
        ("1.200.000", ",", 1200000), ("1,200,000", ".", 1200000), ("ca. 3 FTE", ".", 3), ("2.", ".", 2), ("0,25", ",", 0.25),
        ("", ",", None), ("n/a", ",", None), ("-", ",", None), (None, ",", None), (1.5, ",", 1.5), (3, ".", 3),
        (float("nan"), ".", None), (float("inf"), ".", None), (True, ".", None),
    ],
)
def test_a_cell_is_read_as_its_number(text: object, mark: str, value: float | None) -> None:
    assert number(text, mark) == (None if value is None else pytest.approx(value))


@pytest.mark.parametrize(
    ("cells", "default", "mark"),
    [
        (["0,5", "1"], ".", ","), (["0.5", "1"], ",", "."), (["1.200", "0,5"], ".", ","), (["1.200", "2.400"], ",", ","),
        (["1.200", "2.400"], ".", "."), (["1.234,5"], ".", ","), (["1,234.5"], ",", "."), ([], ",", ","), (["x", None, 3], ".", "."),
        (["12,50 €", "3.000 €"], ".", ","),
    ],
)
def test_the_decimal_mark_is_what_the_cells_use_where_it_is_certain(cells: list[object], default: str, mark: str) -> None:
    assert decimal_mark(cells, default) == mark


@pytest.mark.parametrize("text", ["-5", "+3,5", "1.200 €", "- 4", "12 %", "-1.234,56 EUR", "0"])
def test_a_number_alone_is_a_number(text: str) -> None:
    assert is_number(text)


@pytest.mark.parametrize("text", ["-5+3", "=1", "-A1", "+49 (0)30", "5 mal", "@5", "", "-", "1-2"])
def test_a_formula_or_a_text_with_digits_is_no_number(text: str) -> None:
    assert not is_number(text)


@given(st.floats(-1e6, 1e6).map(lambda value: round(value, 2)))
def test_a_german_number_is_read_back(value: float) -> None:
    text = f"{value:,.2f}".translate(str.maketrans(",.", ".,"))
    assert number(text, ",") == pytest.approx(value)
