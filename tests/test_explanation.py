"""The words people read: quotes, sums that add up, languages, presets."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import outsourcing_classifier
from outsourcing_classifier import Classification, Classifier, InputValueError
from outsourcing_classifier.dimensions import DIMENSIONS, SUM_WEIGHTS, WORDING
from outsourcing_classifier.explanation import REASON_LENGTH, number, sentences
from outsourcing_classifier.explanation.facts import reconciled

PACKAGE = Path(outsourcing_classifier.__file__).parent
ENGLISH = [
    "Type patient records into the register, 300 a day", "Develop an export strategy for the board",
    "Analyse complaints with the call script", "Check expense forms against the policy; no experience needed",
    "Advise exporters on customs law in workshops with their engineers", "Bookkeeping", "Support", "Wash the windows",
    "Type addresses and develop a pricing strategy", "Hello, nice to meet you", "", "Prepare documents",
]
GERMAN = [
    "Patientendaten ins Register eintippen, 300 am Tag", "Eine Exportstrategie für den Vorstand entwickeln",
    "Beschwerden anhand des Skripts auswerten", "Spesenformulare nach Richtlinie prüfen; keine Vorkenntnisse nötig",
    "Exporteure in Workshops mit deren Ingenieuren zum Zollrecht beraten", "Buchhaltung", "Sonstiges", "Fenster putzen",
    "Adressen abtippen und eine Preisstrategie entwickeln", "Hallo zusammen", "Unterlagen vorbereiten",
    "Das Team gibt die Bestellungen ein und legt sie ab.",
]
TASKS = ENGLISH + GERMAN


@pytest.fixture(scope="module")
def results(classifier: Classifier) -> list[Classification]:
    return list(classifier.classify_many(TASKS))


@pytest.fixture(scope="module")
def shared_service() -> Classifier:
    return Classifier(wording="shared-service")


def value(text: str) -> float:
    return float(text.replace("−", "-").replace(",", "."))


@pytest.mark.parametrize("place", range(len(TASKS)), ids=TASKS)
def test_the_reason_is_one_line_of_at_most_160_characters(results: list[Classification], place: int) -> None:
    reason = results[place].reason
    assert 0 < len(reason) <= REASON_LENGTH == 160
    assert "\n" not in reason
    assert "{" not in reason


def test_the_reason_of_a_task_with_long_quotes_fits(classifier: Classifier) -> None:
    long = "Verarbeitungsvorschriftenänderungsprotokollierungsrechnungen"
    for text in (f"{long} erfassen, {long} ablegen und {long} prüfen", "Support " * 60, "Wash the windows, " * 40):
        assert len(classifier.classify(text).reason) <= 160


@pytest.mark.parametrize("place", range(len(TASKS)), ids=TASKS)
def test_an_explanation_has_all_its_lines_and_no_gap(results: list[Classification], place: int) -> None:
    result = results[place]
    lines = result.explanation.split("\n")
    assert all(lines)
    assert not re.search(r"\{|\}|None|  ", result.explanation.replace(result.text, "") if result.text else result.explanation)
    if result.status == "ok":
        for dimension in WORDING[result.language]:
            assert any(line.startswith(dimension.name) for line in lines[1:7])
        assert lines[0].startswith(result.label or "")
        assert result.question in result.explanation


@pytest.mark.parametrize("place", range(len(TASKS)), ids=TASKS)
def test_what_is_not_stated_is_called_not_stated(results: list[Classification], place: int) -> None:
    result = results[place]
    if result.status != "ok":
        return
    unstated = {"en": "not stated", "de": "nicht angegeben"}[result.language]
    for dimension, line in zip(DIMENSIONS, result.explanation.split("\n")[1:7], strict=True):
        assert (unstated in line) == (dimension not in result.stated)


@pytest.mark.parametrize("place", range(len(TASKS)), ids=TASKS)
def test_quotes_in_an_explanation_stand_in_the_text(results: list[Classification], place: int) -> None:
    result = results[place]
    opening, closing = sentences(result.language)["numbers"]["quote"]
    plain = " ".join(result.text.split())
    for quote in re.findall(f"{opening}(.*?){closing}", result.explanation):
        for piece in quote.split(" … "):
            assert piece.removesuffix(" …") in plain


@pytest.mark.parametrize("place", range(len(TASKS)), ids=TASKS)
def test_printed_numbers_add_up(results: list[Classification], place: int) -> None:
    result = results[place]
    if result.status != "ok":
        return
    lines = result.explanation.split("\n")
    total = value(re.search(r"Σ = ([+−]?\d[.,]\d\d)", lines[0])[1])  # type: ignore[index]
    printed = []
    for wording, line in zip(WORDING[result.language], lines[1:7], strict=True):
        found = re.match(re.escape(wording.name) + r" ([+−]?\d[.,]\d\d)", line)
        printed.append(value(found[1]) if found else 0.0)
        items = [value(text) for text in re.findall(r"\(([+−]?\d[.,]\d\d)\)", line)]
        if items:
            assert sum(items) == pytest.approx(printed[-1], abs=0.0051 if wording is WORDING[result.language][5] else 1e-9)
    assert sum(v * w for v, w in zip(printed, SUM_WEIGHTS, strict=True)) == pytest.approx(total, abs=1e-9)


@given(st.lists(st.lists(st.floats(-1, 1), min_size=1, max_size=6), min_size=1, max_size=4))
def test_rounded_parts_add_up_to_the_rounded_whole(groups: list[list[float]]) -> None:
    totals = np.array([round(sum(values) * 100) for values in groups])
    group = np.repeat(np.arange(len(groups)), [len(values) for values in groups])
    values = np.array([value for values in groups for value in values])
    parts = reconciled(values * 100, group, totals)
    assert np.bincount(group, parts, len(groups)).tolist() == totals.tolist()
    assert (np.abs(parts / 100 - values) <= 0.0201).all()


@pytest.mark.parametrize(
    ("value", "language", "text"),
    [(0.5, "en", "+0.50"), (-0.5, "en", "−0.50"), (-0.75, "de", "−0,75"), (0.0, "de", "0,00"), (-0.001, "en", "0.00"), (2.25, "de", "+2,25")],
)
def test_numbers_are_written_as_readers_of_the_language_write_them(value: float, language: str, text: str) -> None:
    assert number(value, language) == text


@pytest.mark.parametrize("place", range(len(TASKS)), ids=TASKS)
def test_the_explanation_speaks_the_language_of_the_text(results: list[Classification], place: int) -> None:
    result = results[place]
    limits = {language: sentences(language)["limits"]["line"] for language in ("en", "de")}
    assert limits[result.language] in result.explanation


@pytest.mark.parametrize(("text", "explain_in"), [(ENGLISH[0], "de"), (GERMAN[0], "en")])
def test_the_explanation_speaks_the_language_asked_for_and_quotes_the_text_as_it_is(
    classifier: Classifier, text: str, explain_in: str
) -> None:
    plain, other = classifier.classify(text), classifier.classify(text, explain_in=explain_in)
    assert sentences(explain_in)["limits"]["line"] in other.explanation
    assert other.language == plain.language
    assert other.scores == plain.scores
    assert other.question != plain.question
    quoted = next(item for item in other.evidence if item.contribution)
    assert quoted.text in other.explanation
    assert {item.reason for item in other.evidence}.isdisjoint(item.reason for item in plain.evidence)


def test_an_unknown_language_of_explanation_is_refused(classifier: Classifier) -> None:
    with pytest.raises(InputValueError, match="explain_in"):
        classifier.classify("Type addresses", explain_in="fr")


@pytest.mark.parametrize("text", TASKS)
def test_the_shared_service_preset_never_says_outsourcing_bpo_or_kpo(shared_service: Classifier, text: str) -> None:
    for explain_in in ("en", "de"):
        result = shared_service.classify(text, explain_in=explain_in)
        spoken = " ".join(
            [result.explanation, result.reason, result.question, str(result.turn and result.turn["text"])]
            + [item.reason for item in result.evidence] + [part.explanation for part in result.parts]
        )
        assert not re.search(r"outsourcing|\bBPO\b|\bKPO\b|auslager", spoken, re.IGNORECASE)


def test_the_shared_service_preset_has_its_own_words(shared_service: Classifier) -> None:
    assert shared_service.label_text("BPO", "de") == "Transaktionsarbeit"
    assert shared_service.label_text("KPO", "de") == "Wissensarbeit"
    assert shared_service.label_text("BPO", "en") == "transaction work"
    assert shared_service.label_text("KPO", "en") == "knowledge work"
    assert "ransaction work" in shared_service.classify(ENGLISH[0]).explanation


def test_an_unknown_preset_is_refused() -> None:
    with pytest.raises(InputValueError, match="shared-service"):
        Classifier(wording="friendly")


def strings(table: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every sentence of a table and where it stands."""
    if isinstance(table, dict):
        for name, entry in table.items():
            yield from strings(entry, f"{path}.{name}")
    elif isinstance(table, list):
        for entry in table:
            yield from strings(entry, path)
    elif isinstance(table, str):
        yield path, table


SENTENCES = [
    (f"{path.name}{where}", text)
    for path in sorted(PACKAGE.rglob("*.toml"))
    for where, text in strings(tomllib.loads(path.read_text("utf-8")))
]
DEGRADING = re.compile(
    r"\b(simple|simpler|simplest|simply|low[- ]?skill\w*|low[- ]?level|low[- ]?end|unskilled|menial|mindless|trivial|easy|cheap"
    r"|einfach\w*|gering\s?qualifiziert\w*|geringqualifiziert\w*|niedrig\s?qualifiziert\w*|ungelernt\w*|anspruchslos\w*"
    r"|stupid\w*|stumpf\w*|primitiv\w*|minderwertig\w*|billig\w*|hilfskr\w+|hilfsarbeit\w*)\b",
    re.IGNORECASE,
)


def test_there_are_sentences_in_both_languages() -> None:
    assert {place.partition(".")[0] for place, _ in SENTENCES} >= {"en", "de"}
    assert len(SENTENCES) > 150


@pytest.mark.parametrize(("place", "text"), SENTENCES, ids=[place for place, _ in SENTENCES])
def test_no_template_calls_work_or_people_simple_low_or_unskilled(place: str, text: str) -> None:
    assert not DEGRADING.search(text), place


def test_the_poles_and_questions_of_the_dimensions_are_respectful_too() -> None:
    for wordings in WORDING.values():
        for wording in wordings:
            assert not DEGRADING.search(f"{wording.name} {wording.question} {wording.low} {wording.high}")


def test_low_is_said_of_confidence_only() -> None:
    for place, text in SENTENCES:
        if re.search(r"\b(low|gering\w*|niedrig\w*)\b", re.sub(r"\{\w+\}", "", text), re.IGNORECASE):
            assert "confidence" in text or "Sicherheit" in text or ".band." in place, place


def test_both_languages_have_the_same_sentences() -> None:
    tables = {language: dict(strings(sentences(language))) for language in ("en", "de")}
    assert set(tables["en"]) == set(tables["de"])
    for place, english in tables["en"].items():
        holes = [set(re.findall(r"\{(\w+)", text)) for text in (english, tables["de"][place])]
        assert holes[0] == holes[1], place


def test_the_turn_is_a_change_of_facts_in_words(classifier: Classifier) -> None:
    for text in ("Design a bonus scheme", "Ein Bonusmodell entwerfen"):
        result = classifier.classify(text)
        assert result.turn is not None
        assert result.turn["text"] in result.explanation
        assert str(result.turn["label"]) in result.turn["text"]


def test_a_terminal_gets_bars_and_a_pipe_gets_plain_text(classifier: Classifier) -> None:
    import io

    from outsourcing_classifier.explanation.terminal import bar, show

    stream = io.StringIO()
    result = classifier.classify(ENGLISH[0])
    show(result, stream)
    assert "\x1b" not in stream.getvalue()
    assert result.explanation in stream.getvalue()
    assert bar(-1) == "█" * 10 + "│" + "·" * 10
    assert bar(0.5, plain=True) == "." * 10 + "|" + "#" * 5 + "." * 5
    assert len({len(bar(place / 7)) for place in range(-7, 8)}) == 1


def test_a_notebook_shows_the_text_escaped_and_marked(classifier: Classifier) -> None:
    html = classifier.classify('Type <b>addresses</b> & "letters"')._repr_html_()
    assert "<b>addresses" not in html
    assert "&lt;b&gt;" in html
    assert "<mark" in html
    assert "<script" not in html
    assert "http" not in html


@pytest.mark.parametrize("text", [
    "Reconcile supplier statements and post the differences in SAP",
    "Monatliche Abweichungen analysieren und der Leitung Maßnahmen vorschlagen",
])
def test_a_word_is_named_once_in_a_line_with_all_that_it_adds(classifier: Classifier, text: str) -> None:
    result = classifier.classify(text, explain_in="en")
    spans = [(item.dimension, item.spans) for item in result.evidence if item.contribution]
    assert len(set(spans)) < len(spans)  # as a cue and as a learned word
    lines = result.explanation.split("\n")[1:7]
    for name, line in zip(DIMENSIONS, lines, strict=True):
        quotes = re.findall("“(.*?)”", line)
        assert len(quotes) == len(set(quotes))
        wanted = sum(item.contribution for item in result.evidence if item.dimension == name)
        shown = [float(value.replace("−", "-")) for value in re.findall(r"\(([+−]\d\.\d\d)\)", line)]
        if len(shown) > 1:
            assert abs(sum(shown) - wanted) < 0.0051
