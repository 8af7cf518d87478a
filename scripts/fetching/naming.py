"""The file of an address: readable, and the same whenever it is fetched.

The name decides the id of the article, so that nothing enters it which may change while the
article remains: neither its title nor its day.
"""

import hashlib
import re
import unicodedata
from urllib.parse import unquote, urlsplit

_MAX_SLUG_BYTES = 100
_HASH_DIGITS = 12
_NOT_IN_NAMES = re.compile(r"[\W_]+")
_ENDINGS = re.compile(r"\.(?:html?|pdf|php|aspx?)$", re.IGNORECASE)


def stem_of(url: str) -> str:
    """Return a file's name without its extension: host, path and a hash of the whole URL."""
    parts = urlsplit(url)
    path = _ENDINGS.sub("", unquote(parts.path))
    slug = _NOT_IN_NAMES.sub("-", f"{parts.netloc} {path}".lower()).strip("-")
    cut = unicodedata.normalize("NFC", slug).encode()[:_MAX_SLUG_BYTES].decode(errors="ignore")
    return f"{cut.strip('-')}-{hashlib.sha256(url.encode()).hexdigest()[:_HASH_DIGITS]}"
