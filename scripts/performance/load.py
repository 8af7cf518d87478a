"""Loads: clients that wait for their answers, and questions that arrive at a rate."""

import itertools
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal

import httpx

from scripts.performance.numbering import numbered
from scripts.performance.results import Load, Times
from scripts.performance.service import BenchmarkError

_TIMEOUT_S = 120
# So many questions may be under way at once; one that is due later waits, and its time counts.
_MOST_UNDER_WAY = 64


@dataclass(frozen=True, slots=True)
class Reply:
    """One answered question: its milliseconds, those of each stage, and the response's body."""

    milliseconds: float
    stages: Mapping[str, float]
    body: Mapping[str, Any]

    def counted_from(self, due: float, *, ended: float) -> "Reply":
        """Return the same reply with its time counted from when it was due, in seconds."""
        return Reply(1000 * (ended - due), self.stages, self.body)


Ask = Callable[[str], Reply]


def over_http(
    http: httpx.Client, numbers: Iterator[int], *, passages: int, explain: bool = False
) -> Ask:
    """Return what asks the service one question; `passages` are read for each.

    The service keeps the answers to the last questions, and a benchmark asks the same ones again:
    each carries its own of the `numbers` as white space at its end, which changes nothing else.
    The result raises BenchmarkError if an answer was kept all the same.
    """

    def ask(question: str) -> Reply:
        began = time.perf_counter()
        text = numbered(question, next(numbers))
        body = {"question": text, "passages": passages, "explain": explain}
        response = http.post("/v1/ask", json=body, timeout=_TIMEOUT_S).raise_for_status().json()
        spent = 1000 * (time.perf_counter() - began)
        if response.get("cached"):
            raise BenchmarkError("an answer came from the cache; benchmarks must not measure that")
        stages = dict(response["timings_ms"])
        within = stages.pop("total")
        return Reply(spent, {**stages, "http": spent - within}, response)

    return ask


def closed_loop(ask: Ask, questions: Sequence[str], *, clients: int) -> Load:
    """Let `clients` take the questions from one queue, each its next one when it has an answer."""
    queue = _Shared(iter(questions))

    def run(_: int) -> list[Reply]:
        return [ask(question) for question in queue]

    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        replies = list(itertools.chain.from_iterable(pool.map(run, range(clients))))
    elapsed = time.perf_counter() - began
    return summarise(replies, arrivals="closed", elapsed_s=elapsed, clients=clients)


def open_loop(
    ask: Ask,
    questions: Sequence[str],
    *,
    rate_per_s: float,
    arrivals: Literal["poisson", "fixed"],
) -> Load:
    """Let the questions arrive at a rate; a question's time counts from when it was due.

    Counting from when it was sent would leave out what it waited for others (Tene 2015,
    "coordinated omission").
    """
    due = due_times(len(questions), rate_per_s=rate_per_s, arrivals=arrivals)
    began = time.perf_counter()

    def run(question: str, due_s: float) -> Reply:
        reply = ask(question)
        return reply.counted_from(began + due_s, ended=time.perf_counter())

    with ThreadPoolExecutor(_MOST_UNDER_WAY) as pool:
        running = []
        for question, due_s in zip(questions, due, strict=True):
            time.sleep(max(0.0, began + due_s - time.perf_counter()))
            running.append(pool.submit(run, question, due_s))
        replies = [future.result() for future in running]
    elapsed = time.perf_counter() - began
    return summarise(replies, arrivals=arrivals, elapsed_s=elapsed, rate_per_s=rate_per_s)


def due_times(
    count: int, *, rate_per_s: float, arrivals: Literal["poisson", "fixed"]
) -> list[float]:
    """Return when each question is due, in seconds from the beginning, the first at 0."""
    generator = random.Random(0)
    gaps = (
        1 / rate_per_s if arrivals == "fixed" else generator.expovariate(rate_per_s)
        for _ in range(count - 1)
    )
    return list(itertools.accumulate(gaps, initial=0.0))


def summarise(
    replies: Sequence[Reply],
    *,
    arrivals: Literal["closed", "poisson", "fixed"],
    elapsed_s: float,
    clients: int | None = None,
    rate_per_s: float | None = None,
) -> Load:
    """Return what clients saw, as a whole and by stage."""
    return Load(
        arrivals=arrivals,
        clients=clients,
        rate_per_s=rate_per_s,
        questions=len(replies),
        questions_per_s=round(len(replies) / elapsed_s, 2),
        whole=Times.of([reply.milliseconds for reply in replies]),
        stages=stage_times(replies),
    )


def stage_times(replies: Sequence[Reply]) -> dict[str, Times]:
    """Return the times of each stage, in the order in which a question passes them."""
    return {
        stage: Times.of([reply.stages[stage] for reply in replies]) for stage in replies[0].stages
    }


class _Shared:
    """An iterator that several threads may take from."""

    def __init__(self, items: Iterator[str]) -> None:
        self._items = items
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        with self._lock:
            return next(self._items)
