"""What `quoth mcp` does: speak the Model Context Protocol on standard input and output."""

from typing import Any

import anyio
from anyio import CapacityLimiter
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server

from api.logging import configure_logging
from api.mcp.server import context_server
from api.serving.live_index import LiveIndex
from api.serving.loading import load_models
from api.settings import Settings


def run_context_server(settings: Settings) -> None:
    """Serve one client until its end of the pipe is closed.

    The log goes to standard error. Raises QuothError if the index or a model cannot be opened.
    """
    configure_logging(settings)
    live_index = LiveIndex(
        settings.index_dir, lambda: load_models(settings), poll_seconds=settings.poll_seconds
    )
    live_index.open()  # a wrong index or model ends the command instead of every call
    live_index.start()
    try:
        anyio.run(_serve, live_index, settings)
    finally:
        live_index.stop()


async def _serve(live_index: LiveIndex, settings: Settings) -> None:
    server: Server[Any] = context_server(
        live_index.serving,
        turns=CapacityLimiter(1),
        passages=settings.passages,
        shows_deleted=live_index.shows_deleted,
    )
    async with stdio_server() as (received, sent):
        await server.run(received, sent, server.create_initialization_options())
