"""Questions whose answer is a list that stands in one sentence, and whether it is quoted whole."""

from collections.abc import Sequence

from index.sentences import split_sentences
from scripts.evaluation.asking import AskedQuestion
from scripts.evaluation.question_file import KnownQuestion, QuestionFileError, Reference
from scripts.evaluation.runs import Summary


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


def lists_summary(asked: Sequence[AskedQuestion], known: Sequence[KnownQuestion]) -> Summary:
    """Return how much of the lists the first answers hold.

    `quoted_whole` is the share of answers with all members, `members_quoted` the share of members
    in them; EM and F1, in percent, compare an answer with the text of the list.
    """
    members = {question.id: question.references for question in known}
    quoted = [[text in one.answer for text in members[one.question.id]] for one in asked]
    count = len(asked)
    return {
        "questions": count,
        "em": round(100 * sum(one.em for one in asked) / count, 2),
        "f1": round(100 * sum(one.f1 for one in asked) / count, 2),
        "quoted_whole": round(sum(map(all, quoted)) / count, 4),
        "members": sum(map(len, quoted)),
        "members_quoted": round(sum(map(sum, quoted)) / sum(map(len, quoted)), 4),
        "answered": round(sum(one.answered for one in asked) / count, 4),
    }


def _list_of(question: KnownQuestion) -> Reference | None:
    """Return the text from the first member through the last, where one sentence holds it."""
    places = [(a.answer_start, a.answer_start + len(a.text)) for a in question.answers]
    if len(places) < 2:
        return None
    start, end = min(place[0] for place in places), max(place[1] for place in places)
    if not any(s.start <= start and end <= s.end for s in split_sentences(question.context)):
        return None
    return Reference(text=question.context[start:end], answer_start=start)
