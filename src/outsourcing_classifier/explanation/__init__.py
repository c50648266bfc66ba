"""Evidence + decision → sentences, in both languages (codebook 5.3).

The sentences stand in `en.toml` and `de.toml`. A `Voice` is one language in one wording with
everything prepared that does not depend on a row; `tell` fills in a row.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from ..dimensions import DIMENSIONS, WORDING
from ..errors import InputValueError
from ..wordings import sentence_table
from .facts import HUNDREDTH, QUOTE_LENGTH, Extra, Facts, shortened

if TYPE_CHECKING:
    from ..decisions import Held
    from ..result import Classification

WORDINGS: Final = ("outsourcing", "shared-service")
REASON_LENGTH: Final = 160
_SHOWN_ITEMS: Final = 3  # in a reason
_PART_LENGTH: Final = 80
_BALANCED: Final = 5  # a score below this many hundredths is said to balance


@dataclass(slots=True, eq=False, repr=False)
class Told:
    """A row in words."""

    turn: dict[str, Any] | None
    question: str
    reason: str
    explanation: str


def sentences(language: str) -> dict[str, Any]:
    """The table of sentences of one language."""
    return sentence_table(f"explanation/{language}.toml")


@lru_cache(maxsize=4096)
def number(value: float, language: str, *, decimals: int = 2) -> str:
    """A signed number as people of the language write it, with a real minus."""
    words = sentences(language)["numbers"]
    digits = f"{abs(value):.{decimals}f}"
    text = digits.replace(".", words["decimal"])
    if not float(digits):
        return text
    return (words["minus"] if value < 0 else "+") + text


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
        self.score_texts = {h: number(h / HUNDREDTH, language) for h in range(-200, 201)}
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
        self.short_items = [
            _around(words["short"]["item"].replace("{name}", name), "quote", "score") for name in self.names
        ]
        # What would turn the label: by dimension and label turned to.
        self.turns = {
            (place, label): self.filled("turn", "line")(
                label=self.labels[label], change=words["turn"]["up" if label == "KPO" else "down"][dimension]
            )
            for place, dimension in enumerate(DIMENSIONS) for label in ("BPO", "KPO")
        }
        self.questions = {text: self.filled("question", "line")(question=text) for text in words["question"].values()}
        self.verdicts = {
            (label, band): _around(
                words["verdict"]["ok"].replace("{label}", self.labels[label]).replace("{band}", self.bands[band]), "sum"
            )
            for label in ("BPO", "KPO") for band in self.bands
        }
        places = range(len(DIMENSIONS))
        self.leading = {
            two: words["decided"]["sum"].format(dimensions=words["numbers"]["and"].join(self.names[i] for i in two))
            for two in (*((i,) for i in places), *((i, j) for i in places for j in places if i != j))
        }
        self.against_active, self.against_off = self.filled("against", "active"), self.filled("against", "off")
        self.nothing_against: str = words["against"]["none"]
        self.limits: str = words["limits"]["line"]
        # The preset for shared services does without the market's word for IT work.
        self.unsaid_flags = frozenset() if wording == "outsourcing" else frozenset({"ito"})

    def filled(self, table: str, name: str) -> Callable[..., str]:
        """The format of a sentence."""
        sentence: str = self.words[table][name]
        return sentence.format

    def sum_text(self, thousandths: int) -> str:
        """The sum as printed: with three decimals where it needs them."""
        return number(thousandths / 1000, self.language, decimals=3 if thousandths % 10 else 2)

    def quote(self, text: str, limit: int = QUOTE_LENGTH) -> str:
        """A quotation on one line, shortened."""
        return f"{self.opening}{shortened(text, limit)}{self.closing}"

    def evidence_reason(self, dimension: str, weight: float, modifiers: Sequence[str]) -> str:
        """Why a quoted span counts as it does, in everyday words."""
        said: str = self.words["reason"][dimension][weight > 0]
        notes = [self.words["modifier"][name] for name in modifiers if name in self.words["modifier"]]
        return f"{said} ({notes[-1]})" if notes else said

    def status_reason(self, status: str) -> str:
        """Why a quoted span makes a status."""
        return str(self.words["status_evidence"].get(status, ""))

    def told(self, facts: Facts, row: int, extra: Extra) -> Told:
        """All that is said of a row."""
        return Told(
            self.turn(facts, row), self.question(facts, row, extra), self.reason(facts, row, extra),
            self.explanation(facts, row, extra),
        )

    def explanation(self, facts: Facts, row: int, extra: Extra) -> str:
        """Verdict, six lines, what decided, what speaks against it, what would turn it, what is missing, limits."""
        ok = facts.status[row] == "ok"
        lines = self.verdict_lines(facts, row) if ok else self.refusal(facts, row, extra)
        lines += [self.words["flag"][flag] for flag in extra.flags if flag not in self.unsaid_flags]
        lines += (self.questions[self.question(facts, row, extra)], self.limits)
        return "\n".join(lines)

    def turn(self, facts: Facts, row: int) -> dict[str, Any] | None:
        """The turning point as data, with its sentence; None without a label, or where no single score turns it."""
        place, value = facts.turn[row]
        if facts.status[row] != "ok" or place < 0:
            return None
        to = "BPO" if facts.label[row] == "KPO" else "KPO"
        return {
            "dimension": DIMENSIONS[place], "from": facts.hundredths[6 * row + place] / HUNDREDTH, "to": value,
            "label": to, "text": self.turns[place, to],
        }

    def verdict_lines(self, facts: Facts, row: int) -> list[str]:
        """Verdict, six lines, what decided, what speaks against it, what would turn it."""
        label = facts.label[row] or "BPO"
        before, behind = self.verdicts[label, facts.band[row] or "low"]
        total = self.sum_text(facts.thousandths[row])
        lines = [f"{before}{total}{behind}", *self.six(facts, row), self.decided(facts, row)]
        if facts.rule_label[row] != label:
            rule = self.labels[facts.rule_label[row]]
            lines.append(self.filled("decided", "differs")(label=rule, sum=total))
        place, _ = facts.turn[row]
        lines.append(self.against(facts, row))
        lines.append(self.words["turn"]["none"] if place < 0 else self.turns[place, "BPO" if label == "KPO" else "KPO"])
        return lines

    def refusal(self, facts: Facts, row: int, extra: Extra) -> list[str]:
        """Why there is no label, or the parts and their labels."""
        said = ": " + ", ".join(dict.fromkeys(map(self.quote, extra.quotes))) if extra.quotes else ""
        lines = [self.filled("verdict", facts.status[row])(quotes=said, count=len(extra.parts))]
        line = self.filled("part", "line")
        lines += [
            line(number=place, text=self.quote(text, _PART_LENGTH), label=self.labels[label], band=self.bands[band])
            for place, (text, label, band) in enumerate(extra.parts, 1)
        ]
        if extra.parts:
            lines.append(self.words["part"]["advice"])
        first = facts.evidence.active_first
        if first[row * 6] < first[row * 6 + 6]:
            lines += self.six(facts, row)
        return lines

    def six(self, facts: Facts, row: int) -> list[str]:
        """One line a dimension: score, quotes with what each adds, reason."""
        evidence, shares, texts = facts.evidence, facts.shares, self.score_texts
        quoted, first = evidence.quoted, evidence.active_first
        opening, closing = self.opening, self.closing
        before, between, behind = self.item
        before, between = before + opening, closing + between
        lines = []
        start = first[row * 6]
        for place, score in enumerate(facts.hundredths[6 * row : 6 * row + 6]):
            end = first[row * 6 + place + 1]
            if start == end:
                lines.append(self.unstated[place])
                continue
            if end - start == 1:
                said = f"{opening}{quoted[start]}{closing}"
            else:
                said = ", ".join([
                    f"{before}{quoted[i]}{between}{texts[shares[i]]}{behind}" for i in range(start, end)
                ])
            head, middle, tail = self.scored[place][0 if -_BALANCED < score < _BALANCED else 1 if score < 0 else 2]
            lines.append(f"{head}{texts[score]}{middle}{said}{tail}")
            start = end
        return lines

    def decided(self, facts: Facts, row: int) -> str:
        """What gave the label."""
        words = self.words["decided"]
        by = facts.decided_by[row]
        key = by.replace(" ", "_") if by in ("veto V1", "veto V2") else "sum" if facts.leading[row] else "nothing"
        if key == "sum":
            return self.leading[facts.leading[row]]
        return str(words[key]).format(kpo=self.labels["KPO"], bpo=self.labels["BPO"])

    def against(self, facts: Facts, row: int) -> str:
        """The strongest word for the other label, counted or not."""
        evidence, found = facts.evidence, facts.against[row]
        if found is None:
            return self.nothing_against
        i, words = found
        label = self.labels["BPO" if facts.label[row] == "KPO" else "KPO"]
        quote, name = f"{self.opening}{words}{self.closing}", self.names[evidence.place[i]]
        contribution = float(evidence.net[i])
        if contribution:
            return self.against_active(
                quote=quote, label=label, name=name, contribution=number(contribution, self.language)
            )
        why = self.words["modifier"].get(evidence.modifiers[i][-1])
        return self.nothing_against if why is None else self.against_off(quote=quote, label=label, name=name, why=why)

    def question(self, facts: Facts, row: int, _extra: Extra) -> str:
        """The one question that would settle most: what is not stated, else what would turn it."""
        status = facts.status[row]
        questions: dict[str, str] = self.words["question"]
        return questions[DIMENSIONS[facts.asked[row]] if status == "ok" else status]

    def reason(self, facts: Facts, row: int, extra: Extra) -> str:
        """One sentence of at most 160 characters."""
        status = facts.status[row]
        if status == "mixed":
            items = [f"{self.quote(text, 40)} – {self.labels[label]}" for text, label, _ in extra.parts]
            return self.fitting(self.filled("short", "mixed"), items)
        if status != "ok":
            sentence = self.filled("verdict", status)
            quotes = list(dict.fromkeys(self.quote(text, 30) for text in extra.quotes))
            while quotes and len(sentence(quotes=": " + ", ".join(quotes))) > REASON_LENGTH:
                quotes.pop()
            return sentence(quotes=": " + ", ".join(quotes) if quotes else "")[:REASON_LENGTH]
        places, quotes, first = facts.supporting
        band, label = self.bands[facts.band[row] or "low"], self.labels[facts.label[row] or "BPO"]
        items = []
        seen: list[str] = []
        for i in range(first[row], first[row + 1]):
            if (quote := quotes[i]).lower() not in seen:
                seen.append(quote.lower())
                before, between, behind = self.short_items[places[i]]
                score = self.score_texts[facts.hundredths[6 * row + places[i]]]
                items.append(f"{before}{self.opening}{quote}{self.closing}{between}{score}{behind}")
                if len(items) == _SHOWN_ITEMS:
                    break
        if not items:
            return self.filled("short", "nothing")(label=label, band=band)
        return self.fitting(self.filled("short", "ok"), items, label=label, band=band)

    def of_person(self, machine: "Classification", held: "Held") -> Told:
        """What is said of a row on which people decided; ``machine`` is the answer without them."""
        words, decision = self.words["person"], held.decision
        kind = self.labels.get(decision.label or "", words["kind"].get(decision.kind, ""))
        by, date = decision.by or words["somebody"], words["date"].format(date=decision.date) if decision.date else ""
        why = words["why"].format(reason=decision.reason.strip(" .")) if decision.reason else ""
        first, *rest = machine.explanation.split("\n")
        if held.contradicted:
            question = str(words["contradicted"])
            return Told(None, question, machine.reason, "\n".join((first, question, *rest)))
        reason = words["decided"].format(kind=kind, by=by, date=date, why=why)
        lines = [reason, words["machine"].format(answer=first)]
        question = ""
        if held.changed:
            question = str(words["changed"])
            lines.append(words["earlier"].format(text=self.quote(decision.text, _PART_LENGTH)))
            lines.append(self.filled("question", "line")(question=question))
        elif decision.kind == "unclear":
            question = machine.question
            lines += [line for line in rest if question and question in line]
        lines += [line for line in rest if line.startswith(tuple(f"{name}" for name in self.names))]
        return Told(None, question, shortened(reason, REASON_LENGTH), "\n".join((*lines, self.limits)))

    def fitting(self, sentence: Callable[..., str], items: list[str], **values: object) -> str:
        """The sentence with as many items as fit."""
        separator = self.words["numbers"]["separator"]
        text = sentence(quotes=separator.join(items), **values)
        while len(text) > REASON_LENGTH and len(items) > 1:
            items = items[:-1]
            text = sentence(quotes=separator.join(items), **values)
        return text if len(text) <= REASON_LENGTH else text[: REASON_LENGTH - 2].rstrip() + " …"
