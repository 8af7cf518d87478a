"""How a command that may do a part of its work ends, for the script that called it."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What a script can tell from how the command ended; 2 is a mistake in its arguments."""

    OK = 0
    FAILED = 1
    SOME_SKIPPED = 3
    NOT_PUBLISHED = 4
    INTERRUPTED = 130
