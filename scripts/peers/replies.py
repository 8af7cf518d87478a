"""How a runner writes its replies: JSON lines on a standard output that is nobody else's.

Runners import this in environments of their own: it needs the standard library alone.
"""

import json
import os
from typing import TextIO


def own_stdout() -> TextIO:
    """Return the real standard output; what libraries print goes to standard error from now on."""
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return replies


def write_reply(replies: TextIO, message: object) -> None:
    """Write a message as one line, at once."""
    replies.write(json.dumps(message) + "\n")
    replies.flush()
