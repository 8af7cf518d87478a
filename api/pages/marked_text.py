"""An article's text as HTML: paragraphs, with quotes and the answers in them marked.

Whatever is marked, the text content of the result is the stored text, to the character: what an
address or a script counts in it is what the API counts.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

from api.pages.hits import Range

# A blank line, with the white space around it. No browser shows it: paragraphs have margins.
_GAP = re.compile(r"\s*\n[^\S\n]*\n\s*")
# A parser of HTML reads a plain carriage return as a line feed.
_CARRIAGE_RETURN = "&#13;"


@dataclass(frozen=True, slots=True)
class Mark:
    """A quote to mark, and the answers in it; `current` is the one that the reader came for."""

    quote: Range
    answers: tuple[Range, ...] = ()
    current: bool = False


def marked_text(text: str, marks: Sequence[Mark]) -> Markup:
    """Return the text in paragraphs; the current mark, or its first piece, has the id `quote`.

    Of marks that overlap the current one wins, then the earlier one, and the rest of the other
    is marked. Ranges beyond the text are cut off.
    """
    apart = _without_overlaps(marks, len(text))
    pieces: list[str] = []
    has_target = False
    for start, end, is_paragraph in _paragraphs(text):
        inner: list[str] = []
        for first, last, mark in _pieces(start, end, apart):
            content = (
                _escaped(text[first:last]) if mark is None else _inside(text, first, last, mark)
            )
            if mark is None:
                inner.append(content)
            elif mark.current:
                target = "" if has_target else ' id="quote" tabindex="-1"'
                has_target = True
                inner.append(f'<mark class="current"{target}>{content}</mark>')
            else:
                inner.append(f"<mark>{content}</mark>")
        content = "".join(inner)
        pieces.append(f'<p dir="auto">{content}</p>' if is_paragraph else content)
    return Markup("".join(pieces))  # noqa: S704  # every piece of text has been escaped


def _paragraphs(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield (start, end, whether it is a paragraph) for all paragraphs and the gaps between."""
    begin = 0
    for gap in _GAP.finditer(text):
        if begin < gap.start():
            yield begin, gap.start(), True
        yield gap.start(), gap.end(), False
        begin = gap.end()
    if begin < len(text):
        yield begin, len(text), True


def _without_overlaps(marks: Sequence[Mark], length: int) -> list[Mark]:
    """Return marks in the order of the text, none of which covers what another does."""
    taken: list[Mark] = []
    for mark in sorted(marks, key=lambda m: (not m.current, m.quote)):
        free = [(max(0, mark.quote[0]), min(length, mark.quote[1]))]
        for other in taken:
            free = [part for piece in free for part in _minus(piece, other.quote)]
        taken += [Mark(piece, mark.answers, mark.current) for piece in free if piece[0] < piece[1]]
    return sorted(taken, key=lambda m: m.quote)


def _minus(piece: Range, other: Range) -> list[Range]:
    parts = [(piece[0], min(piece[1], other[0])), (max(piece[0], other[1]), piece[1])]
    return [part for part in parts if part[0] < part[1]]


def _pieces(start: int, end: int, marks: Sequence[Mark]) -> Iterator[tuple[int, int, Mark | None]]:
    """Yield (start, end, mark) for each run of `[start, end)` with the same mark or none."""
    position = start
    for mark in marks:
        first, last = max(start, mark.quote[0]), min(end, mark.quote[1])
        if first >= last:
            continue
        if position < first:
            yield position, first, None
        yield first, last, mark
        position = last
    if position < end:
        yield position, end, None


def _inside(text: str, start: int, end: int, mark: Mark) -> str:
    """Return a piece of a quote, with what answers in it emphasised."""
    pieces: list[str] = []
    position = start
    for answer in sorted(mark.answers):
        first, last = max(position, answer[0]), min(end, answer[1])
        if first >= last:
            continue
        pieces += [_escaped(text[position:first]), f"<strong>{_escaped(text[first:last])}</strong>"]
        position = last
    return "".join([*pieces, _escaped(text[position:end])])


def _escaped(text: str) -> str:
    return escape(text).replace("\r", _CARRIAGE_RETURN)
