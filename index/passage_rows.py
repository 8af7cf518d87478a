"""Passages' ids, and the rows of the vectors that they stand for."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

PassageIds = NDArray[np.int64]
Rows = NDArray[np.int64]
NOTHING: PassageIds = np.empty(0, dtype=np.int64)


class PassageRows:
    """Finds the rows of passages by their ids."""

    def __init__(self, ids: PassageIds) -> None:
        """`ids` holds one id a row."""
        self._order = np.argsort(ids, kind="stable").astype(np.int32)
        self._sorted = ids[self._order]

    def ids(self) -> PassageIds:
        """Return all ids, ascending."""
        return self._sorted.copy()

    def find(self, ids: PassageIds) -> tuple[Rows, NDArray[np.bool_]]:
        """Return the row of each id, and whether it has one; else the row means nothing."""
        if len(self._sorted) == 0:
            return np.zeros(len(ids), dtype=np.int64), np.zeros(len(ids), dtype=bool)
        places = np.minimum(np.searchsorted(self._sorted, ids), len(self._sorted) - 1)
        return self._order[places].astype(np.int64), self._sorted[places] == ids

    def rows_of(self, ids: Sequence[int]) -> Rows:
        """Return the row of each id; raises KeyError if one has none."""
        asked = np.array(ids, dtype=np.int64)
        rows, known = self.find(asked)
        if not known.all():
            raise KeyError(int(asked[~known][0]))
        return rows
