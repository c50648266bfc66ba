"""Evidence + decision → sentences, in both languages (codebook 5.3)."""

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from ..dimensions import DIMENSIONS, SUM_WEIGHTS, WORDING
from ..errors import InputValueError
from ..result import Classification, Evidence, Scores

WORDINGS: Final = ("outsourcing", "shared-service")
REASON_LENGTH: Final = 160
_QUOTE_LENGTH: Final = 48
_SHOWN: Final = 0.005  # a smaller contribution is printed as zero
_EMPHASIS: Final = (1, 0, 4, 2, 3, 5)  # dimensions in the order in which a question settles most


@lru_cache(maxsize=4)
def sentences(language: str) -> dict[str, Any]:
    """The table of sentences of one language."""
    text = (Path(__file__).parent / f"{language}.toml").read_text("utf-8")
    return tomllib.loads(text)


@lru_cache(maxsize=4096)
def _evidence_reason(dimension: str, positive: bool, modifiers: tuple[str, ...], language: str) -> str:
    words = sentences(language)
    said = words["reason"][dimension][positive]
    notes = [words["modifier"][name] for name in modifiers if name in words["modifier"]]
    return f"{said} ({notes[-1]})" if notes else str(said)


@lru_cache(maxsize=4096)
def number(value: float, language: str, *, decimals: int = 2, sign: bool = True) -> str:
    """A number as people of the language write it, with a real minus."""
    words = sentences(language)["numbers"]
    text = f"{abs(value):.{decimals}f}".replace(".", words["decimal"])
    zero = not float(f"{abs(value):.{decimals}f}")
    if zero or not sign:
        return text
    return (words["minus"] if value < 0 else "+") + text


def printed_scores(scores: Scores) -> list[float]:
    """Six scores to two decimals such that the printed sum (contact halved) has two decimals too."""
    values = list(scores)
    return [*(round(value, 2) for value in values[:-1]), round(values[-1] / 2, 2) * 2]


def reconciled(values: Sequence[float], total: float) -> list[float]:
    """Values to two decimals that add up to `total`: the largest remainders take the difference."""
    hundredths = [int(value * 100 // 1) for value in values]
    missing = round(total * 100) - sum(hundredths)
    order = sorted(range(len(values)), key=lambda i: (hundredths[i] - values[i] * 100, i))
    for step in range(abs(missing)):
        hundredths[order[step % len(order)]] += 1 if missing > 0 else -1
    return [value / 100 for value in hundredths]


class Explainer:
    """Makes reasons and explanations; ``explain_in`` None is the language of each text."""

    def __init__(self, wording: str = "outsourcing", explain_in: str | None = None) -> None:
        if wording not in WORDINGS:
            raise InputValueError(f"wording={wording!r}; offered are {', '.join(WORDINGS)}")
        self._wording = wording
        self._explain_in = explain_in

    def language(self, text_language: str) -> str:
        """The language of our sentences about a text."""
        return self._explain_in or text_language

    def label(self, label: str, language: str) -> str:
        """The label in the words of the preset."""
        return str(sentences(language)["label"][self._wording][label])

    def evidence_reason(
        self, dimension: str, positive: bool, modifiers: Sequence[str], language: str
    ) -> str:
        """Why a quoted span counts as it does, in everyday words."""
        return _evidence_reason(dimension, positive, tuple(modifiers), self.language(language))

    def status_reason(self, status: str, language: str) -> str:
        """Why a quoted span makes a status."""
        return str(sentences(self.language(language))["status_evidence"].get(status, ""))

    def explained(self, result: Classification) -> Classification:
        """The same result with turn in words, question, reason and explanation."""
        language = self.language(result.language)
        voice = _Voice(self, sentences(language), language)
        turn = result.turn
        if turn is not None:
            change = voice.words["turn"]["up" if turn["to"] > turn["from"] else "down"][turn["dimension"]]
            text = voice.fill("turn", "line", label=self.label(turn["label"], language), change=change)
            turn = {**turn, "text": text}
        question = voice.question(result, turn)
        lines = voice.lines(result, turn, question)
        return replace(
            result, turn=turn, question=question, reason=voice.reason(result), explanation="\n".join(lines)
        )


class _Voice:
    """The sentences of one result."""

    def __init__(self, explainer: Explainer, words: dict[str, Any], language: str) -> None:
        self.explainer, self.words, self.language = explainer, words, language

    def fill(self, table: str, name: str, /, **values: object) -> str:
        return str(self.words[table][name]).format(**values)

    def quote(self, text: str, limit: int = _QUOTE_LENGTH) -> str:
        opening, closing = self.words["numbers"]["quote"]
        plain = " ".join(text.split())
        if len(plain) > limit:
            plain = plain[: limit - 2].rstrip() + " …"
        return f"{opening}{plain}{closing}"

    def name(self, dimension: str) -> str:
        return WORDING[self.language][DIMENSIONS.index(dimension)].name

    def label(self, label: str) -> str:
        return self.explainer.label(label, self.language)

    def said(self, item: Evidence, text: str) -> str:
        """The quoted words of a span, with an ellipsis where they do not stand together."""
        if len(item.spans) == 1:
            return self.quote(item.text)
        offset = item.start
        return self.quote(" … ".join(item.text[a - offset : b - offset] for a, b in item.spans))

    def lines(self, result: Classification, turn: Any, question: str) -> list[str]:
        if result.status != "ok":
            return self.refusal(result, question)
        shown = printed_scores(result.scores)
        total = sum(v * w for v, w in zip(shown, SUM_WEIGHTS, strict=True))
        band = self.words["band"][result.band or "low"]
        lines = [self.fill("verdict", "ok", label=self.label(result.label or "BPO"), band=band, sum=number(total, self.language))]
        lines += self.six(result, shown)
        lines.append(self.decided(result, shown, total))
        if result.rule is not None and result.rule["label"] != result.label:
            lines.append(self.fill("decided", "differs", label=self.label(result.rule["label"]), sum=number(total, self.language)))
        lines.append(self.against(result))
        lines.append(turn["text"] if turn is not None else self.words["turn"]["none"])
        lines += self.flags(result)
        lines.append(self.fill("question", "line", question=question))
        lines.append(self.words["limits"]["line"])
        return lines

    def refusal(self, result: Classification, question: str) -> list[str]:
        quotes = [self.quote(item.text) for item in result.status_evidence]
        said = ": " + ", ".join(dict.fromkeys(quotes)) if quotes else ""
        lines = [self.fill("verdict", result.status, quotes=said, count=len(result.parts))]
        for place, part in enumerate(result.parts, 1):
            lines.append(self.fill(
                "part", "line", number=place, text=self.quote(part.text, 80),
                label=self.label(part.label or "BPO"), band=self.words["band"][part.band or "low"],
            ))
        if result.parts:
            lines.append(self.words["part"]["advice"])
        if result.stated:
            lines += self.six(result, printed_scores(result.scores))
        lines += self.flags(result)
        lines.append(self.fill("question", "line", question=question))
        lines.append(self.words["limits"]["line"])
        return lines

    def six(self, result: Classification, shown: Sequence[float]) -> list[str]:
        lines = []
        for dimension, score in zip(DIMENSIONS, shown, strict=True):
            items = [e for e in result.evidence if e.dimension == dimension and e.contribution]
            if not items:
                lines.append(self.fill("line", "unstated", name=self.name(dimension)))
                continue
            parts = reconciled([e.contribution for e in items], score)
            said = ", ".join(
                self.fill("line", "item", quote=self.said(e, result.text), contribution=number(part, self.language))
                if len(items) > 1 else self.said(e, result.text)
                for e, part in zip(items, parts, strict=True)
            )
            low_high = self.words["reason"][dimension]
            reason = self.words["reason"]["balanced"] if abs(score) < 0.05 else low_high[score > 0]
            lines.append(self.fill(
                "line", "scored", name=self.name(dimension), score=number(score, self.language), evidence=said, reason=reason,
            ))
        return lines

    def decided(self, result: Classification, shown: Sequence[float], total: float) -> str:
        names = {"kpo": self.label("KPO"), "bpo": self.label("BPO")}
        if result.decided_by in ("veto V1", "veto V2"):
            return self.fill("decided", result.decided_by.replace(" ", "_"), **names)
        sign = 1 if result.label == "KPO" else -1
        weighted = [(v * w * sign, d) for v, w, d in zip(shown, SUM_WEIGHTS, DIMENSIONS, strict=True)]
        leading = sorted((item for item in weighted if item[0] > 0), key=lambda item: -item[0])[:2]
        if not leading:
            return self.fill("decided", "nothing", **names)
        said = self.words["numbers"]["and"].join(self.name(d) for _, d in leading)
        return self.fill("decided", "sum", dimensions=said)

    def against(self, result: Classification) -> str:
        sign = 1 if result.label == "KPO" else -1
        other = self.label("BPO" if sign > 0 else "KPO")
        active = [e for e in result.evidence if e.contribution * sign < -_SHOWN]
        if active:
            item = max(active, key=lambda e: abs(e.contribution))
            return self.fill(
                "against", "active", quote=self.said(item, result.text), label=other,
                name=self.name(item.dimension), contribution=number(item.contribution, self.language),
            )
        off = [e for e in result.evidence if not e.contribution and e.weight * sign < 0 and e.modifiers]
        if off:
            item = max(off, key=lambda e: abs(e.weight))
            why = self.words["modifier"].get(item.modifiers[-1], "")
            if why:
                return self.fill(
                    "against", "off", quote=self.said(item, result.text), label=other,
                    name=self.name(item.dimension), why=why,
                )
        return str(self.words["against"]["none"])

    def flags(self, result: Classification) -> list[str]:
        lines = []
        for flag in result.flags:
            if flag["flag"] == "ito" and self.explainer._wording != "outsourcing":
                continue
            lines.append(str(self.words["flag"][flag["flag"]]))
        return lines

    def question(self, result: Classification, turn: Any) -> str:
        """The one question that would settle most: what is not stated, else what would turn it."""
        if result.status != "ok":
            return str(self.words["question"][result.status])
        for place in _EMPHASIS[:4]:
            if DIMENSIONS[place] not in result.stated:
                return str(self.words["question"][DIMENSIONS[place]])
        dimension = turn["dimension"] if turn is not None else "process"
        return str(self.words["question"][dimension])

    def reason(self, result: Classification) -> str:
        """One sentence of at most 160 characters."""
        if result.status == "mixed":
            items = [f"{self.quote(p.text, 40)} – {self.label(p.label or 'BPO')}" for p in result.parts]
            return self.shortened("mixed", items)
        if result.status != "ok":
            quotes = [self.quote(item.text, 30) for item in result.status_evidence]
            while True:
                said = ": " + ", ".join(dict.fromkeys(quotes)) if quotes else ""
                text = self.fill("verdict", result.status, quotes=said)
                if len(text) <= REASON_LENGTH or not quotes:
                    return text[:REASON_LENGTH]
                quotes = quotes[:-1]
        sign = 1 if result.label == "KPO" else -1
        best: dict[str, Evidence] = {}
        for item in sorted(result.evidence, key=lambda e: -e.contribution * sign):
            if item.contribution * sign > _SHOWN:
                best.setdefault(item.text.lower(), item)
        shown = dict(zip(DIMENSIONS, printed_scores(result.scores), strict=True))
        items = []
        seen: set[str] = set()
        for item in sorted(best.values(), key=lambda e: (e.dimension in seen, -e.contribution * sign)):
            items.append(self.fill(
                "short", "item", quote=self.said(item, result.text), name=self.name(item.dimension),
                score=number(shown[item.dimension], self.language),
            ))
        if not items:
            return self.fill("short", "nothing", label=self.label(result.label or "BPO"), band=self.words["band"][result.band or "low"])
        return self.shortened(
            "ok", items[:3], label=self.label(result.label or "BPO"), band=self.words["band"][result.band or "low"]
        )

    def shortened(self, name: str, items: list[str], /, **values: object) -> str:
        """The sentence with as many items as fit."""
        while True:
            text = self.fill("short", name, quotes=self.words["numbers"]["separator"].join(items), **values)
            if len(text) <= REASON_LENGTH or len(items) <= 1:
                return text if len(text) <= REASON_LENGTH else text[: REASON_LENGTH - 2].rstrip() + " …"
            items = items[:-1]
