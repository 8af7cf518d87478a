"""Small collections of vectors that lie in groups, as those of texts do, searched in every way."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from index.dense.building import build_finder
from index.dense.half_vectors import HalfVectors
from index.dense.kinds import Codes, Hnsw, Ivf
from index.dense.mapped import MappedIndex
from index.encoding.encoder import Vectors
from index.passage_rows import PassageIds

DIMENSION = 32
KINDS: dict[str, Hnsw | Ivf | None] = {
    "exact": None,
    "hnsw": Hnsw(neighbours=16, construction=60, breadth=100),
    **{codes: Ivf(lists=40, codes=codes, probes=10, ranked=200) for codes in Codes},
}


def clustered(count: int, *, seed: int = 0, groups: int = 60) -> Vectors:
    """Return unit vectors, some of them twice."""
    random = np.random.default_rng(seed)
    centres = random.standard_normal((groups, DIMENSION))
    spread = 0.5 * random.standard_normal((count, DIMENSION))
    vectors = centres[random.integers(0, groups, count)] + spread
    vectors[1::50] = vectors[::50][: len(vectors[1::50])]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.ascontiguousarray(vectors, dtype=np.float32)


def ids_for(count: int) -> PassageIds:
    """Return ids as passages have them: large, and in no order."""
    random = np.random.default_rng(1)
    return np.unique(random.integers(0, 2**63 - 1, 2 * count))[random.permutation(count)]


def batches(ids: PassageIds, vectors: Vectors) -> Iterator[tuple[PassageIds, Vectors]]:
    """Yield the vectors as a build does."""
    for start in range(0, len(ids), 64):
        yield ids[start : start + 64], vectors[start : start + 64]


def mapped(folder: Path, vectors: Vectors, kind: Hnsw | Ivf | None) -> MappedIndex:
    """Return an index that looks for candidates however few vectors there are."""
    path = folder / "vectors.f16"
    HalfVectors.write(path, iter([vectors]), count=len(vectors), dimension=vectors.shape[1])
    half = HalfVectors.open(path)
    finder = None if kind is None else build_finder(kind, half, advance=lambda _: None)
    return MappedIndex(ids_for(len(vectors)), half, finder, compared_at_most=0)
