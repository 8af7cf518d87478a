"""A question's road, from top to bottom: retrieve, read, decide, cite."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from qa.answers import Answer, Outcome
from qa.calibration import Calibration
from qa.cite import cite
from qa.decide import Decision, Verdict, decide
from qa.question import Question
from qa.reader import PassageSpan, Reader
from qa.retrieval import ArticleStore, RetrievedPassage, Retriever

# Small enough to look at the clock often, large enough to keep the processor busy.
_READ_AT_ONCE = 5

# Another answer that is right less than once in ten times only distracts from the first.
_LEAST_ALTERNATIVE = 0.1

ReadPassage = tuple[RetrievedPassage, list[PassageSpan]]
"""A passage with the spans that were read in it, best first."""


@dataclass(frozen=True, slots=True)
class QuestionRoad:
    """The parts that a question passes, all of one generation."""

    retriever: Retriever
    reader: Reader
    store: ArticleStore
    calibration: Calibration

    def ask(self, question: Question) -> Outcome:
        """Return the answers that the articles give, each with its source sentences."""
        began = time.perf_counter()
        text = " ".join(question.text.split())
        retrieved = self.retriever.retrieve(text, filters=question.filters, limit=question.passages)
        retrieved_at = time.perf_counter()
        deadline = None
        if question.time_budget_ms is not None:
            deadline = began + question.time_budget_ms / 1000
        found = read_passages(text, retrieved, self.reader, deadline=deadline)
        decision = decide(found, self.calibration)
        considered = tuple(self._answer(v) for v in decision.verdicts[: question.top_k])
        ended = time.perf_counter()
        return Outcome(
            question=question.text,
            answers=self._given(decision, considered, question.min_confidence),
            considered=considered,
            answerable_probability=decision.answerable_probability,
            timings_ms={
                "retrieve": 1000 * (retrieved_at - began),
                "read": 1000 * (ended - retrieved_at),
                "total": 1000 * (ended - began),
            },
            degraded=_degraded(len(found), len(retrieved)),
        )

    def _answer(self, verdict: Verdict) -> Answer:
        return Answer(
            verdict.places[0].text,
            verdict.confidence,
            tuple(cite(place, self.store) for place in verdict.places),
        )

    def _given(
        self, decision: Decision, considered: tuple[Answer, ...], min_confidence: float | None
    ) -> tuple[Answer, ...]:
        if decision.answerable_probability < self.calibration.min_answerable:
            return ()
        if min_confidence is not None:
            return tuple(a for a in considered if a.confidence >= min_confidence)
        others = (a for a in considered[1:] if a.confidence >= _LEAST_ALTERNATIVE)
        return (*considered[:1], *others)


def read_passages(
    question: str,
    retrieved: Sequence[RetrievedPassage],
    reader: Reader,
    *,
    deadline: float | None = None,
) -> list[ReadPassage]:
    """Read the passages in order, a few at a time, until all are read or time is up.

    `deadline` is a value of `time.perf_counter`; the first few are read whatever it is.
    """
    found: list[ReadPassage] = []
    while len(found) < len(retrieved):
        if found and deadline is not None and time.perf_counter() >= deadline:
            break
        batch = retrieved[len(found) : len(found) + _READ_AT_ONCE]
        spans = reader.read(question, [item.passage.text for item in batch])
        found += zip(batch, spans, strict=True)
    return found


def _degraded(read: int, retrieved: int) -> str | None:
    if read == retrieved:
        return None
    return f"the time budget allowed reading {read} of {retrieved} passages"
