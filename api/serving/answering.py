"""Answering many clients: each different question once, one after the other, first come first."""

import time
from dataclasses import dataclass, replace

import structlog
from anyio import CapacityLimiter, to_thread

from api.metrics import count_kept, count_read
from api.recent import Recent
from api.serving.seen import note_shown
from qa.answers import Outcome
from qa.ask import QuestionRoad
from qa.question import Question

_log = structlog.get_logger("quoth")


class AnswerCache:
    """The outcomes of the questions that were asked last, of one generation.

    A generation never changes, so an outcome stays true as long as it serves. What a time budget
    cut short is not kept.
    """

    def __init__(self, size: int = 256) -> None:
        """Keep at most `size` outcomes."""
        self._outcomes: Recent[Question, Outcome] = Recent(size)

    def find(self, question: Question) -> Outcome | None:
        """Return the outcome of the same question, if it is kept."""
        return self._outcomes.find(_key(question))

    def keep(self, question: Question, outcome: Outcome) -> None:
        """Keep an outcome, and let the one go that was not asked for the longest time."""
        if outcome.degraded is None:
            self._outcomes.keep(_key(question), outcome)


@dataclass(frozen=True, slots=True)
class Answered:
    """An outcome, and whether it was known already."""

    outcome: Outcome
    cached: bool


async def answer(
    question: Question, road: QuestionRoad, cache: AnswerCache, turns: CapacityLimiter
) -> Answered:
    """Return the outcome of a question, from the cache or, when its turn comes, from the road.

    The reader uses every core for one question, so that reading two at a time would only make
    both wait. The event loop is never blocked, and waiting counts against the time budget.

    The log has what took how long, and nothing of what was asked.
    """
    began = time.perf_counter()
    known = cache.find(question)
    if known is None:
        async with turns:
            # Whoever had the turn before may have asked the same.
            known = cache.find(question)
            if known is None:
                waited_ms = 1000 * (time.perf_counter() - began)
                outcome = await to_thread.run_sync(road.ask, _after_waiting(question, waited_ms))
                cache.keep(question, outcome)
                spent = {f"{stage}_ms": round(ms, 1) for stage, ms in outcome.timings_ms.items()}
                _log.info("answered", waited_ms=round(waited_ms, 1), **spent)
                count_read(outcome, waited_ms=waited_ms)
                note_shown(outcome.article_ids())
                return Answered(outcome, cached=False)
    count_kept(known)
    note_shown(known.article_ids())
    return Answered(replace(known, timings_ms=_timings(began, known)), cached=True)


def _key(question: Question) -> Question:
    return replace(question, time_budget_ms=None)


def _after_waiting(question: Question, waited_ms: float) -> Question:
    if question.time_budget_ms is None:
        return question
    return replace(question, time_budget_ms=max(1.0, question.time_budget_ms - waited_ms))


def _timings(began: float, known: Outcome) -> dict[str, float]:
    """Return the timings of an answer from the cache: no step took any time."""
    return dict.fromkeys(known.timings_ms, 0.0) | {"total": 1000 * (time.perf_counter() - began)}
