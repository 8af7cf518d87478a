"""Lines as they are printed on the pages of a PDF: rows of cells, columns, running heads and feet.

Places are in points; downwards they grow. Everything here is plain: no PDF is needed.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import mean

# Fewer rows in two columns are a table.
_FEWEST_ROWS_OF_COLUMNS = 5
_FEWEST_CHARACTERS_OF_COLUMNS = 20
# How far from a page another one is looked at: chapters, and left and right pages, have their own.
_NEIGHBOURS = 4
_FEWEST_REPEATS = 2
_MOST_RUNNING_ROWS = 3
_MOST_LINES_OF_A_HEAD = 8
_SAME_HEIGHT = 3.0
_MOST_CELLS = 50
# Two columns may be prose.
_FEWEST_GAPS_OF_A_TABLE = 2
# In heights of the line.
_TOUCHING = 0.1
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_NUMBER = re.compile(r"\d+|\b[ivxlc]+\b")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_BULLETS = "•‣⁃∙▪▫■□●○◦❖➢➤✓✔·\uf0b7\uf0a7\uf0d8\uf076\uf0fc"
BULLET = re.compile(rf"(?:[{_BULLETS}]\s*|[-–—*](?:\s+|$))(?=\D|$)")
NUMBERED = re.compile(r"\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)](?:\s+|$)")
_SECTION_NUMBER = re.compile(r"\d+(?:\.\d+)*\.?")


@dataclass(frozen=True, slots=True)
class Line:
    """What stands without a wide gap on one height; `bottom` is the greater."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    is_bold: bool = False

    @property
    def height(self) -> float:
        """How high its letters are, with what may stand above and below them."""
        return self.bottom - self.top


Page = Sequence[Line]


@dataclass(frozen=True, slots=True)
class Row:
    """The lines on one height, from left to right."""

    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """All its words."""
        return " ".join(line.text for line in self.lines)

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.lines[0].left

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.lines[-1].right

    @property
    def bottom(self) -> float:
        """Where its largest line has its bottom."""
        return max(self.lines, key=lambda line: (line.height, line.right - line.left)).bottom

    @property
    def height(self) -> float:
        """The height of its largest line."""
        return max(line.height for line in self.lines)

    @property
    def is_bold(self) -> bool:
        """Whether all of it is."""
        return all(line.is_bold for line in self.lines)

    @property
    def gaps(self) -> list[tuple[float, float]]:
        """The ranges between its lines."""
        return [
            (left.right, right.left)
            for left, right in zip(self.lines, self.lines[1:], strict=False)
        ]


def shared_gaps(row: Row, other: Row) -> int:
    """Return how many of a row's gaps stand where the other has one, too."""
    return sum(
        any(
            min(right, other_right) - max(left, other_left) > 0.5 * other.height
            for other_left, other_right in other.gaps[:_MOST_CELLS]
        )
        for left, right in row.gaps[:_MOST_CELLS]
    )


def rows_of(page: Page) -> list[Row]:
    """Return the rows of a page in reading order, which mostly is that of the file.

    Two columns whose rows the file has side by side are read one after the other. An item's marker
    is part of what stands behind it.
    """
    return [
        _with_marker(Row(tuple(_without_seams(lines))))
        for lines in _side_by_side(_column_by_column(page))
    ]


def _side_by_side(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield the lines that follow one another on one height, from left to right."""
    row: list[Line] = []
    for line in lines:
        if row and not _goes_on(row[-1], line):
            yield row
            row = []
        row.append(line)
    if row:
        yield row


def _goes_on(line: Line, other: Line) -> bool:
    common = min(line.bottom, other.bottom) - max(line.top, other.top)
    is_level = common > 0.6 * min(line.height, other.height)
    return is_level and other.left > line.right - 0.5 * line.height


def _with_marker(row: Row) -> Row:
    if len(row.lines) == 1:
        return row
    first, second, *others = row.lines
    marks = (BULLET, NUMBERED, _SECTION_NUMBER)
    if not any(mark.fullmatch(first.text) for mark in marks):
        return row
    return Row((_merged(first, second, f"{first.text} {second.text}"), *others))


def _merged(first: Line, second: Line, text: str) -> Line:
    larger = max(first, second, key=lambda line: line.height)
    is_bold = first.is_bold and second.is_bold
    return Line(text, first.left, larger.top, second.right, larger.bottom, is_bold)


def _without_seams(lines: Sequence[Line]) -> list[Line]:
    """Return the lines of a row; those that touch become one, such as a note's number and a word.

    The number is small and stands high; it is no digit of what is before it.
    """
    whole = list(lines[:1])
    for line in lines[1:]:
        last = whole[-1]
        if abs(line.left - last.right) > _TOUCHING * last.height:
            whole.append(line)
            continue
        is_raised = line.height < 0.85 * last.height and line.bottom < last.bottom
        text = line.text.translate(_RAISED) if is_raised else line.text
        whole[-1] = _merged(last, line, f"{last.text}{text}")
    return whole


def _column_by_column(page: Page) -> list[Line]:
    pairs = [row for row in _side_by_side(page) if len(row) == 2]
    prose = [
        (left, right)
        for left, right in pairs
        if min(len(left.text), len(right.text)) >= _FEWEST_CHARACTERS_OF_COLUMNS
    ]
    if len(prose) < _FEWEST_ROWS_OF_COLUMNS or len(prose) < 0.6 * len(pairs):
        return list(page)
    gutter = Counter(round(right.left) for _, right in prose).most_common(1)[0][0] - 1
    if mean(left.right < gutter <= right.left for left, right in prose) < 0.9:
        return list(page)
    ordered: list[Line] = []
    for crosses, lines in groupby(page, key=lambda line: line.left < gutter < line.right):
        stretch = list(lines)
        ordered += stretch if crosses else [line for line in stretch if line.left < gutter]
        ordered += [] if crosses else [line for line in stretch if line.left >= gutter]
    return ordered


def without_running_lines(pages: Sequence[Page]) -> list[list[Line]]:
    """Return the pages without heads and feet.

    They are outermost, and the same line stands at the same height on other pages nearby, where
    its numbers may count the pages; or they are the page's number. All that stands on the height of
    one goes with it. The head of a table that runs over the pages stays on the first of them.
    """
    outer = [(*_from_outside(page, 1), *_from_outside(page, -1)) for page in pages]
    kept = []
    for number, page in enumerate(pages):
        nearby = [
            (other - number, outer[other])
            for other in range(number - _NEIGHBOURS, number + _NEIGHBOURS + 1)
            if 0 <= other < len(pages) and other != number
        ]
        least = min(_FEWEST_REPEATS, len(pages) - 1)
        running: set[Line] = set()
        for direction in (1, -1):
            rows = _from_outside(page, direction, most=_MOST_RUNNING_ROWS + 1)
            for row, next_row in zip(rows[:_MOST_RUNNING_ROWS], [*rows[1:], []], strict=False):
                if not (_is_running(row, nearby, least) or _is_number(row, number + 1)):
                    break
                if direction == 1 and _begins_table(row, next_row, nearby):
                    break
                running.update(row)
        kept.append([line for line in page if line not in running])
    # Where all pages are the same there is nothing else to read.
    return kept if any(kept) else [list(page) for page in pages]


def _from_outside(
    page: Page, direction: int, *, most: int = _MOST_RUNNING_ROWS
) -> list[list[Line]]:
    """Return the outermost rows of a page, from the top (1) or from the bottom (-1)."""
    rows: list[list[Line]] = []
    for line in sorted(page, key=lambda line: direction * line.bottom):
        if rows and abs(line.bottom - rows[-1][0].bottom) <= _SAME_HEIGHT:
            rows[-1].append(line)
        elif len(rows) == most:
            break
        else:
            rows.append([line])
    return rows


def _is_running(
    row: Sequence[Line], nearby: Sequence[tuple[int, Sequence[Sequence[Line]]]], least: int
) -> bool:
    if least < 1 or len(row) > _MOST_LINES_OF_A_HEAD:
        return False
    return any(
        sum(
            any(
                _is_same(line, other, distance)
                for others in outer
                for other in others[:_MOST_LINES_OF_A_HEAD]
            )
            for distance, outer in nearby
        )
        >= least
        for line in row
    )


def _begins_table(
    row: Sequence[Line],
    below: Sequence[Line],
    nearby: Sequence[tuple[int, Sequence[Sequence[Line]]]],
) -> bool:
    """Return whether a row names columns of the one below, and no page before has it."""
    first, second = (
        Row(tuple(sorted(lines, key=lambda line: line.left))) for lines in (row, below)
    )
    if shared_gaps(first, second) < _FEWEST_GAPS_OF_A_TABLE:
        return False
    return not _is_running(row, [(at, outer) for at, outer in nearby if at < 0], 1)


def _is_same(line: Line, other: Line, distance: int) -> bool:
    """Return whether a line stands again `distance` pages later, where its numbers may count."""
    if abs(line.bottom - other.bottom) > _SAME_HEIGHT:
        return False
    if line.text == other.text:
        return True
    if _NUMBER.sub("0", line.text) != _NUMBER.sub("0", other.text):
        return False
    pairs = zip(_NUMBER.findall(line.text), _NUMBER.findall(other.text), strict=True)
    return all(_value(later) - _value(number) in {0, distance} for number, later in pairs)


def _value(number: str) -> int:
    if number.isdigit():
        return int(number[:9])
    values = [_ROMAN[letter] for letter in number]
    return sum(
        -value if value < later else value
        for value, later in zip(values, [*values[1:], 0], strict=True)
    )


def _is_number(row: Sequence[Line], page: int) -> bool:
    """Return whether a row says nothing but which page it is on."""
    text = " ".join(line.text for line in row).casefold()
    return re.fullmatch(rf"\W*(?:page )?{page}(?: ?(?:/|of) ?[0-9]+)?\W*", text) is not None
