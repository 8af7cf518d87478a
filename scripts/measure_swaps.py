"""Ask while the index changes: `python -m scripts.measure_swaps --data FILE`.

Builds an index of the contexts of a question set and starts the service. Clients ask while nothing
changes, and then while articles are put and deleted over HTTP and `quoth index` rebuilds the whole.
Each response is compared with the texts of the generation that it names, and with what had been
deleted before it came. Prints a Markdown section; with `--out` also writes JSON, of which
`scripts.index_report` makes a section of docs/index.md. Exit code 1 if a request failed, a response
contradicts its generation, or something deleted was served.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from qa.errors import QuothError
from qa.question import DEFAULT_PASSAGES
from scripts.command_line.failing import told_in_one_line
from scripts.command_line.option_types import not_negative, positive
from scripts.command_line.outputs import make_ready, write_results
from scripts.command_line.telling import say
from scripts.evaluation.collection import Collection
from scripts.evaluation.question_file import KnownQuestion, read_questions
from scripts.index_figures.swaps import SwapResults, section
from scripts.performance.corpus import first_contexts
from scripts.performance.results import Machine, Times, command_line
from scripts.performance.service import (
    build,
    running_service,
    stop_with_what_runs,
    wait_until_ready,
)
from scripts.swaps.changes import Changes, Plan
from scripts.swaps.clients import Asking, Reply
from scripts.swaps.texts import Texts

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Options:
    """How much is asked, by how many, and what is changed meanwhile."""

    contexts: int
    clients: int
    quiet_questions: int
    questions: int
    passages: int
    plan: Plan


def measure(data: Path, folder: Path, options: Options, *, command: str) -> SwapResults:
    """Build, serve, ask in quiet, ask while it changes, and compare; raises QuothError."""
    known = first_contexts(read_questions(data), options.contexts)
    collection = Collection.of(known)
    texts = Texts(collection, folder / "sources", folder / "index")
    say(f"first build of {len(collection.article_ids):,} articles")
    built = build(texts.sources, texts.index_dir)
    with running_service(texts.index_dir, keep_generations=100) as (process, base):
        wait_until_ready(base, process)
        asking = Asking(base, _questions(known), clients=options.clients, passages=options.passages)
        say(f"{options.quiet_questions:,} questions in quiet")
        quiet = asking.until(lambda asked: asked >= options.quiet_questions)
        say(f"{options.questions:,} questions while it changes")
        with Changes(base, texts, options.plan) as changes:
            busy = asking.until(
                lambda asked: (
                    changes.go_on(asked / options.questions) and asked >= options.questions
                ),
                say=lambda asked: say(f"{asked:,} questions, {changes.described()}"),
            )
    faults = [fault for reply in busy if (fault := texts.fault_of(reply)) is not None]
    late = [fault for reply in busy if (fault := texts.deleted_in(reply)) is not None]
    failed = [reply.problem for reply in busy if reply.problem is not None]
    return SwapResults(
        command=command,
        machine=Machine.here(),
        data=f"the first contexts of {data.name.partition('.')[0]}",
        articles=built.articles,
        passages=built.passages,
        clients=options.clients,
        quiet_questions=len(quiet),
        questions=len(busy),
        rebuilds=changes.rebuilds,
        puts=changes.puts,
        deletes=changes.deletes,
        generations_seen=len({reply.generation for reply in busy if reply.problem is None}),
        checked_in_generation=sum(texts.can_check(reply) for reply in busy),
        failed=len(failed),
        inconsistent=len(faults),
        deleted_served=len(late),
        examples=tuple([*failed, *faults, *late][:_SHOWN]),
        quiet=_times(quiet),
        busy=_times(busy),
    )


def _questions(known: Sequence[KnownQuestion]) -> list[tuple[str, str]]:
    """Return (context, question) as the clients need them."""
    return [(one.context, one.question) for one in known]


def _times(replies: Sequence[Reply]) -> Times:
    return Times.of([reply.milliseconds for reply in replies])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Ask while the index changes.")
    add = parser.add_argument
    add("--data", type=Path, required=True, help="question set whose contexts are the articles")
    add("--contexts", type=positive, default=1_000, help="most contexts to index")
    add("--clients", type=positive, default=4)
    add("--quiet-questions", type=positive, default=1_000, help="questions while nothing changes")
    add("--questions", type=positive, default=10_000, help="questions while it changes, at least")
    add(
        "--passages",
        type=positive,
        default=DEFAULT_PASSAGES,
        help="passages to read for a question",
    )
    add("--rebuilds", type=positive, default=20)
    add("--puts", type=not_negative, default=200)
    add("--deletes", type=not_negative, default=200)
    add("--out", type=Path, help="JSON file to write, such as docs/index/swaps.json")
    return parser


def main() -> None:
    """Read the arguments, measure, print a Markdown section, and end with 1 if it is not as is."""
    given = _parser().parse_args()
    stop_with_what_runs()
    make_ready(given.out, inputs=[given.data])
    options = Options(
        contexts=given.contexts,
        clients=given.clients,
        quiet_questions=given.quiet_questions,
        questions=given.questions,
        passages=given.passages,
        plan=Plan(rebuilds=given.rebuilds, puts=given.puts, deletes=given.deletes),
    )
    failures = told_in_one_line(QuothError, httpx.HTTPError)
    with failures, tempfile.TemporaryDirectory() as folder:
        command = command_line("scripts.measure_swaps", sys.argv[1:])
        found = measure(given.data, Path(folder), options, command=command)
    print(section(found))
    for example in found.examples:
        print(f"fault: {example}")
    write_results(found, given.out)
    sys.exit(1 if found.failed or found.inconsistent or found.deleted_served else 0)


if __name__ == "__main__":
    main()
