"""The folders of the generations: written aside, published by rename, kept for going back.

    index-dir/
      record.sqlite            the record
      CURRENT                  the name of the generation that serves, and `held` if it stays
      build.lock               held while one process builds a base
      publish.lock             held for the moment in which a generation is published
      generations/NAME/
        manifest.json          counts, checksums, settings, model fingerprints
        base/tables.sqlite     articles, sentences, passages
        base/vectors.faiss     dense index
        base/keywords/         BM25 index
        delta/...              the same of what was changed since the base was built, if anything
      aside/NAME/              a generation that the quality gate looks at, or has refused

The files of a base never change, so all generations over one base share them by hard links.
"""

import contextlib
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.manifest import MANIFEST_NAME, Manifest
from qa.errors import IndexUnavailableError, QuothError

CURRENT_NAME = "CURRENT"
GENERATIONS_NAME = "generations"
TABLES_NAME = "tables.sqlite"
VECTORS_NAME = "vectors.faiss"
KEYWORDS_NAME = "keywords"
BASE_NAME = "base"
DELTA_NAME = "delta"
ASIDE_NAME = "aside"
BUILD_LOCK_NAME = "build.lock"
PUBLISH_LOCK_NAME = "publish.lock"
KEPT_GENERATIONS = 2
_HELD = "held"
# Written into a generation's folder when another takes over; one that a killed process left
# behind between the two renames of publishing has never served, and is nothing to go back to.
_SERVED_NAME = "served"
# How `quoth evaluate` marks an index that it may replace.
EVALUATION_MARK_NAME = "made-by-evaluation"
_HIDDEN_PREFIX = "."
# A generation is renamed before it is removed: a process killed on the way leaves no half of one.
_REMOVED_PREFIX = f"{_HIDDEN_PREFIX}removed-"
_NEW_POINTER_NAME = f"{CURRENT_NAME}.new"
_OWN_ENTRIES = {
    GENERATIONS_NAME,
    ASIDE_NAME,
    BUILD_LOCK_NAME,
    PUBLISH_LOCK_NAME,
    _NEW_POINTER_NAME,
    EVALUATION_MARK_NAME,
}
# The record with what SQLite keeps beside it, and what a file system or a desktop puts anywhere.
_NOT_FOREIGN = ("record.sqlite", "lost+found", _HIDDEN_PREFIX)


class NoSuchGenerationError(QuothError):
    """There is no kept generation to go back to."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """What `CURRENT` says: which generation serves, and whether it does until further notice."""

    name: str
    is_held: bool = False


def read_pointer(index_dir: Path) -> Pointer | None:
    """Return which generation serves, or None if none was ever published.

    Raises IndexUnavailableError if that cannot be read.
    """
    try:
        content = (index_dir / CURRENT_NAME).read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise IndexUnavailableError(
            f"cannot read {index_dir / CURRENT_NAME}: {error}; {rebuild_cure(index_dir)}"
        ) from error
    name = content.removesuffix(f"\n{_HELD}")
    return Pointer(name, is_held=name != content) if name else None


def current_name(index_dir: Path) -> str | None:
    """Return the name of the generation that serves, or None if none was ever published."""
    pointer = read_pointer(index_dir)
    return None if pointer is None else pointer.name


def current_folder(index_dir: Path) -> Path:
    """Return the folder of the generation that serves; raises IndexUnavailableError."""
    check_is_index(index_dir)
    name = current_name(index_dir)
    if name is None and kept_names(index_dir):
        raise IndexUnavailableError(
            f"{index_dir / CURRENT_NAME} is missing, so that nobody knows which generation serves; "
            f"make the index anew from its record with: quoth repair {index_dir}"
        )
    if name is None:
        raise IndexUnavailableError(f"the index at {index_dir} is empty; {rebuild_cure(index_dir)}")
    folders = {path.name: path for path in (index_dir / GENERATIONS_NAME).glob("*")}
    if name not in folders:
        raise IndexUnavailableError(
            f"{index_dir / CURRENT_NAME} names the generation {name!r}, which is not there; "
            f"{rebuild_cure(index_dir)}"
        )
    return folders[name]


def folder_of(index_dir: Path, manifest: Manifest) -> Path:
    """Return the folder of a generation that is kept."""
    return index_dir / GENERATIONS_NAME / manifest.generation


def check_is_index(index_dir: Path) -> None:
    """Raise IndexUnavailableError if there is nothing, or something that is no index of ours."""
    if not index_dir.exists():
        raise IndexUnavailableError(f"there is no index at {index_dir}; {rebuild_cure(index_dir)}")
    if not index_dir.is_dir():
        raise IndexUnavailableError(
            f"{index_dir} is a file, not an index directory; name one that is, or a new folder"
        )
    if (index_dir / CURRENT_NAME).exists():
        return
    entries = {path.name for path in index_dir.iterdir()}
    foreign = [e for e in sorted(entries - _OWN_ENTRIES) if not e.startswith(_NOT_FOREIGN)]
    if foreign:
        raise IndexUnavailableError(
            f"{index_dir} is not an index directory of Quoth (it holds {foreign[0]!r}); "
            f"name one that is, or a new folder"
        )


def rebuild_cure(index_dir: Path) -> str:
    """Return what to do about an index that cannot be used."""
    return f"build it with: quoth index SOURCE... --index-dir {index_dir}"


def kept_names(index_dir: Path) -> list[str]:
    """Return the names of the generations that serve or have served, oldest first."""
    current = _former_name(index_dir)
    folders = (index_dir / GENERATIONS_NAME).glob(f"[!{_HIDDEN_PREFIX}]*")
    return sorted(f.name for f in folders if f.name == current or (f / _SERVED_NAME).exists())


@contextlib.contextmanager
def workshop(index_dir: Path, purpose: str) -> Iterator[Path]:
    """Give an empty folder to write into, which is gone afterwards unless it was published.

    What a killed process left of the same purpose is removed, so that the caller must hold the
    lock of that purpose.
    """
    generations = index_dir / GENERATIONS_NAME
    generations.mkdir(parents=True, exist_ok=True)
    folder = generations / f"{_HIDDEN_PREFIX}{purpose}"
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def link_files(source: Path, target: Path) -> None:
    """Make the files of a published folder those of a new one too, without copying where possible.

    tantivy replaces its JSON files, so that these are copied.
    """
    for path in sorted(source.rglob("*")):
        place = target / path.relative_to(source)
        if path.is_dir():
            place.mkdir(parents=True, exist_ok=True)
        elif not path.name.endswith(".lock"):
            place.parent.mkdir(parents=True, exist_ok=True)
            if path.suffix == ".json" or not _link(path, place):
                shutil.copy2(path, place)


def _link(path: Path, place: Path) -> bool:
    try:
        place.hardlink_to(path)
    except OSError:  # some file systems have no hard links, or not so many
        return False
    return True


def put_aside(index_dir: Path, written: Path, manifest: Manifest) -> Path:
    """Move the generation in `written` to where no service looks, durably; return its folder.

    One alone lies there: what was put aside before is removed.
    """
    remove_aside(index_dir / ASIDE_NAME)
    _seal(written, manifest)
    folder = index_dir / ASIDE_NAME / manifest.generation
    folder.parent.mkdir(exist_ok=True)
    written.rename(folder)
    _sync(folder.parent)
    _sync(index_dir)
    return folder


def aside_names(index_dir: Path) -> list[str]:
    """Return the names of the generations that were put aside and not published."""
    return sorted(folder.name for folder in (index_dir / ASIDE_NAME).glob(f"[!{_HIDDEN_PREFIX}]*"))


def remove_aside(folder: Path) -> None:
    """Remove what was put aside, or one of them."""
    shutil.rmtree(folder, ignore_errors=True)


def publish(index_dir: Path, written: Path, manifest: Manifest, *, keep: int) -> None:
    """Make the generation in `written` the one that serves, durably and at once.

    A crash before the last rename leaves the former generation serving. The `keep` newest
    generations are kept, and the former one in any case; others are removed.
    """
    _seal(written, manifest)
    generations = index_dir / GENERATIONS_NAME
    former = _former_name(index_dir)
    written.rename(generations / manifest.generation)
    _sync(generations)
    _point(index_dir, Pointer(manifest.generation))
    kept = {manifest.generation, former, *kept_names(index_dir)[-keep:]}
    folders = generations.glob(f"[!{_HIDDEN_PREFIX}]*")
    remove(index_dir, [folder.name for folder in folders if folder.name not in kept])


def remove(index_dir: Path, names: Sequence[str]) -> None:
    """Remove generations; what cannot be removed is tried again the next time."""
    generations = index_dir / GENERATIONS_NAME
    for name in names:
        with contextlib.suppress(OSError):
            (generations / name).rename(generations / f"{_REMOVED_PREFIX}{name}")
    for removed in generations.glob(f"{_REMOVED_PREFIX}*"):
        shutil.rmtree(removed, ignore_errors=True)


def former_of(index_dir: Path, name: str | None = None) -> str:
    """Return the kept generation to go back to: the one before the current one unless named.

    Raises NoSuchGenerationError.
    """
    current = current_name(index_dir)
    names = kept_names(index_dir)
    earlier = [one for one in names if current is not None and one < current]
    chosen = name if name is not None else next(reversed(earlier), None)
    if chosen is None or chosen not in names:
        wanted = f"no generation {name!r}" if name is not None else "no earlier generation"
        raise NoSuchGenerationError(
            f"there is {wanted} to go back to; kept are {', '.join(names) or 'none'}"
        )
    return chosen


def hold(index_dir: Path, name: str) -> None:
    """Make a generation serve until further notice; the caller holds the publish lock.

    While it is held nothing is published over it: changes wait in the record.
    """
    _point(index_dir, Pointer(name, is_held=True))


def resume(index_dir: Path) -> None:
    """Let changes be published again after a rollback; the caller holds the publish lock."""
    pointer = read_pointer(index_dir)
    if pointer is not None and pointer.is_held:
        _point(index_dir, Pointer(pointer.name))


def write_durably(path: Path, content: str) -> None:
    """Write a file whose name, once it is there, stands for the whole of it."""
    written = path.with_name(f"{path.name}.new")
    written.write_text(content, encoding="utf-8")
    _sync(written)
    written.replace(path)
    _sync(path.parent)


def _seal(written: Path, manifest: Manifest) -> None:
    """Write the manifest, and see that all of the generation is on the disk."""
    (written / MANIFEST_NAME).write_text(manifest.model_dump_json(indent=2), encoding="utf-8")
    for path in sorted(written.rglob("*")):
        _sync(path)
    _sync(written)


def _point(index_dir: Path, pointer: Pointer) -> None:
    former = _former_name(index_dir)
    if former is not None and (index_dir / GENERATIONS_NAME / former).is_dir():
        (index_dir / GENERATIONS_NAME / former / _SERVED_NAME).write_text("")
    held = f"{_HELD}\n" if pointer.is_held else ""
    write_durably(index_dir / CURRENT_NAME, f"{pointer.name}\n{held}")


def _former_name(index_dir: Path) -> str | None:
    """Return the name of the generation that serves; a damaged one must not stop its rebuild."""
    with contextlib.suppress(IndexUnavailableError):
        return current_name(index_dir)
    return None


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
