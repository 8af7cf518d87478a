"""Reading passages in order of promise, until more reading would not change the answer."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from qa.calibration import CandidateFeatures
from qa.reading.reader import READ_AT_ONCE, PassageSpan, Reader
from qa.reading.table_reading import read_with_tables
from qa.retrieval import RetrievedPassage

ReadPassage = tuple[RetrievedPassage, list[PassageSpan]]
"""A passage with the spans that were read in it, best first."""


class ReadingEnd(StrEnum):
    """Why no more passages were read."""

    ALL_READ = "all passages were read"
    ENOUGH = "more passages would hardly change the answer"
    HOPELESS = "more passages would hardly bring an answer"
    TIME = "the time budget was spent"


MayEnd = Callable[[Sequence[ReadPassage], Sequence[RetrievedPassage]], ReadingEnd | None]
"""Says of the passages that were read and those that were not why reading may end, if it may."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The passages that were read, in that order, and why it ended there."""

    found: tuple[ReadPassage, ...]
    end: ReadingEnd


def read_passages(
    question: str,
    retrieved: Sequence[RetrievedPassage],
    reader: Reader,
    *,
    may_end: MayEnd | None = None,
    deadline: float | None = None,
) -> Reading:
    """Read the passages in order, a few at a time.

    Reading ends when all are read, when time is up, or when `may_end` gives a reason for what was
    read so far and what was not. `deadline` is a value of `time.perf_counter`; the first few
    passages are read whatever it is. What the reader has read ahead by then does not count.
    """
    found: list[ReadPassage] = []
    spans = read_with_tables(question, (item.passage for item in retrieved), reader)
    while len(found) < len(retrieved):
        if found and deadline is not None and time.perf_counter() >= deadline:
            return Reading(tuple(found), ReadingEnd.TIME)
        unread = retrieved[len(found) :]
        if found and may_end is not None and (end := may_end(found, unread)) is not None:
            return Reading(tuple(found), end)
        batch = unread[:READ_AT_ONCE]
        found += zip(batch, islice(spans, len(batch)), strict=True)
    return Reading(tuple(found), ReadingEnd.ALL_READ)


def candidate_features(found: RetrievedPassage, span: PassageSpan) -> CandidateFeatures:
    """Return what reader and retrieval say about one span."""
    return CandidateFeatures(
        span_score=span.score,
        margin=span.margin,
        cosine=found.cosine,
        keyword_share=found.keyword_share,
    )
