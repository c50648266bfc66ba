"""Words that say nothing: each is on a list with a reason, so that no frequent word is simply unknown."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from outsourcing_classifier.dimensions import LANGUAGES
from outsourcing_classifier.lexicon import Lexicon
from outsourcing_classifier.lexicon.codes import FOLDER
from outsourcing_classifier.lexicon.tables import OTHER_TABLES, read_neutral_groups, read_rows
from outsourcing_classifier.lexicon.words import ACTION_NOUN, GERUND, KNOWN, PARTICIPLE, VERB, fold
from outsourcing_classifier.text.tokens import split_chunk

TASKS = Path(__file__).parents[3] / "shared" / "data"
OFTEN = 15


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_neutral_word_has_a_group_with_a_reason(language: str) -> None:
    groups = read_neutral_groups()
    rows = list(read_rows(FOLDER / language / "neutral.tsv", OTHER_TABLES["neutral"]))
    assert {row.values["group"] for row in rows} <= set(groups)
    assert all(groups.values())
    assert len({row.values["word"] for row in rows}) == len(rows)


def test_a_neutral_adjective_is_no_noun_that_nobody_knows(lexicon: Lexicon) -> None:
    assert lexicon.words["en"].analyse("appropriate").kind & KNOWN
    assert lexicon.words["de"].analyse("betrieblichen").kind & KNOWN


@pytest.mark.skipif(not TASKS.is_dir(), reason="needs the tasks in ../shared")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_that_real_tasks_use_often_is_explained(lexicon: Lexicon, language: str) -> None:
    words = lexicon.words[language]
    neutral = {
        words.key(row.values["word"]) for row in read_rows(FOLDER / language / "neutral.tsv", OTHER_TABLES["neutral"])
    }
    counts: Counter[str] = Counter()
    with (TASKS / f"tasks_{language}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for chunk in row["text"].split():
                counts.update(form for form, _, _, _ in split_chunk(chunk) if form[0].isalpha())
    unexplained = []
    for form, count in counts.items():
        if count < OFTEN or lexicon.functions[language].get(fold(form)):
            continue
        reading = words.analyse(form)
        acts = reading.kind & (VERB | GERUND | PARTICIPLE | ACTION_NOUN)
        listed = {words.key(form), words.key(form).strip("-"), reading.canon, reading.head} & neutral
        if not (reading.cues or reading.classes or acts or listed):
            unexplained.append(form)
    assert not unexplained
