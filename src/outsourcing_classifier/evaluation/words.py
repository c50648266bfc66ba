"""Figures in words: numbers as people of the language write them, and the rows of the tables."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ..dimensions import DIMENSIONS, LANGUAGES, WORDING
from ..errors import InputValueError
from ..gates import STATUSES
from ..wordings import sentence_table
from .figures import BANDS, LABELS, METHODS, OTHER_SOURCES
from .intervals import Figures

_MACHINE: Final = "language model"  # how `annotator` begins where no person labelled
_NAMES: Final = 5  # annotators named; more are counted


class Words:
    """The words of one language, `en` or `de`; raises `InputValueError` for another."""

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise InputValueError(f"language={language!r}; offered are 'en' and 'de'")
        self.language = language
        self.table: dict[str, Any] = sentence_table("evaluation/words.toml")[language]

    def say(self, section: str, name: str, /, **values: object) -> str:
        """A sentence of the table, filled."""
        return self.table[section][name].format(**values)

    def whole(self, value: int) -> str:
        """A number of rows."""
        return f"{value:,}".replace(",", self.table["thousands"])

    def number(self, value: float, decimals: int, *, signed: bool = False) -> str:
        """A decimal number, with a real minus."""
        digits = f"{abs(value):.{decimals}f}".replace(".", self.table["decimal"])
        if not float(f"{abs(value):.{decimals}f}"):
            return digits
        return (self.table["minus"] if value < 0 else "+" if signed else "") + digits

    def _interval(self, kind: str, figure: Mapping[str, Any] | None, decimals: int, *, factor: int = 1) -> str:
        if figure is None:
            return self.table["none"]
        if figure["value"] is None:
            return self.table["no_rows"]
        signed = kind == "points"
        value, low, high = (
            self.table["none"] if figure[name] is None
            else self.number(figure[name] * factor, decimals, signed=signed)
            for name in ("value", "low", "high")
        )
        return self.table[kind].format(value=value, low=low, high=high)

    def share(self, figure: Mapping[str, Any] | None) -> str:
        """A share: 89.9 % (86.7 to 92.4)."""
        return self._interval("share", figure, 1, factor=100)

    def share_short(self, figure: Mapping[str, Any] | None) -> str:
        """A share in whole percent without the sign: 90 (87 to 92)."""
        return self._interval("share_short", figure, 0, factor=100)

    def mean(self, figure: Mapping[str, Any] | None) -> str:
        """A mean: 0.093 (0.081 to 0.106)."""
        return self._interval("mean", figure, 3)

    def points(self, figure: Mapping[str, Any] | None) -> str:
        """A difference of shares: +12.3 points (+8.1 to +16.4)."""
        return self._interval("points", figure, 1, factor=100)

    def plain(self, value: float | None) -> str:
        """A figure without an interval."""
        return self.table["no_rows"] if value is None else self.number(value, 3)


def main_language(figures: Figures) -> str:
    """The language of most rows."""
    languages: dict[str, Figures] = figures["languages"]
    return max(languages, key=lambda name: languages[name]["rows"], default="en")


def measured(figures: Figures, name: str, words: Words) -> str:
    """One sentence on what the figures were measured on and who or what labelled the rows."""
    languages = ", ".join(
        words.say("measured", "language", count=words.whole(of["labelled"]), language=words.table["language"][language])
        for language, of in figures["languages"].items()
    )
    file = words.say(
        "measured", "file", name=name, labelled=words.whole(figures["labelled"]), rows=words.whole(figures["rows"]),
        languages=f": {languages}" if len(figures["languages"]) > 1 else "",
        text_column=figures["text_column"], label_column=figures["label_column"],
    )
    return f"{file}; {_labelled_by(figures['annotators'], words)}"


def _labelled_by(annotators: Mapping[str, int] | None, words: Words) -> str:
    if not annotators:
        return words.say("measured", "unknown")
    machine = sum(count for name, count in annotators.items() if name.casefold().startswith(_MACHINE))
    people = {name: count for name, count in annotators.items() if not name.casefold().startswith(_MACHINE)}
    if not people:
        return words.say("measured", "machine")
    named = sorted(people, key=lambda name: (-people[name], name))
    shown = [
        words.say(
            "measured", "annotator", name=name or words.say("measured", "unnamed"), count=words.whole(people[name])
        )
        for name in named[:_NAMES]
    ]
    if len(named) > _NAMES:
        shown.append(words.say("measured", "more", count=len(named) - _NAMES))
    names = words.table["list_end"].join(filter(None, [", ".join(shown[:-1]), shown[-1]]))
    return words.say("measured", "both" if machine else "people", names=names, count=words.whole(machine))


def notes(figures: Figures, words: Words) -> list[str]:
    """What has to be known beside the figures: rows the model has seen, baselines left out."""
    found = []
    if figures["in_training_data"]:
        found.append(words.say("measured", "seen", count=words.whole(figures["in_training_data"])))
    found += [
        words.say("left_out", why, language=words.table["language"][language])
        for language, why in figures["tfidf"]["left_out"].items()
    ]
    return found


def source_name(name: str, words: Words) -> str:
    """A source as people read it; the rare ones have one name together."""
    return words.say("table", "other_sources") if name == OTHER_SOURCES else name


Row = tuple[str, list[str] | None]  # name and a cell a column; None for a heading


def table_rows(slices: Sequence[Figures], words: Words) -> Iterator[Row]:
    """All figures as rows, a column for each slice (all rows, a language, a source)."""

    def row(name: str, cells: Iterator[str], /, **values: object) -> Row:
        return words.say("table", name, **values), list(cells)

    yield row("rows", (words.whole(of["rows"]) for of in slices))
    yield row("labelled", (words.whole(of["labelled"]) for of in slices))
    if slices[0]["status"] is not None:
        yield words.say("table", "status"), None
        yield from _status_rows(slices, words)
    yield words.say("table", "answered"), None
    yield row("coverage", (words.share(of["coverage"]) for of in slices))
    yield from _label_rows(slices, words)
    for band in BANDS:
        yield row("band", (words.share(of["bands"][band]) for of in slices), band=words.table["band"][band])
    yield from _method_rows(slices, "answered", words)
    yield words.say("table", "forced"), None
    yield from _label_rows([of["forced"] for of in slices], words)
    yield from _method_rows(slices, "all", words)
    yield row("lead", (words.points(of["lead"]) for of in slices))
    yield words.say("table", "calibration"), None
    yield row("brier", (words.mean(of["calibration"]["brier"]) for of in slices))
    yield row("error", (words.plain(of["calibration"]["error"]) for of in slices))
    yield row("by_chance", (words.plain(of["calibration"]["by_chance"]) for of in slices))
    yield row("brier_forced", (words.mean(of["forced"]["calibration"]["brier"]) for of in slices))
    yield row("error_forced", (words.plain(of["forced"]["calibration"]["error"]) for of in slices))
    if slices[0]["scores"] is not None:
        yield words.say("table", "scores"), None
        for place, dimension in enumerate(DIMENSIONS):
            for kind in ("stated", "silent"):
                cells = (words.mean(of["scores"][dimension][kind]) for of in slices)
                yield row(kind, cells, dimension=WORDING[words.language][place].name)


def _status_rows(slices: Sequence[Figures], words: Words) -> Iterator[Row]:
    for name, figure in (("right", "accuracy"), ("scope", "scope_accuracy")):
        yield words.say("table", name), [words.share(of["status"][figure]) for of in slices]
    for status in STATUSES:
        for name, figure in (("found", "recall"), ("precise", "precision")):
            given = [of["status"][figure].get(status) for of in slices]
            if any(given):
                label = words.say("table", name, status=words.table["status"][status])
                yield label, [words.share(of) for of in given]


def _label_rows(slices: Sequence[Figures], words: Words) -> Iterator[Row]:
    for name, figure in (("accuracy", "accuracy"), ("balanced", "balanced_accuracy")):
        yield words.say("table", name), [words.share(of[figure]) for of in slices]
    for label in LABELS:
        for name, figure in (("label_found", "recall"), ("label_precise", "precision")):
            yield words.say("table", name, label=label), [words.share(of[figure][label]) for of in slices]


def _method_rows(slices: Sequence[Figures], rows: str, words: Words) -> Iterator[Row]:
    for method in METHODS:
        given = [of["baselines"][method] for of in slices]
        if not any(given):
            continue
        name = words.table["method"][method]
        for label, figure in (("method_accuracy", "accuracy"), ("method_balanced", "balanced_accuracy")):
            if method != "majority" or figure == "accuracy":  # balanced, one answer for all is a half
                cells = [words.share(None if of is None else of[rows][figure]) for of in given]
                yield words.say("table", label, method=name), cells
