"""The cells of a table in a Word document, each in its row and column."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.sources.word.styles import W, is_on, number

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

# As many as Word allows, too.
_MOST_COLUMNS = 63
# What may stand around rows and cells: content controls, and marks of programs.
_AROUND = frozenset(f"{W}{name}" for name in ("sdt", "sdtContent", "customXml"))


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that begins in a column; `goes_on` where it is merged with the one above it."""

    element: "Element"
    column: int
    goes_on: bool


def table_cells(table: "Element") -> list[list[Cell]]:
    """Return the rows of a table, without those that are deleted or hidden.

    Where all have as many cells, these are its columns: in an edited table the grid has more, for
    borders that do not quite meet.
    """
    rows = [_cells(row) for row in _members(table, "tr") if not _is_out(row.find(f"{W}trPr"))]
    if len({len(row) for row in rows}) == 1:
        return [
            [Cell(cell.element, column, cell.goes_on) for column, cell in enumerate(row)]
            for row in rows
        ]
    return rows


def _cells(row: "Element") -> list[Cell]:
    column = number(row.find(f"{W}trPr"), "gridBefore") or 0
    cells = []
    for cell in _members(row, "tc"):
        properties = cell.find(f"{W}tcPr")
        if not _is_out(properties):
            cells.append(Cell(cell, min(column, _MOST_COLUMNS), _goes_on(properties)))
        column += number(properties, "gridSpan") or 1
    return cells


def _members(element: "Element", name: str) -> "Iterator[Element]":
    for child in element:
        if child.tag == f"{W}{name}":
            yield child
        elif child.tag in _AROUND:
            yield from _members(child, name)


def _is_out(properties: "Element | None") -> bool:
    return any(is_on(properties, name) for name in ("del", "cellDel", "hidden"))


def _goes_on(properties: "Element | None") -> bool:
    merged = None if properties is None else properties.find(f"{W}vMerge")
    return merged is not None and merged.get(f"{W}val", "continue") == "continue"
