"""Measure the index by size: `python -m scripts.benchmark_index --data FILE --work DIR`.

Indexes the contexts of a question set, draws synthetic passages that lie to each other as these do,
and measures dense search of every kind and retrieval as a whole at each size. With
`--out docs/index/scale.json` it writes JSON and a plot beside it, from which `scripts.index_report`
makes a section of docs/index.md; sizes that the file has, and this run has not, stay in it. What
`--work` holds of the real passages is used again; the synthetic ones need 5 GiB there for a
million and 32 GiB for ten million, and are removed.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import faiss
from pydantic import ValidationError

from qa.errors import QuothError
from scripts.command_line.failing import fail, told_in_one_line
from scripts.command_line.option_types import absolute_path, positive
from scripts.command_line.outputs import make_ready, write_results
from scripts.command_line.telling import say
from scripts.index_figures.scale import (
    KindResult,
    LikenessResult,
    ScaleResults,
    WholeResult,
    section,
)
from scripts.index_scale.measuring import Measuring
from scripts.index_scale.real import real_passages
from scripts.index_scale.synthetic import RANKS, SyntheticPassages
from scripts.performance.results import Machine, command_line


def run(options: argparse.Namespace, work: Path) -> ScaleResults:
    """Measure every size, smallest first; raises QuothError or OSError."""
    faiss.omp_set_num_threads(options.threads)
    say("indexing the real passages")
    real = real_passages(options.data, work, contexts=options.contexts, questions=options.questions)
    kinds: list[KindResult] = []
    whole: list[WholeResult] = []
    with tempfile.TemporaryDirectory(dir=work) as folder:
        measuring = Measuring(real, Path(folder), questions=options.questions, say=say)
        likeness = _likeness(measuring.synthetic)
        whole.append(measuring.real())
        for count in sorted(options.sizes):
            of_kinds, of_all = measuring.size(count)
            kinds += of_kinds
            whole.append(of_all)
    return ScaleResults(
        commands=(command_line("scripts.benchmark_index", sys.argv[1:]),),
        machine=Machine.here(),
        data=f"contexts of {options.data.name.partition('.')[0]}",
        real_passages=len(real.vectors),
        questions=options.questions,
        threads=options.threads,
        likeness=likeness,
        remarks=tuple(options.remark),
        kinds=tuple(kinds),
        whole=tuple(whole),
    )


def _likeness(synthetic: SyntheticPassages) -> LikenessResult:
    say("comparing synthetic with real vectors")
    found = synthetic.likeness()
    return LikenessResult(
        ranks=RANKS,
        real_passages=found.real_passages,
        synthetic_passages=found.synthetic_passages,
        real_questions=found.real_questions,
        synthetic_questions=found.synthetic_questions,
    )


def _finish(
    results: ScaleResults, former: ScaleResults | None, out: Path | None, ending: str
) -> None:
    if out is None:
        print(section(results))
        return
    # Drawing needs matplotlib, which the measuring does not.
    from scripts.index_scale.plot import plot_scale

    if former is not None:
        results = results.with_other_sizes_of(former)
    plot = out.with_suffix(f".{ending}")
    results = results.model_copy(update={"plot": plot.name})
    print(section(results))
    plot_scale(results, plot)
    write_results(results, out)


def _former(out: Path | None) -> ScaleResults | None:
    """Return the figures to add to, if there are any; raises QuothError or OSError."""
    if out is None or not out.exists():
        return None
    try:
        return ScaleResults.model_validate_json(out.read_bytes())
    except ValidationError as error:
        raise QuothError(f"{out} holds no figures of this command; name another file") from error


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the index by size.")
    add = parser.add_argument
    add("--data", type=Path, required=True, help="question set to learn real vectors from")
    add("--work", type=absolute_path, required=True, help="folder for what is built")
    add("--contexts", type=positive, default=8000, help="most contexts to index of it")
    add("--questions", type=positive, default=500, help="questions to ask at each size")
    add(
        "--sizes",
        type=positive,
        nargs="+",
        default=[100_000, 1_000_000],
        help="numbers of passages",
    )
    add("--threads", type=positive, default=2, help="of FAISS in exact search and drawing")
    add("--out", type=Path, help="JSON file to write or to add sizes to, with the plot beside it")
    add("--remark", action="append", default=[], help="sentence to print with the figures")
    add("--plot", choices=["svg", "png"], default="svg", help="format of the plot")
    return parser.parse_args(arguments)


def main() -> None:
    """Read the arguments, measure, and print a Markdown section."""
    options = _options(sys.argv[1:])
    if options.out is not None and find_spec("matplotlib") is None:
        fail("the plot beside --out needs matplotlib; install it, or give no --out")
    # Before hours are spent on what could not be written.
    make_ready(options.out, inputs=[options.data])
    with told_in_one_line(QuothError, OSError):
        former = _former(options.out)
        results = run(options, options.work)
    _finish(results, former, options.out, options.plot)


if __name__ == "__main__":
    main()
