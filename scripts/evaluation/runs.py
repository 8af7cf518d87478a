"""Runs of an evaluation: what was measured on what, kept in a file, and compared with another."""

from collections.abc import Mapping
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ValidationError

from qa.errors import QuothError
from scripts.evaluation.measures import Interval, paired_bootstrap

Summary = dict[str, bool | int | float]
"""Figures by name: percentages for `em`, `f1` and `recall`, else shares, or milliseconds."""


class RunError(QuothError):
    """A run's file cannot be read, or was not measured on the same questions."""


class QuestionScores(BaseModel, extra="forbid", frozen=True):
    """What one question scored, 0 to 1, and what was answered."""

    answer: str
    em: float
    f1: float


class Run(BaseModel, extra="forbid", frozen=True):
    """One evaluation: how it was asked for, its figures, and each question's scores by its id."""

    task: str
    command: str
    reader_sha256: str
    summary: Summary
    groups: dict[str, Summary] = {}
    questions: dict[str, QuestionScores] = {}

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a run that `--out` has written; raises RunError."""
        try:
            return cls.model_validate_json(path.read_bytes())
        except OSError as error:
            raise RunError(f"cannot read {path}: {error.strerror}") from error
        except ValidationError as error:
            raise RunError(
                f"{path} is not a run: {error.errors()[0]['msg']}; write one with --out"
            ) from error

    def save(self, path: Path) -> None:
        """Write the run to a file, from which `--compare` reads it; raises RunError."""
        try:
            path.write_text(self.model_dump_json() + "\n", encoding="utf-8")
        except OSError as error:
            raise RunError(f"cannot write {path}: {error.strerror}") from error

    def line(self) -> dict[str, object]:
        """Return the run without its questions, `em` and `f1` at the top: what is printed last."""
        return {
            "task": self.task,
            "command": self.command,
            **self.summary,
            **self.groups,
            "reader_sha256": self.reader_sha256,
        }


def check_same_task(before: Run, task: str) -> None:
    """Raise RunError if a run is of another task."""
    if before.task != task:
        raise RunError(f"the run to compare with is of {before.task!r}, not {task!r}")


def compare(before: Run, after: Run) -> Mapping[str, Interval]:
    """Return how EM and F1 (in percent) changed over the questions that both runs asked.

    Raises RunError if they share no question or are of different tasks.
    """
    check_same_task(before, after.task)
    shared = [name for name in after.questions if name in before.questions]
    if not shared:
        raise RunError("the run to compare with shares no question with this one")
    return {
        measure: paired_bootstrap(
            [100 * getattr(before.questions[name], measure) for name in shared],
            [100 * getattr(after.questions[name], measure) for name in shared],
        )
        for measure in ("em", "f1")
    }
