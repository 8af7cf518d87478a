"""Links that open at the quote."""

import re
from dataclasses import replace
from urllib.parse import unquote, urljoin

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from api import links
from api.links import TextDirective, deep_link, text_directive, viewer_link
from api.pages.address import Address
from qa.answers import Citation
from qa.values import Article, Json, Sentence

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
        pytest.param("a \tb\xa0c", "a%20b%20c", id="white-space-as-a-page-shows-it"),
    ],
)
def test_what_means_something_in_a_text_directive_is_encoded(quote: str, directive: str) -> None:
    assert deep_link(citation(quote)) == f"{URL}#:~:text={directive}"


def test_what_no_address_holds_is_encoded_in_that_of_an_article() -> None:
    cited = citation("two", url='https://example.org/a b?q="<x>"&r=%20é#part one')
    address = "https://example.org/a%20b?q=%22%3Cx%3E%22&r=%20é#part%20one:~:text=two"
    assert deep_link(cited) == address
    assert links.SourceLinks("https://quoth.example").source(cited) == address


def test_a_long_quote_is_named_by_its_first_and_last_three_words() -> None:
    words = [f"word-{number}" for number in range(40)]
    first = "%20".join(f"word%2D{number}" for number in range(3))
    last = "%20".join(f"word%2D{number}" for number in range(37, 40))
    assert deep_link(citation(" ".join(words))) == f"{URL}#:~:text={first},{last}"


def test_a_long_quote_of_few_words_is_named_whole() -> None:
    quote = " ".join(["x" * 40] * 5)
    assert deep_link(citation(quote)) == f"{URL}#:~:text={quote.replace(' ', '%20')}"


def test_a_fragment_that_the_address_has_is_kept() -> None:
    link = deep_link(citation("here", url=f"{URL}?p=1#section-2"))
    assert link == f"{URL}?p=1#section-2:~:text=here"


def test_the_way_to_a_quote_is_looked_for_once_in_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, int, int]] = []

    def counted(text: str, start: int, end: int) -> TextDirective:
        asked.append((text, start, end))
        return text_directive(text, start, end)

    monkeypatch.setattr(links, "text_directive", counted)
    for article_id in ("a", "b"):
        first = citation("looked for once", article_id=article_id)
        assert deep_link(first) == f"{URL}#:~:text=looked%20for%20once"
    assert asked == [("xx looked for once", 3, 18)]
    # Other words in the same place are another text.
    assert deep_link(citation("looked for twice")) == f"{URL}#:~:text=looked%20for%20twice"
    assert len(asked) == 2


@pytest.mark.parametrize("url", [None, ""])
def test_without_an_address_there_is_no_deep_link(url: str | None) -> None:
    assert deep_link(citation("here", url=url)) is None


def test_the_viewer_link_names_the_range_in_code_points() -> None:
    assert viewer_link(citation("😀 here")) == "/articles/a#char=3,9"


def test_the_viewer_link_keeps_slashes_of_an_id_and_encodes_the_rest() -> None:
    link = viewer_link(citation("here", article_id="news/50% a?b#c ü"))
    assert link == "/articles/news/50%25%20a%3Fb%23c%20%C3%BC#char=3,7"


@pytest.mark.parametrize(
    ("article_id", "path"),
    [
        pytest.param("a/../b", "/articles/a%2F..%2Fb", id="back"),
        pytest.param("./a", "/articles/.%2Fa", id="stay"),
        pytest.param("a/b/..", "/articles/a%2Fb%2F..", id="back-at-the-end"),
        pytest.param("a/.../b.c", "/articles/a/.../b.c", id="other-points"),
    ],
)
def test_no_link_holds_a_step_that_browsers_would_take(article_id: str, path: str) -> None:
    assert viewer_link(citation("here", article_id=article_id)) == f"{path}#char=3,7"
    from_root = Address().article_url(article_id, 3, 7)
    assert f"/{from_root}" == f"{path}?char=3,7#quote"
    # As a browser resolves them, below a proxy's path too.
    assert urljoin("http://quoth.example/a/b", path) == f"http://quoth.example{path}"
    assert urljoin("http://quoth.example/q/", from_root) == f"http://quoth.example/q/{from_root}"


def directive(text: str, quote: str, *, nth: int = 0) -> str:
    """Return the text directive of the nth place (from 0) where a text has the quote."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(quote, start + 1)
    return str(text_directive(text, start, start + len(quote)))


LIST = """You need:

- soap, a towel and soap
- a towel
  - of wool

1. Take the towel.
2. Fold the towel."""
TABLE = """In 2021 there were 1, 2 and 3 of 45%.

Rank | Team | Share
1 | Italy | 45%
2 | Spain | 45%
3 | 3 | 3
Greece |  | """
FRAMED = """| Name | Age |
| --- | ---: |
| Ada | 36 |
| Bob |  |
"""

LONG = "The harbour of the town was " + "very " * 40 + "old when the ship came in."
EDGES = "The%20harbour%20of,ship%20came%20in."


@pytest.mark.parametrize(
    ("text", "quote", "nth", "expected"),
    [
        pytest.param("It rains. It pours.", "It pours.", 0, "It%20pours.", id="unique"),
        pytest.param(
            "One: it rains. Two: it rains.", "it rains.", 1, "Two%3A-,it%20rains.", id="prefix"
        ),
        pytest.param("b. it is. b. it is. C", "it is.", 1, "it%20is.,-C", id="suffix"),
        pytest.param(
            "a it is. b | b it is. b | b it is. a",
            "it is.",
            1,
            "b-,it%20is.,-b",
            id="prefix-and-suffix",
        ),
        pytest.param(
            "So it is. Yes.\n\nSo it is. No.",
            "So it is.",
            1,
            "Yes.-,So%20it%20is.",
            id="prefix-of-the-block-before",
        ),
        pytest.param(
            "IT RÁINS. It rains.", "It rains.", 0, "R%C3%81INS.-,It%20rains.", id="case-and-accents"
        ),
        pytest.param(f"Old. {LONG}", LONG, 0, EDGES, id="edges-of-a-long-one"),
        pytest.param(
            f"The harbour of the city. {LONG}",
            LONG,
            0,
            "The%20harbour%20of%20the%20town,when%20the%20ship%20came%20in.",
            id="longer-edges-where-short-ones-stand-elsewhere",
        ),
        pytest.param(f"{LONG} Now: {LONG}", LONG, 1, f"Now%3A-,{EDGES}", id="prefix-of-a-long-one"),
        pytest.param(
            "Before. First part of it.\n\nLast part of it. Behind.",
            "First part of it.\n\nLast part of it.",
            0,
            "First%20part%20of,part%20of%20it.",
            id="over-two-blocks",
        ),
        pytest.param(
            "A headline\nIt rains. It pours\non and on. It rains.",
            "It pours\non and on.",
            0,
            "rains.-,It%20pours,on%20and%20on.",
            id="over-the-end-of-a-line",
        ),
        pytest.param(LIST, "- a towel", 0, "soap-,a%20towel", id="item"),
        pytest.param(LIST, "2. Fold the towel.", 0, "Fold%20the%20towel.", id="numbered-item"),
        pytest.param(LIST, "- of wool", 0, "of%20wool", id="inner-item"),
        pytest.param(TABLE, "1 | Italy | 45%", 0, "Share-,1,45%25", id="row"),
        pytest.param(TABLE, "2 | Spain | 45%", 0, "45%25-,2,45%25", id="row-behind-a-row"),
        pytest.param(TABLE, "3 | 3 | 3", 0, "45%25-,3,3,-Greece", id="row-of-equal-cells"),
        pytest.param(TABLE, "Greece |  |", 0, "Greece", id="row-with-empty-cells"),
        pytest.param(FRAMED, "| Ada | 36 |", 0, "Age-,Ada,36", id="framed-row"),
        pytest.param(FRAMED, "| Bob |  |", 0, "Bob", id="framed-row-with-an-empty-cell"),
        pytest.param(FRAMED, "| --- |", 0, "%7C%20%2D%2D%2D%20%7C", id="rule"),
    ],
)
def test_the_directive_is_the_shortest_that_leads_to_the_quote_alone(
    text: str, quote: str, nth: int, expected: str
) -> None:
    assert directive(text, quote, nth=nth) == expected


def test_where_nothing_tells_a_quote_apart_its_words_are_named() -> None:
    assert directive("ha " * 500, "ha", nth=250).count("ha") > 40


def pattern(written: str) -> re.Pattern[str]:
    """Return what a directive matches, as the specification has it, in words between spaces."""
    parts = written.split(",")
    prefix = parts.pop(0).removesuffix("-") if parts[0].endswith("-") else ""
    suffix = parts.pop().removeprefix("-") if parts[-1].startswith("-") else ""
    start, end = (re.escape(unquote(part)) for part in (*parts, "")[:2])
    before = rf"(?<!\S)(?:{re.escape(unquote(prefix))}\s+)" if prefix else r"(?<!\S)"
    after = rf"(?=\s+{re.escape(unquote(suffix))}(?!\S))" if suffix else r"(?!\S)"
    between = rf".*?(?<!\S){end}" if end else ""
    # Begins anywhere, so that matches which overlap are all found.
    return re.compile(rf"(?={before}(?P<quote>{start}{between}){after})", re.DOTALL)


words = st.sampled_from(["one", "two", "three,", "four.", "fi-ve", "s&x", "50%", "ü", "船"])


@given(
    before=st.lists(words, max_size=40),
    quoted=st.lists(words, min_size=1, max_size=60),
    after=st.lists(words, max_size=40),
)
def test_a_unique_directive_matches_the_quote_and_nothing_else(
    before: list[str], quoted: list[str], after: list[str]
) -> None:
    text = " ".join([*before, *quoted, *after])
    start = len(" ".join([*before, ""])) if before else 0
    end = start + len(" ".join(quoted))
    written = str(text_directive(text, start, end))
    found = [match.span("quote") for match in pattern(written).finditer(text)]
    assert found == [(start, end)] or repeats(before, quoted, after)


marks = st.sampled_from(["", "- ", "  - ", "1. ", " | "])
lines = st.lists(st.tuples(marks, st.lists(words, min_size=1, max_size=9)), min_size=1, max_size=9)


@given(lines=lines, data=st.data())
def test_a_directive_finds_a_line_on_a_page_that_draws_markers_and_cells(
    lines: list[tuple[str, list[str]]], data: st.DataObject
) -> None:
    texts, blocks = [], []
    for mark, said in lines:
        texts.append(mark.join(said) if mark == " | " else mark + " ".join(said))
        blocks.append("\n".join(said) if mark == " | " else " ".join(said))
    quoted = data.draw(st.integers(0, len(lines) - 1))
    start = sum(len(text) + 1 for text in texts[:quoted])
    written = str(text_directive("\n".join(texts), start, start + len(texts[quoted])))
    begins = sum(len(block) + 1 for block in blocks[:quoted])
    found = [match.span("quote") for match in pattern(written).finditer("\n".join(blocks))]
    assert begins in [begin for begin, _ in found]
    spoken = [word for _, said in lines for word in said]
    if len(set(spoken)) == len(spoken):
        assert found == [(begins, begins + len(blocks[quoted]))]


def repeats(before: list[str], quoted: list[str], after: list[str]) -> bool:
    """Whether the edges of the quote stand in the text elsewhere too."""
    text = f" {' '.join([*before, *quoted, *after])} "
    return text.count(f"{' '.join(quoted[:3])}") > 1 or text.count(" ".join(quoted[-3:])) > 1


@given(text=st.text(max_size=80), data=st.data())
def test_any_quote_of_any_text_has_a_directive(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assume(text[start:end].strip())
    written = str(text_directive(text, start, end))
    assert re.fullmatch(r"[A-Za-z0-9_.~%,-]+", written)
    parts = [unquote(part) for part in re.split(",|-,|,-", written)]
    assert all(part.strip() for part in parts)


@pytest.mark.parametrize(
    ("url", "pages", "fragment"),
    [
        ("https://example.org/a.pdf", [0, 3], "#page=2"),
        ("https://example.org/a.PDF?v=.html#toc", [0, 3], "#page=2"),
        ("https://example.org/a.pdf", [5, 3], "#:~:text=here"),
        ("https://example.org/a?file=b.pdf", [0, 3], "#:~:text=here"),
    ],
    ids=["pdf", "query-and-fragment", "pages-unknown", "web-page"],
)
def test_a_pdf_opens_at_the_page_if_that_is_known(
    url: str, pages: list[Json], fragment: str
) -> None:
    cited = citation("here", url=url)
    article = replace(cited.article, metadata={"page_starts": pages})
    assert deep_link(replace(cited, article=article)) == url.partition("#")[0] + fragment
