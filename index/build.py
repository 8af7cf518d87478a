"""The article's road from sources to a published generation."""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from index.delta import FoldRule
from index.dense.kinds import VectorSettings
from index.encoder import PassageEncoder
from index.gate import Comparison, Gate
from index.generation_folders import (
    ASIDE_NAME,
    BUILD_LOCK_NAME,
    GENERATIONS_NAME,
    KEPT_GENERATIONS,
    check_is_index,
    remove_aside,
)
from index.locks import BuildInProgressError, building_lock
from index.manifest import Counts, Manifest, size_on_disk
from index.part_writer import Progress, Silent
from index.passages import PassageBudget
from index.publishing import Published, Publisher, budget_of
from index.record import RECORD_NAME, Difference, Record
from index.sources import Skipped, SourceFile, find_source_files, read_articles
from index.staged import StagedRecord
from qa.errors import QuothError
from qa.values import Article

__all__ = [
    "LOCK_NAME",
    "BuildInProgressError",
    "BuildReport",
    "Mode",
    "NothingToIndexError",
    "Progress",
    "Silent",
    "build_index",
]

LOCK_NAME = BUILD_LOCK_NAME
_SHOWN_REASONS = 3
# A service that folds a small index in the background has done so by then.
_PATIENCE_S = 5
# As long as it takes to fold a large one.
_REHEARSAL_PATIENCE_S = 600
_NOTHING = Counts(articles=0, sentences=0, passages=0)


class NothingToIndexError(QuothError):
    """The sources hold not one article."""


class Mode(StrEnum):
    """What the sources are to the index."""

    REBUILD = "rebuild"
    """All it holds; everything is built anew."""
    SYNC = "sync"
    """All it holds; only what differs is built."""
    ADD = "add"
    """More, or newer: nothing leaves the index."""

    @property
    def removes_others(self) -> bool:
        """Whether what the sources do not hold leaves the index."""
        return self is not Mode.ADD


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a run did; `seconds` in all and by stage, `size` in bytes of the generation.

    Without changes `generation` is the one that serves, with a dry run too; None if none does.
    `encoded` and `reused` count passages whose vectors were computed, or known before. `gate` is
    what the quality gate has found, if it was asked; `vectors` says how dense search works.
    """

    mode: Mode
    dry_run: bool
    generation: str | None
    articles: int
    sentences: int
    passages: int
    added: int
    changed: int
    removed: int
    unchanged: int
    encoded: int
    reused: int
    skipped: tuple[Skipped, ...]
    seconds: float
    stage_seconds: dict[str, float]
    size: int
    gate: Comparison | None = None
    vectors: str | None = None


def build_index(
    sources: Sequence[Path],
    index_dir: Path,
    *,
    encoder: PassageEncoder,
    budget: PassageBudget | None,
    progress: Progress,
    mode: Mode = Mode.REBUILD,
    keep: int = KEPT_GENERATIONS,
    dry_run: bool = False,
    gate: Gate | None = None,
    vectors: VectorSettings | None = None,
) -> BuildReport:
    """Read the sources into the record, and publish a generation of it.

    Vectors of passages that were encoded before are reused. An index directory inside of a source
    is no source itself. Whatever happens before the last step, the generation that served goes on
    serving. With no `budget` passages are cut as they are in the index, and with no `vectors` dense
    search is chosen as it was. With `dry_run` nothing is
    written, and the report says what would be.

    With a `gate` what serves is compared with what will, before the record is changed: where that
    is worse, the index and the record stay as they are, and the new generation lies aside until
    the next run that publishes.

    Raises QualityGateError for that, SourceError for a source that does not exist,
    NothingToIndexError if no article could be read, BuildInProgressError if another process builds
    the same index, OSError or sqlite3.Error if the disk fails.
    """
    own = index_dir.resolve()
    files = [
        file for file in find_source_files(sources) if not file.path.resolve().is_relative_to(own)
    ]
    run = _Build(index_dir, encoder, budget, progress, mode, keep, gate, vectors)
    if dry_run:
        return run.rehearse(files)
    index_dir.mkdir(parents=True, exist_ok=True)
    if mode is Mode.REBUILD:
        with building_lock(index_dir, patience_s=_PATIENCE_S):
            return run.run(files)
    check_is_index(index_dir)
    return run.run(files)


class _Build:
    """One run of the road."""

    def __init__(
        self,
        index_dir: Path,
        encoder: PassageEncoder,
        budget: PassageBudget | None,
        progress: Progress,
        mode: Mode,
        keep: int,
        gate: Gate | None,
        vectors: VectorSettings | None,
    ) -> None:
        self._index_dir = index_dir
        self._encoder = encoder
        self._budget = budget
        self._progress = progress
        self._mode = mode
        self._keep = keep
        self._gate = gate
        self._vectors = vectors
        self._comparison: Comparison | None = None
        self._began = time.perf_counter()
        self._reading_seconds = 0.0
        self._skipped: list[Skipped] = []

    def run(self, files: Sequence[SourceFile]) -> BuildReport:
        """Read, and publish if there is anything to publish."""
        with ExitStack() as stack:
            record = Record(self._index_dir / RECORD_NAME)
            stack.callback(record.close)
            publisher = Publisher(
                self._index_dir,
                record,
                self._encoder,
                keep=self._keep,
                progress=self._progress,
                vectors=self._vectors,
            )
            difference = self._read(files, record)
            staged = StagedRecord(record, difference, remove_others=self._mode.removes_others)
            published = self._publish(publisher, staged)
            if published is not None:
                remove_aside(self._index_dir / ASIDE_NAME)
            return self._report(publisher, difference, published)

    def rehearse(self, files: Sequence[SourceFile]) -> BuildReport:
        """Read, and report what would be done."""
        path = self._index_dir / RECORD_NAME
        with ExitStack() as stack:
            record = Record(path if path.exists() else Path(":memory:"))
            stack.callback(record.close)
            difference = self._read(files, record)
            publisher = Publisher(self._index_dir, record, self._encoder)
            return self._report(publisher, difference, None, dry_run=True)

    def _publish(self, publisher: Publisher, staged: StagedRecord) -> Published | None:
        """Publish a new base or a delta, or nothing if the generation holds the record already."""
        if self._mode is Mode.REBUILD:
            return self._publish_base(publisher, staged, reuse_cuts=False)
        if publisher.needs_base(self._budget):
            with building_lock(self._index_dir):
                return self._publish_base(publisher, staged, reuse_cuts=True)
        if self._gate is not None and staged.differs:
            with building_lock(self._index_dir, patience_s=_REHEARSAL_PATIENCE_S):
                self._comparison = publisher.rehearse_delta(staged, self._gate)
        staged.apply()
        published = publisher.publish_delta(even_if_held=True)
        if published is None or not FoldRule().is_due(published.manifest):
            return published
        try:
            with building_lock(self._index_dir):
                budget = budget_of(published.manifest)
                return publisher.build_base(budget, reuse_cuts=True, even_if_held=True)
        except BuildInProgressError:  # the service is folding already
            return published

    def _publish_base(
        self, publisher: Publisher, staged: StagedRecord, *, reuse_cuts: bool
    ) -> Published | None:
        budget = self._new_budget(publisher)
        if self._gate is None:
            staged.apply()
            return publisher.build_base(budget, reuse_cuts=reuse_cuts, even_if_held=True)
        published = publisher.build_base(
            budget, reuse_cuts=reuse_cuts, even_if_held=True, staged=staged, gate=self._gate
        )
        self._comparison = None if published is None else published.comparison
        return published

    def _new_budget(self, publisher: Publisher) -> PassageBudget:
        if self._budget is not None:
            return self._budget
        current = _served(publisher)
        return PassageBudget() if current is None else budget_of(current)

    def _report(
        self,
        publisher: Publisher,
        difference: Difference,
        published: Published | None,
        *,
        dry_run: bool = False,
    ) -> BuildReport:
        manifest = published.manifest if published is not None else _served(publisher)
        counts = _NOTHING if manifest is None else manifest.counts
        reused = 0 if published is None else published.reused
        written = 0 if published is None else published.written
        return BuildReport(
            mode=self._mode,
            dry_run=dry_run,
            generation=None if manifest is None else manifest.generation,
            articles=counts.articles,
            sentences=counts.sentences,
            passages=counts.passages,
            added=difference.added,
            changed=difference.changed,
            removed=difference.removed if self._mode.removes_others else 0,
            unchanged=difference.unchanged,
            encoded=written - reused,
            reused=reused,
            skipped=tuple(self._skipped),
            seconds=time.perf_counter() - self._began,
            stage_seconds={"read": self._reading_seconds, **publisher.stage_seconds},
            size=0 if manifest is None else self._size(manifest),
            vectors=None if manifest is None else manifest.base.vectors.described(),
            gate=self._comparison,
        )

    def _size(self, manifest: Manifest) -> int:
        folder = self._index_dir / GENERATIONS_NAME / manifest.generation
        return size_on_disk(folder, manifest.files)

    def _read(self, files: Sequence[SourceFile], record: Record) -> Difference:
        began = time.perf_counter()
        difference = record.stage(self._articles(files))
        self._reading_seconds = time.perf_counter() - began
        return difference

    def _articles(self, files: Sequence[SourceFile]) -> Iterator[Article]:
        origins: dict[str, str] = {}
        self._progress.advance("read", done=0, total=len(files))
        for done, file in enumerate(files, start=1):
            for item in read_articles(file):
                if isinstance(item, Skipped):
                    self._skipped.append(item)
                elif item.article_id in origins:
                    self._skipped.append(
                        Skipped(
                            file.shown_name,
                            f"the id {item.article_id!r} is taken by {origins[item.article_id]}; "
                            f"give each article an id of its own",
                        )
                    )
                else:
                    origins[item.article_id] = file.shown_name
                    yield item
            self._progress.advance("read", done=done, total=len(files))
        if not origins:
            raise NothingToIndexError(
                f"the sources hold no article that can be read, so the index is unchanged"
                f"{_first_reasons(self._skipped)}"
            )


def _served(publisher: Publisher) -> Manifest | None:
    try:
        return publisher.current()
    except QuothError:
        return None


def _first_reasons(skipped: Sequence[Skipped]) -> str:
    """Return why nothing was read, short enough for one line."""
    if not skipped:
        return "; add .txt, .md or .jsonl files"
    shown = "; ".join(f"{skip.where}: {skip.reason}" for skip in skipped[:_SHOWN_REASONS])
    more = len(skipped) - _SHOWN_REASONS
    return f": {shown}" + (f"; and {more} more" if more > 0 else "")
