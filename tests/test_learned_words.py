"""Words that `lexicon refit` has weighed: they colour what cues say, and never rule."""

import pytest

from outsourcing_classifier import Classifier
from outsourcing_classifier.lexicon.tables import CUE_COLUMNS


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Classifier:
    """Two words that no table knows, one speaking for each side."""
    path = tmp_path_factory.mktemp("words") / "own.tsv"
    rows = [
        ("en", "quorble", "word", "learned", "0.3", "0.3", "0.3", "", "0.3", "", "", ""),
        ("de", "quorbel", "word", "learned", "-0.3", "-0.3", "-0.3", "", "-0.3", "", "", ""),
    ]
    path.write_text("\n".join("\t".join(row) for row in [("language", *CUE_COLUMNS), *rows]) + "\n", "utf-8")
    return Classifier(lexicon=path)


@pytest.mark.parametrize(
    ("text", "coloured", "sign"),
    [
        ("Compare the quotes of the quorble", "Compare the quotes of the trambel", 1),
        ("Angebote und Quorbel vergleichen", "Angebote und Trambel vergleichen", -1),
    ],
)
def test_a_learned_word_moves_the_score_of_the_cues_beside_it(
    taught: Classifier, text: str, coloured: str, sign: int
) -> None:
    with_word, without = (taught.score(task).activities for task in (text, coloured))
    assert (with_word - without) * sign > 0
    [item] = [e for e in taught.classify(text).evidence if e.role == "word" and e.dimension == "activities"
              and e.text.lower().startswith("quorb")]
    assert item.contribution * sign > 0


@pytest.fixture(scope="module")
def hinted(tmp_path_factory: pytest.TempPathFactory) -> Classifier:
    """A word that hints clearly of contact, and one that hints too little."""
    path = tmp_path_factory.mktemp("words") / "own.tsv"
    rows = [("en", word, "word", "learned", "", "", "", "", "", weight, "", "") for word, weight in (("quorble", "0.1"), ("trambel", "0.02"))]
    path.write_text("\n".join("\t".join(row) for row in [("language", *CUE_COLUMNS), *rows]) + "\n", "utf-8")
    return Classifier(lexicon=path)


def test_words_hint_of_contact_beside_cues_of_other_dimensions(hinted: Classifier) -> None:
    assert hinted.score("Merge the quorble ledger").customer_contact > 0
    assert hinted.score("Merge the plimsy ledger").customer_contact == 0


def test_a_slight_hint_of_contact_is_no_score(hinted: Classifier) -> None:
    assert hinted.score("Merge the trambel ledger").customer_contact == 0


def test_words_add_nothing_to_contact_that_is_stated(hinted: Classifier) -> None:
    stated, with_word = (hinted.score(f"Discuss the {word} ledger with the client's engineers") for word in ("plimsy", "quorble"))
    assert stated.customer_contact == with_word.customer_contact != 0


def test_it_says_nothing_of_who_gets_the_work(taught: Classifier) -> None:
    found = taught.classify("Compare the quotes for the quorble")
    assert not [e for e in found.evidence if e.text == "quorble" and e.contribution]


def test_it_says_nothing_against_an_explicit_statement(taught: Classifier) -> None:
    found = taught.classify("Compare the quotes of the quorble by the step-by-step guide")
    [item] = [e for e in found.evidence if e.text == "quorble" and e.dimension == "process"]
    assert "outranked" in item.modifiers
    assert not item.contribution


def test_what_is_denied_is_not_read_from_it(taught: Classifier) -> None:
    found = taught.classify("Compare the quotes without the quorble")
    assert not [e for e in found.evidence if e.text == "quorble" and e.contribution]


def test_a_word_counts_once_however_often_it_stands(taught: Classifier) -> None:
    once, twice = (
        [e for e in taught.classify(text).evidence if e.role == "word" and e.text == "quorble" and e.contribution]
        for text in ("Compare the quotes of the quorble", "Compare the quotes of the quorble and of the quorble")
    )
    assert len(once) == len(twice) > 0
