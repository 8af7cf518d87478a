"""A question's road, from top to bottom: retrieve, read, decide, cite."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from qa.answers import Answer, Outcome
from qa.calibration import Calibration
from qa.citing.cite import cite
from qa.deciding.agreement import agreement
from qa.deciding.decide import RankedAnswer, decide, supporting
from qa.deciding.giving import AnswerFate, answer_fates
from qa.deciding.stopping import end_of_reading
from qa.dialogue_road import ask_in_dialogue
from qa.explanation import explain
from qa.language.corrections import without_corrections
from qa.language.mentions import unmentioned
from qa.language.question_kind import question_kind
from qa.newest import newest_first
from qa.notes import note_on
from qa.question import Question
from qa.reading.promise import by_promise
from qa.reading.read import Reading, ReadingEnd, read_passages
from qa.reading.reader import Reader
from qa.reading.table_reading import is_found_by_comparing, with_named_cells
from qa.retrieval import ArticleStore, RetrievedPassage, Retriever


@dataclass(frozen=True, slots=True)
class QuestionRoad:
    """The parts that a question passes, all of one generation."""

    retriever: Retriever
    reader: Reader
    store: ArticleStore
    calibration: Calibration

    def ask(self, question: Question, said: Sequence[str] = ()) -> Outcome:
        """Return the answers that the articles give, each with its source sentences.

        `asked` has what was meant where the speaker corrects themselves, and the spelling of the
        articles where a word is misspelt. What was `said` before is not given again.
        """
        meant = without_corrections(question.text)
        if meant != question.text:
            outcome = self.ask(replace(question, text=meant), said)
            return replace(outcome, question=question.text, asked=outcome.asked or meant)
        if question.history:
            return ask_in_dialogue(question, ask=self.ask, retriever=self.retriever)
        return self._ask_alone(question, said)

    def _ask_alone(self, question: Question, said: Sequence[str]) -> Outcome:
        steps = _StepTimes()
        typed, filters = " ".join(question.text.split()), question.filters
        retrieval = self.retriever.retrieve(typed, filters=filters, limit=question.passages)
        text, retrieved = retrieval.asked, retrieval.passages
        steps.end("retrieve")
        reading = self._read(text, retrieved, _deadline(question, steps.began))
        steps.end("read")
        kind = question_kind(text)
        decision = decide(reading.found, self.calibration, question=text)
        fates = answer_fates(decision, question, kind, self.calibration, said=said)
        steps.end("decide")
        new = [
            (ranked, fate)
            for ranked, fate in zip(decision.ranking, fates, strict=True)
            if fate is not AnswerFate.SAID_BEFORE
        ]
        best = [
            (ranked, self._answer(ranked, text), fate) for ranked, fate in new[: question.top_k]
        ]
        given = [(ranked, answer) for ranked, answer, fate in best if fate is AnswerFate.GIVEN]
        answers = newest_first(given, text)
        missing = () if answers or not reading.found else _unmentioned(text, reading)
        note = note_on(
            kind,
            missing,
            is_filtered_out=not (retrieved or filters.is_empty),
            is_compared=_is_compared(text, given),
        )
        steps.end("cite")
        return Outcome(
            question=question.text,
            answers=answers,
            considered=tuple(answer for _, answer, _ in best),
            answerable_probability=decision.answerable_probability,
            timings_ms=_timings(steps.ms),
            degraded=_degraded(len(reading.found), len(retrieved), reading.end),
            agreement=agreement([ranked for ranked, _ in new], text) if answers else None,
            explanation=explain(retrieved, reading, decision, fates, steps.ms),
            asked=None if text == typed else text,
            note=note.text if note else None,
            note_kind=note.kind if note else None,
            unmentioned=missing,
        )

    def _read(
        self, text: str, retrieved: Sequence[RetrievedPassage], deadline: float | None
    ) -> Reading:
        return read_passages(
            text,
            by_promise(with_named_cells(text, retrieved), self.calibration),
            self.reader,
            may_end=partial(end_of_reading, calibration=self.calibration, question=text),
            deadline=deadline,
        )

    def _answer(self, ranked: RankedAnswer, question: str) -> Answer:
        return Answer(
            ranked.places[0].text,
            ranked.confidence,
            tuple(cite(place, self.store, question=question) for place in supporting(ranked)),
        )


class _StepTimes:
    """When the first step began, and the milliseconds that each took."""

    def __init__(self) -> None:
        self.began = self._step_began = time.perf_counter()
        self.ms: dict[str, float] = {}

    def end(self, step: str) -> None:
        """Note how long the step took that ends now; the next one begins."""
        now = time.perf_counter()
        self.ms[step] = 1000 * (now - self._step_began)
        self._step_began = now


def _timings(steps_ms: Mapping[str, float]) -> dict[str, float]:
    """Return what every response tells of the steps: all behind retrieving is "read"."""
    retrieve, total = steps_ms["retrieve"], sum(steps_ms.values())
    return {"retrieve": retrieve, "read": total - retrieve, "total": total}


def _unmentioned(question: str, reading: Reading) -> tuple[str, ...]:
    """Return what the question names and nothing that was read does."""
    read = "\n".join(found.passage.with_heading for found, _ in reading.found)
    missing = unmentioned(question, read)
    return (*missing.names, *missing.name_words, *missing.numbers)


def _is_compared(question: str, given: Sequence[tuple[RankedAnswer, Answer]]) -> bool:
    """Return whether an answer was found by comparing a table's column."""
    places = [ranked.places[0] for ranked, _ in given]
    return any(
        is_found_by_comparing(question, place.passage, place.start, place.end) for place in places
    )


def _deadline(question: Question, began: float) -> float | None:
    if question.time_budget_ms is None:
        return None
    return began + question.time_budget_ms / 1000


def _degraded(read: int, retrieved: int, end: ReadingEnd) -> str | None:
    if end is not ReadingEnd.TIME:
        return None
    return f"the time budget allowed reading {read} of {retrieved} passages"
