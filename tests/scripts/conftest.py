"""What tests of several commands share: an index to ask, and how a command ends that fails."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest


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
