"""Exact search in memory, which small collections and deltas have: FAISS's flat index."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.dense.faiss_files import faiss, write_index
from index.encoding.encoder import Vectors
from index.passage_rows import NOTHING, PassageIds, PassageRows


class FlatIndex:
    """Exact inner-product search; a vector keeps its passage's id, whatever is added beside it."""

    def __init__(self, index: faiss.Index) -> None:
        # The typed views below do not own what they point to: `index` must live as long.
        self._index = index
        mapped: Any = faiss.downcast_index(index)
        self._vectors: Any = faiss.downcast_index(mapped.index)
        self._rows = PassageRows(faiss.vector_to_array(mapped.id_map))

    @classmethod
    def build(cls, batches: Iterator[tuple[PassageIds, Vectors]], *, dimension: int) -> "FlatIndex":
        """Add all batches of (ids, unit vectors) to a new index."""
        flat = faiss.IndexFlatIP(dimension)
        index = faiss.IndexIDMap2(flat)
        for ids, vectors in batches:
            index.add_with_ids(vectors, ids)
        return cls(index)

    @classmethod
    def read(cls, path: Path) -> "FlatIndex":
        """Open a file that `write` has written; the caller has checked its checksum."""
        return cls(faiss.read_index(str(path)))

    def write(self, path: Path) -> None:
        """Write the index to one file; raises OSError if the disk fails."""
        write_index(self._index, path)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Length of the vectors."""
        return int(self._index.d)

    def search(
        self,
        vector: Vectors,
        *,
        limit: int,
        allowed: PassageIds | None = None,
        excluded: PassageIds = NOTHING,
    ) -> list[tuple[int, float]]:
        """Return the passages of the highest cosines, as `DenseIndex.search`."""
        if allowed is not None and len(excluded):
            allowed = np.setdiff1d(allowed, excluded)
        limit = min(limit, len(self) if allowed is None else len(allowed))
        if limit == 0:
            return []
        selectors = _selectors(allowed, excluded)
        parameters = faiss.SearchParameters(sel=selectors[-1]) if selectors else None  # type: ignore[call-arg]  # the stub lacks it
        scores, ids = self._index.search(vector[None, :], limit, params=parameters)
        found = [(int(i), float(s)) for i, s in zip(ids[0], scores[0], strict=True) if i >= 0]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))

    def cosines(self, vector: Vectors, ids: Sequence[int]) -> list[float]:
        """Return the inner product of `vector` with the vector of each passage in `ids`.

        Raises KeyError if an id is not in the index.
        """
        rows = self._rows.rows_of(ids).tolist()
        return [float(vector @ self._vectors.reconstruct(row)) for row in rows]

    def holds(self, ids: PassageIds) -> NDArray[np.bool_]:
        """Return of each id whether a vector has it."""
        return self._rows.find(ids)[1]

    def ids(self) -> PassageIds:
        """Return all passage ids, ascending."""
        return self._rows.ids()


def _selectors(allowed: PassageIds | None, excluded: PassageIds) -> list[Any]:
    """Return what restricts a search, last what FAISS takes; the others must live as long."""
    if allowed is not None:
        return [faiss.IDSelectorBatch(allowed)]
    if len(excluded):
        batch = faiss.IDSelectorBatch(excluded)
        return [batch, faiss.IDSelectorNot(batch)]
    return []
