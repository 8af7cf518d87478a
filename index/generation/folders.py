"""Where generations lie, which of them serves, and which are kept for going back."""

import contextlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from index.file_names import (
    ASIDE_NAME,
    BUILD_LOCK_NAME,
    CURRENT_NAME,
    GENERATIONS_NAME,
    PUBLISH_LOCK_NAME,
    RECORD_NAME,
)
from index.generation.manifest import Manifest
from qa.errors import IndexUnavailableError, QuothError

KEPT_GENERATIONS = 2
_NAME = "%Y%m%dT%H%M%S.%fZ"
_HAS_NAME = re.compile(r"\d{8}T\d{6}\.\d{6}Z")
_HELD = "held"
# Written into a generation's folder when another takes over; one that a killed process left
# behind between the two renames of publishing has never served, and is nothing to go back to.
SERVED_NAME = "served"
# How `quoth evaluate` marks an index that it may replace.
EVALUATION_MARK_NAME = "made-by-evaluation"
HIDDEN_PREFIX = "."
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
_NOT_FOREIGN = (RECORD_NAME, "lost+found", HIDDEN_PREFIX)


class NoSuchGenerationError(QuothError):
    """There is no kept generation to go back to."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """What `CURRENT` says: which generation serves, and whether it does until further notice."""

    name: str
    is_held: bool = False

    @property
    def content(self) -> str:
        """What the file holds."""
        return f"{self.name}\n{_HELD}\n" if self.is_held else f"{self.name}\n"


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


def name_if_sound(index_dir: Path) -> str | None:
    """Return the name of the generation that serves; a damaged one must not stop its rebuild."""
    with contextlib.suppress(IndexUnavailableError):
        return current_name(index_dir)
    return None


def current_folder(index_dir: Path) -> Path:
    """Return the folder of the generation that serves; raises IndexUnavailableError."""
    check_is_index(index_dir)
    name = current_name(index_dir)
    if name is None and kept_names(index_dir):
        raise IndexUnavailableError(
            f"{index_dir / CURRENT_NAME} is missing, so that nobody knows which generation serves; "
            f"{rebuild_cure(index_dir)}"
        )
    if name is None:
        raise IndexUnavailableError(f"the index at {index_dir} is empty; {build_cure(index_dir)}")
    folders = {path.name: path for path in (index_dir / GENERATIONS_NAME).glob("*")}
    if name not in folders:
        raise IndexUnavailableError(
            f"{index_dir / CURRENT_NAME} names the generation {name!r}, which is not there; "
            f"{rebuild_cure(index_dir)}"
        )
    return folders[name]


def new_name(index_dir: Path) -> str:
    """Return the name of a generation that is made now, which sorts behind all that are there.

    Also where the clock was set back.
    """
    names = [name for name in all_names(index_dir) if _HAS_NAME.fullmatch(name)]
    now, last = datetime.now(UTC).strftime(_NAME), max(names, default="")
    if now > last:
        return now
    return (datetime.strptime(last, _NAME) + timedelta(microseconds=1)).strftime(_NAME)


def folder_of(index_dir: Path, manifest: Manifest) -> Path:
    """Return the folder of a generation that is kept."""
    return index_dir / GENERATIONS_NAME / manifest.generation


def check_is_index(index_dir: Path) -> None:
    """Raise IndexUnavailableError if there is nothing, or something that is no index of ours."""
    if not index_dir.exists():
        raise IndexUnavailableError(f"there is no index at {index_dir}; {build_cure(index_dir)}")
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


def build_cure(index_dir: Path) -> str:
    """Return what to do about an index that is not there."""
    return f"build it with: quoth index SOURCE... --index-dir {index_dir}"


def rebuild_cure(index_dir: Path) -> str:
    """Return what to do about an index that cannot be used.

    The sources may lack what came over HTTP; the record has all of it.
    """
    if (index_dir / RECORD_NAME).exists():
        return f"build it anew from its record with: quoth repair {index_dir}"
    return build_cure(index_dir)


def kept_names(index_dir: Path) -> list[str]:
    """Return the names of the generations that serve or have served, oldest first."""
    current, generations = name_if_sound(index_dir), index_dir / GENERATIONS_NAME
    return [
        name
        for name in all_names(index_dir)
        if name == current or (generations / name / SERVED_NAME).exists()
    ]


def all_names(index_dir: Path) -> list[str]:
    """Return the names of all generations, oldest first: a crash leaves some that never served."""
    folders = (index_dir / GENERATIONS_NAME).glob(f"[!{HIDDEN_PREFIX}]*")
    return sorted(folder.name for folder in folders)


def aside_names(index_dir: Path) -> list[str]:
    """Return the names of the generations that were put aside and not published."""
    return sorted(folder.name for folder in (index_dir / ASIDE_NAME).glob(f"[!{HIDDEN_PREFIX}]*"))


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
