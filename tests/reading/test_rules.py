"""Every reading rule of the codebook with sentences that trigger it and sentences that look alike and do not.

`rules.csv` has one sentence a row. `triggers` says whether the rule bites (`yes`) or the sentence only looks so (`no`).
`expectation` holds claims joined with `;`:

- `process<=-0.5`, `activities>0`, `|driver|<=0.25`: a score
- `label=BPO`, `status!=mixed`: what came out
- `modifier:container`, `!modifier:negated`: whether some evidence carries this modifier
- `flag:spelling`, `!flag:dominant_part`: whether the row carries this flag

Expectations are the codebook's, not the program's. Where the program reads a sentence wrongly, `known` says why.
"""

import csv
import operator
import re
from collections import Counter
from pathlib import Path

import pytest

from outsourcing_classifier import Classification, Classifier
from outsourcing_classifier.dimensions import DIMENSIONS

with (Path(__file__).parent / "rules.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))

LEAST = 5  # sentences of each kind, rule and language
EXACT = 1e-9
OPERATORS = {
    "<=": lambda a, b: a <= b + EXACT, ">=": lambda a, b: a >= b - EXACT, "<": operator.lt, ">": operator.gt,
    "=": lambda a, b: abs(a - b) <= EXACT, "!=": lambda a, b: abs(a - b) > EXACT,
}
COMPARISON = re.compile(r"(?P<size>\|?)(?P<name>\w+)(?P=size)(?P<operator><=|>=|!=|<|>|=)(?P<value>[\w.+-]+)")
PRESENCE = re.compile(r"(?P<absent>!?)(?P<kind>modifier|flag):(?P<name>\w+)")


def holds(claim: str, result: Classification) -> bool:
    """Whether one claim is true of a result; a claim that cannot be read is an error of the table."""
    if found := PRESENCE.fullmatch(claim):
        present = {
            "modifier": {name for item in result.evidence for name in item.modifiers},
            "flag": {flag["flag"] for flag in result.flags},
        }[found["kind"]]
        return (found["name"] in present) != bool(found["absent"])
    found = COMPARISON.fullmatch(claim)
    if found is None:
        raise ValueError(f"rules.csv: cannot read {claim!r}")
    if found["name"] in ("label", "status"):
        same = str(getattr(result, found["name"])) == found["value"]
        return {"=": same, "!=": not same}[found["operator"]]
    score = result.scores.to_dict()[found["name"]]
    return bool(OPERATORS[found["operator"]](abs(score) if found["size"] else score, float(found["value"])))


def sentence(row: dict[str, str]):
    marks = pytest.mark.xfail(strict=False, reason=row["known"]) if row["known"] else ()
    return pytest.param(row, marks=marks, id=f"{row['rule']}-{row['language']}-{row['text'][:50]}")


@pytest.mark.parametrize("row", [sentence(row) for row in ROWS])
def test_a_sentence_is_read_as_its_rule_says(classifier: Classifier, row: dict[str, str]) -> None:
    result = classifier.classify(row["text"])
    wrong = [claim for claim in row["expectation"].split(";") if not holds(claim, result)]
    told = {name: round(value, 2) for name, value in result.scores.to_dict().items() if name in result.stated}
    assert not wrong, f"{row['text']!r}: {'; '.join(wrong)}; {result.status} {result.label} {told}"


@pytest.mark.parametrize("rule", sorted({row["rule"] for row in ROWS}))
def test_a_rule_has_sentences_of_both_kinds_in_both_languages(rule: str) -> None:
    counts = Counter((row["language"], row["triggers"]) for row in ROWS if row["rule"] == rule)
    kinds = [(language, triggers) for language in ("en", "de") for triggers in ("yes", "no")]
    assert set(counts) <= set(kinds)
    assert all(counts[kind] >= LEAST for kind in kinds), counts


def test_no_sentence_stands_twice() -> None:
    assert not [text for text, count in Counter(row["text"] for row in ROWS).items() if count > 1]


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("process<=-0.5", True), ("process>-0.5", False), ("|process|<=0.25", False), ("driver=0", True),
        ("label=BPO", True), ("label!=BPO", False), ("status!=mixed", True), ("flag:spelling", True),
        ("!flag:ito", True), ("modifier:negated", False), ("!modifier:negated", True),
    ],
)
def test_a_claim_is_checked_as_it_is_written(claim: str, *, expected: bool) -> None:
    result = Classification.from_dict({
        "text": "", "language": "en", "status": "ok", "label": "BPO", "evidence": [], "status_evidence": [],
        "parts": [], "stated": ["process"], "flags": [{"flag": "spelling", "text": None}],
        "scores": dict.fromkeys(DIMENSIONS, 0.0) | {"process": -0.5},
    })
    assert holds(claim, result) is expected


@pytest.mark.parametrize("claim", ["process", "label~BPO", "rule:negated", ""])
def test_a_claim_that_cannot_be_read_is_an_error(classifier: Classifier, claim: str) -> None:
    with pytest.raises(ValueError, match="cannot read"):
        holds(claim, classifier.classify("Enter orders"))
