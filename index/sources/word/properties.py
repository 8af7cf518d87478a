"""What a Word file states of itself: title, day, authors, language and keywords."""

import re
from datetime import date
from typing import TYPE_CHECKING

from qa.values import Json

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

# What programs and their templates state of a file that nobody said anything of.
_TITLES_OF_TEMPLATES = frozenset({"word document", "document", "untitled"})
_AUTHORS_OF_TEMPLATES = frozenset(
    {"python-docx", "un-named", "apache poi", "microsoft office user", "windows user"}
)
_DAYS_OF_TEMPLATES = frozenset({date(2013, 12, 23)})
# Before Word no file was written with it; some programs state the first day that they can count.
_FIRST_YEAR = 1983
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def stated_fields(properties: "Element | None") -> dict[str, Json]:
    """Return the fields of the article that a file states; what cannot be used is left out."""
    if properties is None:
        return {}
    title, language = (_said(properties, name) for name in ("title", "language"))
    authors = _split(_said(properties, "creator"), ";")
    days = (_day(_said(properties, name)) for name in ("created", "modified"))
    return {
        "title": None if title.casefold() in _TITLES_OF_TEMPLATES else title,
        "published": next((day.isoformat() for day in days if day is not None), None),
        "authors": [name for name in authors if name.casefold() not in _AUTHORS_OF_TEMPLATES],
        "language": language,
        "tags": [*_split(_said(properties, "keywords"), "[,;]")],
    }


def _said(properties: "Element", name: str) -> str:
    found = properties.find(f"{{*}}{name}")
    return "" if found is None else " ".join("".join(found.itertext()).split())


def _split(names: str, separator: str) -> list[str]:
    return [name.strip() for name in re.split(separator, names) if name.strip()]


def _day(stated: str) -> date | None:
    found = _DAY.match(stated)
    try:
        day = date.fromisoformat(found[0]) if found else None
    except ValueError:
        return None
    is_usable = day is not None and day.year >= _FIRST_YEAR and day not in _DAYS_OF_TEMPLATES
    return day if is_usable else None
