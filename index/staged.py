"""The record as it will be once what is staged has been applied, for who wants to build it first.

What a run has read from its sources can so be built, opened and judged, while the record and the
services that follow it are as they were.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from index.record import Difference, Record
from qa.values import Article


class StagedRecord:
    """Reads a record with its staged articles in place; valid until they are applied."""

    def __init__(self, record: Record, difference: Difference, *, remove_others: bool) -> None:
        """`difference` is what staging them has returned."""
        self._record = record
        self._difference = difference
        self._remove_others = remove_others

    @contextmanager
    def snapshot(self) -> Iterator[int]:
        """Give the sequence of the record's state that all reading inside of the block sees."""
        with self._record.snapshot() as sequence:
            yield sequence

    def articles(self, *, after: int = 0) -> Iterator[Article]:
        """Yield what stays as it is and was changed after a sequence, then what is staged."""
        yield from self._record.articles_left_alone(after=after, remove_others=self._remove_others)
        yield from self._record.staged_articles()

    def count(self, *, after: int = 0) -> int:
        """Return the number of articles that `articles` yields."""
        return len(self.changed_ids(after=after))

    def changed_ids(self, *, after: int) -> list[str]:
        """Return the ids of the articles that `articles` yields."""
        return self._record.ids_with_staged(after=after, remove_others=self._remove_others)

    def gone(self, *, after: int) -> list[str]:
        """Return the ids, sorted, of what left the record after a sequence, or will leave it."""
        gone = set(self._record.gone(after=after)).difference(self._record.staged_ids())
        leaving = self._record.unseen_ids() if self._remove_others else []
        return sorted(gone.union(leaving))

    @property
    def differs(self) -> bool:
        """Whether applying it changes anything, as far as was known when it was staged."""
        found = self._difference
        return bool(found.added or found.changed or (self._remove_others and found.removed))

    def apply(self) -> int:
        """Apply what is staged; return the record's sequence."""
        return self._record.apply_staged(remove_others=self._remove_others)

    def apply_over(self, sequence: int) -> int:
        """Apply what is staged, and return the sequence of the state that was read here.

        It was read when the record was at `sequence`. If others have written since, their changes
        are not in it, and it stays at that sequence: what comes after is to be added to it.
        """
        applied = self.apply()
        return applied if self.differs and applied == sequence + 1 else sequence
