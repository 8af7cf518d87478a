"""A deep link in a browser: chromium scrolls to the quote that the link names."""

from html import escape

import pytest
from playwright.sync_api import Page

from api.links import text_directive

FILLER = "<p>It rained on that day, and the ship stayed in the harbour.</p>" * 80
URL = "https://example.org/article"
QUOTES = {
    "short": "The mayor opened the library.",
    "prefix": "It rained on that day, and the ship stayed in the harbour.",
    "long": "The keeper of the bridge, who had lived in the house with the blue door since the "
    "flood carried the old one away, counted the carts that came from the mill, and wrote them "
    "down.",
    "cjk": "石の橋は1612年に建てられた。",
    "signs": "R&D, well-known: 50% of #1?",
}


@pytest.mark.parametrize("quote", QUOTES.values(), ids=QUOTES.keys())
def test_the_browser_scrolls_to_the_quote(quote: str, page: Page) -> None:
    before = "It rained on that day, and the ship stayed in the harbour.\n\n" * 80
    text = f"{before}Here it is: {quote}\n\n{before}"
    start = len(f"{before}Here it is: ")
    directive = text_directive(text, start, start + len(quote))
    body = f'{FILLER}<p id="here">Here it is: {escape(quote)}</p>{FILLER}'
    content = f'<!doctype html><meta charset="utf-8"><title>A</title>{body}'
    page.route(URL, lambda route: route.fulfill(body=content, content_type="text/html"))
    page.goto(f"{URL}#:~:text={directive}")
    page.wait_for_function("scrollY > 0", timeout=5_000)
    box = page.locator("#here").bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 720


LISTED = """You need:

- a swimming cap
- a towel
  - of cotton or wool

1. Open it.
2. Shut it.

Rank | Country | Area | Share
1 | Spain | 498.5 | 45%
2 | Italy |  | 45%
"""
LISTED_PAGE = """<p>You need:</p><ul><li>a swimming cap<li><span id="bullet">a towel</span>
<ul><li id="inner">of cotton or wool</ul></ul><ol><li>Open it.<li id="number">Shut it.</ol>
<table><tr><th>Rank<th>Country<th>Area<th>Share<tr><td>1<td>Spain<td>498.5<td>45%
<tr id="row"><td>2<td>Italy<td><td>45%</table>"""


@pytest.mark.parametrize(
    ("quote", "place"),
    [
        ("- a towel", "bullet"),
        ("- of cotton or wool", "inner"),
        ("2. Shut it.", "number"),
        ("2 | Italy |  | 45%", "row"),
    ],
)
def test_the_browser_scrolls_to_an_item_or_a_row(quote: str, place: str, page: Page) -> None:
    start = LISTED.index(quote)
    directive = text_directive(LISTED, start, start + len(quote))
    # A number stands at the top of the page, too.
    content = f"<!doctype html><title>A</title><p>2 days ago</p>{FILLER}{LISTED_PAGE}{FILLER}"
    page.route(URL, lambda route: route.fulfill(body=content, content_type="text/html"))
    page.goto(f"{URL}#:~:text={directive}")
    page.wait_for_function("scrollY > 0", timeout=5_000)
    box = page.locator(f"#{place}").bounding_box()
    assert box is not None
    # Chromium shows what it found in the middle of the window.
    assert abs(box["y"] + box["height"] / 2 - 360) < 12
