"""What a run of the article's road did."""

from dataclasses import dataclass
from enum import StrEnum

from index.publishing.gate import Comparison
from index.sources import Skipped


class Mode(StrEnum):
    """What the sources are to the index."""

    REBUILD = "rebuild"
    """All it holds; everything is built anew."""
    SYNC = "sync"
    """All it holds; only what differs is built."""
    ADD = "add"
    """More, or newer: nothing leaves the index."""

    @property
    def removes_others(self) -> bool:
        """Whether what the sources do not hold leaves the index."""
        return self is not Mode.ADD


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a run did; `seconds` in all and by stage, `size` in bytes of the generation.

    Without changes `generation` is the one that serves, with a dry run too; None if none does.
    `encoded` and `reused` count passages whose vectors were computed, or known before. `gate` is
    what the quality gate has found, if it was asked; `vectors` says how dense search works.
    `refused` says why a run that is no dry one would change nothing.
    """

    mode: Mode
    dry_run: bool
    generation: str | None
    articles: int
    sentences: int
    passages: int
    added: int
    changed: int
    removed: int
    unchanged: int
    removed_ids: tuple[str, ...]
    encoded: int
    reused: int
    skipped: tuple[Skipped, ...]
    seconds: float
    stage_seconds: dict[str, float]
    size: int
    gate: Comparison | None = None
    vectors: str | None = None
    refused: str | None = None
