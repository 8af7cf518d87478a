"""What the styles of a Word file say of the paragraphs and words that are written in them."""

import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
"""What stands before the name of all that is Word's own."""

_OFF = frozenset({"0", "false", "off"})
_BODY_TEXT = 9
_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says, or a paragraph for itself; None for what it leaves open."""

    name: str | None = None
    is_hidden: bool | None = None
    outline_level: int | None = None
    numbering: str | None = None
    list_level: int | None = None

    @property
    def is_heading(self) -> bool:
        """Return whether it has a level in the document's outline."""
        return self.outline_level is not None and self.outline_level < _BODY_TEXT

    def based_on(self, other: "Style") -> "Style":
        """Return this style with what it leaves open taken from another."""
        pairs = ((getattr(self, f.name), getattr(other, f.name)) for f in fields(self))
        return Style(*(theirs if mine is None else mine for mine, theirs in pairs))


def read_styles(root: "Element | None") -> dict[str, Style]:
    """Return the styles by their ids, each with what it takes from those that it is based on.

    That of a paragraph that names none is at "".
    """
    elements = [] if root is None else root.findall(f"{W}style")
    by_id = {style.get(f"{W}styleId", ""): style for style in elements}
    styles = {style_id: _with_bases(style_id, by_id) for style_id in by_id}
    for style_id, style in by_id.items():
        if style.get(f"{W}default") in {"1", "true"} and style.get(f"{W}type") == "paragraph":
            styles[""] = styles[style_id]
    return styles


def _with_bases(style_id: str, by_id: "dict[str, Element]") -> Style:
    style, seen = Style(), set[str]()
    while style_id in by_id and style_id not in seen:
        seen.add(style_id)
        element = by_id[style_id]
        own = stated_style(element.find(f"{W}pPr"), element.find(f"{W}rPr"))
        named = Style(name=(value(element, "name") or "").casefold()).based_on(own)
        style, style_id = style.based_on(named), value(element, "basedOn") or ""
    return style


def stated_style(of_paragraph: "Element | None", of_words: "Element | None") -> Style:
    """Return what a style, a paragraph or words say for themselves by their properties."""
    numbering = None if of_paragraph is None else of_paragraph.find(f"{W}numPr")
    return Style(
        is_hidden=is_on(of_words, "vanish"),
        outline_level=number(of_paragraph, "outlineLvl"),
        numbering=value(numbering, "numId"),
        list_level=number(numbering, "ilvl"),
    )


def value(element: "Element | None", name: str) -> str | None:
    """Return the value of a property; None where there is none of that name."""
    found = None if element is None else element.find(f"{W}{name}")
    return None if found is None else found.get(f"{W}val")


def number(element: "Element | None", name: str) -> int | None:
    """Return the value of a property as a number; None where it is none."""
    return as_number(value(element, name))


def as_number(digits: str | None) -> int | None:
    """Return what digits say; None for anything else, and for more than any document counts."""
    return int(digits) if digits and _NUMBER.fullmatch(digits) else None


def is_on(element: "Element | None", name: str) -> bool | None:
    """Return whether a property is switched on; None where nothing is said of it."""
    found = None if element is None else element.find(f"{W}{name}")
    return None if found is None else found.get(f"{W}val") not in _OFF
