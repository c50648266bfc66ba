"""Frames of pandas, polars and Spark: the same columns as in files, the same answers as everywhere."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from .classifier import Classifier, default_classifier, task_text
from .columns import result_columns
from .dimensions import DIMENSIONS
from .errors import InputValueError
from .files.table import RESULT_COLUMNS

if TYPE_CHECKING:
    import pyarrow as pa

_NUMBERS: Final = frozenset({"oc_probability", *(f"oc_{name}" for name in DIMENSIONS)})


def classify_frame(
    frame: Any, text_column: str, *, id_column: str | None = None, classifier: Classifier | None = None,
    columns: Sequence[str] = RESULT_COLUMNS, explain_in: str | None = None,
) -> Any:
    """A pandas or polars frame with our columns beside its own (of the same name: replaced).

    ``columns`` are names of files' result columns (README lists them); scores are numbers, null where not stated,
    all others text. ``id_column`` finds decisions of people; ``explain_in`` as in `Classifier.classify`.
    Needs narwhals (extra `frames`). Raises `InputValueError` for a column that is not there.
    """
    try:
        import narwhals as nw
    except ImportError as error:
        raise InputValueError("frames need narwhals: pip install 'outsourcing-classifier[frames]'") from error
    table = nw.from_native(frame, eager_only=True)
    _check(table.columns, text_column, id_column, columns)
    ids = None if id_column is None else table[id_column].to_list()
    found = _columns(classifier or default_classifier(), table[text_column].to_list(), ids, columns, explain_in)
    series = [
        nw.new_series(name, values, nw.Float64() if name in _NUMBERS else nw.String(), backend=table.implementation)
        for name, values in found.items()
    ]
    own = nw.maybe_get_index(table)
    if own is not None:
        series = [nw.maybe_set_index(column, index=own) for column in series]
    return table.with_columns(*series).to_native()


def with_classification(
    frame: Any, text_column: str, *, id_column: str | None = None, classifier: Classifier | None = None,
    columns: Sequence[str] = RESULT_COLUMNS, explain_in: str | None = None,
) -> Any:
    """A Spark frame with our columns beside its own, classified where its partitions are.

    Arguments as in `classify_frame`. The classifier travels with the work, so workers need this package and no files;
    it is built once a worker. Needs pyspark and pyarrow (extra `spark`).
    """
    from pyspark.sql.types import DoubleType, StringType, StructField, StructType

    _check(frame.columns, text_column, id_column, columns)
    kept = [field for field in frame.schema.fields if field.name not in columns]
    added = [StructField(name, DoubleType() if name in _NUMBERS else StringType()) for name in columns]
    worker = classifier or default_classifier()

    def classified(batches: Iterable["pa.RecordBatch"]) -> Iterator["pa.RecordBatch"]:
        import pyarrow as pa

        for batch in batches:
            texts = batch.column(text_column).to_pylist()
            ids = None if id_column is None else batch.column(id_column).to_pylist()
            found = _columns(worker, texts, ids, columns, explain_in)
            arrays = [pa.array(found[name], pa.float64() if name in _NUMBERS else pa.string()) for name in columns]
            yield pa.RecordBatch.from_arrays(
                [*(batch.column(field.name) for field in kept), *arrays], [*(field.name for field in kept), *columns]
            )

    return frame.mapInArrow(classified, StructType([*kept, *added]))


def _check(there: Sequence[str], text_column: str, id_column: str | None, columns: Sequence[str]) -> None:
    for name in (text_column, *([] if id_column is None else [id_column])):
        if name not in there:
            raise InputValueError(f"the frame has no column {name!r}; its columns are {', '.join(map(str, there))}")
    unknown = [name for name in columns if name not in RESULT_COLUMNS]
    if unknown:
        raise InputValueError(f"no such columns of ours: {', '.join(unknown)}; offered are {', '.join(RESULT_COLUMNS)}")


def _columns(
    classifier: Classifier, values: Sequence[Any], ids: Sequence[Any] | None, columns: Sequence[str],
    explain_in: str | None,
) -> dict[str, list[Any]]:
    texts = [task_text(value, place) for place, value in enumerate(values)]
    found = classifier.classify_many(texts, ids=ids, explain_in=explain_in)
    return result_columns(found, classifier, explain_in or "en", columns)
