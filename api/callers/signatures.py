"""Signatures by the service's keys: of what it gives out, and need not keep to know it again."""

import hashlib
import hmac
from collections.abc import Sequence


def signature(claim: str, key: str, *, label: str) -> str:
    """Return the signature of a claim; the label keeps apart what else a key signs."""
    return hmac.new(key.encode(), f"{label} {claim}".encode(), hashlib.sha256).hexdigest()


def is_signed(claim: str, given: str, keys: Sequence[str], *, label: str) -> bool:
    """Return whether the signature that is given is that of one of the keys."""
    return any(is_equal(given, signature(claim, key, label=label)) for key in keys)


def is_equal(given: str, secret: str) -> bool:
    """Return whether two texts are equal, in a time that tells nothing of the secret."""
    digests = [hashlib.sha256(text.encode()).digest() for text in (given, secret)]
    return hmac.compare_digest(*digests)
