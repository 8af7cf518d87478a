"""How far a build is, on a terminal: a bar for each of its stages."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from index.build import Progress as BuildProgress
from index.build import Silent

_STAGES = {
    "read": ("reading files", "files/s"),
    "split": ("splitting articles", "articles/s"),
    "keywords": ("indexing keywords", "passages/s"),
    "encode": ("encoding passages", "passages/s"),
    "vectors": ("indexing vectors", "vectors/s"),
}


class Bars:
    """One bar a stage: how much is done, at which rate, and how long it still takes."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def advance(self, stage: str, *, done: int, total: int | None) -> None:
        """Move the stage's bar, which appears at the first call."""
        if stage not in self._tasks:
            label, unit = _STAGES[stage]
            self._tasks[stage] = self._progress.add_task(label, total=total, unit=unit, rate="")
        task = self._progress.tasks[self._tasks[stage]]
        rate = f"{done / task.elapsed:,.0f} {task.fields['unit']}" if task.elapsed else ""
        self._progress.update(task.id, completed=done, total=total, rate=rate)


@contextmanager
def build_progress(console: Console) -> Iterator[BuildProgress]:
    """Show the stages of a build on a terminal; elsewhere show nothing."""
    if not console.is_terminal:
        yield Silent()
        return
    columns = (
        TextColumn("{task.description:<20}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as progress:
        yield Bars(progress)
