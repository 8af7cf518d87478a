"""`quoth verify`, `quoth repair` and `quoth rollback`: what keeps an index sound."""

import sqlite3
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from index.encoding.bulk_encoder import load_bulk_encoder
from index.encoding.encoder import DEFAULT_ENCODER
from index.generation.folders import aside_names
from index.giving_way import let_service_go_first
from index.publishing.current import budget_of, end_rollback, manifest_if_sound, roll_back
from index.publishing.gate import ways_on
from index.repair import repair_index
from index.splitting.passages import PassageBudget
from index.verify import verify_index
from qa.errors import QuothError
from scripts.command_line.build_progress import build_progress
from scripts.command_line.failing import told_in_one_line
from scripts.command_line.first_lines import SHOWN
from scripts.command_line.telling import how_many

Directory = Annotated[Path, typer.Argument(help="Directory of the index.", metavar="DIR")]
EncoderName = Annotated[str, typer.Option(help="Encoder of the passages.")]


def verify(
    index_dir: Directory,
    encoder: EncoderName = DEFAULT_ENCODER,
    sample: Annotated[int, typer.Option(min=0, help="Passages to encode again.")] = 64,
) -> None:
    """Check every checksum and offset of an index, and the vectors of a sample of passages.

    Exit codes: 0 sound, 1 not.
    """
    let_service_go_first(index_dir)
    with told_in_one_line(QuothError, OSError, sqlite3.Error):
        loaded = load_bulk_encoder(encoder) if sample else None
        found = verify_index(index_dir, encoder=loaded, sample=sample)
    for fault in found.faults[:SHOWN]:
        print(f"fault: {fault}")
    if len(found.faults) > SHOWN:
        print(f"and {how_many(len(found.faults) - SHOWN, 'more fault')}")
    for name in aside_names(index_dir):
        print(
            f"aside: {name}, which the quality gate refused; see why with: quoth gate {index_dir}; "
            f"{ways_on(index_dir)}"
        )
    print(
        f"{how_many(len(found.generations), 'generation')}, "
        f"{how_many(found.articles, 'article')}, {how_many(found.passages, 'passage')}, "
        f"{how_many(found.vectors_compared, 'vector')} compared: "
        + (how_many(len(found.faults), "fault") if found.faults else "sound")
    )
    if found.faults:
        raise typer.Exit(1)


def repair(
    index_dir: Directory,
    encoder: EncoderName = DEFAULT_ENCODER,
    passage_tokens: Annotated[
        int | None,
        typer.Option(min=32, max=400, help="Longest passage, if the index does not tell."),
    ] = None,
) -> None:
    """Build everything anew from the record; make a missing record from what serves."""
    let_service_go_first(index_dir)
    console = Console(stderr=True)
    with (
        told_in_one_line(QuothError, OSError, sqlite3.Error),
        build_progress(console) as progress,
    ):
        done = repair_index(
            index_dir,
            encoder=load_bulk_encoder(encoder),
            budget=_budget(index_dir, passage_tokens),
            progress=progress,
        )
    source = "the former generation" if done.record_was_made else "the record"
    print(f"generation {done.generation}: {how_many(done.articles, 'article')} from {source}")


def rollback(
    index_dir: Directory,
    to: Annotated[str | None, typer.Option(help="A kept generation; else the one before.")] = None,
    end: Annotated[
        bool, typer.Option("--end", help="Let changes be published again instead.")
    ] = False,
) -> None:
    """Let a former generation serve again, and hold it until `--end` or the next `quoth index`.

    Nothing is lost: what was written since waits in the record. What was deleted stays deleted.
    """
    with told_in_one_line(QuothError, OSError):
        if end:
            end_rollback(index_dir)
            print("changes are published again, by the service or the next `quoth index`")
        else:
            print(f"generation {roll_back(index_dir, to)} serves, and is held")


def _budget(index_dir: Path, passage_tokens: int | None) -> PassageBudget:
    if passage_tokens is not None:
        return PassageBudget(passage_tokens, min(45, passage_tokens // 2 - 1))
    return budget_of(manifest_if_sound(index_dir))
