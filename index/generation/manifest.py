"""What a generation says of itself, so that opening it can check that it is whole.

Version 1 had neither sequences nor deltas: such a generation is read as a base that holds the
record's sequence 0, so that it serves as before, and the next publish makes a new base. Version 2
had only exact search in memory, which is what a base has that says nothing else of its vectors.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import BaseModel, Field

from index.dense.kinds import VectorsEntry
from index.file_identity import FileIdentity, identity_of, sha256_of

SCHEMA_VERSION = 3
MANIFEST_NAME = "manifest.json"


class FileEntry(BaseModel, extra="forbid", frozen=True):
    """One file of the generation, by its path inside the generation's folder."""

    path: str
    size: int = Field(ge=0)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class EncoderEntry(BaseModel, extra="forbid", frozen=True):
    """Which model made the vectors; a question must be encoded by the same one."""

    name: str
    fingerprint: str
    dimension: int = Field(ge=1)


class PassageEntry(BaseModel, extra="forbid", frozen=True):
    """How passages were cut, in tokens of the encoder."""

    max_tokens: int
    overlap: int


class Counts(BaseModel, extra="forbid", frozen=True):
    """How much a generation, or a part of one, holds."""

    articles: int = Field(ge=0)
    sentences: int = Field(ge=0)
    passages: int = Field(ge=0)

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            articles=self.articles + other.articles,
            sentences=self.sentences + other.sentences,
            passages=self.passages + other.passages,
        )

    def __sub__(self, other: "Counts") -> "Counts":
        return Counts(
            articles=self.articles - other.articles,
            sentences=self.sentences - other.sentences,
            passages=self.passages - other.passages,
        )


NOTHING_HELD = Counts(articles=0, sentences=0, passages=0)


class BaseEntry(BaseModel, extra="forbid", frozen=True):
    """The base: the generation that it was built for, the record's sequence, and all it holds.

    What a delta hides is still counted here. `vectors` says how the base is searched densely; a
    delta is always searched exactly.
    """

    name: str
    sequence: int = Field(ge=0)
    counts: Counts
    vectors: VectorsEntry = VectorsEntry()


class DeltaEntry(BaseModel, extra="forbid", frozen=True):
    """What was changed since the base was built."""

    counts: Counts
    hidden: Counts = Field(description="What of the base is changed or gone.")

    @property
    def changed_passages(self) -> int:
        """How many passages are new in the delta, or hidden in the base."""
        return self.counts.passages + self.hidden.passages

    def over(self, base: Counts) -> Counts:
        """Return what can be found in a base with this delta over it."""
        return base - self.hidden + self.counts


class Manifest(BaseModel, extra="forbid", frozen=True):
    """`manifest.json` of a generation, which holds the record's articles as of `sequence`.

    `parts` are the folders that hold it: the base, and the delta over it if there is one.
    `counts` are of what can be found.
    """

    schema_version: int
    generation: str
    created: str
    parts: tuple[str, ...] = ("base",)
    sequence: int = Field(ge=0)
    base: BaseEntry
    delta: DeltaEntry | None = None
    counts: Counts
    encoder: EncoderEntry
    passages: PassageEntry
    files: tuple[FileEntry, ...]

    @classmethod
    def of_version_1(cls, fields: Mapping[str, Any]) -> "Manifest":
        """Read the fields of version 1; raises ValidationError if they are not those."""
        base = {
            "name": fields.get("generation"),
            "sequence": 0,
            "counts": fields.get("counts"),
        }
        return cls.of_version_2({**fields, "sequence": 0, "base": base})

    @classmethod
    def of_version_2(cls, fields: Mapping[str, Any]) -> "Manifest":
        """Read the fields of version 2; raises ValidationError if they are not those."""
        return cls.model_validate({**fields, "schema_version": SCHEMA_VERSION})


Digests: TypeAlias = Mapping[FileIdentity, str]
"""SHA-256 by (device, inode, size, time of change): links to one file are hashed once."""


def digests_of(folder: Path, files: Sequence[FileEntry]) -> Digests:
    """Return the checksums that a manifest states of files that lie in `folder`."""
    return {identity_of(folder / entry.path): entry.sha256 for entry in files}


def describe_files(folder: Path, *, known: Digests | None = None) -> tuple[FileEntry, ...]:
    """Return size and checksum of every file below `folder`, sorted by path.

    The checksums of the `known` files are taken from there.
    """
    digests = known or {}
    return tuple(
        FileEntry(
            path=path.relative_to(folder).as_posix(),
            size=path.stat().st_size,
            sha256=digests.get(identity_of(path)) or sha256_of(path),
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST_NAME and not path.name.endswith(".lock")
    )


def size_on_disk(folder: Path, files: Sequence[FileEntry]) -> int:
    """Return the bytes that these files of a folder take, a file with several names once."""
    identities = {identity_of(folder / entry.path): entry.size for entry in files}
    return sum(identities.values())
