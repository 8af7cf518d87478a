"""The text of a PDF as it is read, without running heads and feet, and where its pages begin."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.sources.pdf.blocks import LEADERS, SOFT_HYPHEN, Block, Kind, blocks_of, flows_of
from index.sources.pdf.hyphens import HyphenRule
from index.sources.pdf.lines import BULLET, Line, Page, Row, without_running_lines

_LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
# Between letters of some scripts these say how the letters look.
_JOINERS = "\u200c\u200d"
_NEVER_SEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


@dataclass(frozen=True, slots=True)
class PdfText:
    """A text, and where in it each page begins."""

    text: str
    page_starts: tuple[int, ...]


def read_pages(pages: Sequence[Page]) -> PdfText:
    """Return the text of all pages without running heads and feet."""
    flows = flows_of(without_running_lines([_cleaned(page) for page in pages]))
    hyphens = HyphenRule.of([row.text for flow in flows for row in flow.rows])
    return _assembled(blocks_of(flows), hyphens, pages=len(pages))


def _cleaned(page: Page) -> list[Line]:
    lines = (replace(line, text=_as_letters(line.text)) for line in page)
    return [line for line in lines if line.text]


def _as_letters(text: str) -> str:
    """Return what is seen of a line: ligatures as letters, nothing that is invisible.

    A soft hyphen at its end is seen.
    """
    if text.isprintable():
        return text.translate(_LIGATURES)
    is_broken = text.endswith(SOFT_HYPHEN)
    seen = "".join(
        character
        for character in text.translate(_LIGATURES)
        if unicodedata.category(character) not in _NEVER_SEEN
        or character in _JOINERS
        or BULLET.match(character)
    )
    return " ".join(seen.split()) + (SOFT_HYPHEN if is_broken else "")


def _assembled(blocks: Sequence[Block], hyphens: HyphenRule, *, pages: int) -> PdfText:
    parts: list[str] = []
    length = 0
    starts: list[int] = []
    for above, block in zip([None, *blocks], blocks, strict=False):
        if above is not None:
            parts.append(_between(above.kind, block.kind))
            length += len(parts[-1])
        texts = [_text_of(placed.row, block.kind) for placed in block.rows]
        joined = [hyphens.joint(line, below) for line, below in zip(texts, texts[1:], strict=False)]
        for placed, text in zip(block.rows, [*joined, texts[-1].rstrip(SOFT_HYPHEN)], strict=True):
            starts += [length] * (placed.page + 1 - len(starts))
            parts.append(text)
            length += len(text)
    starts += [length] * (pages - len(starts))
    return PdfText("".join(parts), tuple(starts))


def _between(above: Kind, kind: Kind) -> str:
    is_line = kind is Kind.LINE or (above is kind and kind is not Kind.PARAGRAPH)
    return "\n" if is_line else "\n\n"


def _text_of(row: Row, kind: Kind) -> str:
    text = (" | " if kind is Kind.TABLE_ROW else " ").join(line.text for line in row.lines)
    if kind is Kind.ITEM:
        text = BULLET.sub("- ", text, count=1)
    return LEADERS.sub(" … ", text).strip()
