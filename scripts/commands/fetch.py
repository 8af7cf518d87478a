"""The command `quoth fetch`: pages of the web, into a folder that `quoth index` reads."""

from pathlib import Path
from typing import Annotated

import typer

from scripts.command_line.failing import fail

_EXTRA = frozenset({"feedparser", "httpx", "lxml", "protego"})


def fetch(
    urls: Annotated[
        list[str],
        typer.Argument(help="Addresses of pages, PDF files, feeds and sitemaps.", metavar="URL..."),
    ],
    into: Annotated[Path, typer.Option("--into", help="Folder of the pages.", metavar="FOLDER")],
    limit: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Most entries, the first ones: of a feed 50, of a sitemap all, unless you say.",
        ),
    ] = None,
    pause: Annotated[
        float, typer.Option(min=0, help="Seconds between two requests to the same host.")
    ] = 1.0,
    allow_private: Annotated[
        bool,
        typer.Option(
            "--allow-private",
            help="Let public feeds, sitemaps and pages lead to hosts of your own network.",
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Fetch web pages, and those that feeds (RSS, Atom) and sitemaps list, for `quoth index`.

    What was fetched once stays in the folder, whatever becomes of it on the web; each address has
    a file of its own, which is replaced when the page has changed. A host's robots.txt is followed.

    Exit codes: 0 done, 1 failed, 2 wrong arguments, 3 done but something could not be fetched,
    130 interrupted (what was fetched is whole).
    """
    try:
        from scripts.fetching.command import run_fetching
    except ModuleNotFoundError as error:
        if error.name not in _EXTRA:
            raise
        fail(
            f"what fetches ({error.name}) is not installed; install Quoth with its extra fetch "
            "(pip install 'quoth[fetch]')"
        )
    code = run_fetching(
        urls, into, limit=limit, pause_s=pause, allows_private=allow_private, as_json=as_json
    )
    raise typer.Exit(code)
