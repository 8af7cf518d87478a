"""Passes: what ends an address that opens the page of one article without a key.

A visitor of a site has no key. What they are shown is a quotation from an article, and its link
leads to that article, for a day: whoever has the link may read this page, and nothing else.
"""

from collections.abc import Sequence
from urllib.parse import parse_qs, unquote

from api.callers.signatures import is_signed, signature
from api.links import viewer_link
from qa.answers import Citation

PASS = "pass"  # noqa: S105  # the name of a parameter
_LABEL = "quoth-pass"
# A page with an answer may stay open for hours before somebody follows a link in it.
LIFETIME_S = 86_400
# Within an hour the same answer has the same links, so that it also has the same entity tag.
_ROUNDED_S = 3_600
# Beside a pass, no question: it would ask more than the token that the pass came with. What the
# page does not know, such as what campaigns add, does no harm.
_ASKING = {"q", "from", "to", "source"}


def link_with_pass(citation: Citation, key: str, *, now: float) -> str:
    """Return the path of the article's page, at the quote, with a pass that `key` signs.

    It is good for `LIFETIME_S` from `now` (Unix time), or up to an hour less.
    """
    path, _, fragment = viewer_link(citation).partition("#")
    expires = int(now) // _ROUNDED_S * _ROUNDED_S + LIFETIME_S
    signed = signature(f"{expires} {unquote(path)}", key, label=_LABEL)
    return f"{path}?{PASS}={expires}.{signed}#{fragment}"


def has_pass(query: str) -> bool:
    """Return whether an address has a pass, good or not."""
    return PASS in _parameters(query)


def pass_opens(path: str, query: str, keys: Sequence[str], *, now: float) -> bool:
    """Return whether an address holds a pass for its own path that one of the keys has signed."""
    given = _parameters(query)
    if given.keys() & _ASKING or len(given.get(PASS, ())) != 1:
        return False
    expires, _, signed = given[PASS][0].partition(".")
    if not (expires.isascii() and expires.isdigit() and len(expires) <= 12):
        return False
    claim = f"{int(expires)} {path}"
    return is_signed(claim, signed, keys, label=_LABEL) and now < int(expires)


def _parameters(query: str) -> dict[str, list[str]]:
    return parse_qs(query, keep_blank_values=True)
