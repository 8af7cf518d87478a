"""A contract fuzzer over the whole OpenAPI description; skipped where schemathesis is not there.

Install it apart from the project, put it on PATH, and choose how long it takes:

    CONTRACT_CASES=500 pytest tests/api/test_contract.py
"""

import os
import shutil
import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

SCHEMATHESIS = shutil.which("schemathesis")
HOOKS = Path(__file__).with_name("schemathesis_hooks.py")
# Test cases for each operation and phase.
CASES = os.environ.get("CONTRACT_CASES", "20")


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
    with listen(make_app(index_dir)) as url:
        wait_until(lambda: httpx.get(f"{url}/readyz").status_code == 200, what="ready")
        ran = subprocess.run(
            [
                str(SCHEMATHESIS),
                "--config-file",
                str(Path(__file__).with_name("schemathesis.toml")),
                "run",
                f"{url}/openapi.json",
                "--max-examples",
                CASES,
                "--no-color",
                "--seed",
                "1",
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env={**os.environ, "SCHEMATHESIS_HOOKS": str(HOOKS)},
        )
    assert ran.returncode == 0, ran.stdout[-10_000:] + ran.stderr[-2_000:]
