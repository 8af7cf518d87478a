"""Candidates from inverted lists of compressed codes (IVF)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.dense.allowed import Allowed
from index.dense.faiss_files import untyped, write_index
from index.dense.kinds import Codes, Hnsw, Ivf
from index.encoding.encoder import Vectors
from index.passage_rows import Rows

_METRIC = untyped.METRIC_INNER_PRODUCT
_ROUNDS = 8
_SEED = 1
# More would cost time, and hardly change the centres.
_MOST_PER_LIST = 40
_MOST_IN_ALL = 250_000
_TYPES: dict[Codes, str] = {
    Codes.SQ8: "IndexIVFScalarQuantizer",
    Codes.PQ: "IndexIVFPQFastScan",
    Codes.PQ_COARSE: "IndexIVFPQFastScan",
    Codes.RABITQ: "IndexIVFRaBitQ",
}
# With fewer allowed rows than this share, lists are counted before they are chosen.
_COUNTED_BELOW = 0.5


def training_size(kind: Ivf) -> int:
    """Return how many vectors are enough to learn the centres and the codes from."""
    return min(kind.lists * _MOST_PER_LIST, _MOST_IN_ALL)


class InvertedLists:
    """The best by compressed codes, in the lists whose centres are nearest.

    With a filter, lists without an allowed row are passed over, and lists are read until as many
    allowed rows have been seen as a search without a filter sees: what is allowed may lie far from
    the question.
    """

    def __init__(self, index: Any, kind: Ivf) -> None:
        self._index = index
        self.kind = kind
        quantizer: Any = untyped.downcast_index(index.quantizer)
        flat = untyped.rev_swig_ptr(quantizer.get_xb(), quantizer.ntotal * index.d)
        self._centres: Vectors = flat.reshape(quantizer.ntotal, index.d)
        self._list_of = _assignment(index)

    @classmethod
    def build(
        cls, kind: Ivf, sample: Vectors, batches: Iterator[Vectors], *, dimension: int
    ) -> "InvertedLists":
        """Build from all vectors by row; `sample` decides centres and codes."""
        quantizer = untyped.IndexFlatIP(dimension)
        index = _empty(kind, quantizer, dimension)
        index.cp.niter, index.cp.seed = _ROUNDS, _SEED
        index.cp.min_points_per_centroid = 1
        index.cp.max_points_per_centroid = _MOST_PER_LIST
        index.train(sample)
        for batch in batches:
            index.add(batch)
        # As in one that was read, the quantizer belongs to the index.
        quantizer.this.disown()
        index.own_fields = True
        return cls(index, kind)

    @classmethod
    def read(cls, path: Path, kind: Ivf) -> "InvertedLists":
        """Open a file that `write` has written; raises ValueError if it holds something else."""
        index: Any = untyped.read_index(str(path))
        if (
            type(index).__name__ != _TYPES[kind.codes]
            or index.metric_type != _METRIC
            or index.nlist != kind.lists
        ):
            raise ValueError(f"{path} holds no inverted lists as the manifest describes them")
        return cls(index, kind)

    def write(self, path: Path) -> None:
        """Write one file; raises OSError if the disk fails."""
        write_index(self._index, path)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def with_kind(self, kind: Hnsw | Ivf) -> "InvertedLists":
        """Return the same lists, searched with other parameters."""
        if not isinstance(kind, Ivf):
            raise TypeError(f"inverted lists cannot be searched as {kind.kind}")
        other = InvertedLists.__new__(InvertedLists)
        other.__dict__.update(self.__dict__, kind=kind)
        return other

    def candidates(self, vector: Vectors, *, limit: int, allowed: Allowed | None) -> Rows | None:
        """Return rows that may be among the best, or None if all allowed had better be compared."""
        scores = self._centres @ vector
        lists = self._lists_to_read(scores, allowed)
        count = max(self.kind.ranked, 4 * limit)
        parameters = untyped.SearchParametersIVF(nprobe=len(lists))
        if allowed is not None:
            parameters.sel = allowed.selector
        rows = self._search(
            vector[None, :], lists[None, :], scores[lists][None, :], count, parameters
        )
        return rows[rows >= 0]

    def _lists_to_read(self, scores: Vectors, allowed: Allowed | None) -> Rows:
        """Return the lists to read, nearest first."""
        probes = self.kind.probes
        if allowed is None or allowed.share > _COUNTED_BELOW:
            nearest = np.argpartition(-scores, min(probes, len(scores)) - 1)[:probes]
            return nearest[np.argsort(-scores[nearest], kind="stable")]
        holds = np.bincount(self._list_of[allowed.rows], minlength=len(scores))
        order = np.argsort(-scores, kind="stable")
        order = order[holds[order] > 0]
        enough = probes * len(self) / len(scores)
        needed = int(np.searchsorted(np.cumsum(holds[order]), enough)) + 1
        return order[: max(probes, needed)]

    def _search(
        self, vector: Vectors, lists: Rows, scores: Vectors, count: int, parameters: Any
    ) -> Rows:
        """Search these lists, as FAISS's Python layer does that takes no parameters here."""
        found_scores = np.empty((1, count), dtype=np.float32)
        found = np.empty((1, count), dtype=np.int64)
        lists, scores = np.ascontiguousarray(lists), np.ascontiguousarray(scores)
        pointer = untyped.swig_ptr
        self._index.search_preassigned_c(
            1,
            pointer(np.ascontiguousarray(vector)),
            count,
            pointer(lists),
            pointer(scores),
            pointer(found_scores),
            pointer(found),
            False,  # store_pairs
            parameters,
        )
        rows: Rows = found[0]
        return rows


def _empty(kind: Ivf, quantizer: Any, dimension: int) -> Any:
    shape = (quantizer, dimension, kind.lists)
    match kind.codes:
        case Codes.SQ8:
            return untyped.IndexIVFScalarQuantizer(*shape, untyped.ScalarQuantizer.QT_8bit, _METRIC)
        case Codes.PQ:
            return untyped.IndexIVFPQFastScan(*shape, _pieces(dimension, 2), 4, _METRIC)
        case Codes.PQ_COARSE:
            return untyped.IndexIVFPQFastScan(*shape, _pieces(dimension, 4), 4, _METRIC)
        case Codes.RABITQ:
            return untyped.IndexIVFRaBitQ(*shape, _METRIC)


def _pieces(dimension: int, components: int) -> int:
    """Return into how many equal pieces of at least so many components a vector can be cut."""
    return max(n for n in range(1, max(1, dimension // components) + 1) if dimension % n == 0)


def _assignment(index: Any) -> NDArray[np.int32]:
    """Return the list of each row.

    Raises ValueError unless each row stands in exactly one list.
    """
    lists = index.invlists
    list_of = np.full(index.ntotal, -1, dtype=np.int32)
    sizes = np.array([lists.list_size(number) for number in range(index.nlist)], dtype=np.int64)
    for number in np.flatnonzero(sizes):
        size = int(sizes[number])
        rows = untyped.rev_swig_ptr(lists.get_ids(int(number)), size)
        if rows.min() < 0 or rows.max() >= index.ntotal:
            raise ValueError("an inverted list names a row that is not there")
        list_of[rows] = number
    if sizes.sum() != index.ntotal or (list_of < 0).any():
        raise ValueError("the inverted lists do not hold each row once")
    return list_of
