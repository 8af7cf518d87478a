"""Sentences packed into passages that fit the budgets of encoder and reader."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.tokens import Tokenize, TokenRanges
from qa.values import Article, Passage, Sentence

_CLAUSE_BORDER = re.compile(
    r"(?<=[;:,)\]—–、，；：])\s*|(?<!\s)\s+(?=(?:and|but|or|which|that|who|because|while|when)\b)"
)


@dataclass(frozen=True, slots=True)
class PassageBudget:
    """Sizes of passages in tokens; neighbours share whole sentences of at most `overlap` tokens."""

    max_tokens: int = 180
    overlap: int = 45

    def __post_init__(self) -> None:
        if not 0 <= self.overlap < self.max_tokens // 2:
            raise ValueError(
                f"an overlap of {self.overlap} tokens must be less than half of the "
                f"{self.max_tokens} tokens of a passage"
            )


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence, or a part of one that is too long for a passage of its own."""

    start: int
    end: int
    tokens: int


def cut_passages(
    article: Article, sentences: Sequence[Sentence], *, tokenize: Tokenize, budget: PassageBudget
) -> list[Passage]:
    """Return passages of whole sentences that together cover every sentence of the article.

    A sentence over the budget is cut at clause borders, or else between words, into pieces that
    share up to `budget.overlap` tokens. Text is never left out.
    """
    pieces = [
        piece
        for sentence in sentences
        for piece in _pieces(article.text, sentence, tokenize, budget)
    ]
    # The digest reads the whole text: once an article, not once a passage.
    sha256 = article.sha256
    return [
        _passage(article, sha256, pieces[first].start, pieces[last - 1].end)
        for first, last in _packed(pieces, budget)
    ]


def passage_id(article_id: str, article_sha256: str, start: int, end: int) -> int:
    """Return a positive 63-bit id that depends on nothing but the passage itself.

    The same passage of the same text keeps its id through every rebuild, so that vectors,
    keywords and tables can never disagree about what an id means.
    """
    key = f"{article_id}\0{article_sha256}\0{start}\0{end}".encode()
    return int.from_bytes(hashlib.sha256(key).digest()[:8]) >> 1


def _passage(article: Article, sha256: str, start: int, end: int) -> Passage:
    return Passage(
        passage_id(article.article_id, sha256, start, end),
        article.article_id,
        start,
        end,
        article.text[start:end],
    )


def _packed(pieces: Sequence[_Piece], budget: PassageBudget) -> Iterator[tuple[int, int]]:
    """Yield ranges of pieces, each as long as fits and begun with the end of the one before."""
    first = 0
    while first < len(pieces):
        last, tokens = first, 0
        while last < len(pieces) and (
            last == first or tokens + pieces[last].tokens <= budget.max_tokens
        ):
            tokens += pieces[last].tokens
            last += 1
        yield first, last
        if last == len(pieces):
            return
        first = _overlap_start(pieces, first, last, budget)


def _overlap_start(pieces: Sequence[_Piece], first: int, last: int, budget: PassageBudget) -> int:
    room = min(budget.overlap, budget.max_tokens - pieces[last].tokens)
    start = last
    while start - 1 > first and pieces[start - 1].tokens <= room:
        start -= 1
        room -= pieces[start].tokens
    return start


def _pieces(
    text: str, sentence: Sentence, tokenize: Tokenize, budget: PassageBudget
) -> Iterator[_Piece]:
    tokens = tokenize(text[sentence.start : sentence.end])
    if len(tokens) <= budget.max_tokens:
        yield _Piece(sentence.start, sentence.end, len(tokens))
        return
    words = text[sentence.start : sentence.end]
    borders = {match.end() for match in _CLAUSE_BORDER.finditer(words)}
    first = 0
    while True:
        last = _cut(words, tokens, borders, first, budget)
        start = 0 if first == 0 else tokens[first][0]
        end = len(words) if last == len(tokens) else _blanks_start(words, tokens[last][0])
        yield _Piece(sentence.start + start, sentence.start + end, last - first)
        if last == len(tokens):
            return
        first = _word_start(words, tokens, max(first + 1, last - budget.overlap), last)


def _cut(
    words: str, tokens: TokenRanges, borders: set[int], first: int, budget: PassageBudget
) -> int:
    """Return the token before which to cut: at a clause border, else a space, else anywhere."""
    limit = first + budget.max_tokens
    if limit >= len(tokens):
        return len(tokens)
    earliest = first + budget.max_tokens // 2
    places = [at for at in range(limit, earliest, -1) if _begins_character(tokens, at)]
    for position in places:
        if tokens[position][0] in borders:
            return position
    for position in places:
        if words[tokens[position - 1][1] : tokens[position][0]].isspace():
            return position
    # A character of more tokens than the budget has stays whole all the same.
    later = (at for at in range(limit, len(tokens)) if _begins_character(tokens, at))
    return places[0] if places else next(later, len(tokens))


def _begins_character(tokens: TokenRanges, position: int) -> bool:
    """Tell whether a token is the first of its character, which may have several (`각` has 3)."""
    return tokens[position][0] > tokens[position - 1][0]


def _blanks_start(words: str, end: int) -> int:
    """Return where the white space before `end` begins."""
    while end > 0 and words[end - 1].isspace():
        end -= 1
    return end


def _word_start(words: str, tokens: TokenRanges, position: int, last: int) -> int:
    """Return the first token at or after `position` that begins a word, at most `last`."""
    while position < last and (
        words[tokens[position][0] - 1].isalnum() or not _begins_character(tokens, position)
    ):
        position += 1
    return position
