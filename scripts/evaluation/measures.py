"""How well scores separate, how honest confidences are, and how sure a difference is.

Labels are booleans, scores any real numbers of which higher means "more likely true",
confidences are probabilities, 0 to 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, roc_auc_score

Numbers = Sequence[float] | NDArray[np.float64]
_BINS = 10
_RESAMPLES = 2_000


@dataclass(frozen=True, slots=True)
class RiskCoverage:
    """Answering only the surest part: `risk[i]` is the share of errors at `coverage[i]`.

    `area` is the mean risk over all coverages (El-Yaniv & Wiener 2010): lower is better.
    """

    coverage: NDArray[np.float64]
    risk: NDArray[np.float64]
    area: float


@dataclass(frozen=True, slots=True)
class Interval:
    """A difference of means and the range that holds it with 95 % probability."""

    difference: float
    low: float
    high: float


def auroc(labels: Sequence[bool], scores: Numbers) -> float:
    """Return the probability that a true item scores above a false one, 0 to 1.

    Scores may be infinite: the margin of a passage where nothing may answer is.
    """
    ranks = np.unique(np.asarray(scores), return_inverse=True)[1]
    return float(roc_auc_score(labels, ranks))


def aupr(labels: Sequence[bool], scores: Numbers) -> float:
    """Return the area under the precision-recall curve (average precision), 0 to 1."""
    return float(average_precision_score(labels, scores))


def brier(confidence: Numbers, right: Sequence[bool]) -> float:
    """Return the mean squared distance of confidence from what came true (Brier 1950)."""
    return float(np.mean((np.asarray(confidence) - np.asarray(right, dtype=float)) ** 2))


def expected_calibration_error(confidence: Numbers, right: Sequence[bool]) -> float:
    """Return the mean distance of confidence from accuracy, over ten equal ranges.

    Each range counts by how many items fall into it (Guo et al. 2017, equation 3).
    """
    given, came_true = np.asarray(confidence, dtype=float), np.asarray(right, dtype=float)
    rows = _bin_of(given)
    gaps = [abs(float((given - came_true)[rows == number].sum())) for number in range(_BINS)]
    return sum(gaps) / len(given)


def reliability(confidence: Numbers, right: Sequence[bool]) -> list[tuple[float, float, int]]:
    """Return (mean confidence, accuracy, count) of each range that holds any item."""
    given, came_true = np.asarray(confidence, dtype=float), np.asarray(right, dtype=float)
    rows = _bin_of(given)
    return [
        (float(given[inside].mean()), float(came_true[inside].mean()), int(inside.sum()))
        for inside in (rows == number for number in range(_BINS))
        if inside.any()
    ]


def risk_coverage(confidence: Numbers, right: Sequence[bool]) -> RiskCoverage:
    """Return the risk of answering the surest 1, 2, ... all items."""
    order = np.argsort(-np.asarray(confidence, dtype=float), kind="stable")
    wrong = 1.0 - np.asarray(right, dtype=float)[order]
    counts = np.arange(1, len(wrong) + 1)
    risk = np.cumsum(wrong) / counts
    return RiskCoverage(counts / len(wrong), risk, float(risk.mean()))


def coverage_at_precision(
    confidence: Numbers, right: Sequence[bool], *, precision: float
) -> tuple[float, float]:
    """Return the largest coverage (0 to 1) with this precision, and the threshold that gives it.

    The threshold is the lowest confidence answered. Where no threshold reaches the precision,
    coverage is 0 and the threshold 1. Items of equal confidence stand or fall together.
    """
    given = np.asarray(confidence, dtype=float)
    order = np.argsort(-given, kind="stable")
    accuracy = np.cumsum(np.asarray(right, dtype=float)[order]) / np.arange(1, len(order) + 1)
    ordered = given[order]
    last_of_its_kind = np.append(ordered[1:] < ordered[:-1], True)
    reaching = np.flatnonzero((accuracy >= precision) & last_of_its_kind)
    if not len(reaching):
        return 0.0, 1.0
    return float((reaching[-1] + 1) / len(order)), float(ordered[reaching[-1]])


def paired_bootstrap(before: Numbers, after: Numbers) -> Interval:
    """Return how much the mean rose over the same questions, with its 95 % interval.

    Questions are drawn with replacement, by a fixed seed (Efron 1979; Koehn 2004).
    """
    change = np.asarray(after, dtype=float) - np.asarray(before, dtype=float)
    generator = np.random.default_rng(0)
    means = [
        float(change[generator.integers(0, len(change), len(change))].mean())
        for _ in range(_RESAMPLES)
    ]
    low, high = np.percentile(means, [2.5, 97.5])
    return Interval(float(change.mean()), float(low), float(high))


def _bin_of(confidence: NDArray[np.float64]) -> NDArray[np.intp]:
    return np.minimum((confidence * _BINS).astype(np.intp), _BINS - 1)
