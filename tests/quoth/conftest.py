"""A real service with fake models for the client's tests."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from index.build import Silent, build_index
from index.passages import PassageBudget
from tests.api.conftest import MUTE, SHIP, TOWN, FakeEncoder, fake_app, listening, until

KEY = "a-key-0123456789"


@pytest.fixture(scope="session")
def index_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of three articles."""
    folder = tmp_path_factory.mktemp("client")
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


@contextmanager
def serving(index_dir: Path, **settings: object) -> Iterator[str]:
    """Serve the index with fake models; gives the address once questions are answered."""
    with listening(fake_app(index_dir, **settings)) as url:  # type: ignore[arg-type]
        until(lambda: httpx.get(f"{url}/readyz").status_code == 200, what="ready")
        yield url


@pytest.fixture(scope="session")
def service_url(index_dir: Path) -> Iterator[str]:
    """The address of a service over three articles, ready."""
    with serving(index_dir) as url:
        yield url


@pytest.fixture(scope="session")
def service_url_with_key(index_dir: Path) -> Iterator[str]:
    """The same, where every request needs the key."""
    with serving(index_dir, api_keys=KEY) as url:
        yield url
