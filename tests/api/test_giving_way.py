"""What the service does in the background leaves the cores to its questions."""

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from api.serving.loading import Models
from tests.api.conftest import SHIP, Open, Publish, fake_models

NICEST = 19
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="threads have no niceness")


def niceness(thread: threading.Thread) -> int:
    assert thread.native_id is not None
    return os.getpriority(os.PRIO_PROCESS, thread.native_id)


def test_threads_that_publish_fold_and_open_give_way_and_no_others(
    tmp_path: Path, publish: Publish, open_service: Open, wait_until: Callable[..., None]
) -> None:
    publish(tmp_path / "index", [SHIP])
    usual = niceness(threading.main_thread())
    loaded_at: list[int] = []

    def load() -> Models:
        # The reader's threads take over the niceness of the thread that loads it.
        loaded_at.append(niceness(threading.current_thread()))
        return fake_models()

    with open_service(tmp_path / "index", models=load) as client:
        assert client.get("/v1/ask", params={"q": "How many on the ship?"}).status_code == 200
        names = {"live-index": usual + 5, "publisher": usual + 5, "folder": usual + 10}
        wanted = {name: min(how, NICEST) for name, how in names.items()}

        def background() -> dict[str, int]:
            return {t.name: niceness(t) for t in threading.enumerate() if t.name in wanted}

        wait_until(lambda: background() == wanted, what=f"threads are as nice as {wanted}")
        others = [t for t in threading.enumerate() if t.name not in wanted]
        assert {niceness(thread) for thread in others} == {usual}
    assert loaded_at == [usual]
