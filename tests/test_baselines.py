"""What evaluate measures ours against."""

import sys

import numpy as np
import pytest

from outsourcing_classifier.evaluation import baselines, evaluate_file, figure_lines
from outsourcing_classifier.evaluation.baselines import (
    NO_DATA,
    NO_LIBRARY,
    TOO_FEW,
    TrainingText,
    cue_sums,
    text_key,
    tfidf,
    training_folder,
    training_texts,
)

VERBS = {"BPO": ("enter", "type", "file", "scan", "sort"), "KPO": ("design", "analyse", "evaluate", "plan", "invent")}


def training(count=25, language="en"):
    """Invented examples: the verb tells the label."""
    return [
        TrainingText(text_key(text), language, label, text, text)
        for label, verbs in VERBS.items()
        for place in range(count)
        for text in [f"{verbs[place % 5]} things number {place}"]
    ]


def test_counting_cues_knows_no_negation_and_no_weights(classifier):
    for text in ("Analyse markets", "Do not analyse markets"):
        assert cue_sums(classifier, [text])[0] > 0
    plain, twice = cue_sums(classifier, ["Type addresses", "Type addresses, type addresses"])
    assert plain < 0
    assert twice == 2 * plain


def test_counting_cues_gives_nothing_where_nothing_is_found(classifier):
    assert cue_sums(classifier, ["", "xyzzy qwrt"]).tolist() == [0, 0]
    assert cue_sums(classifier, []).tolist() == []


def test_tfidf_learns_from_training_texts_of_the_same_language():
    texts = ["type new things", "invent new things", "Dinge tippen"]
    found = tfidf(texts, ["en", "en", "de"], texts, training())
    assert found.probability[0] < 0.5 < found.probability[1]
    assert np.isnan(found.probability[2])
    assert found.trained_on == {"en": 50}
    assert found.left_out == {"de": NO_DATA}


def test_tfidf_gives_the_same_whatever_the_order_of_its_examples():
    texts = ["type new things", "invent new things"]
    first, second = (tfidf(texts, ["en", "en"], texts, rows) for rows in (training(), training()[::-1]))
    np.testing.assert_array_equal(first.probability, second.probability)


def test_tfidf_never_learns_from_the_rows_it_is_measured_on_nor_from_their_group():
    rows = training()
    paraphrase = TrainingText("sort other things", "en", "BPO", rows[0].group, "sort other things")
    texts = [f"  {rows[0].text.upper()} "]
    assert tfidf(texts, ["en"], texts, [*rows, paraphrase]).trained_on == {"en": 49}
    texts = [row.text for row in rows[:10]]
    assert tfidf(texts, ["en"] * 10, texts, rows).left_out == {"en": TOO_FEW}


def test_tfidf_is_left_out_without_scikit_learn(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.linear_model", None)
    found = tfidf(["type things"], ["en"], ["1"], training(30))  # not those of another test: a fit is remembered
    assert found.left_out == {"en": NO_LIBRARY}
    assert np.isnan(found.probability).all()


def test_the_training_data_are_those_of_this_checkout():
    folder = training_folder()
    assert folder is not None
    rows = training_texts(folder)
    assert {row.language for row in rows} == {"en", "de"}
    assert training_texts(None) == ()


@pytest.mark.parametrize(("language", "said"), [("en", "TF-IDF is left out (English)"), ("de", "TF-IDF fehlt (Englisch)")])
def test_without_training_data_the_figures_say_that_tfidf_is_left_out(classifier, tmp_path, monkeypatch, language, said):
    path = tmp_path / "tasks.csv"
    path.write_text("task,label\nEnter invoices in SAP,BPO\nDevelop a pricing strategy,KPO\n", "utf-8")
    monkeypatch.setattr("outsourcing_classifier.evaluation.figures.training_folder", lambda: None)
    figures = evaluate_file(path, classifier)
    assert figures["baselines"]["tfidf"] is None
    assert figures["lead"] is None
    assert figures["in_training_data"] == 0
    assert baselines.NO_DATA in figures["tfidf"]["left_out"].values()
    assert any(line.startswith(said) for line in figure_lines(figures, "tasks.csv", language))


def test_every_baseline_is_measured_on_the_rows_of_ours(classifier, tmp_path):
    path = tmp_path / "tasks.csv"
    path.write_text("task,label\nEnter invoices in SAP,BPO\nDevelop a pricing strategy,KPO\nMop the floor,BPO\n", "utf-8")
    figures = evaluate_file(path, classifier)
    for name in ("majority", "rule", "cues", "tfidf"):
        assert figures["baselines"][name]["answered"]["accuracy"]["n"] == figures["accuracy"]["n"]
        assert figures["baselines"][name]["all"]["accuracy"]["n"] == figures["labelled"] == 3
    assert figures["baselines"]["majority"]["label"] == "BPO"
    assert figures["lead"]["theirs"] == figures["baselines"]["tfidf"]["all"]["balanced_accuracy"]
    assert figures["lead"]["ours"] == figures["forced"]["balanced_accuracy"]
