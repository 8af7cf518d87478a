"""How two rankings become one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.retrieval import fuse

RANKINGS = st.lists(st.lists(st.integers(0, 9), unique=True, max_size=6), max_size=3)


def test_a_passage_scores_the_sum_of_one_over_sixty_plus_its_ranks() -> None:
    fused = dict(fuse([[7, 8], [8]]))
    assert fused == {7: pytest.approx(1 / 61), 8: pytest.approx(1 / 62 + 1 / 61)}


def test_second_in_both_rankings_beats_first_in_one() -> None:
    assert [passage_id for passage_id, _ in fuse([[1, 2], [3, 2]])] == [2, 1, 3]


def test_equal_scores_are_ordered_by_id() -> None:
    assert [passage_id for passage_id, _ in fuse([[9, 4], [4, 9]])] == [4, 9]


@pytest.mark.parametrize("rankings", [[], [[]], [[], []]])
def test_empty_rankings_give_nothing(rankings: list[list[int]]) -> None:
    assert fuse(rankings) == []


@given(RANKINGS)
def test_every_ranked_passage_comes_out_once_with_falling_scores(
    rankings: list[list[int]],
) -> None:
    fused = fuse(rankings)
    ids = [passage_id for passage_id, _ in fused]
    scores = [score for _, score in fused]
    assert sorted(ids) == sorted({passage_id for ranking in rankings for passage_id in ranking})
    assert scores == sorted(scores, reverse=True)


@given(RANKINGS)
def test_two_rankings_may_be_swapped(rankings: list[list[int]]) -> None:
    assert fuse(rankings[:2]) == fuse(rankings[:2][::-1])
