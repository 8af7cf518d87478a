"""What the request under way has seen of the index, and which articles its response may show."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class Seen:
    """What a request has seen of the index: the record's `sequence`, `without` what was deleted.

    `shown` are the ids of the articles that its response may hold anything of; None where nobody
    has said, so that it may be any. A `sequence` of None means that it has not looked.
    """

    sequence: int | None = None
    without: frozenset[str] = frozenset()
    shown: set[str] | None = None


_SEEN: ContextVar[Seen | None] = ContextVar("seen", default=None)
ShowsDeleted = Callable[[Seen], bool]


def note_seen(sequence: int, without: frozenset[str]) -> None:
    """Note which state of the record the request under way sees."""
    seen = _SEEN.get()
    if seen is not None:
        seen.sequence, seen.without = sequence, without


def note_shown(article_ids: Iterable[str]) -> None:
    """Note what the response may show; whoever notes anything must note all of it."""
    seen = _SEEN.get()
    if seen is not None:
        seen.shown = (seen.shown or set()).union(article_ids)


@contextmanager
def seeing() -> Iterator[Seen]:
    """Give what is noted inside of the block."""
    seen = Seen()
    token = _SEEN.set(seen)
    try:
        yield seen
    finally:
        _SEEN.reset(token)
