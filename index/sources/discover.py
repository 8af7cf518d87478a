"""Listing the files of the given sources, each under a name and an id of its own."""

import os
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TypeVar

from index.sources.fields_beside import is_beside
from index.sources.source_file import HOLDS_ONE_ARTICLE, SourceFile, kind_of
from qa.errors import SourceError

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class _FoundFile:
    """A file as the walk met it: `real` is its path without links, `root` the source's folder."""

    path: Path
    real: str
    root: Path
    is_behind_link: bool = False
    root_parts_in_name: int = 0

    @property
    def name(self) -> str:
        folders = self.root.parts[len(self.root.parts) - self.root_parts_in_name :]
        return PurePosixPath(*folders, self.path.relative_to(self.root)).as_posix()


def find_source_files(sources: Sequence[Path]) -> list[SourceFile]:
    """Return every file of the sources, sorted by name; hidden files and folders are left out.

    So are the files that Office keeps beside a document while somebody has it open (`~$a.docx`),
    and those that hold the fields of another (`a.docx.yaml`), which are read with it.

    A source is a file or a folder, which is walked with all folders in it. Links are followed;
    a file that can be reached in several ways is listed once, by the earliest source and, there,
    by the way without links. Files of an unknown kind, broken links and folders that cannot be
    listed are there too, so that reading them reports them.

    A name is the path relative to its source. Where two files would have the same name, both get
    as many of the last folders of their source's absolute path in front as make them distinct
    (`old/a.txt` and `new/a.txt`). Where two files that hold one article each would have the same
    id (`a.txt` and `a.md`), both keep the extension in it. So names and ids depend on where the
    files lie and on the sources given, and not on the working directory or the order of listing.

    Raises SourceError if a source does not exist or is a folder that cannot be listed.
    """
    found: dict[str, _FoundFile] = {}
    for source in sources:
        for file in sorted(_files_of(source), key=lambda file: (file.is_behind_link, file.name)):
            found.setdefault(file.real, file)
    own = _without_fields_beside(list(found.values()))
    named = _until_distinct(own, key=lambda file: file.name, change=_longer_name)
    files = [SourceFile(path=file.path, name=file.name) for file in named]
    return sorted(_with_distinct_ids(files), key=lambda file: file.name)


def _files_of(source: Path) -> Iterator[_FoundFile]:
    path = Path(os.path.abspath(source))
    if os.path.isdir(path):
        _check_can_be_listed(source)
        yield from _walk(path)
    elif os.path.lexists(path):
        yield _FoundFile(path=path, real=os.path.realpath(path), root=path.parent)
    else:
        raise SourceError(
            str(source),
            f"there is no such file or folder (looked for {path}); "
            "correct the path, or leave this source out",
        )


def _check_can_be_listed(folder: Path) -> None:
    try:
        os.scandir(folder).close()
    except OSError as error:
        raise SourceError(
            str(folder),
            f"the folder cannot be listed ({error.strerror}); "
            "give its reader the permission, or leave this source out",
        ) from error


def _walk(root: Path) -> Iterator[_FoundFile]:
    """Yield the files below `root`; folders behind links come last, and no folder comes twice."""
    own, linked = deque([root]), deque[Path]()
    seen: set[str] = set()
    while own or linked:
        is_behind_link = not own
        folder = own.popleft() if own else linked.popleft()
        real_folder = os.path.realpath(folder)
        if real_folder in seen:
            continue
        seen.add(real_folder)
        for path in _visible_entries(folder):
            is_link = os.path.islink(path)
            if path != folder and os.path.isdir(path):
                (linked if is_link or is_behind_link else own).append(path)
                continue
            real = os.path.realpath(path) if is_link else os.path.join(real_folder, path.name)
            yield _FoundFile(path, real, root, is_behind_link or is_link)


def _visible_entries(folder: Path) -> list[Path]:
    """Return what the folder holds, in order, or the folder itself if it cannot be listed."""
    try:
        names = sorted(os.listdir(folder))
        return [folder / name for name in names if not name.startswith((".", "~$"))]
    except OSError:
        return [folder]


def _without_fields_beside(files: Sequence[_FoundFile]) -> list[_FoundFile]:
    articles = {file.path for file in files if kind_of(file.path.name) in HOLDS_ONE_ARTICLE}
    return [file for file in files if not is_beside(file.path, articles)]


def _longer_name(file: _FoundFile) -> _FoundFile:
    if file.root_parts_in_name >= len(file.root.parts) - 1:
        return file
    return replace(file, root_parts_in_name=file.root_parts_in_name + 1)


def _with_distinct_ids(files: list[SourceFile]) -> list[SourceFile]:
    return _until_distinct(
        [file for file in files if file.kind in HOLDS_ONE_ARTICLE],
        key=lambda file: file.article_id,
        change=lambda file: replace(file, id_keeps_extension=True),
    ) + [file for file in files if file.kind not in HOLDS_ONE_ARTICLE]


def _until_distinct(
    items: list[_Item], *, key: Callable[[_Item], str], change: Callable[[_Item], _Item]
) -> list[_Item]:
    """Change all items that share a key, again and again, until none do or no change helps."""
    while True:
        counts = Counter(map(key, items))
        changed = [change(item) if counts[key(item)] > 1 else item for item in items]
        if changed == items:
            return items
        items = changed
