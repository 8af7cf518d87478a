"""Short-lived tokens by which pages of one origin may ask, signed with a key and kept nowhere."""

import hashlib
import hmac
from collections.abc import Sequence

from qa.errors import QuothError

# A token that is stolen is of use for so long; the widget gets another without being told.
LIFETIME_S = 600


class TokenRefusedError(QuothError):
    """There is no token to be had for this origin."""


def make_token(origin: str, key: str, *, now: float) -> str:
    """Return a token for pages of an origin, good for `LIFETIME_S` from `now`, in Unix time."""
    claims = f"{int(now) + LIFETIME_S} {origin}".encode().hex()
    return f"{claims}.{_signature(claims, key)}"


def origin_of(token: str, keys: Sequence[str], *, now: float) -> str | None:
    """Return whose pages may ask with a token; None if no key has signed it, or it has expired."""
    claims, _, signature = token.rpartition(".")
    if not any(is_equal(signature, _signature(claims, key)) for key in keys):
        return None
    expires, _, origin = bytes.fromhex(claims).decode().partition(" ")
    return origin if now < int(expires) else None


def is_equal(given: str, secret: str) -> bool:
    """Return whether two texts are equal, in a time that tells nothing of the secret."""
    digests = [hashlib.sha256(text.encode()).digest() for text in (given, secret)]
    return hmac.compare_digest(*digests)


def _signature(claims: str, key: str) -> str:
    # The label keeps what is signed here apart from whatever else a key may ever sign.
    signed = f"quoth-token {claims}".encode()
    return hmac.new(key.encode(), signed, hashlib.sha256).hexdigest()
