"""The signed logistic regression and the decision that it trains."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.utils.estimator_checks import estimator_checks_generator

from outsourcing_classifier.decision import SUM_WEIGHTS, DecisionModel, decide, vetoes
from outsourcing_classifier.decision_training import fit_decision, fold_numbers, significant
from outsourcing_classifier.signed_regression import SignedLogisticRegression, fit_signed

SOURCE = str(Path(__file__).resolve().parents[1] / "src")  # fresh processes test this checkout too
# Runs only where SciPy was imported with SCIPY_ARRAY_API=1; `test_every_check_of_scikit_learn…` does so.
NEEDS_OWN_PROCESS = ("check_array_api_input",)


def check_name(check):
    return getattr(check, "func", check).__name__


CHECKS = [
    pytest.param(estimator, check, id=check_name(check))
    for estimator, check in estimator_checks_generator(SignedLogisticRegression())
    if check_name(check) not in NEEDS_OWN_PROCESS
]


@pytest.fixture
def cloud():
    """Two overlapping clouds: features (300, 4), and which rows are positive."""
    random = np.random.default_rng(0)
    rows = random.normal(size=(300, 4))
    return rows, rows @ [1.0, -2.0, 0.5, 0.0] + random.normal(size=300) > 0


@pytest.mark.parametrize(("estimator", "check"), CHECKS)
def test_scikit_learn_accepts_the_estimator(estimator, check):
    check(estimator)


def test_every_check_of_scikit_learn_passes_and_none_is_skipped(run_python):
    code = (
        "from sklearn.utils.estimator_checks import check_estimator\n"
        "from outsourcing_classifier import SignedLogisticRegression\n"
        "done = check_estimator(SignedLogisticRegression(), on_skip=None, on_fail='raise')\n"
        "assert {one['status'] for one in done} == {'passed'}\n"
    )
    done = run_python("-c", code, SCIPY_ARRAY_API="1", PYTHONPATH=SOURCE)
    assert done.returncode == 0, done.stderr


def test_without_signs_and_prior_it_is_ordinary_ridge_logistic_regression(cloud):
    rows, positive = cloud
    ours = SignedLogisticRegression(fit_intercept=False, alpha=2.0).fit(rows, positive)
    theirs = LogisticRegression(fit_intercept=False, C=0.5, tol=1e-10).fit(rows, positive)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=1e-6)


@pytest.mark.parametrize("signs", [(1, 1, 1, 1), (-1, -1, -1, -1), (1, -1, 0, 1)])
def test_coefficients_keep_their_sign(cloud, signs):
    coefficients = SignedLogisticRegression(signs=signs).fit(*cloud).coef_[0]
    assert all(value * sign >= 0 for value, sign in zip(coefficients, signs, strict=True))


def test_a_strong_pull_leaves_the_prior_where_it_is(cloud):
    fitted = SignedLogisticRegression(alpha=1e9, prior=(1, 2, 3, 4)).fit(*cloud)
    np.testing.assert_allclose(fitted.coef_[0], (1, 2, 3, 4), atol=1e-4)
    assert abs(fitted.intercept_[0]) < 1e-4


def test_a_weight_counts_like_repeated_rows(cloud):
    rows, positive = cloud
    weight = np.arange(len(rows)) % 3
    weighted = SignedLogisticRegression().fit(rows, positive, sample_weight=weight)
    repeated = SignedLogisticRegression().fit(np.repeat(rows, weight, axis=0), np.repeat(positive, weight))
    np.testing.assert_allclose(weighted.coef_, repeated.coef_, atol=1e-6)


def test_the_class_is_the_one_with_at_least_half_of_the_probability(cloud):
    rows, positive = cloud
    fitted = SignedLogisticRegression().fit(rows, positive)
    assert (fitted.predict(rows) == (fitted.predict_proba(rows)[:, 1] >= 0.5)).all()


@pytest.mark.parametrize(
    "options", [{"signs": (1, 1)}, {"signs": (2, 0, 0, 0)}, {"prior": (1.0,)}, {"alpha": 0}]
)
def test_options_that_do_not_fit_are_refused(cloud, options):
    with pytest.raises(ValueError, match=next(iter(options))):
        SignedLogisticRegression(**options).fit(*cloud)


def test_three_classes_are_refused():
    with pytest.raises(ValueError, match="Only binary classification"):
        SignedLogisticRegression().fit([[0.0], [1.0], [2.0]], ["a", "b", "c"])


def test_without_rows_the_answer_is_the_prior():
    coefficients, intercept, _ = fit_signed(np.zeros((0, 2)), np.zeros(0, np.bool_), np.zeros(0), prior=(1.0, 0.5))
    assert (coefficients.tolist(), intercept) == ([1.0, 0.5], 0.0)


def simulated(count):
    """Scores (n, 6) in halves, labels by the codebook's sum with noise, equal weights, groups of two."""
    random = np.random.default_rng(1)
    scores = random.integers(-2, 3, size=(count, 6)) / 2
    kpo = scores @ SUM_WEIGHTS + random.normal(size=count) > 0
    return scores, kpo, np.ones(count), [str(row // 2) for row in range(count)]


def test_without_examples_the_decision_is_the_codebooks():
    decision = fit_decision(np.zeros((0, 6)), np.zeros(0, np.bool_), np.zeros(0), []).decision
    assert decision.coefficients == SUM_WEIGHTS
    assert (decision.intercept, decision.slope, decision.cap) == (0.0, DecisionModel().slope, DecisionModel().cap)


def test_a_few_examples_hardly_move_the_codebooks_weights():
    decision = fit_decision(*simulated(8)).decision
    np.testing.assert_allclose(decision.coefficients, SUM_WEIGHTS, atol=0.2)


def test_no_dimension_ever_speaks_for_its_other_pole():
    scores, kpo, weight, groups = simulated(400)
    decision = fit_decision(scores, ~kpo, weight, groups).decision
    assert min(decision.coefficients) >= 0
    assert decision.slope > 0


def test_a_veto_leaves_a_negative_margin():
    assert fit_decision(*simulated(400)).decision.cap < 0


def test_kpo_is_exactly_where_p_is_at_least_one_half():
    scores, kpo, weight, groups = simulated(400)
    decision = fit_decision(scores, kpo, weight, groups).decision
    found = decide(scores, np.ones(scores.shape, np.bool_), decision)
    assert (found.kpo == (found.probability >= 0.5)).all()
    assert (found.kpo == (found.margin >= 0)).all()
    assert not found.kpo[np.logical_or(*vetoes(scores.T))].any()


def test_bands_follow_the_codebooks_sum_of_the_labelled_scores():
    scores, kpo, weight, groups = simulated(400)
    decision = fit_decision(scores, kpo, weight, groups, scores).decision
    assert 0 < decision.medium_from < decision.high_from < 1


def test_a_held_out_margin_knows_nothing_of_the_labels_of_its_group():
    scores, kpo, weight, groups = simulated(60)
    first = fold_numbers(groups) == fold_numbers(groups[:1])[0]
    before = fit_decision(scores, kpo, weight, groups).out_of_fold
    after = fit_decision(scores, np.where(first, ~kpo, kpo), weight, groups).out_of_fold
    assert (before[first] == after[first]).all()
    assert (before[~first] != after[~first]).any()


def test_one_group_is_one_fold():
    assert len(set(fold_numbers(["a", "a", "a"]))) == 1
    assert set(fold_numbers([str(i) for i in range(100)])) == set(range(5))


def test_numbers_have_six_significant_digits():
    assert significant(0.12345678) == 0.123457
    assert significant(-1234567.0) == -1234570.0
