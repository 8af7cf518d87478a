"""What every kind of dense search can do."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.encoding.encoder import Vectors
from index.passage_rows import NOTHING, PassageIds


class DenseIndex(Protocol):
    """The vectors of one part of a generation, whatever they are searched by."""

    @property
    def dimension(self) -> int:
        """Length of the vectors."""
        ...

    def __len__(self) -> int: ...

    def search(
        self,
        vector: Vectors,
        *,
        limit: int,
        allowed: PassageIds | None = None,
        excluded: PassageIds = NOTHING,
    ) -> list[tuple[int, float]]:
        """Return at most `limit` (passage id, cosine), best first, equal cosines by id.

        `vector` is one unit vector, shape (dimension,). With `allowed`, only these ids are found;
        those in `excluded` never are, and do not crowd out others. There are fewer than `limit`
        only where fewer may be found. Which of several that share the last cosine are among them
        is not said.
        """
        ...

    def cosines(self, vector: Vectors, ids: Sequence[int]) -> list[float]:
        """Return the inner product of `vector` with that of each passage; KeyError if unknown."""
        ...

    def holds(self, ids: PassageIds) -> NDArray[np.bool_]:
        """Return of each id whether a vector has it."""
        ...

    def ids(self) -> PassageIds:
        """Return all passage ids, ascending."""
        ...
