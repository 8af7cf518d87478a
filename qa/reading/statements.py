"""Where one statement ends and the next begins: no answer runs over it."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache

from qa.language.function_words import AUXILIARIES, word_set
from qa.layout.lines import stretches
from qa.reading.borders import pairs_in

_STOP = re.compile(
    r"(?<![^\W_])(?P<word>[^\W_]*)[\"'”’»)\]%]{0,3}(?P<mark>[.!?…])[\"'”’»)\]]*\s+(?=[^\W\d_a-z])"
)
# A full stop behind a letter or a short name is mostly an abbreviation's: "J. Roe", "Rep. Barton".
_SHORT_NAME = 5
_ABBREVIATIONS = word_set("Messrs al approx bros ca cf cit dept dist ed eds est etc ft univ vol vs")
# "on 2 September; a decision is expected", where "two sons, Ibrahim and Jean; six grandchildren"
# and "those who live; those who have lived there" are lists.
_CLAUSE_BEHIND = re.compile(
    rf"""
    ;\s+ (?:(?:and|but|so|yet)\s+)?
    (?: (?:it|he|she|they|we|you|I)\s
      | (?: (?!(?:who|that|which|to|as|if|when|where|how|what)\s) [\w’'-]+\s+ ){{1,4}}?
        (?:{"|".join(sorted(AUXILIARIES))})\b
    )
    """,
    re.VERBOSE,
)


def statements(text: str, ranges: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the statements that each of the `ranges` of `text` consists of, in order.

    A statement ends with its sentence, or where behind a semicolon a clause of its own begins. What
    stands in a quotation or in brackets is part of one, and so are quotations that follow one
    another.
    """
    pairs = pairs_in(text)
    for start, end in ranges:
        begin = start
        for border in sorted([*_sentence_ends(text, start, end), *_clause_ends(text, start, end)]):
            if not any(opening < border <= closing for opening, closing in pairs):
                yield begin, border
                begin = border
        yield begin, end


def statement_at(text: str, position: int) -> tuple[int, int]:
    """Return the statement of a whole text that holds the character at `position`."""
    found = statements_of(text)
    return found[max(0, bisect_right(found, (position, len(text))) - 1)]


# Of one passage, several spans are looked at.
@lru_cache(maxsize=16)
def statements_of(text: str) -> tuple[tuple[int, int], ...]:
    """Return the statements of a whole text, in order; none runs out of a stretch of its layout."""
    return tuple(sorted(statements(text, stretches(text))))


def _sentence_ends(text: str, start: int, end: int) -> Iterator[int]:
    for stop in _STOP.finditer(text, start, end):
        if text[stop.end()].isupper() and not _is_of_name(stop["word"], stop["mark"]):
            yield stop.end()


def _clause_ends(text: str, start: int, end: int) -> Iterator[int]:
    for clause in _CLAUSE_BEHIND.finditer(text, start, end):
        yield clause.start() + 1


def _is_of_name(word: str, mark: str) -> bool:
    """Return whether a mark is part of an abbreviation or, as in "Yahoo! Inc.", of a name."""
    is_name = word[:1].isupper()
    if mark == "!":
        return is_name
    if mark != "." or word.isdigit():
        return False
    return len(word) <= (_SHORT_NAME if is_name else 1) or word in _ABBREVIATIONS
