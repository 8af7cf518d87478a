"""Dense search over float16 vectors on disk, with or without something that narrows it down."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.dense.allowed import Allowed
from index.dense.candidates import CandidateFinder
from index.dense.half_vectors import HalfVectors
from index.encoding.encoder import Vectors
from index.passage_rows import NOTHING, PassageIds, PassageRows, Rows

HALF_NAME = "vectors.f16"
IDS_NAME = "vector_ids.npy"
# So many are compared in a few milliseconds, whatever lies between them; very few, one by one.
COMPARED_AT_MOST = 20_000
_GATHERED_AT_MOST = 2000


class MappedIndex:
    """Vectors by row, their passages' ids, and a finder of candidates, which are ranked exactly.

    Scores are inner products with the float16 vectors, by whatever way a passage was found.
    """

    def __init__(
        self,
        ids: PassageIds,
        vectors: HalfVectors,
        finder: CandidateFinder | None,
        *,
        compared_at_most: int = COMPARED_AT_MOST,
    ) -> None:
        """`ids` holds one id a row; without a finder every search compares all that is allowed.

        So does a search for which at most `compared_at_most` are allowed.

        Raises ValueError if they are not of the same passages.
        """
        if len(ids) != len(vectors) or (finder is not None and len(finder) != len(vectors)):
            raise ValueError("the vectors, their ids and their index are not equally many")
        self._ids = ids
        self._vectors = vectors
        self.finder = finder
        self._compared_at_most = compared_at_most
        self._rows = PassageRows(ids)

    @classmethod
    def read(cls, part: Path, finder: CandidateFinder | None) -> "MappedIndex":
        """Open the files of a part; the caller has checked their checksums."""
        ids = np.load(part / IDS_NAME, allow_pickle=False)
        if ids.ndim != 1 or ids.dtype != np.dtype("<i8"):
            raise ValueError(f"{part / IDS_NAME} holds no passage ids")
        return cls(ids, HalfVectors.open(part / HALF_NAME), finder)

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def dimension(self) -> int:
        """Length of the vectors."""
        return self._vectors.dimension

    def ids(self) -> PassageIds:
        """Return all passage ids, ascending."""
        return self._rows.ids()

    def holds(self, ids: PassageIds) -> NDArray[np.bool_]:
        """Return of each id whether a vector has it."""
        return self._rows.find(ids)[1]

    def cosines(self, vector: Vectors, ids: Sequence[int]) -> list[float]:
        """Return the inner product of `vector` with that of each passage; KeyError if unknown."""
        cosines = self._vectors.cosines(vector, self._rows.rows_of(ids))
        return [float(cosine) for cosine in cosines]

    def search(
        self,
        vector: Vectors,
        *,
        limit: int,
        allowed: PassageIds | None = None,
        excluded: PassageIds = NOTHING,
    ) -> list[tuple[int, float]]:
        """Return the passages of the highest cosines, as `DenseIndex.search`."""
        restricted = self._allowed(allowed, excluded)
        count = len(self) if restricted is None else restricted.count
        limit = min(limit, count)
        if limit == 0:
            return []
        rows = None
        if self.finder is not None and count > max(limit, self._compared_at_most):
            rows = self.finder.candidates(vector, limit=limit, allowed=restricted)
        if rows is None or len(rows) < limit:
            rows = self._compare_all(vector, limit, restricted)
        return self._ranked(vector, rows)[:limit]

    def exact(self, vectors: Vectors, *, limit: int) -> NDArray[np.float32]:
        """Return the cosines of the best by comparing all, shape (vectors, limit), best first."""
        rows = self._vectors.nearest(vectors, min(limit, len(self)))
        found = [self._vectors.cosines(one, at) for one, at in zip(vectors, rows, strict=True)]
        return -np.sort(-np.stack(found), axis=1)

    def sample(self, rows: Rows) -> Vectors:
        """Return the vectors of some rows."""
        return self._vectors.take(rows)

    def searched_with(self, finder: CandidateFinder) -> "MappedIndex":
        """Return the same vectors with another finder of candidates."""
        return MappedIndex(
            self._ids, self._vectors, finder, compared_at_most=self._compared_at_most
        )

    def _compare_all(self, vector: Vectors, limit: int, allowed: Allowed | None) -> Rows:
        if allowed is not None and allowed.count <= _GATHERED_AT_MOST:
            return allowed.rows
        selector = None if allowed is None else allowed.selector
        rows: Rows = self._vectors.nearest(vector[None, :], limit, selector)[0]
        return rows

    def _ranked(self, vector: Vectors, rows: Rows) -> list[tuple[int, float]]:
        ids, cosines = self._ids[rows], self._vectors.cosines(vector, rows)
        order = np.lexsort((ids, -cosines))
        return list(zip(ids[order].tolist(), cosines[order].tolist(), strict=True))

    def _allowed(self, allowed: PassageIds | None, excluded: PassageIds) -> Allowed | None:
        if allowed is not None:
            kept = np.setdiff1d(allowed, excluded) if len(excluded) else allowed
            rows, known = self._rows.find(kept)
            return Allowed.only(rows[known], of=len(self))
        rows, known = self._rows.find(excluded)
        return Allowed.all_but(rows[known], of=len(self)) if known.any() else None
