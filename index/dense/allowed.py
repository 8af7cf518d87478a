"""Which rows a search may give, in the forms that FAISS and numpy want."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.dense.faiss_files import untyped
from index.passage_rows import Rows


@dataclass(frozen=True)
class Allowed:
    """Some of the rows of a part; `mask` says of each row whether it is one of them."""

    mask: NDArray[np.bool_]

    @classmethod
    def only(cls, rows: Rows, *, of: int) -> "Allowed":
        """Allow some of `of` rows."""
        mask = np.zeros(of, dtype=bool)
        mask[rows] = True
        return cls(mask)

    @classmethod
    def all_but(cls, rows: Rows, *, of: int) -> "Allowed":
        """Allow all of `of` rows but some."""
        mask = np.ones(of, dtype=bool)
        mask[rows] = False
        return cls(mask)

    @cached_property
    def count(self) -> int:
        """How many rows are allowed."""
        return int(np.count_nonzero(self.mask))

    @property
    def share(self) -> float:
        """The part of all rows that is allowed, 0 to 1."""
        return self.count / len(self.mask)

    @cached_property
    def rows(self) -> Rows:
        """The allowed rows, ascending."""
        return np.flatnonzero(self.mask)

    @cached_property
    def selector(self) -> Any:
        """What restricts a search in FAISS, which does not own the bits: keep this object."""
        return untyped.IDSelectorBitmap(self._bits)

    @cached_property
    def _bits(self) -> NDArray[np.uint8]:
        return np.packbits(self.mask, bitorder="little")
