"""`/mcp` without its cost for those who never call it: the SDK takes a second to import."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

import anyio
from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from api.callers.own_names import own_names
from api.problems.problem_details import status_problem
from api.serving.seen import ShowsDeleted
from api.serving.serving import Serving
from api.settings import Settings

PATH = "/mcp"


class Endpoint(Protocol):
    """An ASGI app that answers while it is running."""

    def running(self) -> AbstractAsyncContextManager[None]:
        """Answer until the end of the block."""
        ...

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        ...


def context_protocol(
    serving: Callable[[], Serving],
    settings: Settings,
    *,
    turns: CapacityLimiter,
    shows_deleted: ShowsDeleted,
) -> "StartedAtFirstCall":
    """Return the app's endpoint, to be routed at `PATH` for POST alone."""

    def make() -> Endpoint:
        from api.mcp.endpoint import ContextEndpoint
        from api.mcp.server import context_server

        server = context_server(
            serving, turns=turns, passages=settings.passages, shows_deleted=shows_deleted
        )
        return ContextEndpoint(server, names=own_names(settings))

    return StartedAtFirstCall(make)


class StartedAtFirstCall:
    """An endpoint that is made, in a thread, and started when it is called for the first time."""

    def __init__(self, make: Callable[[], Endpoint]) -> None:
        self._make = make
        self._endpoint: Endpoint | None = None
        self._called: anyio.Event | None = None
        self._ready = anyio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Answer calls until the end of the block."""
        self._called, self._ready = anyio.Event(), anyio.Event()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._run, self._called)
            yield
            tasks.cancel_scope.cancel()
        self._called, self._endpoint = None, None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, after the start if need be."""
        if self._called is None:
            detail = "the service is not running; try again in a few seconds"
            await status_problem(Request(scope), 503, detail)(scope, receive, send)
            return
        self._called.set()
        await self._ready.wait()
        if self._endpoint is not None:
            await self._endpoint(scope, receive, send)

    async def _run(self, called: anyio.Event) -> None:
        await called.wait()
        endpoint = await to_thread.run_sync(self._make)
        # What a server keeps for all its calls lives in this task.
        async with endpoint.running():
            self._endpoint = endpoint
            self._ready.set()
            await anyio.sleep_forever()
