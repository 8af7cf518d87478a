"""What the press writes around a report: who wrote it, and where and when."""

import re

from qa.language.names import PARTICLES

_DASH = r"[^\S\n]+(?:[-–—]|--)[^\S\n]+(?=[\"“\d]|[^\W_a-z])"
_CAPITALS = r"[^\W\d_a-z][^a-z\d\n(),;:–—-]+(?:-[^a-z\d\n(),;:–—-]+)*"
# "SARVIK, March 14 (Norwire) - ", "SAN JOSE, Calif. (AP) — "
_DATELINE = re.compile(
    rf"{_CAPITALS}(?:,[^\S\n]+[^\n()–—-]{{2,40}})?(?:[^\S\n]*\([^()\n]{{2,30}}\))?{_DASH}"
)
_LONGEST_DATELINE = 100
_NAME = rf"(?:(?:{'|'.join(sorted(PARTICLES))})[ ])?[^\W\d_a-z][\w.’'-]*"
_BYLINE = re.compile(
    rf"By (?:our [a-z]+|{_NAME}(?:(?:,? and)? {_NAME}|, {_NAME}){{1,7}})"
    r"(?:,? [a-z][^.!?:;\n]{1,50}?)?"
)
_ASKS_WHO_WROTE = re.compile(
    r"\b(?:wr(?:ite|ites|iting|ote|itten)|author(?:ed)?|report(?:s|ed|er)?|journalist"
    r"|correspondent|article|story|by)\b",
    re.IGNORECASE,
)


def without_dateline(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a range without the "OSLO (AP) - " that it begins in, if it goes on behind it."""
    line = text.rfind("\n", 0, start) + 1
    dateline = _DATELINE.match(text, line, line + _LONGEST_DATELINE)
    if dateline is None or not start < dateline.end() < end:
        return start, end
    return dateline.end(), end


def is_byline_at(text: str, position: int, question: str) -> bool:
    """Return whether `position` lies in a line such as "By Ann Ray, Oslo", and nobody asked for it.

    Who wrote a report has done nothing of what it says.
    """
    start = text.rfind("\n", 0, position) + 1
    end = text.find("\n", position)
    line = text[start : len(text) if end < 0 else end].strip()
    return _BYLINE.fullmatch(line) is not None and _ASKS_WHO_WROTE.search(question) is None
