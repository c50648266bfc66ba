"""One batch on its way from texts to columns, and the row objects made from it on demand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from .decision import BANDS, DECIDED_BY, RULE_BY, DecisionModel, Decisions, decide, turning_point
from .dimensions import DIMENSIONS, LANGUAGES
from .evidence import CONTEXT, IN_FORCE, NO_WEIGHT, STATES, WeighedCues, settle, weigh
from .gates import FLAGS, MIXED, OK, STATUSES, Gates, Parts, gate, mainly, mixed_texts, score_parts
from .lexicon import Lexicon
from .lexicon.compile import FUNCTION
from .lexicon.tables import LEVEL, ROLES, role_set
from .reading.clauses import CONTEXTS
from .reading.columns import any_in
from .reading.forms import WORD, FormTable
from .reading.hits import ROLE, Reading, read
from .result import Classification, Evidence, Scores, StatusEvidence
from .scoring import Floats, contributions, scores
from .text.tokens import token_spans

if TYPE_CHECKING:
    from .explanation import Explainer

MAX_CHARACTERS: Final = 20_000
_BARE_NAME_WORDS: Final = 4
_LABELS: Final = ("BPO", "KPO", None)


@dataclass(slots=True, weakref_slot=True)
class _Settled:
    """Evidence of the whole texts, settled."""

    cues: WeighedCues
    scores: Floats
    stated: npt.NDArray[np.bool_]


class Batch:
    """Columns of one batch of texts; everything that a row needs is kept, objects are made on reading."""

    def __init__(
        self, texts: Sequence[str], table: FormTable, lexicon: Lexicon, model: DecisionModel,
        versions: Mapping[str, str], *, language: int | None, assume_task: bool,
    ) -> None:
        self.texts = list(texts)
        self._lexicon, self._model, self._versions = lexicon, model, versions
        self._read_texts = self.texts
        if max(map(len, self.texts), default=0) > MAX_CHARACTERS:
            self._read_texts = [_cut(text) if len(text) > MAX_CHARACTERS else text for text in self.texts]
        with table.lock:
            table.make_room()
            self._reading: Reading = read(table, lexicon, self._read_texts, language)
        count = len(self.texts)
        weighed = weigh(self._reading, lexicon)
        self._cues = settle(weighed, self._reading.hits.text)
        self.scores, self.stated = scores(self._cues, count)
        words = self._reading.words
        letters = any_in(words.text, (words.punctuation == WORD) & ~_numbers(words.kind), count)
        if assume_task:
            self._gates = Gates(np.where(letters, OK, 1).astype(np.int8), np.zeros(len(weighed.hits), np.bool_))
            self._parts: Parts | None = None
        else:
            self._gates = gate(self._reading, weighed, self.stated, letters, lexicon)
            self._parts = score_parts(self._reading, weighed, model)
        self._dominant = self._rule_dominant(mainly(self._reading, count))
        mixed = mixed_texts(self._parts, count) & ~self._dominant & (self._gates.status == OK)
        self._gates.status[mixed] = MIXED
        self.decisions: Decisions = decide(self.scores, self.stated, model)
        self._flag_columns = self._flags(count)
        self._flagged: list[bool] = self._flag_columns.any(axis=1).tolist()
        self._finish()

    def _rule_dominant(self, said: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Where "mainly" marks a part of a mixed text, that part's scores are the text's."""
        dominant = np.zeros(len(self.texts), np.bool_)
        if self._parts is None or not said.any():
            return dominant
        dominant = mixed_texts(self._parts, len(self.texts)) & said
        words, clauses = self._reading.words, self._reading.clauses
        ruling = np.unique(clauses.part[words.function == FUNCTION["mainly"]])
        parts = self._parts
        for place in np.flatnonzero(np.isin(parts.number, ruling) & dominant[parts.text]).tolist():
            self.scores[parts.text[place]] = parts.scores[place]
            self.stated[parts.text[place]] = parts.stated[place]
        return dominant

    def _flags(self, count: int) -> npt.NDArray[np.bool_]:
        hits, words = self._reading.hits, self._reading.words
        flags = np.zeros((count, len(FLAGS)), np.bool_)
        strengths = self._lexicon.flag_strengths
        for name in ("retain", "ito"):
            flags[:, FLAGS.index(name)] = any_in(hits.text, strengths[name][hits.cue], count)
        content = np.bincount(words.text, (words.punctuation == WORD) & (words.function == 0), count)
        service = any_in(hits.text, hits.role == ROLE["service"], count)
        verb = any_in(words.text, self._reading.clauses.verb, count)
        flags[:, FLAGS.index("bare_service_name")] = service & ~verb & (content <= _BARE_NAME_WORDS)
        industry = any_in(hits.text, role_set("industry", "department")[hits.role], count)
        acts = any_in(hits.text, hits.role == ROLE["action"], count)
        flags[:, FLAGS.index("name_an_activity")] = industry & ~acts & ~verb & (content <= _BARE_NAME_WORDS)
        flags[:, FLAGS.index("dominant_part")] = self._dominant
        flags[:, FLAGS.index("occasional")] = any_in(hits.text, hits.occasional, count)
        flags[:, FLAGS.index("other_language")] = words.foreign
        if self._read_texts is not self.texts:
            flags[:, FLAGS.index("truncated")] = [len(text) > MAX_CHARACTERS for text in self.texts]
        return flags

    def _finish(self) -> None:
        """Columns that people read."""
        gates, decisions = self._gates, self.decisions
        foreign = self._flag_columns[:, FLAGS.index("other_language")]
        refused = foreign & (self.stated.sum(axis=1) < 2) & (gates.status == OK)
        gates.status[refused] = STATUSES.index("insufficient")
        ok = gates.status == OK
        bare = self._flag_columns[:, [FLAGS.index("bare_service_name"), FLAGS.index("name_an_activity")]].any(axis=1)
        band = np.where(bare, 1, decisions.band)
        distance = np.abs(2 * decisions.probability - 1)
        review = np.where(
            ok,
            (band == 1) | self._dominant | (decisions.kpo != decisions.rule_kpo)
            | (distance < self._model.review_below),
            np.isin(gates.status, (MIXED, STATUSES.index("insufficient"))),
        )
        self.needs_review = review.astype(np.bool_)
        self.probabilities = np.where(ok, decisions.probability, np.nan)
        self._band = np.where(ok, band, 0)

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
    def languages(self) -> list[str]:
        """The nearer language of each text."""
        return [LANGUAGES[i] for i in self._reading.words.language.tolist()]

    @cached_property
    def _score_rows(self) -> list[list[float]]:
        rows: list[list[float]] = self.scores.tolist()
        return rows

    @cached_property
    def _stated_rows(self) -> list[list[bool]]:
        rows: list[list[bool]] = self.stated.tolist()
        return rows

    @cached_property
    def _spans(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """Start and end of every token of the batch in its text."""
        return token_spans(self._reading.words.tokens, self._read_texts)

    @cached_property
    def _whole(self) -> "_EvidenceColumns":
        return _EvidenceColumns(self._cues, len(self.texts), self._lexicon, *self._spans)

    @cached_property
    def _part_columns(self) -> "_EvidenceColumns | None":
        if self._parts is None:
            return None
        count = int(self._reading.clauses.part_of_clause[-1]) + 1
        return _EvidenceColumns(self._parts.evidence, count, self._lexicon, *self._spans)

    def _place(self, first: int, last: int, partner: int) -> tuple[int, int, tuple[tuple[int, int], ...]]:
        starts, ends = self._spans
        start, end = int(starts[first]), int(ends[last])
        if partner >= 0:
            return start, int(ends[partner]), ((start, end), (int(starts[partner]), int(ends[partner])))
        return start, end, ((start, end),)

    def evidence_table(self) -> dict[str, list[Any]]:
        """All evidence of the batch in columns; ``row`` is the place of the text in the batch."""
        columns = self._whole
        texts = self.texts
        return {
            "row": columns.group,
            "dimension": columns.dimension,
            "start": columns.start,
            "end": columns.end,
            "text": [
                texts[row][start:end]
                for row, start, end in zip(columns.group, columns.start, columns.end, strict=True)
            ],
            "cue": columns.cue,
            "role": columns.role,
            "weight": columns.weight,
            "modifiers": columns.modifiers,
            "contribution": columns.contribution,
        }

    def classification(self, row: int, explainer: "Explainer") -> Classification:
        """The row object, with its explanation."""
        status = self.statuses[row]
        ok = status == "ok"
        decisions = self.decisions
        evidence = self._evidence(self._whole, row, self.texts[row], explainer, self.languages[row])
        score_row, stated_row = self._score_rows[row], self._stated_rows[row]
        stated = tuple(name for name, yes in zip(DIMENSIONS, stated_row, strict=True) if yes)
        bare = Classification(
            text=self.texts[row],
            language=self.languages[row],
            status=status,
            status_evidence=self._status_evidence(row, explainer),
            label=self.labels[row],
            probability=float(decisions.probability[row]) if ok else None,
            band=self.bands[row],
            needs_review=bool(self.needs_review[row]),
            decided_by=self.decided_by[row],
            rule={
                "label": "KPO" if decisions.rule_kpo[row] else "BPO",
                "sum": float(decisions.rule_sum[row]),
                "by": RULE_BY[decisions.rule_by[row]],
            } if ok else None,
            scores=Scores(*score_row),
            stated=stated,
            evidence=evidence,
            turn=turning_point(score_row, self._model) if ok else None,
            parts=self._part_rows(row, explainer) if status == "mixed" else (),
            flags=self._flag_rows(row),
            versions=self._versions,
        )
        return explainer.explained(bare)

    def _evidence(
        self, columns: "_EvidenceColumns", group: int, text: str, explainer: "Explainer", language: str
    ) -> tuple[Evidence, ...]:
        c = columns
        return tuple(
            Evidence(
                c.dimension[i], c.start[i], c.end[i], c.spans.get(i) or ((c.start[i], c.end[i]),),
                text[c.start[i] : c.end[i]], c.cue[i], c.role[i], c.weight[i], c.modifiers[i],
                c.contribution[i], explainer.evidence_reason(c.dimension[i], c.weight[i] > 0, c.modifiers[i], language),
            )
            for i in range(c.first[group], c.first[group + 1])
        )

    def _status_evidence(self, row: int, explainer: "Explainer") -> tuple[StatusEvidence, ...]:
        status = self.statuses[row]
        if status in ("ok", "empty", "mixed"):
            return ()
        found = []
        hits = self._reading.hits
        first, end = np.searchsorted(hits.text, (row, row + 1)).tolist()
        for hit in (np.flatnonzero(self._gates.made[first:end]) + first).tolist():
            start, end, spans = self._place(int(hits.first[hit]), int(hits.last[hit]), int(hits.partner[hit]))
            found.append(StatusEvidence(
                start, end, spans, self.texts[row][start:end], self._lexicon.cue_texts[int(hits.cue[hit])],
                explainer.status_reason(status, self.languages[row]),
            ))
        return tuple(dict.fromkeys(found))

    def _flag_rows(self, row: int) -> tuple[Mapping[str, Any], ...]:
        found: list[Mapping[str, Any]] = []
        if not self._flagged[row]:
            return ()
        hits = self._reading.hits
        for place in np.flatnonzero(self._flag_columns[row]).tolist():
            name = FLAGS[place]
            quote = None
            if name in ("retain", "ito"):
                mark = self._lexicon.flag_strengths[name][hits.cue] & (hits.text == row)
                hit = int(np.flatnonzero(mark)[0])
                start, end, _ = self._place(int(hits.first[hit]), int(hits.last[hit]), -1)
                quote = self.texts[row][start:end]
            found.append({"flag": name, "text": quote})
        return tuple(found)

    def _part_rows(self, row: int, explainer: "Explainer") -> tuple[Classification, ...]:
        parts, columns = self._parts, self._part_columns
        if parts is None or columns is None:
            return ()
        rows = []
        words, clauses = self._reading.words, self._reading.clauses
        starts, ends = self._spans
        spoken = (words.punctuation == WORD) & (words.function != FUNCTION["and"])
        answered = parts.stated.any(axis=1)
        for place in np.flatnonzero((parts.text == row) & answered).tolist():
            number = int(parts.number[place])
            inside = np.flatnonzero((clauses.part == number) & spoken)
            start, end = int(starts[inside[0]]), int(ends[inside[-1]])
            decided = decide(parts.scores[place : place + 1], parts.stated[place : place + 1], self._model)
            evidence = self._evidence(columns, number, self.texts[row], explainer, self.languages[row])
            part = Classification(
                text=self.texts[row][start:end], language=self.languages[row], status="ok",
                label="KPO" if decided.kpo[0] else "BPO", probability=float(decided.probability[0]),
                band=BANDS[int(decided.band[0])], needs_review=bool(decided.band[0] == 1),
                decided_by=DECIDED_BY[int(decided.by[0])],
                rule={"label": "KPO" if decided.rule_kpo[0] else "BPO", "sum": float(decided.rule_sum[0]), "by": RULE_BY[int(decided.rule_by[0])]},
                scores=Scores(*parts.scores[place].tolist()),
                stated=tuple(n for n, yes in zip(DIMENSIONS, parts.stated[place].tolist(), strict=True) if yes),
                evidence=evidence, versions=self._versions, start=start, end=end,
                turn=turning_point(parts.scores[place].tolist(), self._model),
            )
            rows.append(explainer.explained(part))
        return tuple(rows)


class _EvidenceColumns:
    """Settled evidence as plain lists, one entry a cue and dimension, ordered by group and dimension."""

    def __init__(
        self, cues: WeighedCues, count: int, lexicon: Lexicon, starts: npt.NDArray[np.int32], ends: npt.NDArray[np.int32]
    ) -> None:
        hits = cues.hits
        hit, dimension = np.nonzero(cues.given)
        order = np.argsort(cues.group[hit].astype(np.int64) * len(DIMENSIONS) + dimension, kind="stable")
        hit, dimension = hit[order], dimension[order]
        group = cues.group[hit]
        self.first: list[int] = np.searchsorted(group, np.arange(count + 1)).tolist()
        self.group: list[int] = group.tolist()
        self.dimension = [DIMENSIONS[d] for d in dimension.tolist()]
        self.start: list[int] = starts[hits.first[hit]].tolist()
        partner = hits.partner[hit]
        last = np.where(partner >= 0, partner, hits.last[hit])
        self.end: list[int] = ends[last].tolist()
        self.spans: dict[int, tuple[tuple[int, int], ...]] = {
            i: (
                (self.start[i], int(ends[hits.last[hit[i]]])),
                (int(starts[partner[i]]), self.end[i]),
            )
            for i in np.flatnonzero(partner >= 0).tolist()
        }
        self.cue = [lexicon.cue_texts[number] for number in hits.cue[hit].tolist()]
        self.role = [ROLES[number] for number in hits.role[hit].tolist()]
        self.weight: list[float] = (cues.given[hit, dimension] / LEVEL).tolist()
        self.contribution: list[float] = contributions(cues, count)[hit, dimension].tolist()
        self.modifiers = _modifiers(cues, hit, cues.state[hit, dimension])


_MARKS: Final = ("compound", "other_language", "basic", "occasional", "negated")


def _modifiers(
    cues: WeighedCues, hit: npt.NDArray[np.int64], state: npt.NDArray[np.int8]
) -> list[tuple[str, ...]]:
    """What grammar did to each cue, in order; the last name says why a cue is off."""
    bits = np.zeros(len(hit), np.int64)
    for place, name in enumerate(_MARKS):
        bits |= getattr(cues.hits, name)[hit].astype(np.int64) << place
    damped = cues.factor[hit] != LEVEL
    context = np.where(damped, cues.hits.context[hit].astype(np.int64) + 1, 0)
    keys = bits | context << 8 | state.astype(np.int64) << 16
    names = {int(key): _modifier_names(int(key)) for key in np.unique(keys)}
    return [names[key] for key in keys.tolist()]


def _modifier_names(key: int) -> tuple[str, ...]:
    names = [name for place, name in enumerate(_MARKS) if key >> place & 1]
    context, state = key >> 8 & 255, key >> 16
    if context:
        names.append(CONTEXTS[context - 1])
    if state not in (IN_FORCE, NO_WEIGHT, CONTEXT):
        names = [name for name in names if name != STATES[state]] + [STATES[state]]
    return tuple(names)


def _numbers(kind: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
    from .lexicon.words import NUMBER

    return kind & NUMBER != 0


def _cut(text: str) -> str:
    """The text up to the last end of a clause before the limit."""
    head = text[:MAX_CHARACTERS]
    place = max(head.rfind(mark) for mark in (". ", "; ", "\n", ", "))
    return head[: place + 1] if place > 0 else head
