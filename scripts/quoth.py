"""The console command `quoth`: index and its care, ask, serve, mcp, fetch, evaluate, calibrate."""

import io
import sys
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from index.build import Mode, build_index
from index.dense.kinds import DEFAULT_BUDGET_MIB, VectorSettings, Wanted
from index.encoding.encoder import DEFAULT_ENCODER
from index.generation.folders import KEPT_GENERATIONS
from index.giving_way import let_service_go_first
from index.publishing.current import budget_of, manifest_if_sound
from index.publishing.removal import RemovalLimit
from index.splitting.passages import PassageBudget
from qa.errors import InvalidQuestionError, QuothError
from qa.question import DEFAULT_PASSAGES, Question
from scripts.command_line.failing import fail, read_settings, told_in_one_line
from scripts.commands.calibrate import calibrate
from scripts.commands.evaluate import evaluate
from scripts.commands.fetch import fetch
from scripts.commands.gate import chosen_gate, gate
from scripts.commands.index_care import EncoderName, repair, rollback, verify

app = typer.Typer(
    help="Answers questions from a collection of articles; every answer is a quotation.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    # Else the lines of a docstring end on the terminal where they end in the source.
    rich_markup_mode="markdown",
)
IndexDir = Annotated[
    Path, typer.Option("--index-dir", envvar="QUOTH_INDEX_DIR", help="Directory of the index.")
]


def _tell_version(asked: bool) -> None:
    if asked:
        print(f"quoth {version('quoth')}")
        raise typer.Exit


@app.callback()
def _of_all_commands(
    _: Annotated[
        bool,
        typer.Option("--version", callback=_tell_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    pass


@app.command()
def index(
    sources: Annotated[
        list[Path],
        typer.Argument(
            help="Files or folders: .txt, .md, .html, .pdf, .docx, .jsonl.", metavar="SOURCE..."
        ),
    ],
    index_dir: IndexDir,
    encoder: EncoderName = DEFAULT_ENCODER,
    mode: Annotated[
        Mode,
        typer.Option(
            help="rebuild: all anew; sync: only what differs, and what left the sources leaves the "
            "index; add: nothing leaves."
        ),
    ] = Mode.REBUILD,
    passage_tokens: Annotated[
        int | None,
        typer.Option(min=32, max=400, help="Longest passage; 180, or as the index has it."),
    ] = None,
    overlap_tokens: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=199,
            help="Most that neighbouring passages share; 45, or as the index has it.",
        ),
    ] = None,
    keep: Annotated[
        int, typer.Option(min=1, max=100, help="Generations that stay for going back.")
    ] = KEPT_GENERATIONS,
    vector_index: Annotated[
        Wanted | None,
        typer.Option(help="Dense search: chosen by size (auto), or as the index has it."),
    ] = None,
    memory_budget: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="MIB",
            help=f"Memory for dense search, in MiB; {DEFAULT_BUDGET_MIB}, or as the index has it. "
            "Vectors mapped from the disk do not count.",
        ),
    ] = None,
    gate_questions: Annotated[
        Path | None,
        typer.Option(
            "--gate",
            help="Questions with known answers, JSON lines, that must not be answered worse than "
            "by what serves; QUOTH_GATE, or words of the articles, which must be found.",
        ),
    ] = None,
    gate_margin: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="How much worse is allowed; QUOTH_GATE_MARGIN, or 0.05."),
    ] = None,
    most_removed: Annotated[
        float,
        typer.Option(
            min=0,
            max=1,
            help=f"Share of the articles that may be removed; {RemovalLimit().least} always may.",
        ),
    ] = RemovalLimit().share,
    publish_anyway: Annotated[
        bool,
        typer.Option(
            "--publish-anyway", help="Compare, but publish in any case, whatever it removes."
        ),
    ] = False,
    no_gate: Annotated[bool, typer.Option("--no-gate", help="Compare nothing.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Write nothing; say what would be done.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Bring the index to what the sources hold, while it serves.

    Sources that lack much of what the index holds change nothing. Before it publishes, questions
    are asked of what serves and of what was built; where that answers worse by more than the
    margin it is put aside, and the index is as it was.

    Exit codes: 0 done, 1 failed (the index is as it was), 2 wrong arguments, 3 done but something
    was skipped, 4 not published because it answers worse or removes much, 130 interrupted (the
    index is as it was).
    """
    from scripts.commands.indexing import run_indexing

    try:
        budget = _budget(passage_tokens, overlap_tokens, index_dir, mode)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    # Means cannot fall by more than 1.
    margin = 1.0 if publish_anyway else gate_margin
    quality_gate = None if no_gate else chosen_gate(gate_questions, margin)
    let_service_go_first(index_dir)
    build = partial(
        build_index,
        sources,
        index_dir,
        budget=budget,
        mode=mode,
        keep=keep,
        dry_run=dry_run,
        limit=None if publish_anyway else RemovalLimit(most_removed),
        gate=None if dry_run else quality_gate,
        vectors=_vectors(vector_index, memory_budget, index_dir),
    )
    raise typer.Exit(run_indexing(build, index_dir, encoder=encoder, as_json=as_json))


def _vectors(
    kind: Wanted | None, memory_budget_mib: int | None, index_dir: Path
) -> VectorSettings | None:
    """Return what was asked for, and what the index has of the rest."""
    if kind is None and memory_budget_mib is None:
        return None
    served = manifest_if_sound(index_dir)
    known = VectorSettings() if served is None else served.base.vectors.settings
    return VectorSettings(
        kind=kind or known.kind, memory_budget_mib=memory_budget_mib or known.memory_budget_mib
    )


def _budget(
    passage_tokens: int | None, overlap_tokens: int | None, index_dir: Path, mode: Mode
) -> PassageBudget | None:
    """Return what was asked for, and what the index, unless it is made anew, has of the rest.

    None is all that the index has. Raises ValueError.
    """
    if mode is not Mode.REBUILD and passage_tokens is None and overlap_tokens is None:
        return None
    known = budget_of(None if mode is Mode.REBUILD else manifest_if_sound(index_dir))
    return PassageBudget(
        known.max_tokens if passage_tokens is None else passage_tokens,
        known.overlap if overlap_tokens is None else overlap_tokens,
    )


@app.command()
def ask(
    index_dir: IndexDir,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            help="The question, in plain English. Without it: a prompt on a terminal, else one "
            "question a line on standard input.",
            metavar="QUESTION",
        ),
    ] = None,
    top_k: Annotated[int, typer.Option(help="Most answers to print.")] = 3,
    passages: Annotated[int, typer.Option(help="Passages to read.")] = DEFAULT_PASSAGES,
    as_json: Annotated[
        bool,
        typer.Option(
            "--json",
            help="Print the same JSON as POST /v1/ask; of several questions, each on a line.",
        ),
    ] = False,
) -> None:
    """Ask, and print the answers and the sentences they are quoted from.

    Exit codes: 0 asked (whether answered or not), 1 failed, 2 wrong arguments, or a line on
    standard input that cannot be asked.
    """
    # Who leaves the quotation marks away gives it in words.
    question = " ".join(words) if words else None
    try:
        # Without a question of its own, one that carries the options.
        asked = Question("?" if question is None else question, top_k=top_k, passages=passages)
        from scripts.commands.prompting import run_asking

        code = run_asking(
            asked, index_dir, read_settings(), given=question is not None, as_json=as_json
        )
    except InvalidQuestionError as error:
        fail(str(error), code=2)
    except QuothError as error:
        fail(str(error))
    raise typer.Exit(code)


@app.command()
def serve(
    index_dir: Annotated[Path | None, typer.Option(help="Directory of the index.")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port; 0 picks one.")] = None,
) -> None:
    """Serve questions over HTTP; settings come from QUOTH_... variables where not given here."""
    from scripts.commands.serving import CannotListenError, run_service

    settings = read_settings(index_dir=index_dir, host=host, port=port)
    with told_in_one_line(CannotListenError):
        run_service(settings)


@app.command()
def mcp(index_dir: IndexDir) -> None:
    """Serve one model over the Model Context Protocol, on standard input and output."""
    from scripts.commands.context_protocol import run_context_server

    with told_in_one_line(QuothError):
        run_context_server(read_settings(index_dir=index_dir))


# In the order of `--help`: what everybody needs stands first.
app.command()(fetch)
app.command()(verify)
app.command()(repair)
app.command()(rollback)
app.command()(gate)
app.add_typer(evaluate, name="evaluate")
app.command()(calibrate)


def main() -> None:
    """Run the console command."""
    for stream in (sys.stdout, sys.stderr):
        # Articles hold characters that a terminal's encoding may lack.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    app()


if __name__ == "__main__":
    main()
