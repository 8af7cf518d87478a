"""From the bytes of a file to the text that is stored, which all offsets refer to."""

import codecs
import os
import stat
from pathlib import Path

from qa.errors import SourceError

MAX_ARTICLE_BYTES = 20_000_000
"""How long a single article may be, as UTF-8, unless the caller says otherwise."""

_OTHER_ENCODINGS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


def stored_text(text: str, *, where: str, max_bytes: int) -> str:
    """Return the text as it is stored: CRLF and CR become LF, white space at both ends goes.

    Nothing else is changed. Raises SourceError if the text is empty, too long, or holds a
    character that cannot be stored.
    """
    stored = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    problem = problem_with_characters(stored)
    if problem is not None:
        raise SourceError(where, f"the text {problem}")
    if not stored:
        raise SourceError(where, "the text is empty; add some, or remove the article")
    size = len(stored.encode())
    if size > max_bytes:
        raise too_long(where, max_bytes=max_bytes)
    return stored


def problem_with_characters(text: str) -> str | None:
    """Say what in the text cannot be stored (`holds ...`), or return None."""
    if "\0" in text:
        return f"holds a NUL character at offset {text.index(chr(0))}; remove it"
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return (
            f"holds half of a surrogate pair (U+{ord(text[error.start]):04X}) at offset "
            f"{error.start}, which is no character; write the whole pair, or remove it"
        )
    return None


def too_long(where: str, *, max_bytes: int) -> SourceError:
    """Return the error for an article of more than `max_bytes` bytes."""
    return SourceError(
        where, f"the article is longer than {max_bytes} bytes; split it into several articles"
    )


def check_is_regular(path: Path, *, where: str) -> None:
    """Raise SourceError unless the path leads to a regular file: opening a pipe could wait forever.

    Raises OSError if nothing is there.
    """
    if "\0" in str(path):
        raise SourceError(where, "has a NUL character in its path; correct the path")
    mode = os.stat(path).st_mode
    if not stat.S_ISREG(mode):
        raise SourceError(where, "is not a regular file; remove it, or copy its content to a file")


def read_bytes(path: Path, *, where: str, max_bytes: int) -> bytes:
    """Return the whole content of a file; raises SourceError if it is longer than `max_bytes`.

    Raises OSError if it is unreadable.
    """
    with path.open("rb") as file:
        content = file.read(max_bytes + 1)
    if len(content) > max_bytes:
        raise too_long(where, max_bytes=max_bytes)
    return content


def read_text(path: Path, *, where: str, max_bytes: int) -> str:
    """Return the whole content of a UTF-8 file of at most `max_bytes`, without a byte order mark.

    Raises SourceError if it is longer, binary or in another encoding, OSError if it is unreadable.
    """
    content = read_bytes(path, where=where, max_bytes=max_bytes)
    check_encoding_mark(content, where=where)
    return decode(content, where=where).removeprefix("\ufeff")


def check_encoding_mark(content: bytes, *, where: str) -> None:
    """Raise SourceError if the content begins with the byte order mark of UTF-16 or UTF-32."""
    for mark, encoding in _OTHER_ENCODINGS:
        if content.startswith(mark):
            raise SourceError(where, f"is in {encoding}, not UTF-8; save it as UTF-8")


def decode(content: bytes, *, where: str) -> str:
    """Return the content as text; raises SourceError where it is binary or not UTF-8.

    The byte in the message is counted from 0.
    """
    zero = content.find(0)
    if zero >= 0:
        raise SourceError(where, f"is binary, with a NUL at byte {zero}; export it as UTF-8 text")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise SourceError(
            where,
            f"is not UTF-8 at byte {error.start} (0x{content[error.start]:02x}); save it as UTF-8",
        ) from error
