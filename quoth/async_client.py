"""The client for programs that do other things while they wait."""

from collections.abc import AsyncIterator, Mapping, Sequence
from types import TracebackType
from typing import Self, TypeVar, Unpack

import anyio
import httpx
from pydantic import BaseModel

from quoth.calls import (
    AskOptions,
    Call,
    SearchOptions,
    article_call,
    ask_call,
    listing_call,
    search_call,
    verify_call,
)
from quoth.exchange import Patience, sent_headers, unreachable, unsendable, value_of
from quoth.models import (
    Article,
    ArticleReference,
    AskResponse,
    Citation,
    SearchResponse,
    VerifyResponse,
)

Gives = TypeVar("Gives", bound=BaseModel)


class AsyncClient:
    """Does what `Client` does, and waits with `await`; use with `async with`, or `close` it.

    A service that has keys wants one as `api_key`. A request may take `timeout_s`. Where nothing
    serves yet (503), it is sent again at most `retries` times, each after the wait that the service
    asks for, of `longest_wait_s` at most. All methods raise ClientError.
    """

    def __init__(
        self,
        base_url: str,
        *,
        api_key: str | None = None,
        timeout_s: float = 60.0,
        retries: int = 3,
        longest_wait_s: float = 10.0,
        headers: Mapping[str, str] | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._patience = Patience(retries, longest_wait_s)
        self._http = httpx.AsyncClient(
            base_url=self._base_url,
            timeout=timeout_s,
            headers=sent_headers(headers, api_key),
            transport=transport,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def ask(self, question: str, **options: Unpack[AskOptions]) -> AskResponse:
        """Return the answers that the articles give, each with its source sentences."""
        return await self._send(ask_call(question, options))

    async def search(self, question: str, **options: Unpack[SearchOptions]) -> SearchResponse:
        """Return the passages that bear on a question, best first."""
        return await self._send(search_call(question, options))

    async def article(self, article_id: str) -> Article:
        """Return an article with its text; raises NotFoundError if there is none."""
        return await self._send(article_call(article_id))

    async def articles(self, *, page_size: int = 100) -> AsyncIterator[ArticleReference]:
        """Yield all articles in the order of their ids, a page (1 to 1,000) at a time."""
        after = None
        while True:
            page = await self._send(listing_call(after=after, limit=page_size))
            for article in page.articles:
                yield article
            after = page.next
            if after is None:
                return

    async def verify(self, citations: Sequence[Citation]) -> VerifyResponse:
        """Say of citations (1 to 50) that were given before whether they still hold."""
        return await self._send(verify_call(citations))

    async def _send(self, call: Call[Gives]) -> Gives:
        try:
            request = self._http.build_request(
                call.method, call.path, json=call.body, params=call.parameters
            )
        except (TypeError, ValueError) as error:
            raise unsendable(call, error) from error
        tried = 0
        while True:
            try:
                response = await self._http.send(request)
            except httpx.RequestError as error:
                raise unreachable(call, self._base_url, error) from error
            tried += 1
            wait = self._patience.wait_s(response, tried=tried)
            if wait is None:
                return value_of(response, call)
            await anyio.sleep(wait)
