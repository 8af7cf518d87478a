"""The generation that serves: what it says of itself, how it was cut, and the way back from it."""

from contextlib import ExitStack, suppress
from pathlib import Path

from index.file_names import CURRENT_NAME, RECORD_NAME, TABLES_NAME
from index.generation.folder_moves import hold, resume
from index.generation.folders import (
    check_is_index,
    current_folder,
    folder_of,
    former_of,
    read_pointer,
)
from index.generation.generation import Generation, open_generation, open_kept, read_manifest
from index.generation.layers import LayeredTables
from index.generation.locks import publishing_lock
from index.generation.manifest import Manifest
from index.generation.part_writer import FindCut
from index.generation.tables import Tables
from index.record.record import Record
from index.splitting.passages import PassageBudget
from qa.errors import IndexUnavailableError, QuothError


class GenerationHeldError(QuothError):
    """What serves is held after a rollback, so that nothing else is published."""


def serving_manifest(index_dir: Path) -> Manifest | None:
    """Return the manifest of the generation that serves, or None if there is none.

    Raises IndexUnavailableError if it is damaged.
    """
    if read_pointer(index_dir) is None:
        return None
    return read_manifest(index_dir, current_folder(index_dir))


def manifest_if_sound(index_dir: Path) -> Manifest | None:
    """Return the `serving_manifest`; None, too, if it is damaged: that has to be cured."""
    with suppress(IndexUnavailableError):
        return serving_manifest(index_dir)
    return None


def current_manifest(index_dir: Path, record: Record) -> Manifest | None:
    """Return the `serving_manifest`, which belongs to the record.

    Raises IndexUnavailableError if it is damaged, or newer than the record.
    """
    manifest = serving_manifest(index_dir)
    if manifest is not None and manifest.sequence > record.sequence():
        raise IndexUnavailableError(
            f"the record in {index_dir} is older than the generation {manifest.generation}: it "
            f"is another one, or an old copy; put the right one back, or make the index from "
            f"this one with: quoth repair {index_dir}"
        )
    return manifest


def check_has_record(index_dir: Path) -> None:
    """Raise IndexUnavailableError if a generation serves of which the record is missing.

    A new record would hold what the sources hold, and lose what came over HTTP.
    """
    path = index_dir / RECORD_NAME
    if (index_dir / CURRENT_NAME).exists() and not path.exists():
        raise IndexUnavailableError(
            f"the record {path} is missing, and a generation of it serves; put it back, or make "
            f"it from what serves with: quoth repair {index_dir} (if that cannot be opened "
            f"either, choose another index with --index-dir)"
        )


def open_if_sound(index_dir: Path) -> Generation | None:
    """Open what serves; None if nothing does, or if it is damaged: that has to be cured."""
    with suppress(IndexUnavailableError):
        return open_generation(index_dir)
    return None


def may_publish(index_dir: Path, *, even_if_held: bool) -> bool:
    """Return whether another generation may take over: after a rollback only if that is wanted."""
    with suppress(IndexUnavailableError):
        pointer = read_pointer(index_dir)
        return even_if_held or pointer is None or not pointer.is_held
    return True  # a damaged pointer must not stop its cure


def count_on_behind(index_dir: Path, record: Record) -> None:
    """Let a record go on behind the generation that serves, if it did not make that one."""
    made = manifest_if_sound(index_dir)
    if made is not None and made.sequence > record.sequence():
        record.skip_to(made.sequence + 1)


def budget_of(manifest: Manifest | None) -> PassageBudget:
    """Return the sizes of passages of a generation, those of the first one where none serves."""
    if manifest is None:
        return PassageBudget()
    return PassageBudget(manifest.passages.max_tokens, manifest.passages.overlap)


def cuts_of(index_dir: Path, manifest: Manifest, stack: ExitStack) -> FindCut:
    """Return what knows how a kept generation has cut an article, until the stack is closed."""
    folder = folder_of(index_dir, manifest)
    parts = tuple(Tables(folder / part / TABLES_NAME) for part in manifest.parts)
    for tables in parts:
        stack.callback(tables.close)
    hidden = frozenset(parts[-1].hidden_rows()) if manifest.delta is not None else frozenset()
    return LayeredTables(parts, hidden).cut_of


def roll_back(index_dir: Path, name: str | None = None) -> str:
    """Make a kept generation serve, the one before the current one unless named, and hold it.

    It is opened first, so that no damaged one takes over. Raises NoSuchGenerationError, or
    IndexUnavailableError if it cannot be opened, or there is no index.
    """
    check_is_index(index_dir)  # the lock would be made where there is none
    with publishing_lock(index_dir):
        chosen = former_of(index_dir, name)
        open_kept(index_dir, chosen)
        hold(index_dir, chosen)
    return chosen


def end_rollback(index_dir: Path) -> None:
    """Let changes be published again; raises IndexUnavailableError if there is no index."""
    check_is_index(index_dir)
    with publishing_lock(index_dir):
        resume(index_dir)
