"""Files that are packed themselves, as sitemaps mostly are: `sitemap.xml.gz`."""

import zlib

from index.sources.stored_text import MAX_ARTICLE_BYTES
from scripts.fetching.errors import FetchError

# A sitemap may be three times as large as any page: 50 MB.
MAX_UNPACKED_BYTES = 3 * MAX_ARTICLE_BYTES
_GZIP = b"\x1f\x8b"
_WITH_GZIP_HEAD = 16 + zlib.MAX_WBITS


def unzipped(content: bytes) -> bytes:
    """Return the content as it was before it was packed, as sitemaps may be; raises FetchError."""
    if not content.startswith(_GZIP):
        return content
    unpacking = zlib.decompressobj(_WITH_GZIP_HEAD)
    try:
        plain = unpacking.decompress(content, MAX_UNPACKED_BYTES)
    except zlib.error as error:
        raise FetchError(f"is a damaged gzip file ({error}); tell who publishes it") from error
    if unpacking.unconsumed_tail:
        raise FetchError(f"unpacks to more than {MAX_UNPACKED_BYTES} bytes; leave it out")
    return plain
