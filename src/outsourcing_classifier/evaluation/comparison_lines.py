"""The figures of `compare` as lines of text."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..wordings import sentence_table
from .intervals import Figures
from .lines import aligned
from .words import Row, Words

_SHOWN: Final = 20  # changed rows
_SLICES: Final = 12  # sources or departments
_TEXT: Final = 90  # letters of a text
_CHANCE: Final = 0.05


def comparison_lines(figures: Figures, name: str, language: str | None = None) -> Iterator[str]:
    """The figures of `compare` in ``language``, by default that of most rows."""
    languages = figures["slices"]["language"]
    words = Words(language or max(languages, key=lambda one: languages[one]["rows"], default="en"))
    say = sentence_table("evaluation/comparison.toml")[words.language]
    of = figures["all"]
    rows = words.whole(figures["rows"])
    if of["labelled"]:
        yield say["measured"].format(
            rows=rows, name=name, labelled=words.whole(of["labelled"]), column=figures["label_column"]
        )
    else:
        yield say["unlabelled"].format(rows=rows, name=name)
    yield say["used"].format(**{side: _version(figures["versions"][side]) for side in ("old", "new")})
    if of["labelled"]:
        yield ""
        yield from _right(of, words, say)
    yield ""
    yield from _totals(figures, words, say)
    for kind, slices in figures["slices"].items():
        if len(slices) > 1:
            yield ""
            yield from _slices(kind, slices, words, say)
    yield ""
    yield from _changes(figures, words, say)
    yield say["promote"]


def _version(versions: Mapping[str, str]) -> str:
    return f"{versions['model']} ({versions['lexicon']})"


def _right(of: Figures, words: Words, say: Mapping[str, Any]) -> Iterator[str]:
    accuracy, both = of["accuracy"], of["balanced_accuracy"]
    yield from aligned([
        (say["figure"], [say["old"], say["new"], say["difference"]]),
        (say["accuracy"], [words.share(accuracy["old"]), words.share(accuracy["new"]), ""]),
        (say["balanced"], [words.share(both["old"]), words.share(both["new"]), words.points(of["lead"])]),
    ])
    test = of["test"]
    verdict = say["test_means" if test["p"] < _CHANCE else "test_means_nothing"]
    sentence = say["test"].format(
        worse=words.whole(test["only_old"]), better=words.whole(test["only_new"]), p=words.number(test["p"], 4)
    )
    yield f"{sentence} {verdict} {say['brackets']}"


def _totals(figures: Figures, words: Words, say: Mapping[str, Any]) -> Iterator[str]:
    with_fte = any(of["old"]["fte"] is not None for of in figures["totals"].values())
    names = [("rows", "old"), ("rows", "new"), *([("fte", "old"), ("fte", "new")] if with_fte else [])]
    rows: list[Row] = [(say["totals"], [f"{say[what]}, {say[side]}" for what, side in names])]
    for outcome, of in figures["totals"].items():
        cells = [
            words.whole(of[side]["rows"]) if what == "rows" else words.number(of[side]["fte"] or 0.0, 1)
            for what, side in names
        ]
        rows.append((say["status"].get(outcome, outcome), cells))
    yield from aligned(rows)


def _slices(kind: str, slices: Figures, words: Words, say: Mapping[str, Any]) -> Iterator[str]:
    labelled = any(of["labelled"] for of in slices.values())
    shown = sorted(slices, key=lambda name: (-slices[name]["rows"], name))
    heads = [say["rows"], say["changed"], *([say["right_old"], say["right_new"]] if labelled else [])]
    rows: list[Row] = [(say["slices"].format(kind=say["kind"][kind]), heads)]
    for name in shown[:_SLICES]:
        of = slices[name]
        cells = [words.whole(of["rows"]), words.whole(of["changed"])]
        if labelled:
            cells += [words.share_short(of["accuracy"][side]) for side in ("old", "new")]
        title = words.table["language"].get(name, name) if kind == "language" else name
        rows.append((title or say["unnamed"], cells))
    yield from aligned(rows)
    if len(shown) > _SLICES:
        yield say["more"].format(count=words.whole(len(shown) - _SLICES))


def _changes(figures: Figures, words: Words, say: Mapping[str, Any]) -> Iterator[str]:
    changes = figures["changes"]
    if not changes:
        yield say["no_changes"]
        return
    fte = figures["all"]["changed_fte"]
    yield say["changes"].format(
        count=words.whole(len(changes)), rows=words.whole(figures["rows"]),
        fte="" if fte is None else say["changes_fte"].format(fte=words.number(fte, 1)),
    )
    for change in changes[:_SHOWN]:
        text = " ".join(change["text"].split())
        yield say["change"].format(
            row=change["row"],
            fte="" if change["fte"] is None else say["change_fte"].format(fte=words.number(change["fte"], 1)),
            old=say["status"].get(change["old"], change["old"]), new=say["status"].get(change["new"], change["new"]),
            truth="" if change["label"] is None else say["truth"].format(label=change["label"]),
            text=text if len(text) <= _TEXT else text[: _TEXT - 1] + "…",
        )
        if change["cue"] is None:
            yield say["decision"]
        else:
            before, after = (words.number(change[side], 2, signed=True) for side in ("before", "after"))
            yield say["cue"].format(quote=change["quote"], before=before, after=after)
    if len(changes) > _SHOWN:
        yield say["more"].format(count=words.whole(len(changes) - _SHOWN))
