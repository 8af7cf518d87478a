"""Measure the shipped reader for `docs/evaluation.md`: `python -m scripts.report_evaluation`.

Runs every evaluation that the page reports, on the dev sets of `--data`, and keeps the figures in
`docs/evaluation.json`, from which `scripts.generate_docs` writes the page. Takes about half an
hour on two cores. `--only` runs some again and leaves the others' figures as they are.
"""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from api.settings import Settings
from qa.errors import QuothError
from scripts.command_line.failing import told_in_one_line
from scripts.evaluation.altered import Form
from scripts.evaluation.collection import Half
from scripts.evaluation.command import (
    run_abstain,
    run_cite,
    run_lists,
    run_open,
    run_read,
    run_robust,
)
from scripts.evaluation.options import Options
from scripts.evaluation.own_index import mark_as_made
from scripts.evaluation.page import PLOT, RESULTS, Results
from scripts.evaluation.runs import Run


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the question sets lie, and where indexes are kept between evaluations."""

    dev: Path
    train: Path
    work: Path

    def options(
        self, name: str, *, limit: int | None = None, half: Half = Half.ALL, index: str = ""
    ) -> Options:
        """Return the options for a dev set; an index in `work` is one of this command's own."""
        index_dir = self.work / index if index else None
        if index_dir is not None and index_dir.exists():
            mark_as_made(index_dir)
        data = self.dev / f"{name}.jsonl.gz"
        return Options(data, Settings(), limit=limit, half=half, index_dir=index_dir)

    def open_options(self) -> Options:
        """Return the options for what is asked of the open corpus in several ways."""
        return self.options("squad1_dev_b", limit=1000, half=Half.REPORT, index="squad1")


REPORTED: Mapping[str, Callable[[Folders], Run]] = {
    "read-squad1": lambda f: run_read(f.options("squad1_dev_b")),
    "read-squad1-report": lambda f: run_read(f.options("squad1_dev_b", half=Half.REPORT)),
    "read-squad2": lambda f: run_read(f.options("squad2_dev_b", half=Half.REPORT)),
    "read-qed": lambda f: run_read(f.options("qed_dev")),
    "read-qed-report": lambda f: run_read(f.options("qed_dev", half=Half.REPORT)),
    "read-tydiqa": lambda f: run_read(f.options("tydiqa_en_dev")),
    "read-tydiqa-report": lambda f: run_read(f.options("tydiqa_en_dev", half=Half.REPORT)),
    "robust": lambda f: run_robust(f.options("disfl_qa_b", limit=600, half=Half.REPORT)),
    "robust-squad1": lambda f: run_robust(f.options("squad1_dev_b", limit=600, half=Half.REPORT)),
    "open": lambda f: run_open(f.open_options(), distractors=[]),
    "open-whole-articles": lambda f: run_open(
        replace(f.open_options(), whole_articles=True), distractors=[]
    ),
    "open-read-all": lambda f: run_open(replace(f.open_options(), read_all=True), distractors=[]),
    "open-typo": lambda f: run_open(replace(f.open_options(), form=Form.ONE_TYPO), distractors=[]),
    "open-keywords": lambda f: run_open(
        replace(f.open_options(), form=Form.KEYWORDS), distractors=[]
    ),
    "abstain": lambda f: run_abstain(
        f.options("squad1_dev_b", limit=1000, half=Half.REPORT, index="half"),
        plot=PLOT,
    ),
    "abstain-other-names": lambda f: run_abstain(f.open_options(), other_names=True),
    "cite-qed": lambda f: run_cite(f.options("qed_dev", index="qed")),
    "cite-qed-report": lambda f: run_cite(f.options("qed_dev", half=Half.REPORT, index="qed")),
    "cite-selqa": lambda f: run_cite(f.options("evidence_selqa_dev", index="selqa")),
    "lists": lambda f: run_lists(f.options("multispanqa_dev", index="lists")),
    "open-distractors": lambda f: run_open(
        f.options("squad1_dev_b", limit=400, half=Half.REPORT, index="distractors"),
        distractors=[f.train / "squad1_train.jsonl.gz"],
    ),
}


def main() -> None:
    """Run the evaluations one after the other, keeping each as soon as it is done."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with dev/ and train/")
    parser.add_argument(
        "--work", type=Path, required=True, help="folder of this command alone, for its indexes"
    )
    parser.add_argument("--only", nargs="*", choices=list(REPORTED), default=list(REPORTED))
    options = parser.parse_args()
    folders = Folders(options.data / "dev", options.data / "train", options.work)
    with told_in_one_line(OSError):
        folders.work.mkdir(parents=True, exist_ok=True)
    for name in options.only:
        with told_in_one_line(OSError, QuothError):
            run = REPORTED[name](folders).model_copy(update={"questions": {}})
        results = Results.load(RESULTS) if RESULTS.exists() else Results()
        results.with_run(name, run).save(RESULTS)


if __name__ == "__main__":
    main()
