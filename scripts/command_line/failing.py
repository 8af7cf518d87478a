"""How a command reads its settings and ends when it cannot go on: one line, no traceback."""

import errno
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NoReturn

from pydantic import ValidationError

from api.settings import Settings
from qa.errors import QuothError

_CURES: Mapping[int | None, str] = {
    errno.EACCES: "let this user do that, or run the command as one who may",
    errno.ENOSPC: "make room on its disk",
    errno.EROFS: "have its disk mounted for writing, or work on a copy",
}


def read_settings(**given: object) -> Settings:
    """Return the settings; a wrong one ends the command with a line that names it.

    One given as None was not given.
    """
    typed = {name: value for name, value in given.items() if value is not None}
    try:
        return Settings(**typed)  # type: ignore[arg-type]  # pydantic checks them
    except ValidationError as error:
        problem = error.errors()[0]
        # Behind the name stands which of several values it is: no setting is named so.
        name = str(problem["loc"][0])
        if problem["type"] == "extra_forbidden":
            known = ", ".join(sorted(Settings.model_fields))
            fail(f"there is no setting {name}; correct its name (known are {known})", code=2)
        reason = problem["msg"].removeprefix("Value error, ")
        fail(f"setting {name} (QUOTH_{name.upper()}): {reason}", code=2)
    except (OSError, ValueError) as error:
        fail(f"cannot read the settings: {error}", code=2)


@contextmanager
def told_in_one_line(*kinds: type[Exception]) -> Iterator[None]:
    """End the command with one line on wrong files, folders or options.

    Without `kinds` these are OSError, ValueError and QuothError. As a ValueError may be a fault of
    ours, which shall show its traceback, only what opens files belongs in such a block.
    """
    told = kinds or (OSError, ValueError, QuothError)
    try:
        yield
    except told as error:
        fail(reason_of(error))


def reason_of(error: Exception) -> str:
    """Return what was wrong; of files and folders also which one, and what to do about it."""
    if not isinstance(error, OSError) or error.filename is None:
        return str(error)
    cure = _CURES.get(error.errno)
    return f"{error.filename}: {error.strerror}{f'; {cure}' if cure else ''}"


def fail(message: str, *, code: int = 1) -> NoReturn:
    """End the command with one line on standard error."""
    print(f"error: {' '.join(message.split())}", file=sys.stderr)
    sys.exit(code)
