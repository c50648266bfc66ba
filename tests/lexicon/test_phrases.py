"""Phrases of several words, found on all texts at once."""

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from outsourcing_classifier import Classifier
from outsourcing_classifier.lexicon.phrases import PhraseTableBuilder
from outsourcing_classifier.lexicon.tables import USER_COLUMNS
from outsourcing_classifier.text.letters import hashed


def matches(phrases: dict[str, int], *texts: str) -> list[tuple[int, int, int]]:
    """First and last word and payload of what is found; words are numbered through all texts."""
    builder = PhraseTableBuilder(1)
    for phrase, payload in phrases.items():
        builder.add(0, phrase.split(), payload)
    table = builder.build()
    words = [word for text in texts for word in text.split()]
    ends: list[int] = []
    total = 0
    for text in texts:
        total += len(text.split())
        ends += [total] * len(text.split())
    limit = np.array(ends, np.int64)
    lemma = table.lemmas.find(hashed(words)).astype(np.int64)
    is_word = np.array([word not in ",." for word in words], np.bool_)
    starts = np.arange(len(words), dtype=np.int64)
    found = table.match(starts, np.zeros(len(words), np.int64), lemma, lemma, limit, is_word)
    return sorted(zip(found.first.tolist(), found.last.tolist(), found.payload.tolist(), strict=True))


def test_a_phrase_is_found_wherever_it_stands() -> None:
    assert matches({"data entry": 7}, "fast data entry and data entry") == [(1, 2, 7), (4, 5, 7)]


def test_a_phrase_does_not_reach_into_the_next_text() -> None:
    assert matches({"data entry": 7}, "plain data", "entry") == []


def test_a_star_stands_for_exactly_one_word() -> None:
    assert matches({"take * notes": 1}, "take long notes") == [(0, 2, 1)]
    assert matches({"take * notes": 1}, "take notes", "take very long notes") == []


def test_a_star_does_not_stand_for_a_comma() -> None:
    assert matches({"take * notes": 1}, "take , notes") == []


def test_phrases_that_begin_alike_are_all_found() -> None:
    found = matches({"bank account": 2, "bank account check": 3, "account check": 4}, "bank account check")
    assert found == [(0, 1, 2), (0, 2, 3), (1, 2, 4)]


def test_two_payloads_of_one_phrase_both_come() -> None:
    builder = PhraseTableBuilder(1)
    builder.add(0, ["x", "y"], 1)
    builder.add(0, ["x", "y"], 2)
    table = builder.build()
    places = np.arange(2, dtype=np.int64)
    lemma = table.lemmas.find(hashed(["x", "y"])).astype(np.int64)
    found = table.match(places, places * 0, lemma, lemma, places * 0 + 2, np.ones(2, np.bool_))
    assert sorted(found.payload.tolist()) == [1, 2]


def test_an_empty_batch_has_no_phrases() -> None:
    assert matches({"data entry": 7}) == []


@given(st.lists(st.sampled_from("a b c d".split()), max_size=12), st.lists(st.sampled_from("a b c".split()), min_size=2, max_size=3))
def test_a_phrase_is_found_exactly_where_its_words_stand(text: list[str], phrase: list[str]) -> None:
    expected = [
        (i, i + len(phrase) - 1, 5) for i in range(len(text) - len(phrase) + 1) if text[i : i + len(phrase)] == phrase
    ]
    assert matches({" ".join(phrase): 5}, " ".join(text)) == expected


def test_of_overlapping_cues_the_longest_counts(classifier: Classifier) -> None:
    result = classifier.classify("Produce market research on home batteries", language="en")
    quotes = {item.text for item in result.evidence}
    assert "market research" in quotes
    assert "research" not in quotes


def test_a_cue_does_not_match_inside_a_word(classifier: Classifier) -> None:
    result = classifier.classify("The profile of the typewriter", language="en")
    assert not {"file", "type", "write"} & {item.text for item in result.evidence}


def test_a_word_known_from_a_phrase_only_is_still_a_noun_elsewhere(tmp_path: Path) -> None:
    table = tmp_path / "own.tsv"
    header = "\t".join(USER_COLUMNS)
    row = "\t".join(("de", "Quork-Import", "service", "service_routine", *[""] * (len(USER_COLUMNS) - 4)))
    table.write_text(f"{header}\n{row}\n", "utf-8")
    own, ours = Classifier(lexicon=table), Classifier()
    assert own.classify("Quork-Abgleich").status == ours.classify("Quork-Abgleich").status == "ok"
