"""When two answers are the same answer in other words.

The rule says "the same" only where people hardly ever mean two things, for a wrong grouping hides
an answer, and a missed one only shows it twice. The quoted texts are never changed.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Protocol, TypeAlias

from qa.language.function_words import ARTICLES
from qa.language.names import Name, capitalised_runs, full_name_of, name_words
from qa.language.quantities import in_one_spelling
from qa.language.relative_days import day_told

Words: TypeAlias = tuple[str, ...]
"""What is compared: the words of an answer in one spelling."""

# Of Latin letters alone: elsewhere a mark makes another letter, such as が of か.
_ACCENTS = re.compile(r"(?<=[A-Za-z])[\u0300-\u0338]+")
_WITHOUT_STROKE = str.maketrans(
    {"đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ı": "i"}
    | {"æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "TH"}
)
_ABBREVIATION = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_POSSESSIVE = re.compile(r"['’]s\b|['’](?!\w)")
# A point before a digit and a minus belong to the number, so that "1.5" is not "15".
_SEPARATORS = re.compile(
    r"""[\s,;:!?…()\[\]{}"“”„«»‘’'/\\|–—_*&~^`<>]+|\.(?!\d)|(?<=\w)-|-(?!\d)"""
)
# "Rex Marlowe, Bo Li and Ada Cole"; without "and", "Paris, Texas" is one place.
_AND = re.compile(r"[,;]?\s+(?:and|&)\s+")
_COMMA = re.compile(r"[,;]\s+")
_CAPITAL = re.compile(r"[^\W\d_a-z]")


class Mention(Protocol):
    """A text that answers, and the article that it stands in."""

    @property
    def article_id(self) -> str:
        """The article."""
        ...

    @property
    def text(self) -> str:
        """The text."""
        ...


# Of one question, the same answers are compared after every few passages.
@lru_cache(maxsize=1024)
def comparable_words(text: str) -> Words:
    """Return the words that are compared: equal words are the same answer in any article.

    Capitals, accents, punctuation, a leading English article and a possessive ’s do not count:
    "Šimić" is "Simic" and "U.S." is "US". Quantities are compared `in_one_spelling`. All else
    counts: "10" is not "110", "guilty" is not "not guilty", "Korea" is not "North Korea", "May
    1979" is not "4 May 1979".
    """
    spelt = in_one_spelling(folded(text))
    words = [word for word in _SEPARATORS.split(spelt) if word]
    if len(words) > 1 and words[0] in ARTICLES:
        words = words[1:]
    return tuple(words) or (text.casefold(),)


def folded(text: str) -> str:
    """Return a text in small letters, without accents, possessive ’s and points of "U.S."."""
    plain = _without_accents(text).replace("−", "-")
    plain = _ABBREVIATION.sub(lambda match: match.group().replace(".", ""), plain)
    return _POSSESSIVE.sub("", plain.casefold())


def _answer_words(text: str) -> Words:
    """Return the `comparable_words` of an answer, of several names always in the same order."""
    if _AND.search(text) is None:
        return comparable_words(text)
    members = [name for part in _AND.split(text) for name in _COMMA.split(part)]
    if not all(map(_CAPITAL.match, members)):
        return comparable_words(text)
    return tuple(word for words in sorted(map(comparable_words, members)) for word in words)


def _without_accents(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).translate(_WITHOUT_STROKE)
    return unicodedata.normalize("NFC", _ACCENTS.sub("", plain))


def answer_keys(
    mentions: Sequence[Mention],
    passages: Mapping[str, Sequence[str]],
    published: Mapping[str, date | None],
) -> list[Words]:
    """Return one key for each mention; mentions with equal keys are the same answer.

    1. Equal words are equal answers, see `comparable_words`, and so are the same names in another
       order: "Ada Cole and Bo Li".
    2. A name is the same with and without titles before it, in any article, if at least first
       and last name are left.
    3. A last name alone, or with a title, is the full name that its own article gives it, see
       `full_name_of`. In articles that give none it is the full name that all others agree on,
       but only because equal texts are one answer: "Washington" in an article without George is
       never grouped with "George Washington" alone.
    4. "Friday" is the day that it means in its article, see `day_told`: that of another week is
       another answer, and "3 May 2024" the same one.
    `passages` holds what was read of each article, `published` the dates of those that have one.
    """
    runs = {
        article_id: set[Name]().union(*map(capitalised_runs, own))
        for article_id, own in passages.items()
    }
    names = [name_words(mention.text) for mention in mentions]
    held = [runs.get(mention.article_id, set()) for mention in mentions]
    full: list[Name | None] = [
        full_name_of(name[0], own) if len(name) == 1 else name
        for name, own in zip(names, held, strict=True)
    ]
    words = [
        _dated(_answer_words(mention.text), published.get(mention.article_id))
        for mention in mentions
    ]
    full_names: dict[Words, set[Words]] = defaultdict(set)
    for own_words, name, known in zip(words, names, full, strict=True):
        if len(name) == 1 and known is not None:
            full_names[own_words].add(comparable_words(" ".join(known)))
    return [
        comparable_words(" ".join(known)) if known else _agreed(own_words, full_names)
        for own_words, known in zip(words, full, strict=True)
    ]


def _dated(words: Words, published: date | None) -> Words:
    told = None if published is None else day_told(" ".join(words), published)
    return words if told is None else tuple(told.split())


def _agreed(words: Words, full_names: Mapping[Words, set[Words]]) -> Words:
    agreed = full_names.get(words, set())
    return next(iter(agreed)) if len(agreed) == 1 else words
