"""Whether several sources give the same answer."""

import re
from collections.abc import Sequence
from enum import StrEnum

from qa.deciding.decide import RankedAnswer, supporting
from qa.language.names import is_full_name, name_words
from qa.language.quantities import MONTHS
from qa.language.question_parts import asked_parts
from qa.language.same_answer import Words, comparable_words

# Two answers are both likely from this confidence on, if the second is at least half as likely.
_LIKELY = 0.25
_HALF = 0.5
# A second number or name is attested from this confidence on, if it is half as likely or its margin
# is as near to the first's. The two share one probability, so that a contradiction makes the second
# look less likely than it is.
_ATTESTED = 0.1
_NEAR_MARGIN = 2.5
# Who contradicts a number is hardly ever further from it: 84 branches are no 28,700 employees, and
# a fee of 42 million no price of 2.1 billion.
_FARTHEST_NUMBER = 20

_NUMBER = re.compile(r"(\d+(?:\.\d+)?)(%?)")
_YEAR = re.compile(r"[12]\d{3}")
_TIMES_OF_YEAR = frozenset([*MONTHS, "spring", "summer", "autumn", "fall", "winter"])
_DATE: Words = ("date",)
_NEGATIONS = frozenset(["no", "not", "never", "none", "neither", "nor", "without"])


class Agreement(StrEnum):
    """How the articles that answer stand to each other."""

    SINGLE = "single"
    AGREE = "agree"
    DIFFER = "differ"


def agreement(ranking: Sequence[RankedAnswer], question: str) -> Agreement | None:
    """Return how the articles that answer stand to each other; None where there is no answer.

    They differ where another answer contradicts the first, but for what is said of a person: who
    is "the surgeon" here may be "the head of surgery" there. Else they agree where more than one
    article is cited for the first answer; one is a single source.
    """
    if not ranking:
        return None
    first, *others = ranking
    is_told_of = _asks_who_somebody_is(question)
    if not is_told_of and any(contradicts(other, first) for other in others):
        return Agreement.DIFFER
    return Agreement.AGREE if len(_articles(first)) > 1 else Agreement.SINGLE


def contradicts(other: RankedAnswer, first: RankedAnswer) -> bool:
    """Return whether an answer contradicts the first one.

    It is at least half as likely and at least 0.25 likely, no article gives both, and neither is a
    shorter form of the other: "May 1979" does not contradict "4 May 1979", but "not guilty"
    contradicts "guilty". A date, an amount of the same unit ("14 May 2027" and "1 June 2027") or
    another full name needs to be 0.1 likely only, and its passage may answer nearly as clearly
    instead. A passage that does not answer by itself contradicts nothing, nor does a number of
    quite another size, nor a date that may be the same ("spring 2024", "May 2024").
    """
    is_half_as_likely = other.confidence >= _HALF * first.confidence
    is_as_clear = other.places[0].margin > first.places[0].margin - _NEAR_MARGIN
    is_attested = (is_half_as_likely or is_as_clear) and other.confidence >= _ATTESTED
    return (
        (is_as_likely(other, first) or (is_attested and is_other_value(first, other)))
        and first.confidence >= _LIKELY
        and min(first.places[0].margin, other.places[0].margin) > 0
        and _articles(first).isdisjoint(_articles(other))
        and not _is_shorter_form(first, other)
        and not _is_shorter_form(other, first)
        and not _is_beside_the_point(_words(first), _words(other))
    )


def is_as_likely(other: RankedAnswer, first: RankedAnswer) -> bool:
    """Return whether an answer is likely, and at least half as likely as the first one."""
    return other.confidence >= max(_LIKELY, _HALF * first.confidence)


def is_other_value(first: RankedAnswer, other: RankedAnswer) -> bool:
    """Return whether both are numbers or dates of one kind, or full names."""
    kind = _value_kind(_words(first))
    same_kind = kind is not None and kind == _value_kind(_words(other))
    return same_kind or _is_other_name(first, other)


def _asks_who_somebody_is(question: str) -> bool:
    """Return whether a question is "Who is Ann Ray?", and not "Who is the mayor?"."""
    parts = asked_parts(question)
    return (
        parts is not None
        and parts.question_word == "who"
        and parts.asks_what_one_is
        and bool(name_words(" ".join(parts.rest[1:])))
    )


def _is_beside_the_point(one: Words, other: Words) -> bool:
    """Return whether of two values one counts something else, or may be the same date."""
    kind = _value_kind(one)
    if kind is None or kind != _value_kind(other):
        return False
    if kind == _DATE:
        years = [set(filter(_YEAR.fullmatch, words)) for words in (one, other)]
        return _form(one) != _form(other) and not (all(years) and years[0].isdisjoint(years[1]))
    numbers = [[float(n[1]) for n in map(_NUMBER.fullmatch, words) if n] for words in (one, other)]
    least, most = min(numbers), max(numbers)
    return len(least) == 1 and most[0] > _FARTHEST_NUMBER * max(least[0], 1)


def _is_other_name(first: RankedAnswer, other: RankedAnswer) -> bool:
    """Return whether both are full names, and not "Ann Ray" and "Ann B. Ray"."""
    names = (first.places[0].text, other.places[0].text)
    one, another = map(set, map(name_words, names))
    return all(map(is_full_name, names)) and not (one <= another or another <= one)


def _value_kind(words: Words) -> Words | None:
    """Return the words with all numbers alike, `_DATE` for dates, None where there is no number."""
    if not any(map(_NUMBER.fullmatch, words)):
        return None
    form = _form(words)
    is_date = "month" in form and set(form) <= {"month", "0", "of", "early", "late"}
    return _DATE if is_date else form


def _form(words: Words) -> Words:
    """Return the words with all numbers and times of the year alike."""
    months = ("month" if word in _TIMES_OF_YEAR else word for word in words)
    return tuple(_NUMBER.sub(r"0\2", word) if _NUMBER.fullmatch(word) else word for word in months)


def _articles(ranked: RankedAnswer) -> set[str]:
    return {place.article_id for place in supporting(ranked)}


def _is_shorter_form(one: RankedAnswer, other: RankedAnswer) -> bool:
    short, long = _words(one), _words(other)
    more = set(long) - set(short)
    return f" {' '.join(short)} " in f" {' '.join(long)} " and not more & _NEGATIONS


def _words(ranked: RankedAnswer) -> Words:
    return comparable_words(ranked.places[0].text)
