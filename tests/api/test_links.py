"""Links that open at the quote."""

import pytest

from api.links import deep_link, viewer_link
from qa.answers import Citation
from qa.values import Article, Sentence

URL = "https://example.org/a"


def citation(quote: str, *, url: str | None = URL, article_id: str = "a") -> Citation:
    """Return a citation of an article that is the quote alone, behind three characters."""
    end = 3 + len(quote)
    return Citation(
        article=Article(article_id=article_id, title="t", text=f"xx {quote}", url=url),
        sentence=Sentence(0, 3, end),
        quote=quote,
        answer_start=3,
        answer_end=end,
        answer=quote,
        prefix="xx ",
        suffix="",
    )


@pytest.mark.parametrize(
    ("quote", "directive"),
    [
        pytest.param("two words", "two%20words", id="space"),
        pytest.param("well-known", "well%2Dknown", id="dash-which-marks-context"),
        pytest.param("yes, no", "yes%2C%20no", id="comma-which-parts-start-and-end"),
        pytest.param("R&D", "R%26D", id="ampersand-which-parts-directives"),
        pytest.param("50% #1?", "50%25%20%231%3F", id="percent-hash-question-mark"),
        pytest.param("naïve ⚓", "na%C3%AFve%20%E2%9A%93", id="unicode"),
        pytest.param("a\n  b\tc", "a%20b%20c", id="white-space-as-a-page-shows-it"),
    ],
)
def test_what_means_something_in_a_text_directive_is_encoded(quote: str, directive: str) -> None:
    assert deep_link(citation(quote)) == f"{URL}#:~:text={directive}"


def test_a_long_quote_is_named_by_its_first_and_last_six_words() -> None:
    words = [f"word-{number}" for number in range(40)]
    first = "%20".join(f"word%2D{number}" for number in range(6))
    last = "%20".join(f"word%2D{number}" for number in range(34, 40))
    assert deep_link(citation(" ".join(words))) == f"{URL}#:~:text={first},{last}"


def test_a_long_quote_of_few_words_is_named_whole() -> None:
    quote = " ".join(["x" * 40] * 5)
    assert deep_link(citation(quote)) == f"{URL}#:~:text={quote.replace(' ', '%20')}"


def test_a_fragment_that_the_address_has_is_kept() -> None:
    link = deep_link(citation("here", url=f"{URL}?p=1#section-2"))
    assert link == f"{URL}?p=1#section-2:~:text=here"


@pytest.mark.parametrize("url", [None, ""])
def test_without_an_address_there_is_no_deep_link(url: str | None) -> None:
    assert deep_link(citation("here", url=url)) is None


def test_the_viewer_link_names_the_range_in_code_points() -> None:
    assert viewer_link(citation("😀 here")) == "/articles/a#char=3,9"


def test_the_viewer_link_keeps_slashes_of_an_id_and_encodes_the_rest() -> None:
    link = viewer_link(citation("here", article_id="news/50% a?b#c ü"))
    assert link == "/articles/news/50%25%20a%3Fb%23c%20%C3%BC#char=3,7"
