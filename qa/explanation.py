"""Each step of a question's road, for who wants to know why an answer was given or not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa.deciding.decide import Decision, RankedAnswer, Trace
from qa.deciding.giving import AnswerFate
from qa.reading.read import Reading, ReadingEnd
from qa.retrieval import RetrievedPassage


@dataclass(frozen=True, slots=True)
class PassageSteps:
    """A retrieved passage, as the how-manieth it was read, and what became of its candidates.

    `read_as` counts from 1 and is None where it was not read. Lists are among the candidates of
    the passage that they stand in.
    """

    found: RetrievedPassage
    read_as: int | None
    traces: tuple[Trace, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """All passages in the order of retrieval, all answers best first, and the time of each step.

    `reading_end` says why no more passages were read, `fates` of each answer whether it was given,
    or why not. `timings_ms` has milliseconds.
    """

    passages: tuple[PassageSteps, ...]
    reading_end: ReadingEnd
    ranking: tuple[RankedAnswer, ...]
    fates: tuple[AnswerFate, ...]
    timings_ms: Mapping[str, float]


def explain(
    retrieved: Sequence[RetrievedPassage],
    reading: Reading,
    decision: Decision,
    fates: Sequence[AnswerFate],
    timings_ms: Mapping[str, float],
) -> Explanation:
    """Bring together what happened to a question."""
    read_as = {
        found.passage.passage_id: number for number, (found, _) in enumerate(reading.found, start=1)
    }
    traces: dict[int, list[Trace]] = {found.passage.passage_id: [] for found in retrieved}
    for trace in decision.traces:
        traces[trace.candidate.passage.passage_id].append(trace)
    passages = tuple(
        PassageSteps(
            found, read_as.get(found.passage.passage_id), tuple(traces[found.passage.passage_id])
        )
        for found in retrieved
    )
    return Explanation(passages, reading.end, decision.ranking, tuple(fates), timings_ms)
