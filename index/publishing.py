"""Publishing what the record holds: as a delta over the base that serves, or as a new base.

Publishing a delta takes the time of what was changed since the base was built, and holds the
publish lock for that long. Building a base takes the time of everything, and holds only the build
lock, so that changes go on being published meanwhile; in the end the new base is published
together with a delta of what was changed while it was built.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from index.aside import compare_aside
from index.current import (
    budget_of,
    count_on_behind,
    current_manifest,
    cuts_of,
    may_publish,
    open_if_sound,
)
from index.delta import WrittenDelta, write_delta
from index.dense.kinds import VectorSettings
from index.encoder import PassageEncoder
from index.gate import Comparison, Gate
from index.generation import read_manifest
from index.generation_folders import (
    BASE_NAME,
    DELTA_NAME,
    KEPT_GENERATIONS,
    KEYWORDS_NAME,
    current_folder,
    link_files,
    publish,
    read_pointer,
    remove_aside,
    workshop,
)
from index.keywords import KeywordIndex
from index.locks import publishing_lock
from index.manifest import (
    SCHEMA_VERSION,
    BaseEntry,
    Counts,
    Digests,
    EncoderEntry,
    Manifest,
    PassageEntry,
    describe_files,
    identity_of,
)
from index.part_writer import Cut, FindCut, PartWriter
from index.passages import PassageBudget
from index.progress import Progress, Silent
from index.record import Record
from index.staged import StagedRecord
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

    def has_changes(self) -> bool:
        """Return whether the record differs from what serves; raises as `current` does."""
        current = self.current()
        held = self._record.sequence()
        return held > 0 if current is None else held != current.sequence

    def pending(self, *, after: int) -> int:
        """Return how many changes the record holds that a generation of this sequence lacks."""
        return self._record.pending(after=after)

    def needs_base(self, budget: PassageBudget | None = None) -> bool:
        """Return whether no delta can be made: no base, or one of other settings or encoder."""
        with suppress(IndexUnavailableError):
            current = self.current()
            return (
                current is None
                or current.base.sequence == 0  # of schema version 1
                or current.encoder.fingerprint != self.encoder.fingerprint
                or (budget is not None and budget_of(current) != budget)
                or self._vector_settings() != current.base.vectors.settings
            )
        return True

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
                    f"or an older Quoth; {_CURE}"
                )
            written = stack.enter_context(workshop(self._index_dir, "publishing"))
            writer, known = self._over_base_of(current, written, stack)
            return self._finish(written, current.base, writer, known)

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
                written = stack.enter_context(workshop(self._index_dir, "building"))
                writer, known = self._over_base_of(current, written, stack)
                delta = write_delta(written, current.base, staged, writer)
                manifest = self._manifest(written, current.base, delta, writer.budget, known)
            with self._timed("gate"):
                comparison, aside = compare_aside(self._index_dir, written, manifest, served, gate)
        remove_aside(aside)
        return comparison

    def _over_base_of(
        self, current: Manifest, written: Path, stack: ExitStack
    ) -> tuple[PartWriter, Digests]:
        """Link a generation's base into `written`; return what writes a delta over it."""
        folder = current_folder(self._index_dir)
        link_files(folder / BASE_NAME, written / BASE_NAME)
        writer = self._writer(budget_of(current), cuts_of(folder, current, stack), Silent())
        known = {
            identity_of(written / entry.path): entry.sha256
            for entry in current.files
            if entry.path.startswith(f"{BASE_NAME}/")
        }
        return writer, known

    def build_base(
        self,
        budget: PassageBudget,
        *,
        reuse_cuts: bool,
        even_if_held: bool = False,
        staged: StagedRecord | None = None,
        gate: Gate | None = None,
    ) -> Published | None:
        """Build a new base of the whole record, and publish it.

        With `reuse_cuts`, an article that the current generation holds with the same text is not
        split again. Returns None, and publishes nothing, if what serves is held after a rollback.
        What is `staged` is built in, and applied to the record only at the moment of publishing.
        The caller holds the build lock.

        Raises QualityGateError if the gate refuses the base; then it stays aside.
        """
        with ExitStack() as stack:
            count_on_behind(self._index_dir, self._record)
            find_cut = self._former_cuts(budget, stack) if reuse_cuts else _no_cut
            written = stack.enter_context(workshop(self._index_dir, "building"))
            writer = self._writer(budget, find_cut, self._progress)
            entry = self._write_base(written / BASE_NAME, writer, staged or self._record)
            with self._timed("publish"):
                known = {identity_of(written / f.path): f.sha256 for f in describe_files(written)}
            comparison = None
            served = None if gate is None else open_if_sound(self._index_dir)
            if gate is not None and served is not None:
                with self._timed("gate"):
                    whole = WrittenDelta(entry.sequence, None)
                    manifest = self._manifest(written, entry, whole, budget, known)
                    comparison, written = compare_aside(
                        self._index_dir, written, manifest, served, gate
                    )
                stack.callback(remove_aside, written)
            with self._timed("publish"), publishing_lock(self._index_dir):
                if not may_publish(self._index_dir, even_if_held=even_if_held):
                    return None
                if staged is not None:
                    sequence = staged.apply_over(entry.sequence)
                    entry = entry.model_copy(update={"sequence": sequence})
                later = self._writer(budget, find_cut, Silent())
                published = self._finish(written, entry, later, known)
        written_in_all = writer.written + published.written
        return Published(
            published.manifest, written_in_all, writer.reused + published.reused, comparison
        )

    def _write_base(
        self, base: Path, writer: PartWriter, source: Record | StagedRecord
    ) -> BaseEntry:
        """Write all articles of the record, or of what it will be, into a new base."""
        with self._timed("split"), source.snapshot() as sequence:
            tables = writer.write_tables(base, source.articles(), total=source.count())
        with closing(tables):
            with self._timed("keywords"):
                KeywordIndex.build(base / KEYWORDS_NAME, writer.keyword_entries(tables))
            with self._timed("encode"):
                vectors = writer.write_vectors(base, tables, self._vector_settings())
            counts = Counts.of(tables.counts())
        return BaseEntry(name=_new_name(), sequence=sequence, counts=counts, vectors=vectors)

    def _vector_settings(self) -> VectorSettings:
        if self._vectors is not None:
            return self._vectors
        with suppress(IndexUnavailableError):
            current = self.current()
            if current is not None:
                return current.base.vectors.settings
        return VectorSettings()

    def _finish(
        self, written: Path, base: BaseEntry, writer: PartWriter, known: Digests
    ) -> Published:
        """Write the delta over the base in `written`, if there is anything in it, and publish."""
        delta = write_delta(written, base, self._record, writer)
        manifest = self._manifest(written, base, delta, writer.budget, known)
        publish(self._index_dir, written, manifest, keep=self._keep)
        return Published(manifest, writer.written, writer.reused)

    def _manifest(
        self,
        written: Path,
        base: BaseEntry,
        delta: WrittenDelta,
        budget: PassageBudget,
        known: Digests,
    ) -> Manifest:
        return Manifest(
            schema_version=SCHEMA_VERSION,
            generation=_new_name(),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            parts=(BASE_NAME,) if delta.entry is None else (BASE_NAME, DELTA_NAME),
            sequence=delta.sequence,
            base=base,
            delta=delta.entry,
            counts=base.counts if delta.entry is None else delta.entry.over(base.counts),
            encoder=EncoderEntry(
                name=self.encoder.name,
                fingerprint=self.encoder.fingerprint,
                dimension=self.encoder.dimension,
            ),
            passages=PassageEntry(max_tokens=budget.max_tokens, overlap=budget.overlap),
            files=describe_files(written, known=known),
        )

    def _writer(self, budget: PassageBudget, find_cut: FindCut, progress: Progress) -> PartWriter:
        return PartWriter(self._record, self.encoder, budget, progress, find_cut)

    def _former_cuts(self, budget: PassageBudget, stack: ExitStack) -> FindCut:
        with suppress(IndexUnavailableError):
            if not self.needs_base(budget):
                folder = current_folder(self._index_dir)
                return cuts_of(folder, read_manifest(self._index_dir, folder), stack)
        return _no_cut

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        spent = time.perf_counter() - began
        self.stage_seconds[stage] = self.stage_seconds.get(stage, 0.0) + spent


_CURE = "build it anew with: quoth index SOURCE... --mode rebuild, or quoth repair"


def _no_cut(_: Article) -> Cut | None:
    return None


def _new_name() -> str:
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
