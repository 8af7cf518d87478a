"""Cells of a page's tables that stand in several rows, repeated in each, as rows are looked up."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# What holds more puts a page's parts in their places, and would stand in the article twice.
_LONGEST_VALUE = 200
_NO_VALUE = ".//table | .//ul | .//ol | .//dl | .//h1 | .//h2 | .//h3 | .//h4 | .//form"
# As browsers have it.
_MOST_COLUMNS = 1_000


@dataclass(slots=True)
class _Spanning:
    """A cell that stands in `rows_left` more rows, from a column on; `value` if it is repeated."""

    value: "HtmlElement | None"
    column: int
    width: int
    rows_left: int


def repeat_spanning_cells(page: "HtmlElement") -> None:
    """Put a copy of each value that spans several rows of a table in all of them."""
    for table in {cell.getparent().getparent() for cell in page.xpath("//tr/*[@rowspan]")}:
        if table is not None:
            _repeat_in(list(table.iterchildren("tr")))


def _repeat_in(rows: "Sequence[HtmlElement]") -> None:
    spanning: list[_Spanning] = []
    for number, row in enumerate(rows):
        begun: list[_Spanning] = []
        column = 0
        for cell in list(row.iterchildren("td", "th")):
            column = _pass_spanning(spanning, row, before=cell, column=column)
            width = min(_span(cell, "colspan"), _MOST_COLUMNS)
            more_rows = min(_span(cell, "rowspan"), len(rows) - number) - 1
            if more_rows:
                begun.append(_Spanning(_value(cell), column, width, more_rows))
            column += width
        _pass_spanning(spanning, row, before=None, column=column)
        for one in spanning:
            one.rows_left -= 1
        spanning = [one for one in spanning if one.rows_left] + begun


def _pass_spanning(
    spanning: "Sequence[_Spanning]",
    row: "HtmlElement",
    *,
    before: "HtmlElement | None",
    column: int,
) -> int:
    """Put copies of the cells that stand in a column, and in those beside it, in a row.

    Returns the first column in which none of them stands.
    """
    for one in sorted(spanning, key=lambda one: one.column):
        if one.column != column:
            continue
        column += one.width
        if one.value is not None:
            row.insert(len(row) if before is None else row.index(before), deepcopy(one.value))
    return column


def _value(cell: "HtmlElement") -> "HtmlElement | None":
    """Return a copy of a cell that is to be repeated, which then spans no rows any more."""
    if cell.xpath(_NO_VALUE) or len(cell.text_content()) > _LONGEST_VALUE:
        return None
    del cell.attrib["rowspan"]
    value = deepcopy(cell)
    value.tail = None
    return value


def _span(cell: "HtmlElement", name: str) -> int:
    digits = cell.get(name, "").strip()
    return max(1, int(digits)) if digits.isdecimal() and len(digits) < 6 else 1
