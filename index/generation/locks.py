"""The locks of an index directory: held while a base is built, and for a moment to publish."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from index.file_names import BUILD_LOCK_NAME, PUBLISH_LOCK_NAME
from qa.errors import QuothError

_PATIENCE_S = 120
# Whoever looks whether the build lock is held holds it for a moment.
_MOMENT_S = 0.2


class BuildInProgressError(QuothError):
    """Another process is building this index."""


@contextmanager
def building_lock(index_dir: Path, *, patience_s: float = _MOMENT_S) -> Iterator[None]:
    """Hold the build lock; raises BuildInProgressError if another process keeps it so long."""
    try:
        with FileLock(index_dir / BUILD_LOCK_NAME, timeout=patience_s):
            yield
    except Timeout as error:
        raise BuildInProgressError(
            f"another process is building the index at {index_dir}; wait until it has finished"
        ) from error


def is_being_built(index_dir: Path) -> bool:
    """Return whether somebody holds the build lock at this moment."""
    try:
        with building_lock(index_dir, patience_s=0):
            return False
    except BuildInProgressError:
        return True


@contextmanager
def publishing_lock(index_dir: Path) -> Iterator[None]:
    """Hold the publish lock; raises BuildInProgressError if others hold it for very long."""
    try:
        with FileLock(index_dir / PUBLISH_LOCK_NAME, timeout=_PATIENCE_S):
            yield
    except Timeout as error:
        raise BuildInProgressError(
            f"another process has been publishing the index at {index_dir} for {_PATIENCE_S} s; "
            f"see whether it is alive"
        ) from error
