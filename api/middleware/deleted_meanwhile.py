"""No response shows an article that was deleted while the response was made.

A question waits for its turn, and is read for a while; a delete that is acknowledged meanwhile
holds for its answer too. So the last thing before a response goes out is to look up whether
anything in it is deleted, and if so the request is answered again, from what serves then.
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.middleware.kept_body import KeptBody
from api.problems.problem_details import kind_of, problem_response
from api.serving.seen import Seen, ShowsDeleted, seeing
from qa.errors import IndexUnavailableError

Result = TypeVar("Result")
# Each further time something in the response must have been deleted in the time that it took.
_MOST_TIMES = 10
_BUSY = "articles are being deleted faster than this can be answered; try again in a few seconds"


async def until_current(
    work: Callable[[], Awaitable[Result]], shows_deleted: ShowsDeleted
) -> Result:
    """Return what the work gives once it shows nothing deleted; raises IndexUnavailableError."""
    for _ in range(_MOST_TIMES):
        with seeing() as seen:
            result = await work()
        if not shows_deleted(seen):
            return result
    raise IndexUnavailableError(_BUSY)


class DeletedMeanwhileMiddleware:
    """Answers a request again if its response shows what was deleted since it looked.

    The look and the first byte are one step of the event loop, so that no delete can be
    acknowledged between them.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        shows_deleted: ShowsDeleted,
        body_limit: Callable[[Scope], int | None],
    ) -> None:
        """A request without a `body_limit` is a stream of articles, and not kept to be repeated."""
        self._app = app
        self._shows_deleted = shows_deleted
        self._body_limit = body_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, as often as it takes."""
        if scope["type"] != "http" or self._body_limit(scope) is None:
            await self._app(scope, receive, send)
            return
        body = KeptBody(receive)
        for _ in range(_MOST_TIMES):
            with seeing() as seen:
                response = _Checked(send, seen, self._may_not_go)
                await self._app(scope, body.from_its_beginning(), response.send)
            if not response.is_dropped:
                return
        status, kind, title = kind_of(IndexUnavailableError(_BUSY))
        busy = problem_response(Request(scope), status, kind, title, _BUSY)
        await busy(scope, receive, send)

    def _may_not_go(self, seen: Seen) -> bool:
        try:
            return self._shows_deleted(seen)
        except IndexUnavailableError:
            return True  # the next time round the request finds the same, and says so


class _Checked:
    """A response that is looked at when it begins, and goes out whole or not at all."""

    def __init__(self, send: Send, seen: Seen, may_not_go: ShowsDeleted) -> None:
        self._send = send
        self._seen = seen
        self._may_not_go = may_not_go
        self.is_dropped = False

    async def send(self, message: Message) -> None:
        """Send the message, unless the response is dropped."""
        if message["type"] == "http.response.start":
            self.is_dropped = self._may_not_go(self._seen)
        if not self.is_dropped:
            await self._send(message)
