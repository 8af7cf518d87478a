"""The record: all articles and all vectors ever computed, durable in one SQLite database.

Generations are derived from it and can be thrown away; it cannot.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from index.article_rows import COLUMN_DEFINITIONS, COLUMN_LIST, PLACEHOLDERS, from_row, to_row
from index.encoder import Vectors
from qa.errors import IndexUnavailableError
from qa.values import Article

SCHEMA_VERSION = 1
RECORD_NAME = "record.sqlite"

_SCHEMA = f"""
CREATE TABLE articles (sequence INTEGER PRIMARY KEY, {COLUMN_DEFINITIONS}) STRICT;
CREATE TABLE embeddings (
    encoder TEXT NOT NULL,
    text_sha256 BLOB NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (encoder, text_sha256)
) STRICT, WITHOUT ROWID;
"""
_LOOKED_UP_AT_ONCE = 500


class Record:
    """The open record. One process writes it at a time; `index.build` holds the lock."""

    def __init__(self, path: Path) -> None:
        """Open the record at `path`, or create it.

        Raises IndexUnavailableError if the file is not a record of this version of Quoth, or
        cannot be opened.
        """
        try:
            self._connection = sqlite3.connect(path, isolation_level=None)
        except sqlite3.Error as error:
            raise _cannot_open(path, error) from error
        try:
            self._prepare(path)
        except sqlite3.OperationalError as error:
            raise _cannot_open(path, error) from error
        except sqlite3.DatabaseError as error:
            raise IndexUnavailableError(
                f"{path} is not a record that can be read ({error}); restore it from a copy, or "
                f"move it away and index the sources again"
            ) from error

    def _prepare(self, path: Path) -> None:
        """Check or create the tables; the connection is closed if that fails."""
        try:
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            version = self._connection.execute("PRAGMA user_version").fetchone()[0]
            if version == 0 and not self._tables():
                self._create()
            elif version != SCHEMA_VERSION:
                raise IndexUnavailableError(
                    f"{path} has schema version {version}, but this Quoth reads version "
                    f"{SCHEMA_VERSION}; use the Quoth that wrote it, or another --index-dir"
                )
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        """Close the database; the record must not be used afterwards."""
        self._connection.close()

    def replace_articles(self, articles: Iterable[Article]) -> None:
        """Make `articles`, in their order, all that the record holds, in one transaction.

        An error from the iterable leaves the record as it was.
        """
        with self._transaction():
            self._connection.execute("DELETE FROM articles")
            self._connection.executemany(
                f"INSERT INTO articles ({COLUMN_LIST}) VALUES ({PLACEHOLDERS})",
                (to_row(article) for article in articles),
            )

    def articles(self) -> Iterator[Article]:
        """Yield all articles in the order in which they were put."""
        query = f"SELECT {COLUMN_LIST} FROM articles ORDER BY sequence"
        for row in self._connection.execute(query):
            yield from_row(row)

    def count(self) -> int:
        """Return the number of articles."""
        return int(self._connection.execute("SELECT count(*) FROM articles").fetchone()[0])

    def vectors(self, encoder: str, text_sha256s: Sequence[bytes]) -> dict[bytes, Vectors]:
        """Return the stored vectors of these texts, by the digest of the text."""
        found: dict[bytes, Vectors] = {}
        for first in range(0, len(text_sha256s), _LOOKED_UP_AT_ONCE):
            wanted = text_sha256s[first : first + _LOOKED_UP_AT_ONCE]
            rows = self._connection.execute(
                "SELECT text_sha256, vector FROM embeddings WHERE encoder = ? AND text_sha256 IN "
                f"({', '.join('?' for _ in wanted)})",
                (encoder, *wanted),
            )
            found |= {digest: np.frombuffer(vector, dtype="<f4") for digest, vector in rows}
        return found

    def add_vectors(self, encoder: str, vectors: Iterable[tuple[bytes, Vectors]]) -> None:
        """Keep vectors under the digests of their texts; what is there already stays."""
        with self._transaction():
            self._connection.executemany(
                "INSERT OR IGNORE INTO embeddings VALUES (?, ?, ?)",
                ((encoder, digest, vector.astype("<f4").tobytes()) for digest, vector in vectors),
            )

    def _create(self) -> None:
        self._connection.executescript(
            f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"
        )

    def _tables(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])

    def _transaction(self) -> "_Transaction":
        return _Transaction(self._connection)


class _Transaction:
    """Commits at the end of a `with` block, or rolls back if it raises."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._connection.execute("COMMIT")
        elif self._connection.in_transaction:  # SQLite has rolled back itself if the disk is full
            self._connection.execute("ROLLBACK")


def _cannot_open(path: Path, error: sqlite3.Error) -> IndexUnavailableError:
    return IndexUnavailableError(
        f"cannot open the record {path} ({error}); check that the disk has room, and that the "
        f"file and its folder may be written"
    )
