"""`lexicon suggest`: cues that a file proposes, as a table of a user's own words for a person to accept.

Four sources, each with its reason in the column `note`:

- `regression.py`: labels or scores in the file, and what they ask of words in their role;
- `phrases.py`: verb and object that occur in several wrongly labelled rows of one direction and in no row of the other;
- `parallel.py`: texts in both languages, and the cue that stands in the same pairs as an unknown word;
- `unknown.py`: words that neither language knows, with the strength of the nearest explained neighbours as a guess.

All of them take what `gathered.py` collects from words in their role (`words.py`) of the rows of a file (`tasks.py`),
look up strengths and weights in `cues.py`, and give rows of `table.py`. The base tables are read and never written;
nothing counts before a person passes the table with ``--lexicon``.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from ..classifier import Classifier
from ..errors import InputValueError, TaskFileError
from ..lexicon.compile import compile_tables
from ..lexicon.tables import LexiconSource
from .cues import KnownCues
from .gathered import gather
from .parallel import from_pairs
from .phrases import from_wrong_labels
from .regression import from_labels
from .table import KINDS, Suggestion, check_target, one_row_a_cue, write_suggestions
from .tasks import Task, read_pairs, read_tasks
from .unknown import from_unknown
from .words import TextReader

__all__ = [
    "AT_LEAST",
    "Suggestion",
    "Task",
    "read_pairs",
    "read_tasks",
    "suggest",
    "suggest_command",
    "suggesting_classifier",
    "write_suggestions",
]

AT_LEAST: Final = 3  # rows that a proposal needs


def suggesting_classifier(model: Path | None, lexicon: LexiconSource | None) -> Classifier:
    """A classifier whose words are compiled from the tables, with the user's own where there are any."""
    return Classifier(model=model, lexicon=compile_tables(*([] if lexicon is None else [lexicon])))


def suggest(
    classifier: Classifier, tasks: Sequence[Task] = (), pairs: Sequence[tuple[str, str]] = (), *,
    at_least: int = AT_LEAST,
) -> list[Suggestion]:
    """Proposals from tasks and from pairs of texts (English, German), most rows first, then alphabetical.

    ``classifier`` is made with `suggesting_classifier` (a snapshot does not keep the conditions of cues);
    ``at_least`` is the number of rows that a proposal needs. A row is for KPO where its label is, or where its
    labelled scores lie on that side of ours. The same input gives the same rows. Raises `InputValueError`.
    """
    if not classifier.lexicon.identities:
        raise InputValueError("the classifier's words come from a snapshot; make it with suggesting_classifier")
    reader, cues = TextReader(classifier), KnownCues(classifier)
    found = gather(reader, tasks, cues)
    return one_row_a_cue([
        *from_labels(found, cues, at_least),
        *from_wrong_labels(found, cues, at_least),
        *from_pairs(reader, pairs, cues, at_least),
        *from_unknown(found, cues, at_least),
    ])


def suggest_command(
    files: Sequence[Path], target: Path, *, parallel: Path | None, classifier: Classifier, say: Callable[[str], None],
    text_column: str | None = None, label_column: str | None = None, at_least: int = AT_LEAST,
) -> None:
    """Write the table and say what it holds. Raises `TaskFileError`; then nothing was written."""
    sources = [*files, *([] if parallel is None else [parallel])]
    if not sources:
        raise TaskFileError("no file given; name files with tasks, or texts in both languages with --parallel FILE")
    check_target(target, sources)
    tasks, said = read_tasks(files, text_column, label_column)
    pairs = [] if parallel is None else read_pairs(parallel)
    rows = suggest(classifier, tasks, pairs, at_least=at_least)
    for sentence in said:
        say(sentence)
    if parallel is not None:
        say(f"{parallel.name}: {len(pairs)} pairs of texts")
    if not rows:
        say(f"No proposals: no word or phrase fits in at least {at_least} rows. Nothing was written.")
        return
    write_suggestions(rows, target)
    counts = Counter(row.kind for row in rows)
    say(f"{len(rows)} proposed cues in {target}:")
    for kind, what in KINDS.items():
        if counts[kind]:
            say(f"  {counts[kind]:>5}  {what}")
    say("Nothing counts yet. Delete or correct rows; the column 'note' says why each is there.")
    say(f"Next: outsourcing-classifier lexicon check {target}, then classify or evaluate with --lexicon {target}")
