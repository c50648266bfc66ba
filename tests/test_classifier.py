"""One answer for one text: whatever the batch, the order, the process, the thread, the type."""

import json
import pickle
import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outsourcing_classifier import (
    Classifications,
    Classifier,
    InputTypeError,
    InputValueError,
    ModelError,
    OutsourcingClassifierError,
    classify,
    classify_many,
    score,
)

TASKS = [
    "Type addresses into the register, 200 a day", "Develop an export strategy for the board", "Support", "", "???",
    "Adressen abtippen und eine Preisstrategie entwickeln", "Fenster putzen", "Das Team gibt Bestellungen ein.",
    "Analyse complaints by checklist", "Unterlagen prüfen; erfordert ein Jurastudium", "• Post  öffnen\nPost verteilen",
    "Bearbeitungs- und Ablagearbeiten", "Hallo zusammen", "Marktforschung", "Data Entry für SAP durchführen",
    "Not only record readings but interpret them", "Rechnungsprüfung", "first line support", "Ihre Aufgaben: Lohnläufe starten",
]


def facts(results: Classifications) -> list[dict[str, Any]]:
    return results.to_dicts()


@pytest.fixture(scope="module")
def expected(classifier: Classifier) -> list[dict[str, Any]]:
    return facts(classifier.classify_many(TASKS))


def test_a_text_alone_gets_the_answer_it_gets_in_a_batch(classifier: Classifier, expected: list[dict[str, Any]]) -> None:
    assert [classifier.classify(text).to_dict() for text in TASKS] == expected


@pytest.mark.parametrize("seed", range(4))
def test_the_order_does_not_matter(classifier: Classifier, expected: list[dict[str, Any]], seed: int) -> None:
    order = list(range(len(TASKS)))
    random.Random(seed).shuffle(order)
    found = facts(classifier.classify_many([TASKS[place] for place in order]))
    assert found == [expected[place] for place in order]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 64])
def test_the_size_of_a_batch_does_not_matter(expected: list[dict[str, Any]], size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("outsourcing_classifier.classifier.BATCH_SIZE", size)
    assert facts(classify_many(TASKS)) == expected
    monkeypatch.setattr("outsourcing_classifier.classifier.SMALL", 0)  # side by side
    assert facts(classify_many(TASKS)) == expected


@pytest.mark.parametrize("most", [1, 40, 200, 100_000])
def test_how_much_is_read_at_once_does_not_matter(
    classifier: Classifier, expected: list[dict[str, Any]], most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("outsourcing_classifier.classifier.MOST_CHARACTERS", most)
    assert facts(classifier.classify_many(TASKS)) == expected


def test_what_was_read_before_does_not_matter(classifier: Classifier, expected: list[dict[str, Any]]) -> None:
    fresh = Classifier(lexicon=classifier.lexicon, model=classifier.model)
    fresh.classify_many([f"Vorgang {n} mit Unikat{n} und item{n}" for n in range(500)])
    assert facts(fresh.classify_many(TASKS)) == expected


@given(st.lists(st.sampled_from(TASKS), max_size=8), st.text(max_size=30))
def test_any_neighbour_leaves_a_result_as_it_is(classifier: Classifier, tasks: list[str], noise: str) -> None:
    alone = [classifier.classify(text) for text in tasks]
    together = classifier.classify_many([noise, *(piece for text in tasks for piece in (text, noise))])
    assert [together[1 + 2 * place] for place in range(len(tasks))] == alone


@given(st.text(max_size=60))
def test_any_text_gets_an_answer_with_true_quotes(classifier: Classifier, text: str) -> None:
    result = classifier.classify(text)
    assert result.text == text
    for item in (*result.evidence, *result.status_evidence):
        assert text[item.start : item.end] == item.text
    assert len(result.reason) <= 160
    json.dumps(result.to_dict())


def test_the_hash_seed_does_not_matter(expected: list[dict[str, Any]], run_python: Any) -> None:
    code = (
        "import json, sys; from outsourcing_classifier import classify_many;"
        "print(json.dumps(classify_many(json.load(sys.stdin)).to_dicts()))"
    )
    outputs = [run_python("-c", code, stdin=json.dumps(TASKS), PYTHONHASHSEED=seed) for seed in ("1", "4711")]
    assert outputs[0].stderr == ""
    assert outputs[0].stdout == outputs[1].stdout
    assert json.loads(outputs[0].stdout) == expected


def test_the_functions_are_the_methods_of_the_default(classifier: Classifier) -> None:
    assert classify(TASKS[0]) == classifier.classify(TASKS[0])
    assert score(TASKS[0]) == classifier.score(TASKS[0])
    assert list(classify_many(TASKS[:2])) == list(classifier.classify_many(TASKS[:2]))


@pytest.mark.parametrize("value", [None, float("nan")])
def test_missing_values_are_empty_texts(classifier: Classifier, value: Any) -> None:
    assert classifier.classify(value).status == "empty"
    assert classifier.classify(value).text == ""


def test_missing_values_of_pandas_and_numpy_are_empty_texts(classifier: Classifier) -> None:
    pd = pytest.importorskip("pandas")
    import numpy as np

    series = pd.Series(["Type addresses", None, pd.NA, float("nan")], dtype="object")
    found = classifier.classify_many(series)
    assert found.status == ["ok", "empty", "empty", "empty"]
    assert classifier.classify_many([pd.NaT, np.float64("nan")]).status == ["empty", "empty"]
    assert classifier.classify_many(pd.Series(["Type addresses", None], dtype="string")).status == ["ok", "empty"]


@pytest.mark.parametrize(("value", "text"), [(42, "42"), (3.5, "3.5"), (-1, "-1")])
def test_numbers_are_their_text(classifier: Classifier, value: Any, text: str) -> None:
    result = classifier.classify(value)
    assert result.text == text
    assert result.status == "empty"


@pytest.mark.parametrize("value", [b"Type addresses", ["Type addresses"], {"task": "x"}, object(), True, 1j])
def test_any_other_type_is_refused_with_its_position_before_work_starts(classifier: Classifier, value: Any) -> None:
    with pytest.raises(InputTypeError, match=f"task 2 is {type(value).__name__}") as caught:
        classifier.classify_many(["Type addresses", None, value])
    assert isinstance(caught.value, TypeError)
    assert isinstance(caught.value, OutsourcingClassifierError)


@pytest.mark.parametrize("value", ["Type addresses", b"Type addresses"])
def test_a_single_text_for_classify_many_is_refused_and_classify_named(classifier: Classifier, value: Any) -> None:
    with pytest.raises(InputTypeError, match=r"classify\(task\)"):
        classifier.classify_many(value)


def test_any_iterable_of_texts_will_do(classifier: Classifier) -> None:
    wanted = list(classifier.classify_many(TASKS[:3]))
    assert list(classifier.classify_many(tuple(TASKS[:3]))) == wanted
    assert list(classifier.classify_many(text for text in TASKS[:3])) == wanted


def test_a_subclass_of_str_is_a_text(classifier: Classifier) -> None:
    class Cell(str):
        __slots__ = ()

    assert classifier.classify(Cell("Type addresses")) == classifier.classify("Type addresses")


def test_ids_must_fit_the_tasks(classifier: Classifier) -> None:
    assert classifier.classify_many(TASKS[:2], ids=["a", "b"]).ids == ("a", "b")
    with pytest.raises(InputValueError, match="1 ids for 2 tasks"):
        classifier.classify_many(TASKS[:2], ids=["a"])


@pytest.mark.parametrize("argument", ["language", "explain_in"])
def test_a_wrong_language_is_a_value_error_of_ours(classifier: Classifier, argument: str) -> None:
    with pytest.raises(InputValueError, match="en") as caught:
        classifier.classify("Type addresses", **{argument: "fr"})
    assert isinstance(caught.value, ValueError)
    with pytest.raises(InputValueError):
        classifier.classify_many([], **{argument: "xx"})


def test_a_megabyte_of_text_gets_an_answer(classifier: Classifier) -> None:
    text = "Adressen abtippen und Post ablegen. " * 29_000
    result = classifier.classify(text)
    assert len(text) > 1_000_000
    assert result.label == "BPO"
    assert "truncated" in {flag["flag"] for flag in result.flags}
    assert classifier.classify("x" * 1_000_000).label is None


@pytest.mark.parametrize(
    "text",
    [
        "Type\x00addresses\x07into\x1bthe register", "Type addresses 🙂 into 👩‍💻 the register", "Type \ud800addresses\udfff",
        "\u202eType addresses", "Type addresses\u2028and\u2029letters", "\ufeffType addresses", "T\u0301y\u0308pe addresses",
        "Type addresses" + "\u0300" * 500, "Type addresses \U0010ffff \ue000 \ue001",
    ],
)
def test_odd_characters_get_an_answer_and_true_quotes(classifier: Classifier, text: str) -> None:
    result = classifier.classify(text)
    assert result.status in ("ok", "insufficient", "not_a_task")
    for item in result.evidence:
        assert text[item.start : item.end] == item.text
    assert pickle.loads(pickle.dumps(result)) == result
    json.loads(json.dumps(result.to_dict()))


def test_naughty_strings_get_an_answer(classifier: Classifier, shared: Path) -> None:
    path = shared / "corpora" / "naughty-strings" / "blns.json"
    if not path.is_file():
        pytest.skip("needs the naughty strings")
    texts = json.loads(path.read_text("utf-8"))
    results = classifier.classify_many(texts)
    assert len(results) == len(texts)
    for text, result in zip(texts, results, strict=True):
        assert result.text == text
        for item in (*result.evidence, *result.status_evidence):
            assert text[item.start : item.end] == item.text
    assert results.status == [classifier.classify(text).status for text in texts]


def test_threads_share_a_classifier(classifier: Classifier, expected: list[dict[str, Any]]) -> None:
    fresh = Classifier(lexicon=classifier.lexicon, model=classifier.model)

    def work(number: int) -> list[dict[str, Any]]:
        own = [f"Type list{number} und Sonderwort{number}", *TASKS]
        return facts(fresh.classify_many(own))[1:]

    with ThreadPoolExecutor(8) as pool:
        for found in pool.map(work, range(24)):
            assert found == expected


def test_a_classifier_survives_pickling(classifier: Classifier, expected: list[dict[str, Any]]) -> None:
    again = pickle.loads(pickle.dumps(Classifier(wording="shared-service", lexicon=classifier.lexicon)))
    assert again.label_text("BPO", "en") == "transaction work"
    plain = pickle.loads(pickle.dumps(classifier))
    assert facts(plain.classify_many(TASKS)) == expected
    assert plain.versions == classifier.versions


def test_versions_name_package_model_and_words(classifier: Classifier) -> None:
    assert set(classifier.versions) == {"package", "model", "lexicon"}
    assert classifier.classify("Type addresses").versions == classifier.versions


def test_score_reads_without_gates_and_label(classifier: Classifier) -> None:
    assert list(classifier.score("Type addresses")) == list(classifier.classify("Type addresses").scores)
    assert list(classifier.score("")) == [0] * 6


@pytest.mark.parametrize("content", ["", "{}", "not json", '{"protocol": 999}', '{"protocol": 1, "checksum": "x"}'])
def test_a_damaged_model_file_is_refused_by_name(tmp_path: Path, content: str) -> None:
    path = tmp_path / "own.json"
    path.write_text(content, "utf-8")
    with pytest.raises(ModelError, match=r"own\.json"):
        Classifier(model=path)


def test_a_model_file_that_was_changed_by_hand_is_refused(tmp_path: Path, classifier: Classifier) -> None:
    path = tmp_path / "own.json"
    path.write_text(classifier.model.to_json(), "utf-8")
    assert Classifier(model=path).versions["lexicon"] == classifier.versions["lexicon"]
    data = json.loads(path.read_text("utf-8"))
    data["decision"]["intercept"] = 5.0
    path.write_text(json.dumps(data), "utf-8")
    with pytest.raises(ModelError, match="checksum"):
        Classifier(model=path)


def test_a_missing_model_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"none\.json"):
        Classifier(model=tmp_path / "none.json")


def test_the_default_model_was_trained_with_the_words_of_this_checkout(classifier: Classifier) -> None:
    """Where this fails alone: run `outsourcing-classifier train`."""
    assert classifier.model.lexicon_fingerprint == classifier.lexicon.fingerprint


@pytest.mark.parametrize("word", ["rechnung" * 2400, "qzx" * 6000, "ab" * 9000])
def test_a_word_without_end_gets_an_answer(classifier: Classifier, word: str) -> None:
    assert classifier.classify(word).label is None
    assert classifier.classify(f"Rechnungen prüfen {word}").status
