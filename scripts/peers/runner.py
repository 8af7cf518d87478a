"""A system that runs in a process and an environment of its own."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from qa.errors import QuothError
from scripts.peers.protocol import Answered, Ready, Setup
from scripts.performance.service import ROOT, resident_mib

# Nothing is looked up or reported elsewhere while times are taken.
_QUIET = {"HF_HUB_OFFLINE": "1", "HAYSTACK_TELEMETRY_ENABLED": "False"}
_SHOWN_CHARACTERS = 1_000


class PeerError(QuothError):
    """Another system cannot be installed, set up or asked; the message holds what it said."""


class Runner:
    """A running system; `ready` is what it said when it had been set up."""

    def __init__(self, process: subprocess.Popen[str], log: IO[str], setup: Setup) -> None:
        """Wait until the system is set up; raises PeerError if it ends instead."""
        self._process = process
        self._log = log
        self.ready = Ready(**self._exchange(asdict(setup)))

    def answer(self, question: str) -> Answered:
        """Ask one question; raises PeerError if the system ends instead of answering."""
        return Answered(**self._exchange(question))

    def resident_mib(self) -> int:
        """Return the memory that it holds, in MiB."""
        return resident_mib(self._process.pid)

    def _exchange(self, message: object) -> Mapping[str, Any]:
        questions, replies = _ends(self._process)
        with suppress(BrokenPipeError):
            questions.write(json.dumps(message) + "\n")
            questions.flush()
        reply = replies.readline()
        if not reply:
            self._log.seek(0)
            said = self._log.read()[-_SHOWN_CHARACTERS:].strip()
            raise PeerError(f"{self._process.args!s} ended instead of answering: {said}")
        found: Mapping[str, Any] = json.loads(reply)
        return found


def _ends(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    """Return what the process reads from and what it writes to."""
    if process.stdin is None or process.stdout is None:
        raise ValueError("the process has no pipes")
    return process.stdin, process.stdout


@contextmanager
def running(python: Path, module: str, arguments: list[str], setup: Setup) -> Iterator[Runner]:
    """Run `python -m module arguments`, set it up, and end it afterwards; raises PeerError."""
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as log,
        subprocess.Popen(
            [str(python), "-m", module, *arguments],
            cwd=ROOT,
            env={**os.environ, **_QUIET},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            encoding="utf-8",
        ) as process,
    ):
        try:
            yield Runner(process, log, setup)
        finally:
            process.terminate()
            # What a system that has ended did not read cannot be delivered any more.
            with suppress(BrokenPipeError):
                _ends(process)[0].close()
