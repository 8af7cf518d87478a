"""When reading may end: an answer is good enough, or none is likely to come."""

from collections.abc import Sequence

from qa.calibration import Calibration
from qa.decide import decide
from qa.reading import ReadingEnd, ReadPassage, candidate_features


def end_of_reading(
    found: Sequence[ReadPassage], calibration: Calibration, *, question: str
) -> ReadingEnd | None:
    """Return why reading may end after these passages, or None where it goes on."""
    enough = calibration.enough_order
    if enough is not None and best_order(found, calibration) >= enough:
        return ReadingEnd.ENOUGH
    if calibration.hopeless_answerable is not None:
        decision = decide(found, calibration, question=question)
        if decision.answerable_probability < calibration.hopeless_answerable:
            return ReadingEnd.HOPELESS
    return None


def best_order(found: Sequence[ReadPassage], calibration: Calibration) -> float:
    """Return the highest ordering score of any span, minus infinity where there is none."""
    scores = (
        calibration.order.logit(candidate_features(passage, span))
        for passage, spans in found
        for span in spans
    )
    return max(scores, default=float("-inf"))
