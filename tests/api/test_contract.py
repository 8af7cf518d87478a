"""A contract fuzzer over the whole OpenAPI description; skipped where schemathesis is not there.

Install it apart from the project, put it on PATH, and choose how long it takes:

    CONTRACT_CASES=500 pytest tests/api/test_contract.py

`python -m scripts.fuzz_contract` does the same with the shipped models, seed after seed.
"""

import os
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from scripts.contract.fuzzing import fuzz

SCHEMATHESIS = shutil.which("schemathesis")
# Test cases for each operation and phase.
CASES = int(os.environ.get("CONTRACT_CASES", "12"))


@pytest.mark.skipif(SCHEMATHESIS is None, reason="schemathesis is not on PATH")
def test_no_request_makes_the_service_fail_or_break_its_contract(
    small_index: Path,
    make_app: Callable[..., FastAPI],
    listen: Callable[[FastAPI], AbstractContextManager[str]],
    wait_until: Callable[..., None],
    tmp_path: Path,
) -> None:
    # Articles are put and deleted, too.
    index_dir = shutil.copytree(small_index, tmp_path / "index")
    # Nobody else publishes; looking for it all the time takes as long as answering.
    with listen(make_app(index_dir, poll_seconds=1)) as url:
        wait_until(lambda: httpx.get(f"{url}/readyz").status_code == 200, what="ready")
        report, said = fuzz(str(SCHEMATHESIS), url, seed=1, examples=CASES, folder=tmp_path)
    assert report.test_cases.generated > 500
    assert (report.test_cases.with_failures, report.test_cases.errored) == (0, 0), said
