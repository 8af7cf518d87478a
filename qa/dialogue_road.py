"""A follow-up's road: its forms are asked like any question, and the surest answer decides."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from qa.answers import Outcome
from qa.dialogue.follow_up import FollowUp, follow_up, standing_alone
from qa.dialogue.turns import Exchange, exchanges_of
from qa.errors import InvalidQuestionError
from qa.question import MAX_QUESTION_CHARACTERS, Question, check_question_text
from qa.retrieval import Retriever

_LATEST_EXCHANGES = 8
_PLACES_LOOKED_AT = 5
# A later form, and an answer from another article than the last one's, must be surer by so much.
_LESS_LIKELY = 0.8


@dataclass(frozen=True, slots=True)
class _Grounded:
    """The exchanges, without answers that no article says, and the article of the last answer."""

    exchanges: list[Exchange]
    article_id: str | None


def ask_in_dialogue(
    question: Question,
    *,
    ask: Callable[[Question, Sequence[str]], Outcome],
    retriever: Retriever,
) -> Outcome:
    """Return the outcome of the form of the question that is answered with most confidence.

    `ask` gets a form, and what was said before and is not to be given again. `asked` in the outcome
    is the form, None for the question itself. A confidence counts four fifths for each form that
    stands before, and if the answer is not from the article of the last answer. The first form
    decides where none is answered. An answer in the history counts only if it stands word by word
    in an article.
    """
    began = time.perf_counter()
    grounded = _grounded(question, retriever)
    meant = _askable(follow_up(question.text, standing_alone(grounded.exchanges)), question)
    forms = _forms(question, meant, began=began)
    outcomes = [ask(form, meant.said) for form in forms]
    weights = [_weight(place, outcome, grounded) for place, outcome in enumerate(outcomes)]
    surest = outcomes[weights.index(max(weights))]
    asked = surest.asked or surest.question
    spent = 1000 * (time.perf_counter() - began)
    return replace(
        surest,
        question=question.text,
        # What time cut short may have been the surest.
        degraded=next((outcome.degraded for outcome in outcomes if outcome.degraded), None),
        asked=None if _is_same(asked, question.text) else asked,
        timings_ms={
            **{
                stage: sum(outcome.timings_ms[stage] for outcome in outcomes)
                for stage in surest.timings_ms
            },
            "total": spent,
        },
    )


def _is_same(form: str, question: str) -> bool:
    """Return whether the form is the question, but for spaces and the mark at its end."""
    return form.split() == question.split() or form == f"{question}?"


def _grounded(question: Question, retriever: Retriever) -> _Grounded:
    exchanges: list[Exchange] = []
    article_id = None
    for exchange in exchanges_of(question.history)[-_LATEST_EXCHANGES:]:
        article_id = _article_with(exchange, question, retriever)
        known = article_id is not None
        exchanges.append(exchange if known else replace(exchange, answer=None))
    return _Grounded(exchanges, article_id)


def _article_with(exchange: Exchange, question: Question, retriever: Retriever) -> str | None:
    """Return the best article that says the answer near what was asked, or None."""
    answer = exchange.answer
    if answer is None:
        return None
    text = f"{exchange.question} {answer}"[:MAX_QUESTION_CHARACTERS]
    found = retriever.retrieve(text, filters=question.filters, limit=_PLACES_LOOKED_AT).passages
    return next((item.passage.article_id for item in found if answer in item.passage.text), None)


def _askable(meant: FollowUp, question: Question) -> FollowUp:
    """Leave out forms that history made too long or unprintable."""
    forms = []
    for form in meant.forms:
        try:
            check_question_text(form)
        except InvalidQuestionError:
            continue
        forms.append(form)
    return replace(meant, forms=tuple(forms) or (question.text,))


def _forms(question: Question, meant: FollowUp, *, began: float) -> Iterator[Question]:
    """Yield the forms as questions, each with its part of the time that is left by then."""
    budget = question.time_budget_ms
    for left, form in zip(range(len(meant.forms), 0, -1), meant.forms, strict=True):
        spent = 1000 * (time.perf_counter() - began)
        yield replace(
            question,
            text=form,
            history=(),
            time_budget_ms=None if budget is None else max(1.0, (budget - spent) / left),
        )


def _weight(place: int, outcome: Outcome, grounded: _Grounded) -> float:
    """Return the best answer's confidence, less for a later form and for another article."""
    if not outcome.answers:
        return 0.0
    best = outcome.answers[0]
    cited = {citation.article.article_id for citation in best.citations}
    elsewhere = grounded.article_id is not None and grounded.article_id not in cited
    return best.confidence * _LESS_LIKELY ** (place + elsewhere)
