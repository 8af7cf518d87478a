"""What spans are chosen from logits."""

from dataclasses import dataclass
from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from qa.reading.spans import (
    TokenSpan,
    apart,
    best_span_over_items,
    best_token_spans,
    without_overlaps,
)


def logits(*values: float) -> NDArray[np.float32]:
    return np.array(values, dtype=np.float32)


def test_a_span_scores_its_start_logit_plus_its_end_logit() -> None:
    spans = best_token_spans(logits(0, 3, 0), logits(0, 0, 2), max_tokens=3, limit=1)
    assert spans == [TokenSpan(1, 2, 5.0)]


def test_an_end_before_the_start_is_never_chosen() -> None:
    spans = best_token_spans(logits(0, 9), logits(9, 0), max_tokens=2, limit=1)
    assert spans == [TokenSpan(0, 0, 9.0)]


def test_a_span_of_exactly_max_tokens_is_allowed_and_a_longer_one_is_not() -> None:
    start, end = logits(5, 0, 0, 0), logits(0, 0, 3, 4)
    assert best_token_spans(start, end, max_tokens=3, limit=1) == [TokenSpan(0, 2, 8.0)]
    assert best_token_spans(start, end, max_tokens=4, limit=1) == [TokenSpan(0, 3, 9.0)]


def test_of_spans_that_share_a_token_only_the_better_one_stays() -> None:
    start, end = logits(5, 0, 4, 0), logits(0, 5, 0, 3)
    assert best_token_spans(start, end, max_tokens=2, limit=3) == [
        TokenSpan(0, 1, 10.0),
        TokenSpan(2, 3, 7.0),
    ]


def test_of_equal_scores_the_earlier_and_then_the_shorter_span_wins() -> None:
    assert best_token_spans(logits(1, 1, 1), logits(1, 1, 1), max_tokens=3, limit=5) == [
        TokenSpan(0, 0, 2.0),
        TokenSpan(1, 1, 2.0),
        TokenSpan(2, 2, 2.0),
    ]


def test_a_cost_of_length_keeps_the_start_of_one_answer_from_the_end_of_the_next() -> None:
    start, end = logits(5, 0, 0, 4.9), logits(4.9, 0, 0, 5)
    assert best_token_spans(start, end, max_tokens=4, limit=2) == [TokenSpan(0, 3, 10.0)]
    spans = best_token_spans(start, end, max_tokens=4, limit=2, length_cost=0.1)
    assert [(span.first, span.last) for span in spans] == [(0, 0), (3, 3)]
    assert spans[0].score == pytest.approx(9.9)


def test_a_long_answer_that_is_likelier_by_more_than_its_length_costs_is_chosen() -> None:
    start, end = logits(5, 0, 0), logits(1, 0, 5)
    [span] = best_token_spans(start, end, max_tokens=3, limit=1, length_cost=0.1)
    assert (span.first, span.last) == (0, 2)
    assert span.score == pytest.approx(9.8)


LOGITS = st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3)), max_size=12)


@given(LOGITS, st.integers(1, 14), st.integers(1, 4), st.sampled_from([0.0, 0.5]))
def test_no_span_that_is_allowed_and_free_is_better_than_the_chosen_one(
    pairs: list[tuple[int, int]], max_tokens: int, limit: int, cost: float
) -> None:
    start, end = logits(*(one for one, _ in pairs)), logits(*(two for _, two in pairs))
    allowed = [
        TokenSpan(first, last, pairs[first][0] + pairs[last][1] - cost * (last - first))
        for first in range(len(pairs))
        for last in range(first, min(first + max_tokens, len(pairs)))
    ]
    allowed.sort(key=lambda span: (-span.score, span.first, span.last))
    wanted: list[TokenSpan] = []
    for span in allowed:
        if all(span.last < other.first or other.last < span.first for other in wanted):
            wanted.append(span)
    found = best_token_spans(start, end, max_tokens=max_tokens, limit=limit, length_cost=cost)
    assert found == wanted[:limit]


def test_a_span_over_items_begins_with_one_and_ends_within_a_later_one() -> None:
    # - A b 2. C d: the marker of the second item is two tokens and may begin a span, not end one.
    items = [(0, 1, 3), (3, 5, 7)]
    start, end = logits(4, 1, 9, 9, 9, 9, 9), logits(9, 9, 9, 9, 9, 2, 3)
    assert best_span_over_items(start, end, items, max_tokens=6) == TokenSpan(1, 6, 7.0)
    assert best_span_over_items(start, end, items, max_tokens=5) == TokenSpan(1, 5, 6.0)
    assert best_span_over_items(start, end, items, max_tokens=6, length_cost=2) == TokenSpan(
        1, 5, -2.0
    )


def test_no_span_goes_over_items_farther_apart_than_it_is_long() -> None:
    items = [(0, 0, 3), (3, 4, 5)]
    assert best_span_over_items(logits(*[1] * 5), logits(*[1] * 5), items, max_tokens=4) is None
    assert best_span_over_items(logits(1), logits(1), [(0, 0, 1)], max_tokens=4) is None


def test_no_tokens_give_no_spans() -> None:
    assert best_token_spans(logits(), logits(), max_tokens=3, limit=5) == []


def test_start_and_end_logits_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="2 start logits, but 1 end logits"):
        best_token_spans(logits(1, 2), logits(1), max_tokens=3, limit=5)


def test_the_logits_given_are_not_changed() -> None:
    start, end = logits(1, 2), logits(3, 4)
    best_token_spans(start, end, max_tokens=2, limit=2)
    assert start.tolist() == [1, 2]
    assert end.tolist() == [3, 4]


# Whole numbers, so that sums are exact and equal scores are common.
PAIRS_OF_LOGITS = st.lists(
    st.tuples(st.integers(-4, 4), st.integers(-4, 4)), min_size=1, max_size=9
)


@given(pairs=PAIRS_OF_LOGITS, max_tokens=st.integers(1, 10), limit=st.integers(0, 5))
def test_spans_are_those_that_trying_every_pair_finds(
    pairs: list[tuple[int, int]], max_tokens: int, limit: int
) -> None:
    start, end = (logits(*column) for column in zip(*pairs, strict=True))
    every = [
        TokenSpan(first, last, float(pairs[first][0] + pairs[last][1]))
        for first in range(len(pairs))
        for last in range(first, min(first + max_tokens, len(pairs)))
    ]
    expected: list[TokenSpan] = []
    for span in sorted(every, key=lambda span: (-span.score, span.first, span.last)):
        if all(span.last < kept.first or kept.last < span.first for kept in expected):
            expected.append(span)
    assert best_token_spans(start, end, max_tokens=max_tokens, limit=limit) == expected[:limit]


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 5)), max_size=8))
def test_of_ranges_that_overlap_the_first_stays_and_is_named(pairs: list[tuple[int, int]]) -> None:
    ranges = [TokenRange(start, start + length) for start, length in pairs]
    kept, dropped = without_overlaps(ranges)
    assert list(apart(ranges)) == kept
    assert len(kept) + len(dropped) == len(ranges)
    taken = [place for one in kept for place in range(one.start, one.end)]
    assert len(taken) == len(set(taken))
    for one, better in dropped:
        assert better in kept
        assert one.start < better.end
        assert better.start < one.end


def test_no_more_ranges_are_looked_at_than_are_asked_for() -> None:
    ranges = iter([TokenRange(0, 2), TokenRange(1, 3), TokenRange(2, 4), TokenRange(4, 5)])
    assert list(islice(apart(ranges), 2)) == [TokenRange(0, 2), TokenRange(2, 4)]
    assert list(ranges) == [TokenRange(4, 5)]


@dataclass(frozen=True)
class TokenRange:
    """A range and nothing else."""

    start: int
    end: int
