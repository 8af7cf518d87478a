"""Vectors as float16 in a file that is mapped, not read: their memory is the system's to give."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.dense.faiss_files import untyped
from index.encoding.encoder import Vectors
from index.passage_rows import Rows

_METRIC = untyped.METRIC_INNER_PRODUCT
_FLOAT16 = untyped.ScalarQuantizer.QT_fp16
# Where FAISS's file of an IndexScalarQuantizer has its count; the size of the codes and the codes
# themselves come last. `open` notices if another FAISS writes it otherwise.
_COUNT_AT = 8
_GATHERED_AT_MOST = 4096


class HalfVectors:
    """All vectors of a part by row, from 0; the file is one of FAISS, for its fast float16 scan."""

    def __init__(self, index: Any) -> None:
        self._index = index
        codes = index.codes
        self._rows: NDArray[np.float16] = (
            untyped.rev_swig_ptr(codes.data(), codes.size()).view("<f2").reshape(-1, index.d)
            if index.ntotal
            else np.empty((0, index.d), dtype=np.float16)
        )

    @classmethod
    def write(cls, path: Path, batches: Iterator[Vectors], *, count: int, dimension: int) -> None:
        """Write `count` vectors batch by batch; raises OSError if the disk fails."""
        empty = untyped.serialize_index(_empty(dimension)).tobytes()
        written = 0
        with path.open("wb") as file:
            file.write(empty[:_COUNT_AT] + struct.pack("<q", count) + empty[_COUNT_AT + 8 : -8])
            file.write(struct.pack("<Q", count * dimension * 2))
            for batch in batches:
                file.write(np.ascontiguousarray(batch, dtype="<f2").tobytes())
                written += len(batch)
        if written != count:
            raise ValueError(f"{path} was to hold {count} vectors, but {written} came")

    @classmethod
    def open(cls, path: Path) -> "HalfVectors":
        """Map a file that `write` has written; raises ValueError if it is another one."""
        index: Any = untyped.read_index(str(path), untyped.IO_FLAG_MMAP_IFC)
        if (
            not isinstance(index, untyped.IndexScalarQuantizer)
            or index.sq.qtype != _FLOAT16
            or index.metric_type != _METRIC
            or index.codes.size() != index.ntotal * index.d * 2
        ):
            raise ValueError(f"{path} holds no float16 vectors")
        return cls(index)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Length of the vectors."""
        return int(self._index.d)

    def take(self, rows: Rows) -> Vectors:
        """Return the vectors of some rows, shape (rows, dimension)."""
        return self._rows[rows].astype(np.float32)

    def cosines(self, vector: Vectors, rows: Rows) -> NDArray[np.float32]:
        """Return the inner products of one vector with those of some rows.

        A row's product does not depend on which other rows are asked for.
        """
        found = np.empty(len(rows), dtype=np.float32)
        for start in range(0, len(rows), _GATHERED_AT_MOST):
            part = slice(start, start + _GATHERED_AT_MOST)
            found[part] = (self.take(rows[part]) * vector).sum(axis=1)
        return found

    def nearest(self, vectors: Vectors, limit: int, selector: Any | None = None) -> Rows:
        """Return the rows of the best by comparing all, shape (vectors, limit), -1 for none."""
        parameters = None if selector is None else untyped.SearchParameters(sel=selector)
        _, rows = self._index.search(vectors, limit, params=parameters)
        return np.asarray(rows)

    def batches(self, size: int) -> Iterator[Vectors]:
        """Yield all vectors in the order of their rows, at most `size` at once."""
        for start in range(0, len(self), size):
            yield self._rows[start : start + size].astype(np.float32)


def _empty(dimension: int) -> Any:
    return untyped.IndexScalarQuantizer(dimension, _FLOAT16, _METRIC)
