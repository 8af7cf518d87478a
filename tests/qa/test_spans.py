"""What spans are chosen from logits, and where their borders lie in the text."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from qa.spans import (
    TokenSpan,
    best_span_over_items,
    best_token_spans,
    says_something,
    tidy,
    whole_words,
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


@pytest.mark.parametrize("text", ["", " ", "-", ". –", "“”", "\u200b"])
def test_punctuation_says_nothing(text: str) -> None:
    assert not says_something(text)
    assert says_something(f"{text}5")
    assert says_something(f"{text}€")


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


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        pytest.param("in Geneva today", "enev", "Geneva", id="both-borders-widened"),
        pytest.param("in Geneva today", "Geneva", "Geneva", id="whole-already"),
        pytest.param("in May,June and July", "Ma", "May", id="a-comma-is-a-border"),
        pytest.param("Biden’s plan", "Bid", "Biden", id="a-possessive-is-a-border"),
        pytest.param("German-Swiss", "Ger", "German", id="a-hyphen-is-a-border"),
        pytest.param("Mr. O’Brien left", "Brien", "O’Brien", id="an-apostrophe-inside"),
        pytest.param("they don't know", "don", "don't", id="a-contraction"),
        pytest.param("about 5,000 men", "00", "5,000", id="thousands"),
        pytest.param("grew by 1.5% in May", "5", "1.5%", id="decimals-and-per-cent"),
        pytest.param("fell to -3 degrees", "3", "-3", id="minus"),
        pytest.param("the 2014-15 season", "15", "15", id="a-hyphen-is-no-minus"),
        pytest.param("paid $3.5 billion", "3.5", "$3.5", id="currency"),
        pytest.param("at 5 p.m. today", "5", "5 p.m.", id="time-of-day"),
        pytest.param("at 10:30 AM.", "30 AM", "10:30 AM", id="the-point-of-a-sentence"),
        pytest.param("at 9 P.M. today", "9", "9 P.M.", id="time-of-day-in-capitals"),
        pytest.param(
            "see https://www.news.example/a-b?c=1.",
            "news",
            "https://www.news.example/a-b?c=1",
            id="web-address",
        ),
        pytest.param("(www.news.example)", "www", "www.news.example", id="address-in-brackets"),
        pytest.param(
            "ask the.desk@news-room.example.",
            "desk",
            "the.desk@news-room.example",
            id="mail-address",
        ),
        pytest.param("the U.S. army", "U.S", "U.S.", id="points-of-an-abbreviation"),
        pytest.param("MCA Inc. bought it", "MCA Inc", "MCA Inc.", id="the-point-of-a-short-word"),
        pytest.param("the F16s left", "16", "F16s", id="letters-and-digits-are-one-word"),
        pytest.param("call +47 22 85 50 50 now", "47", "+47 22 85 50 50", id="telephone"),
        pytest.param("tel. 01279 555 100 now", "555", "01279 555 100", id="national-telephone"),
        pytest.param("call 1-800-555-0199.", "800", "1-800-555-0199", id="hyphens-in-a-number"),
        pytest.param("on 2024-09-01 it", "2024", "2024", id="a-date-is-no-telephone"),
        pytest.param("Case No. 22-CV-1187 of", "22", "22-CV-1187", id="case-number"),
        pytest.param("drug HLV-201 works", "201", "HLV-201", id="identifier"),
        pytest.param("cost 38 000 euros", "38", "38 000", id="spaced-thousands"),
        pytest.param("€2,900–3,400 a month", "€2,900", "€2,900–3,400", id="range-of-money"),
        pytest.param("(1986–1988)", "1986", "1986", id="a-range-of-years-is-not-money"),
        pytest.param("at 35 km/h here", "35 km", "35 km/h", id="per-hour"),
        pytest.param("about one in 1,000 people", "1,000", "one in 1,000", id="one-in-many"),
        pytest.param("nine out of ten did", "nine", "nine out of ten", id="so-many-out-of-so-many"),
        pytest.param("she won one in 1949", "1949", "1949", id="a-year-makes-no-ratio"),
        pytest.param("one in 20 minutes", "20", "20", id="a-duration-makes-no-ratio"),
        pytest.param("5 € each", "5", "5 €", id="currency-behind"),
        pytest.param("(Go!)", "!", "!", id="punctuation-stays-alone"),
        pytest.param("Łódź", "ód", "Łódź", id="letters-beyond-ascii"),
        pytest.param("said Jose\u0301.", "Jose", "Jose\u0301", id="a-combining-accent-behind"),
        pytest.param("Mu\u0308ller", "ller", "Mu\u0308ller", id="a-combining-accent-inside"),
        pytest.param("हिन्दी में", "ह", "हिन्दी", id="vowel-signs"),
    ],
)
def test_a_span_is_widened_to_whole_words(text: str, part: str, whole: str) -> None:
    begin = text.index(part)
    start, end = whole_words(text, begin, begin + len(part))
    assert text[start:end] == whole


@st.composite
def text_and_range(draw: st.DrawFn) -> tuple[str, int, int]:
    words = st.text(
        st.sampled_from("ab1éß中ह\u0301ि '.-\n😀,%$“”\"()‘’pm"), min_size=1, max_size=30
    )
    pieces = st.sampled_from(
        ["“", "”", '"', "(", ")", "‘", "’s", " ", "5 p.m.", "U.S.", "1,000.5%"]
    )
    mixed = st.lists(pieces | st.sampled_from("aB, .\n"), min_size=1, max_size=20).map("".join)
    text = draw(words | mixed | st.text(min_size=1, max_size=30))
    start = draw(st.integers(0, len(text) - 1))
    return text, start, draw(st.integers(start + 1, len(text)))


@given(text_and_range())
@example(("ab", 0, 1))
@example(("ab", 1, 2))
def test_widening_stays_in_the_text_and_never_cuts_a_run_of_letters_and_digits(
    chosen: tuple[str, int, int],
) -> None:
    text, start, end = chosen
    new_start, new_end = whole_words(text, start, end)
    assert 0 <= new_start <= start
    assert end <= new_end <= len(text)
    assert not text[max(0, new_start - 1) : new_start + 1].isalnum() or new_start == 0
    assert not text[new_end - 1 : new_end + 1].isalnum() or new_end == len(text)


@given(text_and_range())
def test_widening_adds_more_than_one_word_only_inside_a_number(
    chosen: tuple[str, int, int],
) -> None:
    text, start, end = chosen
    new_start, new_end = whole_words(text, start, end)
    for added in (text[new_start:start], text[end:new_end]):
        words = added.split()
        assert len(words) <= 2 or all(word.isdigit() for word in words)
    assert whole_words(text, new_start, new_end) == (new_start, new_end)


SEED = "‘Villa la Grange’ in Geneva, Switzerland. | Patrick Semansky / AP Photo"


@pytest.mark.parametrize(
    ("text", "part", "tidied"),
    [
        pytest.param(SEED, "Villa la Grange’ in Geneva", "‘Villa la Grange’ in Geneva", id="seed"),
        pytest.param(SEED, "Switzerland. |", "Switzerland", id="marks-behind"),
        pytest.param("in June, during", " June,", "June", id="a-comma-behind"),
        pytest.param("- the U.S., and", "- the U.S.,", "the U.S.", id="a-point-that-belongs"),
        pytest.param("It cost .5 cents.", ".5 cents.", ".5 cents", id="a-leading-point"),
        pytest.param('the song "My Life" by', 'My Life"', "My Life", id="a-closing-mark-dropped"),
        pytest.param('the song "My Life" by', '"My', "My", id="an-opening-mark-dropped"),
        pytest.param('the song "My Life" by', '"My Life"', '"My Life"', id="a-whole-quotation"),
        pytest.param("Luther (the monk) said", "Luther (the", "Luther (the monk)", id="closed"),
        pytest.param("(the monk) Luther", "monk) Luther", "(the monk) Luther", id="opened"),
        pytest.param("from 1974) on", "1974)", "1974", id="a-bracket-without-partner"),
        pytest.param("(" + "a " * 40 + "b) c", "b) c", "b) c", id="a-partner-too-far"),
        pytest.param("the workers’ party", "the workers’", "the workers", id="possessive-plural"),
        pytest.param("the '70s' sound", "'70s' sound", "70s' sound", id="an-elision"),
        pytest.param("motto 'Work and hope' of", "'Work and hope", "Work and hope", id="single"),
        pytest.param("a 'calm,' and now", "calm,' and", "'calm,' and", id="a-single-mark-opened"),
        pytest.param(
            "the workers' 'party'", "workers' 'party", "workers' 'party'", id="apostrophe-and-mark"
        ),
        pytest.param(
            "it isn't the boys' own", "isn't the boys'", "isn't the boys", id="apostrophe"
        ),
        pytest.param(
            'the "use of "good" print" here', 'use of "good', 'use of "good"', id="in-a-quotation"
        ),
        pytest.param('a 5" pipe, " he said', '5"', "5", id="inches"),
        pytest.param("What? ...", "...", "...", id="only-punctuation"),
        pytest.param("the Kremlin said", "the Kremlin", "the Kremlin", id="an-article-stays"),
    ],
)
def test_a_span_gets_the_borders_that_a_person_would_give_it(
    text: str, part: str, tidied: str
) -> None:
    begin = text.index(part)
    start, end = tidy(text, begin, begin + len(part))
    assert text[start:end] == tidied


@given(text_and_range())
@example(('a(b"c)d"', 3, 4))
def test_tidying_gives_a_range_of_the_text_and_twice_is_once(chosen: tuple[str, int, int]) -> None:
    text, start, end = chosen
    new_start, new_end = tidy(text, start, end)
    assert 0 <= new_start < new_end <= len(text)
    assert tidy(text, new_start, new_end) == (new_start, new_end)


@given(text_and_range())
def test_tidying_never_leaves_white_space_or_half_a_word_at_a_border(
    chosen: tuple[str, int, int],
) -> None:
    text, start, end = chosen
    new_start, new_end = tidy(text, start, end)
    if any(character.isalnum() for character in text[start:end]):
        assert not text[new_start].isspace()
        assert not text[new_end - 1].isspace()
        assert whole_words(text, new_start, new_end) == (new_start, new_end)


@given(text_and_range(), st.sampled_from(["“”", "()", "[]", "«»"]))
def test_brackets_and_quotation_marks_on_a_line_are_balanced_after_tidying(
    chosen: tuple[str, int, int], marks: str
) -> None:
    # One pair on a line of letters: where the span cuts it, it holds both marks or none after.
    text, start, end = chosen
    letters = "".join(character if character.isalnum() else "x" for character in text)
    line = f"{letters} {marks[0]}{letters}{marks[1]} {letters}"
    new_start, new_end = tidy(line, start, end + len(letters))
    answer = line[new_start:new_end]
    assert answer.count(marks[0]) == answer.count(marks[1])


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 5)), max_size=8))
def test_of_ranges_that_overlap_the_first_stays_and_is_named(pairs: list[tuple[int, int]]) -> None:
    ranges = [TokenRange(start, start + length) for start, length in pairs]
    kept, dropped = without_overlaps(ranges)
    assert len(kept) + len(dropped) == len(ranges)
    taken = [place for one in kept for place in range(one.start, one.end)]
    assert len(taken) == len(set(taken))
    for one, better in dropped:
        assert better in kept
        assert one.start < better.end
        assert better.start < one.end


@dataclass(frozen=True)
class TokenRange:
    """A range and nothing else."""

    start: int
    end: int
