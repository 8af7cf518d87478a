"""Writing the vectors of a base: chosen by size, measured against exact search, or refused."""

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from index.dense.candidates import CandidateFinder
from index.dense.choice import choose, more_exact
from index.dense.faiss_files import threads
from index.dense.flat import FlatIndex
from index.dense.graph import Graph
from index.dense.half_vectors import HalfVectors
from index.dense.inverted_lists import InvertedLists, training_size
from index.dense.kinds import (
    TARGET_RECALL,
    Exact,
    Hnsw,
    Ivf,
    Kind,
    Recall,
    Refused,
    VectorsEntry,
    VectorSettings,
)
from index.dense.mapped import HALF_NAME, IDS_NAME, MappedIndex
from index.dense.recall import RecallTest
from index.encoding.encoder import Vectors
from index.file_names import VECTORS_NAME
from index.passage_rows import PassageIds

Batches = Iterator[tuple[PassageIds, Vectors]]
Advance = Callable[[int], None]
# The recall is measured on a sample: what is searched for is a little above what is refused.
SOUGHT_RECALL = 0.97
_THREADS = 2
_SEED = 0
_AT_ONCE = 4096
_GRAPH_SAMPLE = 20_000
# The most of all lists that are read, and the most that a graph is walked: beyond that, comparing
# all is as fast and right.
_MOST_LISTS_SHARE = 0.25
_MOST_BREADTH = 2048


def write_vectors(
    part: Path,
    batches: Batches,
    *,
    count: int,
    dimension: int,
    settings: VectorSettings,
    advance: Advance = lambda _: None,
    kind: Kind | None = None,
) -> VectorsEntry:
    """Write `count` vectors and what they are searched by, and return what was built.

    A kind that finds less than the target is not kept, and a more exact one is built: an index
    that is slower than hoped goes on answering rightly, and one that is not published would hold
    back every change. `advance` is told how many vectors are indexed. `kind` is built instead of
    the one that is chosen by size.

    Raises OSError if the disk fails.
    """
    kind = kind if kind is not None else choose(count, dimension, settings)
    if isinstance(kind, Exact) and kind.storage == "float32":
        FlatIndex.build(batches, dimension=dimension).write(part / VECTORS_NAME)
        return VectorsEntry(settings=settings, kind=kind)
    ids: list[PassageIds] = []
    HalfVectors.write(part / HALF_NAME, _keeping(batches, ids), count=count, dimension=dimension)
    in_rows = np.concatenate(ids) if ids else np.empty(0, dtype=np.int64)
    with (part / IDS_NAME).open("wb") as file:
        np.save(file, in_rows.astype("<i8"), allow_pickle=False)
    vectors = HalfVectors.open(part / HALF_NAME)
    with threads(_THREADS):
        return _index(part, MappedIndex(in_rows, vectors, None), vectors, settings, kind, advance)


def build_finder(kind: Hnsw | Ivf, vectors: HalfVectors, *, advance: Advance) -> CandidateFinder:
    """Build a graph or inverted lists over vectors; the same vectors give the same."""
    wanted = training_size(kind) if isinstance(kind, Ivf) else _GRAPH_SAMPLE
    random = np.random.default_rng(_SEED)
    rows = random.choice(len(vectors), min(wanted, len(vectors)), replace=False)
    sample = vectors.take(np.sort(rows))
    batches = _counting(vectors.batches(_AT_ONCE), advance)
    if isinstance(kind, Hnsw):
        return Graph.build(kind, sample, batches, dimension=vectors.dimension)
    return InvertedLists.build(kind, sample, batches, dimension=vectors.dimension)


def tuned(
    finder: CandidateFinder, exact: MappedIndex, test: RecallTest
) -> tuple[CandidateFinder, Recall]:
    """Return the finder with the least search that finds enough, or with the most there is."""
    while True:
        recall = test.measure(exact.searched_with(finder))
        wider = _wider(finder.kind)
        if recall.value >= SOUGHT_RECALL or wider is None:
            return finder, recall
        finder = finder.with_kind(wider)


def _index(
    part: Path,
    exact: MappedIndex,
    vectors: HalfVectors,
    settings: VectorSettings,
    kind: Kind,
    advance: Advance,
) -> VectorsEntry:
    test = RecallTest(exact)
    refused: list[Refused] = []
    while not isinstance(kind, Exact):
        finder, recall = tuned(build_finder(kind, vectors, advance=advance), exact, test)
        if recall.value >= TARGET_RECALL:
            finder.write(part / VECTORS_NAME)
            return VectorsEntry(
                settings=settings, kind=finder.kind, recall=recall, refused=tuple(refused)
            )
        refused.append(Refused(kind=finder.kind, recall=recall))
        kind = more_exact(kind, len(exact), exact.dimension, settings)
    # The float16 vectors are there already: comparing all of them is exact search too.
    return VectorsEntry(settings=settings, kind=Exact(storage="float16"), refused=tuple(refused))


def _wider(kind: Hnsw | Ivf) -> Hnsw | Ivf | None:
    """Return a search that looks at twice as much, or None if that would be too much."""
    if isinstance(kind, Hnsw):
        breadth = kind.breadth * 2
        return kind.model_copy(update={"breadth": breadth}) if breadth <= _MOST_BREADTH else None
    probes = kind.probes + max(1, kind.probes // 2)
    most = max(1, math.ceil(kind.lists * _MOST_LISTS_SHARE))
    return kind.model_copy(update={"probes": probes}) if probes <= most else None


def _keeping(batches: Batches, ids: list[PassageIds]) -> Iterator[Vectors]:
    for some, vectors in batches:
        ids.append(some)
        yield vectors


def _counting(batches: Iterator[Vectors], advance: Advance) -> Iterator[Vectors]:
    done = 0
    for batch in batches:
        yield batch
        done += len(batch)
        advance(done)
