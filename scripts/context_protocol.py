"""What `quoth mcp` does: speak the Model Context Protocol on standard input and output."""

import time
from typing import Any

import anyio
from anyio import CapacityLimiter
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server

from api.app import load_models
from api.live_index import LiveIndex
from api.logging import configure_logging
from api.mcp.server import context_server
from api.settings import Settings
from index.generation import open_generation
from qa.errors import IndexUnavailableError

# An index that can be opened at all is open long before.
_PATIENCE_S = 60.0


def run_context_server(settings: Settings) -> None:
    """Serve one client until its end of the pipe is closed.

    The log goes to standard error. Raises QuothError if the index or a model cannot be opened.
    """
    configure_logging(settings)
    # Both are opened here once, so that a wrong one ends the command instead of every call.
    open_generation(settings.index_dir)
    models = load_models(settings)
    live_index = LiveIndex(settings.index_dir, lambda: models, poll_seconds=settings.poll_seconds)
    live_index.start()
    try:
        _wait_until_open(live_index)
        anyio.run(_serve, live_index, settings)
    finally:
        live_index.stop()


def _wait_until_open(live_index: LiveIndex) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            live_index.serving()
        except IndexUnavailableError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


async def _serve(live_index: LiveIndex, settings: Settings) -> None:
    server: Server[Any] = context_server(
        live_index.serving, turns=CapacityLimiter(1), passages=settings.passages
    )
    async with stdio_server() as (received, sent):
        await server.run(received, sent, server.create_initialization_options())
