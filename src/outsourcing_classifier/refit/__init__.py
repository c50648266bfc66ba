"""`lexicon refit`: weights of words learned from scored tasks, written into the lexicon tables.

Reads `training_data/scored/tasks.csv` (keys, statuses, six scores; no texts) and the texts from a folder of
`tasks_*.csv`. Two fits, each pulled towards what the tables say:

- `scores`: what strength classes and single cues weigh on each dimension, within their sign (weak cues may take
  either), and what words add beside cues;
- `scope`: what single words, object classes and strengths of actions say of hands and presence.

`tasks` reads, `written` writes. `train` takes the tables as given, so neither training nor its check needs the texts.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from ..dimensions import LANGUAGES
from ..lexicon.compile import compile_tables
from .scope import fit_scope
from .scores import fit_scores
from .tasks import ScoredTask, paired_translations, read_scored
from .written import write_scope

__all__ = ["ScoredTask", "read_scored", "refit"]


def refit(scored: Path, folder: Path, say: Callable[[str], None]) -> None:
    """Both fits, twice: the second time with pairs of translations on which both languages agree half-way."""
    tasks = read_scored(scored, folder)
    say(f"{len(tasks)} scored tasks")
    with threadpool_limits(1):
        _fit_all(tasks, None)
        pairs = paired_translations(folder / "parallel_en_de.csv", {task.text for task in tasks})
        say(f"{len(pairs)} unlabelled translations")
        _fit_all(tasks + pairs, say)


def _fit_all(tasks: Sequence[ScoredTask], say: Callable[[str], None] | None) -> None:
    for language in LANGUAGES:
        own = [task for task in tasks if task.language == language]
        rows, figures = fit_scope(compile_tables(refit=False), own, language)
        write_scope(language, rows)
        if say:
            say(f"{language}: {len(rows)} words of hands and presence; {figures}")
    for line in fit_scores([task for task in tasks if task.status == "ok"], report=say is not None):
        if say:
            say(line)
