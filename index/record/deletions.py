"""What the record says is deleted, known at once in every process that serves."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from index.file_identity import FileIdentity, identity_of
from index.record.database import file_at
from index.record.schema import check_version
from qa.errors import IndexUnavailableError

# What records of version 1 lack.
_BEFORE_CHANGES = """
CREATE TEMP TABLE deleted (article_id TEXT, sequence INTEGER);
CREATE TEMP TABLE removed (article_id TEXT, sequence INTEGER);
CREATE TEMP TABLE counter (sequence INTEGER);
INSERT INTO counter VALUES (0);
"""


class Deletions:
    """Reads the record's deletions; safe to use from several threads.

    SQLite's `data_version` tells without reading a page whether any process has committed since
    the last look, so that a look costs microseconds. Where SQLite had to be told that nobody
    writes, it would not see that somebody does: each look compares the file then.
    """

    def __init__(self, record: Path) -> None:
        """Look at the record at this path, which need not be there yet."""
        self._path = record
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self._immutable: _FileState | None = None
        self._version = -1
        self._after = -1
        self._found: frozenset[str] = frozenset()

    def after(self, sequence: int) -> frozenset[str]:
        """Return the ids of all articles that were deleted after a sequence.

        Without a record nothing was. Raises IndexUnavailableError if the record cannot be read:
        better no answer than one from a deleted article.
        """
        with self._reading("which articles are deleted"):
            return self._look(sequence)

    def waiting(self, sequence: int) -> tuple[int, int]:
        """Return the record's sequence, and how many changes a generation of `sequence` lacks.

        Without a record both are 0. Raises IndexUnavailableError if it cannot be read.
        """
        with self._reading("what waits to be published"):
            if (connection := self._open()) is None:
                return 0, 0
            query = (
                "SELECT (SELECT sequence FROM counter), "
                "(SELECT count(*) FROM articles WHERE sequence > :after) + "
                "(SELECT count(*) FROM removed WHERE sequence > :after)"
            )
            held, pending = connection.execute(query, {"after": sequence}).fetchone()
            return held, pending

    def close(self) -> None:
        """Close the record; the next look opens it again."""
        with self._lock:
            self._close()

    @contextmanager
    def _reading(self, what: str) -> Iterator[None]:
        """Read in the block; other threads wait."""
        with self._lock:
            try:
                yield
            except (sqlite3.Error, OSError) as error:
                self._close()
                raise IndexUnavailableError(
                    f"cannot read from {self._path} {what} ({error}); check the file and its "
                    f"permissions"
                ) from error

    def _open(self) -> sqlite3.Connection | None:
        """Return the connection to what lies at the path, or None where nothing ever did."""
        if self._connection is not None and self._is_of_another_file():
            self._close()
        if self._connection is None:
            self._file = file_at(self._path)
            if self._file is not None:
                self._connection, self._immutable = open_to_read(self._path)
        return self._connection

    def _look(self, sequence: int) -> frozenset[str]:
        if (connection := self._open()) is None:
            return frozenset()
        version = int(connection.execute("PRAGMA data_version").fetchone()[0])
        if (version, sequence) != (self._version, self._after):
            rows = connection.execute(
                "SELECT article_id FROM deleted WHERE sequence > ?", (sequence,)
            )
            self._found = frozenset(article_id for (article_id,) in rows)
            self._version, self._after = version, sequence
        return self._found

    def _is_of_another_file(self) -> bool:
        """Return whether what was opened is not, or no more, what lies at the path.

        Where nothing does at present, what was deleted stays so.
        """
        if self._immutable is not None:
            return self._immutable != _FileState.of(self._path)
        return file_at(self._path) not in (self._file, None)

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection, self._immutable, self._version = None, None, -1


@dataclass(frozen=True, slots=True)
class _FileState:
    """What differs once a record that nobody wrote to is written, or another lies in its place."""

    identity: FileIdentity
    has_log: bool

    @classmethod
    def of(cls, path: Path) -> "_FileState | None":
        """Return the state of the file at a path, or None if there is none."""
        try:
            identity = identity_of(path)
        except FileNotFoundError:
            return None
        return cls(identity, has_log=path.with_name(f"{path.name}-wal").exists())


def open_to_read(path: Path) -> tuple[sqlite3.Connection, _FileState | None]:
    """Open for reading; where nobody may write, SQLite must be told that nobody does.

    Only then the state of the file, before it was opened, comes with it.
    """
    uri = path.absolute().as_uri()
    state = _FileState.of(path)
    unwritten = state is not None and not state.has_log
    for options in ["mode=ro", *(["mode=ro&immutable=1"] if unwritten else [])]:
        connection = sqlite3.connect(
            f"{uri}?{options}", uri=True, isolation_level=None, check_same_thread=False
        )
        try:
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
            if version == 1:  # nothing could be deleted then; writing brings it up to date
                connection.executescript(_BEFORE_CHANGES)
            else:
                check_version(version, path)
        except sqlite3.OperationalError:
            connection.close()
            continue
        except BaseException:
            connection.close()
            raise
        return connection, state if "immutable" in options else None
    raise sqlite3.OperationalError("unable to open it for reading")
