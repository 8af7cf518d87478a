"""Candidates from a graph of neighbours (HNSW) over one-byte components."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index.dense.allowed import Allowed
from index.dense.faiss_files import threads, untyped, write_index
from index.dense.kinds import Hnsw, Ivf
from index.encoding.encoder import Vectors
from index.passage_rows import Rows

_METRIC = untyped.METRIC_INNER_PRODUCT
# A search that would have to look at more is better made by comparing all that are allowed.
_MOST_BREADTH = 8192


class Graph:
    """The best by one-byte components are found among neighbours of neighbours.

    The graph is walked as without a filter, and what is not allowed is left out of what it gives:
    the allowed ones among the nearest are the nearest allowed ones. (FAISS's own filter gives what
    was met on the way, too, and what is allowed may lie far from the question.) Where few are
    allowed, more is looked at.
    """

    def __init__(self, index: Any, kind: Hnsw) -> None:
        self._index = index
        self.kind = kind

    @classmethod
    def build(
        cls, kind: Hnsw, sample: Vectors, batches: Iterator[Vectors], *, dimension: int
    ) -> "Graph":
        """Build from all vectors by row; `sample` decides the ranges of the components.

        One thread builds it: with several the graph would be another one each time.
        """
        index = untyped.IndexHNSWSQ(
            dimension, untyped.ScalarQuantizer.QT_8bit, kind.neighbours, _METRIC
        )
        index.hnsw.efConstruction = kind.construction
        index.train(sample)
        with threads(1):
            for batch in batches:
                index.add(batch)
        return cls(index, kind)

    @classmethod
    def read(cls, path: Path, kind: Hnsw) -> "Graph":
        """Open a file that `write` has written; raises ValueError if it holds something else."""
        index: Any = untyped.read_index(str(path))
        if not isinstance(index, untyped.IndexHNSWSQ) or index.metric_type != _METRIC:
            raise ValueError(f"{path} holds no graph of vectors")
        return cls(index, kind)

    def write(self, path: Path) -> None:
        """Write one file; raises OSError if the disk fails."""
        write_index(self._index, path)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def with_kind(self, kind: Hnsw | Ivf) -> "Graph":
        """Return the same graph, searched with other parameters."""
        if not isinstance(kind, Hnsw):
            raise TypeError(f"a graph cannot be searched as {kind.kind}")
        return Graph(self._index, kind)

    def candidates(self, vector: Vectors, *, limit: int, allowed: Allowed | None) -> Rows | None:
        """Return rows that may be among the best, or None if all allowed had better be compared."""
        breadth = max(self.kind.breadth, 2 * limit)
        if allowed is not None:
            breadth = max(breadth, int(2 * limit / max(allowed.share, 1e-9)))
        breadth = min(breadth, len(self))
        if allowed is not None and breadth > _MOST_BREADTH:
            return None
        parameters = untyped.SearchParametersHNSW(efSearch=breadth)
        _, rows = self._index.search(vector[None, :], breadth, params=parameters)
        found: Rows = rows[0][rows[0] >= 0]
        if allowed is None:
            return found
        found = found[allowed.mask[found]]
        return found if len(found) >= limit else None
