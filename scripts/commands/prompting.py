"""What `quoth ask` does: asks one question, or those of a prompt, or those of standard input."""

import contextlib
import io
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.text import Text

from api.responses import AskResponse
from api.settings import Settings
from qa.errors import InvalidQuestionError
from qa.question import Question
from scripts.command_line.open_index import ask, open_index
from scripts.command_line.print_response import print_response

Ask = Callable[[Question], AskResponse]
Show = Callable[[AskResponse], None]
_PROMPT = "? "


def run_asking(
    question: Question, index_dir: Path, settings: Settings, *, given: bool, as_json: bool
) -> int:
    """Ask and print; returns the exit code. Raises QuothError.

    Where no question is `given`, `question` has the options of those that will be: from a prompt
    on a terminal, else one a line from standard input.
    """
    serving = open_index(index_dir, settings)
    console = Console(highlight=False)

    def show(response: AskResponse) -> None:
        if as_json:
            print(response.model_dump_json(indent=2 if given else None), flush=True)
        else:
            print_response(response, console)

    def answer(asked: Question) -> AskResponse:
        return ask(asked, serving)

    if given:
        show(answer(question))
        return 0
    if sys.stdin.isatty() and sys.stdout.isatty():
        ask_at_prompt(question, answer, show, console)
        return 0
    if isinstance(sys.stdin, io.TextIOWrapper):
        # What is no UTF-8 is refused with its line, like all else that cannot be asked.
        # A byte order mark, as of a file that an editor wrote, is no part of a question.
        sys.stdin.reconfigure(encoding="utf-8-sig", errors="surrogateescape")
    return 0 if ask_lines(sys.stdin, question, answer, show) else 2


def ask_at_prompt(like: Question, ask: Ask, show: Show, console: Console) -> None:
    """Ask what is typed, until the end of the input (Ctrl-D); Ctrl-C drops a line or an answer.

    `like` has the options of each question. Earlier ones come back with the arrow keys.
    """
    # Where Python has it, `input` edits lines with it and remembers them.
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401
    console.print(Text("Ask a question in plain English; Ctrl-D ends.", style="dim"))
    while True:
        try:
            text = input(_PROMPT)
            if text.strip():
                show(ask(replace(like, text=text)))
                console.print()
        except InvalidQuestionError as error:
            console.print(Text(str(error), style="red"))
        except KeyboardInterrupt:
            console.print()
        except EOFError:
            console.print()
            return


def ask_lines(lines: Iterable[str], like: Question, ask: Ask, show: Show) -> bool:
    """Ask each line that is not empty; returns whether all could be asked.

    `like` has the options of each question. A line that cannot be asked is told on standard error.
    """
    all_asked = True
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            show(ask(replace(like, text=line.rstrip("\r\n"))))
        except InvalidQuestionError as error:
            print(f"error: line {number}: {error}", file=sys.stderr)
            all_asked = False
    return all_asked
