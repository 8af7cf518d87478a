"""What a question names and a text does not mention: names with capitals, numbers in digits.

A reader that finds the sentence "The bridge in Porto is 400 m long" is sure of it, too, where the
question is how long the bridge in Lisbon is.
"""

import re
from functools import lru_cache

from qa.function_words import content_stems
from qa.names import is_office, name_words, names_in
from qa.quantities import in_one_spelling
from qa.same_answer import folded

_DIGITS = re.compile(r"\d+")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")
# "Panel on Climate Change": what people shorten to the letters that its large words begin with.
_LARGE_LETTER = r"[^\W\d_a-z]"
_LONG_NAME = re.compile(
    rf"{_LARGE_LETTER}[\w’'-]*(?:[ -](?:(?:and|for|of|on|the|&) )*{_LARGE_LETTER}[\w’'-]*)+"
)
_INITIAL = re.compile(rf"(?<![\w’']){_LARGE_LETTER}")
_LONGEST_SHORT_NAME = 6
_SHORTEST_STEM = 4


def unmentioned_names(question: str, text: str) -> list[str]:
    """Return the question's names that the text does not mention.

    A name is mentioned by any of its words but titles, for people are called by their last names:
    "President Ada Cole" by "Cole", not by "the president". Words that begin alike are forms of one
    ("Peru", "Peruvian"), and a short name is mentioned by a long one ("EU", "European Union"), and
    the other way round. A question in small letters, or all in capitals, names nothing.
    """
    return [name for name in _asked_names(question) if not _mentions(text, name)]


def unmentioned_numbers(question: str, text: str) -> list[str]:
    """Return the question's numbers in digits that the text does not have in any spelling."""
    asked = dict.fromkeys(_DIGITS.findall(_THOUSANDS.sub("", question)))
    if not asked:
        return []
    written = set(_DIGITS.findall(text))
    # Only behind that, for telling numbers in words takes a millisecond.
    return [number for number in asked if number not in written and number not in _numbers_in(text)]


def _mentions(text: str, name: str) -> bool:
    initials, words = _initials(name), _stems(text)
    forms = _stems(name).union([initials] if len(initials) > 1 else [])
    return (
        not forms.isdisjoint(words)
        or not forms.isdisjoint(_short_names(text))
        or any(_begins_alike(form, word) for form in forms for word in words)
    )


def _begins_alike(one: str, other: str) -> bool:
    """Return whether one of two stems begins with the other: "iran" and "irani"."""
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= _SHORTEST_STEM and longer.startswith(shorter)


@lru_cache(maxsize=16)
def _asked_names(question: str) -> tuple[str, ...]:
    if question.isupper():
        return ()
    # The first word has a capital by its place.
    names = names_in(question[:1].lower() + question[1:])
    untitled = (" ".join(name_words(name)) or name for name in names if not is_office(name))
    return tuple(name for name in untitled if _stems(name))


# Of one question, the same passages are looked at after every few that are read.
@lru_cache(maxsize=256)
def _stems(text: str) -> frozenset[str]:
    return content_stems(folded(text))


@lru_cache(maxsize=256)
def _numbers_in(text: str) -> frozenset[str]:
    """Return the numbers of a text, in whatever spelling it writes them."""
    return frozenset(_DIGITS.findall(in_one_spelling(folded(text))))


@lru_cache(maxsize=256)
def _short_names(text: str) -> frozenset[str]:
    """Return what the long names in a text may be called for short: "eu" of "European Union"."""
    return frozenset(
        initials[start:end]
        for initials in map(_initials, _LONG_NAME.findall(text))
        for start in range(len(initials))
        for end in range(start + 2, min(len(initials), start + _LONGEST_SHORT_NAME) + 1)
    )


def _initials(name: str) -> str:
    return "".join(_INITIAL.findall(name)).lower()
