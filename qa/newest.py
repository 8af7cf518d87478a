"""What holds now: of answers that contradict each other, the one of the newest article."""

import re
from collections.abc import Sequence
from datetime import date

from qa.answers import Answer, Citation
from qa.deciding.agreement import contradicts, is_as_likely, is_other_value
from qa.deciding.decide import RankedAnswer
from qa.language.function_words import content_stems, word_set
from qa.language.question_parts import asked_parts

_ASKS_FOR_NOW = re.compile(
    r"\b(?:current(?:ly)?|latest|newest|most recent(?:ly)?|now(?:adays)?|at present|these days"
    r"|today)\b(?![’'])",
    re.IGNORECASE,
)
_ASKS_FOR_THEN = re.compile(r"\b(?:originally|initially|at first)\b", re.IGNORECASE)
_ABOUT_NOW = word_set("is are does do will")
_YEAR = re.compile(r"\b[12]\d{3}\b")
# "At least nine people", "has risen to 23": what a later report is expected to raise.
_MAY_RISE = re.compile(
    r"\b(?:at least|no (?:fewer|less) than|(?:ris(?:en|es|ing)|rose|climb(?:ed|s|ing)) to)\s+$",
    re.IGNORECASE,
)


def newest_first(given: Sequence[tuple[RankedAnswer, Answer]], question: str) -> tuple[Answer, ...]:
    """Return the answers in their order, but for the newest where it is what is asked for.

    Where the question asks for what holds now, the newest of the first answer and those that
    contradict it comes first, and the oldest where it asks for what held originally. A question in
    the present without a year ("Who is the mayor?") asks for what holds now, too, but only among
    likely answers of one kind, whose passages speak of what is asked. A newer answer comes before
    "at least nine", too. An answer is as new as the newest article that it is cited from, and as
    old as the oldest; without a date it is neither what holds now nor what held originally.
    """
    answers = tuple(answer for _, answer in given)
    if len(given) < 2:
        return answers
    (first, own), *others = given
    rivals = [(ranked, answer) for ranked, answer in others if contradicts(ranked, first)]
    if _ASKS_FOR_THEN.search(question) is not None:
        chosen = min([own, *(answer for _, answer in rivals)], key=_first_published)
    else:
        if _ASKS_FOR_NOW.search(question) is None:
            may_rise = all(map(_may_rise, own.citations))
            rivals = [
                (ranked, answer)
                for ranked, answer in rivals
                if is_other_value(first, ranked)
                and (may_rise or _may_hold_now(ranked, first, question))
            ]
        chosen = max([own, *(answer for _, answer in rivals)], key=_published)
    return tuple(sorted(answers, key=lambda answer: answer is not chosen))


def _may_hold_now(rival: RankedAnswer, first: RankedAnswer, question: str) -> bool:
    return (
        _is_in_present(question)
        and is_as_likely(rival, first)
        and _asked_words(first, question) <= _asked_words(rival, question)
    )


def _asked_words(ranked: RankedAnswer, question: str) -> frozenset[str]:
    """Return which words of a question are in the passage that answers."""
    passage = content_stems(ranked.places[0].passage.with_heading)
    return content_stems(question) & passage


def _is_in_present(question: str) -> bool:
    parts = asked_parts(question)
    is_present = parts is not None and bool(parts.rest) and parts.rest[0].lower() in _ABOUT_NOW
    return is_present and _YEAR.search(question) is None


def _may_rise(citation: Citation) -> bool:
    before = citation.quote[: citation.answer_start - citation.sentence.start]
    return _MAY_RISE.search(before) is not None


def _published(answer: Answer) -> date:
    return max(citation.article.published or date.min for citation in answer.citations)


def _first_published(answer: Answer) -> date:
    return min(citation.article.published or date.max for citation in answer.citations)
