"""`quoth ask` without a question: a prompt on a real terminal, lines on a pipe."""

import fcntl
import json
import math
import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from api.responses import AskResponse

QUOTH = str(Path(sys.executable).with_name("quoth"))
QUESTION = "Who is the longtime dictator of Belarus?"
# No test waits this long unless it is about to fail.
PATIENCE_S = 120.0
PRESS_AGAIN_AFTER_S = 3.0
pytestmark = pytest.mark.usefixtures("no_settings_from_outside")


def ask_lines(index_dir: Path, lines: bytes, *options: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [QUOTH, "ask", "--index-dir", str(index_dir), *options],
        input=lines,
        capture_output=True,
        check=False,
    )


def test_each_line_of_a_pipe_is_a_question(index_dir: Path) -> None:
    ran = ask_lines(index_dir, f"{QUESTION}\n\nWho wrote Hamlet?\r\n".encode(), "--json")
    assert ran.returncode == 0, ran.stderr
    responses = [AskResponse.model_validate_json(line) for line in ran.stdout.splitlines()]
    assert [response.question for response in responses] == [QUESTION, "Who wrote Hamlet?"]
    assert [response.answered for response in responses] == [True, False]


def test_a_byte_order_mark_is_no_part_of_the_first_question(index_dir: Path) -> None:
    ran = ask_lines(index_dir, b"\xef\xbb\xbf" + QUESTION.encode(), "--json")
    assert AskResponse.model_validate_json(ran.stdout).question == QUESTION


def test_a_line_that_cannot_be_asked_is_told_and_the_others_are_answered(index_dir: Path) -> None:
    ran = ask_lines(index_dir, b"a\0b\n\xff?\n" + QUESTION.encode() + b"\n")
    assert ran.returncode == 2
    first, second = ran.stderr.decode().splitlines()
    assert first.startswith("error: line 1: question: has the control character U+0000")
    assert second.startswith("error: line 2: question: has the lone surrogate")
    assert "Alexander Lukashenko" in ran.stdout.decode()


def test_nothing_on_the_pipe_asks_nothing(index_dir: Path) -> None:
    ran = ask_lines(index_dir, b"")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b"")


def _take_terminal(side: int) -> None:
    """Let Ctrl-C interrupt, as on a person's terminal: what runs in the background ignores it."""
    fcntl.ioctl(side, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Terminal:
    """A program on a terminal of its own, which is typed into and read from."""

    def __init__(self, *command: str) -> None:
        self._side, other = pty.openpty()
        environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
        self.process = subprocess.Popen(
            command,
            stdin=other,
            stdout=other,
            stderr=other,
            env=environment,
            start_new_session=True,
            preexec_fn=lambda: _take_terminal(other),
        )
        os.close(other)
        self._shown = ""

    def type(self, keys: str) -> None:
        os.write(self._side, keys.encode())

    def wait_for(self, text: str) -> str:
        """Return what was shown until `text`, which must come; what is behind it is kept."""
        deadline = time.monotonic() + PATIENCE_S
        while text not in self._shown:
            assert time.monotonic() < deadline, f"{text!r} did not come: {self._shown}"
            self._read(wait_s=0.1)
        before, _, self._shown = self._shown.partition(text)
        return before

    def interrupt_until(self, text: str) -> None:
        """Press Ctrl-C until `text` comes: Python misses one that comes while it echoes a key."""
        deadline = time.monotonic() + PATIENCE_S
        pressed_at = -math.inf
        while text not in self._shown and time.monotonic() < deadline:
            if time.monotonic() - pressed_at > PRESS_AGAIN_AFTER_S:
                self.type("\x03")
                pressed_at = time.monotonic()
            self._read(wait_s=0.1)
        self.wait_for(text)

    def _read(self, *, wait_s: float) -> None:
        if select.select([self._side], [], [], wait_s)[0]:
            raw = os.read(self._side, 65_536).decode(errors="replace")
            self._shown += re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", raw)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._side)


def test_a_terminal_gets_a_prompt_that_remembers_until_ctrl_d(index_dir: Path) -> None:
    terminal = Terminal(QUOTH, "ask", "--index-dir", str(index_dir), "--top-k", "1")
    try:
        terminal.wait_for("Ctrl-D ends.")
        terminal.wait_for("? ")
        terminal.type(f"{QUESTION}\r")
        terminal.wait_for("Alexander Lukashenko")
        terminal.wait_for("answer 925–945")
        terminal.wait_for("? ")
        terminal.type("  \r")
        terminal.wait_for("? ")
        terminal.type("half a quest")
        terminal.wait_for("half a quest")
        terminal.interrupt_until("? ")
        terminal.type("Who wrote Hamlet?\r")
        terminal.wait_for("The articles do not answer this")
        terminal.wait_for("? ")
        # Up to the first line: white space was a line too, what Ctrl-C dropped was none.
        terminal.type("\x1b[A\x1b[A\x1b[A\r")
        terminal.wait_for("Alexander Lukashenko")
        terminal.wait_for("answer 925–945")
        terminal.wait_for("? ")
        terminal.type("\x04")
        assert terminal.process.wait(timeout=PATIENCE_S) == 0
    finally:
        terminal.close()


def test_json_at_a_prompt_is_one_object_a_line(index_dir: Path) -> None:
    terminal = Terminal(QUOTH, "ask", "--index-dir", str(index_dir), "--json")
    try:
        terminal.wait_for("Ctrl-D ends.")
        terminal.wait_for("? ")
        terminal.type(f"{QUESTION}\r")
        terminal.wait_for('{"question"')
        shown = terminal.wait_for("\n")
        assert json.loads('{"question"' + shown)["answered"] is True
        terminal.wait_for("? ")
        terminal.type("\x04")
        assert terminal.process.wait(timeout=PATIENCE_S) == 0
    finally:
        terminal.close()
