"""Giving: which of the answers are given, and why the others are not."""

from enum import StrEnum

from qa.calibration import Calibration
from qa.decide import Decision
from qa.question import Question
from qa.question_kind import QuestionKind

# Another answer that is right less than once in ten times only distracts from the first.
_LEAST_ALTERNATIVE = 0.1


class AnswerFate(StrEnum):
    """Whether an answer is given, or why not."""

    GIVEN = "given"
    NOT_QUOTABLE = "no quotation can answer the question"
    UNANSWERABLE = "the articles are not likely to answer"
    BEYOND = "beyond top_k"
    UNLIKELY = "not likely enough to be right"


def answer_fates(
    decision: Decision, question: Question, kind: QuestionKind, calibration: Calibration
) -> list[AnswerFate]:
    """Return for each answer whether it is given.

    None is given where the question counts over articles, or where the articles are less likely
    to answer than the calibration asks. Else the `top_k` best are, if they are as likely right as
    the question asks. If it asks nothing, the calibration's least confidence holds for all, and
    answers behind the first must be right once in ten times at least.
    """
    count = len(decision.verdicts)
    if kind is QuestionKind.COUNTING:
        return [AnswerFate.NOT_QUOTABLE] * count
    if decision.answerable_probability < calibration.min_answerable:
        return [AnswerFate.UNANSWERABLE] * count
    first = others = question.min_confidence
    if first is None or others is None:
        first = calibration.min_confidence
        others = max(first, _LEAST_ALTERNATIVE)
    fates = []
    for number, verdict in enumerate(decision.verdicts):
        if number >= question.top_k:
            fates.append(AnswerFate.BEYOND)
        elif verdict.confidence < (others if number else first):
            fates.append(AnswerFate.UNLIKELY)
        else:
            fates.append(AnswerFate.GIVEN)
    return fates
