"""The addresses of articles as resources: `quoth://articles/ID`, the id percent-encoded."""

from urllib.parse import quote, unquote

_PREFIX = "quoth://articles/"
URI_TEMPLATE = f"{_PREFIX}{{id}}"


def article_uri(article_id: str) -> str:
    """Return the address of an article; slashes in its id are encoded too."""
    return _PREFIX + quote(article_id, safe="")


def article_id_of(uri: str) -> str | None:
    """Return the id of the article at an address, or None if it is no article's address."""
    if not uri.startswith(_PREFIX):
        return None
    try:
        return unquote(uri.removeprefix(_PREFIX), errors="strict") or None
    except UnicodeDecodeError:
        return None
