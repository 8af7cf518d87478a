"""The page of an article in a browser: the mark covers exactly the quote, and nothing runs."""

from collections.abc import Callable
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page, expect

from api.pages.marked_text import Mark, marked_text

HOSTILE = (
    "The ship carries 42 <b>sailors</b> &amp; a cat.</article></p></main>"
    "<script>document.title = 'run'</script><img src=x onerror=\"document.title='run'\">"
    "<svg onload=alert(1)><a href='javascript:alert(1)'>here</a> --> ]]> {{ 7 * 7 }} &#13; end."
)
# Each has a number, which is what the fake reader answers with.
HARD = {
    "emoji": "😀😀 On the ship 👩‍👩‍👧‍👦 are 42 sailors 🇳🇴 today. Another sentence 🎉 follows.",
    "cjk": "船には42人の水夫がいる。猫もいる。",
    "astral-cjk": "𠮷野家の船には42人がいる。𩸽を食べる。",
    "combining": "Le\u0301 ship a\u0308 ca\u0327rries 42 sa\u0302ilo\u0308rs. Zȧ̈l̥ģo\u0489.",
    "right-to-left": "בספינה יש 42 מלחים. השלום עולם. على السفينة ٤٢ بحارا.",
    "bidirectional-controls": "The \u202eship\u202c has 42 \u2067sailors\u2069. The end.",
    "crlf": "The ship\r\ncarries 42 sailors.\r\n\r\nIt sails\rat noon.\r\n",
    "white-space": "  The ship\tcarries  42\u00a0sailors.\n \n\n  It\u2028sails at\u3000noon. ",
    "hostile": HOSTILE,
}


@pytest.mark.parametrize("text", HARD.values(), ids=HARD.keys())
def test_the_marked_text_in_the_browser_is_the_quote(
    text: str, serve_articles: Callable[..., str], page: Page
) -> None:
    site = serve_articles([{"id": "a/ü 😀", "title": "<i>T</i>", "text": text}])
    stored = httpx.get(f"{site}/v1/articles/{quote('a/ü 😀')}").json()["text"]
    asked = httpx.get(f"{site}/v1/ask", params={"q": "How many on the ship?"}).json()
    citation = asked["answers"][0]["citations"][0]
    page.goto(site + citation["viewer_link"])
    assert page.locator("#text").text_content() == stored
    assert "".join(page.locator("mark.current").all_text_contents()) == citation["quote"]
    page.goto(f"{site}/?q=How many on the ship?")
    assert page.locator(".first .quote").text_content() == citation["quote"]
    page.locator(".first a.open").click()
    page.wait_for_url("**/articles/**")
    assert "".join(page.locator("mark.current").all_text_contents()) == citation["quote"]
    assert page.locator("mark.current strong").all_text_contents() == ["42"]
    assert page.locator("#text").text_content() == stored
    assert page.title() == "<i>T</i> · Quoth"  # and nothing has run
    assert page.locator("#text :is(script, img, svg, a, b)").count() == 0


def test_what_stands_below_a_title_begins_where_it_does(
    serve_articles: Callable[..., str], page: Page
) -> None:
    dated = {"text": "The ship carries 42.", "published": "2020-01-05"}
    titles = {"hebrew": "מוזיאון תל אביב", "english": "A museum"}
    site = serve_articles([{"id": name, "title": title, **dated} for name, title in titles.items()])
    starts = {}
    for article_id in titles:
        page.goto(f"{site}/articles/{article_id}")
        assert page.locator("time").inner_text() == "5 January 2020"
        box, room = page.locator("time").bounding_box(), page.locator("main").bounding_box()
        assert box is not None
        assert room is not None
        starts[article_id] = box["x"] - room["x"] > room["width"] / 2
    assert starts == {"hebrew": True, "english": False}


def test_another_fragment_moves_the_mark(serve_articles: Callable[..., str], page: Page) -> None:
    text = "😀 One ship.\n\nTwo ships 42.\n\n" + "Wind. " * 2000 + "\n\nThe end 😀."
    site = serve_articles([{"id": "a", "title": "T", "text": text}])
    page.goto(f"{site}/articles/a#char=0,5")
    assert page.locator("mark").all_text_contents() == ["😀 One"]
    page.evaluate("location.hash = '#char=6,16'")
    expect(page.locator("mark").first).to_have_text("ship.")
    assert "".join(page.locator("mark").all_text_contents()) == text[6:16]
    last = text.index("The end")
    page.evaluate(f"location.hash = '#char={last},{last + 9}'")
    expect(page.locator("mark")).to_have_text("The end 😀")
    expect(page.locator("mark")).to_be_in_viewport()
    for nothing in ("#char=5,5", "#char=9,3", "#char=999999,9999999", "#char=x", "#top"):
        page.evaluate(f"location.hash = '{nothing}'")
        expect(page.locator("mark")).to_have_count(0)
    assert page.locator("#text").text_content() == text


def test_a_link_to_a_range_names_its_page_in_code_points(
    serve_articles: Callable[..., str], page: Page
) -> None:
    text = "😀😀 One ship. Two ships 42."
    site = serve_articles([{"id": "a", "title": "T", "text": text, "page_starts": [0, 13]}])
    page.goto(f"{site}/articles/a#char=13,16")
    expect(page.locator("#page")).to_have_text("p.\u00a02")
    page.evaluate("location.hash = '#char=3,6'")
    expect(page.locator("#page")).to_have_text("p.\u00a01")


def test_a_link_to_a_range_moves_the_focus_and_is_the_only_current_mark(
    serve_articles: Callable[..., str], page: Page
) -> None:
    site = serve_articles([{"id": "a", "title": "T", "text": "One. Two. " + "Wind. " * 2000}])
    page.goto(f"{site}/articles/a?char=0,4#quote")
    expect(page.locator("mark.current")).to_have_text("One.")
    page.evaluate("location.hash = '#char=5,9'")
    expect(page.locator("mark.current")).to_have_text("Two.")
    expect(page.locator("mark.current")).to_be_focused()


def test_lines_of_a_quote_stay_lines(serve_articles: Callable[..., str], page: Page) -> None:
    text = "The ship carries:\n42 sailors,\nand a cat."
    site = serve_articles([{"id": "a", "title": "T", "text": text}])
    page.goto(f"{site}/?q=How many on the ship?")
    assert page.locator(".first .quote").inner_text() == text


characters = st.one_of(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    st.sampled_from("\r\n \t<>&\"'\u00a0\u2028😀\u0301א中"),
)


@given(text=st.text(characters, max_size=60), data=st.data())
@settings(max_examples=150)
def test_a_parser_of_html_reads_the_stored_text_back(
    page_for_fragments: Page, text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    first = data.draw(st.integers(start, end))
    last = data.draw(st.integers(first, end))
    html = marked_text(text, [Mark((start, end), ((first, last),), current=True)])
    read = page_for_fragments.evaluate(
        """html => {
          const page = new DOMParser().parseFromString(`<article>${html}</article>`, "text/html");
          const all = selector =>
            [...page.querySelectorAll(selector)].map(one => one.textContent).join("");
          return [page.querySelector("article").textContent, all("mark"), all("strong")];
        }""",
        str(html),
    )
    assert read == [text, text[start:end], text[first:last]]


@pytest.fixture(scope="module")
def page_for_fragments(browser: object) -> Page:
    """One blank page for many fragments."""
    return browser.new_page()  # type: ignore[attr-defined,no-any-return]
