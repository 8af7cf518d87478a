"""Write the README's pictures, of the terminal and the ask page: `python -m scripts.screenshots`.

The shipped models answer from the article in `seeds/`. Needs Debian's chromium.
"""

import io
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

from playwright.sync_api import Browser, sync_playwright
from rich.console import Console

from api.settings import Settings
from qa.question import Question
from scripts.command_line.open_index import ask, open_index
from scripts.command_line.print_response import print_response
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
_ASKED_IN_THE_TERMINAL = (
    "who favors a cautious line?",
    "Who is the longtime dictator of Belarus?",
    "Who wrote Hamlet?",
)


def main() -> None:
    """Write each picture into docs/ and say how large it is."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("there is no chromium; install it: apt install chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        index_dir = Path(folder) / "index"
        build(ROOT / "seeds", index_dir)
        _draw_terminal(index_dir, ROOT / "docs" / "demo.svg")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        with running_service(index_dir) as (process, address):
            wait_until_ready(address, process)
            for view in _VIEWS:
                _take(browser, view, address, ROOT / "docs" / f"{view.name}.png")
        browser.close()


def _draw_terminal(index_dir: Path, path: Path) -> None:
    serving = open_index(index_dir, Settings())
    console = Console(record=True, width=80, file=io.StringIO())
    for question in _ASKED_IN_THE_TERMINAL:
        print_response(ask(Question(question), serving), console)
    console.save_svg(str(path), title="quoth ask")
    _say_size(path)


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
    _say_size(path)


def _say_size(path: Path) -> None:
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
