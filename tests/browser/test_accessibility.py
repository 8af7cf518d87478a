"""What axe finds by the rules of WCAG 2.2 AA on each state of each page: nothing."""

import re
from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import looks_of

STATES = {
    "start": "/",
    "answers": "/?q=How+many+sail+on+the+ship%3F",
    "filtered": "/?q=ship&source=Town+Crier&from=2022-01-01",
    "abstention": "/?q=Nothing&source=Quiet+Days",
    "no-article-left": "/?q=ship&source=Nobody",
    "wrong-filter": "/?q=ship&from=yesterday",
    "article": "/articles/town",
    "hit": "/articles/town?q=How+many+sail+on+the+ship%3F&char=0,40#quote",
    "no-such-article": "/articles/nowhere",
    "documentation": "/docs",
}
Faults = Callable[[Page], list[str]]


def test_axe_is_not_blind(page: Page, faults: Faults) -> None:
    page.set_content("<html lang='en'><title>T</title><main><h1>H</h1><img src='data:,'></main>")
    assert [fault.partition(":")[0] for fault in faults(page)] == ["image-alt"]


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(state: str, site: str, page: Page, faults: Faults) -> None:
    page.goto(site + STATES[state])
    page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")
    for look in looks_of(page):
        assert faults(page) == [], look
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, f"the page scrolls sideways ({look})"


def test_axe_finds_nothing_where_the_service_is_out_of_reach(
    site: str, page: Page, faults: Faults
) -> None:
    page.goto(site)
    page.context.set_offline(True)
    page.get_by_role("searchbox").fill("How many?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="cannot be reached")).to_be_visible()
    for look in looks_of(page):
        assert faults(page) == [], look


def style_of(page: Page, selector: str, name: str) -> str:
    read = "([selector, name]) => getComputedStyle(document.querySelector(selector))[name]"
    return str(page.evaluate(read, [selector, name]))


def luminance(colour: str) -> float:
    """Return the relative luminance of `rgb(...)`, as WCAG defines it."""
    shares = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_forced_colours_the_answer_in_its_article_can_be_read(
    scheme: Literal["light", "dark"], site: str, page: Page
) -> None:
    page.emulate_media(forced_colors="active", color_scheme=scheme)
    page.goto(site + STATES["hit"])
    for selector in ("#text mark.current", "#text mark strong"):
        ground, ink = (style_of(page, selector, n) for n in ("backgroundColor", "color"))
        assert contrast(ground, ink) > 4.5, selector
        assert ground != style_of(page, "body", "backgroundColor"), selector


def test_in_forced_colours_the_box_shows_its_focus_and_that_it_waits(site: str, page: Page) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(site + STATES["answers"])
    assert style_of(page, ".box", "outlineStyle") == "none"
    page.get_by_role("searchbox").focus()
    assert style_of(page, ".box", "outlineStyle") == "solid"
    page.evaluate("document.body.classList.add('busy')")
    waiting = "getComputedStyle(document.querySelector('.box'), '::after').backgroundColor"
    assert page.evaluate(waiting) != style_of(page, ".box", "backgroundColor")


def test_the_button_keeps_its_shape_under_the_keyboard(site: str, page: Page) -> None:
    page.goto(site + STATES["answers"])
    before = style_of(page, "button", "borderRadius")
    page.get_by_role("searchbox").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Ask")).to_be_focused()
    assert style_of(page, "button", "borderRadius") == before


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_mark_of_a_link_stands_out(
    scheme: Literal["light", "dark"], site: str, page: Page
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{site}/articles/town#char=0,21")
    line = style_of(page, "#text mark.current", "textDecorationColor")
    for ground in ("#text mark.current", "body"):
        assert contrast(line, style_of(page, ground, "backgroundColor")) >= 3
    assert "underline" in style_of(page, "#text mark.current", "textDecorationLine")


def test_the_mark_is_printed_and_what_only_a_screen_needs_is_not(site: str, page: Page) -> None:
    page.goto(site + STATES["answers"])
    page.emulate_media(media="print")
    assert style_of(page, ".first .quote mark", "printColorAdjust") == "exact"
    expect(page.get_by_role("searchbox")).to_be_visible()
    for hidden in ("button", ".filters", "footer"):
        expect(page.locator(hidden)).to_be_hidden()
