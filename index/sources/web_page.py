"""Web pages: the article of an HTML file, without the menus and links that stand around it.

What on a page is the article, and what the page says of it, trafilatura decides (Barbaresi 2021,
"Trafilatura: A Web Scraping Library and Command-Line Tool for Text Discovery and Extraction").
"""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from index.sources.article_fields import ArticleFields, build_article, parse_fields
from index.sources.source_file import SourceFile
from index.sources.stored_text import stored_text, too_long
from index.sources.titles import title_from_name_or_text
from index.sources.web_page_text import render_page
from qa.errors import SourceError
from qa.values import Article, Json

if TYPE_CHECKING:
    from trafilatura.settings import Document


class PagesUnreadableError(Exception):
    """What reads web pages is not installed."""


def read_web_page(file: SourceFile, *, max_bytes: int) -> Article:
    """Return the page's article, with the title, date, authors and so on that the page states.

    What the page states in a form that cannot be used, such as a date that is none, is left out.

    Raises SourceError or OSError if there is no article to be had, PagesUnreadableError if what
    reads pages is not installed.
    """
    where = file.shown_name
    content = _read_bytes(file.path, where=where, max_bytes=max_bytes)
    page = _article_of(content, where=where)
    text = stored_text(render_page(page.body), where=where, max_bytes=max_bytes)
    fields, _ = parse_fields(ArticleFields, _stated(page, content), where=where)
    return build_article(
        fields,
        where=where,
        default_id=file.article_id,
        default_title=title_from_name_or_text(file.stem, text),
        text=text,
    )


def _read_bytes(path: Path, *, where: str, max_bytes: int) -> bytes:
    with path.open("rb") as file:
        content = file.read(max_bytes + 1)
    if len(content) > max_bytes:
        raise too_long(where, max_bytes=max_bytes)
    return content


def _article_of(content: bytes, *, where: str) -> "Document":
    try:
        from trafilatura import bare_extraction
        from trafilatura.settings import Document
    except ModuleNotFoundError as error:
        raise PagesUnreadableError from error
    # It logs each page on which it finds nothing; that is told as skipped.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    page = bare_extraction(
        content,
        include_comments=False,
        include_formatting=True,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if not isinstance(page, Document):
        raise SourceError(
            where, "is a page on which no article was found; leave it out, or save its text"
        )
    return page


def _stated(page: "Document", content: bytes) -> dict[str, Json]:
    stated: dict[str, Json] = {
        "title": page.title,
        "url": page.url,
        "published": page.date if page.date and _is_stated(page.date, content) else None,
        "authors": _split(page.author or "", ";"),
        "source": page.sitename,
        "tags": [tag for tags in page.tags or () for tag in _split(tags, ",")],
    }
    return {name: value for name, value in stated.items() if _is_usable(name, value)}


def _is_stated(day: str, content: bytes) -> bool:
    """Return whether a page states a day for programs; one that only its text has may be any."""
    from trafilatura import load_html

    page = load_html(content)
    if page is None:
        return False
    values = page.xpath("//@* | //script[@type='application/ld+json']/text()")
    forms = (day, day.replace("-", "/"))
    return any(form in value for value in values for form in forms)


def _split(names: str, separator: str) -> list[Json]:
    return [name.strip() for name in names.split(separator) if name.strip()]


def _is_usable(name: str, value: Json) -> bool:
    try:
        parse_fields(ArticleFields, {name: value}, where="")
    except SourceError:
        return False
    return True
