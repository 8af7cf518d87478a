"""What a run has read from its sources, until it is applied to the record.

What differs from the record waits in tables of the run's own connection, outside of memory. It can
be read as the record that it will make, so that a generation of it can be built, opened and
judged while the record, and the services that follow it, are as they were.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from index.disk_errors import naming_database
from index.record.article_rows import (
    COLUMN_LIST,
    COLUMNS,
    PLACEHOLDERS,
    content_sha256,
    from_row,
    to_row,
)
from index.record.record import ALL_COLUMNS, UPSERT, Change, Record
from qa.values import Article

# Tables of this connection alone, in a file where SQLite has its temporary ones.
_TABLES = (
    "DROP TABLE IF EXISTS temp.staged",
    "DROP TABLE IF EXISTS temp.seen",
    "CREATE TEMP TABLE seen (article_id TEXT PRIMARY KEY) WITHOUT ROWID",
    f"CREATE TEMP TABLE staged ({', '.join(COLUMNS)}, content_sha256)",
)
_TEMPORARY = "SQLite's temporary files (in SQLITE_TMPDIR, or else TMPDIR, or else /var/tmp)"


@dataclass(frozen=True, slots=True)
class Difference:
    """How many articles of the record are added, changed, removed and left alone."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0

    @property
    def held_before(self) -> int:
        """How many articles the record held; where nothing leaves it, only those that were met."""
        return self.changed + self.removed + self.unchanged

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.added or self.changed or self.removed)


class StagedRecord:
    """The record with the staged articles in place; valid until they are applied.

    `difference` was counted while they were staged.
    """

    def __init__(self, record: Record, articles: Iterable[Article], *, remove_others: bool) -> None:
        """Compare articles with the record and keep those that differ; nobody waits for it.

        With `remove_others`, the record's articles that are not among them will leave it, but for
        those that are put from now on. An error from the iterable leaves nothing staged; an id
        that stands twice is one.
        """
        self._record = record
        self._database = record.database
        self._remove_others = remove_others
        # What others have put since it was compared was not missed among the articles.
        self._unseen = (
            f"(article_id NOT IN (SELECT article_id FROM seen) AND sequence <= {record.sequence()})"
        )
        self.difference = self._stage(articles)

    def keep_others(self) -> None:
        """Let nothing leave the record, where not all that was to be compared with it is known."""
        self._remove_others = False
        self.difference = replace(self.difference, removed=0)

    @property
    def _left_alone(self) -> str:
        stays = f" AND NOT {self._unseen}" if self._remove_others else ""
        return f"article_id NOT IN (SELECT article_id FROM staged){stays}"

    # What the record will be

    @contextmanager
    def snapshot(self) -> Iterator[int]:
        """Give the sequence of the record's state that all reading inside of the block sees."""
        with self._record.snapshot() as sequence:
            yield sequence

    def articles(self, *, after: int = 0) -> Iterator[Article]:
        """Yield what stays as it is and was changed after a sequence, then what is staged."""
        stays = (
            f"SELECT {COLUMN_LIST} FROM articles WHERE sequence > ? "
            f"AND {self._left_alone} ORDER BY position"
        )
        for row in self._database.select(stays, after):
            yield from_row(row)
        for row in self._database.select(f"SELECT {COLUMN_LIST} FROM staged ORDER BY rowid"):
            yield from_row(row)

    def count(self, *, after: int = 0) -> int:
        """Return the number of articles that `articles` yields."""
        return len(self.changed_ids(after=after))

    def changed_ids(self, *, after: int) -> list[str]:
        """Return the ids of the articles that `articles` yields."""
        query = (
            f"SELECT article_id FROM articles WHERE sequence > ? AND {self._left_alone} "
            f"UNION ALL SELECT article_id FROM staged"
        )
        return [article_id for (article_id,) in self._database.select(query, after)]

    def gone(self, *, after: int) -> list[str]:
        """Return the ids, sorted, of what left the record after a sequence, or will leave it."""
        staged = self._database.select("SELECT article_id FROM staged")
        gone = set(self._record.gone(after=after)).difference(one for (one,) in staged)
        return sorted(gone.union(self.removed_ids()))

    def removed_ids(self, *, most: int = -1) -> list[str]:
        """Return the ids, sorted, of what will leave the record; of many the first `most`."""
        if not self._remove_others:
            return []
        query = f"SELECT article_id FROM articles WHERE {self._unseen} ORDER BY article_id LIMIT ?"
        return [article_id for (article_id,) in self._database.select(query, most)]

    # Making it so

    def apply(self) -> tuple[int, bool]:
        """Put what is staged, in one transaction.

        Return the record's sequence, and whether the transaction changed anything: others may have
        made the same changes before.
        """
        with self._database.transaction():
            sequence = self._record.sequence() + 1
            changed = self._database.execute(
                f"INSERT INTO articles ({ALL_COLUMNS}) SELECT {COLUMN_LIST}, content_sha256, ? "
                f"FROM staged WHERE TRUE ORDER BY staged.rowid {UPSERT}",
                (sequence,),
            ).rowcount
            self._database.execute(
                "DELETE FROM removed WHERE article_id IN (SELECT article_id FROM staged)"
            )
            if self._remove_others:
                self._database.execute(
                    f"INSERT OR REPLACE INTO removed SELECT article_id, ? FROM articles "
                    f"WHERE {self._unseen}",
                    (sequence,),
                )
                changed += self._database.execute(
                    f"DELETE FROM articles WHERE {self._unseen}"
                ).rowcount
            if not changed:
                return sequence - 1, False
            self._record.count_to(sequence)
        return sequence, True

    def apply_over(self, sequence: int) -> int:
        """Apply what is staged, and return the sequence of the state that was read here.

        It was read when the record was at `sequence`. If others have written since, their changes
        are not in it, and it stays at that sequence: what comes after is to be added to it.
        """
        applied, is_own = self.apply()
        return applied if is_own and applied == sequence + 1 else sequence

    def _stage(self, articles: Iterable[Article]) -> Difference:
        counts = dict.fromkeys(Change, 0)
        with naming_database(_TEMPORARY), self._database.one_state():
            for statement in _TABLES:
                self._database.execute(statement)
            for article in articles:
                change = self._stage_one(article)
                counts[change] += 1
            unseen = self._database.number(f"SELECT count(*) FROM articles WHERE {self._unseen}")
        return Difference(
            counts[Change.ADDED],
            counts[Change.CHANGED],
            unseen if self._remove_others else 0,
            counts[Change.UNCHANGED],
        )

    def _stage_one(self, article: Article) -> Change:
        self._database.execute("INSERT INTO seen VALUES (?)", (article.article_id,))
        row = to_row(article)
        digest = content_sha256(row)
        change = self._record.change_of(article.article_id, digest)
        if change is not Change.UNCHANGED:
            self._database.execute(f"INSERT INTO staged VALUES ({PLACEHOLDERS}, ?)", (*row, digest))
        return change
