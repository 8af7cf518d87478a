"""The addresses that a sitemap lists (https://www.sitemaps.org/protocol.html)."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from index.sources.stored_text import MAX_ARTICLE_BYTES
from scripts.fetching.errors import FetchError

# A sitemap may be three times as large as any page: 50 MB.
MAX_SITEMAP_BYTES = 3 * MAX_ARTICLE_BYTES
_GZIP = b"\x1f\x8b"
_WITH_GZIP_HEAD = 16 + zlib.MAX_WBITS


@dataclass(frozen=True, slots=True)
class Sitemap:
    """The addresses of pages, and those of further sitemaps, in the order of the file."""

    pages: Sequence[str]
    sitemaps: Sequence[str]


def unzipped(content: bytes) -> bytes:
    """Return the content as it was before it was packed, as sitemaps may be; raises FetchError."""
    if not content.startswith(_GZIP):
        return content
    unpacking = zlib.decompressobj(_WITH_GZIP_HEAD)
    try:
        plain = unpacking.decompress(content, MAX_SITEMAP_BYTES)
    except zlib.error as error:
        raise FetchError(f"is a damaged gzip file ({error}); tell who publishes it") from error
    if unpacking.unconsumed_tail:
        raise FetchError(f"unpacks to more than {MAX_SITEMAP_BYTES} bytes; leave it out")
    return plain


def read_sitemap(content: bytes) -> Sitemap:
    """Return what a sitemap lists, each address once; raises FetchError if it is no XML."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(unzipped(content), parser)
    except etree.XMLSyntaxError as error:
        raise FetchError(f"is a sitemap with mistakes ({error}); tell who publishes it") from error
    return Sitemap(pages=_addresses(root, "url"), sitemaps=_addresses(root, "sitemap"))


def _addresses(root: etree._Element, element: str) -> list[str]:
    # Whatever name space: old sitemaps have others, and some none.
    found = root.xpath(f"*[local-name() = '{element}']/*[local-name() = 'loc']/text()")
    return list(dict.fromkeys(filter(None, (str(address).strip() for address in found))))
