"""`X-Index-Generation`: the generation that a response comes from, in its headers too."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

GENERATION_HEADER = "x-index-generation"
_KEY = "quoth.generation"


def note_generation(scope: Scope, name: str) -> None:
    """Note in a request's scope which generation it sees."""
    scope[_KEY] = name


class GenerationHeaderMiddleware:
    """Adds the header to every response of a request that has taken a generation, errors too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_generation(message: Message) -> None:
            if message["type"] == "http.response.start" and _KEY in scope:
                MutableHeaders(scope=message)[GENERATION_HEADER] = scope[_KEY]
            await send(message)

        await self._app(scope, receive, send_with_generation)
