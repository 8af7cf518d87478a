"""The console command `quoth`: index, ask, serve, evaluate, calibrate."""

import io
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from index.encoder import DEFAULT_ENCODER
from index.passages import PassageBudget
from qa.errors import InvalidQuestionError, QuothError
from qa.question import Question
from scripts.calibrate import calibrate
from scripts.evaluate import evaluate
from scripts.failing import fail, read_settings

app = typer.Typer(
    help="Answers questions from a collection of articles; every answer is a quotation.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(evaluate, name="evaluate")
app.command()(calibrate)

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


def main() -> None:
    """Run the console command."""
    for stream in (sys.stdout, sys.stderr):
        # Articles hold characters that a terminal's encoding may lack.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    app()


if __name__ == "__main__":
    main()
