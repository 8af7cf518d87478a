"""How far a count of questions is, on a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress


@contextmanager
def counted(label: str, total: int) -> Iterator[Callable[[], None]]:
    """Show a bar; the function that is yielded moves it by one."""
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(label, total=total)
        yield lambda: progress.advance(task)
