"""Publishing what the record holds: as a delta over the base that serves, or as a new base.

Publishing a delta takes the time of what was changed since the base was built, and holds the
publish lock for that long. Building a base takes the time of everything, and holds only the build
lock, so that changes go on being published meanwhile; in the end the new base is published
together with a delta of what was changed while it was built.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from index.dense.kinds import VectorSettings
from index.encoding.encoder import PassageEncoder
from index.file_names import BASE_NAME, DELTA_NAME, KEYWORDS_NAME
from index.generation.delta import WrittenDelta, write_delta
from index.generation.folder_moves import link_files, publish, remove_aside, workshop
from index.generation.folders import KEPT_GENERATIONS, folder_of, new_name, read_pointer
from index.generation.locks import publishing_lock
from index.generation.manifest import (
    SCHEMA_VERSION,
    BaseEntry,
    Digests,
    EncoderEntry,
    Manifest,
    PassageEntry,
    describe_files,
    digests_of,
)
from index.generation.part_writer import Cut, FindCut, PartWriter
from index.keywords import KeywordIndex
from index.progress import Progress, Silent
from index.publishing.aside import compare_aside
from index.publishing.current import (
    GenerationHeldError,
    budget_of,
    count_on_behind,
    current_manifest,
    cuts_of,
    may_publish,
    open_if_sound,
)
from index.publishing.gate import Comparison, Gate
from index.publishing.staged import StagedRecord
from index.record.record import Record
from index.splitting.passages import PassageBudget
from qa.errors import IndexUnavailableError
from qa.values import Article


@dataclass(frozen=True, slots=True)
class Published:
    """A generation that was published; of `written` passages `reused` had been encoded before.

    `comparison` is what the quality gate has found, if there was one.
    """

    manifest: Manifest
    written: int
    reused: int
    comparison: Comparison | None = None


@dataclass(frozen=True, slots=True)
class _Base:
    """The base in the folder of a generation that is being written, and its files' checksums."""

    folder: Path
    entry: BaseEntry
    budget: PassageBudget
    digests: Digests


class Publisher:
    """Publishes the record of one index directory; several processes may do so at once."""

    def __init__(
        self,
        index_dir: Path,
        record: Record,
        encoder: PassageEncoder,
        *,
        keep: int = KEPT_GENERATIONS,
        progress: Progress | None = None,
        vectors: VectorSettings | None = None,
    ) -> None:
        """`keep` generations stay for going back, the one that serves among them.

        `vectors` says how new bases are searched densely; without it, as the current one says.
        """
        self._index_dir = index_dir
        self._record = record
        self.encoder = encoder
        self._keep = keep
        self._progress = progress or Silent()
        self._vectors = vectors
        self.stage_seconds: dict[str, float] = {}

    def current(self) -> Manifest | None:
        """Return the manifest of the generation that serves, as `current_manifest` does."""
        return current_manifest(self._index_dir, self._record)

    def current_if_sound(self) -> Manifest | None:
        """Return the `current` manifest; None, too, if it is damaged: that has to be cured."""
        with suppress(IndexUnavailableError):
            return self.current()
        return None

    def has_changes(self) -> bool:
        """Return whether the record differs from what serves; raises as `current` does."""
        current = self.current()
        held = self._record.sequence()
        return held > 0 if current is None else held != current.sequence

    def needs_base(self, budget: PassageBudget | None = None) -> bool:
        """Return whether no delta can be made: no base, or one of other settings or encoder."""
        current = self.current_if_sound()
        return (
            current is None
            or current.base.sequence == 0  # of schema version 1
            or current.encoder.fingerprint != self.encoder.fingerprint
            or budget not in (None, budget_of(current))
            or self._vectors not in (None, current.base.vectors.settings)
        )

    def publish_delta(self, *, even_if_held: bool = False) -> Published | None:
        """Publish what was changed since the current generation, as a delta over its base.

        Returns None if there is nothing to publish, or what serves is held after a rollback.

        Raises IndexUnavailableError if no delta can be made of the current generation.
        """
        with publishing_lock(self._index_dir), self._timed("publish"), ExitStack() as stack:
            pointer, current = read_pointer(self._index_dir), self.current()
            if (
                pointer is None
                or current is None
                or not may_publish(self._index_dir, even_if_held=even_if_held)
            ):
                return None
            if current.sequence == self._record.sequence() and not pointer.is_held:
                return None
            if self.needs_base():
                raise IndexUnavailableError(
                    f"the generation {current.generation} was built by another encoder "
                    f"or an older Quoth; build it anew with: quoth index SOURCE... --mode rebuild, "
                    f"or quoth repair"
                )
            folder = stack.enter_context(workshop(self._index_dir, "publishing"))
            base, writer = self._over_base_of(current, folder, stack)
            return self._finish(base, writer)

    def rehearse_delta(self, staged: StagedRecord, gate: Gate) -> Comparison | None:
        """Build the delta that what is staged will make, and compare it with what serves.

        Nothing is published, and the record stays as it is; all that is encoded is kept. Returns
        None where nothing serves to compare with. The caller holds the build lock.

        Raises QualityGateError if the gate refuses it; then it stays aside.
        """
        with ExitStack() as stack:
            current, served = self.current(), open_if_sound(self._index_dir)
            if current is None or served is None:
                return None
            with self._timed("rehearse"):
                folder = stack.enter_context(workshop(self._index_dir, "building"))
                base, writer = self._over_base_of(current, folder, stack)
                delta = write_delta(folder, base.entry, staged, writer)
                manifest = self._manifest(base, delta)
            with self._timed("gate"):
                comparison, aside = compare_aside(self._index_dir, folder, manifest, served, gate)
        remove_aside(aside)
        return comparison

    def _over_base_of(
        self, current: Manifest, folder: Path, stack: ExitStack
    ) -> tuple[_Base, PartWriter]:
        """Link a generation's base into a folder; return it, and what writes a delta over it."""
        link_files(folder_of(self._index_dir, current) / BASE_NAME, folder / BASE_NAME)
        digests = digests_of(
            folder, [f for f in current.files if f.path.startswith(f"{BASE_NAME}/")]
        )
        budget = budget_of(current)
        writer = self._writer(budget, cuts_of(self._index_dir, current, stack), Silent())
        return _Base(folder, current.base, budget, digests), writer

    def build_base(
        self,
        budget: PassageBudget,
        *,
        reuse_cuts: bool,
        even_if_held: bool = False,
        staged: StagedRecord | None = None,
        gate: Gate | None = None,
    ) -> Published:
        """Build a new base of the whole record, and publish it.

        With `reuse_cuts`, an article that the current generation holds with the same text is not
        split again. What is `staged` is built in, and applied to the record only at the moment of
        publishing. The caller holds the build lock.

        Raises GenerationHeldError, and publishes nothing, if what serves is held after a rollback,
        QualityGateError if the gate refuses the base; then it stays aside.
        """
        with ExitStack() as stack:
            count_on_behind(self._index_dir, self._record)
            find_cut = self._former_cuts(budget, stack) if reuse_cuts else _no_cut
            folder = stack.enter_context(workshop(self._index_dir, "building"))
            writer = self._writer(budget, find_cut, self._progress)
            base = self._write_base(folder, writer, staged or self._record)
            comparison = None
            if gate is not None:
                base, comparison = self._judged(base, gate)
                stack.callback(remove_aside, base.folder)
            with self._timed("publish"), publishing_lock(self._index_dir):
                if not may_publish(self._index_dir, even_if_held=even_if_held):
                    raise GenerationHeldError(f"a former generation is held in {self._index_dir}")
                if staged is not None:
                    sequence = staged.apply_over(base.entry.sequence)
                    entry = base.entry.model_copy(update={"sequence": sequence})
                    base = replace(base, entry=entry)
                later = self._finish(base, self._writer(budget, find_cut, Silent()))
        return Published(
            later.manifest,
            writer.written + later.written,
            writer.reused + later.reused,
            comparison,
        )

    def _write_base(self, folder: Path, writer: PartWriter, source: Record | StagedRecord) -> _Base:
        """Write all articles of the record, or of what it will be, into a new base."""
        part = folder / BASE_NAME
        with self._timed("split"), source.snapshot() as sequence:
            tables = writer.write_tables(part, source.articles(), total=source.count())
        with closing(tables):
            with self._timed("keywords"):
                KeywordIndex.build(part / KEYWORDS_NAME, writer.keyword_entries(tables))
            with self._timed("encode"):
                vectors = writer.write_vectors(part, tables, self._vector_settings())
            counts = tables.counts()
        entry = BaseEntry(
            name=new_name(self._index_dir), sequence=sequence, counts=counts, vectors=vectors
        )
        with self._timed("publish"):
            digests = digests_of(folder, describe_files(folder))
        return _Base(folder, entry, writer.budget, digests)

    def _judged(self, base: _Base, gate: Gate) -> tuple[_Base, Comparison | None]:
        """Compare a new base with what serves, if anything does; return where it lies then.

        Raises QualityGateError if the gate refuses it; then it stays aside.
        """
        served = open_if_sound(self._index_dir)
        if served is None:
            return base, None
        with self._timed("gate"):
            manifest = self._manifest(base, WrittenDelta(base.entry.sequence, None))
            comparison, aside = compare_aside(self._index_dir, base.folder, manifest, served, gate)
        return replace(base, folder=aside), comparison

    def _vector_settings(self) -> VectorSettings:
        if self._vectors is not None:
            return self._vectors
        current = self.current_if_sound()
        return VectorSettings() if current is None else current.base.vectors.settings

    def _finish(self, base: _Base, writer: PartWriter) -> Published:
        """Write the delta over a base, if there is anything in it, and publish both."""
        delta = write_delta(base.folder, base.entry, self._record, writer)
        manifest = self._manifest(base, delta)
        publish(self._index_dir, base.folder, manifest, keep=self._keep)
        return Published(manifest, writer.written, writer.reused)

    def _manifest(self, base: _Base, delta: WrittenDelta) -> Manifest:
        return Manifest(
            schema_version=SCHEMA_VERSION,
            generation=new_name(self._index_dir),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            parts=(BASE_NAME,) if delta.entry is None else (BASE_NAME, DELTA_NAME),
            sequence=delta.sequence,
            base=base.entry,
            delta=delta.entry,
            counts=(
                base.entry.counts if delta.entry is None else delta.entry.over(base.entry.counts)
            ),
            encoder=EncoderEntry(
                name=self.encoder.name,
                fingerprint=self.encoder.fingerprint,
                dimension=self.encoder.dimension,
            ),
            passages=PassageEntry(max_tokens=base.budget.max_tokens, overlap=base.budget.overlap),
            files=describe_files(base.folder, known=base.digests),
        )

    def _writer(self, budget: PassageBudget, find_cut: FindCut, progress: Progress) -> PartWriter:
        return PartWriter(self._record, self.encoder, budget, progress, find_cut)

    def _former_cuts(self, budget: PassageBudget, stack: ExitStack) -> FindCut:
        current = self.current_if_sound()
        if current is None or self.needs_base(budget):
            return _no_cut
        return cuts_of(self._index_dir, current, stack)

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        spent = time.perf_counter() - began
        self.stage_seconds[stage] = self.stage_seconds.get(stage, 0.0) + spent


def _no_cut(_: Article) -> Cut | None:
    return None
