"""Where the tokens of a text lie."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from index.splitting.tokens import LONGEST_TOKEN, token_ranges
from tests.index.fake_encoder import wordpiece_tokenizer


@pytest.fixture(scope="module")
def wordpiece() -> Tokenizer:
    return wordpiece_tokenizer()


def test_ranges_count_code_points_and_hold_no_special_tokens(wordpiece: Tokenizer) -> None:
    text = "🎉 Ünseenly 中文!"
    pieces = [text[start:end] for start, end in token_ranges(wordpiece, text)]
    assert pieces == ["🎉", "Ünseen", "ly", "中", "文", "!"]


def test_an_empty_text_has_no_tokens(wordpiece: Tokenizer) -> None:
    assert token_ranges(wordpiece, "") == []


def test_a_word_of_250_characters_counts_as_three_tokens(wordpiece: Tokenizer) -> None:
    assert token_ranges(wordpiece, "x" * 250) == [(0, 100), (100, 200), (200, 250)]


def test_a_long_text_is_not_cut(wordpiece: Tokenizer) -> None:
    assert len(token_ranges(wordpiece, "cat " * 3000)) == 3000


@settings(max_examples=100)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_ranges_lie_in_the_text_in_order_and_are_short(wordpiece: Tokenizer, text: str) -> None:
    ranges = token_ranges(wordpiece, text)
    assert all(0 <= start <= end <= len(text) for start, end in ranges)
    assert all(end - start <= LONGEST_TOKEN for start, end in ranges)
    assert [start for start, _ in ranges] == sorted(start for start, _ in ranges)
