"""What holds now: of answers that contradict each other, the one of the newest article."""

import re
from collections.abc import Sequence
from datetime import date

from qa.agreement import contradicts
from qa.answers import Answer
from qa.decide import RankedAnswer

_ASKS_FOR_NOW = re.compile(
    r"\b(?:current(?:ly)?|latest|newest|most recent(?:ly)?|now(?:adays)?|at present|these days"
    r"|today)\b(?![’'])",
    re.IGNORECASE,
)


def newest_first(given: Sequence[tuple[RankedAnswer, Answer]], question: str) -> tuple[Answer, ...]:
    """Return the answers in their order, but for a question after what holds now.

    There the newest of the first one and those that contradict it comes first. An answer is as old
    as the newest article that it is cited from; without a date it is older than all others.
    """
    answers = tuple(answer for _, answer in given)
    if len(given) < 2 or _ASKS_FOR_NOW.search(question) is None:
        return answers
    first = given[0][0]
    rivals = [answer for ranked, answer in given if ranked is first or contradicts(ranked, first)]
    newest = max(rivals, key=_published)
    return tuple(sorted(answers, key=lambda answer: answer is not newest))


def _published(answer: Answer) -> date:
    return max(citation.article.published or date.min for citation in answer.citations)
