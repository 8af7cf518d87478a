"""The routes that write articles."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException
from starlette.types import Scope

from api.article_bodies import BulkLine, BulkSummary, WriteResult, WrittenArticle
from api.article_path import ARTICLE_PATH
from api.article_stream import BulkResponse
from api.dependencies import ONCE, V1_PROBLEMS, SettingsDep, media_type_of
from api.problem_document import Responses, problem
from api.serving.live_index import LiveIndex
from api.settings import Settings
from api.writing.article_description import ARTICLE_LINES, ARTICLE_SENT
from api.writing.bulk_put import BulkPut
from api.writing.writes import WRITE_RESULTS, WRITES_REFUSED, WriteQueryDep, WritesDep
from index.record.record import Change, Written
from index.sources.jsonl import read_line, read_plain
from qa.errors import ArticleNotFoundError, IndexUnavailableError, QuothError
from qa.values import Article

_TOO_LARGE: Responses = {
    413: problem("The article is too large."),
    415: problem("The body is neither JSON nor text."),
}
writing = APIRouter(prefix="/v1", responses=V1_PROBLEMS)
# Pages of other sites can make a browser send these without asking first; the others they cannot.
_NDJSON = {"application/x-ndjson", "application/ndjson", "application/jsonl"}


def body_limits(settings: Settings) -> Callable[[Scope], int | None]:
    """Return how many bytes a request's body may have; in JSON, an article may take twice its own.

    The lines of a bulk request are limited each, and not their number.
    """

    def limit_of(scope: Scope) -> int | None:
        method, path = scope["method"], scope["path"]
        if method == "POST" and path == "/v1/articles":
            return None
        if method == "PUT" and path.startswith("/v1/articles/"):
            return max(settings.max_body_bytes, 2 * settings.max_article_bytes)
        return settings.max_body_bytes

    return limit_of


@writing.put(
    ARTICLE_PATH,
    tags=["articles"],
    summary="Put an article",
    dependencies=ONCE,
    responses={
        201: {"model": WrittenArticle, "description": "There was no such article before."},
        **_TOO_LARGE,
        **WRITES_REFUSED,
    },
    openapi_extra=ARTICLE_SENT,
)
async def put_article(
    article_id: str,
    request: Request,
    response: Response,
    writes: WritesDep,
    settings: SettingsDep,
    query: WriteQueryDep,
) -> WrittenArticle:
    """Add an article or change it; when this returns, it is durable.

    The body is the article's text (`text/plain`), or JSON with the fields of a line of a `.jsonl`
    source: `text`, and if wanted `title`, `url`, `published`, `authors`, `source`, `language`,
    `tags`; others become metadata. The same content again changes nothing.
    """
    article = _read(article_id, request, await request.body(), settings)

    def write() -> Written:
        with _writing_to_the_record():
            [written] = writes.writer.put([article])
        return written

    written = await to_thread.run_sync(write)
    searchable = await writes.settle(written.sequence, query.refresh)
    response.status_code = 201 if written.change is Change.ADDED else 200
    return WrittenArticle(
        id=written.article_id,
        result=WRITE_RESULTS[written.change],
        sequence=written.sequence,
        searchable=searchable,
    )


@writing.delete(
    ARTICLE_PATH,
    tags=["articles"],
    summary="Delete an article",
    dependencies=ONCE,
    responses={
        404: problem("There is no such article."),
        **WRITES_REFUSED,
    },
)
async def delete_article(
    article_id: str, writes: WritesDep, query: WriteQueryDep
) -> WrittenArticle:
    """Delete an article; when this returns, nothing of it is served any more, by any process."""

    def delete() -> int | None:
        served = _is_served(article_id, writes.live_index)
        with _writing_to_the_record():
            return writes.writer.delete(article_id, even_if_absent=served)

    sequence = await to_thread.run_sync(delete)
    if sequence is None:
        raise ArticleNotFoundError(article_id)
    await writes.settle(sequence, query.refresh)
    return WrittenArticle(
        id=article_id, result=WriteResult.DELETED, sequence=sequence, searchable=True
    )


@writing.post(
    "/articles",
    tags=["articles"],
    summary="Put many articles",
    dependencies=ONCE,
    response_model=None,
    responses={
        200: {
            "model": BulkLine | BulkSummary,
            "description": "A `BulkLine` for each line, and a `BulkSummary` in the end.",
            "content": {BulkResponse.media_type: {}},
        },
        415: problem("The body is not JSON lines."),
        **WRITES_REFUSED,
    },
    openapi_extra={
        "requestBody": {"required": True, "content": {BulkResponse.media_type: ARTICLE_LINES}}
    },
)
def put_articles(
    request: Request,
    writes: WritesDep,
    settings: SettingsDep,
    query: WriteQueryDep,
) -> BulkResponse:
    """Put an article a line, any number of them; a bad line does not harm the others.

    A result says that its article is durable. Send the lines again whose results are missing.
    """
    if media_type_of(request) not in _NDJSON:
        raise HTTPException(
            415,
            "the header Content-Type does not say that the body is JSON lines; send one JSON "
            "object a line with Content-Type: application/x-ndjson",
        )
    bulk = BulkPut(writes, settings.max_article_bytes, query.refresh)
    return BulkResponse(
        max_line_bytes=2 * settings.max_article_bytes, take=bulk.take, finish=bulk.finish
    )


def _read(article_id: str, request: Request, body: bytes, settings: Settings) -> Article:
    kind = media_type_of(request)
    most = settings.max_article_bytes
    if kind == "application/json":
        return read_line(
            body, where="the body", id_prefix="", max_bytes=most, article_id=article_id
        )
    if kind == "text/plain":
        return read_plain(body, where="the body", article_id=article_id, max_bytes=most)
    raise HTTPException(
        415,
        "the header Content-Type says neither that the body is JSON nor that it is text; send "
        "application/json with the fields, or text/plain with the text",
    )


def _is_served(article_id: str, live_index: LiveIndex) -> bool:
    try:
        live_index.serving().generation.article(article_id)
    except QuothError:
        return False
    return True


@contextmanager
def _writing_to_the_record() -> Iterator[None]:
    """Say what to do where the record cannot be written."""
    try:
        yield
    except sqlite3.Error as error:
        raise IndexUnavailableError(
            f"the record cannot be written ({error}), and nothing was changed; see that it "
            f"may be written and its disk has room"
        ) from error
