"""`promote`: a model becomes the one in use; the one before is kept beside it, and one command brings it back."""

import re
from pathlib import Path

from .errors import ModelError
from .files.output import complete_file
from .model import load_model


def promote(new: Path, place: Path) -> Path | None:
    """Put a model where the one in use stands; the place where the one before is kept, None where there was none.

    The one before is `NAME.previous-1.json` and so on, the highest number the last. Raises `ModelError`, then
    nothing has changed.
    """
    load_model(new)  # what cannot be read is not put in use
    content = new.read_bytes()
    kept = None
    if place.exists():
        before = place.read_bytes()
        if before == content:
            raise ModelError(f"{new} is the model in use already; nothing was changed")
        load_model(place)  # a file that is no model is never moved away
        kept = _kept_name(place, max(_numbers(place), default=0) + 1)
        _write(kept, before)
    _write(place, content)
    return kept


def take_back(place: Path) -> tuple[Path, Path]:
    """Undo the last `promote`: the model kept last is in use again, the other one is kept as `NAME.taken-back.json`.

    Returns the place of the one that is in use again as it was kept, and of the one taken back. Raises `ModelError`.
    """
    numbers = _numbers(place)
    if not numbers:
        name = _kept_name(place, 1).name
        raise ModelError(f"{place}: no earlier model is kept beside it (as {name}); there is nothing to take back")
    kept = _kept_name(place, max(numbers))
    load_model(kept)
    undone = place.with_name(f"{place.stem}.taken-back{place.suffix}")
    if place.exists():
        _write(undone, place.read_bytes())
    _write(place, kept.read_bytes())
    kept.unlink()
    return kept, undone


def _write(place: Path, content: bytes) -> None:
    with complete_file(place) as temporary:
        temporary.write_bytes(content)


def _kept_name(place: Path, number: int) -> Path:
    return place.with_name(f"{place.stem}.previous-{number}{place.suffix}")


def _numbers(place: Path) -> list[int]:
    """The numbers of the models kept beside it."""
    name = re.compile(rf"{re.escape(place.stem)}\.previous-(\d{{1,6}}){re.escape(place.suffix)}")
    found = (name.fullmatch(path.name) for path in (place.parent.iterdir() if place.parent.is_dir() else ()))
    return sorted(int(match[1]) for match in found if match)
