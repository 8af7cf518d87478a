"""What axe finds by the rules of WCAG 2.2 AA on each state of each page: nothing."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

LOOKS = ("light", "dark", "narrow")
STATES = {
    "start": "/",
    "answers": "/?q=How+many+sail+on+the+ship%3F",
    "filtered": "/?q=ship&source=Town+Crier&from=2022-01-01",
    "abstention": "/?q=Nothing&source=Quiet+Days",
    "no-article-left": "/?q=ship&source=Nobody",
    "wrong-filter": "/?q=ship&from=yesterday",
    "article": "/articles/town",
    "hit": "/articles/town?q=How+many+sail+on+the+ship%3F&char=0,21#quote",
    "no-such-article": "/articles/nowhere",
    "documentation": "/docs",
}
Faults = Callable[[Page], list[str]]


def looks_of(page: Page) -> Iterator[str]:
    """Show the page light, dark, and on the narrowest telephone, one after the other."""
    for look in LOOKS:
        page.emulate_media(color_scheme="dark" if look == "dark" else "light")
        narrow = {"width": 320, "height": 640}
        page.set_viewport_size(narrow if look == "narrow" else {"width": 1280, "height": 720})  # type: ignore[arg-type]
        yield look


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
