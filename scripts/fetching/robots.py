"""What a host lets programs fetch: its robots.txt (RFC 9309)."""

from protego import Protego

from scripts.fetching.errors import FetchError

AGENT = "Quoth"
MAX_ROBOTS_BYTES = 500 * 1024
"""More of the file is not read."""
_LONGEST_DELAY_S = 30.0
_TOO_MANY_REQUESTS = 429


def rules_of(status: int, content: bytes) -> Protego:
    """Return the rules that an answer to the request for robots.txt stands for.

    A host that has none allows all; raises FetchError where it cannot say now.
    """
    if status >= 500 or status == _TOO_MANY_REQUESTS:
        raise FetchError(
            f"is on a host that cannot say now what may be fetched (robots.txt: {status}); fetch "
            "it again later"
        )
    text = content[:MAX_ROBOTS_BYTES].decode("utf-8-sig", "replace") if status == 200 else ""
    return Protego.parse(text)


def delay_s(rules: Protego) -> float:
    """Return how long the host wants programs to wait between requests, within reason."""
    asked = rules.crawl_delay(AGENT)
    return 0.0 if asked is None else min(float(asked), _LONGEST_DELAY_S)
