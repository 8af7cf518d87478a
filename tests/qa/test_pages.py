"""On which page an offset is: where pages are known, and where something else is stated."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answers import Citation
from qa.pages import page_of, page_starts
from qa.values import Article, Json, Sentence


def article(stated: Json, text: str = "one two three") -> Article:
    return Article("a", "A", text, metadata={"page_starts": stated})


@pytest.mark.parametrize(("offset", "page"), [(0, 1), (3, 1), (4, 3), (7, 3), (8, 4), (99, 4)])
def test_an_offset_is_on_the_last_page_that_begins_before_it(offset: int, page: int) -> None:
    assert page_of(article([0, 4, 4, 8]), offset) == page


@pytest.mark.parametrize(
    "stated",
    [None, 12, "0, 4", {"0": 1}, [], [4, 8], [0, 8, 4], [0, 4.0], [0, "4"], [False, 4], [0, True]],
    ids=repr,
)
def test_what_is_no_list_of_page_starts_gives_no_page(stated: Json) -> None:
    assert page_starts(article(stated)) == ()
    assert page_of(article(stated), 5) is None


def test_an_article_without_pages_gives_none() -> None:
    assert page_of(Article("a", "A", "one"), 0) is None


@given(st.lists(st.integers(0, 12)), st.integers(0, 11), st.integers(1, 12))
def test_pages_go_up_with_offsets_and_a_citation_is_on_the_page_that_holds_its_start(
    starts: list[int], start: int, length: int
) -> None:
    made = article([0, *sorted(starts)])
    pages = [page_of(made, offset) or 0 for offset in range(13)]
    assert pages == sorted(pages)
    end = min(start + length, 13)
    quote = made.text[start:end]
    cited = Citation(made, Sentence(0, start, end), quote, start, end, quote, "", "")
    assert cited.page is not None
    bounds = [*page_starts(made), len(made.text)]
    assert bounds[cited.page - 1] <= start
    assert start < bounds[cited.page] or cited.page == len(bounds) - 1
