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
BAR = re.compile(r"(?<!\\)\|")
# What Markdown has below a head, "| --- | ---: |": below it, any bar parts cells.
_RULE = re.compile(r"(?=[^|]*\|)[ \t\r|:]*+-[ \t\r|:-]*+")
# One tab alone parts a number from its item, or a name from what is said.
_TABBED_ROW = re.compile(r"(?=.*\S *\t.*\S)(?:[^\t]*\t){2}")
_TAB = re.compile(r"\t")
_GAP = re.compile(r"(?<=\S) {2,}(?=\S)")
_FEWEST_GAPS = 2
_FEWEST_ALIGNED = 3
# Two blanks behind a full stop are a habit of typists.
_COLUMNS = re.compile(r"\S\t|[\w%)] {2,}\S")
_NO_LINE_END = re.compile(r"[.!?…。！？।؟:,;–—([{-][\"'”’»)\]]*$")
_NEW_SENTENCE = re.compile(r"[\"'“‘«„(\[¿¡]*([^\W\d_])")
_FIRST_WORD = re.compile(r"[^ ]*")


@dataclass(frozen=True, slots=True)
class Line:
    """A line `[start, end)` that is not blank.

    It `begins` something or goes on with the line above; what it opens with, if that is meant, may
    be an item's marker. `border` is what parts its cells, if it is a row of a table.
    """

    start: int
    end: int
    begins: bool
    opening: Opening | None
    border: re.Pattern[str] | None = None

    @property
    def content(self) -> int:
        """Where the text of an item begins, or the line if it is none."""
        return self.start + (self.opening.end if self.opening and self.opening.is_marker else 0)


def is_table_row(line: str) -> bool:
    """Return whether a line has cells, as far as it tells that alone."""
    return _own_border(line) is not None


def cell_borders(lines: Sequence[str]) -> list[re.Pattern[str] | None]:
    """Return what parts the cells of each of some lines below one another, None if it has none.

    Bars with blanks, or within a frame, part cells, and so do tabs, if there are two or more. Where
    a rule stands below the head, as in Markdown, all bars do. Two blanks or more part three columns
    or more, if in all of three lines or more they keep the same columns free.
    """
    borders = [_own_border(line) for line in lines]
    is_ruled = False
    for at, line in enumerate(lines):
        is_rule = at > 0 and "|" in lines[at - 1] and _RULE.fullmatch(line) is not None
        is_ruled = is_rule or (is_ruled and "|" in line)
        if is_ruled:
            borders[at] = BAR
        if is_rule:
            borders[at - 1] = BAR
    for begin, end in _aligned(lines, borders):
        borders[begin:end] = [_GAP] * (end - begin)
    return borders


def _own_border(line: str) -> re.Pattern[str] | None:
    if "|" in line:
        if _FRAMED_ROW.match(line):
            return BAR
        if _CELL_BORDER.search(line):
            return _CELL_BORDER
    return _TAB if "\t" in line and _TABBED_ROW.match(line) else None


def _aligned(
    lines: Sequence[str], borders: Sequence[re.Pattern[str] | None]
) -> Iterator[tuple[int, int]]:
    """Yield the runs of lines that have gaps below one another, and no other borders."""
    begin = 0
    common: list[tuple[int, int]] = []
    for at, line in enumerate([*lines, ""]):
        is_open = "  " in line and borders[at] is None
        gaps = [gap.span() for gap in _GAP.finditer(line)] if is_open else []
        shared = _shared(common, gaps) if at > begin else []
        if not shared:
            if at - begin >= _FEWEST_ALIGNED:
                yield begin, at
            begin = at if len(gaps) >= _FEWEST_GAPS else at + 1
        common = shared or gaps


def _shared(
    above: Sequence[tuple[int, int]], gaps: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Return what is free in both of as many gaps, nothing if one has no such part."""
    if len(above) != len(gaps):
        return []
    shared = [
        (max(one[0], other[0]), min(one[1], other[1]))
        for one, other in zip(above, gaps, strict=True)
    ]
    return shared if all(start < end for start, end in shared) else []


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
        borders = cell_borders(written)
        for index, ((start, end), opening) in enumerate(zip(block, openings, strict=True)):
            begins = (
                index == 0
                or opening is not None
                or index - 1 in plain
                or borders[index - 1] is not None
                or borders[index] is not None
                or _have_columns(written[index - 1], written[index])
                or _is_headline(shown[index - 1], shown[index], width)
            )
            yield Line(start, end, begins, opening, borders[index])


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
        if line.border is not None:
            for cell in line.border.finditer(text, max(begin, line.start), line.end):
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


def _have_columns(above: str, line: str) -> bool:
    """Return whether both of two lines have columns that blanks keep apart."""
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
