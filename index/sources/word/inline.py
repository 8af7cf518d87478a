"""What stands within the paragraphs of a Word document, as its reader sees it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.sources.inline_text import collapsed, raised
from index.sources.word.numbering import Numbering
from index.sources.word.styles import Style, W, is_on, number, value

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
# Properties, what was deleted or moved away, the code of fields, and how ruby is to be spoken.
_LEFT_OUT = frozenset(
    f"{W}{name}"
    for name in ("pPr", "rPr", "sdtPr", "sdtEndPr", "del", "moveFrom", "instrText", "delText", "rt")
)
_CHARACTERS: Mapping[str, str] = {
    f"{W}tab": " ",
    f"{W}ptab": " ",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}
# Where formulas are written on a line: "1/2", "√x", "x^n".
_BEFORE_PART: Mapping[str, str] = {f"{_MATH}den": "/", f"{_MATH}rad": "√"}
_PRIVATE = range(0xE000, 0xF900)
_NOTE_OF_REFERENCE: Mapping[str, str] = {
    f"{W}footnoteReference": "footnote",
    f"{W}endnoteReference": "endnote",
}


@dataclass(slots=True)
class Reading:
    """A document that is being read from its first paragraph to its last.

    `open_fields` says of each field that has begun whether its code has ended; `notes` are the
    footnotes and endnotes that were referred to, `boxes` the text boxes that stand at the paragraph
    which is read, and `held_over` is the text of a paragraph that the next one goes on with.
    """

    styles: Mapping[str, Style]
    numbering: Numbering
    open_fields: list[bool] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: "list[Element]" = field(default_factory=list)
    held_over: str = ""
    title: str | None = None


def inline_text(paragraph: "Element", reading: Reading, *, is_hidden: bool) -> str:
    """Return the text of a paragraph, which may have spaces at the ends of its lines.

    `is_hidden` says whether words are that say nothing of it themselves.
    """
    text = "".join(_pieces(paragraph, reading, is_hidden=is_hidden))
    # A field that never ends would take the rest of the document with it.
    reading.open_fields = [has_result for has_result in reading.open_fields if has_result]
    return text


def _pieces(element: "Element", reading: Reading, *, is_hidden: bool) -> Iterator[str]:
    for child in element:
        tag = child.tag
        if tag == f"{W}r":
            yield _run(child, reading, is_hidden=is_hidden)
        elif tag == f"{W}fldChar":
            _pass_border_of_field(child.get(f"{W}fldCharType"), reading.open_fields)
        elif not isinstance(tag, str) or tag in _LEFT_OUT or is_placeholder(child):
            continue
        elif tag == ALTERNATIVES:
            yield from _pieces(chosen(child), reading, is_hidden=is_hidden)
        elif len(child) and tag != f"{W}txbxContent":
            yield from _of_formula(child, _pieces(child, reading, is_hidden=is_hidden))
        elif all(reading.open_fields) and not is_hidden:
            yield _leaf(child, reading)


def _run(run: "Element", reading: Reading, *, is_hidden: bool) -> str:
    properties = run.find(f"{W}rPr")
    if properties is None:
        return "".join(_pieces(run, reading, is_hidden=is_hidden))
    of_style = reading.styles.get(value(properties, "rStyle") or "", Style()).is_hidden
    own = is_on(properties, "vanish")
    said = next((said for said in (own, of_style) if said is not None), is_hidden)
    text = "".join(_pieces(run, reading, is_hidden=said))
    is_raised = value(properties, "vertAlign") == "superscript" or number(properties, "position")
    return raised(text) if is_raised else text


def _leaf(element: "Element", reading: Reading) -> str:
    """Return the text of an element that holds no other, or keep in mind what stands elsewhere."""
    tag = str(element.tag)
    if tag in (f"{W}t", f"{_MATH}t"):
        return collapsed(element.text)
    if tag == f"{W}sym":
        return _symbol(element.get(f"{W}char", ""))
    if tag == f"{W}txbxContent":
        reading.boxes.append(element)
    elif tag in _NOTE_OF_REFERENCE:
        reading.notes.append((_NOTE_OF_REFERENCE[tag], element.get(f"{W}id", "")))
    return _CHARACTERS.get(tag, "")


def _symbol(code: str) -> str:
    """Return a character by its code; what only its font knows has no text."""
    try:
        return "" if int(code, 16) in _PRIVATE else chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""


def _of_formula(element: "Element", pieces: Iterator[str]) -> Iterator[str]:
    """Yield the text of an element, with what shows its place in a formula."""
    tag = str(element.tag)
    yield _BEFORE_PART.get(tag, "")
    if tag == f"{_MATH}sup":
        power = "".join(pieces)
        yield raised(power) if raised(power) != power else f"^{power}" if power else ""
    elif tag == f"{_MATH}d":
        yield f"({''.join(pieces)})"
    else:
        yield from pieces


def _pass_border_of_field(border: str | None, open_fields: list[bool]) -> None:
    if border == "begin":
        open_fields.append(False)
    elif border == "separate" and open_fields:
        open_fields[-1] = True
    elif border == "end" and open_fields:
        open_fields.pop()


def is_placeholder(element: "Element") -> bool:
    """Return whether an element is a form's field that says what is to be written there."""
    if element.tag != f"{W}sdt":
        return False
    return is_on(element.find(f"{W}sdtPr"), "showingPlcHdr") or False


def chosen(alternatives: "Element") -> "Element":
    """Return the one of several renderings of the same that is shown: the newest."""
    return next(iter(alternatives), alternatives)
