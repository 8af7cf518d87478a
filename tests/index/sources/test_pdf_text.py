"""Pages of lines anywhere: all their words are read, each on its page."""

import random

from hypothesis import example, given
from hypothesis import strategies as st

from index.sources.pdf.hyphens import HyphenRule
from index.sources.pdf.lines import Line, without_running_lines
from index.sources.pdf.text import read_pages
from qa.pages import page_of
from qa.values import Article

_PLACES = st.tuples(
    st.integers(0, 500), st.integers(0, 60), st.integers(20, 300), st.sampled_from([7, 10, 10, 16])
)


@example([[(0, 0, 20, 10)], [(0, 0, 20, 10), (0, 1, 20, 7)], [(0, 0, 20, 10)]], False)
@given(st.lists(st.lists(_PLACES, max_size=8), min_size=1, max_size=5), st.booleans())
def test_all_words_are_read_and_each_is_on_its_page(
    places: list[list[tuple[int, int, int, int]]], are_bold: bool
) -> None:
    pages = [
        [
            Line(_word(page, number), left, 12 * row, left + width, 12 * row + height, are_bold)
            for number, (left, row, width, height) in enumerate(lines)
        ]
        for page, lines in enumerate(places)
    ]
    read = read_pages(pages)
    words = [line.text for page in pages for line in page]
    assert sorted("".join(read.text.replace("|", "").split())) == sorted("".join(words))
    assert read.text == read.text.strip()
    article = Article("a", "A", read.text, metadata={"page_starts": list(read.page_starts)})
    assert len(read.page_starts) == len(pages)
    for number, page in enumerate(pages, start=1):
        for line in page:
            assert page_of(article, read.text.index(line.text)) == number


def _word(page: int, number: int) -> str:
    """A word that stands nowhere else, and is no marker, number or half of another."""
    return f"{'bdfhk'[page]}o{'mnprstwz'[number]}a"


def test_a_head_that_changes_with_its_chapter_is_left_out() -> None:
    generator = random.Random(3)
    pages = [
        [
            Line(f"Chapter {1 + number // 5}", 72, 20, 150, 32),
            Line(f"{number + 12}", 500, 20, 510, 32),
            Line(" ".join(generator.choices(["dike", "lock", "weir"], k=9)), 72, 60, 500, 72),
        ]
        for number in range(20)
    ]
    kept = without_running_lines(pages)
    assert [len(page) for page in kept] == [1] * 20


def test_no_hyphen_goes_in_a_document_that_breaks_no_words() -> None:
    rule = HyphenRule.of(["the self-", "portrait of a long-", "term member"])
    assert rule.joint("the self-", "portrait") == "the self-"


def test_where_words_are_broken_one_goes_unless_its_rest_is_a_word_of_the_document() -> None:
    rule = HyphenRule.of(["the ground-", "water is groundwater and the term", "ends"])
    assert rule.joint("the muni-", "cipal works") == "the muni"
    assert rule.joint("a long-", "term member") == "a long-"
    assert rule.joint("the Anglo-", "Danish club") == "the Anglo-"
    assert rule.joint("the short-", "and long-term view") == "the short- "
    assert rule.joint("in 1914-", "1918") == "in 1914-"


def test_a_soft_hyphen_always_goes_and_a_dash_takes_no_blank() -> None:
    rule = HyphenRule.of([])
    assert rule.joint("the muni\u00ad", "cipal") == "the muni"
    assert rule.joint("the end\u2014", "or not") == "the end\u2014"
    assert rule.joint("see https://example.org/", "report") == "see https://example.org/"


def test_the_head_of_a_table_over_several_pages_is_read_once() -> None:
    columns = (72.0, 250.0, 400.0)

    def row(number: int, *cells: str) -> list[Line]:
        top = 40.0 + 14 * number
        return [
            Line(text, left, top, left + 6 * len(text), top + 12)
            for left, text in zip(columns, cells, strict=True)
        ]

    running = Line("Fjord Pumps price list", 72, 20, 220, 32)
    pages = [
        [
            running,
            *row(0, "Model", "Flow", "Price"),
            *row(1, f"P{page}1", f"{page}1 l/min", f"{page}90 euros"),
            *row(2, f"P{page}2", f"{page}2 l/min", f"{page}95 euros"),
        ]
        for page in range(3)
    ]
    assert read_pages(pages).text.split("\n") == [
        "Model | Flow | Price",
        *(
            f"P{page}{at} | {page}{at} l/min | {page}9{end} euros"
            for page in range(3)
            for at, end in ((1, 0), (2, 5))
        ),
    ]
