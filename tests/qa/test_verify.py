"""Whether an article still says what is quoted: right after every edit."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qa.verify import MAX_PLACES, Quotation, Verdict, Verification, verify

TEXT = "It rained 🎉. Oslo won the cup. Bergen lost. Oslo won the cup again."
# Few different letters, so that a quote often stands in several places.
TEXTS = st.text(alphabet="ab. 🎉\n", max_size=40)


def quotation(text: str, start: int, end: int, *, around: int = 5) -> Quotation:
    return Quotation(
        text[start:end],
        start,
        end,
        prefix=text[max(0, start - around) : start],
        suffix=text[end : end + around],
    )


def test_a_quote_that_stands_where_it_is_said_to_is_ok() -> None:
    assert verify(TEXT, quotation(TEXT, 13, 30)) == Verification(Verdict.OK, 13)


def test_a_quote_that_stands_elsewhere_has_moved_there() -> None:
    cited = quotation(TEXT, 31, 43)
    assert verify(f"News: {TEXT}", cited) == Verification(Verdict.MOVED, 37)
    assert verify(TEXT, Quotation("Bergen lost.", 0, 12)) == Verification(Verdict.MOVED, 31)


def test_a_range_of_another_length_than_the_quote_is_wrong_even_at_the_end_of_the_text() -> None:
    end = len(TEXT)
    cited = Quotation("again.", end - 6, end + 4)
    assert verify(TEXT, cited) == Verification(Verdict.MOVED, end - 6)


def test_a_quote_of_which_a_letter_differs_is_stale() -> None:
    assert verify(TEXT.replace("Bergen", "Borgen"), quotation(TEXT, 31, 43)) == Verification(
        Verdict.STALE
    )


def test_without_an_article_the_citation_is_absent() -> None:
    assert verify(None, quotation(TEXT, 13, 30)) == Verification(Verdict.ABSENT)


@pytest.mark.parametrize(
    ("prefix", "suffix", "place"),
    [
        pytest.param("Bergen lost. ", "", 44, id="by-the-text-before"),
        pytest.param("", " again.", 44, id="by-the-text-after"),
        pytest.param("rained 🎉. ", ". Bergen", 13, id="by-both"),
        pytest.param("lost. ", ". Bergen", 13, id="most-characters-win"),
        pytest.param("", "", 13, id="else-the-nearest"),
    ],
)
def test_of_several_places_the_one_with_the_same_text_around_is_taken(
    prefix: str, suffix: str, place: int
) -> None:
    cited = Quotation("Oslo won the cup", 20, 36, prefix=prefix, suffix=suffix)
    assert verify(TEXT, cited) == Verification(Verdict.MOVED, place)


def test_of_two_equally_near_places_the_earlier_one_is_taken() -> None:
    assert verify("ab..ab", Quotation("ab", 2, 4)) == Verification(Verdict.MOVED, 0)


def test_a_letter_is_looked_for_in_the_first_so_many_places() -> None:
    text = "a" * (MAX_PLACES * 3)
    found = verify(text, Quotation("a", len(text), len(text) + 1))
    assert found == Verification(Verdict.MOVED, MAX_PLACES - 1)


def test_an_empty_quote_is_refused() -> None:
    with pytest.raises(ValueError, match="without a text"):
        Quotation("", 3, 3)


@st.composite
def cited_texts(draw: st.DrawFn) -> tuple[str, int, int]:
    """A text and a range of it that is not empty."""
    text = draw(TEXTS.filter(bool))
    start = draw(st.integers(0, len(text) - 1))
    return text, start, draw(st.integers(start + 1, len(text)))


@given(cited_texts(), TEXTS)
def test_an_edit_behind_the_quote_leaves_it_ok(cited: tuple[str, int, int], after: str) -> None:
    text, start, end = cited
    assert verify(text[:end] + after, quotation(text, start, end)) == Verification(
        Verdict.OK, start
    )


@given(cited_texts(), TEXTS)
def test_an_edit_before_the_quote_moves_it_unless_it_stands_there_again(
    cited: tuple[str, int, int], before: str
) -> None:
    text, start, end = cited
    edited = before + text[start:]
    found = verify(edited, quotation(text, start, end))
    quote = text[start:end]
    if edited[start : start + len(quote)] == quote:
        assert found == Verification(Verdict.OK, start)
    else:
        assert found.verdict is Verdict.MOVED
        assert found.start is not None
        assert edited[found.start : found.start + len(quote)] == quote


@given(cited_texts(), TEXTS)
def test_an_edit_inside_the_quote_makes_it_stale_unless_it_stands_elsewhere(
    cited: tuple[str, int, int], inside: str
) -> None:
    text, start, end = cited
    edited = text[:start] + inside + text[end:]
    assume(text[start:end] not in edited)
    assert verify(edited, quotation(text, start, end)) == Verification(Verdict.STALE)


@given(TEXTS, cited_texts(), st.integers(0, 50), st.integers(0, 50), TEXTS, TEXTS)
def test_whatever_is_claimed_of_whatever_text_the_verdict_is_true(
    text: str, cited: tuple[str, int, int], start: int, end: int, prefix: str, suffix: str
) -> None:
    source, first, last = cited
    quote = source[first:last]
    found = verify(text, Quotation(quote, start, end, prefix=prefix, suffix=suffix))
    if found.start is None:
        assert found.verdict is Verdict.STALE
        assert quote not in text
    else:
        assert text[found.start : found.start + len(quote)] == quote
        right = (found.start, found.start + len(quote)) == (start, end)
        assert found.verdict is (Verdict.OK if right else Verdict.MOVED)


@given(cited_texts(), TEXTS, TEXTS)
def test_a_sentence_that_was_moved_with_all_that_stands_around_it_is_found_there(
    cited: tuple[str, int, int], before: str, between: str
) -> None:
    text, start, end = cited
    decoy, marked = text[start:end] + "?", f"<{text}>"
    edited = before + decoy + between + marked
    exact = quotation(marked, start + 1, end + 1, around=len(marked))
    found = verify(edited, exact)
    assume(found.verdict is Verdict.MOVED)
    assert found.start == len(before + decoy + between) + 1 + start
