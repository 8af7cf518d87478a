"""A Word document as plain text: what a reader of the document would see of its text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from textwrap import indent
from typing import TYPE_CHECKING

from index.sources.inline_text import trimmed
from index.sources.word.inline import ALTERNATIVES, Reading, chosen, inline_text, is_placeholder
from index.sources.word.numbering import BULLET, read_numbering
from index.sources.word.package import WordParts
from index.sources.word.styles import Style, W, is_on, read_styles, stated_style, value
from index.sources.word.table import Cell, table_cells

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

# Of the document's own contents, with the numbers of pages that nobody turns here.
_CONTENTS = re.compile(r"toc (?:\d|heading)|table of (?:figures|authorities)|contents \d")
_INNER_LIST = re.compile(r"list (?:bullet|number) ([2-5])")
_HOLDING_BLOCKS = frozenset(
    f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo")
)
_SEPARATORS = frozenset({"separator", "continuationSeparator", "continuationNotice"})


@dataclass(frozen=True, slots=True)
class RenderedWord:
    """The plain text, and the title that stands in it, if one does."""

    text: str
    title: str | None


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph, an item of a list behind its marker, or a table."""

    text: str
    marker: str = ""
    level: int = 0
    is_heading: bool = False

    @property
    def is_item(self) -> bool:
        return bool(self.marker) and not self.is_heading

    def __str__(self) -> str:
        marked = f"{self.marker} {self.text}" if self.marker else self.text
        return indent(marked, "  " * self.level) if self.is_item else marked


_Row = list[tuple[Cell, list[_Block]]]


def render_word(parts: WordParts) -> RenderedWord:
    """Return the text of a Word document.

    It has the form of a rendered Markdown file: blocks are separated by an empty line; list items
    stand one per line behind `- ` or their number, those of inner lists two spaces further in;
    table rows stand one per line, with ` | ` between the cells. Text boxes follow the paragraph
    that they are fixed to, footnotes and endnotes the whole text, without their marks. Tracked
    changes count as accepted. Fields leave their result; what is hidden, comments, headers,
    footers and tables of contents go.

    The title is the first paragraph in the style Title, else the heading that the text begins with.

    Raises RecursionError if blocks are nested too deep.
    """
    styles = read_styles(parts.styles)
    reading = Reading(styles, read_numbering(parts.numbering, styles))
    body = parts.document.find(f"{W}body")
    blocks = [] if body is None else list(_blocks(body, reading))
    first = next((block for block in blocks if block.text), None)
    first_heading = first.text if first is not None and first.is_heading else None
    notes = {"footnote": parts.footnotes, "endnote": parts.endnotes}
    for kind, root in notes.items():
        called = [note_id for noted, note_id in reading.notes if noted == kind]
        for note in _notes(root, called):
            blocks.extend(_blocks(note, reading))
    return RenderedWord(_joined(blocks), reading.title or first_heading)


def _notes(root: "Element | None", called: Sequence[str]) -> "Iterator[Element]":
    by_id = {} if root is None else {note.get(f"{W}id"): note for note in root}
    for note_id in called:
        note = by_id.pop(note_id, None)
        if note is not None and note.get(f"{W}type") not in _SEPARATORS:
            yield note


def _joined(blocks: Sequence[_Block]) -> str:
    shown = [block for block in blocks if block.text]
    pieces = [str(block) for block in shown[:1]]
    for above, block in pairwise(shown):
        pieces += ["\n" if above.is_item and block.is_item else "\n\n", str(block)]
    return "".join(pieces)


def _blocks(container: "Element", reading: Reading) -> "Iterator[_Block]":
    yield from _blocks_within(container, reading)
    held_over, reading.held_over = trimmed(reading.held_over), ""
    if held_over:
        yield _Block(held_over)


def _blocks_within(element: "Element", reading: Reading) -> Iterator[_Block]:
    for child in element:
        if child.tag == f"{W}p":
            yield from _paragraph(child, reading)
        elif child.tag == f"{W}tbl":
            yield from _table(child, reading)
        elif child.tag == ALTERNATIVES:
            yield from _blocks_within(chosen(child), reading)
        elif child.tag in _HOLDING_BLOCKS and not is_placeholder(child):
            yield from _blocks_within(child, reading)


def _paragraph(paragraph: "Element", reading: Reading) -> Iterator[_Block]:
    properties = paragraph.find(f"{W}pPr")
    style_id = value(properties, "pStyle") or ""
    style = stated_style(properties, None).based_on(reading.styles.get(style_id, Style()))
    text = reading.held_over + inline_text(paragraph, reading, is_hidden=bool(style.is_hidden))
    boxes, reading.boxes = reading.boxes, []
    reading.held_over = text if _is_held_over(properties) else ""
    if not reading.held_over and not _CONTENTS.match(style.name or ""):
        yield _block(trimmed(text), style, style_id, reading)
    for box in boxes:
        yield from _blocks(box, reading)


def _is_held_over(properties: "Element | None") -> bool:
    """Return whether the next paragraph goes on with this one.

    The end of this one was deleted, or it is the big letter that a chapter begins with.
    """
    if properties is None:
        return False
    of_end = properties.find(f"{W}rPr")
    frame = properties.find(f"{W}framePr")
    is_initial = frame is not None and frame.get(f"{W}dropCap") in {"drop", "margin"}
    return is_initial or bool(is_on(of_end, "del") or is_on(of_end, "moveFrom"))


def _block(text: str, style: Style, style_id: str, reading: Reading) -> _Block:
    marker, level = reading.numbering.marker_of_next(style, style_id)
    name = style.name or ""
    if name == "title" and text:
        reading.title = reading.title or text
    if style.is_heading or name == "title":
        return _Block(text.replace("\n", " "), marker, is_heading=True)
    inner = _INNER_LIST.match(name)
    return _Block(text, marker, level or (int(inner[1]) - 1 if inner else 0))


def _table(table: "Element", reading: Reading) -> Iterator[_Block]:
    rows = [
        [(cell, list(_blocks(cell.element, reading))) for cell in row] for row in table_cells(table)
    ]
    if _is_layout(table, rows):
        yield from (block for row in rows for _, blocks in row for block in blocks)
        return
    # What stands across the whole table names it.
    captions = list(takewhile(lambda row: len(row) == 1, rows))
    for row in captions:
        yield from row[0][1]
    yield _Block("\n".join(_lines(rows[len(captions) :])))


def _is_layout(table: "Element", rows: Sequence[_Row]) -> bool:
    """Return whether a table only puts things in their places."""
    columns = max((sum(bool(_cell_text(blocks)) for _, blocks in row) for row in rows), default=0)
    return columns <= 1 or table.find(f".//{W}tbl") is not None


def _lines(rows: Sequence[_Row]) -> Iterator[str]:
    """Yield the lines of rows; a cell that is merged with those below it stands in each of them."""
    above = [""] * (1 + max(cell.column for row in rows for cell, _ in row))
    for row in rows:
        texts = [""] * len(above)
        for cell, blocks in row:
            texts[cell.column] = above[cell.column] if cell.goes_on else _cell_text(blocks)
        above = texts
        if any(texts):
            yield " | ".join(texts)


def _cell_text(blocks: Sequence[_Block]) -> str:
    marked = (f"{block.marker.removeprefix(BULLET)} {block.text}" for block in blocks)
    return " ".join(" ".join(marked).split())
