"""Refuses bodies that are too large, before and while they are read."""

from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems.problem_details import status_problem


class BodyLimitMiddleware:
    """Answers 413 where a body is over its limit, whether its length is declared or not."""

    def __init__(self, app: ASGIApp, *, limit_of: Callable[[Scope], int | None]) -> None:
        """`limit_of` gives the most bytes that a request's body may have, None for any number."""
        self._app = app
        self._limit_of = limit_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on while its body is within the limit."""
        limit = self._limit_of(scope) if scope["type"] == "http" else None
        if limit is None:
            await self._app(scope, receive, send)
            return
        detail = f"send at most {limit:,} bytes"
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdecimal() and int(declared) > limit:
            await status_problem(Request(scope), 413, detail)(scope, receive, send)
            return
        received = 0

        async def receive_within_limit() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise HTTPException(413, detail)
            return message

        await self._app(scope, receive_within_limit, send)
