"""Generations: immutable states of the index, checked when they are opened."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ValidationError

from index.dense.flat import FlatIndex
from index.dense.opening import open_vectors
from index.file_identity import identity_of, sha256_of
from index.file_names import (
    ASIDE_NAME,
    BASE_NAME,
    DELTA_NAME,
    GENERATIONS_NAME,
    KEYWORDS_NAME,
    TABLES_NAME,
    VECTORS_NAME,
)
from index.generation.folders import current_folder, rebuild_cure
from index.generation.layers import LayeredTables, LayeredVectors
from index.generation.manifest import MANIFEST_NAME, SCHEMA_VERSION, Digests, Manifest
from index.generation.tables import Tables
from index.keywords import KeywordIndex
from qa.errors import IndexUnavailableError
from qa.values import Article, Sentence


@dataclass(frozen=True, slots=True)
class Generation:
    """One open generation: what it says of itself, and what can be found in it.

    `digests` are the checksums of its files, which links to the same files need not repeat.
    """

    manifest: Manifest
    tables: LayeredTables
    vectors: LayeredVectors
    keywords: KeywordIndex
    digests: Digests = field(repr=False)

    @property
    def name(self) -> str:
        """The name that responses carry."""
        return self.manifest.generation

    def without(self, article_ids: Collection[str]) -> "Generation":
        """Return the same generation as it is when some articles are deleted."""
        rows = sorted(self.tables.rows_of(sorted(article_ids)).values()) if article_ids else []
        if not rows:
            return self
        tables = self.tables.without(rows)
        vectors = LayeredVectors.of(self.vectors.indexes, tables)
        return replace(self, tables=tables, vectors=vectors, keywords=self.keywords.without(rows))

    def article(self, article_id: str) -> Article:
        """Return an article; raises ArticleNotFoundError if there is none with this id."""
        return self.tables.article(article_id)

    def articles(self, *, after: str | None, limit: int) -> list[Article]:
        """Return at most `limit` articles in the order of their ids, beginning behind `after`."""
        return self.tables.articles(after=after, limit=limit)

    def sources(self, *, limit: int) -> list[str]:
        """Return at most `limit` sources, those of most articles, in the order of their names."""
        return self.tables.sources(limit=limit)

    def sentences(self, article_id: str, start: int, end: int) -> list[Sentence]:
        """Return the sentences that share a character with `[start, end)`, in order."""
        return self.tables.sentences(article_id, start, end)


def open_generation(index_dir: Path, *, former: Generation | None = None) -> Generation:
    """Open the generation that serves, after checking that it is whole.

    What it shares with the open `former` generation is neither checked nor opened again.

    Raises IndexUnavailableError, whose message names the fault and the cure.
    """
    return _guarded(index_dir, lambda: current_folder(index_dir), former)


def open_kept(index_dir: Path, name: str) -> Generation:
    """Open any generation that is kept, as `open_generation` does."""
    return _guarded(index_dir, lambda: index_dir / GENERATIONS_NAME / name, None)


def open_aside(index_dir: Path, name: str) -> Generation:
    """Open a generation that was put aside instead of published, as `open_generation` does."""
    return _guarded(index_dir, lambda: index_dir / ASIDE_NAME / name, None)


def read_manifest(index_dir: Path, folder: Path) -> Manifest:
    """Return what the generation in a folder says of itself; raises IndexUnavailableError."""
    path = folder / MANIFEST_NAME
    try:
        content = path.read_bytes()
        version = _Versioned.model_validate_json(content).schema_version
        manifest = _parse_manifest(content, version)
    except (OSError, ValidationError) as error:
        raise IndexUnavailableError(
            f"{path} is damaged ({_reason_of(error)}); {rebuild_cure(index_dir)}"
        ) from error
    if manifest is None:
        raise IndexUnavailableError(
            f"{path} has schema version {version}, but this Quoth reads versions up to "
            f"{SCHEMA_VERSION}; upgrade Quoth, or {rebuild_cure(index_dir)}"
        )
    if manifest.generation != folder.name:
        raise IndexUnavailableError(
            f"{path} is damaged (it names the generation {manifest.generation!r}); "
            f"{rebuild_cure(index_dir)}"
        )
    return manifest


def _guarded(
    index_dir: Path, find_folder: Callable[[], Path], former: Generation | None
) -> Generation:
    try:
        folder = find_folder()
        manifest = read_manifest(index_dir, folder)
        digests = _check_files(index_dir, folder, manifest, former)
        generation = _open_parts(folder, manifest, digests, former)
        _check_counts(index_dir, generation, former)
    except IndexUnavailableError:
        raise
    except PermissionError as error:
        raise IndexUnavailableError(
            f"cannot open the index at {index_dir}: {error.filename} may not be read; give the "
            f"user that this runs as the permission to read the whole folder"
        ) from error
    except Exception as error:  # each of the three libraries raises exceptions of its own
        reason = " ".join(str(error).split())
        raise IndexUnavailableError(
            f"cannot open the index at {index_dir}: {reason}; {rebuild_cure(index_dir)}"
        ) from error
    return generation


class _Versioned(BaseModel):
    schema_version: int


def _parse_manifest(content: bytes, version: int) -> Manifest | None:
    """Return the manifest of a known version, or None."""
    if version == SCHEMA_VERSION:
        return Manifest.model_validate_json(content)
    if version == 1:
        return Manifest.of_version_1(_Older.model_validate_json(content).model_dump())
    if version == 2:
        return Manifest.of_version_2(_Older.model_validate_json(content).model_dump())
    return None


class _Older(BaseModel, extra="allow"):
    """Any fields; `Manifest` checks them."""


def _reason_of(error: OSError | ValidationError) -> str:
    if isinstance(error, OSError):
        return error.strerror or str(error)
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg']}" if place else first["msg"]


def _open_parts(
    folder: Path, manifest: Manifest, digests: Digests, former: Generation | None
) -> Generation:
    base = folder / BASE_NAME
    if former is not None and _same_base(former.manifest, manifest):
        tables, vectors = [former.tables.parts[0]], [former.vectors.indexes[0]]
    else:
        tables = [Tables(base / TABLES_NAME)]
        vectors = [open_vectors(base, manifest.base.vectors.kind)]
    last = base
    hidden: frozenset[int] = frozenset()
    if manifest.delta is not None:
        last = folder / DELTA_NAME
        tables.append(Tables(last / TABLES_NAME))
        vectors.append(FlatIndex.read(last / VECTORS_NAME))
        hidden = frozenset(tables[-1].hidden_rows())
    layered = LayeredTables(tuple(tables), hidden)
    keywords = KeywordIndex.read(last / KEYWORDS_NAME)
    return Generation(manifest, layered, LayeredVectors.of(vectors, layered), keywords, digests)


def _same_base(one: Manifest, other: Manifest) -> bool:
    """Compare bases by their checksums, since a name could come back with another content."""
    one_files, other_files = (
        {(f.path, f.sha256) for f in manifest.files if f.path.startswith(f"{BASE_NAME}/")}
        for manifest in (one, other)
    )
    return one.base == other.base and one_files == other_files


def _check_files(
    index_dir: Path, folder: Path, manifest: Manifest, former: Generation | None
) -> Digests:
    """Return the checksums of all files, which are those of the manifest."""
    known = former.digests if former is not None else {}
    digests = {}
    inside = folder.resolve()
    for entry in manifest.files:
        path = folder / entry.path
        if not path.resolve().is_relative_to(inside):
            problem = f"{entry.path} lies outside the generation"
        elif not path.is_file():
            problem = f"{entry.path} is missing"
        elif path.stat().st_size != entry.size:
            problem = f"{entry.path} has {path.stat().st_size} bytes instead of {entry.size}"
        else:
            identity = identity_of(path)
            digests[identity] = known.get(identity) or sha256_of(path)
            if digests[identity] == entry.sha256:
                continue
            problem = f"{entry.path} does not match its checksum"
        raise _damaged(index_dir, manifest, problem)
    return digests


def _check_counts(index_dir: Path, generation: Generation, former: Generation | None) -> None:
    manifest, tables, vectors = generation.manifest, generation.tables, generation.vectors
    counts = manifest.counts
    checked = set() if former is None else {id(index) for index in former.vectors.indexes}
    if (
        tables.counts() != counts
        or tables.parts[0].counts() != manifest.base.counts
        or len(tables.parts) != len(manifest.parts)
    ):
        problem = "its tables hold other counts than its manifest says"
    elif not all(
        id(index) in checked or np.array_equal(index.ids(), part.passage_ids())
        for index, part in zip(vectors.indexes, tables.parts, strict=True)
    ):
        problem = "its vectors and its tables disagree about the passages"
    elif len(generation.keywords) != counts.passages:
        problem = "its keyword index and its tables disagree about the passages"
    elif any(index.dimension != manifest.encoder.dimension for index in vectors.indexes):
        problem = "its vectors have another dimension than its manifest says"
    else:
        return
    raise _damaged(index_dir, manifest, problem)


def _damaged(index_dir: Path, manifest: Manifest, problem: str) -> IndexUnavailableError:
    return IndexUnavailableError(
        f"the generation {manifest.generation} is damaged: {problem}; {rebuild_cure(index_dir)}"
    )
