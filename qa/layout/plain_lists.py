"""Lists without markers: short lines below one another, each an item of its own."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from qa.layout.line_openings import UNFINISHED, opening_of

_LONGEST_ITEM = 60
_FEWEST_ITEMS = 3
# Newspaper columns are hardly narrower.
_NARROWEST_COLUMN = 25

# "750 g haddock", "2-3 carrots", "½ lemon", but not "12 Quay Street" nor "1886 the railway came".
_QUANTITY = re.compile(
    r"[ \t]*(?!(?:1[5-9]|20)\d\d[ ](?!k?g\b|ml\b))"
    r"(?:\d+(?:[.,/–-]\d+)*[ ]?[½¼¾⅓⅔]?|[½¼¾⅓⅔])[ ]?(?:x[ ])?[^\W\d_A-Z]"
)
_INTRODUCES = re.compile(r":[*_]*\s*$")
_NO_ITEM = re.compile(r"[.!?…,;:–—-][\"'”’»)\]*_]*\s*$|\||\S(?:\t| {2})\s*\S")
_FIRST_WORD = re.compile(r"\s*(\S*)")


def plain_items(lines: Sequence[str], *, above: str) -> set[int]:
    """Return which lines of a block are items of lists that have no markers.

    A list goes from a line that ends with a colon, or from the first line, to the next such line or
    the end of the block; `above` is the line above the block. It has three lines or more that were
    not wrapped, and none ends as a sentence does. Most begin with a quantity; where a colon says
    that a list follows, all may begin with a small letter or all with a capital, as the lines of an
    address do not.
    """
    found: set[int] = set()
    for first, behind in _parts(lines):
        introduction = lines[first - 1] if first else above
        is_introduced = _INTRODUCES.search(introduction) is not None
        if not is_introduced and first < behind and _QUANTITY.match(lines[first]) is None:
            first += 1  # a headline
        if _are_items(lines[first:behind], is_introduced=is_introduced):
            found.update(range(first, behind))
    return found


def _parts(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    first = 0
    for number, line in enumerate(lines):
        if _INTRODUCES.search(line):
            yield first, number
            first = number + 1
    yield first, len(lines)


def _are_items(lines: Sequence[str], *, is_introduced: bool) -> bool:
    if len(lines) < _FEWEST_ITEMS or not all(map(_may_be_item, lines)) or _are_wrapped(lines):
        return False
    quantities = sum(_QUANTITY.match(line) is not None for line in lines)
    capitals = sum(line.lstrip()[0].isupper() for line in lines)
    return 2 * quantities > len(lines) or (is_introduced and capitals in (0, len(lines)))


def _may_be_item(line: str) -> bool:
    if len(line) > _LONGEST_ITEM or _NO_ITEM.search(line) or UNFINISHED.search(line.rstrip()):
        return False
    if _QUANTITY.match(line) is not None:
        return True
    return line.lstrip()[:1].isalpha() and opening_of(line) is None


def _are_wrapped(lines: Sequence[str]) -> bool:
    """Return whether every other line or more had no room for the first word of the next."""
    width = max(_NARROWEST_COLUMN, *(len(line.rstrip()) for line in lines))
    full = sum(
        len(line.rstrip()) + 1 + len(_first_word(below)) > width for line, below in pairwise(lines)
    )
    return 2 * full >= len(lines) - 1


def _first_word(line: str) -> str:
    word = _FIRST_WORD.match(line)
    return word[1] if word else ""
