"""The address of an article: its id may hold whatever an address can, slashes among it."""

from urllib.parse import quote

from starlette.convertors import PathConvertor, register_url_convertor


class _WholeConvertor(PathConvertor):
    # Starlette's own stops before a line break: DELETE of `town%0A` would have deleted `town`.
    regex = "(?s:.*)"


register_url_convertor("whole", _WholeConvertor())

ARTICLE_PATH = "/articles/{article_id:whole}"
# Browsers and proxies take them for steps in the path, however they are encoded.
_STEPS = frozenset({".", ".."})


def path_of(article_id: str) -> str:
    """Return the path of an article's page, in which its slashes stand as they are.

    Where a part between two of them would be a step in the path, the slashes are encoded.
    """
    safe = "" if _STEPS & set(article_id.split("/")) else "/"
    return f"/articles/{quote(article_id, safe=safe)}"
