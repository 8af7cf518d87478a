"""What each method of the clients sends, and what it gets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, Literal, TypedDict, TypeVar
from urllib.parse import quote

from pydantic import BaseModel

from quoth.models import (
    Article,
    ArticleListing,
    AskResponse,
    Citation,
    SearchResponse,
    VerifyResponse,
)

Gives = TypeVar("Gives", bound=BaseModel)
_FILTERS = ("published_from", "published_to", "source", "tags", "article_ids")


class Turn(TypedDict):
    """A turn before the question."""

    role: Literal["user", "assistant"]
    content: str


class SearchOptions(TypedDict, total=False):
    """Which articles may answer, and how many results to return; days are included."""

    top_k: int
    published_from: date
    published_to: date
    source: str
    tags: Sequence[str]
    article_ids: Sequence[str]


class AskOptions(SearchOptions, total=False):
    """The same, and how to answer; see `docs/api.md` of the service for ranges and defaults."""

    passages: int
    min_confidence: float
    time_budget_ms: float
    explain: bool
    history: Sequence[Turn]


@dataclass(frozen=True, slots=True)
class Call(Generic[Gives]):
    """One request, and the model of its response."""

    gives: type[Gives]
    method: str
    path: str
    body: Mapping[str, Any] | None = None
    parameters: Mapping[str, str | int] = field(default_factory=dict)


def ask_call(question: str, options: AskOptions) -> Call[AskResponse]:
    """`POST /v1/ask`."""
    return Call(AskResponse, "POST", "/v1/ask", _question(question, options))


def search_call(question: str, options: SearchOptions) -> Call[SearchResponse]:
    """`POST /v1/search`."""
    return Call(SearchResponse, "POST", "/v1/search", _question(question, options))


def article_call(article_id: str) -> Call[Article]:
    """`GET /v1/articles/{article_id}`."""
    return Call(Article, "GET", f"/v1/articles/{quote(article_id, safe='')}")


def listing_call(*, after: str | None, limit: int) -> Call[ArticleListing]:
    """`GET /v1/articles`."""
    parameters: dict[str, str | int] = {"limit": limit}
    if after is not None:
        parameters["after"] = after
    return Call(ArticleListing, "GET", "/v1/articles", parameters=parameters)


def verify_call(citations: Sequence[Citation]) -> Call[VerifyResponse]:
    """`POST /v1/verify`."""
    body = {"citations": [citation.model_dump(mode="json") for citation in citations]}
    return Call(VerifyResponse, "POST", "/v1/verify", body)


def _question(question: str, options: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: _sent(value) for name, value in options.items() if value is not None}
    filters = {name: given.pop(name) for name in _FILTERS if name in given}
    return {"question": question, **given, **({"filters": filters} if filters else {})}


def _sent(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else value
