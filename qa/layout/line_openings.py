"""What lines begin with: markers of list items, and what names records, such as a time."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

_OPENING = re.compile(
    r"""
    [ \t]*
    (?: (?P<bullet>[-*][ ] | [•‣◦▪●■✓✔→·])
      | (?P<dash>[–—][ ])
      | (?P<section>(?!(?:[01]?\d|2[0-4])\.[0-5]\d[ ])                   # 1.1, not 18.30
        \d{1,2}(?:\.\d{1,2}){1,2}\.?[ ])
      | \(?(?P<number>\d{1,3})[.)][ ]
      | (?P<bracketed>\(?(?:[a-z]|[ivx]{2,4})\)[ ])                     # a) (iv)
      | (?P<letter>(?:[a-z]|[ivx]{2,4})\.[ ])
      | (?P<time>\d{1,2}[:.]\d\d(?!\d|[ ]*%) | \d{1,2}[ ]?[ap]\.?m\b)
      | (?P<years>\d{4}[ ]?(?:[–-][ ]?(?:\d{2,4}|present|today|now)?[: ]|:[ \t]))
      | (?P<label>(?=[^\W_a-z])[^.:;,!?\n]{1,30}:[ \t]+(?=\S))          # Born: 1815
    )
    [ \t]*
    """,
    re.VERBOSE,
)
_TIME_OR_SECTION = re.compile(r"[ \t]*\d{1,2}\.\d\d[ ]")
_RECORDS = frozenset({"time", "years", "label"})
# Prose may begin a line with these markers by chance: "– or so –", "1.5 km", "e. coli".
_DOUBTFUL = frozenset({"dash", "section", "letter"})
# A list may leave out a number, or give two items the same.
_NEAR = 3
UNFINISHED = re.compile(
    r"\b(?:a|an|and|are|as|at|be|but|by|for|from|had|has|have|in|into|is|its|nor|of|on|or|over|said"
    r"|than|that|the|their|to|under|was|were|which|who|with)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Opening:
    """What a line begins with, as far as `end`; `number` is that of a numbered item."""

    kind: str
    end: int
    number: int | None

    @classmethod
    def of_plain_item(cls, line: str) -> "Opening":
        """Return the opening of an item that has no marker: what it is indented by."""
        return cls("plain", len(line) - len(line.lstrip(" \t")), None)

    @property
    def is_marker(self) -> bool:
        """Whether it only marks an item, and is no part of what the item says."""
        return self.kind not in _RECORDS

    @property
    def is_entry(self) -> bool:
        """Whether it opens an entry of a programme or a timeline: "18:00 Opening"."""
        return self.kind in ("time", "years")


def opening_of(line: str) -> Opening | None:
    """Return what `line` begins with, by its looks alone."""
    found = _OPENING.match(line)
    if found is None or found.lastgroup is None:
        return None
    number = int(found["number"]) if found["number"] else None
    return Opening(found.lastgroup, found.end(), number)


def openings_of(lines: Sequence[str]) -> list[Opening | None]:
    """Return what the lines of a block begin with on purpose.

    A line of wrapped prose may begin with a number or a time too ("at the age of⏎84. The cause"):
    what does so on purpose has its like in the block, or is a bullet, the first number, or the
    number of the block's first line. "18.30" is a time, but a section beside "18.9".
    """
    looks = _sections_told([opening_of(line) for line in lines], lines)
    if not any(looks):
        return looks
    kinds = Counter(one.kind for one in looks if one)
    numbers = Counter(one.number for one in looks if one and one.number is not None)
    lines_above = ["", *(line.rstrip() for line in lines)]
    return [
        one
        if one and (_is_meant(one, above, kinds, numbers) or _is_headed(one, above, line))
        else None
        for one, above, line in zip(looks, lines_above, lines, strict=False)
    ]


def _sections_told(looks: list[Opening | None], lines: Sequence[str]) -> list[Opening | None]:
    """Return the openings, those that look like times as sections where others are sections."""
    if not any(one and one.kind == "section" for one in looks):
        return looks
    return [
        replace(one, kind="section") if one and _TIME_OR_SECTION.match(line) else one
        for one, line in zip(looks, lines, strict=True)
    ]


def _is_headed(one: Opening, above: str, line: str) -> bool:
    """Return whether a block begins with the number of a section: "4.2 Every week"."""
    return one.kind == "section" and not above and line[one.end : one.end + 1].isupper()


def _is_meant(one: Opening, above: str, kinds: Counter[str], numbers: Counter[int]) -> bool:
    goes_on = UNFINISHED.search(above) is not None
    if one.kind in _RECORDS:
        return kinds[one.kind] > 1 and not goes_on
    if one.kind in _DOUBTFUL:
        return kinds[one.kind] > 1
    if one.number is None or not above:
        return True
    is_alike = numbers[one.number] > 1 or any(
        numbers[one.number - step] or numbers[one.number + step] for step in range(1, _NEAR + 1)
    )
    return is_alike or (one.number <= 1 and not goes_on)
