"""The names under which this service is called.

A page of another site can make its own name point to this machine (DNS rebinding), and is then, for
a browser, a page of ours. It cannot change what the header `Host` says.
"""

import re
from collections.abc import Set
from urllib.parse import urlsplit

from starlette.requests import Request

from api.settings import THIS_MACHINE, Settings
from qa.errors import QuothError

CURE = (
    "call it as localhost, or add the name to QUOTH_MCP_HOSTS, or set QUOTH_PUBLIC_URL where it is "
    "that of a proxy"
)
_AUTHORITY = re.compile(r"(?:\[(?P<address>[^\[\]]*)\]|(?P<name>[^:\[\]]*))(?::[0-9]*)?")


class OtherNameError(QuothError):
    """The service was called by a name that it does not know."""


def own_names(settings: Settings) -> frozenset[str]:
    """Return every name that the service knows to be its own, in small letters."""
    public = "" if settings.public_url is None else urlsplit(settings.public_url).netloc
    given = (_name_in(authority) for authority in (*settings.mcp_hosts, public))
    return THIS_MACHINE | {settings.host.lower()} | {name for name in given if name}


def is_one_of(names: Set[str], authority: str) -> bool:
    """Return whether a host, with any port or with none, has one of the names."""
    return _name_in(authority) in names


def refuse_other_names(request: Request, settings: Settings) -> None:
    """Raise OtherNameError where a page with a name that was made to point here could write.

    That is where a name is all that keeps it out: where nobody else reaches the service and it
    has no keys.
    """
    if settings.api_keys or not settings.is_for_this_machine:
        return
    if not is_one_of(own_names(settings), request.headers.get("host", "")):
        raise OtherNameError(f"the header Host does not name this machine; {CURE}")


def _name_in(authority: str) -> str | None:
    """Return the name in `name`, `name:port`, `[address]` or `[address]:port`; None in others."""
    # As settings may have it: an address of this kind, without the brackets.
    if authority.count(":") > 1 and not authority.startswith("["):
        return authority.lower()
    parts = _AUTHORITY.fullmatch(authority)
    return None if parts is None else (parts["address"] or parts["name"] or "").lower()
