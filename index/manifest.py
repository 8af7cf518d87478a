"""What a generation says of itself, so that opening it can check that it is whole."""

import hashlib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

SCHEMA_VERSION = 1
MANIFEST_NAME = "manifest.json"


class FileEntry(BaseModel):
    """One file of the generation, by its path inside the generation's folder."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str
    size: int = Field(ge=0)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class EncoderEntry(BaseModel):
    """Which model made the vectors; a question must be encoded by the same one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    fingerprint: str
    dimension: int = Field(ge=1)


class PassageEntry(BaseModel):
    """How passages were cut, in tokens of the encoder."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    max_tokens: int
    overlap: int


class Counts(BaseModel):
    """How much the generation holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    articles: int = Field(ge=0)
    sentences: int = Field(ge=0)
    passages: int = Field(ge=0)


class Manifest(BaseModel):
    """`manifest.json` of a generation. `parts` leaves room for deltas over the base."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_version: int
    generation: str
    created: str
    parts: tuple[str, ...] = ("base",)
    counts: Counts
    encoder: EncoderEntry
    passages: PassageEntry
    files: tuple[FileEntry, ...]


def describe_files(folder: Path) -> tuple[FileEntry, ...]:
    """Return size and checksum of every file below `folder`, sorted by path."""
    return tuple(
        FileEntry(
            path=path.relative_to(folder).as_posix(),
            size=path.stat().st_size,
            sha256=sha256_of(path),
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST_NAME and not path.name.endswith(".lock")
    )


def sha256_of(path: Path) -> str:
    """Return the hex digest of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
