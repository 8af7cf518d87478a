"""Reading passages in order of promise, until more reading would not change the answer."""

import time
from collections.abc import Sequence

from qa.calibration import Calibration, CandidateFeatures
from qa.reader import PassageSpan, Reader
from qa.retrieval import RetrievedPassage

# Small enough to look at the clock and the answers often, large enough for other answers and for
# support to be read; even, for two cores read two passages at a time. A calibration is fitted to
# ends of reading that lie so far apart.
READ_AT_ONCE = 4

ReadPassage = tuple[RetrievedPassage, list[PassageSpan]]
"""A passage with the spans that were read in it, best first."""


def read_passages(
    question: str,
    retrieved: Sequence[RetrievedPassage],
    reader: Reader,
    *,
    enough: Calibration | None = None,
    deadline: float | None = None,
) -> list[ReadPassage]:
    """Read the passages in order, a few at a time.

    Reading ends when all are read, when time is up, or when `enough` (a calibration) finds an
    answer so good that the rest would hardly change it. `deadline` is a value of
    `time.perf_counter`; the first few passages are read whatever it is.
    """
    found: list[ReadPassage] = []
    while len(found) < len(retrieved):
        if found and deadline is not None and time.perf_counter() >= deadline:
            break
        if enough is not None and has_enough(found, enough):
            break
        batch = retrieved[len(found) : len(found) + READ_AT_ONCE]
        spans = reader.read(question, [item.passage.text for item in batch])
        found += zip(batch, spans, strict=True)
    return found


def has_enough(found: Sequence[ReadPassage], calibration: Calibration) -> bool:
    """Return whether an answer was read that the calibration takes for the final one."""
    if calibration.enough_order is None:
        return False
    return best_order(found, calibration) >= calibration.enough_order


def best_order(found: Sequence[ReadPassage], calibration: Calibration) -> float:
    """Return the highest ordering score of any span, minus infinity where there is none."""
    scores = (
        calibration.order.logit(candidate_features(passage, span))
        for passage, spans in found
        for span in spans
    )
    return max(scores, default=float("-inf"))


def candidate_features(found: RetrievedPassage, span: PassageSpan) -> CandidateFeatures:
    """Return what reader and retrieval say about one span."""
    return CandidateFeatures(
        span_score=span.score,
        margin=span.margin,
        cosine=found.cosine,
        keyword_share=found.keyword_share,
    )
