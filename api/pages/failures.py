"""Errors as pages tell them to people, with the codes that problem documents have."""

from dataclasses import dataclass

from fastapi import FastAPI, Request, Response

from api.pages.rendering import html_page
from api.problems.problem_details import detail_of, kind_of, on_http_error
from qa.errors import ArticleNotFoundError, InvalidQuestionError, QuothError


@dataclass(frozen=True, slots=True)
class Failure:
    """An error as a page tells it; where `may_pass`, the page looks again by itself."""

    status: int
    title: str
    detail: str
    may_pass: bool

    @classmethod
    def of(cls, error: QuothError, request: Request) -> "Failure":
        """Describe an error to whoever made the request."""
        status, _, title = kind_of(error)
        detail = detail_of(error, request)
        if isinstance(error, InvalidQuestionError):
            title, detail = (
                "This cannot be asked as it is",
                f"{_named(error.field)} {error.problem}",
            )
        elif isinstance(error, ArticleNotFoundError):
            detail = "It may have been removed, or its address is not quite right"
        return cls(status, title, _sentence(detail), may_pass=status == 503)


def add_failure_pages(app: FastAPI) -> None:
    """Tell people by a page, and programs by a problem document, that nothing is at an address."""
    app.add_exception_handler(404, _on_nothing_there)


def _on_nothing_there(request: Request, error: Exception) -> Response:
    if "text/html" not in request.headers.get("accept", ""):
        return on_http_error(request, error)
    failure = Failure(
        404,
        "There is nothing at this address",
        "It may have been mistyped, or what stood here is gone.",
        may_pass=False,
    )
    return html_page(request, "failure.html", status=404, failure=failure, leads_on=True)


def _named(field: str) -> str:
    names = {"question": "The question", "filters": "The filters:", "from": "The first day:"}
    return {**names, "to": "The last day:", "source": "The source:"}.get(field, field)


def _sentence(text: str) -> str:
    closed = text if text.endswith((".", "!", "?")) else f"{text}."
    return closed[:1].upper() + closed[1:]
