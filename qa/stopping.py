"""When reading may end: an answer is good enough, or none is likely to come."""

from collections.abc import Sequence

from qa.calibration import Calibration
from qa.decide import decide
from qa.promise import promise
from qa.reading import ReadingEnd, ReadPassage, candidate_features
from qa.retrieval import RetrievedPassage


def end_of_reading(
    found: Sequence[ReadPassage],
    unread: Sequence[RetrievedPassage],
    calibration: Calibration,
    *,
    question: str,
) -> ReadingEnd | None:
    """Return why reading may end before the unread passages, or None where it goes on."""
    enough = calibration.enough_lead
    if enough is not None and lead_over_unread(found, unread, calibration) >= enough:
        return ReadingEnd.ENOUGH
    if calibration.hopeless_answerable is not None:
        decision = decide(found, calibration, question=question)
        if decision.answerable_probability < calibration.hopeless_answerable:
            return ReadingEnd.HOPELESS
    return None


def lead_over_unread(
    found: Sequence[ReadPassage], unread: Sequence[RetrievedPassage], calibration: Calibration
) -> float:
    """Return how far the best span is above what retrieval promises of any unread passage.

    Minus infinity where no span was read, infinity where nothing is unread.
    """
    scores = (
        calibration.order.logit(candidate_features(passage, span))
        for passage, spans in found
        for span in spans
    )
    promises = (promise(passage, calibration) for passage in unread)
    return max(scores, default=float("-inf")) - max(promises, default=float("-inf"))
