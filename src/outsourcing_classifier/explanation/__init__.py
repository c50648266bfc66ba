"""Evidence + decision → sentences, in both languages (codebook 5.3).

The sentences stand in `en.toml` and `de.toml`. A `Voice` is one language in one wording with
everything prepared that does not depend on a row; `tell` fills in a row.
"""

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Protocol

from ..dimensions import DIMENSIONS, SUM_WEIGHTS, WORDING
from ..errors import InputValueError

WORDINGS: Final = ("outsourcing", "shared-service")
REASON_LENGTH: Final = 160
QUOTE_LENGTH: Final = 48
_PART_LENGTH: Final = 80
_SHOWN: Final = 0.005  # a smaller contribution is printed as zero
_BALANCED: Final = 5  # a score below this many hundredths is said to balance
_ASKED: Final = (1, 0, 4, 2)  # dimensions in the order in which a question settles most
_HUNDREDTH: Final = 100


class EvidenceColumns(Protocol):
    """Evidence in columns, ordered by dimension (`place` is its number)."""

    place: list[int]
    start: list[int]
    end: list[int]
    spans: dict[int, tuple[tuple[int, int], ...]]
    contribution: list[float]
    weight: list[float]
    modifiers: list[tuple[str, ...]]

    @property
    def quoted(self) -> list[str]:
        """The quoted words of each piece of evidence, with an ellipsis where they do not stand together."""
        ...


@dataclass(frozen=True, slots=True)
class Facts:
    """What is told of one row; its evidence is `columns` from `first` up to `end`."""

    text: str
    language: str
    status: str
    label: str | None
    band: str | None
    decided_by: str | None
    rule_label: str | None
    scores: Sequence[float]
    columns: EvidenceColumns
    first: int
    end: int
    turn: dict[str, Any] | None
    quotes: Sequence[str]  # what made the status
    parts: Sequence[tuple[str, str, str]]  # text, label, band
    flags: Sequence[str]


@dataclass(frozen=True, slots=True)
class Told:
    """A row in words."""

    turn: dict[str, Any] | None
    question: str
    reason: str
    explanation: str


@lru_cache(maxsize=4)
def sentences(language: str) -> dict[str, Any]:
    """The table of sentences of one language."""
    text = (Path(__file__).parent / f"{language}.toml").read_text("utf-8")
    return tomllib.loads(text)


@lru_cache(maxsize=4096)
def number(value: float, language: str, *, decimals: int = 2) -> str:
    """A signed number as people of the language write it, with a real minus."""
    words = sentences(language)["numbers"]
    digits = f"{abs(value):.{decimals}f}"
    text = digits.replace(".", words["decimal"])
    if not float(digits):
        return text
    return (words["minus"] if value < 0 else "+") + text


def printed_scores(scores: Sequence[float]) -> list[int]:
    """Six scores as printed, in hundredths."""
    return [round(value * _HUNDREDTH) for value in scores]


def printed_sum(hundredths: Sequence[int], language: str) -> str:
    """The sum (contact halved) of the printed scores, exact: with three decimals where it needs them."""
    thousandths = round(sum(value * weight * 10 for value, weight in zip(hundredths, SUM_WEIGHTS, strict=True)))
    return number(thousandths / 1000, language, decimals=3 if thousandths % 10 else 2)


def reconciled(values: Sequence[float], total: int) -> list[int]:
    """Values in hundredths that add up to `total`: the largest remainders take the difference."""
    floors = [int(value * _HUNDREDTH // 1) for value in values]
    missing = total - sum(floors)
    if missing:
        order = sorted(range(len(values)), key=lambda i: (floors[i] - values[i] * _HUNDREDTH, i))
        for step in range(abs(missing)):
            floors[order[step % len(order)]] += 1 if missing > 0 else -1
    return floors


@lru_cache(maxsize=65_536)
def shortened(text: str, limit: int = QUOTE_LENGTH) -> str:
    """A text on one line, cut where it is longer than the limit."""
    plain = " ".join(text.split())
    return plain if len(plain) <= limit else plain[: limit - 2].rstrip() + " …"


def _around(sentence: str, *names: str) -> list[str]:
    """What stands before, between and behind these fields of a sentence, in this order."""
    pieces = []
    for name in names:
        before, _, sentence = sentence.partition("{" + name + "}")
        pieces.append(before)
    return [*pieces, sentence]


class Explainer:
    """Makes reasons and explanations; ``explain_in`` None is the language of each text."""

    def __init__(self, wording: str = "outsourcing", explain_in: str | None = None) -> None:
        if wording not in WORDINGS:
            raise InputValueError(f"wording={wording!r}; offered are {', '.join(WORDINGS)}")
        self._wording = wording
        self._explain_in = explain_in

    def voice(self, text_language: str) -> "Voice":
        """The voice that speaks of a text in this language."""
        return voice(self._explain_in or text_language, self._wording)

    def label(self, label: str, language: str) -> str:
        """The label in the words of the preset."""
        return voice(language, self._wording).labels[label]

    def tell(self, facts: Facts) -> Told:
        """A row in words."""
        return self.voice(facts.language).tell(facts)


@lru_cache(maxsize=8)
def voice(language: str, wording: str) -> "Voice":
    """One language in one wording, prepared once."""
    return Voice(language, wording)


class Voice:
    """The sentences of one language and wording, with all prepared that no row changes."""

    def __init__(self, language: str, wording: str) -> None:
        self.words = words = sentences(language)
        self.language = language
        self.labels: dict[str, str] = words["label"][wording]
        self.bands: dict[str, str] = words["band"]
        self.opening, self.closing = words["numbers"]["quote"]
        self.names = [item.name for item in WORDING[language]]
        self.score_texts = {h: number(h / _HUNDREDTH, language) for h in range(-200, 201)}
        self.unstated = [self.filled("line", "unstated")(name=name) for name in self.names]
        # Score line of each dimension, balanced, below and above 0: before the score, between, behind.
        self.scored = [
            [
                _around(
                    words["line"]["scored"].replace("{name}", name).replace("{reason}", reason), "score", "evidence"
                )
                for reason in (words["reason"]["balanced"], *words["reason"][dimension])
            ]
            for name, dimension in zip(self.names, DIMENSIONS, strict=True)
        ]
        self.item = _around(words["line"]["item"], "quote", "contribution")
        self.short_item = self.filled("short", "item")
        self.turns: dict[tuple[bool, str, str], str] = {}
        self.ask = self.filled("question", "line")
        self.verdict = self.filled("verdict", "ok")
        self.limits: str = words["limits"]["line"]
        # The preset for shared services does without the market's word for IT work.
        self.unsaid_flags = frozenset() if wording == "outsourcing" else frozenset({"ito"})

    def filled(self, table: str, name: str) -> Callable[..., str]:
        """The format of a sentence."""
        sentence: str = self.words[table][name]
        return sentence.format

    def quote(self, text: str, limit: int = QUOTE_LENGTH) -> str:
        """A quotation on one line, shortened."""
        return f"{self.opening}{shortened(text, limit)}{self.closing}"

    def said(self, facts: Facts, i: int) -> str:
        """A piece of evidence in quotation marks."""
        return f"{self.opening}{facts.columns.quoted[i]}{self.closing}"

    def evidence_reason(self, dimension: str, weight: float, modifiers: Sequence[str]) -> str:
        """Why a quoted span counts as it does, in everyday words."""
        said: str = self.words["reason"][dimension][weight > 0]
        notes = [self.words["modifier"][name] for name in modifiers if name in self.words["modifier"]]
        return f"{said} ({notes[-1]})" if notes else said

    def status_reason(self, status: str) -> str:
        """Why a quoted span makes a status."""
        return str(self.words["status_evidence"].get(status, ""))

    def tell(self, facts: Facts) -> Told:
        """A row in words."""
        columns = facts.columns
        active: list[list[int]] = [[], [], [], [], [], []]
        for i in range(facts.first, facts.end):
            if columns.contribution[i]:
                active[columns.place[i]].append(i)
        hundredths = printed_scores(facts.scores)
        turn = self.turned(facts.turn)
        question = self.question(facts, active)
        if facts.status != "ok":
            lines = self.refusal(facts, active, hundredths)
        else:
            lines = self.verdict_lines(facts, active, hundredths)
            lines.append(turn["text"] if turn is not None else self.words["turn"]["none"])
        lines += [self.words["flag"][flag] for flag in facts.flags if flag not in self.unsaid_flags]
        lines += [self.ask(question=question), self.limits]
        return Told(turn, question, self.reason(facts, hundredths), "\n".join(lines))

    def turned(self, turn: dict[str, Any] | None) -> dict[str, Any] | None:
        """The turning point with its sentence."""
        if turn is None:
            return None
        key = (turn["to"] > turn["from"], turn["dimension"], turn["label"])
        text = self.turns.get(key)
        if text is None:
            change = self.words["turn"]["up" if key[0] else "down"][turn["dimension"]]
            text = self.turns[key] = self.filled("turn", "line")(label=self.labels[turn["label"]], change=change)
        return {**turn, "text": text}

    def verdict_lines(self, facts: Facts, active: list[list[int]], hundredths: list[int]) -> list[str]:
        """Verdict, six lines, what decided, what speaks against it."""
        total = printed_sum(hundredths, self.language)
        label = self.labels[facts.label or "BPO"]
        lines = [self.verdict(label=label, band=self.bands[facts.band or "low"], sum=total)]
        lines += self.six(facts, active, hundredths)
        lines.append(self.decided(facts, hundredths))
        if facts.rule_label != facts.label:
            lines.append(self.filled("decided", "differs")(label=self.labels[facts.rule_label or "BPO"], sum=total))
        lines.append(self.against(facts))
        return lines

    def refusal(self, facts: Facts, active: list[list[int]], hundredths: list[int]) -> list[str]:
        """Why there is no label, or the parts and their labels."""
        said = ": " + ", ".join(dict.fromkeys(map(self.quote, facts.quotes))) if facts.quotes else ""
        lines = [self.filled("verdict", facts.status)(quotes=said, count=len(facts.parts))]
        line = self.filled("part", "line")
        lines += [
            line(number=place, text=self.quote(text, _PART_LENGTH), label=self.labels[label], band=self.bands[band])
            for place, (text, label, band) in enumerate(facts.parts, 1)
        ]
        if facts.parts:
            lines.append(self.words["part"]["advice"])
        if any(active):
            lines += self.six(facts, active, hundredths)
        return lines

    def six(self, facts: Facts, active: list[list[int]], hundredths: list[int]) -> list[str]:
        """One line a dimension: score, quotes with what each adds, reason."""
        contribution, quoted = facts.columns.contribution, facts.columns.quoted
        before, between, behind = self.item
        before, between = before + self.opening, self.closing + between
        lines = []
        for place, items in enumerate(active):
            if not items:
                lines.append(self.unstated[place])
                continue
            score = hundredths[place]
            if len(items) == 1:
                evidence = self.said(facts, items[0])
            else:
                shares = reconciled([contribution[i] for i in items], score)
                evidence = ", ".join([
                    f"{before}{quoted[i]}{between}{self.score_texts[share]}{behind}"
                    for i, share in zip(items, shares, strict=True)
                ])
            start, middle, end = self.scored[place][0 if abs(score) < _BALANCED else 1 if score < 0 else 2]
            lines.append(f"{start}{self.score_texts[score]}{middle}{evidence}{end}")
        return lines

    def decided(self, facts: Facts, hundredths: list[int]) -> str:
        """What gave the label."""
        words = self.words["decided"]
        if facts.decided_by in ("veto V1", "veto V2"):
            return str(words[facts.decided_by.replace(" ", "_")]).format(kpo=self.labels["KPO"], bpo=self.labels["BPO"])
        sign = 1 if facts.label == "KPO" else -1
        sizes = [score * weight * sign for score, weight in zip(hundredths, SUM_WEIGHTS, strict=True)]
        leading = sorted(range(len(sizes)), key=sizes.__getitem__, reverse=True)[:2]
        names = [self.names[place] for place in leading if sizes[place] > 0]
        if not names:
            return str(words["nothing"]).format(kpo=self.labels["KPO"], bpo=self.labels["BPO"])
        return str(words["sum"]).format(dimensions=self.words["numbers"]["and"].join(names))

    def against(self, facts: Facts) -> str:
        """The strongest word for the other label, counted or not."""
        columns = facts.columns
        sign = 1 if facts.label == "KPO" else -1
        other = self.labels["BPO" if sign > 0 else "KPO"]
        rows = range(facts.first, facts.end)
        i = min(rows, key=lambda i: columns.contribution[i] * sign, default=-1)
        if i >= 0 and columns.contribution[i] * sign < -_SHOWN:
            return self.filled("against", "active")(
                quote=self.said(facts, i), label=other, name=self.names[columns.place[i]],
                contribution=number(columns.contribution[i], self.language),
            )
        off = [i for i in rows if not columns.contribution[i] and columns.weight[i] * sign < 0 and columns.modifiers[i]]
        i = min(off, key=lambda i: columns.weight[i] * sign, default=-1)
        why = self.words["modifier"].get(columns.modifiers[i][-1]) if i >= 0 else None
        if why is None:
            return str(self.words["against"]["none"])
        return self.filled("against", "off")(
            quote=self.said(facts, i), label=other, name=self.names[columns.place[i]], why=why
        )

    def question(self, facts: Facts, active: list[list[int]]) -> str:
        """The one question that would settle most: what is not stated, else what would turn it."""
        questions: dict[str, str] = self.words["question"]
        if facts.status != "ok":
            return questions[facts.status]
        for place in _ASKED:
            if not active[place]:
                return questions[DIMENSIONS[place]]
        return questions[facts.turn["dimension"] if facts.turn is not None else "process"]

    def reason(self, facts: Facts, hundredths: list[int]) -> str:
        """One sentence of at most 160 characters."""
        if facts.status == "mixed":
            items = [f"{self.quote(text, 40)} – {self.labels[label]}" for text, label, _ in facts.parts]
            return self.fitting(self.filled("short", "mixed"), items)
        if facts.status != "ok":
            sentence = self.filled("verdict", facts.status)
            quotes = list(dict.fromkeys(self.quote(text, 30) for text in facts.quotes))
            while quotes and len(sentence(quotes=": " + ", ".join(quotes))) > REASON_LENGTH:
                quotes.pop()
            return sentence(quotes=": " + ", ".join(quotes) if quotes else "")[:REASON_LENGTH]
        columns = facts.columns
        sign = 1 if facts.label == "KPO" else -1
        band, label = self.bands[facts.band or "low"], self.labels[facts.label or "BPO"]
        order = sorted(range(facts.first, facts.end), key=lambda i: -columns.contribution[i] * sign)
        items, seen = [], set()
        for i in order:
            if columns.contribution[i] * sign <= _SHOWN or len(items) == 3:
                break
            said = self.said(facts, i)
            if said.lower() not in seen:
                seen.add(said.lower())
                place = columns.place[i]
                items.append(self.short_item(
                    quote=said, name=self.names[place], score=self.score_texts[hundredths[place]]
                ))
        if not items:
            return self.filled("short", "nothing")(label=label, band=band)
        return self.fitting(self.filled("short", "ok"), items, label=label, band=band)

    def fitting(self, sentence: Callable[..., str], items: list[str], **values: object) -> str:
        """The sentence with as many items as fit."""
        separator = self.words["numbers"]["separator"]
        text = sentence(quotes=separator.join(items), **values)
        while len(text) > REASON_LENGTH and len(items) > 1:
            items = items[:-1]
            text = sentence(quotes=separator.join(items), **values)
        return text if len(text) <= REASON_LENGTH else text[: REASON_LENGTH - 2].rstrip() + " …"
