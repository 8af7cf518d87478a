"""What a web page states of its article: title, address, day, authors, source and tags.

trafilatura looks for days and names in the text and its surroundings, too, where they may be those
of a comment, of another article or of the last change. They count only where the page states them
of this article for programs.
"""

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

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


def stated_fields(article: "Document", page: "Element") -> dict[str, Json]:
    """Return the fields of an article that was found on a page; what cannot be used is left out."""
    data = [_readable(script) for script in page.xpath(_DATA)]
    head = _in_head(page)
    days = [*head, *page.xpath(_DAYS), *_DAY_IN_DATA.findall("\n".join(data))]
    names = [*head, *page.xpath(_NAMES), *data]
    authors = _split(article.author or "", ";")
    stated: dict[str, Json] = {
        "title": article.title,
        "url": article.url,
        "published": article.date if article.date and _is_day_in(days, article.date) else None,
        "authors": [name for name in authors if _is_in(names, name)],
        "source": article.sitename,
        "tags": [tag for tags in article.tags or () for tag in _split(tags, ",")],
    }
    return {name: value for name, value in stated.items() if _is_usable(name, value)}


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
