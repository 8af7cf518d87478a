"""What nobody expected: logged, and answered so that the caller knows whose fault it is."""

import asyncio

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.gone import CALLER_GONE
from api.problems.problem_details import problem_response, status_problem

_log = structlog.get_logger("quoth")


class UnexpectedErrorMiddleware:
    """Logs what nobody expected and answers 500, inside of the request's id and log line."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; an error after the response has begun ends the connection.

        When the service is told to stop, requests that do not end are cancelled. Callers who leave
        while they send are nothing that went wrong here.
        """
        begun = False

        async def send_noting_begin(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_noting_begin)
        except asyncio.CancelledError:
            if begun or scope["type"] != "http":
                raise
            detail = "the service is stopping; send the request again"
            await status_problem(Request(scope), 503, detail)(scope, receive, send)
        except ClientDisconnect:
            if begun:
                raise
            detail = "the caller closed the connection before all of the request was here"
            await status_problem(Request(scope), CALLER_GONE, detail)(scope, receive, send)
        except Exception as error:
            if begun or scope["type"] != "http":
                raise
            _log.error("unexpected error", exc_info=error)
            await _internal_problem(Request(scope))(scope, receive, send)


def _internal_problem(request: Request) -> Response:
    return problem_response(
        request,
        500,
        "internal-error",
        "Quoth failed",
        "this is a fault of the service, not of the request; the log has it under the request id",
    )
