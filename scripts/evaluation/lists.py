"""Questions whose answer is a list that stands in one sentence."""

from collections.abc import Sequence

from index.splitting.sentences import split_sentences
from scripts.evaluation.question_file import KnownQuestion, QuestionFileError, Reference


def list_questions(known: Sequence[KnownQuestion]) -> list[KnownQuestion]:
    """Return the questions with a list in one sentence; its text is their one right answer.

    The answers of such a question are all needed, they are no alternatives. The list is what
    stands from the first of them through the last. Raises QuestionFileError if there is none.
    """
    lists = [(question, _list_of(question)) for question in known]
    found = [
        question.model_copy(update={"answers": (whole,)}) for question, whole in lists if whole
    ]
    if not found:
        raise QuestionFileError(
            "no question has two answers or more in one sentence: lists are measured on files "
            "whose `answers` are all needed, as those of MultiSpanQA"
        )
    return found


def _list_of(question: KnownQuestion) -> Reference | None:
    """Return the text from the first member through the last, where one sentence holds it."""
    places = [(a.answer_start, a.answer_start + len(a.text)) for a in question.answers]
    if len(places) < 2:
        return None
    start, end = min(place[0] for place in places), max(place[1] for place in places)
    if not any(s.start <= start and end <= s.end for s in split_sentences(question.context)):
        return None
    return Reference(text=question.context[start:end], answer_start=start)
