"""Layout: items of lists and rows of tables, whose lines speak for themselves."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_MARKER = r"[-*][ ]|[•‣◦▪]|\(?\d{1,3}[.)][ ]|[a-z]\)[ ]"
_LIST_ITEM = re.compile(rf"(?P<indent>[ \t]*)(?P<marker>{_MARKER})[ \t]*")
_NUMBER = re.compile(r"\w")
# What is told by its name or place: "Born: 1815", or columns with tabs between them.
_RECORD = re.compile(r"[ \t]*(?=[^\W_a-z])[^.:;,!?\n]{1,30}:[ \t]+\S|[^\n]*\S\t")
_CELL_BORDER = re.compile(r" \| ")
# As Markdown and others write them.
_FRAMED_ROW = re.compile(r"[ \t]*\|.*\|[ \t]*$")
_LINE = re.compile(r"[^\n]+")


def is_list_item(line: str) -> bool:
    """Return whether a line begins with the marker of a list's item."""
    return _LIST_ITEM.match(line) is not None


def is_table_row(line: str) -> bool:
    """Return whether a line has cells."""
    return _CELL_BORDER.search(line) is not None or _FRAMED_ROW.match(line) is not None


def are_apart(above: str, below: str) -> bool:
    """Return whether two neighbouring lines say each its own.

    So do list items, rows of a table, and records, of which one alone may be prose.
    """
    if is_list_item(below) or is_table_row(above) or is_table_row(below):
        return True
    return _RECORD.match(above) is not None and _RECORD.match(below) is not None


def stretches(text: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges of `text` in which something may be said, in order.

    Blank lines end them, and so do list items, rows and cells of tables. The markers of items are
    in none.
    """
    begin, before = 0, None
    for line in _written_lines(text):
        if before is not None and (
            line.start() - before.end() > 1 or are_apart(before[0], line[0])
        ):
            yield begin, before.end()
            begin = line.start()
        if item := _LIST_ITEM.match(line[0]):
            begin = line.start() + item.end()
        for cell in _CELL_BORDER.finditer(text, max(begin, line.start()), line.end()):
            yield begin, cell.start()
            begin = cell.end()
        before = line
    yield begin, len(text)


@dataclass(frozen=True, slots=True)
class ListItem:
    """An item's line: its marker begins at `marker`, its text is `[start, end)`."""

    marker: int
    start: int
    end: int


@dataclass(slots=True)
class _OpenList:
    indent: int
    is_numbered: bool
    items: list[ListItem] = field(default_factory=list)


def item_lists(text: str) -> list[list[ListItem]]:
    """Return the lists of two or more items in `text`, each with its items in order.

    Items of one list are indented alike and all numbered or all not. Deeper lines between them
    belong to the item above, any other line ends the list.
    """
    found: list[_OpenList] = []
    opened: list[_OpenList] = []
    for line in _written_lines(text):
        item = _LIST_ITEM.match(line[0])
        indent = len(item["indent"]) if item else _indent(line[0])
        # A line as deep as an item ends its list unless it is an item itself.
        opened = [one for one in opened if one.indent < indent + (item is not None)]
        if item is None:
            continue
        is_numbered = _NUMBER.search(item["marker"]) is not None
        if not opened or (opened[-1].indent, opened[-1].is_numbered) != (indent, is_numbered):
            opened.append(_OpenList(indent, is_numbered))
            found.append(opened[-1])
        opened[-1].items.append(
            ListItem(line.start() + indent, line.start() + item.end(), line.end())
        )
    return [one.items for one in found if len(one.items) > 1]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _written_lines(text: str) -> Iterator[re.Match[str]]:
    return (line for line in _LINE.finditer(text) if not line[0].isspace())
