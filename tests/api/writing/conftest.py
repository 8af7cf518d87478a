"""Fixtures for the tests that write: each has an index of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import SHIP, TOWN, Open, Publish


@pytest.fixture
def index_dir(tmp_path: Path, publish: Publish) -> Path:
    """An index of two articles, which the test may write to."""
    publish(tmp_path / "index", [SHIP, TOWN])
    return tmp_path / "index"


@pytest.fixture
def client(index_dir: Path, open_service: Open) -> Iterator[TestClient]:
    """The service on it."""
    with open_service(index_dir) as client:
        yield client
