"""Sentences packed into passages that fit the budgets of encoder and reader."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise, takewhile

from index.splitting.tokens import Tokenize, TokenRanges
from qa.values import Article, Passage, Sentence

_CLAUSE_BORDER = re.compile(
    r"(?<=[;:,)\]—–、，；：])\s*|(?<!\s)\s+(?=(?:and|but|or|which|that|who|because|while|when)\b)"
)


_BLANK_LINE = re.compile(r"\n\s*\n")
_LINE_BREAK = re.compile(r"\n")
_INTRODUCTION_END = re.compile(r":$")
# A headline is a sentence alone between two borders, without a mark at its end, or a question.
_HEADLINE_END = re.compile(r"(?<![.!…。！])(?<![.!?…][\"”’')\]])$")


@dataclass(frozen=True, slots=True)
class PassageBudget:
    """Sizes of passages in tokens; what neighbours share has at most `overlap` tokens."""

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
    opens_paragraph: bool = False


def cut_passages(
    article: Article, sentences: Sequence[Sentence], *, tokenize: Tokenize, budget: PassageBudget
) -> list[Passage]:
    """Return passages of whole sentences that together cover every sentence of the article.

    A passage is as long as fits, and ends with a paragraph wherever it holds the end of one. The
    next one begins with the last paragraphs of it, or in the middle of a paragraph with the last
    sentences, as far as they fit into `budget.overlap`. A sentence over the budget is cut at clause
    borders, or else between words, into pieces that share up to `budget.overlap` tokens. Text is
    never left out.
    """
    pieces = [
        piece
        for sentence in sentences
        for piece in _pieces(article.text, sentence, tokenize, budget)
    ]
    pieces = _with_paragraphs(article.text, pieces)
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
        article,
    )


def _with_paragraphs(text: str, pieces: list[_Piece]) -> list[_Piece]:
    """Return the pieces, those marked that open a paragraph: behind blank lines, or else lines.

    What follows a headline or an introduction ("They are:") belongs to its paragraph.
    """
    border = _BLANK_LINE if _BLANK_LINE.search(text) else _LINE_BREAK
    marked = pieces[:1]
    is_alone = True
    for before, piece in pairwise(pieces):
        opens = border.search(text, before.end, piece.start) is not None
        unended = _HEADLINE_END if is_alone else _INTRODUCTION_END
        goes_on = unended.search(text, before.start, before.end) is not None
        marked.append(replace(piece, opens_paragraph=opens and not goes_on))
        is_alone = opens
    return marked


def _packed(pieces: Sequence[_Piece], budget: PassageBudget) -> Iterator[tuple[int, int]]:
    """Yield ranges of pieces, as `cut_passages` says."""
    first = end = 0
    while end < len(pieces):
        full = _full(pieces, first, budget)
        end = full if full == len(pieces) else _paragraph_end(pieces, end, full)
        yield first, end
        if end < len(pieces):
            first = _overlap_start(pieces, first, end, budget)


def _full(pieces: Sequence[_Piece], first: int, budget: PassageBudget) -> int:
    """Return the end of the longest range from `first` that fits; it holds one piece at least."""
    end, tokens = first + 1, pieces[first].tokens
    while end < len(pieces) and tokens + pieces[end].tokens <= budget.max_tokens:
        tokens += pieces[end].tokens
        end += 1
    return end


def _paragraph_end(pieces: Sequence[_Piece], after: int, full: int) -> int:
    """Return the last end of a paragraph behind `after` and up to `full`, or `full`."""
    ends = (end for end in range(full, after, -1) if pieces[end].opens_paragraph)
    return next(ends, full)


def _overlap_start(pieces: Sequence[_Piece], first: int, end: int, budget: PassageBudget) -> int:
    """Return where the passage behind `end` begins, so that what is new in it fits, too."""
    at_paragraph = pieces[end].opens_paragraph
    following = _paragraph_tokens(pieces, end) if at_paragraph else pieces[end].tokens
    room = min(budget.overlap, budget.max_tokens - following)
    start = end
    for at in range(end - 1, first, -1):
        room -= pieces[at].tokens
        if room < 0:
            break
        if pieces[at].opens_paragraph or not at_paragraph:
            start = at
    return start


def _paragraph_tokens(pieces: Sequence[_Piece], first: int) -> int:
    behind = takewhile(lambda piece: not piece.opens_paragraph, islice(pieces, first + 1, None))
    return pieces[first].tokens + sum(piece.tokens for piece in behind)


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
