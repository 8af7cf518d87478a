"""The routes that write articles, and those that tell and move the state of the index."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.exceptions import HTTPException
from starlette.types import Scope

from api.article_bodies import (
    BulkLine,
    BulkSummary,
    DeltaSize,
    IndexState,
    PointerMoved,
    Refresh,
    RollbackBody,
    WriteResult,
    WrittenArticle,
)
from api.article_stream import BulkResponse, Lines
from api.index_writer import IndexWriter
from api.live_index import LiveIndex
from api.responses import PROBLEM_MEDIA_TYPE, Problem
from api.routes import (
    JSON_BODY,
    JSON_BODY_PROBLEMS,
    V1_PROBLEMS,
    ServingDep,
    SettingsDep,
    refuse_parameters,
)
from api.settings import Settings
from index.record import Change, Written
from index.sources.jsonl import read_line, read_plain
from qa.errors import (
    ArticleNotFoundError,
    IndexUnavailableError,
    QuothError,
    SourceError,
    WritesRefusedError,
)
from qa.values import Article

_PROBLEM = {"model": Problem, "content": {PROBLEM_MEDIA_TYPE: {}}}
_REFUSED: dict[int | str, dict[str, object]] = {
    403: {**_PROBLEM, "description": "This service takes no articles."}
}
_TOO_LARGE: dict[int | str, dict[str, object]] = {
    413: {**_PROBLEM, "description": "The article is too large."},
    415: {**_PROBLEM, "description": "The body is neither JSON nor text."},
}
Result = TypeVar("Result")
writing = APIRouter(prefix="/v1", responses=V1_PROBLEMS)
_RESULTS = {
    Change.ADDED: WriteResult.CREATED,
    Change.CHANGED: WriteResult.CHANGED,
    Change.UNCHANGED: WriteResult.UNCHANGED,
}
# How long a request with `refresh=wait_for` waits before it says that it is not so yet.
_PATIENCE_S = 30.0
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


@dataclass(frozen=True, slots=True)
class Writes:
    """The writing side of the service, and what tells when a write can be asked about."""

    writer: IndexWriter
    live_index: LiveIndex

    def settle(self, sequence: int, refresh: Refresh) -> bool:
        """Return whether what serves holds a sequence, after waiting for it if that is wanted.

        After a rollback nothing is published, so that there is nothing to wait for.
        """
        if refresh is Refresh.WAIT_FOR and not self.writer.is_held():
            return self.live_index.wait_for(sequence, timeout_s=_PATIENCE_S)
        return self.live_index.holds(sequence)


def get_writes(request: Request, settings: SettingsDep) -> Writes:
    """Return the writing side; raises WritesRefusedError where it is switched off."""
    if not settings.takes_writes:
        raise WritesRefusedError(
            "this service takes no articles and moves no index; set QUOTH_WRITES=true where it "
            "runs, or use `quoth index` there"
        )
    return Writes(request.app.state.index_writer, request.app.state.live_index)


WritesDep = Annotated[Writes, Depends(get_writes)]
RefreshQuery = Annotated[
    Refresh, Query(description="`wait_for` returns when the change can be asked about.")
]


@writing.put(
    "/articles/{article_id:path}",
    tags=["articles"],
    summary="Put an article",
    responses={
        201: {"model": WrittenArticle, "description": "There was no such article before."},
        **_TOO_LARGE,
        **_REFUSED,
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"type": "object"}},
                "text/plain": {"schema": {"type": "string"}},
            },
        }
    },
)
async def put_article(
    article_id: str,
    request: Request,
    response: Response,
    writes: WritesDep,
    settings: SettingsDep,
    refresh: RefreshQuery = Refresh.NO,
) -> WrittenArticle:
    """Add an article or change it; when this returns, it is durable.

    The body is the article's text (`text/plain`), or JSON with the fields of a line of a `.jsonl`
    source: `text`, and if wanted `title`, `url`, `published`, `authors`, `source`, `language`,
    `tags`; others become metadata. The same content again changes nothing.
    """
    article = _read(article_id, request, await request.body(), settings)

    def write() -> tuple[Written, bool]:
        [written] = writes.writer.put([article])
        return written, writes.settle(written.sequence, refresh)

    written, searchable = await to_thread.run_sync(_guarded(write))
    response.status_code = 201 if written.change is Change.ADDED else 200
    return WrittenArticle(
        id=written.article_id,
        result=_RESULTS[written.change],
        sequence=written.sequence,
        searchable=searchable,
    )


@writing.delete(
    "/articles/{article_id:path}",
    tags=["articles"],
    summary="Delete an article",
    responses={404: {**_PROBLEM, "description": "There is no such article."}, **_REFUSED},
)
def delete_article(
    article_id: str, writes: WritesDep, refresh: RefreshQuery = Refresh.NO
) -> WrittenArticle:
    """Delete an article; when this returns, nothing of it is served any more, by any process."""
    served = _is_served(article_id, writes.live_index)

    def write() -> int | None:
        return writes.writer.delete(article_id, even_if_absent=served)

    sequence = _guarded(write)()
    if sequence is None:
        raise ArticleNotFoundError(article_id)
    writes.settle(sequence, refresh)
    return WrittenArticle(
        id=article_id, result=WriteResult.DELETED, sequence=sequence, searchable=True
    )


@writing.post(
    "/articles",
    tags=["articles"],
    summary="Put many articles",
    response_model=None,
    responses={
        200: {
            "model": BulkLine,
            "description": "A `BulkLine` for each line, and a `BulkSummary` in the end.",
            "content": {"application/x-ndjson": {}},
        },
        415: {**_PROBLEM, "description": "The body is not JSON lines."},
        **_REFUSED,
    },
    openapi_extra={
        "requestBody": {"required": True, "content": {"application/x-ndjson": {"schema": {}}}}
    },
)
def put_articles(
    request: Request,
    writes: WritesDep,
    settings: SettingsDep,
    refresh: RefreshQuery = Refresh.NO,
) -> BulkResponse:
    """Put an article a line, any number of them; a bad line does not harm the others.

    A result says that its article is durable. Send the lines again whose results are missing.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _NDJSON:
        raise HTTPException(
            415,
            "the header Content-Type does not say that the body is JSON lines; send one JSON "
            "object a line with Content-Type: application/x-ndjson",
        )
    bulk = _Bulk(writes, settings.max_article_bytes, refresh)
    return BulkResponse(
        max_line_bytes=2 * settings.max_article_bytes, take=bulk.take, finish=bulk.finish
    )


@writing.get(
    "/index",
    tags=["index"],
    summary="The state of the index",
    dependencies=[Depends(refuse_parameters)],
)
def index_state(request: Request, serving: ServingDep) -> IndexState:
    """Return which generation serves, and what waits to be published."""
    writer: IndexWriter = request.app.state.index_writer
    manifest = serving.generation.manifest
    delta = manifest.delta
    visible, _, passages = serving.generation.tables.counts()
    return IndexState(
        generation=manifest.generation,
        sequence=manifest.sequence,
        articles=visible,
        passages=passages,
        deleted=manifest.counts.articles - visible,
        delta=None
        if delta is None
        else DeltaSize(
            articles=delta.counts.articles,
            passages=delta.counts.passages,
            hidden_articles=delta.hidden.articles,
        ),
        record_sequence=writer.sequence(),
        pending=writer.pending(after=manifest.sequence),
        held=writer.is_held(),
        kept=writer.kept(),
        problem=writer.problem,
    )


@writing.post(
    "/index/rollback",
    tags=["index"],
    summary="Go back to a former generation",
    dependencies=JSON_BODY,
    responses={
        409: {**_PROBLEM, "description": "There is no such generation."},
        **JSON_BODY_PROBLEMS,
        **_REFUSED,
    },
)
def roll_back(body: RollbackBody, writes: WritesDep) -> PointerMoved:
    """Let a kept generation serve again, whole, and hold it: later changes wait in the record.

    What was deleted since stays deleted. `POST /v1/index/resume`, or a run of `quoth index`, ends
    the hold, and publishes what the record holds by then.
    """
    name = writes.writer.roll_back(body.generation)
    writes.live_index.wait_for_generation(name, timeout_s=_PATIENCE_S)
    return PointerMoved(generation=name, held=True)


@writing.post(
    "/index/resume",
    tags=["index"],
    summary="Publish changes again",
    dependencies=[Depends(refuse_parameters)],
    responses=_REFUSED,
)
def resume(writes: WritesDep, serving: ServingDep) -> PointerMoved:
    """End the hold of a rollback; what waits in the record is published."""
    writes.writer.resume()
    return PointerMoved(generation=serving.generation.name, held=False)


class _Bulk:
    """One bulk request: takes lines, and counts what became of them."""

    def __init__(self, writes: Writes, max_bytes: int, refresh: Refresh) -> None:
        self._writes = writes
        self._max_bytes = max_bytes
        self._refresh = refresh
        self._counts = dict.fromkeys(Change, 0)
        self._failed = 0
        self._sequence = 0

    def take(self, lines: Lines) -> bytes:
        """Put the articles of some lines, in one transaction, and return their results."""
        results: dict[int, BulkLine] = {}
        articles: dict[int, Article] = {}
        for number, line in lines:
            try:
                articles[number] = self._article(number, line)
            except SourceError as error:
                results[number] = BulkLine(line=number, error=error.reason)
        try:
            written = self._writes.writer.put(list(articles.values())) if articles else []
        except (sqlite3.Error, QuothError) as error:
            reason = f"could not be stored ({error}); send this line again"
            results |= {
                n: BulkLine(line=n, id=a.article_id, error=reason) for n, a in articles.items()
            }
            written = []
        for number, one in zip(articles, written, strict=False):
            self._counts[one.change] += 1
            self._sequence = max(self._sequence, one.sequence)
            results[number] = BulkLine(
                line=number, id=one.article_id, result=_RESULTS[one.change], sequence=one.sequence
            )
        self._failed += sum(result.error is not None for result in results.values())
        return b"".join(
            results[number].model_dump_json(exclude_none=True).encode() + b"\n"
            for number, _ in lines
        )

    def finish(self, lines: int) -> bytes:
        """Return the last line, after waiting for the changes to be searchable if wanted."""
        summary = BulkSummary(
            lines=lines,
            created=self._counts[Change.ADDED],
            changed=self._counts[Change.CHANGED],
            unchanged=self._counts[Change.UNCHANGED],
            failed=self._failed,
            searchable=self._writes.settle(self._sequence, self._refresh),
        )
        return summary.model_dump_json().encode() + b"\n"

    def _article(self, number: int, line: bytes | None) -> Article:
        where = f"line {number}"
        if line is None:
            raise SourceError(
                where, f"the article is longer than {self._max_bytes} bytes; split it"
            )
        return read_line(line, where=where, id_prefix="article", max_bytes=self._max_bytes)


def _read(article_id: str, request: Request, body: bytes, settings: Settings) -> Article:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
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


def _guarded(write: Callable[[], Result]) -> Callable[[], Result]:
    """Say what to do where the record cannot be written."""

    def guarded() -> Result:
        try:
            return write()
        except sqlite3.Error as error:
            raise IndexUnavailableError(
                f"the record cannot be written ({error}), and nothing was changed; see that its "
                f"disk has room"
            ) from error

    return guarded
