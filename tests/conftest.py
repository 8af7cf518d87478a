"""What tests of several rooms share: the seed article, the shipped reader, services, no settings.

A fixture of a session is made once only if it stands here: one that is imported is another. The
services' own code is imported where it is used, for most tests go without.
"""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import structlog
from hypothesis import settings

from qa.reading.reader import OnnxReader
from qa.reading.reader_folder import SHIPPED_READER
from qa.values import Article

if TYPE_CHECKING:
    from tests.api.conftest import RunningService

ROOT = Path(__file__).parent.parent

# Here, before FAISS and torch are loaded: their threads wait for each other by spinning, for ten
# times as long as they work where another process has the core.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

# Far more than all tests write together.
ROOM_IN_MEMORY = 2 * 2**30

# How long an example takes says how busy a machine is, and nothing of what is tested.
settings.register_profile("quoth", deadline=None)
settings.load_profile("quoth")

# By itself structlog draws the traceback of a fault with all local values, which takes seconds.
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        ),
    ]
)


def pytest_configure() -> None:
    """Let tests write to memory where there is room, for an index syncs every change to the disk.

    A killed process loses nothing of what it wrote there either, and no test cuts the power. What
    is tested takes temporary folders of its own, too, here and in other processes.
    """
    memory = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of its own in it
    if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM_IN_MEMORY:
        tempfile.tempdir = os.environ.setdefault("TMPDIR", str(memory))


@pytest.fixture
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment without the settings that may be in it."""
    for variable in os.environ:
        if variable.upper().startswith("QUOTH_"):
            monkeypatch.delenv(variable)


@pytest.fixture(scope="session")
def seed_article() -> Article:
    """The seed article with its text exactly as the file has it."""
    path = ROOT / "seeds" / "000_751be9ff2f0701a9.txt"
    return Article("seed", "Seed", path.read_bytes().decode("utf-8"))


@pytest.fixture(scope="session")
def reader() -> OnnxReader:
    """The shipped reader, opened once."""
    return OnnxReader.load(SHIPPED_READER, threads=1)


@pytest.fixture(scope="session")
def seed_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the seed article, by `quoth index`; tests do not write to it."""
    from tests.api.conftest import QUOTH, clean_environment

    index_dir = tmp_path_factory.mktemp("seed") / "index"
    subprocess.run(
        [QUOTH, "index", str(ROOT / "seeds"), "--index-dir", str(index_dir)],
        check=True,
        capture_output=True,
        env=clean_environment(),
    )
    return index_dir


@pytest.fixture(scope="session")
def service(
    seed_index: Path, tmp_path_factory: pytest.TempPathFactory
) -> "Iterator[RunningService]":
    """`quoth serve` with the shipped models on an index of the seed article, ready."""
    from tests.api.conftest import answers, quoth_serve, until

    log = tmp_path_factory.mktemp("service") / "service.log"
    with quoth_serve(log, "--index-dir", str(seed_index)) as service:
        until(lambda: answers(f"{service.url}/readyz"), what="ready")
        yield service


@pytest.fixture(scope="session")
def small_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of three articles for fake models; tests do not write to it."""
    from index.build import Silent, build_index
    from index.splitting.passages import PassageBudget
    from tests.api.conftest import MUTE, SHIP, TOWN, FakeEncoder

    folder = tmp_path_factory.mktemp("small")
    source = folder / "articles.jsonl"
    source.write_text("".join(json.dumps(article) + "\n" for article in (SHIP, TOWN, MUTE)))
    build_index(
        [source],
        folder / "index",
        encoder=FakeEncoder(),
        budget=PassageBudget(max_tokens=40, overlap=5),
        progress=Silent(),
    )
    return folder / "index"
