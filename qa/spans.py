"""From a window's logits to the ranges of text that may answer."""

import unicodedata
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class TokenSpan:
    """A run of tokens, both ends included, that scores `start logit + end logit`."""

    first: int
    last: int
    score: float


def best_token_spans(
    start: NDArray[np.float32], end: NDArray[np.float32], *, max_tokens: int, limit: int
) -> list[TokenSpan]:
    """Return at most `limit` spans of at most `max_tokens` tokens, best first, none overlapping.

    `start` and `end` hold one logit per passage token, shape (tokens,). Of two spans that share a
    token the better one stays; of equal scores the earlier and then the shorter one wins. No
    tokens give no spans.

    Raises ValueError if the shapes differ.
    """
    if start.shape != end.shape:
        raise ValueError(f"{start.shape[0]} start logits, but {end.shape[0]} end logits")
    count = start.shape[0]
    if count == 0:
        return []
    scores = start[:, None] + end[None, :]
    length = np.arange(count)[None, :] - np.arange(count)[:, None]
    scores = np.where((length >= 0) & (length < max_tokens), scores, -np.inf)
    chosen: list[TokenSpan] = []
    for _ in range(limit):
        best = int(scores.argmax())
        first, last = divmod(best, count)
        score = float(scores[first, last])
        if score == -np.inf:
            break
        chosen.append(TokenSpan(first, last, score))
        scores[: last + 1, first:] = -np.inf
    return chosen


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen `[start, end)` so that it begins and ends at the border of a word or number.

    Combining marks belong to the word: tokenizers that drop accents leave them out.
    """
    while 0 < start < len(text) and _in_word(text[start - 1]) and _in_word(text[start]):
        start -= 1
    while 0 < end < len(text) and _in_word(text[end]) and _in_word(text[end - 1]):
        end += 1
    return start, end


def _in_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character).startswith("M")
