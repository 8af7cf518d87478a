"""Short-lived tokens by which pages of one origin may ask, signed with a key and kept nowhere."""

from collections.abc import Sequence

from api.callers.signatures import is_signed, signature
from qa.errors import QuothError

# A token that is stolen is of use for so long; the widget gets another without being told.
LIFETIME_S = 600
_LABEL = "quoth-token"


class TokenRefusedError(QuothError):
    """There is no token to be had for this origin."""


def make_token(origin: str, key: str, *, now: float) -> str:
    """Return a token for pages of an origin, good for `LIFETIME_S` from `now`, in Unix time."""
    claims = f"{int(now) + LIFETIME_S} {origin}".encode().hex()
    return f"{claims}.{signature(claims, key, label=_LABEL)}"


def origin_of(token: str, keys: Sequence[str], *, now: float) -> str | None:
    """Return whose pages may ask with a token; None if no key has signed it, or it has expired."""
    claims, _, signed = token.rpartition(".")
    if not is_signed(claims, signed, keys, label=_LABEL):
        return None
    expires, _, origin = bytes.fromhex(claims).decode().partition(" ")
    return origin if now < int(expires) else None
