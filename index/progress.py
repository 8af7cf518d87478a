"""How far a build is, for whoever watches it."""

from typing import Protocol


class Progress(Protocol):
    """Is told how far the work is."""

    def advance(self, stage: str, *, done: int, total: int | None) -> None:
        """Say that `done` of `total` (None: not known yet) items of a stage are finished."""
        ...


class Silent:
    """Progress that nobody watches."""

    def advance(self, stage: str, *, done: int, total: int | None) -> None:
        """Do nothing."""
