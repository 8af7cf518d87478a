"""The record: all articles and all vectors ever computed, durable in one SQLite database.

Generations are derived from it and can be thrown away; it cannot. Every transaction that changes
articles has a number, the *sequence*, which only grows; an article carries that of its last
change. What leaves the record leaves its id: in `removed` until the article comes back, and, if
it was deleted on request, for ever in `deleted`, which services look up before they answer.
What a run has read from its sources waits beside the articles until it is applied: `staged.py`.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from index.encoding.encoder import Vectors
from index.record.article_rows import (
    COLUMN_LIST,
    COLUMNS,
    PLACEHOLDERS,
    content_sha256,
    from_row,
    to_row,
)
from index.record.database import RecordDatabase
from qa.values import Article

_LOOKED_UP_AT_ONCE = 500
ALL_COLUMNS = f"{COLUMN_LIST}, content_sha256, sequence"
UPSERT = "ON CONFLICT (article_id) DO UPDATE SET " + ", ".join(
    f"{c} = excluded.{c}" for c in (*COLUMNS[1:], "content_sha256", "sequence")
)


class Change(StrEnum):
    """What a write did to an article of the record."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Written:
    """A write that is durable: a generation of `sequence` or later holds it."""

    article_id: str
    change: Change
    sequence: int


class Record:
    """The open record; several processes may write it, and threads may share one of these."""

    def __init__(self, path: Path, *, create: bool = True) -> None:
        """Open the record at `path`, bring an older one up to date, or `create` it if missing.

        Raises IndexUnavailableError if the file is not a record of this version of Quoth, or
        cannot be opened.
        """
        self.database = RecordDatabase(path, create=create)

    def close(self) -> None:
        """Close the database; the record must not be used afterwards."""
        self.database.close()

    # Reading

    @contextmanager
    def snapshot(self) -> Iterator[int]:
        """Give the sequence of the state that all reading inside of the block sees."""
        with self.database.one_state():
            yield self.sequence()

    def sequence(self) -> int:
        """Return the number of the last change; 0 is the empty record."""
        return self.database.number("SELECT sequence FROM counter")

    def articles(self, *, after: int = 0) -> Iterator[Article]:
        """Yield the articles changed after a sequence, in the order in which each came first."""
        for row in self.database.select(
            f"SELECT {COLUMN_LIST} FROM articles WHERE sequence > ? ORDER BY position", after
        ):
            yield from_row(row)

    def article(self, article_id: str) -> Article | None:
        """Return an article, or None if there is none with this id."""
        query = f"SELECT {COLUMN_LIST} FROM articles WHERE article_id = ?"
        return next((from_row(row) for row in self.database.select(query, article_id)), None)

    def count(self, *, after: int = 0) -> int:
        """Return the number of articles, or of those changed after a sequence."""
        return self.database.number("SELECT count(*) FROM articles WHERE sequence > ?", after)

    def changed_ids(self, *, after: int) -> list[str]:
        """Return the ids of the articles that were added or changed after a sequence."""
        query = "SELECT article_id FROM articles WHERE sequence > ?"
        return [article_id for (article_id,) in self.database.select(query, after)]

    def gone(self, *, after: int) -> list[str]:
        """Return the ids, sorted, of what left the record after a sequence and is not back."""
        query = "SELECT article_id FROM removed WHERE sequence > ? ORDER BY article_id"
        return [article_id for (article_id,) in self.database.select(query, after)]

    def pending(self, *, after: int) -> int:
        """Return how many changes are held that a generation of this sequence lacks."""
        return self.count(after=after) + len(self.gone(after=after))

    # Writing

    def put(self, articles: Sequence[Article]) -> list[Written]:
        """Add articles or change them, in one transaction; the same content changes nothing."""
        with self.database.transaction():
            sequence = self.sequence() + 1
            written = [self._put(article, sequence) for article in articles]
            if any(one.change is not Change.UNCHANGED for one in written):
                self.count_to(sequence)
        return written

    def delete(self, article_id: str, *, even_if_absent: bool = False) -> int | None:
        """Delete an article, and return the sequence of the deletion, or None if it is not there.

        From then on no generation of an earlier sequence serves it. With `even_if_absent`, the
        same holds for an article that only an older generation has.
        """
        with self.database.transaction():
            sequence = self.sequence() + 1
            parameters = {"id": article_id, "sequence": sequence}
            found = self.database.execute(
                "DELETE FROM articles WHERE article_id = :id", parameters
            ).rowcount
            if not found and not even_if_absent:
                return None
            for table in ("removed", "deleted"):
                self.database.execute(
                    f"INSERT OR REPLACE INTO {table} VALUES (:id, :sequence)", parameters
                )
            self.count_to(sequence)
        return sequence

    def skip_to(self, sequence: int) -> None:
        """Go on counting behind `sequence`, where generations are newer than this record."""
        with self.database.transaction():
            if sequence > self.sequence():
                self.count_to(sequence)

    def change_of(self, article_id: str, digest: bytes) -> Change:
        """Return what putting contents of this digest under an id would do; in a transaction."""
        held = self.database.execute(
            "SELECT content_sha256 FROM articles WHERE article_id = ?", (article_id,)
        ).fetchone()
        if held is None:
            return Change.ADDED
        return Change.UNCHANGED if held[0] == digest else Change.CHANGED

    def count_to(self, sequence: int) -> None:
        """Make this the number of the last change; in the transaction that makes the change."""
        self.database.execute("UPDATE counter SET sequence = ?", (sequence,))

    # Vectors

    def vectors(self, encoder: str, text_sha256s: Sequence[bytes]) -> dict[bytes, Vectors]:
        """Return the stored vectors of these texts, by the digest of the text."""
        found: dict[bytes, Vectors] = {}
        for first in range(0, len(text_sha256s), _LOOKED_UP_AT_ONCE):
            wanted = text_sha256s[first : first + _LOOKED_UP_AT_ONCE]
            rows = self.database.select(
                "SELECT text_sha256, vector FROM embeddings WHERE encoder = ? AND text_sha256 IN "
                f"({', '.join('?' for _ in wanted)})",
                encoder,
                *wanted,
            )
            found |= {digest: np.frombuffer(vector, dtype="<f4") for digest, vector in rows}
        return found

    def add_vectors(self, encoder: str, vectors: Iterable[tuple[bytes, Vectors]]) -> None:
        """Keep vectors under the digests of their texts; what is there already stays."""
        with self.database.transaction():
            self.database.execute_many(
                "INSERT OR IGNORE INTO embeddings VALUES (?, ?, ?)",
                ((encoder, digest, vector.astype("<f4").tobytes()) for digest, vector in vectors),
            )

    def _put(self, article: Article, sequence: int) -> Written:
        row = to_row(article)
        digest = content_sha256(row)
        change = self.change_of(article.article_id, digest)
        if change is Change.UNCHANGED:
            query = "SELECT sequence FROM articles WHERE article_id = ?"
            return Written(
                article.article_id, change, self.database.number(query, article.article_id)
            )
        self.database.execute(
            f"INSERT INTO articles ({ALL_COLUMNS}) VALUES ({PLACEHOLDERS}, ?, ?) {UPSERT}",
            (*row, digest, sequence),
        )
        self.database.execute("DELETE FROM removed WHERE article_id = ?", (article.article_id,))
        return Written(article.article_id, change, sequence)
