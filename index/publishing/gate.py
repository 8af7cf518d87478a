"""The quality gate: a new generation must find what the one that serves finds.

The same questions are asked of both. Where the means of the new one are lower by more than a
margin, it is not published.
"""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from index.generation.generation import Generation
from qa.errors import QuothError

DEFAULT_MARGIN = 0.05


@dataclass(frozen=True, slots=True)
class Found:
    """What a generation gave for a question: in words, and each measure of it, 0 to 1."""

    shown: str
    scores: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ComparedQuestion:
    """A question, what should have been found, and what was: by the one that serves, and now."""

    question: str
    expected: str
    before: Found
    now: Found


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two generations beside each other; the means of the `deciding` measures may not fall.

    `asked` tells where the questions come from. `totals` are (before, now), the mean of each
    measure over the questions that have it.
    """

    asked: str
    served: str
    candidate: str
    margin: float
    deciding: tuple[str, ...]
    questions: tuple[ComparedQuestion, ...]
    totals: Mapping[str, tuple[float, float]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "totals", _totals(self.questions))

    @property
    def changed(self) -> list[ComparedQuestion]:
        """The questions that found something else than before."""
        return [one for one in self.questions if one.before != one.now]

    @property
    def worse(self) -> tuple[str, ...]:
        """The deciding measures that fell by more than the margin."""
        # Means of the same numbers may differ in their last bits.
        most = self.margin + 1e-9
        return tuple(
            measure
            for measure in self.deciding
            if measure in self.totals and self.totals[measure][0] - self.totals[measure][1] > most
        )

    @property
    def passes(self) -> bool:
        """Whether the candidate may be published."""
        return not self.worse


class Gate(Protocol):
    """Asks two generations the same."""

    def compare(self, served: Generation, candidate: Generation) -> Comparison:
        """Return what both found; raises QuothError if one of them cannot be asked."""
        ...


class QualityGateError(QuothError):
    """A new generation answers worse than the one that serves; it is kept aside."""

    def __init__(self, comparison: Comparison, index_dir: Path, aside: Path) -> None:
        self.comparison, self.aside = comparison, aside
        fell = ", ".join(
            f"{measure} from {comparison.totals[measure][0]:.3f} to "
            f"{comparison.totals[measure][1]:.3f}"
            for measure in comparison.worse
        )
        super().__init__(
            f"the new generation was not published, and what served goes on serving: over "
            f"{len(comparison.questions)} questions ({comparison.asked}) {fell} fell by more than "
            f"the margin of {comparison.margin:g}; it is kept aside in {aside}: look at the "
            f"questions that changed, and mend the sources or the encoder; or {ways_on(index_dir)}"
        )


def ways_on(index_dir: Path) -> str:
    """Return what can be done with a generation that was refused, command by command."""
    place = shlex.quote(str(index_dir))
    return (
        f"publish it all the same with: quoth gate {place} --publish, "
        f"or drop it with: quoth gate {place} --drop"
    )


def _totals(questions: Sequence[ComparedQuestion]) -> dict[str, tuple[float, float]]:
    measures = dict.fromkeys(m for one in questions for m in one.before.scores)
    totals = {}
    for measure in measures:
        pairs = [
            (one.before.scores[measure], one.now.scores[measure])
            for one in questions
            if measure in one.before.scores and measure in one.now.scores
        ]
        if pairs:
            before, now = zip(*pairs, strict=True)
            totals[measure] = (sum(before) / len(pairs), sum(now) / len(pairs))
    return totals
