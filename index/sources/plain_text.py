"""Plain text files: one article each, with an optional date in front."""

import re
from datetime import date

from index.sources.article_fields import ArticleFields, article_of_file
from index.sources.source_file import SourceFile
from index.sources.stored_text import read_text, stored_text
from qa.values import Article

_DATE_MARKER = re.compile(r"\s*date\s+([0-9]{4}-[0-9]{2}-[0-9]{2})(?:\s+|\Z)")


def read_plain_text(file: SourceFile, *, max_bytes: int) -> Article:
    """Return the file's article; raises SourceError or OSError if there is none to be had."""
    where = file.shown_name
    raw = read_text(file.path, where=where, max_bytes=max_bytes)
    published, rest = split_date_marker(raw)
    text = stored_text(rest, where=where, max_bytes=max_bytes)
    return article_of_file(file, ArticleFields(published=published), text)


def split_date_marker(text: str) -> tuple[date | None, str]:
    """Return the date of a marker such as `date 2021-11-15` at the start, and the text without it.

    The white space around the marker goes with it. A date that is not in the calendar is no
    marker: it stays in the text.
    """
    marker = _DATE_MARKER.match(text)
    if marker is None:
        return None, text
    try:
        published = date.fromisoformat(marker[1])
    except ValueError:
        return None, text
    return published, text[marker.end() :]
