"""What is written into a saved page: where it came from, and what its feed says of it.

The address stands in the comment that browsers begin saved pages with. What a feed says shall
count only where the page itself says nothing. In the usual elements (`author`, `title`) it would
count before what the page says, or beside it, so it stands in some of its own; both are read by
`index.sources.web_page.fields`. All that is added is ASCII, whatever the page is written in.
Into a PDF file nothing is written: the same stands in a file of fields beside it.
"""

import codecs
import re
from collections.abc import Iterator, Mapping
from html import escape

import yaml

from index.sources.web_page.fields import NOTE, saved_from_comment
from index.sources.yaml_fields import parse_yaml_fields
from qa.errors import SourceError
from qa.values import Json
from scripts.fetching.feeds import Entry

_HEAD = re.compile(rb"<head(?:\s[^>]*)?>", re.IGNORECASE)
_START = re.compile(rb"\s*(?:<!doctype[^>]*>\s*)?(?:<html(?:\s[^>]*)?>)?", re.IGNORECASE)
_HEAD_WITHIN = 4_096
_NO_WRAP = 2**16
_NAME = re.compile(r"[\w.:-]+", re.ASCII)
# The longer first: one begins with the other.
_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
    codecs.BOM_UTF8: "utf-8-sig",
}


def marked(page: bytes, *, url: str, charset: str | None, entry: Entry | None) -> bytes:
    """Return a page as it is saved, which came from `url` and is said to be written in `charset`.

    The head of a response outranks what a page says of its encoding, and is not kept otherwise.
    """
    charset, page = _in_ascii_superset(page, charset)
    named = [] if charset is None else [f'<meta charset="{charset}">']
    added = "".join([*named, *(() if entry is None else _notes(entry))]).encode("ascii")
    at = (_HEAD.search(page, 0, _HEAD_WITHIN) or _START.match(page)).end()  # type: ignore[union-attr]  # the second matches anything
    return _comment(url) + page[:at] + added + page[at:]


def page_of(entry: Entry, text: str, *, url: str) -> bytes:
    """Return an entry's own text as a page."""
    title = escape(entry.title)
    page = (
        f"<!DOCTYPE html><html><head><title>{title}</title></head>\n"
        f"<body><article><h1>{title}</h1>\n{text}\n</article></body></html>\n"
    )
    return marked(page.encode(errors="replace"), url=url, charset="utf-8", entry=entry)


def fields_of(entry: Entry | None, *, url: str) -> dict[str, Json]:
    """Return what is known of a PDF file: where it came from, and what its feed says."""
    fields: dict[str, Json] = {"url": url}
    if entry is not None:
        published = "" if entry.published is None else entry.published.isoformat()
        stated = {"title": entry.title, "published": published}
        fields |= {name: value for name, value in stated.items() if value}
        if entry.authors:
            fields["authors"] = list(entry.authors)
    return fields


def with_fields_added(former: bytes, fields: Mapping[str, Json]) -> bytes:
    """Return a YAML file of fields with those that it lacks; what a person wrote in it stays."""
    try:
        stated = parse_yaml_fields(former.decode(), where="", what="")
    except (SourceError, UnicodeDecodeError):
        return former
    missing = {name: value for name, value in fields.items() if name not in (stated or {})}
    if stated is None or not missing:
        return former
    added = yaml.safe_dump(missing, sort_keys=False, allow_unicode=True, width=_NO_WRAP).encode()
    return former + (b"\n" if former and not former.endswith(b"\n") else b"") + added


def _comment(url: str) -> bytes:
    return f"{saved_from_comment(url)}\n".encode("ascii")


def _notes(entry: Entry) -> Iterator[str]:
    day = "" if entry.published is None else entry.published.isoformat()
    notes = [("title", entry.title), ("published", day), *(("author", a) for a in entry.authors)]
    for field, value in notes:
        if value:
            content = escape(value).encode("ascii", "xmlcharrefreplace").decode()
            yield f'<meta name="{NOTE.format(field)}" content="{content}">'


def _in_ascii_superset(page: bytes, charset: str | None) -> tuple[str | None, bytes]:
    """Return the name of an encoding, if one is known, and the page in it."""
    name = next((name for mark, name in _MARKS.items() if page.startswith(mark)), charset)
    if name is None:
        return None, page
    try:
        if name == charset and "<".encode(name) == b"<":
            return (name, page) if _NAME.fullmatch(name) else (None, page)
        return "utf-8", page.decode(name, "replace").encode(errors="replace")
    except (LookupError, UnicodeError):
        # Servers name encodings that there are not; what the page says counts then.
        return None, page
