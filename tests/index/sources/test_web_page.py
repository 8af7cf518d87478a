"""What an article of a saved web page holds: what its reader would read, and what it states."""

import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from index.sources import Skipped, SourceFile, find_source_files, read_articles
from index.sources.web_page.text import render_page
from qa.values import Article

HEAD = """
<title>Council backs footbridge | The Pellworth Echo</title>
<meta property="og:title" content="Council backs steel footbridge">
<meta property="og:site_name" content="The Pellworth Echo">
<meta property="article:published_time" content="2024-03-12T18:04:00+00:00">
<link rel="canonical" href="https://echo.example/news/footbridge">
<meta name="author" content="Nora Fields"><meta name="keywords" content="council, bridge">
"""
ARTICLE = """
<h1>Council backs steel footbridge</h1>
<p>The council voted <b>nine to two</b> on Tuesday for a steel footbridge over the
<a href="/sele">River Sele</a>, which will cost £412,000.</p>
<p>&ldquo;It is the bridge we can afford&rdquo;, said Odile Ferrant, the harbour engineer.<br>She
expects work to begin in June.</p>
<h2>Who bid</h2>
<table><thead><tr><th>Firm</th><th>Tender</th></tr></thead><tbody>
<tr><td>Tidewell &amp; Sons</td><td>£412,000</td></tr>
<tr><td>Kessock Civil</td><td>£455,000</td></tr></tbody></table>
<p>The clerk types &lt;id&gt; and 5 * 3 * 2 as they are.</p>
<h2>What happens next</h2>
<ol><li>The order is signed in April.</li><li>Work begins in June.
<ul><li>First the piles.</li><li>Then the deck.</li></ul></li></ol>
"""
TEXT = """Council backs steel footbridge

The council voted nine to two on Tuesday for a steel footbridge over the River Sele, which will \
cost £412,000.

“It is the bridge we can afford”, said Odile Ferrant, the harbour engineer.
She expects work to begin in June.

Who bid

Firm | Tender
Tidewell & Sons | £412,000
Kessock Civil | £455,000

The clerk types <id> and 5 * 3 * 2 as they are.

What happens next

1. The order is signed in April.
2. Work begins in June.
  - First the piles.
  - Then the deck."""


def page(article: str = ARTICLE, *, head: str = HEAD) -> str:
    """A page as sites make them, with what surrounds an article."""
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">{head}
<script>var tracked = "nobody reads this";</script><style>p {{ color: red }}</style></head><body>
<header><nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>
</header>
<main><article>{article}<aside><h3>Read more</h3><a href="/x">Ten walks</a></aside></article></main>
<footer><p>&copy; 2024 The Pellworth Echo. <a href="/privacy">Privacy</a></p></footer></body></html>
"""


def read(folder: Path, content: str | bytes, *, name: str = "footbridge.html") -> Article | Skipped:
    raw = content.encode() if isinstance(content, str) else content
    (folder / name).write_bytes(raw)
    (found,) = read_articles(SourceFile(folder / name, name))
    return found


def article_of(folder: Path, content: str | bytes) -> Article:
    found = read(folder, content)
    assert isinstance(found, Article), found
    return found


def test_the_text_is_that_of_the_article_without_what_surrounds_it(tmp_path: Path) -> None:
    assert article_of(tmp_path, page()).text == TEXT


def test_what_the_page_states_becomes_the_articles_fields(tmp_path: Path) -> None:
    article = article_of(tmp_path, page())
    assert article.article_id == "footbridge"
    assert article.title == "Council backs steel footbridge"
    assert article.url == "https://echo.example/news/footbridge"
    assert article.published == date(2024, 3, 12)
    assert article.authors == ("Nora Fields",)
    assert article.source == "The Pellworth Echo"
    assert article.tags == ("council", "bridge")


def test_a_page_that_states_nothing_is_an_article_all_the_same(tmp_path: Path) -> None:
    article = article_of(tmp_path, page(head=""))
    assert article.title == "Council backs steel footbridge"
    assert (article.url, article.published, article.source) == (None, None, None)
    assert article.text == TEXT


@pytest.mark.parametrize(
    "beside",
    [
        pytest.param(
            '<time datetime="2019-01-01">1 Jan</time><a class="author" href="/">Bob Other</a>',
            id="another-article",
        ),
        pytest.param(
            '<div class="comment"><span class="author">Bob Other</span>'
            '<time datetime="2024-04-04T10:00">4 April</time></div>',
            id="a-comment",
        ),
        pytest.param(
            '<meta property="article:modified_time" content="2023-02-03T10:00:00Z">'
            '<script type="application/ld+json">{"dateModified": "2023-02-03"}</script>',
            id="the-last-change",
        ),
        pytest.param('<p class="byline">By Jane Holt, Chief Reporter | Published</p>', id="text"),
    ],
)
def test_no_day_or_name_of_anything_else_is_taken_for_the_articles(
    tmp_path: Path, beside: str
) -> None:
    article = article_of(tmp_path, page(head="<title>Bridge</title>") + beside)
    assert (article.published, article.authors) == (None, ())


def test_names_are_read_as_data_for_programs_writes_them(tmp_path: Path) -> None:
    head = (
        '<script type="application/ld+json">{"@context": "https://schema.org",'
        '"@type": "NewsArticle","datePublished":"2024-03-12T18:04:00Z",'
        '"author":{"@type":"Person","name":"Zo\\u00eb Fields"}}</script>'
    )
    article = article_of(tmp_path, page(head=head))
    assert article.authors == ("Zoë Fields",)
    assert article.published == date(2024, 3, 12)


def test_a_short_page_keeps_its_paragraphs_apart(tmp_path: Path) -> None:
    short = (
        "<html><head><title>Notice</title></head><body><h1>Library closed</h1>"
        "<p>The library is closed on Friday.</p><p>Books go to the town hall.</p></body></html>"
    )
    said = article_of(tmp_path, short).text
    assert said == "The library is closed on Friday.\n\nBooks go to the town hall."


def test_what_only_programs_are_told_is_no_text(tmp_path: Path) -> None:
    body = "The wall cost nine million pounds and was mended by divers. " * 4
    short = (
        '<html><head><title>Wall</title><script type="application/ld+json">'
        f'{{"@type": "NewsArticle", "articleBody": "{body}"}}</script></head>'
        "<body><article><h1>Wall mended</h1><p>Subscribe to read.</p></article></body></html>"
    )
    assert article_of(tmp_path, short).text == "Wall mended\n\nSubscribe to read."


@pytest.mark.parametrize(
    ("html", "text"),
    [
        pytest.param("<p hidden>Hidden.</p><template><p>No.</p></template>", "", id="not-shown"),
        pytest.param(
            "<p>It cost £9<sup>2</sup> a m<sup>2</sup>.</p>", "It cost £9² a m².", id="up"
        ),
        pytest.param("<p>The 19<sup>th</sup> is free.</p>", "The 19th is free.", id="letters"),
        pytest.param("<p>A Donau&shy;dampf&shy;schiff.</p>", "A Donaudampfschiff.", id="shy"),
        pytest.param("<p>He said <q>never</q> to her.</p>", "He said never to her.", id="q"),
        pytest.param("<div>Harbour House<br>Box 12</div>", "Harbour House\nBox 12", id="div"),
        pytest.param(
            "<details><summary>Discount</summary><div>It is £5 for <b>all</b>.</div></details>",
            "Discount\n\nIt is £5 for all.",
            id="details",
        ),
        pytest.param(
            "<ul><li><label><input type=checkbox> 2 eggs</label></li></ul>", "- 2 eggs", id="label"
        ),
        pytest.param(
            "<table><tr><th>Area</th><td>8 ha</td></tr>"
            "<tr><th>Isles</th><td><ul><li>Holm</li><li>Ey</li></ul></td></tr></table>",
            "Area | 8 ha\nIsles | Holm Ey",
            id="list-of-values",
        ),
        pytest.param(
            "<table><tr><th>Class</th><th>Day</th><th>Fare</th></tr>"
            "<tr><td rowspan=3>First</td><td>Sunday</td><td>£9</td></tr>"
            "<tr><td rowspan=2>Any <i>other</i></td><td>£8</td></tr><tr><td>£7</td></tr>"
            "<tr><td colspan=2>Both</td><td rowspan=9>£25</td></tr></table>",
            "Class | Day | Fare\nFirst | Sunday | £9\nFirst | Any other | £8\n"
            "First | Any other | £7\nBoth |  | £25",
            id="cells-that-span-rows",
        ),
        pytest.param(
            "<pre>  The tide <b>is</b> in\nat noon\n</pre>", "The tide is in\nat noon", id="pre"
        ),
        pytest.param(
            "<table><tr><td><h2>History</h2><p>It opened in 1863.</p><p>It shut.</p></td></tr>"
            "<tr><td>The end.</td></tr></table>",
            "History\n\nIt opened in 1863.\n\nIt shut.\n\nThe end.",
            id="layout",
        ),
    ],
)
def test_of_what_stands_in_an_article_its_reader_gets_what_is_seen(
    tmp_path: Path, html: str, text: str
) -> None:
    read_as = TEXT + (f"\n\n{text}" if text else "")
    assert article_of(tmp_path, page(ARTICLE + html)).text == read_as


def test_a_date_that_only_the_text_has_is_not_taken_for_the_pages(tmp_path: Path) -> None:
    told = f"{ARTICLE}<p>The old bridge closed on 3 May 2022, after the flood of 2021-11-15.</p>"
    assert article_of(tmp_path, page(told, head="<title>Bridge</title>")).published is None


@pytest.mark.parametrize(
    "stating",
    [
        '<script type="application/ld+json">{"datePublished": "2024-03-12T18:04:00Z"}</script>',
        '<meta property="og:url" content="https://echo.example/2024/03/12/footbridge">',
    ],
)
def test_a_date_may_be_stated_in_data_for_programs_or_in_the_address(
    tmp_path: Path, stating: str
) -> None:
    article = article_of(tmp_path, page(head=f"<title>Bridge</title>{stating}"))
    assert article.published == date(2024, 3, 12)


SAVED = "<!-- saved from url=(0041)https://echo.example/2024/foot%2D%2Dbridge -->\n"
NOTES = """<meta name="quoth:title" content="Footbridge"><meta name="quoth:published"
content="2024-03-13"><meta name="quoth:author" content="Jo Lee">"""


@pytest.mark.parametrize(
    ("head", "url", "source"),
    [
        pytest.param("", "https://echo.example/2024/foot--bridge", "echo.example", id="nothing"),
        pytest.param(
            '<base href="https://echo.example/">',
            "https://echo.example/2024/foot--bridge",
            "echo.example",
            id="only-what-links-are-relative-to",
        ),
        pytest.param(
            HEAD, "https://echo.example/news/footbridge", "The Pellworth Echo", id="its-address"
        ),
    ],
)
def test_a_saved_page_has_the_address_that_it_was_saved_from_unless_it_states_one(
    tmp_path: Path, head: str, url: str, source: str
) -> None:
    article = article_of(tmp_path, SAVED + page(head=head))
    assert (article.url, article.source) == (url, source)
    assert article.text == TEXT


def test_a_page_that_was_saved_from_no_web_address_has_none(tmp_path: Path) -> None:
    mark = "<!-- saved from url=(0014)about:internet -->\r\n"
    article = article_of(tmp_path, mark + page(head=""))
    assert (article.url, article.source) == (None, None)


def test_a_page_without_a_head_is_read_behind_where_it_was_saved_from(tmp_path: Path) -> None:
    body = f"<html><body><article>{ARTICLE}</article></body></html>"
    assert article_of(tmp_path, SAVED + body).text == TEXT


def test_notes_count_where_the_page_says_nothing(tmp_path: Path) -> None:
    article = article_of(tmp_path, page(head=NOTES))
    assert (article.published, article.authors) == (date(2024, 3, 13), ("Jo Lee",))
    stated = article_of(tmp_path, page(head=NOTES + HEAD))
    assert (stated.published, stated.authors) == (date(2024, 3, 12), ("Nora Fields",))
    untitled = page("<p>The council voted nine to two for a footbridge.</p>" * 9, head=NOTES)
    assert article_of(tmp_path, untitled).title == "Footbridge"


def test_an_empty_cell_keeps_the_others_in_their_columns(tmp_path: Path) -> None:
    row = "<tr><td>Ridsdale Ltd</td><td></td></tr>"
    article = article_of(tmp_path, page(ARTICLE.replace("</tbody>", f"{row}</tbody>")))
    assert "Kessock Civil | £455,000\nRidsdale Ltd | \n" in article.text


def test_what_is_stated_in_a_form_that_cannot_be_used_is_left_out(tmp_path: Path) -> None:
    head = HEAD.replace("https://echo.example/news/footbridge", "javascript:alert(1)")
    article = article_of(tmp_path, page(head=head))
    assert article.url is None
    assert article.published == date(2024, 3, 12)


def test_a_page_in_another_encoding_is_read_as_it_says(tmp_path: Path) -> None:
    old = page().replace('charset="utf-8"', 'charset="windows-1252"')
    assert article_of(tmp_path, old.encode("windows-1252")).text == TEXT


def test_a_wrong_byte_spoils_no_other_letter(tmp_path: Path) -> None:
    broken = page().encode().replace(b"as they are", b"as they \xff are")
    assert article_of(tmp_path, broken).text == TEXT.replace("they are", "they \ufffd are")


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"<html></html>", b"<p>\n</p>"])
def test_a_page_without_an_article_is_skipped_and_named(tmp_path: Path, content: bytes) -> None:
    found = read(tmp_path, content)
    assert isinstance(found, Skipped)
    assert str(found).startswith("footbridge.html: is a page on which no article was found")


def test_a_page_that_is_too_long_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(page(), encoding="utf-8")
    file = SourceFile(tmp_path / "a.html", "a.html")
    (found,) = read_articles(file, max_article_bytes=1_000)
    assert isinstance(found, Skipped)
    assert "longer than 1000 bytes" in found.reason


def test_where_nothing_reads_pages_none_is_taken_for_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    found = read(tmp_path, page())
    assert isinstance(found, Skipped)
    assert found.is_unread
    assert "pip install 'quoth[html]'" in found.reason


def test_pages_of_both_extensions_are_found_and_keep_their_ids_apart(tmp_path: Path) -> None:
    for name in ("a.html", "a.txt", "b.HTM"):
        (tmp_path / name).write_text(page(), encoding="utf-8")
    assert [file.article_id for file in find_source_files([tmp_path])] == ["a.html", "a.txt", "b"]


TAGS = ["p", "head", "quote", "list", "item", "table", "row", "cell", "hi", "ref", "lb", "code"]


def tree() -> st.SearchStrategy[etree._Element]:
    """Trees of the tags that articles are found in, nested as they should be or not."""
    words = st.sampled_from(["one", " two ", "three\n four", "|", ""])

    def made(tag: str, text: str, tail: str, children: list[etree._Element]) -> etree._Element:
        element = etree.Element(tag)
        element.text, element.tail = text, tail
        element.extend(children)
        return element

    leaf = st.builds(made, st.sampled_from(TAGS), words, words, st.just([]))
    return st.recursive(
        leaf,
        lambda inner: st.builds(
            made, st.sampled_from(TAGS), words, words, st.lists(inner, max_size=3)
        ),
        max_leaves=12,
    ).map(lambda found: made("body", "", "", [found]))


@given(tree())
def test_no_letter_of_an_article_is_lost_or_changes_its_place(body: etree._Element) -> None:
    def letters(text: str) -> str:
        return "".join(filter(str.isalpha, text))

    assert letters(render_page(body)) == letters("".join(body.itertext()))
