"""Behind a proxy that serves Quoth below a path, all that a page leads to lies below it too."""

import re
from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.api.conftest import fake_app, listening, until
from tests.browser.conftest import ARTICLES, publish_articles

ASK = "How many sailors does the ship carry?"
SITE = b"""<!doctype html><title>A site</title>
<script src="/quoth/widget.js" defer></script><quoth-ask></quoth-ask>"""


class Proxy:
    """A site with Quoth below /quoth, which it takes away, as `proxy_pass` with a path does."""

    def __init__(self, quoth: ASGIApp) -> None:
        self._quoth = quoth

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is for Quoth, and answer all else with a page of the site."""
        if scope["type"] == "http":
            if not scope["path"].startswith("/quoth/"):
                headers = [(b"content-type", b"text/html")]
                await send({"type": "http.response.start", "status": 200, "headers": headers})
                await send({"type": "http.response.body", "body": SITE})
                return
            path, raw = scope["path"], scope["raw_path"]
            scope = {**scope, "path": path[len("/quoth") :], "raw_path": raw[len(b"/quoth") :]}
        await self._quoth(scope, receive, send)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the site."""
    index_dir = tmp_path_factory.mktemp("below") / "index"
    publish_articles(index_dir, ARTICLES)
    with listening(Proxy(fake_app(index_dir))) as address:
        until(lambda: httpx.get(f"{address}/quoth/readyz").status_code == 200, what="ready")
        yield address


def below(site: str, rest: str) -> re.Pattern[str]:
    return re.compile(f"^{re.escape(site)}/quoth/{rest}$")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_reader_comes_from_the_box_to_the_article_and_back(
    open_page: Callable[..., Page], site: str, scripts: bool
) -> None:
    page = open_page(java_script_enabled=scripts)
    met: list[tuple[str, int]] = []
    page.on("response", lambda answer: met.append((answer.url, answer.status)))
    page.goto(f"{site}/quoth/")
    page.locator("#q").fill(ASK)
    page.keyboard.press("Enter")
    expect(page).to_have_url(below(site, r"\?q=How.*"))
    page.locator("#results a").first.click()
    expect(page).to_have_url(below(site, "articles/harbour/.*#quote"))
    expect(page.locator("#quote")).to_contain_text("42 sailors")
    page.locator(".back").click()
    expect(page).to_have_url(below(site, r"\?q=How.*"))
    page.locator(".wordmark a").click()
    expect(page).to_have_url(below(site, ""))
    page.get_by_role("link", name="For programs").click()
    page.get_by_role("link", name="/openapi.json").click()
    expect(page).to_have_url(below(site, "openapi.json"))
    assert [one for one in met if not (one[0].startswith(f"{site}/quoth/") and one[1] < 400)] == []


def test_the_widget_asks_the_service_that_its_script_came_from(page: Page, site: str) -> None:
    page.goto(f"{site}/")
    page.get_by_role("searchbox").fill(ASK)
    page.get_by_role("button").click()
    source = page.locator("quoth-ask ol a").first
    expect(source).to_have_attribute("href", below(site, "articles/harbour/.*"))


def test_a_page_of_nothing_leads_to_the_box(page: Page, site: str) -> None:
    page.goto(f"{site}/quoth/there/is/nothing")
    page.locator(".back").click()
    expect(page).to_have_url(below(site, ""))
