"""When reading may end: an answer is good enough, or none is likely to come."""

import math
from collections.abc import Sequence

from qa.calibration import Calibration, HopeFeatures
from qa.deciding.decide import Decision, decide
from qa.reading.promise import promise
from qa.reading.read import ReadingEnd, ReadPassage, candidate_features
from qa.retrieval import RetrievedPassage

# Of leads beyond these hardly any is seen.
_LEAST_LEAD, _GREATEST_LEAD = -15.0, 30.0


def end_of_reading(
    found: Sequence[ReadPassage],
    unread: Sequence[RetrievedPassage],
    calibration: Calibration,
    *,
    question: str,
) -> ReadingEnd | None:
    """Return why reading may end before the unread passages, or None where it goes on.

    It ends where reading on would hardly bring the right answer, because what was read gives it,
    or because what is unread gives too little hope.
    """
    if calibration.hope is None:
        return None
    decision = decide(found, calibration, question=question)
    features = hope_features(found, unread, decision, calibration)
    if calibration.hope.probability(features) > calibration.least_hope:
        return None
    answers = decision.answerable_probability >= calibration.min_answerable
    return ReadingEnd.ENOUGH if answers else ReadingEnd.HOPELESS


def hope_features(
    found: Sequence[ReadPassage],
    unread: Sequence[RetrievedPassage],
    decision: Decision,
    calibration: Calibration,
) -> HopeFeatures:
    """Return what tells how likely reading on brings the answer; `decision` is of what was read.

    How like the question an unread passage is counts beside the best that was read: in some
    collections no passage is like any question. The odds are at least 1 to 10,000.
    """
    probability = min(max(decision.answerable_probability, 1e-4), 0.5)
    lead = lead_over_unread(found, unread, calibration)
    return HopeFeatures(
        lead=min(max(lead, _LEAST_LEAD), _GREATEST_LEAD),
        answerable=math.log(probability / (1 - probability)),
        likeness=_greatest_cosine(unread) - _greatest_cosine([passage for passage, _ in found]),
        keyword_share=max((passage.keyword_share for passage in unread), default=0.0),
    )


def _greatest_cosine(passages: Sequence[RetrievedPassage]) -> float:
    return max((passage.cosine for passage in passages), default=-1.0)


def lead_over_unread(
    found: Sequence[ReadPassage], unread: Sequence[RetrievedPassage], calibration: Calibration
) -> float:
    """Return how far the best span is above what retrieval promises of all unread passages.

    Their promises are summed as odds are (log-sum-exp), for many passages that promise a little
    bring a better answer as often as one that promises more.

    Minus infinity where no span was read, infinity where nothing is unread.
    """
    scores = (
        calibration.order.logit(candidate_features(passage, span))
        for passage, spans in found
        for span in spans
    )
    promises = [promise(passage, calibration) for passage in unread]
    return max(scores, default=float("-inf")) - _log_sum_exp(promises)


def _log_sum_exp(values: Sequence[float]) -> float:
    greatest = max(values, default=float("-inf"))
    if math.isinf(greatest):
        return greatest
    return greatest + math.log(sum(math.exp(value - greatest) for value in values))
