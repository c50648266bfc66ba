"""Output appears under its name only when complete; nothing half-written stays behind."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import TaskFileError


@contextmanager
def complete_file(path: Path) -> Iterator[Path]:
    """A temporary path beside `path`; it takes its place when the block ends without an error."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield temporary
        temporary.replace(path)
    except OSError as error:
        raise TaskFileError(write_problem(path, error)) from error
    finally:
        temporary.unlink(missing_ok=True) if path.parent.is_dir() else None


def write_problem(path: Path, error: OSError) -> str:
    """One sentence on why a file cannot be written, with the remedy."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return f"{path} cannot be written: the disk is full; free space or choose another place with -o"
    if error.errno == errno.ENAMETOOLONG:
        return f"{path.name}: the name is too long; choose a shorter one with -o"
    if isinstance(error, FileNotFoundError):
        return f"{path} cannot be written: the folder does not exist; create it or choose another with -o"
    if isinstance(error, PermissionError):
        return (
            f"{path} cannot be written: it is open in another program or the folder is read-only; "
            "close it, or choose another name with -o"
        )
    if isinstance(error, IsADirectoryError):
        return f"{path} is a folder; name a file with -o"
    return f"{path} cannot be written ({error.strerror or 'unknown reason'}); choose another name or place with -o"
