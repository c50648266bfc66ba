"""One batch on its way from texts to columns, and the row objects made from it on demand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from .decision import BANDS, DECIDED_BY, LOW, RULE_BY, DecisionModel, Decisions, decide
from .dimensions import DIMENSIONS, LANGUAGES
from .dominance import overruled
from .evidence import IN_FORCE, OUTRANKED, WeighedCues, settle, weigh
from .explanation.facts import EvidenceColumns, Extra, Facts, Spans
from .flags import FLAGS, MAX_CHARACTERS, Flags
from .gates import EMPTY, INSUFFICIENT, MIXED, OK, STATUSES, Gates, Parts, gate, mixed_texts, quoted, score_parts
from .lexicon import Lexicon
from .lexicon.codes import FUNCTION
from .lexicon.words import KNOWN, NUMBER
from .reading.columns import any_column, any_in
from .reading.forms import BREAK, WORD, FormTable
from .reading.hits import Reading, read
from .result import Classification, Evidence, Scores, StatusEvidence
from .scoring import Floats, scores
from .text.tokens import Tokens, token_spans

if TYPE_CHECKING:
    from .explanation import Explainer

_FOREIGN_EVIDENCE: Final = 2  # dimensions that must speak before a text in a third language gets a label
_LABELS: Final = ("BPO", "KPO", None)
_NOTHING: Final = Extra()
_SENTENCE_ENDS: Final = (".", "!", "?", "…")


class Batch:
    """Columns of one batch of texts; everything that a row needs is kept, objects are made on reading."""

    def __init__(
        self, texts: Sequence[str], tokens: Tokens, table: FormTable, lexicon: Lexicon, model: DecisionModel,
        versions: Mapping[str, str], *, language: int | None, assume_task: bool,
    ) -> None:
        self.texts = list(texts)
        self._lexicon, self._model, self._versions = lexicon, model, versions
        self._reading: Reading = read(table, lexicon, tokens, language)
        count = len(self.texts)
        weighed = weigh(self._reading, lexicon)
        ruled_out = overruled(self._reading, weighed, self.texts)
        self._dominant = any_in(self._reading.hits.text, ruled_out, count)
        # Where one of two opposed works is said to rule ("mainly", "80 %"), only its evidence stays in force.
        state = weighed.state + (ruled_out[:, None] & (weighed.state == IN_FORCE)) * np.int8(OUTRANKED)  # in force: 0
        self._cues = settle(replace(weighed, state=state), self._reading.hits.text)
        self.scores, self.stated = scores(self._cues, count)
        words = self._reading.words
        letters = any_in(words.text, (words.punctuation == WORD) & (words.kind & NUMBER == 0), count)
        if assume_task:
            self._gates = Gates(np.where(letters, OK, EMPTY).astype(np.int8))
            self._parts: Parts | None = None
        else:
            self._gates = gate(self._reading, weighed, self.stated, letters, lexicon, model.gate)
            self._parts = score_parts(self._reading, weighed, model)
        mixed = mixed_texts(self._parts, count) & ~self._dominant & (self._gates.status == OK)
        self._gates.status[mixed] = MIXED
        self.decisions: Decisions = decide(self.scores, self.stated, model)
        refused = words.foreign & (self.stated.sum(axis=1) < _FOREIGN_EVIDENCE) & (self._gates.status == OK)
        self._gates.status[refused] = INSUFFICIENT

    @property
    def reading(self) -> Reading:
        """What was read: words, clauses, cues."""
        return self._reading

    @property
    def gates(self) -> Gates:
        """Statuses, and what the gates weigh."""
        return self._gates

    @property
    def settled(self) -> WeighedCues:
        """The evidence after collisions are settled."""
        return self._cues

    @cached_property
    def _flags(self) -> Flags:
        return Flags(self.texts, self._reading, self._lexicon, self._dominant)

    @cached_property
    def _flagged(self) -> list[bool]:
        flagged: list[bool] = any_column(self._flags.columns).tolist()
        return flagged

    @cached_property
    def _flag_names(self) -> dict[int, list[str]]:
        """The flags of the rows that have any."""
        found: dict[int, list[str]] = {}
        for row, place in zip(*(places.tolist() for places in np.nonzero(self._flags.columns)), strict=True):
            found.setdefault(row, []).append(FLAGS[place])
        return found

    @cached_property
    def _band(self) -> npt.NDArray[np.int8]:
        """Number of the band, 0 without a label; low for a bare service name."""
        bare = self._flags.columns[:, FLAGS.index("bare_service_name")]
        bare = bare | self._flags.columns[:, FLAGS.index("name_an_activity")]
        return np.where(self._gates.status == OK, np.where(bare, LOW, self.decisions.band), 0).astype(np.int8)

    @cached_property
    def needs_review(self) -> npt.NDArray[np.bool_]:
        """Whether a person should look at each text (design 3)."""
        status, decisions = self._gates.status, self.decisions
        near = np.abs(2 * decisions.probability - 1) < self._model.review_below
        doubtful = (self._band == LOW) | self._dominant | (decisions.kpo != decisions.rule_kpo) | near
        refused = (status == MIXED) | (status == INSUFFICIENT)
        return np.where(status == OK, doubtful, refused)

    @cached_property
    def probabilities(self) -> Floats:
        """P(KPO), NaN without a label."""
        return np.where(self._gates.status == OK, self.decisions.probability, np.nan)

    @cached_property
    def statuses(self) -> list[str]:
        """Status of each text."""
        return [STATUSES[i] for i in self._gates.status.tolist()]

    @cached_property
    def labels(self) -> list[str | None]:
        """Label of each text, None where there is none."""
        kpo = np.where(self._gates.status == OK, self.decisions.kpo, 2)
        return [_LABELS[i] for i in kpo.tolist()]

    @cached_property
    def bands(self) -> list[str | None]:
        """Band of each text."""
        return [BANDS[i] or None for i in self._band.tolist()]

    @cached_property
    def decided_by(self) -> list[str | None]:
        """What gave each label."""
        return [DECIDED_BY[i] or None for i in np.where(self._gates.status == OK, self.decisions.by, 0).tolist()]

    @cached_property
    def rule_labels(self) -> list[str | None]:
        """The label that the codebook's rule gives on the scores, None without one."""
        kpo = np.where(self._gates.status == OK, self.decisions.rule_kpo, 2)
        return [_LABELS[i] for i in kpo.tolist()]

    @cached_property
    def languages(self) -> list[str]:
        """The nearer language of each text."""
        return [LANGUAGES[i] for i in self._reading.words.language.tolist()]

    @cached_property
    def word_counts(self) -> npt.NDArray[np.int64]:
        """Words of each text that are neither grammar nor numbers, and how many neither language knows."""
        words, count = self._reading.words, len(self.texts)
        content = (words.punctuation == WORD) & (words.function == 0) & (words.kind & NUMBER == 0)
        unknown = content & (words.kind & KNOWN == 0)
        return np.column_stack([np.bincount(words.text[of], minlength=count) for of in (content, unknown)])

    @cached_property
    def sentence_ends(self) -> list[list[int]]:
        """Where the sentences of each text end, in code points; the end of the text is not among them."""
        words, (_, ends) = self._reading.words, self._spans
        forms = words.tokens.table.forms
        found: list[list[int]] = [[] for _ in self.texts]
        for token in np.flatnonzero(words.punctuation == BREAK).tolist():
            if forms[int(words.tokens.form[token])] in _SENTENCE_ENDS:
                found[int(words.text[token])].append(int(ends[token]))
        return found

    @cached_property
    def _score_rows(self) -> list[list[float]]:
        rows: list[list[float]] = self.scores.tolist()
        return rows

    @cached_property
    def _stated_rows(self) -> list[list[bool]]:
        rows: list[list[bool]] = self.stated.tolist()
        return rows

    @cached_property
    def _spans(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Start and end of every token of the batch in its text."""
        return token_spans(self._reading.words.tokens)

    @cached_property
    def _whole(self) -> EvidenceColumns:
        return EvidenceColumns(self._cues, len(self.texts), self._lexicon, self._spans, self.texts)

    @cached_property
    def _part_facts(self) -> Facts | None:
        """What an explanation tells of each part of the texts that may be mixed."""
        parts = self._parts
        if parts is None:
            return None
        count, decided = len(parts.number), parts.decisions
        columns = EvidenceColumns(parts.evidence, count, self._lexicon, self._spans, self.texts)
        labels = [_LABELS[kpo] for kpo in decided.kpo.tolist()]
        bands, by = ([names[i] or None for i in column.tolist()] for names, column in (
            (BANDS, decided.band), (DECIDED_BY, decided.by),
        ))
        return Facts(columns, parts.scores, decided, self._model, (["ok"] * count, labels, bands, by))

    def _place(self, first: int, last: int, partner: int) -> tuple[int, int, tuple[tuple[int, int], ...]]:
        starts, ends = self._spans
        start, end = int(starts[first]), int(ends[last])
        if partner >= 0:
            return start, int(ends[partner]), ((start, end), (int(starts[partner]), int(ends[partner])))
        return start, end, ((start, end),)

    def evidence_table(self, first: int = 0) -> dict[str, list[Any]]:
        """All evidence of the batch in columns; ``row`` is the place of the text, of which the first is at `first`."""
        columns = self._whole
        return {
            "row": (columns.rows + first).tolist(),
            "dimension": columns.dimension,
            "start": columns.start,
            "end": columns.end,
            "text": columns.text,
            "cue": columns.cue,
            "role": columns.role,
            "weight": columns.weight,
            "modifiers": columns.modifiers,
            "contribution": columns.contribution,
        }

    @cached_property
    def _quotes(self) -> dict[int, list[tuple[int, int, Spans, str]]]:
        """For each text with a status of its own the words that made it: start, end, spans, cue."""
        found: dict[int, list[tuple[int, int, Spans, str]]] = {}
        made = quoted(self._gates, self._reading, self._lexicon, self._reading.words.tokens.table.forms)
        columns = (column.tolist() for column in (made.text, made.first, made.last, made.partner))
        for row, first, last, partner, cue in zip(*columns, made.cue, strict=True):
            found.setdefault(row, []).append((*self._place(first, last, partner), cue))
        return found

    @cached_property
    def facts(self) -> Facts:
        """What an explanation tells of each text."""
        return Facts(
            self._whole, self.scores, self.decisions, self._model,
            (self.statuses, self.labels, self.bands, self.decided_by),
        )

    @property
    def parts(self) -> dict[int, tuple[tuple[str, str], ...]]:
        """Text and label of each part of the mixed texts, by row."""
        return {row: tuple((part.text, part.label) for part in parts) for row, parts in self._mixed_parts.items()}

    def rest_of(self, row: int) -> Extra:
        """What few texts have to tell besides."""
        status = self.statuses[row]
        if status in ("ok", "empty") and not self._flagged[row]:
            return _NOTHING
        text, refused = self.texts[row], status not in ("ok", "empty", "mixed")
        return Extra(
            quotes=[text[start:end] for start, end, _, _ in self._quotes.get(row, ())] if refused else (),
            parts=[(part.text, part.label, part.band) for part in self._mixed_parts.get(row, ())],
            flags=self._flag_names.get(row, ()),
        )

    def spoken(self, explainer: "Explainer", name: str) -> list[str]:
        """The `reason`, `explanation` or `question` of each text; no other objects are made."""
        voices = {language: getattr(explainer.voice(language), name) for language in LANGUAGES}
        facts = self.facts
        return [
            voices[language](facts, row, rest)
            for row, (language, rest) in enumerate(zip(self.languages, self._rests, strict=True))
        ]

    @cached_property
    def _rests(self) -> list[Extra]:
        return [self.rest_of(row) for row in range(len(self.texts))]

    def classification(self, row: int, explainer: "Explainer") -> Classification:
        """The row object, with its explanation."""
        status = self.statuses[row]
        ok = status == "ok"
        decisions = self.decisions
        language = self.languages[row]
        told = explainer.voice(language).told(self.facts, row, self.rest_of(row))
        return Classification(
            text=self.texts[row],
            language=language,
            status=status,
            status_evidence=self._status_evidence(row, explainer),
            label=self.labels[row],
            probability=float(decisions.probability[row]) if ok else None,
            band=self.bands[row],
            needs_review=bool(self.needs_review[row]),
            decided_by=self.decided_by[row],
            rule={
                "label": self.facts.rule_label[row],
                "sum": float(decisions.rule_sum[row]),
                "by": RULE_BY[decisions.rule_by[row]],
            } if ok else None,
            scores=Scores(*self._score_rows[row]),
            stated=_named(self._stated_rows[row]),
            evidence=self._evidence(self._whole, row, self.texts[row], explainer, language),
            turn=told.turn,
            parts=tuple(self._part_row(row, part, explainer) for part in self._mixed_parts.get(row, ())),
            flags=self._flag_rows(row),
            question=told.question,
            explanation=told.explanation,
            reason=told.reason,
            versions=self._versions,
        )

    def _evidence(
        self, columns: EvidenceColumns, group: int, text: str, explainer: "Explainer", language: str
    ) -> tuple[Evidence, ...]:
        c = columns
        reason = explainer.voice(language).evidence_reason
        return tuple(
            Evidence(
                c.dimension[i], c.start[i], c.end[i], c.spans.get(i) or ((c.start[i], c.end[i]),),
                text[c.start[i] : c.end[i]], c.cue[i], c.role[i], c.weight[i], c.modifiers[i],
                c.contribution[i], reason(c.dimension[i], c.weight[i], c.modifiers[i]),
            )
            for i in range(c.first[group], c.first[group + 1])
        )

    def _status_evidence(self, row: int, explainer: "Explainer") -> tuple[StatusEvidence, ...]:
        status = self.statuses[row]
        if status in ("ok", "empty", "mixed"):
            return ()
        reason, text = explainer.voice(self.languages[row]).status_reason(status), self.texts[row]
        return tuple(dict.fromkeys(
            StatusEvidence(start, end, spans, text[start:end], cue, reason)
            for start, end, spans, cue in self._quotes.get(row, ())
        ))

    def _flag_rows(self, row: int) -> tuple[Mapping[str, Any], ...]:
        found: list[Mapping[str, Any]] = []
        if not self._flagged[row]:
            return ()
        hits = self._reading.hits
        for place in np.flatnonzero(self._flags.columns[row]).tolist():
            name = FLAGS[place]
            quote = None
            if name in ("retain", "ito"):
                hit = int(np.flatnonzero(self._flags.hits[name] & (hits.text == row))[0])
                start, end, _ = self._place(int(hits.first[hit]), int(hits.last[hit]), -1)
                quote = self.texts[row][start:end]
            found.append({"flag": name, "text": quote})
        return tuple(found)

    @cached_property
    def _mixed_parts(self) -> dict[int, list["_Part"]]:
        """For each mixed text its parts that say anything."""
        parts, facts = self._parts, self._part_facts
        found: dict[int, list[_Part]] = {}
        if parts is None or facts is None:
            return found
        words, clauses = self._reading.words, self._reading.clauses
        starts, ends = self._spans
        spoken = np.flatnonzero((words.punctuation == WORD) & (words.function != FUNCTION["and"]))
        bounds = np.searchsorted(clauses.part[spoken], np.append(parts.number, parts.number + 1)).reshape(2, -1)
        telling = any_column(parts.stated) & (self._gates.status[parts.text] == MIXED)
        for place in np.flatnonzero(telling).tolist():
            row, (first, end) = int(parts.text[place]), bounds[:, place].tolist()
            begins, stops = int(starts[spoken[first]]), int(ends[spoken[end - 1]])
            found.setdefault(row, []).append(_Part(
                place, begins, stops, self.texts[row][begins:stops], facts.label[place] or "BPO",
                facts.band[place] or "low",
            ))
        return found

    def _part_row(self, row: int, part: "_Part", explainer: "Explainer") -> Classification:
        """A part of a mixed text as a classification of its own; offsets count in the whole text."""
        parts, facts = self._parts, self._part_facts
        if parts is None or facts is None:
            raise AssertionError("a mixed text has parts")
        decided, place, language = parts.decisions, part.place, self.languages[row]
        told = explainer.voice(language).told(facts, place, _NOTHING)
        return Classification(
            text=part.text, language=language, status="ok", label=part.label,
            probability=float(decided.probability[place]), band=part.band, needs_review=part.band == "low",
            decided_by=facts.decided_by[place],
            rule={
                "label": facts.rule_label[place], "sum": float(decided.rule_sum[place]),
                "by": RULE_BY[int(decided.rule_by[place])],
            },
            scores=Scores(*parts.scores[place].tolist()), stated=_named(parts.stated[place].tolist()),
            evidence=self._evidence(facts.evidence, place, self.texts[row], explainer, language),
            turn=told.turn, question=told.question, explanation=told.explanation, reason=told.reason,
            versions=self._versions, start=part.start, end=part.end,
        )


@dataclass(slots=True, eq=False, repr=False)
class _Part:
    """A part of a mixed text: its row among the scored parts, its place in the text, its label."""

    place: int
    start: int
    end: int
    text: str
    label: str
    band: str


def _named(stated: Sequence[bool]) -> tuple[str, ...]:
    """Names of the stated dimensions."""
    return tuple(name for name, yes in zip(DIMENSIONS, stated, strict=True) if yes)


def readable(texts: Sequence[str]) -> Sequence[str]:
    """Texts as they are read: very long ones up to the last end of a clause before the limit."""
    if max(map(len, texts), default=0) <= MAX_CHARACTERS:
        return texts
    return [_cut(text) if len(text) > MAX_CHARACTERS else text for text in texts]


def _cut(text: str) -> str:
    head = text[:MAX_CHARACTERS]
    place = max(head.rfind(mark) for mark in (". ", "; ", "\n", ", "))
    return head[: place + 1] if place > 0 else head
