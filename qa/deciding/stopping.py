"""When reading may end: an answer is good enough, or none is likely to come."""

import math
from collections.abc import Sequence

from qa.calibration import Calibration
from qa.deciding.decide import decide
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
    nothing that is unread resembles the question.
    """
    enough = calibration.enough_lead
    if enough is not None and lead_over_unread(found, unread, calibration) >= enough:
        return ReadingEnd.ENOUGH
    hopeless = calibration.hopeless_cosine
    if hopeless is not None and greatest_cosine(unread) <= hopeless:
        decision = decide(found, calibration, question=question)
        if decision.answerable_probability < calibration.min_answerable:
            return ReadingEnd.HOPELESS
    return None


def greatest_cosine(passages: Sequence[RetrievedPassage]) -> float:
    """Return the cosine of the passage that resembles the question most, -1 of no passages."""
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
