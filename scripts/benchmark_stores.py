"""Quoth's index beside other stores: `python -m scripts.benchmark_stores --data FILE --cache DIR`.

FAISS with a dictionary, LanceDB, Chroma and txtai hold the same texts with the same vectors, those
that need it in pinned environments of their own. Measures searches, how soon a change is found,
whether what is deleted is gone, and what a kill in the midst of writing leaves. Prints a Markdown
section; with `--out` also writes JSON, of which `scripts.index_report` makes a section of
docs/index.md. Exit code 1 if Quoth is not as it must be.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from index.encoding.bulk_encoder import load_bulk_encoder
from index.encoding.encoder import DEFAULT_ENCODER
from qa.errors import QuothError
from scripts.command_line.failing import told_in_one_line
from scripts.command_line.option_types import absolute_path, not_negative, positive
from scripts.command_line.outputs import make_ready, write_results
from scripts.command_line.telling import say
from scripts.evaluation.question_file import read_questions
from scripts.index_figures.peers import StoreResults, StoresResults, section
from scripts.index_peers.measuring import Plan, measure
from scripts.index_peers.pool import Pool, make_pool
from scripts.index_peers.stores import StoreProcess
from scripts.peers.environment import environment
from scripts.performance.results import Machine, command_line

OURS = "quoth"
_HERE = Path(__file__).parent
# Each with the file that pins what it needs; none where Quoth's own environment has it.
PEERS: dict[str, Path | None] = {
    "faiss": None,
    "lancedb": _HERE / "index_peers" / "requirements-lancedb.txt",
    "chroma": _HERE / "index_peers" / "requirements-chroma.txt",
    "txtai": _HERE / "peers" / "requirements-txtai.txt",
}


def openers(
    names: list[str], pool: Pool, folder: Path, *, cache: Path
) -> dict[str, Callable[[], StoreProcess]]:
    """Return what opens Quoth and each of the named stores; raises PeerError."""
    found: dict[str, Callable[[], StoreProcess]] = {}
    for name in [OURS, *names]:
        pinned = PEERS.get(name)
        if pinned is not None:
            say(f"setting up {name}")
        python = Path(sys.executable) if pinned is None else environment(pinned, cache)
        module = f"scripts.index_peers.{name}_runner"
        found[name] = partial(StoreProcess, python, module, folder / name, pool)
    return found


def run(options: argparse.Namespace, folder: Path) -> StoresResults:
    """Make the pool, open all stores, and measure; raises QuothError."""
    plan = Plan(
        entries=options.passages,
        searches=options.searches,
        puts=options.puts,
        deletes=options.deletes,
        kills=options.kills,
    )
    say("texts and vectors")
    pool = make_pool(
        read_questions(options.data),
        plan.entries + plan.puts + plan.deletes,
        options.cache / "pool",
        encoder=load_bulk_encoder(DEFAULT_ENCODER),
        told=lambda *, done, total: say(f"{done:,} of {total:,} texts encoded"),
    )
    opened = openers(options.peers, pool, folder, cache=options.cache)
    load = os.getloadavg()[0]
    return StoresResults(
        command=command_line("scripts.benchmark_stores", sys.argv[1:]),
        machine=Machine.here(),
        load=round(load, 1),
        data=f"contexts of {options.data.name.partition('.')[0]}",
        entries=plan.entries,
        searches=plan.searches,
        puts=plan.puts,
        deletes=plan.deletes,
        stores=tuple(measure(opened, pool, plan, say=say)),
    )


def is_sound(one: StoreResults) -> bool:
    """Return whether nothing was lost, came back or was wrong."""
    reopened = one.reopened_missing + one.reopened_back + one.reopened_wrong
    return one.deleted_served + one.old_served + reopened == 0 and (
        one.kills.sound == one.kills.planned
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--data", type=Path, required=True, help="question set whose contexts are the texts")
    add(
        "--cache",
        type=absolute_path,
        required=True,
        help="folder to keep environments and vectors in",
    )
    add("--peers", nargs="*", choices=list(PEERS), default=list(PEERS))
    add("--passages", type=positive, default=5_000, help="texts that every store holds")
    add("--searches", type=positive, default=300)
    add("--puts", type=not_negative, default=100, help="texts to change, one by one")
    add("--deletes", type=not_negative, default=100, help="texts to delete, one by one")
    add("--kills", type=not_negative, default=10, help="processes to kill while they write")
    add("--out", type=Path, help="JSON file to write, such as docs/index/peers.json")
    return parser


def main() -> None:
    """Read the arguments, measure, and print a Markdown section."""
    options = _parser().parse_args()
    make_ready(options.out, inputs=[options.data])
    with told_in_one_line(QuothError), tempfile.TemporaryDirectory() as folder:
        found = run(options, Path(folder))
    print(section(found))
    write_results(found, options.out)
    sys.exit(0 if is_sound(found.stores[0]) else 1)


if __name__ == "__main__":
    main()
