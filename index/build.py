"""The article's road from sources to a published generation."""

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Protocol

import numpy as np
from filelock import FileLock, Timeout

from index.encoder import PassageEncoder, Vectors
from index.generation import (
    KEYWORDS_NAME,
    TABLES_NAME,
    VECTORS_NAME,
    publish,
    staging_folder,
)
from index.keywords import KeywordEntry, KeywordIndex
from index.manifest import (
    SCHEMA_VERSION,
    Counts,
    EncoderEntry,
    Manifest,
    PassageEntry,
    describe_files,
)
from index.passages import PassageBudget, cut_passages
from index.record import RECORD_NAME, Record
from index.sentences import split_sentences
from index.sources import Skipped, SourceFile, find_source_files, read_articles
from index.tables import Tables, TableWriter
from index.tokens import token_ranges
from index.vectors import PassageIds, VectorIndex
from qa.errors import QuothError
from qa.values import Article

LOCK_NAME = "build.lock"
_ENCODED_AT_ONCE = 64
_SHOWN_REASONS = 3


class BuildInProgressError(QuothError):
    """Another process is building this index."""


class NothingToIndexError(QuothError):
    """The sources hold not one article."""


class Progress(Protocol):
    """Is told how far the build is."""

    def advance(self, stage: str, *, done: int, total: int | None) -> None:
        """Say that `done` of `total` (None: not known yet) items of a stage are finished."""
        ...


class Silent:
    """Progress that nobody watches."""

    def advance(self, stage: str, *, done: int, total: int | None) -> None:
        """Do nothing."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did; `seconds` in all and by stage, `size` in bytes of the new generation."""

    generation: str
    articles: int
    sentences: int
    passages: int
    encoded: int
    reused: int
    skipped: tuple[Skipped, ...]
    seconds: float
    stage_seconds: dict[str, float]
    size: int


def build_index(
    sources: Sequence[Path],
    index_dir: Path,
    *,
    encoder: PassageEncoder,
    budget: PassageBudget,
    progress: Progress,
) -> BuildReport:
    """Read the sources, make them the record, and publish a generation of it.

    Vectors of passages that were encoded before are reused. An index directory inside of a source
    is no source itself. Whatever happens before the last step, the generation that served goes on
    serving.

    Raises SourceError for a source that does not exist, NothingToIndexError if no article could
    be read, BuildInProgressError if another process builds the same index, OSError or
    sqlite3.Error if the disk fails.
    """
    own = index_dir.resolve()
    files = [
        file for file in find_source_files(sources) if not file.path.resolve().is_relative_to(own)
    ]
    index_dir.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(index_dir / LOCK_NAME, timeout=0):
            return _Build(index_dir, encoder, budget, progress).run(files)
    except Timeout as error:
        raise BuildInProgressError(
            f"another process is building the index at {index_dir}; wait until it has finished"
        ) from error


class _Build:
    """One run of the road; its methods are the stages, in order."""

    def __init__(
        self, index_dir: Path, encoder: PassageEncoder, budget: PassageBudget, progress: Progress
    ) -> None:
        self._index_dir = index_dir
        self._encoder = encoder
        self._budget = budget
        self._progress = progress
        self._skipped: list[Skipped] = []
        self._reused = 0
        self._stage_seconds: dict[str, float] = {}

    def run(self, files: Sequence[SourceFile]) -> BuildReport:
        """Run all stages."""
        began = time.perf_counter()
        record = Record(self._index_dir / RECORD_NAME)
        created = datetime.now(UTC)
        name = created.strftime("%Y%m%dT%H%M%S.%fZ")
        try:
            self._timed("read", lambda: self._read(files, record))
            with staging_folder(self._index_dir, name) as staging:
                base = staging / "base"
                self._timed("split", lambda: self._split(record, base))
                tables = Tables(base / TABLES_NAME)
                counts = Counts(**dict(zip(Counts.model_fields, tables.counts(), strict=True)))
                self._timed("keywords", lambda: self._keywords(tables, base, counts))
                self._timed("encode", lambda: self._encode(record, tables, base, counts))
                tables.close()
                manifest = self._manifest(name, created, counts, staging)
                self._timed("publish", lambda: publish(self._index_dir, staging, manifest))
        finally:
            record.close()
        return BuildReport(
            generation=name,
            articles=counts.articles,
            sentences=counts.sentences,
            passages=counts.passages,
            encoded=counts.passages - self._reused,
            reused=self._reused,
            skipped=tuple(self._skipped),
            seconds=time.perf_counter() - began,
            stage_seconds=self._stage_seconds,
            size=sum(entry.size for entry in manifest.files),
        )

    def _timed(self, stage: str, work: Callable[[], None]) -> None:
        began = time.perf_counter()
        work()
        self._stage_seconds[stage] = time.perf_counter() - began

    def _read(self, files: Sequence[SourceFile], record: Record) -> None:
        record.replace_articles(self._articles(files))

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

    def _split(self, record: Record, base: Path) -> None:
        total = record.count()
        tokenizer = self._encoder.tokenizer
        self._progress.advance("split", done=0, total=total)
        with TableWriter(base / TABLES_NAME) as tables:
            for row, article in enumerate(record.articles(), start=1):
                sentences = split_sentences(article.text)
                passages = cut_passages(
                    article,
                    sentences,
                    tokenize=lambda text: token_ranges(tokenizer, text),
                    budget=self._budget,
                )
                tables.add(row, article, sentences, passages)
                self._progress.advance("split", done=row, total=total)

    def _keywords(self, tables: Tables, base: Path, counts: Counts) -> None:
        def entries() -> Iterator[KeywordEntry]:
            done = 0
            self._progress.advance("keywords", done=done, total=counts.passages)
            for row, article, passages in tables.articles_with_passages():
                for passage in passages:
                    yield KeywordEntry(passage.passage_id, row, article.title, passage.text)
                done += len(passages)
                self._progress.advance("keywords", done=done, total=counts.passages)

        KeywordIndex.build(base / KEYWORDS_NAME, entries())

    def _encode(self, record: Record, tables: Tables, base: Path, counts: Counts) -> None:
        def batches() -> Iterator[tuple[PassageIds, Vectors]]:
            done = 0
            self._progress.advance("encode", done=done, total=counts.passages)
            passages = (
                passage for _, _, found in tables.articles_with_passages() for passage in found
            )
            while batch := list(islice(passages, _ENCODED_AT_ONCE)):
                ids = np.array([passage.passage_id for passage in batch], dtype=np.int64)
                yield ids, self._vectors(record, [passage.text for passage in batch])
                done += len(batch)
                self._progress.advance("encode", done=done, total=counts.passages)

        index = VectorIndex.build(batches(), dimension=self._encoder.dimension)
        index.write(base / VECTORS_NAME)

    def _vectors(self, record: Record, texts: Sequence[str]) -> Vectors:
        digests = [hashlib.sha256(text.encode()).digest() for text in texts]
        known = record.vectors(self._encoder.fingerprint, digests)
        missing = {d: t for d, t in zip(digests, texts, strict=True) if d not in known}
        fresh = dict(zip(missing, self._encoder.encode(list(missing.values())), strict=True))
        record.add_vectors(self._encoder.fingerprint, fresh.items())
        self._reused += len(texts) - len(fresh)
        return np.stack([fresh[d] if d in fresh else known[d] for d in digests])

    def _manifest(self, name: str, created: datetime, counts: Counts, staging: Path) -> Manifest:
        return Manifest(
            schema_version=SCHEMA_VERSION,
            generation=name,
            created=created.isoformat(timespec="seconds"),
            counts=counts,
            encoder=EncoderEntry(
                name=self._encoder.name,
                fingerprint=self._encoder.fingerprint,
                dimension=self._encoder.dimension,
            ),
            passages=PassageEntry(max_tokens=self._budget.max_tokens, overlap=self._budget.overlap),
            files=describe_files(staging),
        )


def _first_reasons(skipped: Sequence[Skipped]) -> str:
    """Return why nothing was read, short enough for one line."""
    if not skipped:
        return "; add .txt, .md or .jsonl files"
    shown = "; ".join(f"{skip.where}: {skip.reason}" for skip in skipped[:_SHOWN_REASONS])
    more = len(skipped) - _SHOWN_REASONS
    return f": {shown}" + (f"; and {more} more" if more > 0 else "")
