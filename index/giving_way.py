"""Questions go first: what works on an index in the background gives way to them.

The scheduler shares a core by niceness: a thread that is 5 nicer gets a quarter of a core that a
question wants, one that is 10 nicer a tenth, and either all that nobody wants.
"""

import contextlib
import os
import sys
from pathlib import Path

from index.file_names import CURRENT_NAME

# What somebody waits for, such as the publishing of what they have put.
SHORT_WORK = 5
# What takes long, and is waited for by no one: building, folding, checking.
LONG_WORK = 10


def let_questions_go_first(by: int) -> None:
    """Give way in the calling thread, and in all that it starts, for good.

    `by` is added to its niceness. Only on Linux a thread has one of its own; elsewhere nothing
    happens.
    """
    if sys.platform == "linux":
        _be_nicer(by)


def let_service_go_first(index_dir: Path) -> None:
    """Give way in a command that has just begun, if the index may be serving meanwhile."""
    if (index_dir / CURRENT_NAME).exists():
        _be_nicer(LONG_WORK)


def _be_nicer(by: int) -> None:
    with contextlib.suppress(PermissionError):  # a sandbox may forbid it; that stops no work
        os.nice(by)
