"""The addresses that a sitemap lists (https://www.sitemaps.org/protocol.html)."""

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from scripts.fetching.errors import FetchError


@dataclass(frozen=True, slots=True)
class Sitemap:
    """The addresses of pages, and those of further sitemaps, in the order of the file."""

    pages: Sequence[str]
    sitemaps: Sequence[str]


def read_sitemap(content: bytes) -> Sitemap:
    """Return what a sitemap lists, each address once; raises FetchError if it is no XML."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise FetchError(f"is a sitemap with mistakes ({error}); tell who publishes it") from error
    return Sitemap(pages=_addresses(root, "url"), sitemaps=_addresses(root, "sitemap"))


def _addresses(root: etree._Element, element: str) -> list[str]:
    # Whatever name space: old sitemaps have others, and some none.
    found = root.xpath(f"*[local-name() = '{element}']/*[local-name() = 'loc']/text()")
    return list(dict.fromkeys(filter(None, (str(address).strip() for address in found))))
