"""Naming the file or folder in errors of the disk that do not name it.

SQLite never does, and the operating system only where a file is opened: not where one that is open
finds no more room.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def naming_database(path: Path | str) -> Iterator[None]:
    """Name the database at a path in what SQLite raises, which stays an OperationalError."""
    try:
        yield
    except sqlite3.OperationalError as error:
        is_full = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        cure = "; make room on its disk" if is_full else ""
        raise sqlite3.OperationalError(f"{error}: {path}{cure}") from error


@contextmanager
def naming_folder(path: Path) -> Iterator[None]:
    """Name a folder, or a file, in an OSError that names none."""
    try:
        yield
    except OSError as error:
        if error.errno is not None and error.filename is None:
            error.filename = str(path)
        raise
