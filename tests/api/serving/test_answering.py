"""The answer cache and the turns that questions take."""

import threading
import time
from dataclasses import dataclass, field

import anyio
import pytest
from anyio import CapacityLimiter

from api.serving.answering import AnswerCache, answer
from qa.answers import Outcome
from qa.ask import QuestionRoad
from qa.filters import Filters
from qa.question import Question


def outcome(question: Question, *, degraded: str | None = None) -> Outcome:
    timings = {"retrieve": 1.0, "read": 2.0, "total": 3.0}
    return Outcome(question.text, (), (), 0.1, timings, degraded)


@dataclass
class SlowRoad:
    """Notes what it is asked and how many questions it answers at once."""

    seconds: float = 0.0
    asked: list[Question] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, question: Question) -> Outcome:
        with self.lock:
            self.asked.append(question)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        time.sleep(self.seconds)
        with self.lock:
            self.at_once -= 1
        return outcome(question, degraded="cut" if question.text == "cut" else None)


def ask(
    questions: list[Question], road: SlowRoad, cache: AnswerCache, *, apart: float = 0.0
) -> list[bool]:
    """Ask the questions one shortly after the other; returns whether each was known."""
    known: dict[int, bool] = {}

    async def one(number: int, question: Question, turns: CapacityLimiter) -> None:
        found = await answer(question, road, cache, turns)  # type: ignore[arg-type]
        assert found.outcome.question == question.text
        known[number] = found.cached

    async def everything() -> None:
        turns = CapacityLimiter(1)
        async with anyio.create_task_group() as tasks:
            for number, question in enumerate(questions):
                tasks.start_soon(one, number, question, turns)
                await anyio.sleep(apart)

    anyio.run(everything)
    return [known[number] for number in range(len(questions))]


def test_the_same_question_is_answered_once() -> None:
    road, cache = SlowRoad(), AnswerCache()
    assert ask([Question("Who?")], road, cache) == [False]
    assert ask([Question("Who?"), Question("When?")], road, cache) == [True, False]
    assert [question.text for question in road.asked] == ["Who?", "When?"]


def test_the_same_question_asked_by_many_at_the_same_moment_is_read_once() -> None:
    road = SlowRoad(seconds=0.05)
    assert ask([Question("Who?")] * 3, road, AnswerCache()) == [False, True, True]
    assert road.asked == [Question("Who?")]


@pytest.mark.parametrize(
    "other",
    [
        Question("Who"),
        Question("Who?", top_k=1),
        Question("Who?", passages=7),
        Question("Who?", filters=Filters(source="news")),
        Question("Who?", min_confidence=0.5),
    ],
)
def test_a_question_that_differs_in_anything_is_another_question(other: Question) -> None:
    road, cache = SlowRoad(), AnswerCache()
    assert ask([Question("Who?")], road, cache) == [False]
    assert ask([other], road, cache) == [False]


def test_an_outcome_that_a_time_budget_cut_short_is_not_kept() -> None:
    road, cache = SlowRoad(), AnswerCache()
    cut = Question("cut", time_budget_ms=5)
    assert ask([cut], road, cache) == ask([cut], road, cache) == [False]


def test_a_whole_outcome_also_serves_a_question_in_a_hurry() -> None:
    road, cache = SlowRoad(), AnswerCache()
    assert ask([Question("Who?")], road, cache) == [False]
    assert ask([Question("Who?", time_budget_ms=5)], road, cache) == [True]


def test_what_was_not_asked_for_the_longest_time_is_let_go() -> None:
    road, cache = SlowRoad(), AnswerCache(size=2)
    first, second, third = Question("1"), Question("2"), Question("3")
    ask([first], road, cache)
    ask([second], road, cache)
    assert ask([first], road, cache) == [True]
    ask([third], road, cache)
    assert ask([first], road, cache) == [True]
    assert ask([second], road, cache) == [False]


def test_a_known_answer_took_no_time_to_read() -> None:
    cache = AnswerCache()
    cache.keep(Question("Who?"), outcome(Question("Who?")))

    async def known() -> Outcome:
        found = await answer(Question("Who?"), SlowRoad(), cache, CapacityLimiter(1))  # type: ignore[arg-type]
        return found.outcome

    timings = anyio.run(known).timings_ms
    assert (timings["retrieve"], timings["read"]) == (0.0, 0.0)
    assert 0 < timings["total"] < 1_000


def test_questions_take_turns_in_the_order_in_which_they_came() -> None:
    road = SlowRoad(seconds=0.02)
    questions = [Question(str(number)) for number in range(6)]
    ask(questions, road, AnswerCache(), apart=0.002)
    assert road.most_at_once == 1
    assert road.asked == questions


def test_waiting_counts_against_the_time_budget() -> None:
    road = SlowRoad(seconds=0.1)
    patient, hurried = Question("patient"), Question("hurried", time_budget_ms=1_000)
    ask([patient, hurried], road, AnswerCache(), apart=0.01)
    left = road.asked[1].time_budget_ms
    assert left is not None
    assert 500 < left < 950


def test_a_road_that_fails_leaves_the_turn_to_the_next() -> None:
    class Failing(SlowRoad):
        def ask(self, question: Question) -> Outcome:
            raise RuntimeError("no")

    async def both() -> None:
        turns = CapacityLimiter(1)
        failing: QuestionRoad = Failing()  # type: ignore[assignment]
        with pytest.raises(RuntimeError, match="no"):
            await answer(Question("Who?"), failing, AnswerCache(), turns)
        found = await answer(Question("Who?"), SlowRoad(), AnswerCache(), turns)  # type: ignore[arg-type]
        assert not found.cached

    anyio.run(both)
