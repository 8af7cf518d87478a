"""The article of a web page as plain text: what a reader of the page would see of it."""

from collections.abc import Iterator
from textwrap import indent
from typing import TYPE_CHECKING

from index.sources.inline_text import collapsed, raised, trimmed

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

# Of TEI, as trafilatura writes it; all others stand within a line.
_BLOCKS = frozenset({"cell", "head", "item", "list", "p", "quote", "row", "table"})


def render_page(body: "Element") -> str:
    """Return the text of an article that was found on a page.

    It has the form of a rendered Markdown file: blocks are separated by an empty line; list items
    stand one per line behind `- ` or `1. `, those of inner lists two spaces further in; table rows
    stand one per line, with ` | ` between the cells.
    """
    return "\n\n".join(_blocks(body))


def _blocks(element: "Element") -> Iterator[str]:
    """Yield the texts of the blocks in an element, and of what stands between them."""
    line = [collapsed(element.text)]
    for child in element:
        if child.tag in _BLOCKS:
            yield from _lines(line)
            yield from filter(None, (_block(child),))
            line = []
        else:
            line.append(_inline(child))
        line.append(collapsed(child.tail))
    yield from _lines(line)


def _lines(pieces: list[str]) -> Iterator[str]:
    text = trimmed("".join(pieces))
    if text:
        yield text


def _block(element: "Element") -> str:
    if element.tag == "list" and _holds_only("item", element):
        items = "\n".join(_items(element))
        return indent(items, "  ") if _is_in_item(element) else items
    if element.tag == "table" and _holds_only("row", element) and not _is_layout(element):
        return "\n".join(filter(None, map(_row, element)))
    return "\n\n".join(_blocks(element))


def _holds_only(tag: str, element: "Element") -> bool:
    """Return whether nothing else stands in an element, as pages with mistakes have it."""
    between = (element.text, *(child.tail for child in element))
    return all(child.tag == tag for child in element) and not any(
        text.strip() for text in between if text
    )


def _is_layout(table: "Element") -> bool:
    """Return whether a table only puts things in their places, as old pages have it."""
    columns = max((sum(any(cell.itertext()) for cell in row) for row in table), default=0)
    return columns == 1 or table.find("row/cell/head") is not None


def _is_in_item(element: "Element") -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == "item"


def _items(items: "Element") -> Iterator[str]:
    for number, item in enumerate(items, start=1):
        marker = {"ol": f"{number}. ", "dl": ""}.get(items.get("rend", ""), "- ")
        text = "\n".join(_blocks(item))
        if text:
            yield f"{marker}{text.lstrip()}"


def _row(row: "Element") -> str:
    texts = map(_block, row) if _holds_only("cell", row) else _blocks(row)
    cells = [" ".join(text.split()) for text in texts]
    return " | ".join(cells) if any(cells) else ""


def _inline(element: "Element") -> str:
    if element.tag == "code" and "\n" in (code := "".join(element.itertext())):
        return f"\n{code}\n"
    within = "".join(_inline(child) + collapsed(child.tail) for child in element)
    text = collapsed(element.text) + within
    if element.get("rend") == "#sup":
        text = raised(text)
    if element.tag == "lb":
        return f"\n{text}"
    return f"\n{text}\n" if element.tag in _BLOCKS else text
