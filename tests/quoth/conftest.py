"""A real service with fake models for the client's tests."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from index.build import Silent, build_index
from index.passages import PassageBudget
from tests.api.conftest import MUTE, SHIP, TOWN, FakeEncoder, fake_app, listening, until


@pytest.fixture(scope="session")
def service_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service over three articles, ready."""
    folder: Path = tmp_path_factory.mktemp("client")
    source = folder / "articles.jsonl"
    source.write_text("".join(json.dumps(article) + "\n" for article in (SHIP, TOWN, MUTE)))
    build_index(
        [source],
        folder / "index",
        encoder=FakeEncoder(),
        budget=PassageBudget(max_tokens=40, overlap=5),
        progress=Silent(),
    )
    with listening(fake_app(folder / "index")) as url:
        until(lambda: httpx.get(f"{url}/readyz").status_code == 200, what="ready")
        yield url
