"""When reading may end: an answer is good enough, or none is likely to come."""

import math
from collections.abc import Sequence

from qa.calibration import Calibration, HopeFeatures
from qa.deciding.decide import Decision, decide
from qa.reading.promise import promise
from qa.reading.read import ReadingEnd, ReadPassage, candidate_features
from qa.retrieval import RetrievedPassage


def end_of_reading(
    found: Sequence[ReadPassage],
    unread: Sequence[RetrievedPassage],
    calibration: Calibration,
    *,
    question: str,
) -> ReadingEnd | None:
    """Return why reading may end before the unread passages, or None where it goes on.

    It ends at an answer that is far enough ahead, and where what was read does not answer and
    what is unread gives too little hope.
    """
    enough = calibration.enough_lead
    if enough is not None and lead_over_unread(found, unread, calibration) >= enough:
        return ReadingEnd.ENOUGH
    if calibration.hope is not None:
        decision = decide(found, calibration, question=question)
        if decision.answerable_probability < calibration.min_answerable:
            hope = calibration.hope.probability(hope_features(found, unread, decision))
            if hope <= calibration.least_hope:
                return ReadingEnd.HOPELESS
    return None


def hope_features(
    found: Sequence[ReadPassage], unread: Sequence[RetrievedPassage], decision: Decision
) -> HopeFeatures:
    """Return what tells how likely reading on brings the answer; `decision` is of what was read.

    How like the question an unread passage is counts beside the best that was read: in some
    collections no passage is like any question. The odds are at most 10,000 to 1 either way.
    """
    probability = min(max(decision.answerable_probability, 1e-4), 1 - 1e-4)
    return HopeFeatures(
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
