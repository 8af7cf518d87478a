"""What tests of several commands share: an index to ask, and how a command ends that fails."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.scripts.fetched_site import Site


@pytest.fixture(scope="session")
def index_dir(seed_index: Path) -> Path:
    """The index of the seed article with the shipped encoder; tests do not write to it."""
    return seed_index


EndsWithLine = Callable[[str], AbstractContextManager[None]]


@pytest.fixture
def ends_with_line(capsys: pytest.CaptureFixture[str]) -> EndsWithLine:
    """Tells whether the block ends the command, its last line "error: " and then the pattern."""

    @contextmanager
    def ends(pattern: str) -> Iterator[None]:
        with pytest.raises(SystemExit) as end:
            yield
        *_, line = capsys.readouterr().err.splitlines()
        assert re.match(f"error: .*{pattern}", line), line
        assert end.value.code == 1

    return ends


@pytest.fixture
def site() -> Iterator[Site]:
    """A site that serves what a test puts there."""
    site = Site()
    thread = threading.Thread(target=site.server.serve_forever, args=(0.05,))
    thread.start()
    yield site
    site.server.shutdown()
    thread.join()
    site.server.server_close()
