"""Whether a statement tells of another one of things that are told apart by number.

Version 4.2, season five, the second quarter: what is said of one does not answer a question about
another. Of the training sets' 6,759 questions with such a number and an answer 20 are answered by
such a statement, and 13 of the 108 without an answer in SQuAD 2.0 would be.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import product

from qa.language.function_words import is_function_word, word_set
from qa.language.quantities import MONTHS, in_one_spelling
from qa.language.same_answer import folded
from qa.reading.statements import statement_at

# Before a number these have one without a name of their own: "chapter 3".
_COUNTED = word_set(
    """
    act amendment annex appendix article batch book category chapter class clause day division
    edition episode figure flight floor form game gate generation grade group highway item lesson
    level line meeting module order page paragraph part phase platform quarter release room round
    route rule season section sector series stage step street table tier title type unit version
    volume ward week zone
    """
)
# Not a number of its own: "about 20", "May 3". Of centuries, a text has years.
_UNCOUNTED = word_set("about almost aged centurie century just least most nearly only some total")
# "The first season" may be the only one.
_FIRST = frozenset({"1"})
_PARTS_OF_YEAR = word_set("half quarter")
_WORD = r"[^\W\d_]{3,}"
_NUMBER = r"(\d+(?:\.\d+)*)\b(?!\s?%|\sper ?cent\b)"
_IN_ORDER = re.compile(rf"\b(\d+)(?:st|nd|rd|th)[\s-]+({_WORD})")
_COUNTED_OFF = re.compile(rf"\b({_WORD})\s(?:no\.?\s|number\s|#)?{_NUMBER}")
_NAMED = re.compile(rf"\b([^\W\d_a-z]\w{{2,}})\s{_NUMBER}")
_NAMED_IN_ROMAN = re.compile(r"\b([^\W\d_a-z]\w{2,})\s([IVX]+)\b")
_QUARTER = re.compile(r"\bq([1-4])\b")
_ROMAN = {
    f"{tens}{ones}": str(number)
    for number, (tens, ones) in enumerate(
        product(("", "X"), ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")), start=1
    )
}
_ANY_NUMBER = re.compile(r"\d+(?:\.\d+)*")
_ANY_ROMAN = re.compile(r"\b[IVX]+\b")
_FROM_TO = re.compile(r"(\d+)(?:st|nd|rd|th)?\s?(?:to|through|until|and|[–-])\s?(?:[a-z]+\s)?(\d+)")
_YEAR = re.compile(r"(?:1\d|20)\d\d")

_Numbers = Mapping[str, frozenset[str]]


def is_of_other_number(text: str, start: int, question: str) -> bool:
    """Return whether the statement around a span is of another one than the question's.

    It has the question's word with another number, and not the question's number ("Kestrel 4.2",
    asked for 4.1). Besides, the word is a quarter or half of a year; or the whole text does not
    have that number; or it tells elsewhere of the one with it, and here of the other before the
    span.
    """
    asked = _numbered(question)
    return any(_has_other(word, numbers, text, start) for word, numbers in asked.items())


def _has_other(word: str, numbers: frozenset[str], text: str, start: int) -> bool:
    begin, stop = statement_at(text, start)
    others = _numbered(text[begin:stop]).get(word, frozenset())
    if not others or numbers & others:
        return False
    if word in _PARTS_OF_YEAR:
        return True
    if numbers == _FIRST or _may_be_meant(numbers, text[begin:stop], others):
        return False
    if not numbers & _numbers(text):
        return True
    stands_before = word in _numbered(text[begin:start])
    return stands_before and _tells_of(word, numbers, f"{text[:begin]}\n{text[stop:]}")


def _may_be_meant(numbers: frozenset[str], statement: str, others: frozenset[str]) -> bool:
    """Return whether a statement has one of the numbers, in a range or as part of another, too.

    Season five is one of "seasons four to seven", and Windows 8.1 is Windows 8.
    """
    if numbers & _numbers(statement) or _within_range(numbers, statement):
        return True
    return any(number.startswith(f"{other}.") for number in numbers for other in others)


def _tells_of(word: str, numbers: frozenset[str], text: str) -> bool:
    """Return whether a text has the word with one of the numbers, or one that can be no other's."""
    points = {number for number in numbers if "." in number}
    return bool(numbers & _numbered(text).get(word, frozenset()) or points & _numbers(text))


# Of one question many passages are read, and of one passage several spans are looked at.
@lru_cache(maxsize=256)
def _numbered(text: str) -> _Numbers:
    """Return the numbers that each word has in a text, in the singular and in small letters."""
    found: dict[str, set[str]] = defaultdict(set)
    for word, number in _pairs(text):
        head = word.lower().removesuffix("s")
        if not is_function_word(word.lower()) and head not in _UNCOUNTED and head not in MONTHS:
            found[head].add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    spelt = in_one_spelling(folded(text))
    for number, word in _IN_ORDER.findall(spelt):
        yield word, number
    for word, number in _COUNTED_OFF.findall(spelt):
        if word.removesuffix("s") in _COUNTED:
            yield word, number
    for number in _QUARTER.findall(spelt):
        yield "quarter", number
    for word, number in _NAMED.findall(text):
        if not _YEAR.fullmatch(number):
            yield word, number.removesuffix(".0")
    for word, roman in _NAMED_IN_ROMAN.findall(text):
        if roman != "I" and roman in _ROMAN:
            yield word, _ROMAN[roman]


@lru_cache(maxsize=64)
def _numbers(text: str) -> frozenset[str]:
    """Return all numbers of a text, in digits."""
    in_digits = _ANY_NUMBER.findall(in_one_spelling(folded(text)))
    in_roman = (_ROMAN[roman] for roman in _ANY_ROMAN.findall(text) if roman in _ROMAN)
    return frozenset([*in_digits, *in_roman])


def _within_range(numbers: frozenset[str], text: str) -> bool:
    """Return whether a text has a range that all numbers are in: "seasons four to seven"."""
    whole = [int(number) for number in numbers if number.isdigit()]
    return bool(whole) and any(
        all(int(first) <= number <= int(last) for number in whole)
        for first, last in _FROM_TO.findall(in_one_spelling(folded(text)))
    )
