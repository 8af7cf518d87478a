"""The contract fuzzer's command: what it makes of schemathesis' report, and of a broken run."""

import json
import sys
from pathlib import Path

import pytest

from scripts.contract.fuzzing import FuzzerError, fuzz
from scripts.contract.page import ContractResults, SeedRun, contract_page
from scripts.performance.results import Machine

REPORT = {
    "schemathesis_version": "4.32.5",
    "seed": 7,
    "complete": True,
    "running_time": 1.25,
    "operations": {"total": 19, "selected": 19, "tested": 18},
    "test_cases": {"generated": 1_200, "with_failures": 2, "unique_failures": 1, "errored": 1},
}
WRITES_IT = """#!{python}
import sys
from pathlib import Path
given = sys.argv
Path(given[given.index("--report-json-path") + 1]).write_text({report!r})
print("found:", *given[1:])
sys.exit({code})
"""


def fake(folder: Path, report: dict[str, object], *, code: int) -> str:
    """Return a command that reports this and ends so."""
    path = folder / "schemathesis"
    script = WRITES_IT.format(python=sys.executable, report=json.dumps(report), code=code)
    path.write_text(script)
    path.chmod(0o755)
    return str(path)


def test_what_schemathesis_counts_is_what_is_reported(tmp_path: Path) -> None:
    command = fake(tmp_path, REPORT, code=1)
    report, said = fuzz(command, "http://127.0.0.1:1", seed=7, examples=3, folder=tmp_path)
    assert "http://127.0.0.1:1/openapi.json --max-examples 3 --seed 7" in said
    assert SeedRun.of(report) == SeedRun(
        seed=7, operations=18, cases=1_200, violations=2, errors=1, seconds=1.2
    )


@pytest.mark.parametrize(
    ("report", "code"),
    [
        pytest.param(REPORT, 2, id="could-not-start"),
        pytest.param({**REPORT, "complete": False}, 0, id="was-stopped"),
    ],
)
def test_a_run_that_did_not_get_to_its_end_is_no_result(
    tmp_path: Path, report: dict[str, object], code: int
) -> None:
    with pytest.raises(FuzzerError, match="schemathesis"):
        fuzz(fake(tmp_path, report, code=code), "http://x", seed=7, examples=3, folder=tmp_path)


def test_the_page_sums_up_the_seeds_and_says_how_to_run_it_again() -> None:
    runs = [
        SeedRun(seed=seed, operations=19, cases=3_000, violations=0, errors=0, seconds=60)
        for seed in (1, 2)
    ]
    results = ContractResults(
        command="python -m scripts.fuzz_contract --cases 5000",
        machine=Machine(cores=2, memory_gib=8, architecture="x86_64", python="3.11.2"),
        schemathesis="4.32.5",
        runs=tuple(runs),
    )
    assert (results.cases, results.faults) == (6_000, 0)
    page = contract_page(results, note="Generated.\n")
    assert page.startswith("# The contract under a fuzzer\n\nGenerated.\n\n")
    assert f"```\n{results.command}\n```" in page
    assert "| all |  | 6,000 | 0 | 0 |  |" in page
