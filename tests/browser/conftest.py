"""A real browser, Debian's chromium, and the service with fake models."""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from index.build import Silent, build_index
from index.splitting.passages import PassageBudget
from tests.api.conftest import FakeEncoder, fake_app, listening, until

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARTICLES: list[dict[str, object]] = [
    {
        "id": "harbour/the Ålesund ⚓",
        "title": "A ship in the harbour",
        "text": "Café 😀 news.\n\nThe ship carries 42 sailors and a cat. It sails at noon.\n\n"
        + "The wind is good. " * 300
        + "\n\nThe ship had been built in 1899 by a family of the town.",
        "url": "https://example.org/ships",
        "published": "2021-11-15",
        "authors": ["A. Reporter"],
        "source": "Harbour News",
    },
    {
        "id": "town",
        "title": "A town with a title that is very long: of its gates, towers, wells and markets, "
        "and of all the families who lived there, with notes on what they paid for their bread",
        "text": "The town has 7 gates. Its ship has gone.",
        "published": "2022-02-02",
        "source": "Town Crier",
        "language": "en",
    },
    {
        "id": "mute",
        "title": "No number",
        "text": "Nothing is counted here.",
        "source": "Quiet Days",
    },
]
LOOKS = ("light", "dark", "narrow")

# A machine that is busy with other things takes its time.
expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Mark what drives a browser, and skip it where there is none."""
    for item in items:
        if Path(__file__).parent not in item.path.parents:
            continue
        item.add_marker(pytest.mark.browser)
        if CHROMIUM is None:
            item.add_marker(
                pytest.mark.skip(reason="needs Debian's chromium (apt install chromium)")
            )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser; each test has a context of its own in it."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """A function that opens an empty page; what scripts complain of fails the test at its end."""
    complaints: list[str] = []
    with ExitStack() as stack:

        def opened(**options: object) -> Page:
            context: BrowserContext = browser.new_context(**options)  # type: ignore[arg-type]
            stack.callback(context.close)
            context.set_default_timeout(20_000)
            page = context.new_page()
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
            page.on("console", _noting_refusals(complaints))
            return page

        yield opened
    assert complaints == []


def _noting_refusals(complaints: list[str]) -> Callable[..., None]:
    def note(message: object) -> None:
        text = str(getattr(message, "text", ""))
        if "Content Security Policy" in text:
            complaints.append(text)

    return note


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """An empty page of a light desktop."""
    return open_page()


def publish_articles(index_dir: Path, articles: Sequence[Mapping[str, object]]) -> None:
    """Build an index of articles for fake models."""
    source = index_dir.with_suffix(".jsonl")
    source.write_text("".join(json.dumps(article) + "\n" for article in articles))
    budget = PassageBudget(max_tokens=40, overlap=5)
    build_index([source], index_dir, encoder=FakeEncoder(), budget=budget, progress=Silent())


@contextmanager
def serving(
    index_dir: Path, articles: Sequence[Mapping[str, object]], **settings: object
) -> Iterator[str]:
    """Serve articles with fake models; gives the address once questions are answered."""
    publish_articles(index_dir, articles)
    with listening(fake_app(index_dir, **settings)) as address:  # type: ignore[arg-type]
        until(lambda: httpx.get(f"{address}/readyz").status_code == 200, what="ready")
        yield address


@pytest.fixture
def serve_articles(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """A function that serves articles until the end of the test and returns the address."""
    with ExitStack() as stack:

        def served(articles: Sequence[Mapping[str, object]], **settings: object) -> str:
            return stack.enter_context(serving(tmp_path / "index", articles, **settings))

        yield served


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service with a few articles; it lives as long as the module's tests."""
    with serving(tmp_path_factory.mktemp("site") / "index", ARTICLES) as address:
        yield address


@pytest.fixture
def faults() -> Callable[[Page], list[str]]:
    """A function that returns what axe finds wrong on a page, by the rules of WCAG 2.2 AA."""
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]

    def found(page: Page) -> list[str]:
        report = Axe().run(page, options={"runOnly": tags, "resultTypes": ["violations"]})
        return [
            f"{violation['id']}: {node['html']}"
            for violation in report.response["violations"]
            for node in violation["nodes"]
        ]

    return found


def looks_of(page: Page) -> Iterator[str]:
    """Show the page light, dark, and on the narrowest telephone, one after the other."""
    for look in LOOKS:
        page.emulate_media(color_scheme="dark" if look == "dark" else "light")
        narrow = {"width": 320, "height": 640}
        page.set_viewport_size(narrow if look == "narrow" else {"width": 1280, "height": 720})  # type: ignore[arg-type]
        yield look
