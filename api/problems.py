"""Errors as problem details (RFC 9457): one table from exceptions to status codes."""

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.request_id import request_id_of
from api.schemas import Problem
from qa.errors import (
    ArticleNotFoundError,
    IndexUnavailableError,
    InvalidQuestionError,
    ModelError,
    QuothError,
)

_TYPE = "urn:problem-type:quoth:"
_KINDS: dict[type[QuothError], tuple[int, str, str]] = {
    InvalidQuestionError: (422, "invalid-request", "The request cannot be used as it is"),
    ArticleNotFoundError: (404, "article-not-found", "There is no such article"),
    IndexUnavailableError: (503, "index-unavailable", "There is no index to answer from"),
    ModelError: (503, "model-unavailable", "A model cannot be loaded"),
}
_STATUS_KINDS = {
    404: ("not-found", "There is nothing at this address"),
    405: ("method-not-allowed", "This address does not take that method"),
    413: ("body-too-large", "The body is too large"),
    415: ("unsupported-content-type", "The body is not JSON"),
    422: ("invalid-request", "The request cannot be used as it is"),
}
_log = structlog.get_logger("quoth")


def problem_response(
    request: Request, status: int, kind: str, title: str, detail: str
) -> JSONResponse:
    """Return a problem document."""
    problem = Problem(
        type=_TYPE + kind,
        title=title,
        status=status,
        detail=detail,
        instance=request.url.path,
        request_id=request_id_of(request.scope),
    )
    headers = {"Retry-After": "5"} if status == 503 else None
    return JSONResponse(
        problem.model_dump(), status, headers, media_type="application/problem+json"
    )


def status_problem(request: Request, status: int, detail: str) -> JSONResponse:
    """Return a problem document for a status code alone."""
    kind, title = _STATUS_KINDS.get(status, ("http-error", "The request failed"))
    return problem_response(request, status, kind, title, detail)


def add_problem_handlers(app: FastAPI) -> None:
    """Make every error of the app a problem document."""
    app.add_exception_handler(QuothError, _on_quoth_error)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(Exception, _on_unexpected_error)


def _on_quoth_error(request: Request, error: Exception) -> JSONResponse:
    for kind_of_error, (status, kind, title) in _KINDS.items():
        if isinstance(error, kind_of_error):
            return problem_response(request, status, kind, title, str(error))
    return _on_unexpected_error(request, error)


def _on_validation_error(request: Request, error: Exception) -> JSONResponse:
    problems = error.errors() if isinstance(error, RequestValidationError) else []
    details = [_sentence(problem["loc"], problem["msg"]) for problem in problems]
    detail = "; ".join(dict.fromkeys(details))
    return status_problem(request, 422, detail)


def _on_http_error(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        return _on_unexpected_error(request, error)
    details = {
        404: f"nothing is served at {request.url.path}; GET /docs lists all addresses",
        405: f"{request.method} is not possible here; GET /docs lists what is",
    }
    detail = details.get(error.status_code, str(error.detail))
    response = status_problem(request, error.status_code, detail)
    response.headers.update(error.headers or {})
    return response


def _on_unexpected_error(request: Request, error: Exception) -> JSONResponse:
    _log.error("unexpected error", exc_info=error)
    return problem_response(
        request,
        500,
        "internal-error",
        "Quoth failed",
        "this is a fault of the service, not of the request; the log has it under the request id",
    )


def _sentence(location: tuple[int | str, ...], message: str) -> str:
    """Return where the mistake is and what is wrong; the value met is not repeated."""
    place = ".".join(str(part) for part in location if part not in ("body", "query"))
    text = message.encode("ascii", "backslashreplace").decode()
    return f"{place}: {text}" if place else text
