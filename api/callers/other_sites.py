"""Writing is for programs and our own pages: a page of another site cannot have a browser write.

Any page can have a browser send a POST without a body, and some with one. The browser asks nobody
first, but says where the page is from.
"""

from starlette.requests import Request

from api.callers.came_by import CameBy, came_by
from qa.errors import QuothError

_OURS = frozenset({"same-origin", "none"})


class OtherSiteError(QuothError):
    """A page of another site made a browser send a request that only our own may send."""


def refuse_other_sites(request: Request) -> None:
    """Raise OtherSiteError if a page that is not ours sent the request.

    With a key any page may: a browser adds none by itself.
    """
    if came_by(request) is CameBy.KEY or _is_ours(request):
        return
    raise OtherSiteError(
        "a page of another site made this request (its Sec-Fetch-Site or Origin says so), and "
        "pages may not write here without a key; send it from a program, or with a key of "
        "QUOTH_API_KEYS"
    )


def _is_ours(request: Request) -> bool:
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in _OURS
    # Older browsers, and those that came by an unencrypted name, send this alone.
    origin = request.headers.get("origin")
    return origin is None or origin.partition("://")[2] == request.headers.get("host")
