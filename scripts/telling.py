"""What a command that takes long says on the way, on standard error."""

import sys


def say(what: str) -> None:
    """Say what is done now, or how far it is."""
    print(f"... {what}", file=sys.stderr, flush=True)
