"""Markdown as plain text: what a reader of the rendered page would see, and nothing else."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from textwrap import indent

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

MAX_NESTING = 100

# fmt: off
_INLINE_TAGS = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font",
    "i", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong",
    "sub", "sup", "time", "tt", "u", "var", "wbr",
})
# fmt: on
_HTML = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(?P<unseen>script|style)\b.*?(?:</(?P=unseen)\s*>|\Z)"
    r"|<[!?][^<>]*>"
    r"|</?(?P<tag>[a-z][a-z0-9-]*)[^<>]*>",
    re.DOTALL | re.IGNORECASE,
)
_LINE_TAGS = frozenset({"br", "tbody", "td", "tfoot", "th", "thead", "tr"})
_NEXT_CELL = re.compile(r"</t[dh]\s*>\s*<t[dh]\b[^<>]*>", re.IGNORECASE)
_FOOTNOTES = "footnotes"
_BLOCK_BORDER = "\f"
_FOOTNOTE = re.compile(r"^ {0,3}\[\^([^\]\s]{1,99})\]:", re.MULTILINE)
_FOOTNOTE_MARK = re.compile(r"(?P<mark>\[\^(?P<name>[^\]\s]{1,99})\])(?::[ \t]*)?")
_CONTAINERS = frozenset({"blockquote", "bullet_list", "ordered_list", "list_item", "table", "tr"})


@dataclass(frozen=True, slots=True)
class RenderedMarkdown:
    """The plain text, and the first heading that is not empty, if there is one."""

    text: str
    first_heading: str | None


@dataclass(slots=True)
class _Container:
    """A block that is still open, with the texts of the blocks in it."""

    kind: str
    next_number: int | None = None
    parts: list[str] = field(default_factory=list)


def render_markdown(markdown: str) -> RenderedMarkdown:
    """Return the text of CommonMark with tables, strikethrough and footnotes.

    Blocks are separated by an empty line; list items stand one per line behind `- ` or `1. `,
    those of inner lists two spaces further in; table rows stand one per line, with ` | ` between
    the cells. Links and emphasis leave their text, images their alternative text, code is kept,
    tags and comments of HTML go, and so do scripts and style sheets. A footnote is text where it
    stands; its marks go.

    Raises RecursionError if blocks are nested too deep: beyond the limit the parser drops text.
    """
    tokens = _parser().parse(markdown, {_FOOTNOTES: {*_FOOTNOTE.findall(markdown)}})
    if any(token.nesting == 1 and token.level >= MAX_NESTING - 1 for token in tokens):
        raise RecursionError(f"blocks are nested {MAX_NESTING} deep or more")
    stack = [_Container("document")]
    headings: list[str] = []
    for token in tokens:
        _render_block(token, stack)
        if token.type == "heading_close":
            stack[-1].parts[-1] = stack[-1].parts[-1].replace("\n", " ")
            headings.append(stack[-1].parts[-1])
    return RenderedMarkdown(_joined(stack[0]), next(filter(None, headings), None))


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING})
    parser.inline.ruler.before("link", "footnote_mark", _pass_footnote_mark)
    return parser.enable(["table", "strikethrough"])


def _pass_footnote_mark(state: StateInline, _: bool) -> bool:
    """Pass over `[^1]`, or `[^1]:` in front of the footnote, where there is one of that name."""
    found = _FOOTNOTE_MARK.match(state.src, state.pos)
    if found is None or found["name"] not in state.env[_FOOTNOTES]:
        return False
    opens_line = state.pos == 0 or state.src[state.pos - 1] == "\n"
    state.pos = found.end() if opens_line else found.end("mark")
    return True


def _render_block(token: Token, stack: list[_Container]) -> None:
    kind = token.type.removesuffix("_open").removesuffix("_close")
    if kind in _CONTAINERS and token.nesting == 1:
        number = int(token.attrs.get("start", 1)) if kind == "ordered_list" else None
        stack.append(_Container(kind, number))
    elif kind in _CONTAINERS:
        closed = stack.pop()
        stack[-1].parts.append(_text_in(closed, parent=stack[-1]))
    elif kind == "inline":
        stack[-1].parts.append(_inline_text(token.children or []))
    elif kind in {"fence", "code_block"}:
        stack[-1].parts.append(token.content.rstrip("\n"))
    elif kind == "html_block":
        stack[-1].parts.append(_html_block_text(token.content))


def _text_in(closed: _Container, *, parent: _Container) -> str:
    if closed.kind == "tr":
        cells = (cell.replace("\n", " ") for cell in closed.parts)
        return " | ".join(cells) if any(closed.parts) else ""
    text = _joined(closed)
    if closed.kind == "list_item":
        return f"{_next_marker(parent)} {text.lstrip()}".rstrip()
    is_inner_list = closed.kind.endswith("_list") and parent.kind == "list_item"
    return indent(text, "  ") if is_inner_list else text


def _joined(container: _Container) -> str:
    is_spaced = container.kind in {"document", "blockquote"}
    return ("\n\n" if is_spaced else "\n").join(part for part in container.parts if part)


def _next_marker(items: _Container) -> str:
    if items.next_number is None:
        return "-"
    items.next_number += 1
    return f"{items.next_number - 1}."


def _inline_text(tokens: Sequence[Token]) -> str:
    text = "".join(_inline_pieces(tokens))
    return re.sub(r" *\n *", "\n", text).strip()


def _inline_pieces(tokens: Sequence[Token]) -> Iterator[str]:
    unseen = ""
    for token in tokens:
        found = _HTML.match(token.content) if token.type == "html_inline" else None
        if unseen:
            if found is not None and found[0].lower().startswith(f"</{unseen}"):
                unseen = ""
        elif found is not None and found["unseen"]:
            unseen = found["unseen"].lower()
        elif token.type == "softbreak":
            yield " "
        elif token.type == "hardbreak":
            yield "\n"
        elif token.type == "image":
            yield from _inline_pieces(token.children or [])
        elif token.type == "html_inline":
            yield "" if found is None else _space_of_tag(found)
        else:
            yield token.content


def _html_block_text(source: str) -> str:
    """Return the text between the tags: blocks are paragraphs, rows of tables lines."""
    text = html.unescape(_HTML.sub(_border_of_tag, _NEXT_CELL.sub(" | ", source)))
    blocks = (
        "\n".join(filter(None, map(str.strip, block.split("\n"))))
        for block in text.split(_BLOCK_BORDER)
    )
    return "\n\n".join(filter(None, blocks))


def _border_of_tag(match: re.Match[str]) -> str:
    space = _space_of_tag(match)
    is_within_block = (match["tag"] or "").lower() in _LINE_TAGS
    return space if is_within_block else space.replace("\n", _BLOCK_BORDER)


def _space_of_tag(match: re.Match[str]) -> str:
    """Keep words apart: most tags begin a new block, only those within a line join the text."""
    tag = match["tag"]
    return "" if tag is None or tag.lower() in _INLINE_TAGS else "\n"
