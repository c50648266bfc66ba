"""Classifier: the one thing that classifies. numpy and the standard library only."""

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from .batch import Batch, readable
from .decisions import Held, Ledger
from .dimensions import LANGUAGES
from .errors import InputTypeError, InputValueError
from .explanation import Explainer
from .lexicon import Lexicon
from .model import Model, load_model
from .reading.forms import FormTable
from .result import Classification, Classifications, Scores

if TYPE_CHECKING:
    from .counterfactuals import Counterfactual

Path = str | os.PathLike[str]
BATCH_SIZE: Final = 8192  # texts in a slice; results do not depend on it
MOST_CHARACTERS: Final = 8_000_000  # in all texts read at once, about
SMALL: Final = 6000  # texts up to which one thread is as fast
THREADS: Final = 2  # a third would wait for the other two


class Classifier:
    """Labels tasks BPO or KPO and says why.

    ``model`` and ``lexicon`` are paths, or what `load_model` and `load_lexicon` return (cues that a model
    carries lie beneath the tables of ``lexicon``, of several the last one rules); ``decisions`` is a file
    with decisions of people, or what `read_ledger` returns: a row with a decision keeps it, found by its
    id, else by its text;
    ``wording`` is ``outsourcing`` (BPO / KPO) or ``shared-service`` (transaction work / knowledge work).
    Immutable, thread-safe, picklable.
    """

    def __init__(
        self,
        *,
        model: Path | Model | None = None,
        lexicon: Path | Sequence[Path] | Lexicon | None = None,
        decisions: Path | Ledger | None = None,
        wording: str = "outsourcing",
    ) -> None:
        self._model = model if isinstance(model, Model) else load_model(model)
        self._lexicon = self._model.words(*_tables(lexicon))
        self._model.check_base(self._lexicon)
        self._ledger = Ledger() if decisions is None else _ledger(decisions)
        self._wording = wording
        Explainer(wording)
        self._table = FormTable(self._lexicon)
        self._threads = THREADS

    @property
    def versions(self) -> dict[str, str]:
        """Versions of package, model and lexicon, and of the decisions where there are any."""
        found = {"package": package_version(), "model": self._model.version, "lexicon": self._lexicon.version}
        return found | ({"decisions": self._ledger.version} if self._ledger.decisions else {})

    @property
    def lexicon(self) -> Lexicon:
        """The compiled words in use."""
        return self._lexicon

    @property
    def model(self) -> Model:
        """The model in use."""
        return self._model

    @property
    def decisions(self) -> Ledger:
        """What people decided."""
        return self._ledger

    @property
    def forms(self) -> list[str]:
        """The distinct word forms met so far; their places are the numbers used in a batch."""
        return self._table.chunks.forms

    def batch(self, texts: Sequence[str], language: str | None, *, assume_task: bool = True) -> Batch:
        """Texts read as one batch, for those who look at words, evidence and gates."""
        return self._slices(texts, 1, _side(language, "language"), assume_task=assume_task)[0]

    @property
    def wording(self) -> str:
        """The preset of words."""
        return self._wording

    def label_text(self, label: str, language: str) -> str:
        """The label in the words of this classifier's preset."""
        return Explainer(self._wording).label(label, language)

    def classify(
        self, task: str, *, language: str | None = None, assume_task: bool = False,
        explain_in: str | None = None,
    ) -> Classification:
        """The answer for one task.

        ``language`` is ``en``, ``de`` or None (found out); ``assume_task`` skips the gates and
        always labels; ``explain_in`` is the language of the explanation, by default that of the
        task. Raises `InputTypeError` for anything but text, numbers and missing values.
        """
        return self.classify_many(
            [task], language=language, assume_task=assume_task, explain_in=explain_in
        )[0]

    def classify_many(
        self, tasks: Iterable[str], *, ids: Iterable[Any] | None = None, language: str | None = None,
        assume_task: bool = False, explain_in: str | None = None,
    ) -> Classifications:
        """Answers for many tasks, in their order, in columns; ``ids`` also find decisions of people."""
        return self._classify(tasks, None, ids, language, explain_in, assume_task=assume_task)

    def classify_held(
        self, tasks: Sequence[str], held: Sequence[Held | None], *, explain_in: str | None = None
    ) -> Classifications:
        """`classify_many` with the decision that holds for each task given, whatever the ledger says."""
        return self._classify(tasks, held, None, None, explain_in, assume_task=False)

    def _classify(
        self, tasks: Iterable[str], held: Sequence[Held | None] | None, ids: Iterable[Any] | None,
        language: str | None, explain_in: str | None, *, assume_task: bool,
    ) -> Classifications:
        if isinstance(tasks, (str, bytes)):
            raise InputTypeError(
                "classify_many takes several tasks; for a single text call classify(task)"
            )
        texts = list(tasks)
        if set(map(type, texts)) != {str}:
            texts = [task_text(task, place) for place, task in enumerate(texts)]
        names = None if ids is None else list(ids)
        if names is not None and len(names) != len(texts):
            raise InputValueError(f"{len(names)} ids for {len(texts)} tasks; give one id a task")
        side = _side(language, "language")
        _side(explain_in, "explain_in")
        batches: list[Batch] = []
        for part in _parts(texts):
            count = 1 if len(part) <= SMALL else self._threads
            batches += self._slices(part, count, side, assume_task=assume_task)
        if held is None:
            held = self._ledger.held(names, texts)
        holding = {row: item for row, item in enumerate(held) if item is not None}
        return Classifications(batches, Explainer(self._wording, explain_in), names, holding)

    def _slices(self, texts: Sequence[str], count: int, side: int | None, *, assume_task: bool) -> list[Batch]:
        """Slices of about equal size, read side by side: numpy works outside the interpreter's lock."""
        if self._table.chunks.full:
            self._table = FormTable(self._lexicon)
        table = self._table
        tokens = table.encode(readable(texts))  # new words are analysed here, for all slices together
        size = -(-len(texts) // count)

        def read(first: int) -> Batch:
            end = min(first + size, len(texts))
            part = tokens if count == 1 else tokens.part(first, end)
            return Batch(
                texts[first:end], part, table, self._lexicon, self._model.decision, self.versions,
                language=side, assume_task=assume_task,
            )

        if count == 1:
            return [read(0)]
        from concurrent.futures import ThreadPoolExecutor  # costs a single task nothing

        with ThreadPoolExecutor(THREADS) as threads:
            return list(threads.map(read, range(0, len(texts), size)))

    def score(self, task: str, *, language: str | None = None) -> Scores:
        """Six scores only: no gates, no label."""
        batch = self.batch([task_text(task, 0)], language)
        return Scores(*batch.scores[0].tolist())

    def counterfactual(self, task: str, *, language: str | None = None) -> "Counterfactual | None":
        """The smallest change of the facts that gives the task the other label, to check with its owner.

        None where the task has no label, where a person decided it, or where no change of the
        table turns it.
        """
        from .counterfactuals import find  # few ask for it; the start costs the less

        return find(self, task, language)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_table"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._table = FormTable(self._lexicon)
        self._threads = 1  # who sends a classifier to other processes keeps the cores busy with them


def _tables(lexicon: Path | Sequence[Path] | Lexicon | None) -> Sequence[Path | Lexicon]:
    if lexicon is None:
        return ()
    return [lexicon] if isinstance(lexicon, (str, os.PathLike, Lexicon)) else list(lexicon)


def _ledger(decisions: Path | Ledger) -> Ledger:
    if isinstance(decisions, Ledger):
        return decisions
    from .files.ledger import read_ledger  # reads files; who classifies texts needs none

    return read_ledger(decisions)


def _parts(texts: list[str]) -> Iterator[list[str]]:
    """Texts in parts that are read at once: limited in number and in characters, so that memory is."""
    for first in range(0, len(texts), THREADS * BATCH_SIZE):
        part = texts[first : first + THREADS * BATCH_SIZE]
        size = sum(map(len, part))
        count = min(-(-size // MOST_CHARACTERS), len(part)) or 1
        step = -(-len(part) // count)
        yield from (part[start : start + step] for start in range(0, len(part), step))


def task_text(task: object, place: int) -> str:
    """A task as text: missing values are empty, numbers are their text."""
    if isinstance(task, str):
        return str(task)
    if task is None or type(task).__name__ in ("NAType", "NaTType"):
        return ""
    if isinstance(task, (bool, np.bool_)):
        pass
    elif isinstance(task, (int, np.integer)):
        return str(task)
    elif isinstance(task, (float, np.floating)):
        return "" if np.isnan(task) else str(task)
    raise InputTypeError(
        f"task {place} is {type(task).__name__}, not text; give a str (None and NaN count as empty)"
    )


def _side(language: str | None, argument: str) -> int | None:
    if language is None:
        return None
    if language not in LANGUAGES:
        raise InputValueError(f"{argument}={language!r}; offered are 'en', 'de' and None")
    return LANGUAGES.index(language)


def package_version() -> str:
    """Version of the package."""
    from . import __version__

    return __version__


@lru_cache(maxsize=1)
def default_classifier() -> Classifier:
    """The classifier behind the functions of the package, built on first use."""
    return Classifier()


def classify(
    task: str, *, language: str | None = None, assume_task: bool = False,
    explain_in: str | None = None,
) -> Classification:
    """`Classifier.classify` of the default classifier."""
    return default_classifier().classify(
        task, language=language, assume_task=assume_task, explain_in=explain_in
    )


def classify_many(
    tasks: Iterable[str], *, ids: Sequence[Any] | None = None, language: str | None = None,
    assume_task: bool = False, explain_in: str | None = None,
) -> Classifications:
    """`Classifier.classify_many` of the default classifier."""
    return default_classifier().classify_many(
        tasks, ids=ids, language=language, assume_task=assume_task, explain_in=explain_in
    )


def score(task: str, *, language: str | None = None) -> Scores:
    """`Classifier.score` of the default classifier."""
    return default_classifier().score(task, language=language)


def counterfactual(task: str, *, language: str | None = None) -> "Counterfactual | None":
    """`Classifier.counterfactual` of the default classifier."""
    return default_classifier().counterfactual(task, language=language)
