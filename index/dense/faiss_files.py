"""What FAISS does not do by itself: notice a full disk, give its threads and the cores back."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# Its threads wait for each other by spinning, for longer than they work where another process has
# the core. Its OpenMP looks at this once, when it is loaded; torch has another one, and may spin.
_is_spinning_up_to_us = "OMP_WAIT_POLICY" not in os.environ
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
import faiss  # noqa: E402

if _is_spinning_up_to_us:
    del os.environ["OMP_WAIT_POLICY"]

__all__ = ["faiss", "threads", "untyped", "write_index"]

# What stubs FAISS has lack half of what is used in this folder, and name some of it wrongly.
untyped: Any = faiss


def write_index(index: faiss.Index, path: Path) -> None:
    """Write the index to one file; raises OSError if the disk fails."""
    # Given a path, FAISS does not notice that the last bytes found no room on the disk.
    with path.open("wb") as file:
        writer = untyped.PyCallbackIOWriter(file.write)
        faiss.write_index(index, writer)


@contextmanager
def threads(count: int) -> Iterator[None]:
    """Let FAISS use so many threads meanwhile, in what this thread calls."""
    former = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(count)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(former)
