"""A real service with fake models for the client's tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.api.conftest import fake_app, listening, until

KEY = "a-key-0123456789"


@contextmanager
def serving(index_dir: Path, **settings: object) -> Iterator[str]:
    """Serve the index with fake models; gives the address once questions are answered."""
    # It lives to the end of the session and nobody publishes: looking often costs the tests behind.
    app = fake_app(index_dir, poll_seconds=1, **settings)  # type: ignore[arg-type]
    with listening(app) as url:
        until(lambda: httpx.get(f"{url}/readyz").status_code == 200, what="ready")
        yield url


@pytest.fixture(scope="session")
def service_url(small_index: Path) -> Iterator[str]:
    """The address of a service over three articles, ready."""
    with serving(small_index) as url:
        yield url


@pytest.fixture(scope="session")
def service_url_with_key(small_index: Path) -> Iterator[str]:
    """The same, where every request needs the key."""
    with serving(small_index, api_keys=KEY) as url:
        yield url
