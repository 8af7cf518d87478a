"""The lock that is held while a base is built."""

import threading
import time
from pathlib import Path

import pytest

from index.generation.locks import BuildInProgressError, building_lock, is_being_built


def test_whoever_looks_at_the_lock_for_a_moment_keeps_nobody_from_building(tmp_path: Path) -> None:
    looking = threading.Event()

    def look() -> None:
        with building_lock(tmp_path):
            looking.set()
            time.sleep(0.02)

    looker = threading.Thread(target=look)
    looker.start()
    looking.wait()
    with building_lock(tmp_path):
        assert is_being_built(tmp_path)
        with pytest.raises(BuildInProgressError), building_lock(tmp_path):
            pass
    looker.join()
