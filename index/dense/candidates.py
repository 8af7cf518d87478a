"""What narrows a search down, before what remains is ranked exactly."""

from pathlib import Path
from typing import Protocol

from index.dense.allowed import Allowed
from index.dense.kinds import Hnsw, Ivf
from index.encoding.encoder import Vectors
from index.passage_rows import Rows


class CandidateFinder(Protocol):
    """A graph, or inverted lists; its length is how many vectors it holds."""

    @property
    def kind(self) -> Hnsw | Ivf:
        """The parameters that it is searched with."""
        ...

    def with_kind(self, kind: Hnsw | Ivf) -> "CandidateFinder":
        """Return the same, searched with other parameters; those of building must be equal."""
        ...

    def candidates(self, vector: Vectors, *, limit: int, allowed: Allowed | None) -> Rows | None:
        """Return allowed rows that may be among the best `limit`, in any order.

        None says that all that are allowed had better be compared.
        """
        ...

    def write(self, path: Path) -> None:
        """Write one file; raises OSError if the disk fails."""
        ...

    def __len__(self) -> int: ...
