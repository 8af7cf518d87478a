"""The folder of pages: whole files alone, and beside them what spares fetching them again."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import Enum
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, ValidationError

from index.sources.fields_beside import path_beside
from qa.errors import QuothError, first_mistake
from qa.values import Json
from scripts.fetching.marking import with_fields_added

# What begins with a dot, `quoth index` leaves out.
_KNOWN_NAME = ".quoth-fetched.json"
_LOCK_NAME = ".quoth-fetch.lock"
SUFFIXES = (".html", ".pdf")


class FolderError(QuothError):
    """The folder cannot be used now."""


class Status(Enum):
    """What became of an address."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAILED = "failed"


class Known(BaseModel):
    """What a server said of an address, by which it can tell whether that has changed since.

    `url` is where redirects led to, `files` what was saved of it; of a feed these are its entries'
    pages, `limit` at most.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    etag: str | None = None
    last_modified: str | None = None
    files: Sequence[str] = ()
    limit: int | None = None


class _KnownFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: int = 1
    known: dict[str, Known] = {}


class PageFolder:
    """A folder of fetched pages, which one process at a time writes to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._known = _read_known(path / _KNOWN_NAME)

    def known(self, url: str) -> Known | None:
        """Return what is known of an address of which all that was saved is still there."""
        known = self._known.get(url)
        is_whole = known is not None and all((self.path / name).exists() for name in known.files)
        return known if is_whole else None

    def remember(self, url: str, known: Known) -> None:
        """Keep what a server said of an address, from the next `write_known` on."""
        self._known[url] = known

    def forget(self, url: str) -> None:
        """Have the address fetched anew next time."""
        self._known.pop(url, None)

    def write_known(self) -> None:
        """Write down what is known."""
        content = _KnownFile(known=dict(sorted(self._known.items()))).model_dump_json(indent=1)
        self._write(_KNOWN_NAME, content.encode())

    def saved(self, stem: str) -> str | None:
        """Return the name of the file of this stem, if there is one."""
        names = (f"{stem}{suffix}" for suffix in SUFFIXES)
        return next((name for name in names if (self.path / name).exists()), None)

    def save(
        self, name: str, content: bytes, *, fields: Mapping[str, Json] | None = None
    ) -> Status:
        """Write a file, unless it holds just that; one of its stem and another kind goes.

        `fields` are added to the file beside it, for a kind that cannot hold them itself.
        """
        path = self.path / name
        former = self.saved(path.stem)
        is_new_beside = fields is not None and self._add_beside(path, fields)
        if former == name and path.read_bytes() == content:
            return Status.CHANGED if is_new_beside else Status.UNCHANGED
        self._write(name, content)
        if former is not None and former != name:
            path_beside(self.path / former).unlink(missing_ok=True)
            (self.path / former).unlink()
        return Status.NEW if former is None else Status.CHANGED

    def _add_beside(self, path: Path, fields: Mapping[str, Json]) -> bool:
        """Add the fields that the file beside lacks; return whether there were any."""
        beside = path_beside(path)
        former = beside.read_bytes() if beside.exists() else b""
        content = with_fields_added(former, fields)
        if content != former:
            self._write(beside.name, content)
        return content != former

    def _write(self, name: str, content: bytes) -> None:
        """Write aside and rename, so that the name never stands for a part of it."""
        aside = self.path / f".{name}.new"
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(self.path / name)


@contextmanager
def page_folder(path: Path) -> Iterator[PageFolder]:
    """Give the folder, made where there is none, to this process alone.

    What is known is written in the end, whatever ended it. Raises FolderError, OSError.
    """
    path.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(path / _LOCK_NAME, timeout=0):
            folder = PageFolder(path)
            try:
                yield folder
            finally:
                folder.write_known()
    except Timeout as error:
        raise FolderError(
            f"another `quoth fetch` is writing to {path}; wait for its end, or name another folder"
        ) from error


def _read_known(path: Path) -> dict[str, Known]:
    try:
        return _KnownFile.model_validate_json(path.read_bytes()).known
    except FileNotFoundError:
        return {}
    except ValidationError as error:
        raise FolderError(
            f"{path} is damaged ({first_mistake(error)}); remove it, and all is fetched anew"
        ) from error
