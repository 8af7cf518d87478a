"""What let a request in, where the service has keys; routes ask, `api.access` says."""

from enum import Enum, auto

from starlette.requests import Request


class CameBy(Enum):
    """Who may call: anybody, who has a key, a page with a token, who follows a link with a pass."""

    OPEN = auto()
    KEY = auto()
    TOKEN = auto()
    PASS = auto()


def note_came_by(request: Request, way: CameBy) -> None:
    """Say what let the request in."""
    request.state.came_by = way


def has_no_key(request: Request) -> bool:
    """Return whether the service has keys, and the request came without one."""
    return getattr(request.state, "came_by", CameBy.KEY) is not CameBy.KEY


def came_by(request: Request) -> CameBy:
    """Return what let the request in; where there are no keys, the door was open."""
    way: CameBy = getattr(request.state, "came_by", CameBy.OPEN)
    return way
