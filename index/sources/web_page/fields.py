"""What a web page states of its article: title, address, day, authors, source and tags.

trafilatura looks for days and names in the text and its surroundings, too, where they may be those
of a comment, of another article or of the last change. They count only where the page states them
of this article for programs.
"""

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from index.sources.article_fields import ArticleFields, parse_fields
from qa.errors import SourceError
from qa.values import Json

if TYPE_CHECKING:
    from lxml.etree import _Element as Element
    from trafilatura.settings import Document

_DATA = "//script[@type='application/ld+json']/text()"
_DAY_IN_DATA = re.compile(r'"(?:datePublished|dateCreated)": "([^"]*)"')
_DAYS = """//link[@rel='canonical']/@href | //*[@itemprop='datePublished']/@*
    | //time[@pubdate or starts-with(@class, 'entry-date')]/@datetime
    | //time[contains(@class, 'published')]/@datetime | //abbr[@class='published']/@title"""
_NAMES = """//*[@rel='author']//text() | //*[@itemprop='author']//text()
    | //*[contains(@class, 'vcard')]//text()"""
_NAMED_IN = ("name", "property", "itemprop", "http-equiv")
_OF_A_CHANGE = re.compile("modif|updat", re.IGNORECASE)
_ADDRESSES = "//link[@rel='canonical'] | //meta[@property='og:url' or @name='twitter:url']"
# As browsers begin the pages that they save; within a comment two hyphens are written otherwise.
_SAVED_FROM = re.compile(rb"<!-- saved from url=\(\d{4}\)(\S+) -->\s*")
_SAVED_FROM_WITHIN = 4_096
_HYPHENS, _HYPHENS_IN_COMMENT = "--", "%2D%2D"
NOTE = "quoth:{}"
"""How a `meta` element is named that counts only where the page says nothing of that itself."""


def saved_from(content: bytes) -> tuple[str | None, bytes]:
    """Return the address that a saved page came from, if that is written into it, and the page.

    What a browser wrote is no part of the page, whose beginning tells trafilatura what it is.
    """
    found = _SAVED_FROM.search(content, 0, _SAVED_FROM_WITHIN)
    if found is None:
        return None, content
    page = content[: found.start()] + content[found.end() :]
    return found[1].decode(errors="replace").replace(_HYPHENS_IN_COMMENT, _HYPHENS), page


def saved_from_comment(url: str) -> str:
    """Return what `saved_from` reads an address from."""
    safe = url.replace(_HYPHENS, _HYPHENS_IN_COMMENT)
    return f"<!-- saved from url=({len(safe):04}){safe} -->"


def stated_fields(
    article: "Document", page: "Element", *, came_from: str | None
) -> dict[str, Json]:
    """Return the fields of an article that was found on a page; what cannot be used is left out.

    `came_from` is its address where the page states none. What counts only where the page says
    nothing stands in elements named as `NOTE` tells.
    """
    data = [_readable(script) for script in page.xpath(_DATA)]
    head = _in_head(page)
    days = [*head, *page.xpath(_DAYS), *_DAY_IN_DATA.findall("\n".join(data))]
    names = [*head, *page.xpath(_NAMES), *data]
    authors = _split(article.author or "", ";")
    day = article.date if article.date and _is_day_in(days, article.date) else None
    stated: dict[str, Json] = {
        "title": article.title or next(iter(_noted(page, "title")), None),
        "url": _address(article, page, came_from=came_from),
        "published": day or next(iter(_noted(page, "published")), None),
        "authors": [name for name in authors if _is_in(names, name)] or _noted(page, "author"),
        "source": article.sitename or _host(came_from),
        "tags": [tag for tags in article.tags or () for tag in _split(tags, ",")],
    }
    return {name: value for name, value in stated.items() if _is_usable(name, value)}


def _address(article: "Document", page: "Element", *, came_from: str | None) -> str | None:
    """Return the address; that which links are relative to may be one of many pages."""
    is_stated = came_from is None or page.xpath(_ADDRESSES)
    return (article.url if is_stated else None) or came_from


def _host(url: str | None) -> str | None:
    if url is None or not url.startswith(("http://", "https://")):
        return None
    return (urlsplit(url).hostname or "").removeprefix("www.") or None


def _noted(page: "Element", field: str) -> list[Json]:
    return [meta.get("content") for meta in page.xpath(f"//meta[@name='{NOTE.format(field)}']")]


def _readable(script: str) -> str:
    """Return JSON without what is escaped in it, and with one space behind each colon."""
    try:
        return json.dumps(json.loads(script, strict=False), ensure_ascii=False)
    except (ValueError, RecursionError):
        return ""


def _in_head(page: "Element") -> list[str]:
    """Return the values that a page states in its head, but those of its last change."""
    return [
        meta.get("content", "")
        for meta in page.iter("meta")
        if not any(_OF_A_CHANGE.search(meta.get(name, "")) for name in _NAMED_IN)
    ]


def _is_day_in(values: Sequence[str], day: str) -> bool:
    forms = (day, day.replace("-", "/"), day.replace("-", ""))
    return any(form in value for value in values for form in forms)


def _is_in(values: Sequence[str], name: str) -> bool:
    return any(name.casefold() in " ".join(value.split()).casefold() for value in values)


def _split(names: str, separator: str) -> list[str]:
    return [name.strip() for name in names.split(separator) if name.strip()]


def _is_usable(name: str, value: Json) -> bool:
    try:
        parse_fields(ArticleFields, {name: value}, where="")
    except SourceError:
        return False
    return True
