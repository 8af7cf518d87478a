"""From a window's logits to the spans of tokens that may answer."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class TokenSpan:
    """A run of tokens, both ends included, and its score (`best_token_spans`)."""

    first: int
    last: int
    score: float


def best_token_spans(
    start: NDArray[np.float32],
    end: NDArray[np.float32],
    *,
    max_tokens: int,
    limit: int,
    length_cost: float = 0.0,
) -> list[TokenSpan]:
    """Return at most `limit` spans of at most `max_tokens` tokens, best first, none overlapping.

    `start` and `end` hold one logit per passage token, shape (tokens,). A span scores its start
    logit plus its end logit, less `length_cost` for each token behind its first: the two are
    predicted apart, and without a cost the start of one answer goes with the end of the next. Of
    two spans that share a token the better one stays; of equal scores the earlier and then the
    shorter one wins. No tokens give no spans.

    Raises ValueError if the shapes differ.
    """
    if start.shape != end.shape:
        raise ValueError(f"{start.shape[0]} start logits, but {end.shape[0]} end logits")
    count = start.shape[0]
    if count == 0:
        return []
    # Row and column of `scores` are a span's first token and how many tokens come behind it.
    longest = min(max_tokens, count)
    ends = np.pad(end, (0, longest - 1), constant_values=-np.inf)
    further = np.arange(longest)
    scores = start[:, None] + sliding_window_view(ends, longest) - length_cost * further
    firsts = np.arange(count)[:, None]
    chosen: list[TokenSpan] = []
    for _ in range(limit):
        first, behind = divmod(int(scores.argmax()), longest)
        last, score = first + behind, float(scores[first, behind])
        if score == -np.inf:
            break
        chosen.append(TokenSpan(first, last, score))
        scores[(firsts <= last) & (firsts + further >= first)] = -np.inf
    return chosen


def best_span_over_items(
    start: NDArray[np.float32],
    end: NDArray[np.float32],
    items: Sequence[tuple[int, int, int]],
    *,
    max_tokens: int,
    length_cost: float = 0.0,
) -> TokenSpan | None:
    """Return the best span from the beginning of one item to any token of a later one.

    `items` are in order; each is its marker's first token, its text's first token, and the one
    behind its text. A span begins at the text, but the start logit may be the marker's. The other
    arguments and the score are those of `best_token_spans`.
    """
    best = None
    for number, (marker, first, _) in enumerate(items):
        start_logit = float(start[marker : first + 1].max(initial=-np.inf))
        for _, begin, behind in items[number + 1 :]:
            ends = np.arange(begin, min(behind, first + max_tokens))
            if ends.size == 0:
                break
            scores = start_logit + end[ends] - length_cost * (ends - first)
            at = int(scores.argmax())
            if best is None or scores[at] > best.score:
                best = TokenSpan(first, int(ends[at]), float(scores[at]))
    return best


class TextRange(Protocol):
    """Anything that covers `[start, end)` of a text."""

    @property
    def start(self) -> int:
        """The first character."""
        ...

    @property
    def end(self) -> int:
        """One behind the last character."""
        ...


Range = TypeVar("Range", bound=TextRange)


def apart(ranges: Iterable[Range]) -> Iterator[Range]:
    """Yield the ranges of one text that share no character with an earlier one; best come first."""
    kept: list[Range] = []
    for one in ranges:
        if _overlapped(one, kept) is None:
            kept.append(one)
            yield one


def without_overlaps(ranges: Iterable[Range]) -> tuple[list[Range], list[tuple[Range, Range]]]:
    """Return the ranges of one text that are `apart`, and the rest.

    `ranges` come best first. Each of the rest is paired with the best range that it overlaps.
    """
    kept: list[Range] = []
    dropped: list[tuple[Range, Range]] = []
    for one in ranges:
        better = _overlapped(one, kept)
        if better is None:
            kept.append(one)
        else:
            dropped.append((one, better))
    return kept, dropped


def _overlapped(one: Range, others: Sequence[Range]) -> Range | None:
    return next((two for two in others if one.start < two.end and two.start < one.end), None)
