"""Reading in order of promise, and what is known of a span."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pytest

from qa.reading.read import (
    Reading,
    ReadingEnd,
    ReadPassage,
    candidate_features,
    read_passages,
)
from qa.reading.reader import READ_AT_ONCE, PassageSpan
from qa.retrieval import RetrievedPassage
from qa.values import Passage


@dataclass
class CountingReader:
    """Gives one span a passage, and keeps what it read."""

    read_texts: list[str] = field(default_factory=list)

    def read(self, question: str, passages: Iterable[str]) -> Iterable[list[PassageSpan]]:
        for text in passages:
            self.read_texts.append(text)
            yield [PassageSpan(0, len(text), 3.0, 1.0)]


def retrieved(count: int) -> list[RetrievedPassage]:
    return [
        RetrievedPassage(Passage(n, "a", 0, 5, f"nr {n:02}"), 0.01, 0.5, n + 1, 2.0, 0.75, 3)
        for n in range(count)
    ]


def read(count: int, *, end_after: int = 99, deadline: float | None = None) -> Reading:
    def may_end(
        found: Sequence[ReadPassage], unread: Sequence[RetrievedPassage]
    ) -> ReadingEnd | None:
        assert [*(passage for passage, _ in found), *unread] == retrieved(count)
        return ReadingEnd.ENOUGH if len(found) >= end_after else None

    reader = CountingReader()
    reading = read_passages("?", retrieved(count), reader, may_end=may_end, deadline=deadline)
    assert [passage.passage.text for passage, _ in reading.found] == reader.read_texts
    return reading


def test_all_passages_are_read_in_order_where_nothing_ends_it() -> None:
    reading = read(13)
    assert [passage.passage.passage_id for passage, _ in reading.found] == list(range(13))
    assert reading.end is ReadingEnd.ALL_READ
    assert read_passages("?", retrieved(13), CountingReader()) == reading


def test_reading_ends_with_the_batch_after_which_it_may() -> None:
    reading = read(13, end_after=READ_AT_ONCE + 1)
    assert (len(reading.found), reading.end) == (2 * READ_AT_ONCE, ReadingEnd.ENOUGH)


def test_where_all_is_read_no_other_end_is_told() -> None:
    assert read(READ_AT_ONCE, end_after=1).end is ReadingEnd.ALL_READ
    assert read(0).end is ReadingEnd.ALL_READ


def test_when_time_is_up_the_first_batch_is_read_all_the_same() -> None:
    reading = read(13, deadline=time.perf_counter() - 1)
    assert (len(reading.found), reading.end) == (READ_AT_ONCE, ReadingEnd.TIME)


def test_a_reader_that_gives_less_than_it_was_given_is_not_asked_for_ever() -> None:
    class ForgetfulReader:
        def read(self, question: str, passages: Iterable[str]) -> Iterable[list[PassageSpan]]:
            return [[] for _ in passages][1:]

    with pytest.raises(ValueError, match="shorter"):
        read_passages("?", retrieved(READ_AT_ONCE + 1), ForgetfulReader())


def test_features_say_what_reader_and_retrieval_found() -> None:
    [found] = retrieved(1)
    features = candidate_features(found, PassageSpan(0, 1, 5.0, 2.0))
    assert (features.span_score, features.margin) == (5.0, 3.0)
    assert features.cosine == 0.5
    assert features.keyword_share == 0.75
