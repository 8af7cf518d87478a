"""The lists of a text, item by item."""

from dataclasses import dataclass, field, replace

from qa.layout.lines import Line, read_lines


@dataclass(frozen=True, slots=True)
class ListItem:
    """An item: its marker begins at `marker`, its text is `[start, end)`."""

    marker: int
    start: int
    end: int


@dataclass(slots=True)
class _OpenList:
    indent: int
    kind: str
    items: list[ListItem] = field(default_factory=list)


def item_lists(text: str) -> list[list[ListItem]]:
    """Return the lists of two or more items in `text`, each with its items in order.

    Items of one list are indented alike and have markers of one kind. Wrapped lines, deeper lines
    and deeper lists belong to the item above them, any other line ends the list.
    """
    found: list[_OpenList] = []
    opened: list[_OpenList] = []
    for line in read_lines(text):
        indent = _indent(text, line)
        if line.begins:
            item_kind = _item_kind(line)
            # A line as deep as an item ends its list unless it is an item itself.
            opened = [one for one in opened if one.indent < indent + (item_kind is not None)]
            if item_kind is not None:
                if not opened or (opened[-1].indent, opened[-1].kind) != (indent, item_kind):
                    opened = [one for one in opened if one.indent < indent]
                    opened.append(_OpenList(indent, item_kind))
                    found.append(opened[-1])
                opened[-1].items.append(ListItem(line.start + indent, line.content, line.end))
        for one in opened:
            one.items[-1] = replace(one.items[-1], end=line.end)
    return [one.items for one in found if len(one.items) > 1]


def _item_kind(line: Line) -> str | None:
    opening = line.opening
    return opening.kind if opening is not None and opening.is_marker else None


def _indent(text: str, line: Line) -> int:
    written = text[line.start : line.end]
    return len(written) - len(written.lstrip(" \t"))
