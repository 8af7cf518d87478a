"""The protocol over HTTP: each POST to `/mcp` is answered by itself, in JSON."""

from collections.abc import AsyncIterator, Set
from contextlib import asynccontextmanager
from typing import Any

from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from api.callers.own_names import CURE, is_one_of
from api.middleware.kept_body import KeptBody
from api.problems.problem_details import status_problem


class ContextEndpoint:
    """An ASGI app, to be routed for POST alone.

    A page of another site cannot reach it through a name that it made point here (DNS rebinding):
    the headers `Host` and `Origin`, if any, must have one of `names`.
    """

    def __init__(self, server: Server[Any], *, names: Set[str]) -> None:
        self._server = server
        self._names = names
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
        request = Request(scope)
        if self._manager is None:
            raise RuntimeError("the endpoint is called outside of its `running` block")
        status = self._refusal(request)
        if status is not None:
            detail = f"the header Host or Origin does not name this machine; {CURE}"
            await status_problem(request, status, detail)(scope, receive, send)
            return
        # Read here, for the SDK takes a caller that leaves meanwhile for an error of the server.
        body = KeptBody(receive)
        await Request(scope, body.from_its_beginning()).body()
        await self._manager.handle_request(scope, body.from_its_beginning(), send)

    def _refusal(self, request: Request) -> int | None:
        """Return the status that a call through another name is refused with, or None."""
        if not is_one_of(self._names, request.headers.get("host", "")):
            return 421
        origin = request.headers.get("origin")
        if origin is None:
            return None
        scheme, _, authority = origin.partition("://")
        is_ours = scheme in ("http", "https") and is_one_of(self._names, authority)
        return None if is_ours else 403
