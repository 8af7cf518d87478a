"""Measure the product as a whole: `python -m scripts.benchmark [--data FILE] [--out FILE]`.

Builds an index, starts the service in a process of its own, and asks it over HTTP: with clients
that wait for their answers, with questions that arrive at a rate, and with fewer and more passages
read. Prints Markdown; with `--out` also writes JSON, from which `scripts.generate_docs` makes
docs/performance.md, and beside it a plot of latency against quality.
"""

import argparse
import itertools
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import httpx

from qa.errors import QuothError
from qa.question import DEFAULT_PASSAGES
from qa.reading.reader_folder import SHIPPED_READER
from scripts.command_line.failing import fail, told_in_one_line
from scripts.command_line.option_types import absolute_path, positive, positive_number
from scripts.command_line.outputs import make_ready, write_results
from scripts.command_line.telling import say
from scripts.evaluation.own_index import check_may_rebuild, mark_as_made
from scripts.performance.arithmetic import Arithmetic, Network, ProductsAlone, products_per_s
from scripts.performance.corpus import Corpus, corpus_of_sets, seed_corpus
from scripts.performance.depth import compare_depths
from scripts.performance.load import Ask, closed_loop, open_loop, over_http
from scripts.performance.page import section
from scripts.performance.results import (
    WINDOW_TOKENS,
    Depth,
    Load,
    Machine,
    ServiceResults,
    command_line,
)
from scripts.performance.service import (
    build,
    resident_mib,
    running_service,
    stop_with_what_runs,
    wait_until_ready,
)

_WARM_UP = 5
# The service gives back what reading took when nothing was asked for a second.
_IDLE_S = 2
# Of the throughput that waiting clients reached: calm, and near what the service can do.
_DEFAULT_SHARES = (0.5, 0.8)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure; `rates_per_s` empty means shares of what waiting clients reached."""

    clients: tuple[int, ...]
    rates_per_s: tuple[float, ...]
    arrivals: tuple[Literal["poisson", "fixed"], ...]
    depths: tuple[int, ...]
    passages_read: int
    rounds: int


def measure(corpus: Corpus, plan: Plan, index_dir: Path, *, command: str) -> ServiceResults:
    """Build, serve and ask, in that order; raises QuothError if one of them fails."""
    machine = Machine.here()
    say(f"indexing {corpus.described}")
    check_may_rebuild(index_dir)
    built = build(corpus.source, index_dir)
    mark_as_made(index_dir)
    with running_service(index_dir) as (process, base), _client(base) as http:
        ready_s = wait_until_ready(base, process)
        ready_mib = resident_mib(process.pid)
        numbers = itertools.count()
        ask = over_http(http, numbers, passages=plan.passages_read)
        for one in corpus.asked[:_WARM_UP]:
            ask(one.text)
        loads = measure_loads(ask, [one.text for one in corpus.asked], plan)
        busy_mib = resident_mib(process.pid)
        arithmetic = measure_arithmetic(machine) if plan.depths else None
        depths = measure_depths(http, numbers, corpus, plan.depths, arithmetic)
        time.sleep(_IDLE_S)
        idle_mib = resident_mib(process.pid)
    return ServiceResults(
        command=command,
        machine=machine,
        data=corpus.described,
        articles=built.articles,
        passages=built.passages,
        passages_read=plan.passages_read,
        build_command_s=round(built.command_s, 2),
        build_s=round(built.build_s, 2),
        start_to_ready_s=round(ready_s, 2),
        ready_mib=ready_mib,
        busy_mib=busy_mib,
        idle_mib=idle_mib,
        products_per_s=None if arithmetic is None else arithmetic.per_s,
        window_products_ms=None if arithmetic is None else arithmetic.milliseconds(WINDOW_TOKENS),
        loads=loads,
        depths=depths,
    )


def measure_loads(ask: Ask, questions: Sequence[str], plan: Plan) -> tuple[Load, ...]:
    """Return what waiting clients saw, then what questions saw that arrive at a rate."""
    asked = list(questions) * plan.rounds
    loads = []
    for clients in plan.clients:
        say(f"{len(asked)} questions, waiting clients: {clients}")
        loads.append(closed_loop(ask, asked, clients=clients))
    best = max((load.questions_per_s for load in loads), default=0.0)
    for rate in plan.rates_per_s or [
        max(0.01, round(share * best, 2)) for share in _DEFAULT_SHARES if best
    ]:
        for arrivals in plan.arrivals:
            say(f"{rate:g} questions a second, {arrivals}, {len(asked)} questions")
            loads.append(open_loop(ask, asked, rate_per_s=rate, arrivals=arrivals))
    return tuple(loads)


def measure_arithmetic(machine: Machine) -> Arithmetic:
    """Return what the shipped reader multiplies, and how fast this machine does that alone."""
    network = Network.in_folder(SHIPPED_READER)
    return Arithmetic(network, products_per_s(network, threads=machine.cores))


def measure_depths(
    http: httpx.Client,
    numbers: Iterator[int],
    corpus: Corpus,
    depths: Sequence[int],
    arithmetic: Arithmetic | None,
) -> tuple[Depth, ...]:
    """Return what reading fewer and more passages costs and brings, one client asking."""
    if arithmetic is None:
        return ()
    say(f"{len(corpus.asked)} questions at {len(depths)} depths")
    asks = {n: over_http(http, numbers, passages=n, explain=True) for n in depths}

    @cache
    def article_text(article_id: str) -> str:
        found = http.get(f"/v1/articles/{quote(article_id, safe='')}").raise_for_status()
        return str(found.json()["text"])

    def passage_text(article_id: str, start: int, end: int) -> str:
        return article_text(article_id)[start:end]

    alone = ProductsAlone(arithmetic, passage_text)
    return compare_depths(asks, corpus.asked, products_alone=alone)


def _client(base: str) -> httpx.Client:
    # No limit, or clients would wait for each other and not for the service.
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    return httpx.Client(base_url=base, limits=limits)


def _finish(results: ServiceResults, options: argparse.Namespace) -> None:
    out: Path | None = options.out
    plot = None if out is None or not results.depths else out.with_suffix(f".{options.plot}")
    if plot is not None:
        results = results.model_copy(update={"plot": plot.name})
    print(results.model_dump_json() if options.as_json else section(results))
    if plot is not None:
        # Drawing needs matplotlib, which the measuring does not.
        from scripts.performance.plot import plot_depths

        plot_depths(results, plot)
    write_results(results, out)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--data", type=Path, help="question set to index and ask (default: the seed article)")
    add("--distractors", type=Path, nargs="+", default=[], help="sets of which only the contexts")
    add("--contexts", type=positive, help="most contexts to index (default: all)")
    add(
        "--questions", type=positive, default=200, help="questions of --data to ask, a fixed sample"
    )
    add("--clients", type=positive, nargs="*", default=[1, 2, 4, 8], help="clients that wait")
    add(
        "--rates",
        type=positive_number,
        nargs="+",
        default=[],
        help="questions a second that arrive (default: 50 %% and 80 %% of what clients reached)",
    )
    add("--arrivals", nargs="+", choices=["poisson", "fixed"], default=["poisson"])
    add(
        "--depths",
        type=positive,
        nargs="*",
        default=[5, 10, 20, 40],
        help="passages read, to compare",
    )
    add("--passages", type=positive, default=DEFAULT_PASSAGES, help="passages read under the loads")
    add("--rounds", type=positive, default=1, help="how often each load asks all questions")
    add("--index-dir", type=absolute_path, help="keep the index here, for another run")
    add("--out", type=Path, help="JSON file to write, with the plot beside it")
    add("--plot", choices=["svg", "png"], default="svg", help="format of the plot")
    add("--json", action="store_true", dest="as_json", help="print JSON")
    return parser


def main() -> None:
    """Read the arguments, measure, and print a Markdown section or JSON."""
    options = _parser().parse_args()
    stop_with_what_runs()
    if options.out is not None and options.depths and find_spec("matplotlib") is None:
        fail("the plot beside --out needs matplotlib; install it, or give no --depths")
    make_ready(options.out, inputs=[] if options.data is None else [options.data])
    plan = Plan(
        clients=tuple(options.clients),
        rates_per_s=tuple(options.rates),
        arrivals=tuple(options.arrivals),
        depths=tuple(options.depths),
        passages_read=options.passages,
        rounds=options.rounds,
    )
    failures = told_in_one_line(QuothError, httpx.HTTPError)
    with failures, tempfile.TemporaryDirectory() as folder:
        corpus = seed_corpus()
        if options.data is not None:
            corpus = corpus_of_sets(
                options.data,
                options.distractors,
                Path(folder),
                questions=options.questions,
                contexts=options.contexts,
            )
        index_dir = options.index_dir or Path(folder) / "index"
        command = command_line("scripts.benchmark", sys.argv[1:])
        results = measure(corpus, plan, index_dir, command=command)
    _finish(results, options)


if __name__ == "__main__":
    main()
