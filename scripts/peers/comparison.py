"""Systems asked side by side: each question of all of them before the next."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from qa.squad_metrics import exact_match, f1
from scripts.evaluation.measures import auroc, expected_calibration_error
from scripts.peers.protocol import Answered, Ready
from scripts.performance.results import Ratio, SystemResults, Times

OURS = "quoth"
OURS_READING_ALL = "quoth-read-all"
_RESAMPLES = 2_000


class Answering(Protocol):
    """A system that has been set up and can be asked."""

    ready: Ready

    def answer(self, question: str) -> Answered:
        """Answer one question."""
        ...

    def resident_mib(self) -> int:
        """Return the memory that it holds, in MiB."""
        ...


@dataclass(frozen=True, slots=True)
class PeerQuestion:
    """A question with its right answers, and whether the passages hold its article."""

    text: str
    references: tuple[str, ...]
    answerable: bool


def ask_in_turn(
    systems: Mapping[str, Answering],
    questions: Sequence[PeerQuestion],
    *,
    on_question: Callable[[], None],
    pause_s: float = 0.05,
) -> dict[str, list[Answered]]:
    """Return each system's answers; the order of the systems rotates from question to question.

    After each answer there is a pause, in which threads that still wait for work fall asleep.
    """
    names = list(systems)
    answers: dict[str, list[Answered]] = {name: [] for name in names}
    for number, question in enumerate(questions):
        shift = number % len(names)
        for name in names[shift:] + names[:shift]:
            answers[name].append(systems[name].answer(question.text))
            time.sleep(pause_s)
        on_question()
    return answers


def score_system(
    name: str,
    system: Answering,
    answers: Mapping[str, Sequence[Answered]],
    questions: Sequence[PeerQuestion],
) -> SystemResults:
    """Return the times, quality and honesty of one system; its peers' times are in `answers`."""
    own = answers[name]
    pairs = list(zip(own, questions, strict=True))
    held = [(answer.text, one.references) for answer, one in pairs if one.answerable]
    right = [
        one.answerable and exact_match(answer.text, one.references) == 1.0 for answer, one in pairs
    ]
    return SystemResults(
        name=name,
        versions=system.ready.versions,
        configuration=tuple(system.ready.configuration),
        prepare_s=round(system.ready.prepare_s, 1),
        resident_mib=system.resident_mib(),
        whole=Times.of([answer.milliseconds for answer in own]),
        times_of_quoth=_times_of(OURS, name, answers),
        times_of_quoth_reading_all=_times_of(OURS_READING_ALL, name, answers),
        passages_read=_mean_read(own),
        em=round(100 * float(np.mean([exact_match(*pair) for pair in held])), 2),
        f1=round(100 * float(np.mean([f1(*pair) for pair in held])), 2),
        auroc=round(auroc([q.answerable for q in questions], [a.answerable for a in own]), 4),
        calibration_error=round(
            expected_calibration_error([answer.confidence for answer in own], right), 4
        ),
    )


def _times_of(other: str, name: str, answers: Mapping[str, Sequence[Answered]]) -> Ratio | None:
    if other == name or other not in answers:
        return None
    return time_ratio(answers[name], answers[other])


def _mean_read(answers: Sequence[Answered]) -> float | None:
    read = [one.passages_read for one in answers if one.passages_read is not None]
    return round(float(np.mean(read)), 2) if read else None


def time_ratio(theirs: Sequence[Answered], ours: Sequence[Answered]) -> Ratio:
    """Return the median over the questions of their time over ours, with its bootstrap range."""
    ratios = np.array(
        [one.milliseconds / other.milliseconds for one, other in zip(theirs, ours, strict=True)]
    )
    generator = np.random.default_rng(0)
    drawn = generator.integers(0, len(ratios), (_RESAMPLES, len(ratios)))
    low, high = np.percentile(np.median(ratios[drawn], axis=1), [2.5, 97.5])
    return Ratio(
        median=round(float(np.median(ratios)), 3),
        low=round(float(low), 3),
        high=round(float(high), 3),
    )
