"""From trials to `calibration.json`: the logistic models and the thresholds that follow."""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import astuple, fields

import numpy as np
from sklearn.linear_model import LogisticRegression

from qa.calibration import (
    Calibration,
    Features,
    HopeFeatures,
    LogisticModel,
    PrecisionThreshold,
)
from qa.deciding.decide import Decision
from qa.deciding.stopping import hope_features, lead_over_unread
from scripts.calibration.trials import Trial
from scripts.evaluation.measures import (
    auroc,
    coverage_at_precision,
    expected_calibration_error,
)
from scripts.evaluation.question_file import QuestionFileError
from scripts.evaluation.targets import at_targets

# Reading may end where the chance that reading on brings a right answer, which is not there yet, is
# at most so great.
_BEARABLE = 0.01
_PRECISIONS = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95)


def fit(
    trials: Sequence[Trial], *, reader_sha256: str, min_margin: float, note: str
) -> Calibration:
    """Fit the models to the trials; the ordering first, for the others build on it.

    Each trial counts twice: as it was, and as of a collection of a few passages, for whoever asks
    one article is to get probabilities that are as good.

    How likely an answer is right, and which confidence reaches a precision, is learned of whole
    articles alone: torn from the sentences around it, one is read worse than in any article.

    Raises QuestionFileError if the answers read are all right, or all wrong.
    """
    generator = random.Random(7)
    trials = [one for trial in trials for one in (trial, trial.among_few(generator))]
    flat = LogisticModel(weights={}, bias=0.0)
    draft = Calibration(
        reader_sha256=reader_sha256,
        fitted_on=note,
        order=LogisticModel(weights={"span_score": 1.0}, bias=0.0),
        right_if_answerable=flat,
        answerable=flat,
        min_answerable=0.5,
        min_margin=min_margin,
    )
    candidates = [
        (place.features, trial.is_good(place.text))
        for trial in trials
        if trial.answerable
        for ranked in trial.decide(draft).ranking
        for place in ranked.places[:1]
    ]
    ordered = draft.model_copy(update={"order": _logistic(candidates)})
    trials = [trial.read_by_promise(ordered) for trial in trials]
    ordered = ordered.model_copy(update={"enough_lead": enough_lead(trials, ordered)})
    trials = [trial.read_until(ordered) for trial in trials]
    decisions = [(trial, trial.decide(ordered).ranking) for trial in trials]
    answers = [
        (ranked.features, trial.is_right(ranked))
        for trial, ranking in decisions
        if trial.answerable and not trial.scattered
        for ranked in ranking[:3]
    ]
    firsts = [(ranking[0].features, trial.answerable) for trial, ranking in decisions if ranking]
    fitted = ordered.model_copy(
        update={
            "right_if_answerable": _logistic(answers),
            # How many questions have an answer is up to who asks, and not to the trials.
            "answerable": _logistic(firsts, balanced=True),
        }
    )
    fitted = fitted.model_copy(update={"hope": hope(trials, fitted), "least_hope": _BEARABLE})
    whole = [trial for trial in trials if not trial.scattered]
    return fitted.model_copy(update={"precision_thresholds": _thresholds(whole, fitted)})


def enough_lead(trials: Sequence[Trial], calibration: Calibration) -> float | None:
    """Return the least lead over what is unread at which reading on hardly ever brings the answer.

    Learned of trials with an answer to find, for a lead must be enough whatever their share is.
    None where no lead is that telling.
    """
    moments = [
        (-lead_over_unread(part.found, part.unread, calibration), lost)
        for trial in trials
        if trial.answerable
        for part, _, lost in _moments(trial, calibration)
    ]
    greatest = _where_losses_are_bearable([moment for moment in moments if np.isfinite(moment[0])])
    return None if greatest is None else -greatest


def hope(trials: Sequence[Trial], calibration: Calibration) -> LogisticModel | None:
    """Return how likely reading on brings the right answer where what was read does not answer.

    Learned of moments at which the product would abstain, with and without an answer to find, as
    if questions with and without one were as many. None where reading on never brought an answer,
    or always, for nothing tells then when it does.
    """
    answerable = sum(trial.answerable for trial in trials)
    weight_without_answer = answerable / max(1, len(trials) - answerable)
    rows: list[tuple[HopeFeatures, bool]] = []
    weights = []
    for trial in trials:
        for part, decision, lost in _moments(trial, calibration):
            if decision.answerable_probability < calibration.min_answerable:
                rows.append((hope_features(part.found, part.unread, decision), lost))
                weights.append(1.0 if trial.answerable else weight_without_answer)
    if len({lost for _, lost in rows}) < 2:
        return None
    return _logistic(rows, weights=weights)


def _moments(trial: Trial, calibration: Calibration) -> Iterator[tuple[Trial, Decision, bool]]:
    """Yield the trial where reading may end, what is decided there, and if its answer is lost."""
    answered = trial.is_answered_by(trial.decide(calibration))
    for part in trial.parts():
        decision = part.decide(calibration)
        yield part, decision, answered and not part.is_answered_by(decision)


def _where_losses_are_bearable(moments: Sequence[tuple[float, bool]]) -> float | None:
    """Return the greatest value at which a loss is bearable, where greater values lose more.

    By a logistic regression, for so few are lost that counting them above a threshold is chance.
    """
    values, lost = np.array([value for value, _ in moments]), [lost for _, lost in moments]
    if not any(lost):
        return round(float(values.max()), 4) if moments else None
    if all(lost):
        return None
    spread = values.std() + 1e-9
    model = LogisticRegression(C=1.0, max_iter=1000)
    model.fit(values[:, None] / spread, lost)
    rise = model.coef_[0][0] / spread
    if rise <= 0:
        return None
    logit = math.log(_BEARABLE / (1 - _BEARABLE))
    return round(float((logit - model.intercept_[0]) / rise), 4)


def report(trials: Sequence[Trial], calibration: Calibration) -> dict[str, float]:
    """Return how the calibration does on trials that it was not fitted on.

    Its thresholds, too: what they promise was counted on the trials that chose them. Trials of one
    kind have no `auroc_answerable`.
    """
    read = [len(trial.found) for trial in trials]
    trials = [trial.read_by_promise(calibration).read_until(calibration) for trial in trials]
    decisions = [(trial, trial.decide(calibration)) for trial in trials]
    confidence, right = _first_answers(decisions)
    given = [d.answerable_probability >= calibration.min_answerable for _, d in decisions]
    answerable = [trial.answerable for trial in trials]
    probability = [decision.answerable_probability for _, decision in decisions]
    both_kinds = len(set(answerable)) == 2
    return {
        "trials": len(trials),
        "first_answer_em": 100 * _share(right, answerable),
        **({"auroc_answerable": auroc(answerable, probability)} if both_kinds else {}),
        "expected_calibration_error": expected_calibration_error(confidence, right),
        "abstains_where_it_should": 1 - _share(given, [not one for one in answerable]),
        "answers_where_it_should": _share(given, answerable),
        "passages_read": sum(len(trial.found) for trial in trials) / max(1, sum(read)),
        **at_targets(calibration.precision_thresholds, confidence, answered=given, right=right),
    }


def _thresholds(
    trials: Sequence[Trial], calibration: Calibration
) -> tuple[PrecisionThreshold, ...]:
    confidence, right = _first_answers([(one, one.decide(calibration)) for one in trials])
    reached = []
    for precision in _PRECISIONS:
        coverage, threshold = coverage_at_precision(confidence, right, precision=precision)
        if coverage > 0:
            reached.append(
                PrecisionThreshold(
                    precision=precision,
                    min_confidence=round(threshold, 4),
                    coverage=round(coverage, 4),
                )
            )
    return tuple(reached)


def _first_answers(
    decisions: Sequence[tuple[Trial, Decision]],
) -> tuple[list[float], list[bool]]:
    """Return the confidence of each first answer, 0 where there is none, and if it is right."""
    firsts = [decision.ranking[:1] for _, decision in decisions]
    confidence = [first[0].confidence if first else 0.0 for first in firsts]
    return confidence, [trial.is_answered_by(decision) for trial, decision in decisions]


def _share(values: Sequence[bool], among: Sequence[bool]) -> float:
    chosen = [value for value, wanted in zip(values, among, strict=True) if wanted]
    return sum(chosen) / max(1, len(chosen))


def _logistic(
    rows: Sequence[tuple[Features, bool]],
    *,
    balanced: bool = False,
    weights: Sequence[float] | None = None,
) -> LogisticModel:
    """Fit to (features, is it so); `balanced` weighs both kinds as if they were as many."""
    features = np.array([astuple(row) for row, _ in rows])
    labels = np.array([label for _, label in rows])
    if labels.all() or not labels.any():
        raise QuestionFileError(
            f"the {len(rows)} answers read are all right, or all wrong, from "
            "which nothing can be learned; give more questions, with and without an answer, whose "
            "answers are words of their context"
        )
    names = [field.name for field in fields(rows[0][0])]
    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-9
    weighing = "balanced" if balanced else None
    model = LogisticRegression(C=1.0, max_iter=1000, class_weight=weighing)
    model.fit((features - mean) / spread, labels, sample_weight=weights)
    fitted = model.coef_[0] / spread
    return LogisticModel(
        weights={name: round(float(w), 6) for name, w in zip(names, fitted, strict=True)},
        bias=round(float(model.intercept_[0] - fitted @ mean), 6),
    )
