"""The page of evaluate: one file, complete in both languages, safe whatever the rows say."""

import csv
import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path

import pytest

import outsourcing_classifier
from outsourcing_classifier import InputValueError, TaskFileError
from outsourcing_classifier.evaluation import measure, page_html, write_page

PACKAGE = Path(outsourcing_classifier.__file__).parent
WORDS = tomllib.loads((PACKAGE / "evaluation" / "words.toml").read_text("utf-8"))
EMPTY = {"meta", "br"}
ROWS = [
    ("Enter invoices into SAP according to the work instruction.", "BPO", "ok", "a", "language model (codebook)"),
    ("Analyse why <b>customers</b> leave & recommend measures.", "KPO", "ok", "a", "language model (codebook)"),
    ("Type addresses", "BPO", "ok", "b", "language model (codebook)"),
    ("Type letters", "BPO", "ok", "b", "language model (codebook)"),
    ("Type lists", "BPO", "ok", "<script>alert(1)</script>", "language model (codebook)"),
    ("Type names", "BPO", "ok", "d", "language model (codebook)"),
    ("Eine Preisstrategie entwickeln", "BPO", "ok", "d", "language model (codebook)"),
    ("Mop the floor", "", "out_physical", "d", "language model (codebook)"),
    ("Develop a pricing strategy " + "for all the regions of the whole country " * 10, "KPO", "ok", "d", "language model (codebook)"),
]


class Checker(HTMLParser):
    """Complains about tags that are not closed in order, and collects what a page could load."""

    def __init__(self):
        super().__init__()
        self.open, self.tags, self.attributes, self.text = [], [], [], []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, *attribute) for attribute in attributes]
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, *attribute) for attribute in attributes]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text.append(data)


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "tasks <1>.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("task", "label", "status", "source", "annotator"), *ROWS])
    return path


@pytest.fixture
def measured(classifier, source):
    return measure(source, classifier)


def checked(text):
    checker = Checker()
    checker.feed(text)
    assert checker.open == []
    return checker


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_page_loads_nothing_and_runs_nothing(measured, language):
    text = page_html(measured, language)
    page = checked(text)
    assert not {"script", "img", "link", "iframe", "object"} & set(page.tags)
    assert not [item for item in page.attributes if item[1] in {"src", "href", "srcset"} or item[1].startswith("on")]
    assert "url(" not in text
    assert "@import" not in text
    assert page.tags.count("svg") == 2
    assert f'<html lang="{language}">' in text


@pytest.mark.parametrize("language", ["en", "de"])
def test_nothing_on_the_page_is_left_unfilled(measured, language):
    words = " ".join(checked(page_html(measured, language)).text)
    assert not re.search(r"\{\w*\}|\bNone\b|\bnan\b", words)
    assert re.search(r"\d,\d %" if language == "de" else r"\d\.\d %", words)
    assert not re.search(r"\d\.\d %" if language == "de" else r"\d,\d %", words)


def test_both_languages_have_the_same_words():
    def keys(table, path=""):
        for name, value in table.items():
            yield from keys(value, f"{path}.{name}") if isinstance(value, dict) else [(f"{path}.{name}", tuple(sorted(re.findall(r"\{\w+\}", value))))]

    assert sorted(keys(WORDS["en"])) == sorted(keys(WORDS["de"]))


def test_texts_and_names_of_the_file_are_text_on_the_page(measured):
    text = page_html(measured, "en")
    assert "<b>customers" not in text
    assert "&lt;b&gt;customers&lt;/b&gt; leave &amp; recommend" in text
    assert "&lt;script&gt;" in text
    assert "tasks &lt;1&gt;.csv" in text


def test_a_cell_shows_at_most_three_examples_with_their_row(measured):
    text = page_html(measured, "en")
    table = text[text.index('<table class="confusion">') :].partition("</table>")[0]
    cells = re.findall(r"<td.*?</td>", table, re.DOTALL)
    assert max(cell.count("<li>") for cell in cells) == 3
    assert "row 2, P(KPO) 0." in table
    assert "Mop the floor" in table
    assert all(len(example) < 200 for example in re.findall(r"<bdi>(.*?)</bdi>", table))


def test_the_page_says_what_was_measured_and_what_labelled_it(measured):
    words = " ".join(checked(page_html(measured, "en")).text)
    assert "8 labelled of 9 rows" in words
    assert "labelled by a language model with the codebook; no person has coded them." in words
    german = " ".join(checked(page_html(measured, "de")).text)
    assert "kein Mensch hat sie kodiert" in german


def test_without_language_the_page_speaks_that_of_most_rows(measured):
    assert page_html(measured) == page_html(measured, "en")
    with pytest.raises(InputValueError, match="offered are"):
        page_html(measured, "fr")


def test_the_same_file_gives_the_same_page(classifier, source, measured):
    assert page_html(measure(source, classifier)) == page_html(measured)


def test_the_page_works_in_light_dark_and_on_paper(measured):
    text = page_html(measured)
    assert "@media screen and (prefers-color-scheme: dark)" in text
    assert "@media print" in text
    assert "color-scheme: light dark" in text


def test_a_file_with_two_columns_has_a_page(classifier, tmp_path):
    path = tmp_path / "tasks.csv"
    path.write_text("task,label\nMop the floor,BPO\n", "utf-8")
    page = checked(page_html(measure(path, classifier), "en"))
    assert "Status right" not in page.text


def test_the_page_replaces_an_old_one_but_never_the_file_itself(measured, source, tmp_path):
    target = tmp_path / "page.html"
    target.write_text("old", "utf-8")
    write_page(measured, target, "de", source=source)
    assert target.read_text("utf-8") == page_html(measured, "de")
    with pytest.raises(TaskFileError, match="is the file to measure"):
        write_page(measured, source, source=source)
    with pytest.raises(TaskFileError, match=r"with --html$"):
        write_page(measured, tmp_path / "none" / "page.html", source=source)
