"""The words of a question, and of the cells and heads of tables: what is the same of both."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

from qa.language.function_words import is_function_word, stem
from qa.language.quantities import in_one_spelling
from qa.language.same_answer import folded

_WORD = re.compile(r"\w(?:[\w.,:'’-]*\w)?")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")
_QUARTER = re.compile(r"\b([1-4])(?:st|nd|rd|th) quarter\b(?: (?:of )?(\d{4})\b)?")
# What people ask with, and what heads the column.
_HEADS = {
    "cost": "price",
    "pay": "price",
    "weigh": "weight",
    "heavy": "weight",
    "deep": "depth",
    "long": "length",
    "wide": "width",
    "tall": "height",
    "high": "height",
    "fast": "speed",
    "old": "age",
    "win": "won",
    "lose": "lost",
    "draw": "drawn",
}
_SHORTEST_STEM = 4

Words: TypeAlias = frozenset[str]
Numbers: TypeAlias = frozenset[tuple[str, str, bool]]


def asked_words(question: str) -> Words:
    """Return the words of a question, "Q3" for "third quarter", too."""
    return words_of(question).union(*(words_of(quarter) for quarter in _quarters(question)))


def numbers_asked(question: str) -> Numbers:
    """Return the numbers of a question, "Q3 2025" for "third quarter of 2025", too."""
    return numbers_in(question).union(*map(numbers_in, _quarters(question)))


def _quarters(question: str) -> list[str]:
    """Return "Q3 2025" for "third quarter of 2025"."""
    found = _QUARTER.findall(in_one_spelling(folded(question)))
    return [f"q{number} {year}" for number, year in found]


def meant_words(asked: Words, head: Words) -> Words:
    """Return the words of the question that a head has, in whatever form."""
    return Words(
        word
        for word in asked
        if any(_is_form(word, other) or _HEADS.get(word) == other for other in head)
    )


def _is_form(word: str, other: str) -> bool:
    # Of the words of a long table most differ in these letters, and need no further look.
    if word == other or word[:_SHORTEST_STEM] != other[:_SHORTEST_STEM]:
        return word == other
    if min(len(word), len(other)) < _SHORTEST_STEM or not (word + other).isalpha():
        return False
    return word.startswith(other) or other.startswith(word) or stem(word) == stem(other)


# Of all questions, the same tables are looked at.
@lru_cache(maxsize=16384)
def words_of(text: str) -> Words:
    """Return the words in small letters that say something, things in the singular."""
    return Words(word for word in all_words(text) if not is_function_word(word))


def all_words(text: str) -> list[str]:
    """Return all words in small letters, in order, things in the singular."""
    return [_singular(word) for word in _WORD.findall(_THOUSANDS.sub("", folded(text)))]


# As above.
@lru_cache(maxsize=16384)
def numbers_in(text: str) -> Numbers:
    """Return the numbers in digits, each with a word beside it, and whether that stands before."""
    found = []
    for before, behind in pairwise(all_words(text)):
        if _NUMBER.fullmatch(behind):
            found.append((behind, before, True))
        if _NUMBER.fullmatch(before):
            found.append((before, behind, False))
    return frozenset(found)


def have_other_number(texts: Iterable[str], asked: Numbers) -> bool:
    """Return whether texts have another number beside the same word: "Q1 2025", not "Q1 2023".

    They have not if one of them has both, or its number is asked for, too.
    """
    if not asked:
        return False
    own = frozenset().union(*map(numbers_in, texts))
    numbers = {number for number, *_ in asked}
    places = {(word, stands_before) for _, word, stands_before in asked}
    return own.isdisjoint(asked) and any(
        number not in numbers and (word, stands_before) in places
        for number, word, stands_before in own
    )


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] == "s" and word[-2] != "s" else word
