"""The addresses under which people and programs reach the service."""

from starlette.requests import Request

from api.settings import Settings


def base_url(request: Request, settings: Settings) -> str:
    """Return what links of ours begin with.

    It is what the settings say, or else what the request was sent to, which behind a proxy may be
    an address that only the proxy knows.
    """
    return str(request.base_url) if settings.public_url is None else settings.public_url


def root_from(request: Request) -> str:
    """Return the relative address that leads from a page to the service's root.

    A browser may know both below a path that a proxy takes away, so that no absolute one would do.
    Slashes that are encoded are none to a browser.
    """
    depth = request.scope["raw_path"].count(b"/") - 1
    return "../" * depth or "./"
