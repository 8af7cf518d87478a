"""How commands tell: what is done now, on standard error, and how many of something there are."""

import sys


def say(what: str) -> None:
    """Say what is done now, or how far it is."""
    print(f"... {what}", file=sys.stderr, flush=True)


def how_many(count: int, thing: str) -> str:
    """Return the count with its noun: 1 article, 2 articles."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"
