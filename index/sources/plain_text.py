"""Plain text files: one article each, with an optional date in front or below the title."""

import re
from datetime import date

from index.sources.article_fields import ArticleFields, article_of_file
from index.sources.source_file import SourceFile
from index.sources.stored_text import read_text, stored_text
from qa.values import Article

_DAY = r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
_DATE_MARKER = re.compile(rf"\s*date\s+{_DAY}(?:\s+|\Z)")
# Below a title there may be an empty line.
_DATE_LINE = re.compile(
    rf"\s*[^\r\n]+(?:\r\n?|\n){{1,2}}([ \t]*date:?[ \t]+{_DAY}[ \t]*(?:\r\n?|\n|\Z))",
    re.IGNORECASE,
)


def read_plain_text(file: SourceFile, *, max_bytes: int) -> Article:
    """Return the file's article; raises SourceError or OSError if there is none to be had."""
    where = file.shown_name
    raw = read_text(file.path, where=where, max_bytes=max_bytes)
    published, rest = split_date_marker(raw)
    text = stored_text(rest, where=where, max_bytes=max_bytes)
    return article_of_file(file, ArticleFields(published=published), text)


def split_date_marker(text: str) -> tuple[date | None, str]:
    """Return the date of a marker such as `date 2021-11-15`, and the text without it.

    The marker stands at the start, where the white space around it goes with it, or is a line of
    its own below the first one. A date that is not in the calendar is no marker: it stays in the
    text.
    """
    if (marker := _DATE_MARKER.match(text)) is not None:
        begin, end, day = 0, marker.end(), marker[1]
    elif (line := _DATE_LINE.match(text)) is not None:
        begin, end, day = line.start(1), line.end(1), line[2]
    else:
        return None, text
    try:
        published = date.fromisoformat(day)
    except ValueError:
        return None, text
    return published, text[:begin] + text[end:]
