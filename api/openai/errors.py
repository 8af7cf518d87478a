"""Errors on OpenAI's routes in OpenAI's shape, made of the problem documents of the others."""

import json
import re
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.openai.models import ModelNotFoundError
from api.problem_document import PROBLEM_MEDIA_TYPE
from api.problems.problem_details import problem_response

# The last two are nothing here, but frontends ask for them and show what OpenAI's error says.
_PREFIXES = ("/v1/chat/", "/v1/responses", "/v1/models", "/v1/completions", "/v1/embeddings")
_FIELD = re.compile(r"([a-z_]+(?:\.[A-Za-z0-9_]+)*): ")
# OpenAI answers 400 where a body cannot be used; clients raise BadRequestError.
_STATUSES = {422: 400}
_CODES = {
    "unauthorized": "invalid_api_key",
    "model-not-found": "model_not_found",
    "index-unavailable": "service_unavailable",
    "model-unavailable": "service_unavailable",
    "not-found": "unknown_url",
}


class ErrorObject(BaseModel):
    """What went wrong; `message` says what to change, `param` where."""

    message: str
    type: str
    param: str | None
    code: str | None


class ErrorBody(BaseModel):
    """An error as OpenAI's clients expect it."""

    error: ErrorObject


def add_openai_errors(app: FastAPI) -> None:
    """Make every error on OpenAI's routes one of OpenAI's."""
    app.add_exception_handler(ModelNotFoundError, _on_model_not_found)
    app.add_middleware(OpenAiErrorsMiddleware)
    describe = app.openapi
    app.openapi = lambda: _without_unprocessable(describe())  # type: ignore[method-assign]  # FastAPI's own way


def _without_unprocessable(description: dict[str, Any]) -> dict[str, Any]:
    """Leave out the 422 that FastAPI describes by itself: here it is a 400."""
    for path, methods in description["paths"].items():
        for route in methods.values() if path.startswith(_PREFIXES) else ():
            route["responses"].pop("422", None)
    return description


def _on_model_not_found(request: Request, error: Exception) -> JSONResponse:
    return problem_response(request, 404, "model-not-found", "There is no such model", str(error))


class OpenAiErrorsMiddleware:
    """Turns problem documents on OpenAI's routes into OpenAI's errors, whoever wrote them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; a problem document in the response is rewritten."""
        if scope["type"] != "http" or not scope["path"].startswith(_PREFIXES):
            await self._app(scope, receive, send)
            return
        start: Message | None = None
        body = b""

        async def send_rewritten(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _is_problem(message):
                start = message
                return
            if start is None:
                await send(message)
                return
            body += message.get("body", b"")
            if not message.get("more_body", False):
                rewritten = openai_error(json.loads(body)).model_dump_json().encode()
                headers = MutableHeaders(scope=start)
                headers["content-type"] = "application/json"
                headers["content-length"] = str(len(rewritten))
                status = _STATUSES.get(start["status"], start["status"])
                await send({**start, "status": status})
                await send({"type": "http.response.body", "body": rewritten})

        await self._app(scope, receive, send_rewritten)


def openai_error(problem: dict[str, object]) -> ErrorBody:
    """Return a problem document in OpenAI's shape; `param` is the field that its detail names."""
    detail, kind = str(problem["detail"]), str(problem["type"]).rpartition(":")[2]
    field = _FIELD.match(detail)
    server_failed = int(str(problem["status"])) >= 500
    return ErrorBody(
        error=ErrorObject(
            message=detail,
            type="server_error" if server_failed else "invalid_request_error",
            param=None if field is None or server_failed else field[1],
            code=_CODES.get(kind, kind.replace("-", "_")),
        )
    )


def _is_problem(start: Message) -> bool:
    return any(
        name.lower() == b"content-type" and value.startswith(PROBLEM_MEDIA_TYPE.encode())
        for name, value in start["headers"]
    )
