"""docs/evaluation.md: which runs have a row, and what stands in it."""

import pytest

from scripts.evaluation.page import AIMS, Results, evaluation_page
from scripts.evaluation.runs import Run
from scripts.report_evaluation import REPORTED


def run(command: str, em: float) -> Run:
    return Run(task="read", command=command, reader_sha256="0", summary={"em": em, "f1": 90.5})


@pytest.mark.parametrize("name", ["read-squad1", "read-qed", "read-tydiqa", "cite-qed"])
def test_what_is_reported_of_a_whole_file_is_reported_of_unseen_titles_too(name: str) -> None:
    names = [aim.run for aim in AIMS]
    assert names.index(f"{name}-report") == names.index(name) + 1
    assert f"{name}-report" in REPORTED


def test_every_row_is_of_a_run_that_can_be_made() -> None:
    assert {aim.run for aim in AIMS} <= set(REPORTED)


def test_a_row_whose_run_is_missing_is_left_out() -> None:
    whole = Results(runs={"read-squad1": run("read all", 80.5)})
    row = "| the same, titles that nothing was chosen on | `read half` | 70.5 / 90.5 | reported |"
    assert "| EM / F1, passage given | `read all` | 80.5 / 90.5 | 75 / 84 |" in (
        evaluation_page(whole)
    )
    assert row not in evaluation_page(whole)
    assert row in evaluation_page(whole.with_run("read-squad1-report", run("read half", 70.5)))
