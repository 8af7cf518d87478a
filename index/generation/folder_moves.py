"""Moving the folders of generations: written where nobody looks, published by one rename, removed.

What has been moved is on the disk: files and folders are synced before the name that stands for
them is there.
"""

import contextlib
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.disk_errors import naming_folder
from index.file_names import ASIDE_NAME, CURRENT_NAME, GENERATIONS_NAME
from index.generation.folders import (
    HIDDEN_PREFIX,
    SERVED_NAME,
    Pointer,
    all_names,
    kept_names,
    name_if_sound,
    read_pointer,
)
from index.generation.manifest import MANIFEST_NAME, Manifest

# A generation is renamed before it is removed: a process killed on the way leaves no half of one.
_REMOVED_PREFIX = f"{HIDDEN_PREFIX}removed-"


@contextlib.contextmanager
def workshop(index_dir: Path, purpose: str) -> Iterator[Path]:
    """Give an empty folder to write into, which is gone afterwards unless it was published.

    What a killed process left of the same purpose is removed, so that the caller must hold the
    lock of that purpose.
    """
    generations = index_dir / GENERATIONS_NAME
    generations.mkdir(parents=True, exist_ok=True)
    folder = generations / f"{HIDDEN_PREFIX}{purpose}"
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir()
    try:
        with naming_folder(folder):
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
    former = name_if_sound(index_dir)
    written.rename(generations / manifest.generation)
    _sync(generations)
    _point(index_dir, Pointer(manifest.generation))
    kept = {manifest.generation, former, *kept_names(index_dir)[-keep:]}
    remove(index_dir, [name for name in all_names(index_dir) if name not in kept])


def remove(index_dir: Path, names: Sequence[str]) -> None:
    """Remove generations; what cannot be removed is tried again the next time."""
    generations = index_dir / GENERATIONS_NAME
    for name in names:
        with contextlib.suppress(OSError):
            (generations / name).rename(generations / f"{_REMOVED_PREFIX}{name}")
    for removed in generations.glob(f"{_REMOVED_PREFIX}*"):
        shutil.rmtree(removed, ignore_errors=True)


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
    with naming_folder(written):
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
    former = name_if_sound(index_dir)
    if former is not None and (index_dir / GENERATIONS_NAME / former).is_dir():
        (index_dir / GENERATIONS_NAME / former / SERVED_NAME).write_text("")
    write_durably(index_dir / CURRENT_NAME, pointer.content)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
