"""A program that is spoken to in JSON lines, in a process and an environment of its own."""

import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from qa.errors import QuothError
from scripts.performance.service import ROOT

# Nothing is looked up or reported elsewhere while times are taken.
_QUIET = {"HF_HUB_OFFLINE": "1", "HAYSTACK_TELEMETRY_ENABLED": "False"}
_SHOWN_CHARACTERS = 1_000


class PeerError(QuothError):
    """Another system cannot be installed, set up or asked; the message holds what it said."""


class LineProcess:
    """`python -m module arguments`, from the root of the repository; ended by `end`."""

    def __init__(self, python: Path, module: str, arguments: Sequence[str] = ()) -> None:
        # Open as long as the process is.
        self._log: IO[str] = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115
        self._process = subprocess.Popen(
            [str(python), "-m", module, *arguments],
            cwd=ROOT,
            env={**os.environ, **_QUIET},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            encoding="utf-8",
        )

    @property
    def process_id(self) -> int:
        """The process's number."""
        return self._process.pid

    def exchange(self, message: object) -> Any:
        """Write one message and return the reply; raises PeerError if it ends instead."""
        questions, replies = self._ends()
        with suppress(BrokenPipeError):
            questions.write(json.dumps(message) + "\n")
            questions.flush()
        reply = replies.readline()
        if not reply.endswith("\n"):
            raise PeerError(f"{self._process.args!s} ended instead of answering: {self._said()}")
        return json.loads(reply)

    def finish(self) -> None:
        """Close its input and wait; raises PeerError if it fails to end well."""
        self._ends()[0].close()
        code = self._process.wait()
        said = self._said()
        self.end()
        if code:
            raise PeerError(f"{self._process.args!s} ended with {code}: {said}")

    def kill(self) -> None:
        """Send SIGKILL; may be called from another thread than the one that exchanges."""
        self._process.kill()

    def end(self) -> None:
        """End the process, if it has not ended, and let go of its pipes."""
        self._process.terminate()
        for end in self._ends():
            # What a system that has ended did not read cannot be delivered any more.
            with suppress(BrokenPipeError):
                end.close()
        self._process.wait()
        self._log.close()

    def _ends(self) -> tuple[IO[str], IO[str]]:
        """Return what the process reads from and what it writes to."""
        if self._process.stdin is None or self._process.stdout is None:
            raise ValueError("the process has no pipes")
        return self._process.stdin, self._process.stdout

    def _said(self) -> str:
        self._process.wait()
        self._log.seek(0)
        return self._log.read()[-_SHOWN_CHARACTERS:].strip()
