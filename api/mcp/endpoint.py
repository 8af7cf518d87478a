"""The protocol over HTTP: each POST to `/mcp` is answered by itself, in JSON."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecurityMiddleware, TransportSecuritySettings
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from api.problems import status_problem

_LOCAL = ("localhost", "127.0.0.1", "[::1]")


class ContextEndpoint:
    """An ASGI app, to be routed for POST alone.

    A page of another site cannot reach it through a name that it made point here (DNS rebinding):
    the headers `Host` and `Origin`, if any, must name this machine or one of `hosts`.
    """

    def __init__(self, server: Server[Any], *, hosts: Sequence[str]) -> None:
        self._server = server
        self._security = TransportSecurityMiddleware(_security([*_LOCAL, *hosts]))
        self._manager: StreamableHTTPSessionManager | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Answer calls until the end of the block."""
        manager = StreamableHTTPSessionManager(self._server, json_response=True, stateless=True)
        async with manager.run():
            self._manager = manager
            try:
                yield
            finally:
                self._manager = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one message, or say why not."""
        request = Request(scope, receive)
        if self._manager is None:
            raise RuntimeError("the endpoint is called outside of its `running` block")
        refusal = await self._security.validate_request(request, is_post=False)
        if refusal is not None:
            detail = (
                "the header Host or Origin does not name this machine; call it as localhost, or "
                "add the name to QUOTH_MCP_HOSTS"
            )
            await status_problem(request, refusal.status_code, detail)(scope, receive, send)
            return
        await self._manager.handle_request(scope, receive, send)


def _security(hosts: Sequence[str]) -> TransportSecuritySettings:
    """Allow the hosts with any port and with none, and pages that they serve."""
    names = [name for host in hosts for name in (host, f"{host}:*")]
    return TransportSecuritySettings(
        allowed_hosts=names,
        allowed_origins=[f"{scheme}://{name}" for scheme in ("http", "https") for name in names],
    )
