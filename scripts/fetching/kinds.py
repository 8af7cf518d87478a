"""What was fetched: a page, a feed, a sitemap, a PDF file, or nothing that Quoth reads."""

import re
from enum import Enum

_NO_TEXT = ("audio/", "font/", "image/", "video/")
_PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_UNSAID = frozenset({"", "application/octet-stream", "application/xml", "text/xml"})
# Behind declarations, comments and style sheets stands the first element.
_FIRST_ELEMENT = re.compile(
    rb"(?:\s|<\?.*?\?>|<!--.*?-->|<!doctype[^>]*>)*+<(?:\w+:)?(\w+)",
    re.DOTALL | re.IGNORECASE,
)
_FEEDS = frozenset({b"rss", b"feed", b"rdf"})
_SITEMAPS = frozenset({b"urlset", b"sitemapindex"})
_LOOKED_AT = 4_096
_BYTE_ORDER_MARKS = b"\xef\xbb\xbf\xff\xfe"


class Kind(Enum):
    """What becomes of what was fetched."""

    PAGE = "page"
    FEED = "feed"
    SITEMAP = "sitemap"
    PDF = "PDF file"


def has_no_text(media_type: str) -> bool:
    """Return whether nothing of this type is read, so that it need not be fetched."""
    return media_type.startswith(_NO_TEXT)


def kind_of(media_type: str, content: bytes) -> Kind | None:
    """Return what it is, by what it holds before what it is said to be; None if it is not used.

    Servers call feeds web pages or XML, and the page that asks to log in a PDF file.
    """
    # Without what tells UTF-16 from ASCII.
    start = content[:_LOOKED_AT].lstrip(_BYTE_ORDER_MARKS).replace(b"\0", b"")
    if start.lstrip().startswith(b"%PDF-"):
        return Kind.PDF
    first = _first_element(start)
    if first in _FEEDS:
        return Kind.FEED
    if first in _SITEMAPS:
        return Kind.SITEMAP
    is_page = media_type in _PAGE_TYPES or (media_type in _UNSAID and first == b"html")
    return Kind.PAGE if is_page else None


def _first_element(content: bytes) -> bytes:
    found = _FIRST_ELEMENT.match(content)
    return b"" if found is None else found[1].lower()
