"""PDFs made by hand, as small as they can be."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

_FONTS = {"regular": "Helvetica", "bold": "Helvetica-Bold"}


class Printed(NamedTuple):
    """A text, and where it begins: points from the left and from the bottom of its page."""

    left: float
    bottom: float
    text: str
    size: float = 10
    font: str = "regular"
    turn: str = "1 0 0 1"


def prose(lines: Sequence[str], *, left: float = 72, first: float = 700) -> list[Printed]:
    """Lines below one another, as in a paragraph."""
    return [Printed(left, first - 12 * number, line) for number, line in enumerate(lines)]


def made_pdf(
    pages: Sequence[Sequence[Printed]], stated: Mapping[str, str] | None = None, *, rotate: int = 0
) -> bytes:
    """A PDF with these pages, and what it states of itself, such as its `Title`.

    A character is written as Windows has it; the ligatures ﬁ and ﬂ are there, too.
    """
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>"
        % (b" ".join(b"%d 0 R" % (6 + 2 * number) for number in range(len(pages))), len(pages)),
        *map(_font, _FONTS.values()),
        _dictionary(stated or {}),
    ]
    for number, page in enumerate(pages):
        content = b"\n".join(map(_shown, page))
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Rotate %d /Contents %d 0 R "
            b"/Resources << /Font << /regular 3 0 R /bold 4 0 R >> >> >>"
            % (rotate, 7 + 2 * number),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        ]
    return _file(objects)


def _font(name: str) -> bytes:
    return (
        b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding << /BaseEncoding "
        b"/WinAnsiEncoding /Differences [1 /fi /fl] >> >>" % name.encode()
    )


def _dictionary(stated: Mapping[str, str]) -> bytes:
    values = (b"/%s %s" % (name.encode(), _string(value)) for name, value in stated.items())
    return b"<< %s >>" % b" ".join(values)


def _string(text: str) -> bytes:
    return b"<%s>" % (b"\xfe\xff" + text.encode("utf-16-be")).hex().encode()


def _shown(printed: Printed) -> bytes:
    text = printed.text.replace("ﬁ", "\x01").replace("ﬂ", "\x02").encode("cp1252")
    return b"BT /%s %g Tf %s %g %g Tm <%s> Tj ET" % (
        printed.font.encode(),
        printed.size,
        printed.turn.encode(),
        printed.left,
        printed.bottom,
        text.hex().encode(),
    )


def _file(objects: Sequence[bytes]) -> bytes:
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return content + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R /Info 5 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table, len(objects) + 1, len(content))
    )
