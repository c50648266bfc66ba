"""Frames get the columns of files, and the answers of a single call."""

from collections.abc import Iterator
from typing import Any

import pytest

from outsourcing_classifier import Classifier, Decision, InputValueError, Ledger
from outsourcing_classifier.columns import result_columns
from outsourcing_classifier.files.table import RESULT_COLUMNS
from outsourcing_classifier.frames import classify_frame, with_classification

TEXTS = [
    "Eingangsrechnungen erfassen und buchen", "Advise the board on the takeover", None, "Sonstiges",
    "Sort letters; draft expert opinions on liability", "Rahmenverträge auslegen", "Mop the floor",
]
TASKS = {"nr": list(range(len(TEXTS))), "task": TEXTS, "oc_label": ["old"] * len(TEXTS)}


def wanted(classifier: Classifier) -> dict[str, list[Any]]:
    return result_columns(classifier.classify_many(TEXTS), classifier, "en")


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_frame_gets_our_columns_and_keeps_its_own(library: str, classifier: Classifier) -> None:
    made = pytest.importorskip(library).DataFrame(TASKS)
    found = classify_frame(made, "task")
    assert type(found) is type(made)
    assert list(found.columns) == ["nr", "task", "oc_label", *RESULT_COLUMNS[1:]]
    for name, values in wanted(classifier).items():
        column = found[name].to_list() if library == "polars" else [
            None if value != value else value for value in found[name].astype(object)  # noqa: PLR0124 - NaN
        ]
        assert column == values, name
    assert list(made["oc_label"]) == ["old"] * len(TEXTS)


def test_a_pandas_frame_keeps_its_index() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"task": ["Sort letters", "Draft expert opinions"]}, index=[7, 3])
    found = classify_frame(frame, "task", columns=("oc_label",))
    assert found["oc_label"].to_dict() == {7: "BPO", 3: "KPO"}


def test_decisions_are_found_by_the_id_column() -> None:
    polars = pytest.importorskip("polars")
    own = Classifier(decisions=Ledger((Decision("3", "", "", "KPO"),)))
    frame = polars.DataFrame({"nr": [1, 3], "task": ["Sort letters"] * 2})
    found = classify_frame(frame, "task", id_column="nr", classifier=own, columns=("oc_label", "oc_decided_by"))
    assert found["oc_label"].to_list() == ["BPO", "KPO"]
    assert found["oc_decided_by"].to_list()[1] == "person"


def test_an_empty_frame_comes_back_empty() -> None:
    polars = pytest.importorskip("polars")
    found = classify_frame(polars.DataFrame({"task": []}, schema={"task": polars.String}), "task")
    assert found.shape == (0, 1 + len(RESULT_COLUMNS))


@pytest.mark.parametrize(
    ("options", "message"),
    [({"text_column": "text"}, "no column 'text'; its columns are nr, task"), ({"text_column": "task", "columns": ["x"]}, "oc_label")],
)
def test_a_wrong_column_is_named_with_those_there_are(options: dict[str, Any], message: str) -> None:
    polars = pytest.importorskip("polars")
    with pytest.raises(InputValueError, match=message):
        classify_frame(polars.DataFrame(TASKS), **options)


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    sql = pytest.importorskip("pyspark.sql")
    folder = tmp_path_factory.mktemp("spark")
    session = (
        sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
        .config("spark.sql.warehouse.dir", str(folder)).config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1").getOrCreate()
    )
    yield session
    session.stop()


@pytest.mark.spark
@pytest.mark.filterwarnings("ignore")
def test_spark_gives_the_same_in_any_number_of_partitions(spark: Any, classifier: Classifier) -> None:
    texts = [f"{text or ''} {number}" for number in range(40) for text in TEXTS]
    local = result_columns(classifier.classify_many(texts), classifier, "en")
    rows = list(enumerate(texts))
    for partitions in (1, 3, 7):
        frame = spark.createDataFrame(rows, "nr int, task string").repartition(partitions)
        found = sorted(with_classification(frame, "task").collect(), key=lambda row: row["nr"])
        assert [row["task"] for row in found] == texts
        for name, values in local.items():
            assert [row[name] for row in found] == values, (partitions, name)


@pytest.mark.spark
@pytest.mark.filterwarnings("ignore")
def test_spark_takes_decisions_and_chosen_columns(spark: Any) -> None:
    own = Classifier(decisions=Ledger((Decision("3", "", "", "KPO"),)))
    frame = spark.createDataFrame([(1, "Sort letters", "x"), (3, "Sort letters", "y")], "nr int, task string, oc_label string")
    found = with_classification(frame, "task", id_column="nr", classifier=own, columns=("oc_label", "oc_focus")).collect()
    assert [row["oc_label"] for row in found] == ["BPO", "KPO"]
    assert found[0].asDict().keys() == {"nr", "task", "oc_label", "oc_focus"}
