"""What tells one file on the disk from all others, by its place and by its bytes."""

import hashlib
from pathlib import Path
from typing import TypeAlias

FileIdentity: TypeAlias = tuple[int, int, int, int]
"""Device, inode, size, and time of change in nanoseconds."""


def identity_of(path: Path) -> FileIdentity:
    """Return what tells a file from all others, and from itself before it was written to."""
    status = path.stat()
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def sha256_of(path: Path) -> str:
    """Return the hex digest of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
