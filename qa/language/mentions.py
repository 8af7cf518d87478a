"""What a question names and a text does not mention: names with capitals, offices, numbers.

A reader that finds the sentence "The bridge in Porto is 400 m long" is sure of it, too, where the
question is how long the bridge in Lisbon is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from qa.language.function_words import content_stems
from qa.language.names import capitalised_runs, is_office, name_words, names_in_question
from qa.language.offices import asked_office, missing_of_office
from qa.language.quantities import in_one_spelling
from qa.language.same_answer import folded

_DIGITS = re.compile(r"\d+")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")
# "Panel on Climate Change": what people shorten to the letters that its large words begin with.
_LARGE_LETTER = r"[^\W\d_a-z]"
_LONG_NAME = re.compile(
    rf"{_LARGE_LETTER}[\w’'-]*(?:[ -](?:(?:and|for|of|on|the|&) )*{_LARGE_LETTER}[\w’'-]*)+"
)
_INITIAL = re.compile(rf"(?<![\w’']){_LARGE_LETTER}")
_LETTER = re.compile(rf"{_LARGE_LETTER}\.")
_LONGEST_SHORT_NAME = 6
_SHORTEST_STEM = 4


@dataclass(frozen=True, slots=True)
class Unmentioned:
    """What a question names and a text does not mention, as the question writes it.

    `name_words` are the words that are missing of names of which others are there.
    """

    names: tuple[str, ...]
    name_words: tuple[str, ...]
    numbers: tuple[str, ...]

    def __bool__(self) -> bool:
        """Return whether anything is missing."""
        return bool(self.names or self.name_words or self.numbers)


def unmentioned(question: str, text: str) -> Unmentioned:
    """Return the names, words of names, and numbers in digits of the question not in the text.

    The office that it asks for is a name, too, in whatever letters it is written.

    Titles belong to no name: "President Ada Cole" is mentioned by "Cole", not by "the president".
    Where the text tells of Bo Cole, "Ada" is missing. Words that begin alike are forms of one
    ("Peru", "Peruvian"), a short name is mentioned by a long one ("EU", "European Union"), and the
    other way round, and a number by any of its spellings. A question in small letters, or all in
    capitals, has no names.
    """
    names, name_words = [], []
    for name in _asked_names(question):
        missing = _missing_words(name, text)
        if len(missing) == len(_words_of(name)):
            names.append(name)
        else:
            name_words += missing
    office = asked_office(question)
    vacant = missing_of_office(office, text)
    if vacant and not _is_among(" ".join(office), [*names, *name_words]):
        (names if len(vacant) == len(office) else name_words).append(" ".join(office))
    return Unmentioned(tuple(names), tuple(name_words), _missing_numbers(question, text))


def _is_among(office: str, names: Sequence[str]) -> bool:
    """Return whether an office is named already, as "Vice Chair" is."""
    return any(office in folded(name) for name in names)


def _missing_words(name: str, text: str) -> list[str]:
    initials = _initials(name)
    if len(initials) > 1 and _is_mentioned(initials, text):
        return []
    words = _words_of(name)
    missing = [word for word, stems in words if not any(_is_mentioned(s, text) for s in stems)]
    is_in_part = 0 < len(missing) < len(words)
    return [] if is_in_part and not _has_name_alike(text, name) else missing


def _has_name_alike(text: str, name: str) -> bool:
    """Return whether the text has another name that shares a word: Bo Cole, of "Ada Cole".

    One that has nothing else ("Mayor Cole") may well be the same.
    """
    own = _stems(name)
    names = (_stems(_untitled(" ".join(run))) for run in capitalised_runs(text))
    return any(not own.isdisjoint(stems) and not stems <= own for stems in names)


def _is_mentioned(stem: str, text: str) -> bool:
    words = _stems(text)
    return (
        stem in words
        or stem in _short_names(text)
        or any(_begins_alike(stem, word) for word in words)
    )


def _missing_numbers(question: str, text: str) -> tuple[str, ...]:
    asked = dict.fromkeys(_DIGITS.findall(_THOUSANDS.sub("", question)))
    if not asked:
        return ()
    written = set(_DIGITS.findall(text))
    # Only behind that, for telling numbers in words takes a millisecond.
    return tuple(n for n in asked if n not in written and n not in _numbers_in(text))


def _begins_alike(one: str, other: str) -> bool:
    """Return whether one of two stems begins with the other: "iran" and "irani"."""
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= _SHORTEST_STEM and longer.startswith(shorter)


@lru_cache(maxsize=16)
def _asked_names(question: str) -> tuple[str, ...]:
    if question.isupper():
        return ()
    untitled = (_untitled(name) for name in names_in_question(question) if not is_office(name))
    return tuple(name for name in untitled if _words_of(name))


def _untitled(name: str) -> str:
    """Return a person's name without titles, any other name as it is."""
    return " ".join(name_words(name)) or name


@lru_cache(maxsize=64)
def _words_of(name: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """Return the words of a name with their stems, but for the letters of "John F. Kennedy"."""
    words = ((word, content_stems(folded(word))) for word in name.split())
    return tuple((word, stems) for word, stems in words if stems and not _LETTER.fullmatch(word))


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
