"""The lexicon as it is used: from the snapshot where it is fresh, else compiled from the tables."""

from ..places import models_folder
from .compiled import Lexicon
from .snapshot import NAME, read_snapshot
from .tables import LexiconSource, read_overlay


def load_lexicon(*overlays: LexiconSource) -> Lexicon:
    """The base tables, with tables of the user (files, or rows) on top; the last one rules.

    A user's table has the column ``language`` before ``cue``; a row with the identity of a base
    row (language, cue, role, needs) replaces it; strength ``off`` silences it. One with the column
    ``abbreviation`` instead expands abbreviations. Tables without a row are none. Raises
    `LexiconError` that names file, row and column.
    """
    tables = [rows for rows in map(read_overlay, overlays) if rows]
    if not tables:
        folder = models_folder()
        ready = read_snapshot(folder / NAME) if folder else None
        if ready is not None:
            return ready
    from .compile import compile_tables

    return compile_tables(*tables)
