"""A whole generation of synthetic passages, laid out and published as any other."""

import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from index.dense.building import write_vectors
from index.dense.kinds import Kind, VectorsEntry, VectorSettings
from index.encoding.encoder import Vectors
from index.file_names import BASE_NAME, KEYWORDS_NAME, TABLES_NAME
from index.generation.folder_moves import publish, workshop
from index.generation.folders import new_name
from index.generation.manifest import (
    SCHEMA_VERSION,
    BaseEntry,
    Counts,
    EncoderEntry,
    Manifest,
    PassageEntry,
    describe_files,
)
from index.generation.tables import Tables, TableWriter
from index.keywords import KeywordEntry, KeywordIndex
from index.passage_rows import PassageIds
from index.splitting.passages import PassageBudget
from scripts.index_scale.synthetic import Drawn, SyntheticPassages
from scripts.index_scale.texts import TopicTexts

_AT_ONCE = 2048


@dataclass(frozen=True, slots=True)
class Stored:
    """Drawn vectors on disk, as float32, with the ids of their passages."""

    path: Path
    ids: PassageIds

    @property
    def vectors(self) -> Vectors:
        """The vectors, mapped from their file."""
        mapped: Vectors = np.load(self.path, mmap_mode="r", allow_pickle=False)
        return mapped

    def batches(self) -> Iterator[tuple[PassageIds, Vectors]]:
        """Yield them as a build does."""
        vectors = self.vectors
        for start in range(0, len(self.ids), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            yield self.ids[part], np.ascontiguousarray(vectors[part])


@dataclass(frozen=True, slots=True)
class Written:
    """How dense search was built, how long all of it took, and the bytes of the files."""

    entry: VectorsEntry
    seconds: float
    bytes_in_all: int


def write_part(stored: Stored, folder: Path, kind: Kind) -> Written:
    """Write only the vectors, searched by a given kind, into an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    began = time.perf_counter()
    entry = _write_vectors(folder, stored, kind)
    seconds = time.perf_counter() - began
    size = sum(path.stat().st_size for path in folder.iterdir())
    return Written(entry, seconds, size)


def write_generation(
    stored: Stored,
    index_dir: Path,
    *,
    drawn: Iterator[Drawn],
    texts: TopicTexts,
    encoder: EncoderEntry,
) -> Written:
    """Publish a generation of the vectors and their texts; the kind is chosen by size."""
    began = time.perf_counter()
    with workshop(index_dir, "building") as written:
        base = written / BASE_NAME
        base.mkdir()
        with TableWriter(base / TABLES_NAME) as writer:
            for row, (article, sentences, passages) in enumerate(
                texts.articles(drawn, stored.ids), start=1
            ):
                writer.add(row, article, sentences, passages)
        with closing(Tables(base / TABLES_NAME)) as tables:
            KeywordIndex.build(base / KEYWORDS_NAME, _entries(tables))
            counts = tables.counts()
        entry = _write_vectors(base, stored, None)
        manifest = _manifest(new_name(index_dir), written, counts, entry, encoder)
        publish(index_dir, written, manifest, keep=1)
    seconds = time.perf_counter() - began
    in_all = sum(file.size for file in manifest.files)
    return Written(entry, seconds, in_all)


def draw(synthetic: SyntheticPassages, count: int, path: Path) -> Stored:
    """Write the vectors of `count` synthetic passages to a file, batch by batch."""
    shape = (count, synthetic.dimension)
    file = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=shape)
    done = 0
    for batch in synthetic.passages(count):
        file[done : done + len(batch.vectors)] = batch.vectors
        done += len(batch.vectors)
    file.flush()
    del file
    random = np.random.default_rng(5)
    ids = np.unique(random.integers(0, 2**63 - 1, count + count // 100 + 10))
    return Stored(path, random.permutation(ids)[:count])


def _write_vectors(folder: Path, stored: Stored, kind: Kind | None) -> VectorsEntry:
    return write_vectors(
        folder,
        stored.batches(),
        count=len(stored.ids),
        dimension=stored.vectors.shape[1],
        settings=VectorSettings(),
        kind=kind,
    )


def _entries(tables: Tables) -> Iterator[KeywordEntry]:
    for row, article, passages in tables.articles_with_passages():
        for passage in passages:
            yield KeywordEntry(passage.passage_id, row, article.title, passage.text)


def _manifest(
    name: str, written: Path, counts: Counts, vectors: VectorsEntry, encoder: EncoderEntry
) -> Manifest:
    budget = PassageBudget()
    return Manifest(
        schema_version=SCHEMA_VERSION,
        generation=name,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        sequence=1,
        base=BaseEntry(name=name, sequence=1, counts=counts, vectors=vectors),
        counts=counts,
        encoder=encoder,
        passages=PassageEntry(max_tokens=budget.max_tokens, overlap=budget.overlap),
        files=describe_files(written),
    )
