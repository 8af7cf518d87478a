"""The Python client of a Quoth service: `from quoth import Client`.

It speaks to the service over HTTP alone, and shares no code with it: it needs httpx and pydantic,
no model and no index. `pip install quoth[client]`.
"""

from quoth.async_client import AsyncClient
from quoth.calls import AskOptions, SearchOptions, Turn
from quoth.client import Client
from quoth.errors import (
    ClientError,
    InvalidRequestError,
    NotFoundError,
    ServiceFailedError,
    UnauthorizedError,
    UnavailableError,
    UnexpectedResponseError,
    UnreachableError,
)
from quoth.models import (
    Answer,
    AnswerRange,
    Article,
    ArticleListing,
    ArticleReference,
    AskResponse,
    Citation,
    Passage,
    Problem,
    SearchResponse,
    SentenceRange,
    VerifiedCitation,
    VerifyResponse,
)

__all__ = [
    "Answer",
    "AnswerRange",
    "Article",
    "ArticleListing",
    "ArticleReference",
    "AskOptions",
    "AskResponse",
    "AsyncClient",
    "Citation",
    "Client",
    "ClientError",
    "InvalidRequestError",
    "NotFoundError",
    "Passage",
    "Problem",
    "SearchOptions",
    "SearchResponse",
    "SentenceRange",
    "ServiceFailedError",
    "Turn",
    "UnauthorizedError",
    "UnavailableError",
    "UnexpectedResponseError",
    "UnreachableError",
    "VerifiedCitation",
    "VerifyResponse",
]
