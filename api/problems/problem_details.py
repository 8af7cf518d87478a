"""Errors as problem details (RFC 9457): one table from exceptions to status codes."""

from typing import Any
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.exceptions import HTTPException
from starlette.routing import Match

from api.article_stream import BulkResponse
from api.callers.came_by import has_no_key
from api.callers.other_sites import OtherSiteError
from api.callers.own_names import OtherNameError
from api.callers.tokens import TokenRefusedError
from api.problem_document import PROBLEM_MEDIA_TYPE, Problem
from api.problems.mistakes import what_to_change
from api.request_id import request_id_of
from index.generation.folders import NoSuchGenerationError
from index.generation.locks import BuildInProgressError
from qa.errors import (
    ArticleNotFoundError,
    IndexUnavailableError,
    InvalidQuestionError,
    ModelError,
    QuothError,
    SourceError,
    WritesRefusedError,
)

_log = structlog.get_logger("quoth")
_TYPE = "urn:problem-type:quoth:"
_KINDS: dict[type[QuothError], tuple[int, str, str]] = {
    InvalidQuestionError: (422, "invalid-request", "The request cannot be used as it is"),
    ArticleNotFoundError: (404, "article-not-found", "There is no such article"),
    IndexUnavailableError: (503, "index-unavailable", "The index cannot be used"),
    ModelError: (503, "model-unavailable", "A model cannot be loaded"),
    SourceError: (422, "invalid-article", "The article cannot be used as it is"),
    WritesRefusedError: (403, "writes-refused", "This service takes no articles"),
    OtherNameError: (421, "other-name", "This service does not go by that name"),
    OtherSiteError: (403, "other-site", "Pages of other sites may not do this"),
    TokenRefusedError: (403, "token-refused", "No token for this page"),
    NoSuchGenerationError: (409, "no-such-generation", "There is no such generation"),
    BuildInProgressError: (409, "build-in-progress", "The index is being built"),
}
_STATUS_KINDS = {
    401: ("unauthorized", "A key is needed"),
    404: ("not-found", "There is nothing at this address"),
    405: ("method-not-allowed", "This address does not take that method"),
    413: ("body-too-large", "The body is too large"),
    415: ("unsupported-content-type", "The body is of a type that is not taken here"),
    421: ("other-name", "This service does not go by that name"),
    422: ("invalid-request", "The request cannot be used as it is"),
    503: ("stopping", "The service is stopping"),
}
_METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
# `HeadMiddleware` makes them the same.
_MATCHED_AS = {"HEAD": "GET"}
_NOT_YOURS = (
    "no questions can be answered at the moment; whoever runs this service finds why in its log"
)


def problem_response(
    request: Request, status: int, kind: str, title: str, detail: str
) -> JSONResponse:
    """Return a problem document."""
    problem = Problem(
        type=_TYPE + kind,
        title=title,
        status=status,
        detail=detail,
        instance=quote(request.scope["path"]),
        request_id=request_id_of(request.scope),
    )
    headers = {"Retry-After": "5"} if status == 503 else None
    return JSONResponse(problem.model_dump(), status, headers, media_type=PROBLEM_MEDIA_TYPE)


def kind_of(error: QuothError) -> tuple[int, str, str]:
    """Return (status code, problem type, title) of an error; raises one that has none."""
    for kind_of_error, described in _KINDS.items():
        if isinstance(error, kind_of_error):
            return described
    raise error


def detail_of(error: QuothError, request: Request) -> str:
    """Return what was wrong and what to do; visitors are not told how the service is set up."""
    if isinstance(error, IndexUnavailableError | ModelError) and has_no_key(request):
        return _NOT_YOURS
    return str(error)


def status_problem(request: Request, status: int, detail: str) -> JSONResponse:
    """Return a problem document for a status code alone."""
    kind, title = _STATUS_KINDS.get(status, ("http-error", "The request failed"))
    return problem_response(request, status, kind, title, detail)


def add_problem_handlers(app: FastAPI) -> None:
    """Make every error of the app a problem document."""
    app.add_exception_handler(QuothError, _on_quoth_error)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(HTTPException, on_http_error)
    app.openapi = lambda: _with_media_types(FastAPI.openapi(app))  # type: ignore[method-assign]  # FastAPI's own way


def _with_media_types(description: dict[str, Any]) -> dict[str, Any]:
    """Move schemas to the media type that is named without one; FastAPI puts all under JSON's.

    Of what is sent in lines, the schema is that of a line, as OpenAPI 3.2 says it.
    """
    for methods in description["paths"].values():
        for route in methods.values():
            for response in route["responses"].values():
                content = response.get("content", {})
                for media_type, key in (
                    (PROBLEM_MEDIA_TYPE, "schema"),
                    (BulkResponse.media_type, "itemSchema"),
                    (CONTENT_TYPE_LATEST, "schema"),
                ):
                    if content.get(media_type) == {} and "application/json" in content:
                        content[media_type] = {key: content.pop("application/json")["schema"]}
    return description


def _on_quoth_error(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, QuothError):
        raise error
    status, kind, title = kind_of(error)
    if status >= 500:
        _log.warning("cannot do that", reason=str(error))
    return problem_response(request, status, kind, title, detail_of(error, request))


def _on_validation_error(request: Request, error: Exception) -> JSONResponse:
    problems = error.errors() if isinstance(error, RequestValidationError) else []
    return status_problem(request, 422, what_to_change(problems))


def on_http_error(request: Request, error: Exception) -> JSONResponse:
    """Return the problem document of an HTTPException; another error is raised."""
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == 400 and isinstance(error.__cause__, ValueError | RecursionError):
        return status_problem(request, 422, _unreadable(error.__cause__))
    details = {
        404: "nothing is served at this address; GET /docs lists all addresses",
        405: f"{request.method} is not possible here; GET /docs lists what is",
    }
    detail = details.get(error.status_code, str(error.detail))
    response = status_problem(request, error.status_code, detail)
    response.headers.update(error.headers or {})
    if error.status_code == 405:
        response.headers["Allow"] = ", ".join(_allowed_methods(request))
    return response


def _allowed_methods(request: Request) -> list[str]:
    """Return what can be done at the request's address; the router names one route's methods."""
    app: FastAPI = request.app
    return [
        method
        for method in _METHODS
        if any(
            route.matches({**request.scope, "method": _MATCHED_AS.get(method, method)})[0]
            is Match.FULL
            for route in app.router.routes
        )
    ]


def _unreadable(cause: ValueError | RecursionError) -> str:
    """Return why FastAPI could not parse a body, which it says in the cause alone."""
    if isinstance(cause, RecursionError):
        return "the body is nested too deeply to be read; send a flat JSON object"
    if isinstance(cause, UnicodeDecodeError):
        return "the body is not UTF-8 text; send JSON in UTF-8"
    return "the body holds a number with too many digits; send a shorter one"
