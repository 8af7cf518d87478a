"""What FAISS is told before it is loaded."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent.parent
_POLICY = "OMP_WAIT_POLICY"


@pytest.mark.parametrize(
    ("given", "turns"), [(None, "0"), ("ACTIVE", "30000000000")], ids=["by-itself", "as-told"]
)
def test_threads_of_faiss_leave_the_cores_to_others_while_they_wait(
    given: str | None, turns: str
) -> None:
    environment = {name: value for name, value in os.environ.items() if name != _POLICY}
    if given is not None:
        environment[_POLICY] = given
    code = f"import os, index.dense.flat; print(os.environ.get('{_POLICY}'))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**environment, "OMP_DISPLAY_ENV": "VERBOSE"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"GOMP_SPINCOUNT = '{turns}'" in done.stderr
    # Others, such as torch, may decide by themselves.
    assert done.stdout.strip() == str(given)
