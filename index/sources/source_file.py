"""A file that may hold articles, and the report of what could not be used in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path, PurePosixPath
from types import MappingProxyType


class Kind(Enum):
    """How a file is read; its extension decides."""

    PLAIN_TEXT = auto()
    MARKDOWN = auto()
    JSON_LINES = auto()
    WEB_PAGE = auto()
    PDF = auto()
    WORD = auto()


KIND_OF_EXTENSION: Mapping[str, Kind] = MappingProxyType(
    {
        ".txt": Kind.PLAIN_TEXT,
        ".text": Kind.PLAIN_TEXT,
        ".md": Kind.MARKDOWN,
        ".markdown": Kind.MARKDOWN,
        ".html": Kind.WEB_PAGE,
        ".htm": Kind.WEB_PAGE,
        ".pdf": Kind.PDF,
        ".docx": Kind.WORD,
        ".jsonl": Kind.JSON_LINES,
        ".ndjson": Kind.JSON_LINES,
    }
)


HOLDS_ONE_ARTICLE = frozenset(Kind) - {Kind.JSON_LINES}


def kind_of(name: str) -> Kind | None:
    """Return how to read a file of this name; None where its extension is not known."""
    return KIND_OF_EXTENSION.get(PurePosixPath(name).suffix.lower())


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file, and the `name` that it goes by: relative to its source, in POSIX form.

    `id_keeps_extension` is set where another file would get the same id (`a.md` beside `a.txt`).
    """

    path: Path
    name: str
    id_keeps_extension: bool = False

    @property
    def kind(self) -> Kind | None:
        """How to read the file; None where its extension is not known."""
        return kind_of(self.name)

    @property
    def stem(self) -> str:
        """The last part of the name, without its extension."""
        return PurePosixPath(self.name).stem

    @property
    def article_id(self) -> str:
        """The id of the file's only article, unless the file itself states another."""
        extension = "" if self.id_keeps_extension else PurePosixPath(self.name).suffix
        return self.name.removesuffix(extension)

    @property
    def shown_name(self) -> str:
        """The name with everything escaped that cannot be printed on a line."""
        return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in self.name)


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that is no article: `where` it lies (such as `notes/a.jsonl line 7`), and why.

    `is_unread` where nobody knows whether it is one, for it is there and could not be read.
    """

    where: str
    reason: str
    is_unread: bool = False

    def __str__(self) -> str:
        """Say both, on one line."""
        return f"{self.where}: {self.reason}"


class NotInstalledError(Exception):
    """What reads files of a `kind` ("a web page") is not installed; an `extra` brings it."""

    def __init__(self, kind: str, extra: str) -> None:
        super().__init__(f"{kind} is read with the extra {extra}")
        self.kind = kind
        self.extra = extra
