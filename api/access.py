"""Who may call what where the service has keys: programs by a key, pages by a token or a pass.

Whatever is not named here needs a key, so that no route is left open because it was forgotten.
"""

import base64
import binascii
import time
from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.callers.came_by import CameBy, note_came_by
from api.callers.passes import has_pass, pass_opens
from api.callers.signatures import is_equal
from api.callers.tokens import origin_of
from api.pages.failures import Failure
from api.pages.rendering import html_page
from api.problems.problem_details import status_problem
from api.settings import Settings

TOKENS_PATH = "/v1/tokens"
# What the service is and whether it is up, and what pages are made with: nothing of the articles.
_OPEN = frozenset({"/healthz", "/readyz", "/docs", "/openapi.json", "/widget.js"})
# All that the widget calls.
_BY_TOKEN = frozenset({"/v1/ask"})
_CURE = "send one of the service's keys, as `Authorization: Bearer KEY`"
_TOKEN_CURE = f"{_CURE}, or from a page of an allowed origin a token that has not expired"


def add_access(app: FastAPI, settings: Settings) -> None:
    """Let nobody in without a key or a token, if the settings have keys; describe both."""
    describe = app.openapi
    app.openapi = lambda: _with_keys(describe())  # type: ignore[method-assign]  # FastAPI's own way
    if settings.api_keys:
        app.add_middleware(AccessMiddleware, keys=settings.keys, visitors=settings.visitors)


def _with_keys(description: dict[str, Any]) -> dict[str, Any]:
    """Say that a key may be needed: whether it is, the settings of each service say."""
    key = {
        "type": "http",
        "scheme": "bearer",
        "description": "A key of `QUOTH_API_KEYS`, where the service has some.",
    }
    description.setdefault("components", {})["securitySchemes"] = {"key": key}
    description["security"] = [{}, {"key": []}]
    return description


class AccessMiddleware:
    """Answers 401 where neither a key nor a token lets a request in."""

    def __init__(self, app: ASGIApp, *, keys: Sequence[str], visitors: bool) -> None:
        """With `visitors`, pages may be read without a key, and tokens be had."""
        self._app = app
        self._keys = tuple(keys)
        self._visitors = visitors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on if it may go on, and say what let it in."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        way = self._way(scope["path"], request)
        if way is None:
            await _refusal(request)(scope, receive, send)
            return
        note_came_by(request, way)
        await self._app(scope, receive, send)

    def _way(self, path: str, request: Request) -> CameBy | None:
        scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
        credentials = credentials.strip()
        if scheme.lower() == "bearer" and self._holds(credentials):
            return CameBy.KEY
        if path in _OPEN or path.startswith("/static/"):
            return CameBy.OPEN
        if self._visitors and (_is_page(path) or (path == TOKENS_PATH and not scheme)):
            return CameBy.OPEN
        if scheme.lower() == "bearer" and path in _BY_TOKEN:
            return CameBy.TOKEN if self._is_from(credentials, request.headers) else None
        # A browser repeats a password by itself, from whatever page: it opens pages, which change
        # nothing and which no other page can read.
        if scheme.lower() == "basic" and _is_page(path) and self._holds(_password(credentials)):
            return CameBy.KEY
        by_pass = _is_article(path) and pass_opens(
            path, request.url.query, self._keys, now=time.time()
        )
        return CameBy.PASS if by_pass else None

    def _holds(self, key: str) -> bool:
        return any(is_equal(key, ours) for ours in self._keys)

    def _is_from(self, token: str, headers: Headers) -> bool:
        origin = origin_of(token, self._keys, now=time.time())
        return origin is not None and origin == headers.get("origin")


def _is_page(path: str) -> bool:
    return path == "/" or _is_article(path)


def _is_article(path: str) -> bool:
    return path.startswith("/articles/")


def _password(credentials: str) -> str:
    try:
        return base64.b64decode(credentials, validate=True).decode().partition(":")[2]
    except (binascii.Error, ValueError):
        return ""


def _refusal(request: Request) -> Response:
    path = request.scope["path"]
    if _is_article(path) and has_pass(request.url.query):
        # A browser that was asked for a password would ask a visitor, who has none.
        detail = "Go back to the page that it is from, and ask again there."
        failure = Failure(403, "This link has expired", detail, may_pass=False)
        return html_page(request, "failure.html", status=403, failure=failure, leads_on=False)
    if _is_page(path):
        detail = "Give one of this service’s keys as the password; the name may be any."
        failure = Failure(401, "A key is needed", detail, may_pass=False)
        response = html_page(request, "failure.html", status=401, failure=failure, leads_on=True)
        response.headers["WWW-Authenticate"] = 'Basic realm="Quoth", charset="UTF-8"'
        return response
    response = status_problem(request, 401, _TOKEN_CURE if path in _BY_TOKEN else _CURE)
    response.headers["WWW-Authenticate"] = 'Bearer realm="Quoth"'
    return response
