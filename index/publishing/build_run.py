"""One run of the article's road: what is read is staged, judged, applied and published."""

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from index.dense.kinds import VectorSettings
from index.encoding.encoder import PassageEncoder
from index.file_names import ASIDE_NAME, RECORD_NAME
from index.generation.delta import FoldRule
from index.generation.folder_moves import remove_aside
from index.generation.folders import folder_of
from index.generation.locks import BuildInProgressError, building_lock
from index.generation.manifest import NOTHING_HELD, Manifest, size_on_disk
from index.progress import Progress
from index.publishing.build_report import BuildReport, Mode
from index.publishing.current import budget_of
from index.publishing.gate import Comparison, Gate
from index.publishing.publish import Published, Publisher
from index.publishing.removal import RemovalLimit, TooMuchRemovedError
from index.publishing.staged import StagedRecord
from index.record.record import Record
from index.sources import Skipped
from index.splitting.passages import PassageBudget
from qa.values import Article

# As long as it takes to fold a large index.
_REHEARSAL_PATIENCE_S = 600

Reading = Callable[[Record], Iterable[Article]]
"""What the record is to be compared with; told the record, inside of one state of it."""


@dataclass(slots=True)
class BuildRun:
    """One run of the road; `skipped` is what it has left out once all is read."""

    index_dir: Path
    encoder: PassageEncoder
    budget: PassageBudget | None
    progress: Progress
    mode: Mode
    keep: int
    limit: RemovalLimit | None = None
    gate: Gate | None = None
    vectors: VectorSettings | None = None
    skipped: Sequence[Skipped] = ()
    _comparison: Comparison | None = field(default=None, init=False)
    _began: float = field(default_factory=time.perf_counter, init=False)
    _reading_seconds: float = field(default=0.0, init=False)

    def run(self, articles: Reading) -> BuildReport:
        """Read, and publish if there is anything to publish."""
        with closing(Record(self.index_dir / RECORD_NAME)) as record:
            publisher = Publisher(
                self.index_dir,
                record,
                self.encoder,
                keep=self.keep,
                progress=self.progress,
                vectors=self.vectors,
            )
            staged = self._read(articles, record)
            refusal = self._refusal(staged)
            if refusal is not None:
                raise refusal
            removed = staged.removed_ids()
            published = self._publish(publisher, staged)
            if published is not None:
                remove_aside(self.index_dir / ASIDE_NAME)
            return self._report(publisher, staged, removed, published)

    def rehearse(self, articles: Reading) -> BuildReport:
        """Read, and report what would be done."""
        path = self.index_dir / RECORD_NAME
        with closing(Record(path if path.exists() else Path(":memory:"))) as record:
            staged = self._read(articles, record)
            publisher = Publisher(self.index_dir, record, self.encoder)
            report = self._report(publisher, staged, staged.removed_ids(), None, dry_run=True)
            refusal = self._refusal(staged)
            return report if refusal is None else replace(report, refused=str(refusal))

    def _read(self, articles: Reading, record: Record) -> StagedRecord:
        began = time.perf_counter()
        staged = StagedRecord(record, articles(record), remove_others=self.mode.removes_others)
        if any(skip.is_unread for skip in self.skipped):
            staged.keep_others()
        self._reading_seconds = time.perf_counter() - began
        return staged

    def _refusal(self, staged: StagedRecord) -> TooMuchRemovedError | None:
        if self.limit is None or not self.limit.is_exceeded(staged.difference):
            return None
        return TooMuchRemovedError(staged, self.limit, skipped=self.skipped)

    def _publish(self, publisher: Publisher, staged: StagedRecord) -> Published | None:
        """Publish a new base or a delta, or nothing if the generation holds the record already."""
        if self.mode is Mode.REBUILD:
            return self._publish_base(publisher, staged, reuse_cuts=False)
        if publisher.needs_base(self.budget):
            with building_lock(self.index_dir):
                return self._publish_base(publisher, staged, reuse_cuts=True)
        if self.gate is not None and not staged.difference.is_empty:
            with building_lock(self.index_dir, patience_s=_REHEARSAL_PATIENCE_S):
                self._comparison = publisher.rehearse_delta(staged, self.gate)
        staged.apply()
        published = publisher.publish_delta(even_if_held=True)
        if published is None or not FoldRule().is_due(published.manifest):
            return published
        try:
            with building_lock(self.index_dir):
                budget = budget_of(published.manifest)
                return publisher.build_base(budget, reuse_cuts=True, even_if_held=True)
        except BuildInProgressError:  # the service is folding already
            return published

    def _publish_base(
        self, publisher: Publisher, staged: StagedRecord, *, reuse_cuts: bool
    ) -> Published:
        budget = self._new_budget(publisher)
        if self.gate is None:
            staged.apply()
            return publisher.build_base(budget, reuse_cuts=reuse_cuts, even_if_held=True)
        published = publisher.build_base(
            budget, reuse_cuts=reuse_cuts, even_if_held=True, staged=staged, gate=self.gate
        )
        self._comparison = published.comparison
        return published

    def _new_budget(self, publisher: Publisher) -> PassageBudget:
        return budget_of(publisher.current_if_sound()) if self.budget is None else self.budget

    def _report(
        self,
        publisher: Publisher,
        staged: StagedRecord,
        removed: Sequence[str],
        published: Published | None,
        *,
        dry_run: bool = False,
    ) -> BuildReport:
        manifest = published.manifest if published is not None else publisher.current_if_sound()
        counts = NOTHING_HELD if manifest is None else manifest.counts
        reused = 0 if published is None else published.reused
        written = 0 if published is None else published.written
        found = staged.difference
        return BuildReport(
            mode=self.mode,
            dry_run=dry_run,
            generation=None if manifest is None else manifest.generation,
            articles=counts.articles,
            sentences=counts.sentences,
            passages=counts.passages,
            added=found.added,
            changed=found.changed,
            removed=found.removed,
            unchanged=found.unchanged,
            removed_ids=tuple(removed),
            encoded=written - reused,
            reused=reused,
            skipped=tuple(self.skipped),
            seconds=time.perf_counter() - self._began,
            stage_seconds={"read": self._reading_seconds, **publisher.stage_seconds},
            size=0 if manifest is None else self._size(manifest),
            vectors=None if manifest is None else manifest.base.vectors.described(),
            gate=self._comparison,
        )

    def _size(self, manifest: Manifest) -> int:
        return size_on_disk(folder_of(self.index_dir, manifest), manifest.files)
