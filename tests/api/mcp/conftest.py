"""Fixtures for the tests of the protocol: the SDK's own client, on real transports."""

import contextlib
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, TypeVar

import anyio
import httpx
import pytest
from fastapi import FastAPI
from mcp import Client, MCPError, StdioServerParameters

from tests.api.conftest import fake_app, listening, until

Found = TypeVar("Found")
Use = Callable[[Client], Awaitable[Found]]


def use_client(
    server: str | StdioServerParameters, use: Use[Found], *, mode: str = "auto"
) -> Found:
    """Connect, let `use` do what it likes, and return what it returns.

    `mode` is the revision of the protocol: "auto" is the newest, "legacy" has a handshake.
    """

    async def run() -> Found | MCPError:
        async with Client(server, mode=mode, read_timeout_seconds=60) as client:
            try:
                return await use(client)
            except MCPError as error:  # outside of the block it would be in a group of errors
                return error

    found = anyio.run(run)
    if isinstance(found, MCPError):
        raise found
    return found


@pytest.fixture(params=["auto", "legacy"])
def mode(request: pytest.FixtureRequest) -> str:
    """Each revision of the protocol that clients speak."""
    value: str = request.param
    return value


Serve = Callable[..., AbstractContextManager[str]]


@pytest.fixture
def serve_fake() -> Serve:
    """A function that serves an index with fake models; gives the address of `/mcp`."""

    @contextlib.contextmanager
    def serving(index_dir: Path, *, ready: bool = True, **settings: Any) -> Iterator[str]:
        with listening(fake_app(index_dir, **settings)) as url:
            if ready:
                until(lambda: httpx.get(f"{url}/readyz").status_code == 200, what="ready")
            yield f"{url}/mcp"

    return serving


@pytest.fixture(scope="module")
def small_service(small_index: Path) -> Iterator[str]:
    """The small index with fake models over HTTP; the address of the service."""
    app: FastAPI = fake_app(small_index)
    with listening(app) as url:
        until(lambda: httpx.get(f"{url}/readyz").status_code == 200, what="ready")
        yield url


@pytest.fixture
def endpoint(small_service: str) -> str:
    """The address of `/mcp` on the small index."""
    return f"{small_service}/mcp"
