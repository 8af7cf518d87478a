"""What `quoth index` and `scripts.rebuild_index` do: build, show progress, sum up."""

import json
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

from rich.console import Console
from rich.text import Text

from index.build import BuildReport, publish_aside
from index.build import Progress as BuildProgress
from index.encoding.bulk_encoder import load_bulk_encoder
from index.encoding.encoder import PassageEncoder, SentenceTransformerEncoder
from index.publishing.aside import aside_named
from index.publishing.gate import Comparison, QualityGateError
from index.publishing.removal import TooMuchRemovedError
from qa.errors import QuothError
from scripts.command_line.build_progress import build_progress
from scripts.command_line.exit_code import ExitCode
from scripts.command_line.failing import reason_of
from scripts.command_line.first_lines import print_first
from scripts.command_line.telling import how_many
from scripts.commands.gating import print_comparison


class Build(Protocol):
    """Builds an index, told all but these."""

    def __call__(self, *, encoder: PassageEncoder, progress: BuildProgress) -> BuildReport:
        """Return what was done, as `build_index`."""
        ...


def run_indexing(build: Build, index_dir: Path, *, encoder: str, as_json: bool) -> ExitCode:
    """Build the index and print what was done; errors become one line on standard error.

    Where the gate refuses what was built, that line stands below the comparison.
    """

    def with_progress(console: Console) -> BuildReport:
        loaded = _load_encoder(encoder, console)
        with build_progress(console) as progress:
            return build(encoder=loaded, progress=progress)

    return _reported(with_progress, index_dir, as_json=as_json)


def run_publishing_aside(
    index_dir: Path, name: str | None, *, keep: int, as_json: bool
) -> ExitCode:
    """Publish what the gate has refused and print what was done, as `run_indexing` does."""

    def publish(console: Console) -> BuildReport:
        aside = aside_named(index_dir, name)
        loaded = _load_encoder(aside.encoder.name, console)
        with build_progress(console) as progress:
            return publish_aside(
                index_dir, aside.generation, encoder=loaded, progress=progress, keep=keep
            )

    return _reported(publish, index_dir, as_json=as_json)


def _load_encoder(name: str, console: Console) -> PassageEncoder:
    with console.status("loading the encoder"):
        return load_bulk_encoder(name, load=lambda one: SentenceTransformerEncoder(one))


def _reported(
    build: Callable[[Console], BuildReport], index_dir: Path, *, as_json: bool
) -> ExitCode:
    """Build, and print what was done, or why not."""
    console = Console(stderr=True)
    try:
        report = build(console)
    except KeyboardInterrupt:
        console.print("interrupted; what served goes on serving", style="yellow")
        return ExitCode.INTERRUPTED
    except QualityGateError as error:
        if as_json:
            print(json.dumps({"error": str(error), "gate": asdict(error.comparison)}))
        print_comparison(error.comparison, console)
        _print_error(error, console)
        return ExitCode.NOT_PUBLISHED
    except (QuothError, OSError, sqlite3.Error) as error:
        if as_json:
            print(json.dumps({"error": reason_of(error)}))
        _print_error(error, console)
        removes_much = isinstance(error, TooMuchRemovedError)
        return ExitCode.NOT_PUBLISHED if removes_much else ExitCode.FAILED
    if as_json:
        print(json.dumps(asdict(report), ensure_ascii=False))
    else:
        _print_report(report, index_dir)
    if report.refused is not None:
        return ExitCode.NOT_PUBLISHED
    return ExitCode.SOME_SKIPPED if report.skipped else ExitCode.OK


def _print_error(error: Exception, console: Console) -> None:
    message = " ".join(reason_of(error).splitlines())
    console.print(Text.assemble(("error:", "red"), f" {message}"), soft_wrap=True)


def _gate_row(comparison: Comparison) -> str:
    totals = comparison.totals
    measures = [
        f"{m} {totals[m][0]:.3f} → {totals[m][1]:.3f}" for m in comparison.deciding if m in totals
    ]
    asked = how_many(len(comparison.questions), "question")
    return f"{', '.join(measures) or 'nothing to compare'} ({asked})"


def _print_report(report: BuildReport, index_dir: Path) -> None:
    console = Console(file=sys.stdout, highlight=False)
    changes = ", ".join(
        f"{count:,} {name}"
        for name, count in {
            "added": report.added,
            "changed": report.changed,
            "removed": report.removed,
            "unchanged": report.unchanged,
        }.items()
    )
    rows = {
        "index": str(index_dir),
        **({"dry run": "nothing was written; what serves is"} if report.dry_run else {}),
        **({} if report.refused is None else {"refused": report.refused}),
        "generation": report.generation or "none",
        "changes": changes,
        "articles": f"{report.articles:,}",
        "sentences": f"{report.sentences:,}",
        "passages": f"{report.passages:,} ({report.encoded:,} encoded, {report.reused:,} reused)",
        "skipped": f"{len(report.skipped):,}",
        "vectors": report.vectors or "none",
        "time": f"{report.seconds:.1f} s",
        "size": f"{report.size:,} bytes",
        **({} if report.gate is None else {"gate": _gate_row(report.gate)}),
    }
    for name, value in rows.items():
        console.print(Text(f"{name:<11} {value}"), soft_wrap=True)
    print_first([f"removed {article_id}" for article_id in report.removed_ids], console)
    print_first([f"skipped {skip}" for skip in report.skipped], console)
