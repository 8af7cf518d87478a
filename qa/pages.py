"""On which page of its document a piece of an article stands, where that is known."""

from bisect import bisect_right
from collections.abc import Sequence

from qa.values import Article

PAGE_STARTS = "page_starts"
"""The field of an article's metadata that says where in its text each page begins, in order.

It is a list of code points. Of two pages that begin at the same place, the earlier one is empty.
"""


def page_starts(article: Article) -> Sequence[int]:
    """Return where the pages begin, or nothing where that is not known.

    The field may hold what its author meant by something else: it must be a list of whole numbers
    that begins with 0 and never goes down.
    """
    stated = article.metadata.get(PAGE_STARTS)
    if not isinstance(stated, list) or not stated or stated[0] != 0:
        return ()
    starts: list[int] = []
    for start in stated:
        if not isinstance(start, int) or isinstance(start, bool):
            return ()
        if starts and start < starts[-1]:
            return ()
        starts.append(start)
    return starts


def page_of(article: Article, offset: int) -> int | None:
    """Return the page, from 1, on which the character at `offset` stands, if that is known."""
    return bisect_right(page_starts(article), offset) or None
