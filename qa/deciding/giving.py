"""Giving: which of the answers are given, and why the others are not."""

from collections.abc import Sequence
from enum import StrEnum

from qa.calibration import Calibration
from qa.deciding.decide import Decision
from qa.language.question_kind import QuestionKind
from qa.language.same_answer import comparable_words
from qa.question import Question

# Another answer that is right less than once in ten times only distracts from the first.
_LEAST_ALTERNATIVE = 0.1


class AnswerFate(StrEnum):
    """Whether an answer is given, or why not."""

    GIVEN = "given"
    SAID_BEFORE = "said before, and the question asks for others"
    NOT_QUOTABLE = "no quotation can answer the question"
    UNANSWERABLE = "the articles are not likely to answer"
    BEYOND = "beyond top_k"
    UNLIKELY = "not likely enough to be right"


def answer_fates(
    decision: Decision,
    question: Question,
    kind: QuestionKind,
    calibration: Calibration,
    *,
    said: Sequence[str] = (),
) -> list[AnswerFate]:
    """Return for each answer whether it is given.

    What was `said` before is not given again, nor is a part of it. None is given where the
    question counts over articles, or where the articles are less likely to answer than the
    calibration asks. Else the `top_k` best of the others are, if they are as likely right as the
    question asks. If it asks nothing, the calibration's least confidence holds for all, and answers
    behind the first must be right once in ten times at least.
    """
    none_because = _why_none(decision, kind, calibration)
    first = calibration.min_confidence
    others = max(first, _LEAST_ALTERNATIVE)
    if question.min_confidence is not None:
        first = others = question.min_confidence
    known = [set(comparable_words(text)) for text in said]
    fates: list[AnswerFate] = []
    place = 0
    for number, ranked in enumerate(decision.ranking):
        if any(earlier.issuperset(comparable_words(ranked.places[0].text)) for earlier in known):
            fates.append(AnswerFate.SAID_BEFORE)
            continue
        if none_because is not None:
            fates.append(none_because)
        elif place >= question.top_k:
            fates.append(AnswerFate.BEYOND)
        elif ranked.confidence < (others if number else first):
            fates.append(AnswerFate.UNLIKELY)
        else:
            fates.append(AnswerFate.GIVEN)
        place += 1
    return fates


def _why_none(
    decision: Decision, kind: QuestionKind, calibration: Calibration
) -> AnswerFate | None:
    if kind is QuestionKind.COUNTING:
        return AnswerFate.NOT_QUOTABLE
    if decision.answerable_probability < calibration.min_answerable:
        return AnswerFate.UNANSWERABLE
    return None
