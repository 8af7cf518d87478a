"""The entries of a news feed, RSS or Atom, as far as they tell of pages."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parseaddr, parsedate_to_datetime
from html import escape, unescape
from typing import Any

import feedparser

from scripts.fetching.errors import FetchError

_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a feed says of one page; `text` is all of its text as HTML, if the feed has it."""

    url: str
    title: str = ""
    published: date | None = None
    authors: Sequence[str] = ()
    text: str | None = None


def read_feed(content: bytes, *, url: str, content_type: str) -> list[Entry]:
    """Return the entries in the feed's order, which is the newest first as a rule.

    `url` is what relative addresses are relative to. Raises FetchError if nothing can be read.
    """
    headers = {"content-location": url, "content-type": content_type}
    # As a stream: a feed parser takes a text for the address of a feed if it looks like one.
    found = feedparser.parse(io.BytesIO(content), response_headers=headers)
    if found.bozo and not found.entries:
        problem = " ".join(str(found.bozo_exception).split())
        raise FetchError(f"is a feed with mistakes ({problem}); tell who publishes it")
    is_atom = found.version.startswith("atom")
    return [_entry(entry, found.feed, is_atom=is_atom) for entry in found.entries]


def _entry(entry: Any, feed: Any, *, is_atom: bool) -> Entry:
    # Of `dc:date` in RSS, the day of publication, feedparser makes a day of change.
    days = ("published",) if is_atom else ("published", "updated")
    return Entry(
        url=str(entry.get("link", "")),
        title=_title(entry),
        published=next(filter(None, (_day(entry, name) for name in days if name in entry)), None),
        authors=_atom_authors(entry, feed) if is_atom else _rss_authors(entry),
        text=max((_html(part) for part in entry.get("content", [])), key=len, default="") or None,
    )


def _atom_authors(entry: Any, feed: Any) -> list[str]:
    """Return the authors of an entry, which are the feed's where it names none itself."""
    return _names(entry.get("authors") or feed.get("authors", []))


def _rss_authors(entry: Any) -> list[str]:
    """Return the authors; feedparser cuts mail addresses that end in more than four letters."""
    written = str(entry.get("author", ""))
    name, _ = parseaddr(written)
    return list(filter(None, [name])) if "@" in written else _names(entry.get("authors", []))


def _names(authors: Sequence[Any]) -> list[str]:
    names = [str(author.get("name", "")).strip() for author in authors]
    return [name for name in names if name and "@" not in name]


def _title(entry: Any) -> str:
    title = str(entry.get("title", ""))
    if entry.get("title_detail", {}).get("type") != "text/plain":
        title = unescape(_TAG.sub("", title))
    return " ".join(title.split())


def _day(entry: Any, name: str) -> date | None:
    """Return the day as it is written, whatever its time zone."""
    written = str(entry[name]).strip()
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return read(written).date()
        except (ValueError, IndexError, TypeError):
            continue
    parsed = entry.get(f"{name}_parsed")
    return None if parsed is None else date(*parsed[:3])


def _html(part: Any) -> str:
    text = str(part.get("value", "")).strip()
    if part.get("type") != "text/plain":
        return text
    return "".join(f"<p>{escape(block)}</p>" for block in text.split("\n\n") if block.strip())
