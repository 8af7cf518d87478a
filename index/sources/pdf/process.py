"""A program that reads a PDF on standard input and writes what stands on its pages, as JSON lines.

pdfium is native code: what crashes it, or keeps it busy for ever, ends this process and no other.
So it knows nothing of the rest, and the rest knows pdfium by these lines alone. The first says what
the document states of itself, or why it cannot be read; then each page is a list of lines, each
with its text, its box (left, top, right, bottom in points, downwards) and whether it is bold, in
the order of the file; null for one that cannot be read. A line ends, too, before a wide gap, such
as the one between two cells.
"""

import contextlib
import json
import re
import resource
import signal
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from ctypes import c_int, create_string_buffer
from math import pi
from statistics import median
from typing import Any, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as native

_MOST_PAGES = 20_000
_MOST_SECONDS_A_PAGE = 60
_MOST_SECONDS = 600
_MOST_MEMORY = 4 * 2**30
# In heights of the line. Spaces of justified lines stay below that, gutters and cells above.
_WIDE_GAP = 1.4
_FALLEN = 0.75
_BOLD = re.compile("bold|black|heavy|demi|cmbx", re.IGNORECASE)
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
# pdfium writes these for a hyphen at which it joined two lines.
_HYPHENS_AT_END = frozenset({0x02, 0xFFFE})
_LINE_ENDS = frozenset(map(ord, "\r\n"))


class _Character(NamedTuple):
    """A character that is seen, or a blank without a box; `number` is that of pdfium."""

    number: int
    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top


_Line = tuple[str, float, float, float, float, bool]


def main(most_characters: int) -> None:
    """Read and write; stops where the document has more characters than that."""
    signal.alarm(_MOST_SECONDS_A_PAGE)
    _bound(resource.RLIMIT_CPU, _MOST_SECONDS)
    _bound(resource.RLIMIT_AS, _MOST_MEMORY)
    try:
        document = pdfium.PdfDocument(sys.stdin.buffer.read())
    except pdfium.PdfiumError as error:
        _tell({"is_locked": error.err_code == native.FPDF_ERR_PASSWORD})
        return
    with document:
        stated = document.get_metadata_dict()
        pages = min(len(document), _MOST_PAGES + 1)
        names = ("Title", "Author", "CreationDate")
        _tell({"pages": pages, **{name: stated[name] for name in names}})
        characters = 0
        for number in range(pages):
            signal.alarm(_MOST_SECONDS_A_PAGE)
            try:
                lines = _lines_on(document, number)
            except pdfium.PdfiumError:
                _tell(None)
                return
            characters += sum(len(line[0]) for line in lines)
            if characters > most_characters or number == _MOST_PAGES:
                return
            _tell(lines)


def _bound(what: int, most: int) -> None:
    # Where the system knows no such bound, or a lower one.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(what, (most, most))


def _tell(value: object) -> None:
    print(json.dumps(value), flush=True)


def _lines_on(document: pdfium.PdfDocument, number: int) -> list[_Line]:
    page = document[number]
    text = page.get_textpage()
    try:
        return [_line(text.raw, characters) for characters in _upright(text)]
    finally:
        text.close()
        page.close()


def _upright(text: pdfium.PdfTextPage) -> Iterator[list[_Character]]:
    """Yield the lines that run as most of the page does; what stands across is no part of it."""
    raw = text.raw
    lines = [(_turns(raw, line[0][0]), line) for line in _native_lines(raw, text.count_chars())]
    counts: Counter[int] = Counter()
    for turns, line in lines:
        counts[turns] += len(line)
    usual = counts.most_common(1)[0][0] if counts else 0
    for turns, line in lines:
        if turns == usual:
            yield from _pieces(_placed(raw, line, turns))


def _native_lines(raw: Any, count: int) -> Iterator[list[tuple[int, int]]]:
    """Yield the index and the code of each character, by pdfium's lines."""
    line: list[tuple[int, int]] = []
    for index in range(count):
        code = native.FPDFText_GetUnicode(raw, index)
        if code in _HYPHENS_AT_END:
            line.append((index, ord("-")))
        elif code not in _LINE_ENDS and code:
            line.append((index, code))
        if line and (code in _LINE_ENDS or code in _HYPHENS_AT_END):
            yield line
            line = []
    if line:
        yield line


def _turns(raw: Any, index: int) -> int:
    """Return by how many quarters of a circle a character is turned; -1 where it stands slanted."""
    quarters = native.FPDFText_GetCharAngle(raw, index) / (pi / 2)
    nearest = round(quarters)
    return nearest % 4 if abs(quarters - nearest) < 0.1 else -1


def _placed(raw: Any, line: Sequence[tuple[int, int]], turns: int) -> Iterator[_Character]:
    box = native.FS_RECTF()
    for index, code in line:
        character = chr(code)
        if character.isspace() or not native.FPDFText_GetLooseCharBox(raw, index, box):
            yield _Character(index, " ", 0, 0, 0, 0)
            continue
        left, right, low, high = box.left, box.right, box.bottom, box.top
        match turns:
            case 1:
                place = (-high, -right, -low, -left)
            case 2:
                place = (-right, low, -left, high)
            case 3:
                place = (low, left, high, right)
            case _:
                place = (left, -high, right, -low)
        yield _Character(index, character, *place)


def _pieces(line: Iterator[_Character]) -> Iterator[list[_Character]]:
    """Yield a line in pieces where a wide gap is in it, or where it goes on elsewhere."""
    piece: list[_Character] = []
    last: _Character | None = None
    for character in line:
        if character.text == " ":
            if piece:
                piece.append(character)
            continue
        if last is not None and _is_apart(last, character):
            yield piece
            piece = []
        piece.append(character)
        last = character
    if last is not None:
        yield piece


def _is_apart(left: _Character, right: _Character) -> bool:
    height = max(left.height, right.height)
    gap = right.left - left.right
    fallen = abs((right.top + right.bottom) - (left.top + left.bottom)) / 2
    return gap > _WIDE_GAP * height or gap < -2 * height or fallen > _FALLEN * height


def _line(raw: Any, piece: Sequence[_Character]) -> _Line:
    seen = [character for character in piece if character.text != " "]
    height = median(character.height for character in seen)
    bottom = median(character.bottom for character in seen)
    text = "".join(_as_seen(character, height, bottom) for character in piece)
    return (
        " ".join(text.split()),
        round(min(character.left for character in seen), 1),
        round(median(character.top for character in seen), 1),
        round(max(character.right for character in seen), 1),
        round(bottom, 1),
        all(_is_bold(raw, character.number) for character in (seen[0], seen[-1])),
    )


def _as_seen(character: _Character, height: float, bottom: float) -> str:
    """Return the character; a small digit that stands high stays apart from those before it."""
    is_raised = character.height < 0.85 * height and character.bottom < bottom - 0.15 * height
    return character.text.translate(_RAISED) if is_raised else character.text


def _is_bold(raw: Any, index: int) -> bool:
    name = create_string_buffer(256)
    length = native.FPDFText_GetFontInfo(raw, index, name, len(name), c_int())
    return 0 < length <= len(name) and _BOLD.search(name.value.decode(errors="replace")) is not None


if __name__ == "__main__":
    main(int(sys.argv[1]))
