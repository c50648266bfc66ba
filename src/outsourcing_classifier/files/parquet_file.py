"""Parquet: rows a batch at a time in, columns with their types out. Needs pyarrow (extra `parquet`)."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any, Final

from ..errors import TaskFileError
from .csv_file import read_problem
from .headings import fixed_names, language_of

_ROWS: Final = 4096


def _arrow() -> Any:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise TaskFileError(
            "Parquet files need an addition: pip install 'outsourcing-classifier[parquet]'; or save the file as .csv"
        ) from error
    return pa, pq


class ParquetSource:
    """The rows of a Parquet file; ``schema`` holds the types of its columns. Raises `TaskFileError`."""

    layout = None
    first_row = 1

    def __init__(self, path: Path) -> None:
        self.path = path
        pa, pq = _arrow()
        with _told(path, pa), pq.ParquetFile(path) as file:
            self.schema, self.about = file.schema_arrow, file.metadata.num_rows
        self.header, self.headings = fixed_names(self.schema.names), language_of(self.schema.names)
        self.notes = ["Parquet"]
        self.odd_notes: list[str] = []

    def rows(self) -> Iterator[tuple[list[Any], bool]]:
        """The values of each row."""
        pa, pq = _arrow()
        with _told(self.path, pa), pq.ParquetFile(self.path) as file:
            for batch in file.iter_batches(batch_size=_ROWS):
                columns = [column.to_pylist() for column in batch.columns]
                yield from ((list(row), False) for row in zip(*columns, strict=True))


@contextmanager
def _told(path: Path, pa: Any) -> Iterator[None]:
    """What is met on the way through a file, as one sentence; damage comes as an `OSError` without number."""
    try:
        yield
    except (OSError, pa.ArrowException, UnicodeDecodeError) as error:
        if isinstance(error, OSError) and error.errno:
            raise TaskFileError(read_problem(path, error)) from error
        raise TaskFileError(
            f"{path.name}: no readable Parquet file, or a damaged one; write it again, or as .csv"
        ) from error


def write_parquet(
    path: Path, names: Sequence[str], rows: Iterator[Sequence[Any]], numbers: Sequence[str], schema: Any = None,
    properties: Mapping[str, str] | None = None,
) -> None:
    """Write rows a part at a time; columns of ``schema`` keep their types, ``numbers`` are doubles, the rest text."""
    pa, pq = _arrow()
    kinds = {} if schema is None else {field.name: field for field in schema if field.name not in numbers}
    fields = [
        kinds.get(name) or pa.field(name, pa.float64() if name in numbers else pa.string()) for name in names
    ]
    wanted = pa.schema(fields, {**(getattr(schema, "metadata", None) or {}), **(properties or {})})
    with pq.ParquetWriter(path, wanted) as writer:
        while part := list(islice(rows, _ROWS)):
            columns = zip(*(row[: len(names)] for row in part), strict=True)
            arrays = [
                pa.array(_fitting(column, field, pa), field.type)
                for column, field in zip(columns, fields, strict=True)
            ]
            writer.write_batch(pa.record_batch(arrays, schema=wanted))


def _fitting(column: Sequence[Any], field: Any, pa: Any) -> list[Any]:
    """Values as the column takes them: other things than text become text in a column of text."""
    if field.type != pa.string():
        return list(column)
    found: list[Any] = []
    for value in column:
        text = None if value is None else str(value)
        with suppress(UnicodeEncodeError):
            (text or "").encode()
            found.append(text)
            continue
        found.append((text or "").encode("utf-8", "replace").decode())
    return found
