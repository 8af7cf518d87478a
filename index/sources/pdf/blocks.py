"""Blocks of a PDF: the rows of its pages that are read as one, in the order of reading.

A row is joined with the one above unless something tells that it begins anew: more space, other
letters, an indent, an item's marker, or that its first word had room on the row above.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from index.sources.pdf.lines import BULLET, NUMBERED, Page, Row, rows_of, shared_gaps

# Of the usual distance, or height.
_MORE_SPACE = 1.2
_LARGER = 1.15
_SMALLER = 0.92
# In heights of the row.
_INDENT = 0.6
_USUAL_DISTANCE = 1.2
_LONGEST_DISTANCE = 2.2
_BLANK = 0.3
# In widths of the row with which a paragraph may go on; a caption is shorter.
_WIDE = 0.7

SOFT_HYPHEN = "\u00ad"
LEADERS = re.compile(r"\s*(?:\.\s?){4,}\s*|\s*…{2,}\s*")
"""What leads the eye from an entry to its number."""

_SENTENCE_END = re.compile(r"[.!?:;…。！？][\"'”’»)\]¹²³⁰-⁹]*$")
_HALF_END = re.compile(r"[,;]$|\b(?:and|or)$")
_HYPHENS = ("-", "\u2010", SOFT_HYPHEN)


class Kind(Enum):
    """What a block is, which says how it is parted from the one above."""

    PARAGRAPH = auto()
    LINE = auto()
    ITEM = auto()
    TABLE_ROW = auto()


@dataclass(frozen=True, slots=True)
class Placed:
    """A row where it stands: `flow` counts the stretches of rows that go down without a jump.

    `right_edge` is that of the rows among which it stands without more space between.
    """

    row: Row
    page: int
    flow: int
    right_edge: float
    is_in_table: bool


@dataclass(slots=True)
class Block:
    """Rows that are read as one."""

    kind: Kind
    rows: list[Placed]


@dataclass(frozen=True, slots=True)
class Flow:
    """Rows of a page, counted from 0, that go down, each below the one before."""

    page: int
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class _Usual:
    """The height of most letters, and the distance of rows by their height."""

    height: float
    distances: Mapping[int, float]

    def is_apart(self, above: Row, below: Row) -> bool:
        """Whether there is more space between two rows than between those of a paragraph."""
        height = max(above.height, below.height)
        usual = self.distances.get(round(height), _USUAL_DISTANCE * height)
        return below.bottom - above.bottom > _MORE_SPACE * usual


def flows_of(pages: Sequence[Page]) -> list[Flow]:
    """Return the stretches of rows of all pages that go down without a jump."""
    return [
        Flow(number, rows) for number, page in enumerate(pages) for rows in _flows(rows_of(page))
    ]


def blocks_of(flows: Sequence[Flow]) -> list[Block]:
    """Return the blocks in reading order.

    Notes in small letters at the foot of a page come before the paragraph that runs on over it.
    """
    usual = _usual([flow.rows for flow in flows])
    placed = [_place(flow.rows, flow.page, at, usual) for at, flow in enumerate(flows)]
    return _blocks(placed, usual)


def _flows(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Yield stretches of rows that go down, each below the one before."""
    flow: list[Row] = []
    for row in rows:
        if flow and not _is_below(flow[-1], row):
            yield flow
            flow = []
        flow.append(row)
    if flow:
        yield flow


def _is_below(above: Row, row: Row) -> bool:
    is_lower = row.bottom > above.bottom + 0.3 * min(above.height, row.height)
    return is_lower and row.left < above.right and above.left < row.right


def _has_other_letters(above: Row, row: Row) -> bool:
    ratio = row.height / above.height if above.height else 1.0
    return not 1 / _LARGER < ratio < _LARGER or above.is_bold != row.is_bold


def _usual(flows: Sequence[Sequence[Row]]) -> _Usual:
    letters: Counter[float] = Counter()
    distances: defaultdict[int, list[float]] = defaultdict(list)
    for flow in flows:
        for row in flow:
            letters[round(row.height, 1)] += len(row.text)
        for above, row in zip(flow, flow[1:], strict=False):
            distance = row.bottom - above.bottom
            is_near = distance < _LONGEST_DISTANCE * row.height
            if is_near and not _has_other_letters(above, row):
                distances[round(max(above.height, row.height))].append(distance)
    # Most rows follow another of their paragraph; of short paragraphs still a good part do.
    lower = {height: sorted(all_)[len(all_) // 4] for height, all_ in distances.items()}
    return _Usual(letters.most_common(1)[0][0] if letters else 1.0, lower)


def _place(flow: Sequence[Row], page: int, number: int, usual: _Usual) -> list[Placed]:
    rows_of_tables = _rows_of_tables(flow)
    placed: list[Placed] = []
    first = 0
    for end in range(1, len(flow) + 1):
        if end < len(flow) and not (
            usual.is_apart(flow[end - 1], flow[end]) or _has_other_letters(flow[end - 1], flow[end])
        ):
            continue
        edge = max(row.right for row in flow[first:end])
        placed += [
            Placed(flow[at], page, number, edge, at in rows_of_tables) for at in range(first, end)
        ]
        first = end
    return placed


def _rows_of_tables(flow: Sequence[Row]) -> set[int]:
    """Return which rows have a gap where one next to them has one, too."""
    found: set[int] = set()
    for at, (above, row) in enumerate(zip(flow, flow[1:], strict=False)):
        if shared_gaps(above, row):
            found |= {at, at + 1}
    return found


def _blocks(flows: Sequence[Sequence[Placed]], usual: _Usual) -> list[Block]:
    blocks: list[Block] = []
    notes: list[Block] = []
    for flow in flows:
        body, small = _without_notes(flow, usual)
        for at, placed in enumerate(body):
            above = blocks[-1] if blocks else None
            following = body[at + 1] if at + 1 < len(body) else None
            kind = _kind_of_new(above, placed, following, usual)
            # Else the notes would have to stand before what is on an earlier page.
            is_cut = (
                bool(notes) and above is not None and above.rows[0].page != notes[0].rows[0].page
            )
            if kind is not None or above is None or is_cut:
                blocks += [*notes, Block(kind or Kind.PARAGRAPH, [placed])]
            else:
                blocks[-1:-1] = notes
                above.rows.append(placed)
            notes = []
        for placed in small:
            kind = _kind_of_new(notes[-1] if notes else None, placed, None, usual)
            if kind is None:
                notes[-1].rows.append(placed)
            else:
                notes.append(Block(kind, [placed]))
    return blocks + notes


def _without_notes(
    flow: Sequence[Placed], usual: _Usual
) -> tuple[Sequence[Placed], Sequence[Placed]]:
    end = len(flow)
    while end and flow[end - 1].row.height < _SMALLER * usual.height:
        end -= 1
    return (flow[:end], flow[end:]) if end else (flow, [])


def _kind_of_new(
    block: Block | None, placed: Placed, following: Placed | None, usual: _Usual
) -> Kind | None:
    """Return what begins with a row, or None where it goes on with the block."""
    row = placed.row
    if placed.is_in_table or LEADERS.search(row.text):
        return Kind.TABLE_ROW
    bullet = BULLET.match(row.text)
    if bullet is not None and bullet[0][0] not in "-–—*":
        return Kind.ITEM
    is_heading = row.height > _LARGER * usual.height or row.is_bold
    is_marked = bullet is not None or (NUMBERED.match(row.text) is not None and not is_heading)
    if block is None or block.kind is Kind.TABLE_ROW:
        return Kind.ITEM if is_marked else Kind.PARAGRAPH
    above = block.rows[-1]
    if _has_other_letters(above.row, row):
        return Kind.ITEM if is_marked else Kind.PARAGRAPH
    if placed.flow != above.flow:
        is_next = is_marked and block.kind is Kind.ITEM
        if _runs_on(block, placed, following) and not is_next:
            return None
        return Kind.ITEM if is_marked else Kind.PARAGRAPH
    is_apart = usual.is_apart(above.row, row)
    is_ended = _SENTENCE_END.search(above.row.text) is not None
    had_room = _had_room(above, row)
    if is_marked and (
        is_apart or is_ended or had_room or _HALF_END.search(above.row.text) or _is_next(block, row)
    ):
        return Kind.ITEM
    if is_apart:
        return Kind.PARAGRAPH
    if is_heading:
        return Kind.LINE if had_room and row.text[0].isupper() else None
    indent = (row.left - above.row.left) / row.height
    is_first = len(block.rows) == 1
    if not is_first and abs(indent) > _INDENT:
        return Kind.PARAGRAPH
    if block.kind is Kind.ITEM and indent < -_INDENT:
        return Kind.PARAGRAPH
    if had_room:
        return Kind.PARAGRAPH if is_ended else Kind.LINE
    return None


def _is_next(block: Block, row: Row) -> bool:
    """Return whether a row has its mark below that of the item above it."""
    first = block.rows[0].row
    is_below = abs(row.left - first.left) < _INDENT * row.height
    return block.kind is Kind.ITEM and is_below and NUMBERED.match(first.text) is not None


def _runs_on(block: Block, placed: Placed, following: Placed | None) -> bool:
    """Return whether the paragraph above goes on in another column, or on another page."""
    above, text = block.rows[-1], placed.row.text
    if _SENTENCE_END.search(above.row.text) or block.kind is Kind.LINE:
        return False
    is_wide = above.row.right - above.row.left > _WIDE * (placed.right_edge - placed.row.left)
    if above.row.text.endswith(_HYPHENS) or (is_wide and text[0].islower()):
        return True
    is_indented = following is not None and (
        placed.row.left - following.row.left > _INDENT * placed.row.height
    )
    is_cut = is_wide and len(block.rows) > 1 and not _had_room(above, placed.row)
    return is_cut and not is_indented


def _had_room(above: Placed, row: Row) -> bool:
    """Return whether a row's first word had room at the end of the row above."""
    if above.row.text.endswith(_HYPHENS):
        return False
    word = row.text.partition(" ")[0]
    width = (row.right - row.left) * len(word) / len(row.text)
    return above.row.right + width + 2 * _BLANK * row.height < above.right_edge
