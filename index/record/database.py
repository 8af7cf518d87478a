"""The database of the record: one connection that threads share, its transactions and its rows."""

import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from index.disk_errors import naming_database
from index.file_names import CURRENT_NAME
from index.record.schema import SCHEMA_VERSION, prepare
from qa.errors import IndexUnavailableError

# Another process may hold the write lock while it commits a whole rebuild.
_PATIENCE_S = 60.0
_PAUSE_S = 0.005
_ROWS_AT_ONCE = 500


class RecordDatabase:
    """An open SQLite database with the record's tables; what is committed is durable."""

    def __init__(self, path: Path, *, create: bool) -> None:
        """Open the database at `path`, bring an older one up to date, or `create` it if missing.

        Raises IndexUnavailableError if the file is not a record of this version of Quoth, or
        cannot be opened.
        """
        self._path = path
        self._lock = threading.RLock()
        try:
            self._connection = sqlite3.connect(
                path if create else f"{path.absolute().as_uri()}?mode=rw",
                uri=not create,
                isolation_level=None,
                timeout=_PATIENCE_S,
                check_same_thread=False,
            )
        except sqlite3.Error as error:
            raise _cannot_open(path, error) from error
        try:
            self._prepare(path)
        except sqlite3.OperationalError as error:
            raise _cannot_open(path, error) from error
        except sqlite3.DatabaseError as error:
            raise IndexUnavailableError(
                f"{path} is not a record that can be read ({error}); {record_cure(path)}"
            ) from error

    def _prepare(self, path: Path) -> None:
        """Check or create the tables; the connection is closed if that fails."""
        try:
            _write_ahead(self._connection)
            self._connection.execute("PRAGMA synchronous = FULL")
            version = self._connection.execute("PRAGMA user_version").fetchone()[0]
            if version != SCHEMA_VERSION:
                prepare(self._connection, path)
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        """Close the database; it must not be used afterwards."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write in the block; commit at its end, or roll back if it raises; other threads wait."""
        with naming_database(self._path), self._transaction("IMMEDIATE"):
            yield

    @contextmanager
    def one_state(self) -> Iterator[None]:
        """See one state of what is committed in the block; other threads wait."""
        with self._transaction("DEFERRED"):
            yield

    @contextmanager
    def _transaction(self, kind: str) -> Iterator[None]:
        with self._lock:
            self._connection.execute(f"BEGIN {kind}")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # SQLite has rolled back if the disk is full
                    self._connection.execute("ROLLBACK")
                raise

    def execute(
        self, statement: str, values: Sequence[object] | dict[str, object] = ()
    ) -> sqlite3.Cursor:
        """Run a statement; inside of a transaction, so that no other thread's comes between."""
        return self._connection.execute(statement, values)

    def execute_many(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Run a statement for each row, as `execute`."""
        self._connection.executemany(statement, rows)

    def number(self, query: str, *values: object) -> int:
        """Return the whole number that a query finds."""
        with self._lock:
            return int(self._connection.execute(query, values).fetchone()[0])

    def select(self, query: str, *values: object) -> Iterator[tuple]:  # type: ignore[type-arg]
        """Yield rows in portions, so that other threads find the connection free in between."""
        with self._lock:
            cursor = self._connection.execute(query, values)
        while True:
            with self._lock:
                rows = cursor.fetchmany(_ROWS_AT_ONCE)
            if not rows:
                return
            yield from rows


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Set the journal to a write-ahead log, once another process has done so that does it now.

    Only here SQLite does not wait by itself: two that open a new database at once each hold a lock
    which the other needs (https://sqlite.org/c3ref/busy_handler.html).
    """
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE_S)


def file_at(path: Path) -> tuple[int, int] | None:
    """Return which file lies at a path, as its device and inode, or None if there is none."""
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_dev, found.st_ino


def record_cure(path: Path) -> str:
    """Return what to do about a damaged record, also where no copy of it was kept."""
    index_dir = path.parent
    # Sources lack what came over HTTP; what serves has it, where anything does.
    if (index_dir / CURRENT_NAME).exists():
        another = f"make it from what serves with: quoth repair {index_dir}"
    else:
        another = "index the sources again"
    return f"restore it from a copy, or move it away and {another}"


def _cannot_open(path: Path, error: sqlite3.Error) -> IndexUnavailableError:
    return IndexUnavailableError(
        f"cannot open the record {path} ({error}); check that the disk has room, and that the "
        f"file and its folder may be written"
    )
