"""The console command `quoth`: index, ask, serve, evaluate."""

import io
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console

from api.settings import Settings
from index.encoder import DEFAULT_ENCODER
from index.passages import PassageBudget
from qa.errors import InvalidQuestionError, QuothError
from qa.question import Question
from scripts.evaluation.collection import Half

app = typer.Typer(
    help="Answers questions from a collection of articles; every answer is a quotation.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
evaluate = typer.Typer(
    help="Measure answers on questions with known answers.", no_args_is_help=True
)
app.add_typer(evaluate, name="evaluate")

IndexDir = Annotated[Path, typer.Option("--index-dir", help="Directory of the index.")]


@app.command()
def index(
    sources: Annotated[
        list[Path],
        typer.Argument(help="Files or folders: .txt, .md, .jsonl.", metavar="SOURCE..."),
    ],
    index_dir: IndexDir,
    encoder: Annotated[str, typer.Option(help="Encoder of the passages.")] = DEFAULT_ENCODER,
    passage_tokens: Annotated[int, typer.Option(min=32, max=400, help="Longest passage.")] = 180,
    overlap_tokens: Annotated[
        int, typer.Option(min=0, max=199, help="Most that neighbouring passages share.")
    ] = 45,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Build the index from the sources; what they do not hold any more leaves it.

    Exit codes: 0 done, 1 failed (the index is as it was), 2 wrong arguments, 3 done but something
    was skipped, 130 interrupted (the index is as it was).
    """
    from scripts.indexing import run_indexing

    try:
        budget = PassageBudget(passage_tokens, overlap_tokens)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    code = run_indexing(sources, index_dir, encoder=encoder, budget=budget, as_json=as_json)
    raise typer.Exit(code)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question, in plain English.")],
    index_dir: IndexDir,
    top_k: Annotated[int, typer.Option(help="Most answers to print.")] = 3,
    passages: Annotated[int, typer.Option(help="Passages to read.")] = 20,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the same JSON as POST /v1/ask.")
    ] = False,
) -> None:
    """Ask one question; prints the answers and the sentences they are quoted from."""
    try:
        asked = Question(question, top_k=top_k, passages=passages)
        from scripts.asking import ask_once, print_response

        response = ask_once(asked, index_dir, read_settings())
    except InvalidQuestionError as error:
        fail(str(error), code=2)
    except QuothError as error:
        fail(str(error))
    if as_json:
        print(response.model_dump_json(indent=2, exclude_none=False))
    else:
        print_response(response, Console(highlight=False))


@app.command()
def serve(
    index_dir: Annotated[Path | None, typer.Option(help="Directory of the index.")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port; 0 picks one.")] = None,
) -> None:
    """Serve questions over HTTP; settings come from QUOTH_... variables where not given here."""
    from scripts.serving import CannotListenError, run_service

    given = {"index_dir": index_dir, "host": host, "port": port}
    settings = read_settings(**{name: value for name, value in given.items() if value is not None})
    try:
        run_service(settings)
    except CannotListenError as error:
        fail(str(error))


@evaluate.command("read")
def evaluate_read(
    data: Annotated[Path, typer.Option(help="Questions: .jsonl or .jsonl.gz.")],
    reader: Annotated[Path | None, typer.Option(help="Folder of another reader.")] = None,
    limit: Annotated[
        int | None,
        typer.Option(min=1, help="Read only so many questions, drawn with a fixed seed."),
    ] = None,
    half: Annotated[
        Half, typer.Option(help="`report` leaves out the titles that thresholds were fitted on.")
    ] = Half.ALL,
) -> None:
    """The passage is given: print exact match and F1 by the official SQuAD rules.

    If the file has unanswerable questions the reader may abstain, else it always answers.
    """
    from scripts.evaluation.command import run_read

    try:
        run_read(data, reader_dir=reader or read_settings().reader_dir, limit=limit, half=half)
    except QuothError as error:
        fail(str(error))


def read_settings(**given: object) -> Settings:
    """Return the settings; a wrong one ends the command with a line that names it."""
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic checks them
    except ValidationError as error:
        problem = error.errors()[0]
        name = ".".join(str(part) for part in problem["loc"])
        if problem["type"] == "extra_forbidden":
            known = ", ".join(sorted(Settings.model_fields))
            fail(f"there is no setting {name}; correct its name (known are {known})", code=2)
        fail(f"setting {name} (QUOTH_{name.upper()}): {problem['msg']}", code=2)
    except (OSError, ValueError) as error:
        fail(f"cannot read the settings: {error}", code=2)


def fail(message: str, *, code: int = 1) -> NoReturn:
    """End the command with one line on standard error."""
    print(f"error: {' '.join(message.split())}", file=sys.stderr)
    raise typer.Exit(code)


def main() -> None:
    """Run the console command."""
    for stream in (sys.stdout, sys.stderr):
        # Articles hold characters that a terminal's encoding may lack.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    app()


if __name__ == "__main__":
    main()
