"""Quoth beside other systems: `python -m scripts.benchmark_peers --data FILE --cache DIR`.

Haystack and txtai run in pinned environments of their own, with the same passages, encoder, reader
weights and questions, and as many passages for each, and answer in turn with Quoth: as shipped,
which ends reading early, and reading all passages, as the others do. About half of the titles of
the data are left out of the passages, so that their questions cannot be answered. Prints Markdown;
with `--out` also writes JSON, from which `scripts.generate_docs` makes docs/performance.md.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from index.encoding.encoder import packaged_model
from index.generation.generation import open_generation
from qa.errors import QuothError
from qa.question import DEFAULT_PASSAGES
from qa.reading.reader_folder import SHIPPED_READER, model_file, read_manifest
from scripts.command_line.failing import told_in_one_line
from scripts.command_line.option_types import absolute_path, positive
from scripts.command_line.outputs import make_ready, write_results
from scripts.command_line.telling import say
from scripts.evaluation.collection import Collection, Half, is_left_out
from scripts.evaluation.question_file import KnownQuestion, read_questions, sampled
from scripts.peers.comparison import (
    OURS,
    OURS_READING_ALL,
    Answering,
    PeerQuestion,
    ask_in_turn,
    score_system,
)
from scripts.peers.environment import environment, requirements
from scripts.peers.protocol import Setup
from scripts.peers.runner import running
from scripts.performance.page import section
from scripts.performance.results import Machine, PeerResults, command_line
from scripts.performance.service import BenchmarkError, build, stop_with_what_runs

# A name, the system whose environment and runner it uses, and the runner's arguments.
PEERS: dict[str, tuple[str, list[str]]] = {
    "haystack": ("haystack", []),
    "txtai": ("txtai", []),
    "txtai-torch": ("txtai", ["torch"]),
    "txtai-joined": ("txtai", ["joined"]),
}
_SYSTEMS: dict[str, tuple[str, list[str]]] = {
    OURS: (OURS, []),
    OURS_READING_ALL: (OURS, ["read-all"]),
    **PEERS,
}
_WARM_UP = 3


def write_passages(known: Sequence[KnownQuestion], folder: Path) -> tuple[Path, Path, int]:
    """Index the contexts that are not left out; returns (passages file, index, their number).

    Titles stay away: Quoth's keyword search would use them, and the others' have no place for them.
    """
    held = [q.model_copy(update={"title": ""}) for q in known if not is_left_out(q.title)]
    source, index_dir, passages = (folder / n for n in ("source.jsonl", "index", "passages.jsonl"))
    Collection.of(held).write(source)
    count = build(source, index_dir).passages
    generation = open_generation(index_dir)
    with passages.open("w", encoding="utf-8") as file:
        for _, _, found in generation.tables.articles_with_passages():
            for passage in found:
                line = {"id": str(passage.passage_id), "text": passage.text}
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
    return passages, index_dir, count


def choose_questions(known: Sequence[KnownQuestion], limit: int) -> list[PeerQuestion]:
    """Return a fixed sample, with whether the passages hold each question's article.

    Only titles that Quoth's calibration was not fitted on, or its scores would look too good.
    """
    fair = [one for one in known if one.answers and Half.REPORT.holds(one.title)]
    return [
        PeerQuestion(one.question, tuple(one.references), not is_left_out(one.title))
        for one in sampled(fair, limit)
    ]


@contextmanager
def all_running(
    setup: Setup, names: Sequence[str], questions: Sequence[PeerQuestion], *, cache: Path
) -> Iterator[dict[str, Answering]]:
    """Start Quoth, in both ways, and the named peers, let them warm up, and end them afterwards."""
    systems: dict[str, Answering] = {}
    with ExitStack() as stack:
        for name in [OURS, OURS_READING_ALL, *names]:
            system, arguments = _SYSTEMS[name]
            say(f"setting up {name}")
            python = (
                Path(sys.executable) if system == OURS else environment(requirements(system), cache)
            )
            module = f"scripts.peers.{system}_runner"
            systems[name] = stack.enter_context(running(python, module, arguments, setup))
            for question in questions[:_WARM_UP]:
                systems[name].answer(question.text)
        yield systems


def measure(options: argparse.Namespace, folder: Path) -> PeerResults:
    """Prepare the same for all, ask all in turn, and score each; raises QuothError."""
    # Reading ONNX files and writing PyTorch ones takes packages that a runner does without.
    from scripts.peers.dequantize import write_float_model

    known = read_questions(options.data)
    questions = choose_questions(known, options.questions)
    if len({question.answerable for question in questions}) < 2:
        raise BenchmarkError(
            f"the {len(questions)} questions chosen from {options.data} are not of both kinds, "
            f"with their article and without; ask more of them, or data with more titles"
        )
    say("indexing")
    passages, index_dir, count = write_passages(known, folder)
    difference = write_float_model(options.reader, folder / "reader")
    manifest = read_manifest(options.reader)
    with model_file(options.reader, manifest) as graph:
        onnx_reader = shutil.copytree(graph.parent, folder / "onnx") / graph.name
    setup = Setup(
        passages=str(passages),
        index_dir=str(index_dir),
        reader=str(options.reader),
        onnx_reader=str(onnx_reader),
        float_reader=str(folder / "reader"),
        encoder=str(packaged_model()),
        depth=options.passages,
        threads=options.threads,
    )
    with (
        all_running(setup, options.peers, questions, cache=options.cache) as systems,
        Progress(console=Console(stderr=True), transient=True) as progress,
    ):
        task = progress.add_task("asking", total=len(questions))
        answers = ask_in_turn(systems, questions, on_question=lambda: progress.advance(task))
        scored = tuple(score_system(name, systems[name], answers, questions) for name in systems)
    return PeerResults(
        command=command_line("scripts.benchmark_peers", sys.argv[1:]),
        machine=Machine.here(),
        data=f"contexts of {options.data.name.partition('.')[0]} without the titles left out",
        passages=count,
        passages_read=options.passages,
        threads=options.threads,
        answerable=sum(question.answerable for question in questions),
        unanswerable=sum(not question.answerable for question in questions),
        reader_sha256=manifest.model_sha256,
        largest_logit_difference=difference,
        systems=scored,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--data", type=Path, required=True, help="question set: contexts to index, and questions")
    add(
        "--cache",
        type=absolute_path,
        required=True,
        help="folder to keep the peers' environments in",
    )
    add("--peers", nargs="+", choices=list(PEERS), default=["haystack", "txtai"])
    add("--questions", type=positive, default=300, help="questions to ask, a fixed sample")
    add(
        "--passages",
        type=positive,
        default=DEFAULT_PASSAGES,
        help="passages that each gets for a question",
    )
    add("--threads", type=positive, default=len(os.sched_getaffinity(0)), help="threads for each")
    add("--reader", type=absolute_path, default=SHIPPED_READER, help="folder of the reader")
    add("--out", type=Path, help="JSON file to write")
    add("--json", action="store_true", dest="as_json", help="print JSON")
    return parser


def main() -> None:
    """Read the arguments, compare, and print a Markdown section or JSON."""
    options = _parser().parse_args()
    stop_with_what_runs()
    make_ready(options.out, inputs=[options.data])
    with told_in_one_line(QuothError), tempfile.TemporaryDirectory() as folder:
        results = measure(options, Path(folder))
    print(results.model_dump_json() if options.as_json else section(results))
    write_results(results, options.out)


if __name__ == "__main__":
    main()
