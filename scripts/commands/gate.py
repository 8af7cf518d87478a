"""`quoth gate`: compare two generations of an index, and decide about one that was refused."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from index.generation.folders import NoSuchGenerationError, aside_names, former_of, kept_names
from index.generation.generation import Generation, open_aside, open_generation, open_kept
from index.giving_way import let_service_go_first
from index.publishing.aside import drop_aside
from index.publishing.gate import Gate, ways_on
from qa.errors import QuothError
from scripts.command_line.failing import fail, read_settings, told_in_one_line
from scripts.commands.index_care import Directory


def gate(
    index_dir: Directory,
    questions: Annotated[
        Path | None,
        typer.Option(help="Questions with known answers; without them, words of the articles."),
    ] = None,
    generation: Annotated[
        str | None,
        typer.Option(help="A kept generation, or one put aside; else that, or the former one."),
    ] = None,
    margin: Annotated[
        float | None, typer.Option(min=0, max=1, help="How much lower the means may be.")
    ] = None,
    publish: Annotated[
        bool, typer.Option("--publish", help="Publish what lies aside, and compare nothing.")
    ] = False,
    drop: Annotated[bool, typer.Option("--drop", help="Remove what lies aside.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the comparison, or what was published, as JSON.")
    ] = False,
) -> None:
    """Ask the generation that serves and another one the same, and compare.

    A generation put aside is compared with the one that serves, the one that serves with a kept
    one. What lies aside can be published or dropped: what was written since it was built stays
    as it is. Exit codes: 0 not worse, or done; 1 failed, 2 wrong arguments, 4 worse.
    """
    if publish and drop:
        raise typer.BadParameter("--publish and --drop exclude each other; give one of them")
    if publish:
        raise typer.Exit(_publish(index_dir, generation, as_json=as_json))
    if drop:
        _drop(index_dir)
        return
    from scripts.command_line.exit_code import ExitCode
    from scripts.commands.gating import print_comparison

    chosen = chosen_gate(questions, margin)
    with told_in_one_line(QuothError, OSError):
        before, now = _pair(index_dir, generation)
        comparison = chosen.compare(before, now)
    if as_json:
        print(json.dumps(asdict(comparison), ensure_ascii=False))
    else:
        console = Console(highlight=False)
        print_comparison(comparison, console)
        if comparison.candidate in aside_names(index_dir):
            console.print(Text(f"it lies aside: {ways_on(index_dir)}"), soft_wrap=True)
    if not comparison.passes:
        raise typer.Exit(ExitCode.NOT_PUBLISHED)


def chosen_gate(questions: Path | None, margin: float | None) -> Gate:
    """Return the gate that the arguments or the settings name; a wrong one ends the command."""
    from scripts.commands.gating import gate_of

    settings = read_settings(gate=questions, gate_margin=margin)
    try:
        return gate_of(settings)
    except QuothError as error:
        fail(str(error), code=2)


def _publish(index_dir: Path, name: str | None, *, as_json: bool) -> int:
    from scripts.commands.indexing import run_publishing_aside

    let_service_go_first(index_dir)
    keep = read_settings().keep_generations
    return run_publishing_aside(index_dir, name, keep=keep, as_json=as_json)


def _drop(index_dir: Path) -> None:
    with told_in_one_line(QuothError, OSError):
        dropped = drop_aside(index_dir)
    print(f"dropped {', '.join(dropped)}" if dropped else "nothing lies aside")


def _pair(index_dir: Path, name: str | None) -> tuple[Generation, Generation]:
    serving = open_generation(index_dir)
    aside = aside_names(index_dir)
    if name in aside or (name is None and aside):
        return serving, open_aside(index_dir, name or aside[-1])
    if name == serving.name:
        raise NoSuchGenerationError(
            f"{name} is the generation that serves; name another: "
            f"{', '.join([*kept_names(index_dir), *aside])}"
        )
    return open_kept(index_dir, former_of(index_dir, name)), serving
