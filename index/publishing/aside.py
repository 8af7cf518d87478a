"""What is kept aside: a generation while the quality gate looks at it, and one that it refused.

The refusal is written beside the generation, so that an operator finds what was refused, when
and why, long after the run that built it has ended.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, Field, ValidationError

from index.file_names import ASIDE_NAME
from index.generation.folder_moves import put_aside, remove_aside, write_durably
from index.generation.folders import NoSuchGenerationError, aside_names
from index.generation.generation import Generation, open_aside, read_manifest
from index.generation.locks import building_lock
from index.generation.manifest import Manifest
from index.publishing.gate import Comparison, Gate, QualityGateError
from qa.errors import IndexUnavailableError

_REFUSAL_NAME = "refusal.json"
_KEPT_QUESTIONS = 20


class Means(BaseModel, extra="forbid", frozen=True):
    """The mean of one measure over the questions: of what served, and of what was refused."""

    before: float
    now: float


class ChangedQuestion(BaseModel, extra="forbid", frozen=True):
    """A question that found something else than before."""

    question: str
    expected: str
    before: str
    now: str


class Refusal(BaseModel, extra="forbid", frozen=True):
    """The comparison by which the quality gate has refused a generation."""

    refused: str = Field(description="When, in UTC.")
    served: str = Field(description="The generation that it was compared with.")
    asked: str = Field(description="Where the questions come from.")
    questions: int = Field(description="How many were asked.")
    margin: float = Field(description="By how much a mean may fall.")
    totals: dict[str, Means]
    worse: list[str] = Field(description="The measures that fell by more than the margin.")
    changed: list[ChangedQuestion] = Field(
        description=f"The first {_KEPT_QUESTIONS} questions that found something else; "
        "`quoth gate` asks all again."
    )

    @classmethod
    def of(cls, comparison: Comparison) -> "Refusal":
        """Keep of a comparison what tells why it refused."""
        return cls(
            refused=datetime.now(UTC).isoformat(timespec="seconds"),
            served=comparison.served,
            asked=comparison.asked,
            questions=len(comparison.questions),
            margin=comparison.margin,
            totals={
                measure: Means(before=before, now=now)
                for measure, (before, now) in comparison.totals.items()
            },
            worse=list(comparison.worse),
            changed=[
                ChangedQuestion(
                    question=one.question,
                    expected=one.expected,
                    before=one.before.shown,
                    now=one.now.shown,
                )
                for one in comparison.changed[:_KEPT_QUESTIONS]
            ],
        )


@dataclass(frozen=True, slots=True)
class Aside:
    """A generation that lies aside; no refusal while it is compared, or if that was cut short."""

    manifest: Manifest
    refusal: Refusal | None


def lying_aside(index_dir: Path) -> Aside | None:
    """Return what lies aside, or None; what is damaged, or removed just now, is nothing."""
    for name in aside_names(index_dir):
        folder = index_dir / ASIDE_NAME / name
        with suppress(IndexUnavailableError):
            return Aside(read_manifest(index_dir, folder), _read_refusal(folder))
    return None


def aside_named(index_dir: Path, name: str | None = None) -> Manifest:
    """Return what a generation that lies aside says of itself, the one there is unless named.

    Raises NoSuchGenerationError, or IndexUnavailableError if it is damaged.
    """
    names = aside_names(index_dir)
    if not names or name not in (None, *names):
        there = f"only {', '.join(names)}" if names else "nothing"
        raise NoSuchGenerationError(
            f"there is {there} kept aside in {index_dir}; build again with: quoth index SOURCE... "
            f"--index-dir {index_dir}"
        )
    return read_manifest(index_dir, index_dir / ASIDE_NAME / (name or names[-1]))


def compare_aside(
    index_dir: Path, written: Path, manifest: Manifest, served: Generation, gate: Gate
) -> tuple[Comparison, Path]:
    """Put what was written aside and compare it with what serves; return where it lies.

    Raises QualityGateError if it is worse; then it stays there with the refusal.
    """
    aside = put_aside(index_dir, written, manifest)
    try:
        comparison = gate.compare(served, open_aside(index_dir, manifest.generation))
        if not comparison.passes:
            content = Refusal.of(comparison).model_dump_json(indent=2)
            write_durably(aside / _REFUSAL_NAME, content)
    except BaseException:
        remove_aside(aside)
        raise
    if not comparison.passes:
        raise QualityGateError(comparison, index_dir, aside)
    return comparison, aside


def drop_aside(index_dir: Path) -> list[str]:
    """Remove what lies aside, and return its names; raises BuildInProgressError."""
    if not aside_names(index_dir):
        return []
    with building_lock(index_dir):
        names = aside_names(index_dir)
        remove_aside(index_dir / ASIDE_NAME)
    return names


def _read_refusal(folder: Path) -> Refusal | None:
    try:
        return Refusal.model_validate_json((folder / _REFUSAL_NAME).read_bytes())
    except (OSError, ValidationError):
        return None
