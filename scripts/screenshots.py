"""Write the pictures of the ask page for the README: `python -m scripts.screenshots`.

The shipped models answer from the article in `seeds/`. Needs Debian's chromium.
"""

import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

from playwright.sync_api import Browser, sync_playwright

from scripts.performance.service import ROOT, build, running_service, wait_until_ready


@dataclass(frozen=True, slots=True)
class View:
    """A picture: its name, how it is looked at, and the question in the address."""

    name: str
    scheme: Literal["light", "dark"]
    width: int
    height: int
    question: str
    opened: bool = False


_VIEWS = (
    View("ask-light", "light", 920, 600, "Who is the longtime dictator of Belarus?"),
    View("ask-dark", "dark", 920, 600, "Who is the longtime dictator of Belarus?", opened=True),
    View("ask-narrow", "light", 390, 760, "What has Lukashenko threatened to cut off?"),
)


def main() -> None:
    """Write each picture into docs/ and say how large it is."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("there is no chromium; install it: apt install chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        index_dir = Path(folder) / "index"
        build(ROOT / "seeds", index_dir)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        with running_service(index_dir) as (process, address):
            wait_until_ready(address, process)
            for view in _VIEWS:
                path = ROOT / "docs" / f"{view.name}.png"
                _take(browser, view, address, path)
                print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")
        browser.close()


def _take(browser: Browser, view: View, address: str, path: Path) -> None:
    context = browser.new_context(
        color_scheme=view.scheme, viewport={"width": view.width, "height": view.height}
    )
    page = context.new_page()
    page.goto(f"{address}/?{urlencode({'q': view.question})}")
    if view.opened:
        page.locator("a.open").first.click()
        page.wait_for_url("**/articles/**")
    page.screenshot(path=path)
    context.close()


if __name__ == "__main__":
    main()
