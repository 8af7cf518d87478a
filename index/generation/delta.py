"""The delta of a generation: every article that was changed since its base was built."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from index.file_names import BASE_NAME, DELTA_NAME, KEYWORDS_NAME, TABLES_NAME
from index.generation.folder_moves import link_files
from index.generation.manifest import BaseEntry, DeltaEntry, Manifest
from index.generation.part_writer import PartWriter
from index.generation.tables import Tables
from index.keywords import KeywordIndex
from qa.values import Article


class ChangeSource(Protocol):
    """Tells what was changed after a sequence: the record, or what it will be."""

    def snapshot(self) -> AbstractContextManager[int]:
        """Give the sequence of the state that all reading inside of the block sees."""
        ...

    def changed_ids(self, *, after: int) -> list[str]:
        """Return the ids of the articles that were added or changed after a sequence."""
        ...

    def gone(self, *, after: int) -> list[str]:
        """Return the ids of what left after a sequence and is not back."""
        ...

    def articles(self, *, after: int = 0) -> Iterator[Article]:
        """Yield the articles changed after a sequence."""
        ...


@dataclass(frozen=True, slots=True)
class FoldRule:
    """When a delta is folded into a new base.

    Every publish writes the whole delta, every search looks through it, and what it hides in the
    base still counts in the statistics of words. All three stay small while the passages that
    were changed (new in the delta, or hidden in the base) are at most `share` of the base's.
    Up to `least` passages a publish takes well under a second whatever the base.
    """

    share: float = 0.1
    least: int = 200

    def is_due(self, manifest: Manifest) -> bool:
        """Return whether the generation's delta is too large in relation to its base."""
        if manifest.delta is None:
            return False
        most = max(self.least, self.share * manifest.base.counts.passages)
        return manifest.delta.changed_passages > most


@dataclass(frozen=True, slots=True)
class WrittenDelta:
    """The record's sequence that base and delta hold together; no entry where nothing differs."""

    sequence: int
    entry: DeltaEntry | None


def write_delta(
    folder: Path, base_entry: BaseEntry, record: ChangeSource, writer: PartWriter
) -> WrittenDelta:
    """Write the delta over the base in `folder` that brings it to the record's present state.

    The keyword index of the delta is that of the base, by links, with the new passages added and
    the hidden ones taken out: its scores are those of one index.
    """
    delta = folder / DELTA_NAME
    base = Tables(folder / BASE_NAME / TABLES_NAME)
    try:
        with record.snapshot() as sequence:
            after = base_entry.sequence
            changed = record.changed_ids(after=after)
            hidden = sorted(base.rows_of(changed + record.gone(after=after)).values())
            if not changed and not hidden:
                return WrittenDelta(sequence, None)
            tables = writer.write_tables(
                delta,
                record.articles(after=after),
                total=len(changed),
                first_row=base.last_row() + 1,
                hidden=hidden,
            )
        try:
            link_files(folder / BASE_NAME / KEYWORDS_NAME, delta / KEYWORDS_NAME)
            entries = writer.keyword_entries(tables)
            KeywordIndex.extend(delta / KEYWORDS_NAME, entries, without=hidden)
            writer.write_vectors(delta, tables)
            entry = DeltaEntry(counts=tables.counts(), hidden=base.counts(hidden))
        finally:
            tables.close()
    finally:
        base.close()
    return WrittenDelta(sequence, entry)
