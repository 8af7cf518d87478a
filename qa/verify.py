"""Verifying: whether an article still says what a citation quotes, and where."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

# A letter as a quote stands nearly everywhere; looking at each place would take for ever.
MAX_PLACES = 1_000


class Verdict(StrEnum):
    """What became of a citation."""

    OK = "ok"
    MOVED = "moved"
    STALE = "stale"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Quotation:
    """What a citation claims: that the article says `quote` from `start` to `end`.

    `prefix` and `suffix` are the text that stood right before and right after it, as much as is
    known. Offsets are code points, half-open.
    """

    quote: str
    start: int
    end: int
    prefix: str = ""
    suffix: str = ""

    def __post_init__(self) -> None:
        if not self.quote:
            raise ValueError("a quotation without a text cannot be verified")


@dataclass(frozen=True, slots=True)
class Verification:
    """A verdict, and where the quote stands now: None where it does not stand any more."""

    verdict: Verdict
    start: int | None = None


def verify(text: str | None, quotation: Quotation) -> Verification:
    """Compare a quotation with the article's text, which is None where there is no article.

    `OK`: the text from `start` to `end` is the quote. `MOVED`: it is not, but the quote stands
    elsewhere. Where it stands several times, that place is taken around which most characters
    agree with `prefix` and `suffix`, counted from the quote outwards to the first difference; of
    equal places the one nearest to `start`, and of two equally near the earlier one. A quote that
    stands more than `MAX_PLACES` times is looked for in the first so many places. `STALE`: it
    stands nowhere. `ABSENT`: there is no article.
    """
    if text is None:
        return Verification(Verdict.ABSENT)
    # A slice may end before `end`: at the end of the text.
    fits = quotation.end - quotation.start == len(quotation.quote)
    if fits and text[quotation.start : quotation.end] == quotation.quote:
        return Verification(Verdict.OK, quotation.start)
    places = list(_places(text, quotation.quote))
    if not places:
        return Verification(Verdict.STALE)

    def unlikeness(place: int) -> tuple[int, int, int]:
        return -_agreeing_around(text, place, quotation), abs(place - quotation.start), place

    return Verification(Verdict.MOVED, min(places, key=unlikeness))


def _places(text: str, quote: str) -> Iterator[int]:
    """Yield where the quote begins, places that overlap included."""
    place = text.find(quote)
    for _ in range(MAX_PLACES):
        if place < 0:
            return
        yield place
        place = text.find(quote, place + 1)


def _agreeing_around(text: str, place: int, quotation: Quotation) -> int:
    end = place + len(quotation.quote)
    before = text[max(0, place - len(quotation.prefix)) : place]
    after = text[end : end + len(quotation.suffix)]
    return _agreeing(before[::-1], quotation.prefix[::-1]) + _agreeing(after, quotation.suffix)


def _agreeing(one: str, other: str) -> int:
    """Return with how many equal characters both begin."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
