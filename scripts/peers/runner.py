"""A system that runs in a process and an environment of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from scripts.peers.lines import LineProcess
from scripts.peers.protocol import Answered, Ready, Setup
from scripts.performance.service import resident_mib


class Runner:
    """A running system; `ready` is what it said when it had been set up."""

    def __init__(self, process: LineProcess, setup: Setup) -> None:
        """Wait until the system is set up; raises PeerError if it ends instead."""
        self._process = process
        self.ready = Ready(**process.exchange(asdict(setup)))

    def answer(self, question: str) -> Answered:
        """Ask one question; raises PeerError if the system ends instead of answering."""
        return Answered(**self._process.exchange(question))

    def resident_mib(self) -> int:
        """Return the memory that it holds, in MiB."""
        return resident_mib(self._process.process_id)


@contextmanager
def running(python: Path, module: str, arguments: list[str], setup: Setup) -> Iterator[Runner]:
    """Run `python -m module arguments`, set it up, and end it afterwards; raises PeerError."""
    process = LineProcess(python, module, arguments)
    try:
        yield Runner(process, setup)
    finally:
        process.end()
