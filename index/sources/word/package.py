"""A Word file as it lies on the disk: a zip archive of XML parts that name one another.

Only the parts that hold text, or say how it is numbered, are unpacked, and each only once its size
is known: pictures cost nothing, and names that lead nowhere, which Word passes over, do no harm.
"""

import posixpath
import zlib
from dataclasses import dataclass
from errno import EINVAL
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile, ZipInfo

from index.sources.source_file import NotInstalledError
from qa.errors import SourceError

if TYPE_CHECKING:
    from lxml.etree import XMLParser
    from lxml.etree import _Element as Element

MAX_UNPACKED_BYTES = 100_000_000
"""How long all parts that are read may be together; the text is rarely more than a tenth."""

_OLD_CONTAINER = bytes.fromhex("d0cf11e0a1b11ae1")
_NAME_IN_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CURE = "open it in Word and save it anew as .docx, or leave it out"
_PROTECTED = "is protected with a password; save a copy without one"
# "Strict Open XML" calls the same things by other names.
_STRICT_NAMES = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/math",
        b"http://schemas.openxmlformats.org/officeDocument/2006/math",
    ),
)


@dataclass(frozen=True, slots=True)
class WordParts:
    """The roots of a Word file's parts; None for each that it does not have."""

    document: "Element"
    styles: "Element | None"
    numbering: "Element | None"
    footnotes: "Element | None"
    endnotes: "Element | None"
    properties: "Element | None"


@dataclass(slots=True)
class _Archive:
    """An open archive, and how many bytes may still be unpacked from it."""

    zip: ZipFile
    entries: dict[str, ZipInfo]
    parser: "XMLParser"
    bytes_left: int = MAX_UNPACKED_BYTES


class _TooLongError(Exception):
    pass


def open_word(path: Path, *, where: str) -> WordParts:
    """Return the parts of a Word file.

    Raises SourceError if it is none, or damaged, protected or too long, OSError if it cannot be
    read, NotInstalledError if what reads its parts is not installed.
    """
    try:
        from lxml.etree import XMLParser, XMLSyntaxError
    except ModuleNotFoundError as error:
        raise NotInstalledError("a Word file", "word") from error
    _check_is_zip(path, where=where)
    try:
        with ZipFile(path) as packed:
            entries = {_plain(entry.filename): entry for entry in packed.infolist()}
            parser = XMLParser(resolve_entities=False, no_network=True)
            return _parts(_Archive(packed, entries, parser), where=where)
    except _TooLongError as error:
        reason = f"unpacks to more than {MAX_UNPACKED_BYTES} bytes; split it into several files"
        raise SourceError(where, reason) from error
    except (
        BadZipFile,
        EOFError,
        NotImplementedError,
        ValueError,
        XMLSyntaxError,
        zlib.error,
    ) as error:
        raise _damaged(where) from error
    except RuntimeError as error:
        raise SourceError(where, _PROTECTED) from error
    except OSError as error:
        # It was told to look before the file's beginning.
        if error.errno == EINVAL:
            raise _damaged(where) from error
        raise


def _damaged(where: str) -> SourceError:
    return SourceError(where, f"is a damaged Word file; {_CURE}")


def _check_is_zip(path: Path, *, where: str) -> None:
    with path.open("rb") as file:
        opening = file.read(8)
        is_old = opening == _OLD_CONTAINER
        is_encrypted = is_old and _NAME_IN_ENCRYPTED in file.read(MAX_UNPACKED_BYTES)
    if not opening:
        raise SourceError(where, "is an empty file; fetch it once more, or leave it out")
    if is_encrypted:
        raise SourceError(where, _PROTECTED)
    if is_old:
        raise SourceError(where, "is in the old format of Word (.doc); save it as .docx")
    if not opening.startswith(b"PK"):
        raise SourceError(where, f"is not a Word file, or a damaged one; {_CURE}")


def _parts(archive: _Archive, *, where: str) -> WordParts:
    package = _related_parts(archive, "")
    name = package.get("officeDocument", "")
    document = _part(archive, name)
    if document is None or not str(document.tag).endswith("}document"):
        raise SourceError(where, f"is a zip archive without a Word document in it; {_CURE}")
    related = _related_parts(archive, name)
    return WordParts(
        document=document,
        styles=_part(archive, related.get("styles")),
        numbering=_part(archive, related.get("numbering")),
        footnotes=_part(archive, related.get("footnotes")),
        endnotes=_part(archive, related.get("endnotes")),
        properties=_part(archive, package.get("core-properties")),
    )


def _related_parts(archive: _Archive, name: str) -> dict[str, str]:
    """Return the names of the parts that a part, or the package (""), refers to, by their kind."""
    folder, file_name = posixpath.split(name)
    relations = _part(archive, posixpath.join(folder, "_rels", f"{file_name}.rels"))
    if relations is None:
        return {}
    return {
        relation.get("Type", "").rpartition("/")[2]: _plain(
            posixpath.join("/", folder, relation.get("Target", ""))
        )
        for relation in relations.iter("{*}Relationship")
    }


def _plain(name: str) -> str:
    """Return the name of a part as it is compared: without capitals and the slash in front."""
    return posixpath.normpath(name.replace("\\", "/")).lstrip("/").casefold()


def _part(archive: _Archive, name: str | None) -> "Element | None":
    from lxml.etree import fromstring

    entry = archive.entries.get(name or "")
    if entry is None:
        return None
    if entry.file_size > archive.bytes_left:
        raise _TooLongError
    archive.bytes_left -= entry.file_size
    with archive.zip.open(entry) as file:
        # With its length, for an archive may hold more of a part than its directory says.
        content = file.read(entry.file_size)
        if file.read(1):
            raise _TooLongError
    for strict, usual in _STRICT_NAMES:
        content = content.replace(strict, usual)
    root = fromstring(content, archive.parser)
    if root.getroottree().docinfo.internalDTD is not None:
        raise ValueError("a part of a Word file declares entities")
    return root
