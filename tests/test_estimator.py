"""scikit-learn's view of the classifier: labels and scores of sequences of texts."""

import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
import sklearn
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import get_scorer
from sklearn.model_selection import GridSearchCV, cross_val_predict, cross_val_score
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.utils import estimator_checks

from outsourcing_classifier import (
    DIMENSIONS,
    Classifier,
    DimensionScorer,
    InputTypeError,
    InputValueError,
    TaskClassifier,
    load_lexicon,
    load_model,
)
from outsourcing_classifier.estimator import LABELS
from outsourcing_classifier.lexicon.tables import USER_COLUMNS

TEXTS = [
    "Enter invoices into SAP according to the work instruction.",
    "Copy addresses from forms into the database.",
    "Scan and index incoming mail.",
    "Rechnungen nach Vorgabe erfassen.",
    "Analyse why customers leave and recommend measures.",
    "Develop a forecast model for energy prices.",
    "Marktstudien erstellen und Empfehlungen ableiten.",
    "Assess patents and advise the board on strategy.",
]
NAMES = ["BPO"] * 4 + ["KPO"] * 4
WEIGHT = [1.0, 2.0, 1.0, 3.0, 1.0, 0.0, 1.0, 2.0]
# Of scikit-learn's checks those that bring no data of their own, or none that is looked at. `check_estimator` itself
# runs one check on estimators of texts and leaves the rest out, because they bring matrices of numbers, or numbers as
# labels; what those hold is tested with texts below.
WITHOUT_MATRIX = (
    "check_do_not_raise_errors_in_init_or_set_params", "check_estimator_cloneable",
    "check_estimator_repr", "check_estimator_tags_renamed", "check_estimators_unfitted", "check_get_params_invariance",
    "check_mixin_order", "check_no_attributes_set_in_init", "check_parameters_default_constructible", "check_set_params",
    "check_valid_tag_types",
)
EXPECTED_FAILED: dict[str, str] = {}  # none of those that scikit-learn chooses for texts


@pytest.fixture(scope="module")
def trained():
    return TaskClassifier().fit(TEXTS, NAMES)


@pytest.fixture
def routing():
    with sklearn.config_context(enable_metadata_routing=True):
        yield


@pytest.mark.parametrize("estimator", [TaskClassifier(), DimensionScorer()], ids=["TaskClassifier", "DimensionScorer"])
def test_scikit_learn_accepts_the_estimators_as_estimators_of_texts(estimator):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sklearn.exceptions.SkipTestWarning)
        found = estimator_checks.check_estimator(estimator, expected_failed_checks=EXPECTED_FAILED)
    assert {one["status"] for one in found} == {"passed"}


@pytest.mark.parametrize("estimator", [TaskClassifier(), DimensionScorer()], ids=["TaskClassifier", "DimensionScorer"])
@pytest.mark.parametrize("name", WITHOUT_MATRIX)
def test_scikit_learns_checks_without_a_matrix_pass(name, estimator):
    check = getattr(estimator_checks, name, None)
    if check is None:
        pytest.skip("another version of scikit-learn")
    check(type(estimator).__name__, clone(estimator))


def test_tags_say_that_texts_come_in(trained):
    for estimator in (trained, DimensionScorer()):
        tags = sklearn.utils.get_tags(estimator).input_tags
        assert (tags.string, tags.one_d_array, tags.two_d_array) == (True, True, False)


@pytest.mark.parametrize("given", [
    tuple, iter, np.array, lambda texts: np.array(texts, object), pd.Series, lambda texts: pd.Series(texts, range(9, 17)),
    lambda texts: pd.Series(texts, dtype="string"),
], ids=["tuple", "iterator", "str array", "object array", "series", "series with an index", "string series"])
def test_any_sequence_of_texts_is_read_alike(trained, given):
    other = TaskClassifier().fit(given(TEXTS), given(NAMES))
    assert other.to_model() == trained.to_model()
    assert (other.predict(given(TEXTS)) == trained.predict(TEXTS)).all()
    assert (DimensionScorer().transform(given(TEXTS)) == DimensionScorer().transform(TEXTS)).all()


@pytest.mark.parametrize(("labels", "classes"), [
    (["BPO"] * 4 + ["KPO"] * 4, ["BPO", "KPO"]),
    (["bpo"] * 4 + ["kpo"] * 4, ["bpo", "kpo"]),
    (["transaction work"] * 4 + ["knowledge work"] * 4, ["knowledge work", "transaction work"]),
    (["Transaktionsarbeit"] * 4 + ["Wissensarbeit"] * 4, ["Transaktionsarbeit", "Wissensarbeit"]),
    (["BPO"] * 3 + ["Transaktionsarbeit"] + ["KPO"] * 4, ["BPO", "KPO"]),
])
def test_labels_are_answered_in_the_words_they_were_given_in(trained, labels, classes):
    own = TaskClassifier().fit(TEXTS, labels)
    kpo = trained.predict(TEXTS) == "KPO"
    word = {name == "KPO": label for name, label in zip(NAMES[::-1], labels[::-1], strict=True)}
    assert own.classes_.tolist() == classes
    assert own.predict(TEXTS).tolist() == [word[bool(one)] for one in kpo]
    first = own.predict_proba(TEXTS)[:, 0]
    expected = trained.predict_proba(TEXTS)[:, int(classes[0] == "knowledge work")]
    assert (first == expected).all()
    assert (np.sign(own.decision_function(TEXTS)) == np.where(first < 0.5, 1, -1)).all()
    assert own.to_model().decision == trained.to_model().decision


def test_it_is_scored_by_scikit_learn_in_the_words_of_the_labels():
    labels = ["transaction work"] * 4 + ["knowledge work"] * 4
    for name in ("accuracy", "roc_auc", "neg_log_loss", "balanced_accuracy"):
        ours, other = TaskClassifier().fit(TEXTS, labels), TaskClassifier().fit(TEXTS, NAMES)
        assert get_scorer(name)(ours, TEXTS, labels) == pytest.approx(get_scorer(name)(other, TEXTS, NAMES))
    assert set(cross_val_predict(TaskClassifier(), TEXTS, labels, cv=2)) <= set(labels)


def test_fitting_changes_no_parameter_and_predicting_changes_nothing():
    estimator = TaskClassifier(alpha=3.0)
    assert estimator.fit(TEXTS, NAMES) is estimator
    assert estimator.get_params() == {"alpha": 3.0, "lexicon": None, "language": None}
    before = dict(vars(estimator))
    estimator.predict(TEXTS), estimator.predict_proba(TEXTS), estimator.decision_function(TEXTS)
    assert vars(estimator) == before
    assert {name for name in vars(estimator) if name not in estimator.get_params()} == {"classes_", "classifier_"}


@pytest.mark.parametrize("method", ["predict", "predict_proba", "decision_function"])
def test_an_answer_depends_neither_on_the_other_texts_nor_on_their_order(trained, method):
    answer = getattr(trained, method)
    whole = answer(TEXTS)
    assert (np.concatenate([answer([text]) for text in TEXTS]) == whole).all()
    assert (answer(TEXTS[::-1]) == whole[::-1]).all()


def test_fitting_again_gives_the_same_model(trained):
    again = TaskClassifier().fit(TEXTS[:5], NAMES[:5]).fit(TEXTS, NAMES)
    assert again.to_model() == trained.to_model()


def test_a_weight_of_zero_is_no_text_and_one_of_two_is_two():
    weighted = TaskClassifier().fit(TEXTS, NAMES, sample_weight=WEIGHT).to_model().decision
    repeated = [(t, n) for t, n, w in zip(TEXTS, NAMES, WEIGHT, strict=True) for _ in range(int(w))]
    other = TaskClassifier().fit(*zip(*repeated, strict=True)).to_model().decision
    np.testing.assert_allclose(weighted.coefficients, other.coefficients, atol=1e-4)
    for given in (np.array(WEIGHT), pd.Series(WEIGHT, range(9, 17))):
        assert TaskClassifier().fit(TEXTS, NAMES, sample_weight=given).to_model().decision == weighted


def test_weights_of_one_change_nothing_and_are_left_as_they_are(trained):
    ones = np.ones(8)
    assert TaskClassifier().fit(TEXTS, NAMES, sample_weight=ones).to_model() == trained.to_model()
    assert (ones == 1).all()


def test_scores_and_weights_are_routed_to_fit(routing):
    scores = DimensionScorer().transform(TEXTS)
    estimator = TaskClassifier().set_fit_request(scores=True, sample_weight=True).set_score_request(sample_weight=True)
    assert set(estimator.get_metadata_routing().fit.requests) == {"scores", "sample_weight"}
    others = [getattr(of.get_metadata_routing(), name).requests for of, name in
              ((estimator, "predict"), (estimator, "predict_proba"), (estimator, "decision_function"),
               (DimensionScorer(), "fit"), (DimensionScorer(), "transform"))]
    assert not any(others)
    params = {"scores": scores, "sample_weight": np.array(WEIGHT)}
    assert len(cross_val_score(estimator, TEXTS, NAMES, cv=2, params=params)) == 2
    search = GridSearchCV(estimator, {"alpha": [1.0, 10.0]}, cv=2).fit(TEXTS, NAMES, **params)
    direct = TaskClassifier(**search.best_params_).fit(TEXTS, NAMES, **params)
    assert search.best_estimator_.to_model() == direct.to_model()
    piped = make_pipeline(estimator).fit(TEXTS, NAMES, **params)
    assert piped[-1].to_model() == TaskClassifier().fit(TEXTS, NAMES, **params).to_model()


def test_without_routing_weights_reach_fit_as_everywhere(trained):
    search = GridSearchCV(TaskClassifier(), {"alpha": [10.0]}, cv=2).fit(TEXTS, NAMES, sample_weight=np.array(WEIGHT))
    assert search.best_estimator_.to_model() == TaskClassifier().fit(TEXTS, NAMES, sample_weight=WEIGHT).to_model()
    piped = Pipeline([("label", TaskClassifier())]).fit(TEXTS, NAMES, label__sample_weight=WEIGHT)
    assert piped.classes_.tolist() == list(LABELS)


def test_labelled_scores_set_the_bands_only(trained):
    scores = np.outer([-0.5, -0.1, -0.1, -0.25, 0.1, 0.5, 0.75, 0.25], np.ones(6))
    scores[2] = np.nan
    own = TaskClassifier().fit(TEXTS, NAMES, scores=scores).to_model().decision
    known = trained.to_model().decision
    assert own.coefficients == known.coefficients
    assert (own.medium_from, own.high_from) != (known.medium_from, known.high_from)


def test_a_lexicon_of_ones_own_is_a_parameter_like_any_other(tmp_path):
    path = tmp_path / "own.tsv"
    path.write_text("\t".join(USER_COLUMNS) + "\nen\tfrobnicate\taction\tevaluate" + "\t" * 8 + "\n", "utf-8")
    words = load_lexicon(path)
    texts = ["Frobnicate.", *TEXTS]
    plain, by_path, compiled = (TaskClassifier(lexicon=own).fit(TEXTS, NAMES) for own in (None, str(path), words))
    assert clone(compiled).lexicon is words
    assert compiled.to_model() == by_path.to_model()
    assert (by_path.decision_function(texts)[0] > plain.decision_function(texts)[0]) == True  # noqa: E712  # numpy's
    search = GridSearchCV(TaskClassifier(), {"lexicon": [None, words], "language": [None, "en"]}, cv=2).fit(TEXTS, NAMES)
    assert len(search.cv_results_["params"]) == 4


def test_an_unfitted_classifier_says_so():
    with pytest.raises(sklearn.exceptions.NotFittedError):
        TaskClassifier().predict(TEXTS)


class TestDimensionScorer:
    def test_scores_are_those_of_the_classifier(self, classifier):
        expected = classifier.classify_many(TEXTS, assume_task=True).scores
        assert (DimensionScorer().transform(TEXTS) == expected).all()
        assert (DimensionScorer().fit_transform(TEXTS, NAMES) == expected).all()
        assert DimensionScorer().transform([]).shape == (0, 6)
        assert not DimensionScorer().transform(["", None, "zzz"]).any()

    def test_columns_have_the_names_of_the_dimensions(self):
        assert DimensionScorer().get_feature_names_out().tolist() == list(DIMENSIONS)
        series = pd.Series(TEXTS, range(9, 17))
        frame = DimensionScorer().set_output(transform="pandas").fit_transform(series)
        assert (list(frame.columns), list(frame.index)) == (list(DIMENSIONS), list(series.index))
        assert (frame.to_numpy() == DimensionScorer().transform(TEXTS)).all()

    def test_it_stands_beside_words_in_a_pipeline(self):
        union = FeatureUnion([("scores", DimensionScorer()), ("words", TfidfVectorizer())])
        pipeline = make_pipeline(union, LogisticRegression())
        assert len(cross_val_score(pipeline, TEXTS, NAMES, cv=2)) == 2
        assert union.fit(TEXTS).get_feature_names_out()[0] == "scores__focus"
        search = GridSearchCV(make_pipeline(DimensionScorer(), LogisticRegression()), {"dimensionscorer__language": ["en", None]}, cv=2)
        assert search.fit(TEXTS, NAMES).best_score_ > 0.5

    def test_it_has_no_state_that_fitting_would_teach(self):
        assert not sklearn.utils.get_tags(DimensionScorer()).requires_fit
        assert (DimensionScorer().fit(TEXTS[:2]).transform(TEXTS) == DimensionScorer().transform(TEXTS)).all()
        again = pickle.loads(pickle.dumps(DimensionScorer(language="de").fit()))
        assert (again.transform(TEXTS) == DimensionScorer(language="de").transform(TEXTS)).all()


def test_every_text_gets_an_answer(trained):
    texts = [*TEXTS, "", "zzz", "Paint the fence."]
    assert set(trained.predict(texts)) <= set(LABELS)
    assert trained.predict_proba(texts).shape == (len(texts), 2)


def test_predict_probability_and_margin_never_disagree(trained):
    kpo = trained.predict(TEXTS) == "KPO"
    assert (kpo == (trained.predict_proba(TEXTS)[:, 1] >= 0.5)).all()
    assert (kpo == (trained.decision_function(TEXTS) >= 0)).all()


def test_the_trained_classifier_explains_what_predict_says(trained):
    result = trained.classifier_.classify_many(TEXTS, assume_task=True)
    assert result.label == trained.predict(TEXTS).tolist()
    assert isinstance(trained.classifier_, Classifier)


def test_the_order_of_examples_does_not_matter(trained):
    other = TaskClassifier().fit(TEXTS[::-1], NAMES[::-1])
    assert other.to_model().to_json() == trained.to_model().to_json()


def test_the_model_file_gives_the_same_answers(trained, tmp_path):
    path = tmp_path / "my_model.json"
    path.write_text(trained.to_model().to_json(), encoding="utf-8")
    assert load_model(path) == trained.to_model()
    assert Classifier(model=path).classify(TEXTS[0]) == trained.classifier_.classify(TEXTS[0])


def test_it_can_be_cloned_pickled_and_cross_validated(trained):
    assert clone(TaskClassifier(alpha=2.0)).alpha == 2.0
    assert pickle.loads(pickle.dumps(trained)).predict(TEXTS).tolist() == trained.predict(TEXTS).tolist()
    assert len(cross_val_score(TaskClassifier(), TEXTS, NAMES, cv=2)) == 2


@pytest.mark.parametrize(
    ("texts", "labels", "options"),
    [
        (TEXTS, ["BPO"] * 7 + ["maybe"], {}),
        (TEXTS, NAMES[:-1], {}),
        ([], [], {}),
        (TEXTS, ["BPO"] * 8, {}),
        (TEXTS, [0, 1] * 4, {}),
        (TEXTS, ["split"] * 4 + NAMES[4:], {}),
        (TEXTS, [None, *NAMES[1:]], {}),
        (np.array(TEXTS)[:, None], NAMES, {}),
        (pd.DataFrame({"task": TEXTS}), NAMES, {}),
        (dict.fromkeys(TEXTS), NAMES, {}),
        (TEXTS, NAMES, {"sample_weight": [0] * 8}),
        (TEXTS, NAMES, {"sample_weight": [0] * 4 + [1] * 4}),
        (TEXTS, NAMES, {"sample_weight": [[1.0]] * 8}),
        (TEXTS, NAMES, {"sample_weight": [-1] * 8}),
        (TEXTS, NAMES, {"scores": np.zeros((8, 5))}),
        (TEXTS, NAMES, {"scores": np.full((8, 6), 2.0)}),
    ],
)
def test_examples_that_do_not_fit_are_refused(texts, labels, options):
    with pytest.raises(InputValueError):
        TaskClassifier().fit(texts, labels, **options)


def test_a_single_text_is_no_sequence_of_texts():
    with pytest.raises(InputTypeError):
        TaskClassifier().fit("Enter invoices", ["BPO"])
