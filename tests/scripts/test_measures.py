"""The measures of evaluations, on cases whose values can be worked out by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.calibration import PrecisionThreshold
from scripts.evaluation.measures import (
    aupr,
    auroc,
    brier,
    coverage_at_precision,
    expected_calibration_error,
    paired_bootstrap,
    reliability,
    risk_coverage,
)
from scripts.evaluation.targets import at_targets

PAIRS = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60)


def test_auroc_is_the_share_of_pairs_in_the_right_order() -> None:
    assert auroc([True, True, False, False], [0.9, 0.4, 0.5, 0.1]) == pytest.approx(3 / 4)
    assert auroc([True, False], [0.5, 0.5]) == pytest.approx(0.5)
    assert auroc([True, False, False], [0.5, -math.inf, 0.7]) == pytest.approx(1 / 2)


def test_aupr_is_one_where_all_true_items_come_first() -> None:
    assert aupr([True, True, False], [0.9, 0.8, 0.1]) == pytest.approx(1.0)
    assert aupr([False, True], [0.9, 0.8]) == pytest.approx(0.5)


def test_brier_is_the_mean_squared_error() -> None:
    assert brier([1.0, 0.5, 0.0], [True, True, True]) == pytest.approx((0 + 0.25 + 1) / 3)


def test_calibration_error_weighs_each_range_by_its_items() -> None:
    confidence = [0.95, 0.95, 0.95, 0.95, 0.15]
    right = [True, True, True, False, False]
    # In the upper range 0.95 against 0.75, in the lower 0.15 against 0.
    assert expected_calibration_error(confidence, right) == pytest.approx(0.8 * 0.2 + 0.2 * 0.15)
    assert reliability([0.25, 1.0, 1.0], [False, True, False]) == [(0.25, 0.0, 1), (1.0, 0.5, 2)]


def test_an_honest_coin_has_no_calibration_error() -> None:
    assert expected_calibration_error([0.5, 0.5], [True, False]) == pytest.approx(0.0)


def test_risk_is_counted_over_the_surest_answers() -> None:
    curve = risk_coverage([0.2, 0.9, 0.6, 0.4], [False, True, False, True])
    assert curve.coverage.tolist() == [0.25, 0.5, 0.75, 1.0]
    assert curve.risk.tolist() == pytest.approx([0, 1 / 2, 1 / 3, 1 / 2])
    assert curve.area == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)


def test_coverage_at_a_precision_is_the_largest_that_reaches_it() -> None:
    confidence = [0.9, 0.8, 0.7, 0.6, 0.1]
    right = [True, True, False, True, False]
    assert coverage_at_precision(confidence, right, precision=0.9) == (0.4, 0.8)
    assert coverage_at_precision(confidence, right, precision=0.75) == (0.8, 0.6)
    assert coverage_at_precision([0.9], [False], precision=0.5) == (0.0, 1.0)


def test_a_target_is_measured_over_the_answers_that_would_be_given_then() -> None:
    thresholds = [
        PrecisionThreshold(precision=p, min_confidence=c, coverage=0.5)
        for p, c in ((0.5, 0.2), (0.9, 0.8), (0.95, 0.99))
    ]
    confidence, right = [0.9, 0.8, 0.7, 0.3, 0.1], [True, False, True, False, True]
    answered = [True, True, False, True, True]
    assert at_targets(thresholds, confidence, answered=answered, right=right) == {
        "precision_at_target_50": 0.3333,
        "coverage_at_target_50": 0.6,
        "precision_at_target_90": 0.5,
        "coverage_at_target_90": 0.4,
        "coverage_at_target_95": 0.0,
    }


@given(PAIRS, st.floats(0.05, 1))
def test_what_the_threshold_answers_has_the_promised_precision(
    pairs: list[tuple[float, bool]], precision: float
) -> None:
    confidence, right = [c for c, _ in pairs], [r for _, r in pairs]
    coverage, threshold = coverage_at_precision(confidence, right, precision=precision)
    if coverage == 0:
        return
    answered = [r for c, r in pairs if c >= threshold]
    assert len(answered) == pytest.approx(coverage * len(pairs))
    assert sum(answered) / len(answered) >= precision - 1e-9


@given(PAIRS)
def test_calibration_error_and_brier_stay_within_their_range(
    pairs: list[tuple[float, bool]],
) -> None:
    confidence, right = [c for c, _ in pairs], [r for _, r in pairs]
    assert 0 <= expected_calibration_error(confidence, right) <= 1
    assert 0 <= brier(confidence, right) <= 1
    assert sum(count for _, _, count in reliability(confidence, right)) == len(pairs)


def test_the_bootstrap_interval_holds_a_true_difference_and_leaves_zero_out() -> None:
    generator = np.random.default_rng(1)
    before = generator.random(500)
    interval = paired_bootstrap(before, before + 0.1 + 0.01 * generator.standard_normal(500))
    assert interval.low < 0.1 < interval.high
    assert interval.low > 0
    assert interval.difference == pytest.approx(0.1, abs=0.005)


def test_runs_without_a_difference_have_zero_inside_the_interval() -> None:
    generator = np.random.default_rng(2)
    scores = generator.integers(0, 2, 400).astype(float)
    other = scores.copy()
    other[:20], other[20:40] = 1 - other[:20], 1 - other[20:40]
    interval = paired_bootstrap(scores, other)
    assert interval.low <= interval.difference <= interval.high
    assert paired_bootstrap(scores, scores).low == 0.0 == paired_bootstrap(scores, scores).high
