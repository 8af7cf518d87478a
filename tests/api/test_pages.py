"""The page of an article, in a browser: the mark covers exactly the quote."""

import html
import re
import shutil
import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

Listen = Callable[[FastAPI], AbstractContextManager[str]]
MakeApp = Callable[..., FastAPI]
Publish = Callable[..., str]
Open = Callable[..., AbstractContextManager[TestClient]]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
TEXT = (
    "First line 😀😀.\n\nשלום עולם. 中文。 e\u0301te\u0301 <b>not bold</b> & so on.\n"
    "The ship carries 42 sailors. <script>document.title = 'run'</script>"
)


def page_in_browser(url: str, profile: Path) -> str:
    """Return the page as Chromium has it after its scripts have run."""
    assert CHROMIUM is not None
    options = ("headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run")
    quiet = ("disable-background-networking", "disable-component-update", "disable-sync")
    done = subprocess.run(
        [
            CHROMIUM,
            *(f"--{option}" for option in (*options, *quiet)),
            f"--user-data-dir={profile}",
            "--virtual-time-budget=5000",
            "--dump-dom",
            url,
        ],
        capture_output=True,
        check=True,
        timeout=60,
    )
    return done.stdout.decode()


@pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium")
@pytest.mark.parametrize(
    "quote", ["שלום עולם.", "中文。", "e\u0301te\u0301 <b>not", "The ship carries 42"]
)
def test_the_mark_in_the_browser_covers_exactly_the_quote(
    quote: str, publish: Publish, make_app: MakeApp, listen: Listen, tmp_path: Path
) -> None:
    publish(tmp_path / "index", [{"id": "page one", "title": "T", "text": TEXT}])
    start = TEXT.index(quote)
    with listen(make_app(tmp_path / "index")) as base:
        while httpx.get(f"{base}/readyz").status_code != 200:
            pass
        fragment = f"#char={start},{start + len(quote)}"
        page = page_in_browser(f"{base}/articles/page%20one{fragment}", tmp_path / "profile")
    marked = re.findall(r"<mark>(.*?)</mark>", page, re.DOTALL)
    assert [html.unescape(text) for text in marked] == [quote]
    assert "<title>T</title>" in page  # the script in the text did not run


def test_markup_in_an_article_is_shown_as_text(
    publish: Publish, open_service: Open, tmp_path: Path
) -> None:
    publish(tmp_path / "index", [{"id": "a", "title": "<i>T</i>", "text": TEXT}])
    with open_service(tmp_path / "index") as client:
        page = client.get("/articles/a").text
    assert "<script>" not in page
    assert "<b>" not in page
    assert "<i>" not in page
    assert html.escape(TEXT) in page


def test_nothing_that_an_article_holds_may_run_or_load(client: TestClient) -> None:
    policy = client.get("/articles/town").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", ["/static/viewer.js", "/static/viewer.css"])
def test_the_page_has_its_script_and_style(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200


def test_an_unknown_article_is_a_problem(client: TestClient) -> None:
    assert client.get("/articles/nowhere").json()["type"].endswith("article-not-found")
