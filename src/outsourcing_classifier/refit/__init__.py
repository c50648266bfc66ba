"""`lexicon refit`: weights of words learned from scored tasks, written into the lexicon tables.

Reads `training_data/scored/tasks.csv` (keys, statuses, six scores; no texts), the texts from a folder of
`tasks_*.csv`, and the rows of `training_data/inventory`. Three fits, each pulled towards what the tables say, words
towards silence:

- `scores`: what strength classes and single cues weigh on each dimension, within their sign (weak cues may take
  either), and what words add beside cues;
- `contact`: what words hint of customer contact where no cue states it;
- `scope`: what single words, object classes and strengths of actions say of hands and presence.

`tasks` reads, `written` writes. `train` takes the tables as given, so neither training nor its check needs the texts.
"""

from collections.abc import Callable
from pathlib import Path

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from ..dimensions import LANGUAGES
from ..lexicon.compile import compile_tables
from .scope import fit_scope
from .scores import fit_scores
from .tasks import ScoredTask, read_inventories, read_scored
from .written import write_scope

__all__ = ["ScoredTask", "read_inventories", "read_scored", "refit"]


def refit(scored: Path, folder: Path, say: Callable[[str], None]) -> None:
    """All fits, on the same tasks; what they say held out is told."""
    tasks = read_scored(scored, folder) + read_inventories(scored.parent.parent / "inventory")
    say(f"{len(tasks)} scored tasks")
    with threadpool_limits(1):
        for language in LANGUAGES:
            own = [task for task in tasks if task.language == language]
            rows, figures = fit_scope(compile_tables(refit=False), own, language)
            write_scope(language, rows)
            say(f"{language}: {len(rows)} words of hands and presence; {figures}")
        for line in fit_scores([task for task in tasks if task.status == "ok"]):
            say(line)
