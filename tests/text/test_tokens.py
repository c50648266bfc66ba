"""Texts to tokens: splitting, normalising, and where each token stands in the text as given."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from outsourcing_classifier.text.tokens import LINE_END, SEPARATOR, ChunkTable, token_spans


def tokens_of(*texts: str, table: ChunkTable | None = None) -> list[list[tuple[str, int, int]]]:
    """Form, start and end of the tokens of each text."""
    tokens = (table or ChunkTable()).encode(texts)
    starts, ends = token_spans(tokens)
    found: list[list[tuple[str, int, int]]] = [[] for _ in texts]
    for row, form, start, end in zip(tokens.text.tolist(), tokens.form.tolist(), starts.tolist(), ends.tolist(), strict=True):
        found[row].append((tokens.table.forms[form], start, end))
    return found


def forms_of(text: str) -> list[str]:
    return [form for form, _, _ in tokens_of(text)[0]]


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("Mahnungen versenden", ["Mahnungen", "versenden"]),
        ("Mahnungen, Gutschriften; Storno.", ["Mahnungen", ",", "Gutschriften", ";", "Storno", "."]),
        ("Prüfungs- und Freigabeschritte", ["Prüfungs-", "und", "Freigabeschritte"]),
        ("Sachbearbeiter:innen", ["Sachbearbeiter:innen"]),
        ("Mandant*innen betreuen", ["Mandant*innen", "betreuen"]),
        ("Kolleg_innen", ["Kolleg_innen"]),
        ("Kunde(n) anrufen", ["Kunde(n)", "anrufen"]),
        ("Prüfer/-innen", ["Prüfer/-innen"]),
        ("Anlage/Änderung", ["Anlage", "/", "Änderung"]),
        ("SAP-Belege", ["SAP", "Belege"]),
        ("the supplier's bank", ["the", "supplier's", "bank"]),
        ("don't decide", ["don't", "decide"]),
        ("1.200 Fälle", ["1.200", "Fälle"]),
        ("ca. 3,5 Std.", ["ca", ".", "3,5", "Std", "."]),
        ("• Post öffnen", ["•", "Post", "öffnen"]),
        ("(intern)", ["(", "intern", ")"]),
        ("weiter … später", ["weiter", "...", "später"]),
        ("", []),
        (" \t ", []),
    ],
)
def test_a_text_falls_into_its_words_and_marks(text: str, forms: list[str]) -> None:
    assert forms_of(text) == forms


def test_a_line_break_is_a_token_of_its_own() -> None:
    assert forms_of("Post öffnen\nPost verteilen") == ["Post", "öffnen", LINE_END, "Post", "verteilen"]


@pytest.mark.parametrize(
    ("given_text", "plain"),
    [
        ("Rech\u00adnungen", "Rechnungen"),
        ("zero\u200bwidth", "zerowidth"),
        (unicodedata.normalize("NFD", "Prüfung"), "Prüfung"),
        ("\ufb01ling", "filing"),
        ("\ufeffBelege", "Belege"),
    ],
)
def test_invisible_and_composed_characters_do_not_change_the_word(given_text: str, plain: str) -> None:
    found = tokens_of(f"alle {given_text} hier")[0]
    assert [form for form, _, _ in found] == ["alle", plain, "hier"]
    _, start, end = found[2]
    assert f"alle {given_text} hier"[start:end] == "hier"


def test_the_span_of_a_composed_word_covers_all_its_code_points() -> None:
    text = "die " + unicodedata.normalize("NFD", "Übergabe") + " planen"
    _, start, end = tokens_of(text)[0][1]
    assert unicodedata.normalize("NFC", text[start:end]) == "Übergabe"


@pytest.mark.parametrize("text", ["  two  spaced   words ", "tab\tand\nline\r\nend", "a\u2028b\x0bc", "\n\nlate start"])
def test_spans_are_right_whatever_stands_between_the_words(text: str) -> None:
    for form, start, end in tokens_of(text)[0]:
        if form != LINE_END:
            assert text[start:end] == form


@given(st.lists(st.text(max_size=40), max_size=5))
@example([f"a {SEPARATOR} b", f"{LINE_END}c", "d"])
@example(["a\x1cb", "c\x85d", "\u00a0e\u3000f", "\r\n", "\ud800 g"])
@example(["\u0300a", "a\u0300\u0301 b", "\u1112\u1161\u11ab"])
def test_spans_lie_inside_their_text_in_reading_order(texts: list[str]) -> None:
    for text, found in zip(texts, tokens_of(*texts), strict=True):
        place = 0
        for form, start, end in found:
            assert 0 <= start <= end <= len(text)
            assert start >= place, (form, found)
            assert form == LINE_END or end > start
            place = start


@given(st.lists(st.text(alphabet="abÄ ß-.,;:/(\n\t1\u00ad", max_size=25), min_size=1, max_size=5))
def test_a_text_has_the_same_tokens_alone_and_in_a_batch(texts: list[str]) -> None:
    assert tokens_of(*texts) == [tokens_of(text)[0] for text in texts]


def test_a_table_that_knows_other_chunks_gives_the_same_tokens() -> None:
    table = ChunkTable()
    tokens_of("ganz andere Wörter, davor", table=table)
    text = "Belege, Wörter (davor) prüfen"
    assert tokens_of(text, table=table) == tokens_of(text)


def test_private_use_characters_in_a_text_do_not_move_other_texts() -> None:
    found = tokens_of(f"one{SEPARATOR}two", "three")
    assert [form for form, _, _ in found[1]] == ["three"]
