"""PDF files: one article each, which knows where each page begins in its text.

Another process reads the file (`process.py`): what is in it may crash or stall what reads it.
"""

import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

from index.sources.article_fields import ArticleFields, article_of_file, parse_fields
from index.sources.pdf.lines import Line
from index.sources.pdf.text import read_pages
from index.sources.source_file import NotInstalledError, SourceFile
from index.sources.stored_text import stored_text, too_long
from qa.errors import SourceError
from qa.pages import PAGE_STARTS
from qa.values import Article, Json

# Most of a PDF are its pictures and fonts.
_BYTES_OF_FILE_A_BYTE_OF_TEXT = 10
_PROGRAM = Path(__file__).with_name("process.py")
_TOO_SLOW = frozenset({-signal.SIGALRM, -signal.SIGXCPU})
_DAY = re.compile(r"(?:D:)?([0-9]{4})([0-9]{2})([0-9]{2})")
_FIRST_YEAR_OF_PDF = 1993
_NAME_OF_FILE = re.compile(
    r"Microsoft (?:Word|PowerPoint|Excel) - .*|.*\.(?:docx?|dotx?|dvi|html?|indd|odt|pages|pdf"
    r"|pptx?|ps|qxd|rtf|tex|txt|xlsx?)|(?:untitled|document|presentation|slide) ?[0-9]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Printed:
    """What a PDF states of itself, and the lines on its pages."""

    title: str
    author: str
    created: str
    pages: Sequence[Sequence[Line]]


def read_pdf(file: SourceFile, *, max_bytes: int) -> Article:
    """Return the file's article, with the title, author and day that the document states.

    Raises SourceError or OSError if there is none to be had, NotInstalledError if what reads
    PDFs is not installed.
    """
    where = file.shown_name
    if importlib.util.find_spec("pypdfium2") is None:
        raise NotInstalledError("a PDF", "pdf")
    with file.path.open("rb") as content:
        _check_size(content, where=where, max_bytes=max_bytes)
        printed = _printed(content, where=where, max_bytes=max_bytes)
    read = read_pages(printed.pages)
    if not any(map(str.isalnum, read.text)):
        raise SourceError(
            where,
            "holds no text that can be read, as scans do; make its pages readable first, for "
            "example with ocrmypdf, or leave it out",
        )
    text = stored_text(read.text, where=where, max_bytes=max_bytes)
    fields, _ = parse_fields(ArticleFields, _stated(printed), where=where)
    return article_of_file(file, fields, text, metadata={PAGE_STARTS: list(read.page_starts)})


def _check_size(content: BinaryIO, *, where: str, max_bytes: int) -> None:
    size = os.fstat(content.fileno()).st_size
    most = _BYTES_OF_FILE_A_BYTE_OF_TEXT * max_bytes
    if size == 0:
        raise SourceError(where, "is empty; copy it once more, or leave it out")
    if size > most:
        raise SourceError(
            where,
            f"is larger than {most} bytes; split it, or save it with smaller pictures",
        )


def _printed(content: BinaryIO, *, where: str, max_bytes: int) -> _Printed:
    # Without -P the modules beside the program could be taken for those of the standard library.
    command = [sys.executable, "-P", str(_PROGRAM), str(max_bytes)]
    ran = subprocess.run(command, stdin=content, capture_output=True, check=False)  # noqa: S603
    if ran.returncode in _TOO_SLOW:
        raise SourceError(where, "takes too long to read; print or export it anew, or leave it out")
    if ran.returncode > 0:
        told = ran.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise SourceError(where, f"cannot be read ({told}); print or export it anew")
    if ran.returncode < 0:
        raise _damaged(where)
    head, *pages = map(json.loads, ran.stdout.splitlines())
    if head.get("is_locked"):
        raise SourceError(
            where,
            "is encrypted and asks for a password; save it without one, for example with "
            "`qpdf --decrypt`, or leave it out",
        )
    if "pages" not in head or None in pages:
        raise _damaged(where)
    if len(pages) < head["pages"]:
        raise too_long(where, max_bytes=max_bytes)
    return _Printed(
        title=_on_one_line(head["Title"]),
        author=_on_one_line(head["Author"]),
        created=head["CreationDate"],
        pages=[[Line(*line) for line in page] for page in pages],
    )


def _damaged(where: str) -> SourceError:
    return SourceError(
        where, "is damaged, or is no PDF; copy, print or export it anew, or leave it out"
    )


def _on_one_line(value: str) -> str:
    return " ".join("".join(c for c in value if c.isprintable() or c.isspace()).split())


def _stated(printed: _Printed) -> dict[str, Json]:
    names_file = _NAME_OF_FILE.fullmatch(printed.title) is not None
    has_letters = any(map(str.isalpha, printed.title))
    return {
        "title": printed.title if has_letters and not names_file else None,
        "authors": [name.strip() for name in printed.author.split(";")],
        "published": _day(printed.created),
    }


def _day(created: str) -> str | None:
    """Return the day of a date such as `D:20240131120000+01'00'`, or None."""
    written = _DAY.match(created)
    if written is None or int(written[1]) < _FIRST_YEAR_OF_PDF:
        return None
    try:
        return date(int(written[1]), int(written[2]), int(written[3])).isoformat()
    except ValueError:
        return None
