"""Ending work that nobody waits for any more."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from anyio import CancelScope
from starlette.exceptions import HTTPException
from starlette.types import Receive

Result = TypeVar("Result")
# Not registered, but what nginx made customary: nobody reads it, but the log shows it.
CALLER_GONE = 499


async def unless_gone(receive: Receive, work: Awaitable[Result]) -> Result:
    """Return what the work gives; cancel it when the caller's connection ends.

    The request's body must have been read before. What runs in a thread runs to its end. Raises
    HTTPException if the caller has gone.
    """
    scope = CancelScope()
    watching = asyncio.create_task(_cancel_when_gone(receive, scope))
    try:
        with scope:
            return await work
    finally:
        watching.cancel()
    raise HTTPException(CALLER_GONE, "the caller closed the connection before the answer")


async def _cancel_when_gone(receive: Receive, scope: CancelScope) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()
