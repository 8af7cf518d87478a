"""HEAD wherever there is GET: the same response without its body."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class HeadMiddleware:
    """Answers HEAD as GET, and leaves the body out.

    A stream is ended by its first chunk: to the app it looks as if the caller had gone.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        ended = False

        async def receive_until_ended() -> Message:
            return {"type": "http.disconnect"} if ended else await receive()

        async def send_without_body(message: Message) -> None:
            nonlocal ended
            if message["type"] == "http.response.start":
                await send(message)
            elif message["type"] == "http.response.body" and not ended:
                ended = True
                await send({"type": "http.response.body", "body": b"", "more_body": False})

        as_get = {**scope, "method": "GET"}
        await self._app(as_get, receive_until_ended, send_without_body)
        # What counts requests asks for these.
        scope.update({name: as_get[name] for name in ("route", "endpoint") if name in as_get})
