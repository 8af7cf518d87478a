"""Whether several sources give the same answer."""

import re
from collections.abc import Sequence
from enum import StrEnum

from qa.decide import RankedAnswer, supporting
from qa.names import is_full_name, name_words
from qa.quantities import MONTHS
from qa.same_answer import Words, comparable_words

# Two answers are both likely from this confidence on, if the second is at least half as likely.
_LIKELY = 0.25
_HALF = 0.5
# A second number or name is attested from this confidence on, if it is half as likely or its margin
# is as near to the first's. The two share one probability, so that a contradiction makes the second
# look less likely than it is.
_ATTESTED = 0.1
_NEAR_MARGIN = 2.5
# Who contradicts a count is hardly ever further from it: 84 branches are no 28,700 employees.
_FARTHEST_COUNT = 20

_NUMBER = re.compile(r"\d+(?:\.\d+)?(%?)")
_NEGATIONS = frozenset(["no", "not", "never", "none", "neither", "nor", "without"])


class Agreement(StrEnum):
    """How the articles that answer stand to each other."""

    SINGLE = "single"
    AGREE = "agree"
    DIFFER = "differ"


def agreement(ranking: Sequence[RankedAnswer]) -> Agreement | None:
    """Return how the articles that answer stand to each other; None where there is no answer.

    They differ where another answer contradicts the first. Else they agree where more than one
    article is cited for the first answer; one is a single source.
    """
    if not ranking:
        return None
    first, *others = ranking
    if any(contradicts(other, first) for other in others):
        return Agreement.DIFFER
    return Agreement.AGREE if len(_articles(first)) > 1 else Agreement.SINGLE


def contradicts(other: RankedAnswer, first: RankedAnswer) -> bool:
    """Return whether an answer contradicts the first one.

    It is at least half as likely and at least 0.25 likely, no article gives both, and neither is a
    shorter form of the other: "May 1979" does not contradict "4 May 1979", but "not guilty"
    contradicts "guilty". A date, an amount of the same unit ("14 May 2027" and "1 June 2027") or
    another full name needs to be 0.1 likely only, and its passage may answer nearly as clearly
    instead. A passage that does not answer by itself contradicts nothing.
    """
    is_half_as_likely = other.confidence >= _HALF * first.confidence
    is_as_clear = other.places[0].margin > first.places[0].margin - _NEAR_MARGIN
    is_likely = is_half_as_likely and other.confidence >= _LIKELY
    is_attested = (is_half_as_likely or is_as_clear) and other.confidence >= _ATTESTED
    return (
        (is_likely or (is_attested and _is_other_value(first, other)))
        and first.confidence >= _LIKELY
        and min(first.places[0].margin, other.places[0].margin) > 0
        and _articles(first).isdisjoint(_articles(other))
        and not _is_shorter_form(first, other)
        and not _is_shorter_form(other, first)
    )


def _is_other_value(first: RankedAnswer, other: RankedAnswer) -> bool:
    return _is_other_number(_words(first), _words(other)) or _is_other_name(first, other)


def _is_other_number(one: Words, other: Words) -> bool:
    kind = _value_kind(one)
    return (
        kind is not None
        and kind == _value_kind(other)
        and (kind != ("0",) or _may_count_the_same(one[0], other[0]))
    )


def _is_other_name(first: RankedAnswer, other: RankedAnswer) -> bool:
    """Return whether both are full names, and not "Ann Ray" and "Ann B. Ray"."""
    names = (first.places[0].text, other.places[0].text)
    one, another = map(set, map(name_words, names))
    return all(map(is_full_name, names)) and not (one <= another or another <= one)


def _may_count_the_same(one: str, other: str) -> bool:
    """Return whether two numbers without a unit may count the same."""
    least, most = sorted([float(one), float(other)])
    return most <= _FARTHEST_COUNT * max(least, 1)


def _value_kind(words: Words) -> Words | None:
    """Return the words with all numbers and months alike, None where there is no number."""
    if not any(map(_NUMBER.fullmatch, words)):
        return None
    months = ("month" if word in MONTHS else word for word in words)
    return tuple(_NUMBER.sub(r"0\1", word) if _NUMBER.fullmatch(word) else word for word in months)


def _articles(ranked: RankedAnswer) -> set[str]:
    return {place.article_id for place in supporting(ranked)}


def _is_shorter_form(one: RankedAnswer, other: RankedAnswer) -> bool:
    short, long = _words(one), _words(other)
    more = set(long) - set(short)
    return f" {' '.join(short)} " in f" {' '.join(long)} " and not more & _NEGATIONS


def _words(ranked: RankedAnswer) -> Words:
    return comparable_words(ranked.places[0].text)
