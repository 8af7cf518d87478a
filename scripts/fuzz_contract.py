"""Fuzz the service by its own OpenAPI description: `python -m scripts.fuzz_contract --cases 5000`.

Starts the service with the shipped models over the articles in `seeds/` and
`tests/data/dialogues/`, lets schemathesis call all operations, those that write among them, and
repeats that with other seeds until so many cases were sent. Prints a table and a line of JSON; what
breaks the contract goes to standard error, and the exit code is 1 if anything did.
`--out docs/contract.json` keeps the figures for `python -m scripts.generate_docs`.

Schemathesis is installed apart from the project: `pipx install schemathesis`, or name its command
with `--schemathesis`.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from qa.errors import QuothError
from scripts.command_line.failing import fail, told_in_one_line
from scripts.command_line.option_types import not_negative, positive
from scripts.command_line.outputs import make_ready, write_results
from scripts.contract.fuzzing import FuzzReport, fuzz
from scripts.contract.page import ContractResults, SeedRun, contract_table
from scripts.performance.results import Machine, command_line
from scripts.performance.service import (
    ROOT,
    build,
    running_service,
    stop_with_what_runs,
    wait_until_ready,
)

# The description's examples name the seed's article, which is therefore changed and deleted soon;
# the others stay, so that questions go on meeting passages.
_SOURCES = (ROOT / "seeds", ROOT / "tests" / "data" / "dialogues")


def run_seeds(fuzzer: str, *, cases: int, first_seed: int, examples: int) -> Iterator[FuzzReport]:
    """Yield the report of one seed after the other until `cases` were sent, or one has failed.

    `examples` random cases are made of each operation, besides those that cover its limits.
    """
    sent = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        articles = folder / "articles"
        articles.mkdir()
        for path in (path for source in _SOURCES for path in source.glob("*.txt")):
            shutil.copy(path, articles)
        build(articles, folder / "index")
        for seed in count(first_seed):
            index_dir = shutil.copytree(folder / "index", folder / f"index-{seed}")
            with running_service(index_dir) as (process, address):
                wait_until_ready(address, process)
                report, said = fuzz(fuzzer, address, seed=seed, examples=examples, folder=folder)
            shutil.rmtree(index_dir)
            yield report
            sent += report.test_cases.generated
            if report.test_cases.with_failures or report.test_cases.errored:
                print(said, file=sys.stderr)
                return
            if sent >= cases:
                return


def main() -> None:
    """Fuzz, print what came of it, and keep it if told to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cases", type=positive, default=5_000, help="least number of cases")
    parser.add_argument(
        "--seed", type=not_negative, default=1, help="the first one; others count on"
    )
    parser.add_argument("--examples", type=positive, default=100, help="random cases an operation")
    parser.add_argument("--schemathesis", default="schemathesis", help="the command")
    parser.add_argument("--out", type=Path, help="JSON to write, such as docs/contract.json")
    options = parser.parse_args()
    stop_with_what_runs()
    make_ready(options.out)
    fuzzer = shutil.which(options.schemathesis)
    if fuzzer is None:
        fail(f"there is no {options.schemathesis}; install it: pipx install schemathesis")
    reports = []
    with told_in_one_line(QuothError):
        for report in run_seeds(
            str(Path(fuzzer).absolute()),
            cases=options.cases,
            first_seed=options.seed,
            examples=options.examples,
        ):
            print(f"... seed {report.seed}: {report.test_cases}", file=sys.stderr, flush=True)
            reports.append(report)
    results = ContractResults(
        command=command_line("scripts.fuzz_contract", sys.argv[1:]),
        machine=Machine.here(),
        schemathesis=reports[0].schemathesis_version,
        runs=tuple(SeedRun.of(report) for report in reports),
    )
    print(contract_table(results))
    print(results.model_dump_json())
    write_results(results, options.out)
    sys.exit(1 if results.faults else 0)


if __name__ == "__main__":
    main()
