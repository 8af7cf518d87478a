"""Generations: immutable states of the index, published by rename and checked when opened.

    index-dir/
      record.sqlite            the record
      CURRENT                  the name of the generation that serves
      generations/NAME/
        manifest.json          counts, checksums, settings, model fingerprints
        base/tables.sqlite     articles, sentences, passages
        base/vectors.faiss     dense index
        base/keywords/         BM25 index

A later delta stands beside `base/` and is named in the manifest's `parts`.
"""

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ValidationError

from index.keywords import KeywordIndex
from index.manifest import MANIFEST_NAME, SCHEMA_VERSION, Manifest, sha256_of
from index.tables import Tables
from index.vectors import VectorIndex
from qa.errors import IndexUnavailableError
from qa.values import Article, Sentence

CURRENT_NAME = "CURRENT"
GENERATIONS_NAME = "generations"
TABLES_NAME = "tables.sqlite"
VECTORS_NAME = "vectors.faiss"
KEYWORDS_NAME = "keywords"
_STAGING_PREFIX = ".staging-"
_NEW_POINTER_NAME = f"{CURRENT_NAME}.new"
_OWN_ENTRIES = {"record.sqlite", GENERATIONS_NAME, "build.lock", _NEW_POINTER_NAME}


@dataclass(frozen=True, slots=True)
class Generation:
    """One open generation: what it says of itself, and its three parts."""

    manifest: Manifest
    tables: Tables
    vectors: VectorIndex
    keywords: KeywordIndex

    @property
    def name(self) -> str:
        """The name that responses carry."""
        return self.manifest.generation

    def article(self, article_id: str) -> Article:
        """Return an article; raises ArticleNotFoundError if there is none with this id."""
        return self.tables.article(article_id)

    def articles(self, *, after: str | None, limit: int) -> list[Article]:
        """Return at most `limit` articles in the order of their ids, beginning behind `after`."""
        return self.tables.articles(after=after, limit=limit)

    def sentences(self, article_id: str, start: int, end: int) -> list[Sentence]:
        """Return the sentences that share a character with `[start, end)`, in order."""
        return self.tables.sentences(article_id, start, end)


@contextlib.contextmanager
def staging_folder(index_dir: Path, name: str) -> Iterator[Path]:
    """Give an empty folder to write a generation into; it is gone afterwards unless published."""
    generations = index_dir / GENERATIONS_NAME
    generations.mkdir(parents=True, exist_ok=True)
    for leftover in generations.glob(f"{_STAGING_PREFIX}*"):
        shutil.rmtree(leftover)
    staging = generations / f"{_STAGING_PREFIX}{name}"
    (staging / "base").mkdir(parents=True)
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def publish(index_dir: Path, staging: Path, manifest: Manifest) -> None:
    """Make the generation in `staging` the one that serves, durably and at once.

    A crash before the last rename leaves the former generation serving. The former one is kept
    for going back, older ones are removed.
    """
    (staging / MANIFEST_NAME).write_text(manifest.model_dump_json(indent=2), encoding="utf-8")
    for path in sorted(staging.rglob("*")):
        _sync(path)
    _sync(staging)
    generations = index_dir / GENERATIONS_NAME
    former = _former_name(index_dir)
    staging.rename(generations / manifest.generation)
    _sync(generations)
    pointer = index_dir / _NEW_POINTER_NAME
    pointer.write_text(f"{manifest.generation}\n", encoding="utf-8")
    _sync(pointer)
    pointer.replace(index_dir / CURRENT_NAME)
    _sync(index_dir)
    _remove_old(generations, keep={manifest.generation, former or manifest.generation})


def current_name(index_dir: Path) -> str | None:
    """Return the name of the generation that serves, or None if none was ever published."""
    try:
        return (index_dir / CURRENT_NAME).read_text(encoding="utf-8").strip() or None
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise IndexUnavailableError(
            f"cannot read {index_dir / CURRENT_NAME}: {error}; {_rebuild(index_dir)}"
        ) from error


def open_generation(index_dir: Path) -> Generation:
    """Open the generation that serves, after checking that it is whole.

    Raises IndexUnavailableError, whose message names the fault and the cure.
    """
    try:
        folder = _current_folder(index_dir)
        manifest = _read_manifest(index_dir, folder)
        _check_files(index_dir, folder, manifest)
        base = folder / "base"
        generation = Generation(
            manifest,
            Tables(base / TABLES_NAME),
            VectorIndex.read(base / VECTORS_NAME),
            KeywordIndex.read(base / KEYWORDS_NAME),
        )
        _check_counts(index_dir, generation)
    except IndexUnavailableError:
        raise
    except Exception as error:  # each of the three libraries raises exceptions of its own
        reason = " ".join(str(error).split())
        raise IndexUnavailableError(
            f"cannot open the index at {index_dir}: {reason}; {_rebuild(index_dir)}"
        ) from error
    return generation


def _former_name(index_dir: Path) -> str | None:
    """Return the name of the generation that serves; a damaged one must not stop its rebuild."""
    with contextlib.suppress(IndexUnavailableError):
        return current_name(index_dir)
    return None


def _current_folder(index_dir: Path) -> Path:
    if not index_dir.exists():
        raise IndexUnavailableError(f"there is no index at {index_dir}; {_rebuild(index_dir)}")
    if not index_dir.is_dir():
        raise IndexUnavailableError(
            f"{index_dir} is a file, not an index directory; give the directory that "
            f"`quoth index` wrote with --index-dir"
        )
    name = current_name(index_dir)
    if name is None:
        entries = {path.name for path in index_dir.iterdir()}
        foreign = sorted(entries - _OWN_ENTRIES)
        foreign = [entry for entry in foreign if not entry.startswith("record.sqlite")]
        if foreign:
            raise IndexUnavailableError(
                f"{index_dir} is not an index directory of Quoth (it holds {foreign[0]!r}); "
                f"choose another with --index-dir"
            )
        raise IndexUnavailableError(f"the index at {index_dir} is empty; {_rebuild(index_dir)}")
    folders = {path.name: path for path in (index_dir / GENERATIONS_NAME).glob("*")}
    if name not in folders:
        raise IndexUnavailableError(
            f"{index_dir / CURRENT_NAME} names the generation {name!r}, which is not there; "
            f"{_rebuild(index_dir)}"
        )
    return folders[name]


class _Versioned(BaseModel):
    schema_version: int


def _read_manifest(index_dir: Path, folder: Path) -> Manifest:
    path = folder / MANIFEST_NAME
    try:
        content = path.read_bytes()
        version = _Versioned.model_validate_json(content).schema_version
        manifest = Manifest.model_validate_json(content) if version == SCHEMA_VERSION else None
    except (OSError, ValidationError) as error:
        raise IndexUnavailableError(
            f"{path} is damaged ({_reason_of(error)}); {_rebuild(index_dir)}"
        ) from error
    if manifest is None:
        raise IndexUnavailableError(
            f"{path} has schema version {version}, but this Quoth reads version {SCHEMA_VERSION}; "
            f"upgrade Quoth, or {_rebuild(index_dir)}"
        )
    if manifest.generation != folder.name:
        raise IndexUnavailableError(
            f"{path} is damaged (it names the generation {manifest.generation!r}); "
            f"{_rebuild(index_dir)}"
        )
    return manifest


def _reason_of(error: OSError | ValidationError) -> str:
    if isinstance(error, OSError):
        return error.strerror or str(error)
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg']}" if place else first["msg"]


def _check_files(index_dir: Path, folder: Path, manifest: Manifest) -> None:
    for entry in manifest.files:
        path = folder / entry.path
        if not path.resolve().is_relative_to(folder.resolve()):
            problem = f"{entry.path} lies outside the generation"
        elif not path.is_file():
            problem = f"{entry.path} is missing"
        elif path.stat().st_size != entry.size:
            problem = f"{entry.path} has {path.stat().st_size} bytes instead of {entry.size}"
        elif sha256_of(path) != entry.sha256:
            problem = f"{entry.path} does not match its checksum"
        else:
            continue
        raise IndexUnavailableError(
            f"the generation {manifest.generation} is damaged: {problem}; {_rebuild(index_dir)}"
        )


def _check_counts(index_dir: Path, generation: Generation) -> None:
    counts = generation.manifest.counts
    if generation.tables.counts() != (counts.articles, counts.sentences, counts.passages):
        problem = "its tables hold other counts than its manifest says"
    elif not np.array_equal(generation.vectors.ids(), generation.tables.passage_ids()):
        problem = "its vectors and its tables disagree about the passages"
    elif len(generation.keywords) != counts.passages:
        problem = "its keyword index and its tables disagree about the passages"
    elif generation.vectors.dimension != generation.manifest.encoder.dimension:
        problem = "its vectors have another dimension than its manifest says"
    else:
        return
    raise IndexUnavailableError(
        f"the generation {generation.name} is damaged: {problem}; {_rebuild(index_dir)}"
    )


def _rebuild(index_dir: Path) -> str:
    return f"build it with: quoth index SOURCE... --index-dir {index_dir}"


def _remove_old(generations: Path, *, keep: set[str]) -> None:
    for folder in generations.iterdir():
        if folder.name not in keep and not folder.name.startswith(_STAGING_PREFIX):
            shutil.rmtree(folder, ignore_errors=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
