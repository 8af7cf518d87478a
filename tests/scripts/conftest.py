"""What tests of several commands share: an index to ask, and how a command ends that fails."""

import gzip
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.scripts.fetched_site import Site

# More than an export looks at.
_QUESTIONS = 15


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


@pytest.fixture(scope="session")
def training_questions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A question set as large as the export of a reader needs one, none with an answer."""
    path = tmp_path_factory.mktemp("questions") / "train.jsonl.gz"
    context = "The river rises in the hills of the north. It ends in the grey sea. "
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for number in range(_QUESTIONS):
            row = {
                "id": str(number),
                "dataset": "d",
                "split": "train",
                "title": "River",
                "context": context * (number + 1),
                "question": f"Where is town {number}?",
                "answers": [],
            }
            file.write(json.dumps(row) + "\n")
    return path
