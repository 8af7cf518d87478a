"""Layout: which lines of a text speak for themselves, and where something may be said."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.layout.line_openings import UNFINISHED, Opening, openings_of
from qa.layout.plain_lists import plain_items

# Nobody wraps prose wider than this, so in a wider block each line break was put there on purpose.
WIDEST_WRAPPED_LINE = 120
# Nobody wraps it narrower either, and two lines say too little about the width.
_NARROWEST_WRAPPED_LINE = 40
_USUAL_WRAPPED_LINE = 60
_LONGEST_WRAPPED_WORD = 24

_LINE_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_PARAGRAPH_SEPARATOR = "\u2029"
# White space but for the plain blank, control characters, zero-width and direction marks.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\xa0\u1680\u2000-\u200b\u200e\u200f\u2028-\u202f\u205f\u2060\u2066-\u2069\u3000\ufeff]"
)
_CELL_BORDER = re.compile(r" \| ")
# As Markdown and others write them.
_FRAMED_ROW = re.compile(r"[ \t]*\|.*\|[ \t]*$")
# Two blanks behind a full stop are a habit of typists.
_COLUMNS = re.compile(r"\S\t|[\w%)] {2,}\S")
_NO_LINE_END = re.compile(r"[.!?…。！？।؟:,;–—([{-][\"'”’»)\]]*$")
_NEW_SENTENCE = re.compile(r"[\"'“‘«„(\[¿¡]*([^\W\d_])")
_FIRST_WORD = re.compile(r"[^ ]*")


@dataclass(frozen=True, slots=True)
class Line:
    """A line `[start, end)` that is not blank.

    It `begins` something or goes on with the line above; what it opens with, if that is meant, may
    be an item's marker.
    """

    start: int
    end: int
    begins: bool
    opening: Opening | None

    @property
    def content(self) -> int:
        """Where the text of an item begins, or the line if it is none."""
        return self.start + (self.opening.end if self.opening and self.opening.is_marker else 0)


def is_table_row(line: str) -> bool:
    """Return whether a line has cells."""
    return _CELL_BORDER.search(line) is not None or _FRAMED_ROW.match(line) is not None


def visible(text: str) -> str:
    """Return a copy of the same length with plain blanks for all that nobody sees."""
    return _UNSEEN.sub(" ", text)


def read_lines(text: str) -> Iterator[Line]:
    """Yield the lines of `text` that are not blank, in order.

    A line begins something behind a blank line or a headline, and where it is an item of a list, a
    row of a table or a record, such as "Born: 1815", or stands behind an item that has no marker.
    Any other goes on with the line above: it was wrapped.
    """
    seen = visible(text)
    above = ""
    for block in _blocks(text, seen):
        written = [text[start:end] for start, end in block]
        shown = [seen[start:end].strip() for start, end in block]
        width = _wrap_width(shown)
        plain = plain_items(shown, above=above)
        openings = [
            Opening.of_plain_item(line) if number in plain else opening
            for number, (line, opening) in enumerate(
                zip(written, openings_of(written), strict=True)
            )
        ]
        above = shown[-1]
        for index, ((start, end), opening) in enumerate(zip(block, openings, strict=True)):
            begins = (
                index == 0
                or opening is not None
                or index - 1 in plain
                or _is_in_table(written[index - 1], written[index])
                or _is_headline(shown[index - 1], shown[index], width)
            )
            yield Line(start, end, begins, opening)


def stretches(text: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges of `text` in which something may be said, in order.

    Lines that speak for themselves begin one, and so do cells of tables. The markers of items are
    in none.
    """
    begin, end = 0, 0
    for line in read_lines(text):
        if line.begins and end:
            yield begin, end
        if line.begins:
            begin = line.content
        for cell in _CELL_BORDER.finditer(text, max(begin, line.start), line.end):
            yield begin, cell.start()
            begin = cell.end()
        end = line.end
    yield begin, len(text)


def _blocks(text: str, seen: str) -> Iterator[list[tuple[int, int]]]:
    """Yield runs of lines that no blank line interrupts."""
    block: list[tuple[int, int]] = []
    for start, end, separates in _all_lines(text):
        is_blank = start == end or seen[start:end].isspace()
        if not is_blank:
            block.append((start, end))
        if (is_blank or separates) and block:
            yield block
            block = []


def _all_lines(text: str) -> Iterator[tuple[int, int, bool]]:
    start = 0
    for line_break in _LINE_BREAK.finditer(text):
        yield start, line_break.start(), line_break[0] == _PARAGRAPH_SEPARATOR
        start = line_break.end()
    yield start, len(text), True


def _is_in_table(above: str, line: str) -> bool:
    """Return whether one of two lines is a row, or both have columns that blanks keep apart."""
    if is_table_row(above) or is_table_row(line):
        return True
    return _COLUMNS.search(above) is not None and _COLUMNS.search(line) is not None


def _wrap_width(lines: Sequence[str]) -> int:
    least = _USUAL_WRAPPED_LINE if len(lines) == 2 else _NARROWEST_WRAPPED_LINE
    return max(least, *map(len, lines))


def _is_headline(line: str, below: str, width: int) -> bool:
    """Return whether `line` ends on purpose, though nothing marks its end.

    A line that was wrapped had no room for the next word; where there was room, and what follows
    looks like the start of a sentence, the break was meant.
    """
    if _NO_LINE_END.search(line[-40:]) or UNFINISHED.search(line[-40:]):
        return False
    opening = _NEW_SENTENCE.match(below[:40])
    if opening is None or opening[1].islower():
        return False
    first = _FIRST_WORD.match(below)
    next_word = min(len(first[0]) if first else 0, _LONGEST_WRAPPED_WORD)
    return width > WIDEST_WRAPPED_LINE or len(line) + 1 + next_word <= width
