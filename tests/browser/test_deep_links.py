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
