"""Whose turn it is where a core is wanted by several."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from index.file_names import CURRENT_NAME
from index.giving_way import LONG_WORK, let_questions_go_first

NICEST = 19
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="threads have no niceness")


def niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def run(program: str, index_dir: Path) -> str:
    """Return what a process of its own prints, since it gives way for good."""
    done = subprocess.run(
        [sys.executable, "-c", program, str(index_dir)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_a_thread_gives_way_alone() -> None:
    before, found = niceness(), []

    def work() -> None:
        let_questions_go_first(5)
        found.append(niceness())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [min(before + 5, NICEST)]
    assert niceness() == before


@pytest.mark.parametrize(
    ("serves", "more"),
    [pytest.param(False, 0, id="nothing-serves"), pytest.param(True, LONG_WORK, id="serves")],
)
def test_a_command_gives_way_where_its_index_serves(
    tmp_path: Path, serves: bool, more: int
) -> None:
    if serves:
        (tmp_path / CURRENT_NAME).write_text("20260101T000000.000000Z\n")
    program = (
        "import os, sys; from pathlib import Path\n"
        "from index.giving_way import let_service_go_first\n"
        "let_service_go_first(Path(sys.argv[1])); print(os.nice(0))"
    )
    assert int(run(program, tmp_path)) == min(niceness() + more, NICEST)


def test_a_command_that_may_not_give_way_goes_on(tmp_path: Path) -> None:
    (tmp_path / CURRENT_NAME).write_text("20260101T000000.000000Z\n")
    program = (
        "import os, sys; from pathlib import Path\n"
        "from index.giving_way import let_service_go_first\n"
        "def forbid(by): raise PermissionError(1, 'Operation not permitted')\n"
        "os.nice = forbid; let_service_go_first(Path(sys.argv[1])); print('went on')"
    )
    assert run(program, tmp_path) == "went on\n"
