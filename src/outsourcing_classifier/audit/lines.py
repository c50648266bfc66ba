"""The figures of an audit in words, German or English."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..dimensions import DIMENSIONS, LABELS, WORDING
from ..explanation import sentences
from ..review.texts import figure
from ..wordings import sentence_table
from . import TEXTS
from .read import Person


def audit_lines(
    figures: Mapping[str, Any], people: Sequence[Person], key: Mapping[str, Any], folder: Path
) -> Iterator[str]:
    """Sentences and tables for a person, in the language of the sheets."""
    voice = _Voice(str(key["language"]), str(key["wording"]))
    words = voice.words
    yield words["title"].format(
        source=figures["source"], rows=figures["rows"], of=voice.number(figures["of"]),
        people=", ".join(figures["people"]),
    )
    for person in people:
        for name, values in person.findings:
            yield words[name].format(**values)
    yield ""
    yield from voice.agreement(figures)
    yield from voice.tool(figures)
    yield ""
    yield from voice.corrected(figures)
    yield words["next"].format(folder=folder)


class _Voice:
    """One language and wording."""

    def __init__(self, language: str, wording: str) -> None:
        self.language = language
        self.words: Mapping[str, str] = sentence_table(TEXTS)[language]["read"]
        self.units: Mapping[str, str] = sentence_table(TEXTS)[language]["units"]
        said = sentences(language)
        self.bands: Mapping[str, str] = said["band"]
        self.labels = {name: said["label"][wording][name] for name in LABELS} | {"neither": self.words["neither"]}

    def number(self, value: float, unit: str = "rows") -> str:
        return figure(value, self.language, 1 if unit == "fte" else 0)

    def percent(self, value: float) -> str:
        return f"{figure(100 * value, self.language)} %"

    def coefficient(self, value: float | None) -> str:
        return self.words["none"] if value is None else figure(value, self.language, 2)

    def share(self, of: Mapping[str, Any]) -> str:
        if not of["n"]:
            return self.words["none"]
        value, low, high = (self.percent(of[name]) for name in ("value", "low", "high"))
        return self.words["share"].format(value=value, count=of["n"], low=low, high=high)

    def stratum(self, name: str) -> str:
        """"BPO high", or the name of rows without a label."""
        first, _, band = name.partition(" ")
        return f"{self.labels[first]}, {self.bands[band]}" if first in LABELS else self.words[name.replace(" ", "_")]

    def agreement(self, figures: Mapping[str, Any]) -> Iterator[str]:
        """Of people with each other."""
        found, words = figures["agreement"], self.words
        if found is None:
            yield words["alone"]
            return
        raw = [pair["raw"] for pair in found["pairs"] if pair["raw"] is not None]
        kappas = [pair["kappa"] for pair in found["pairs"] if pair["kappa"] is not None]
        yield words["people"].format(
            rows=found["rows"], raw=self.percent(sum(raw) / max(len(raw), 1)), alpha=self.coefficient(found["alpha"]),
            kappa=self.coefficient(sum(kappas) / len(kappas) if kappas else None),
        )
        for pair in found["pairs"] if len(found["pairs"]) > 1 else ():
            yield words["pair"].format(
                first=pair["people"][0], second=pair["people"][1], rows=pair["rows"],
                raw=self.percent(pair["raw"] or 0), kappa=self.coefficient(pair["kappa"]),
            )
        for name, of in found["scores"].items():
            title = WORDING[self.language][DIMENSIONS.index(name)].name
            yield words["scores"].format(name=title, alpha=self.coefficient(of["alpha"]), rows=of["rows"])
        yield words["disagree"].format(count=figures["disagreed"], rows=figures["rows"])

    def tool(self, figures: Mapping[str, Any]) -> Iterator[str]:
        """Of the program with each person, with what they agree on, and that by label and band."""
        yield self.words["tool"]
        for name, of in figures["tool"].items():
            line = self.words["tool_common" if name == "common" else "tool_person"]
            yield line.format(name=name, share=self.share(of))
        for name, of in figures["strata"].items():
            yield self.words["stratum"].format(name=self.stratum(name), share=self.share(of))

    def corrected(self, figures: Mapping[str, Any]) -> Iterator[str]:
        """Rows, FTE and cost of each answer, and the sentence for the slide."""
        words, found = self.words, figures["corrected"]
        yield words["corrected"]
        for unit, answers in found.items():
            for answer, of in answers.items():
                shown = {name: self.number(value, unit) for name, value in of.items()}
                yield words["row"].format(
                    answer=self.labels[answer], unit=self.units[unit], machine=shown["machine"],
                    value=shown["corrected"], low=shown["low"], high=shown["high"],
                )
        yield ""
        unit = "fte" if "fte" in found else "rows"
        kpo = {name: self.number(value, unit) for name, value in found[unit]["KPO"].items()}
        total = sum(answer["machine"] for answer in found[unit].values())
        yield words["slide"].format(
            total=self.number(total, unit), unit=self.units[unit], machine=kpo["machine"], answer=self.labels["KPO"],
            rows=figures["rows"], people=len(figures["people"]), low=kpo["low"], high=kpo["high"],
            value=kpo["corrected"],
        )
