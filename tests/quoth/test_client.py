"""The client against a real service; `AsyncClient` does the same with `await`."""

import inspect
import json
import subprocess
import sys
from datetime import UTC, date, datetime
from typing import Any

import anyio
import httpx
import pytest

from quoth import (
    AsyncClient,
    Client,
    InvalidRequestError,
    NotFoundError,
    UnauthorizedError,
    UnavailableError,
    UnexpectedResponseError,
    UnreachableError,
)
from tests.api.conftest import SHIP
from tests.quoth.conftest import KEY

QUESTION = "How many sailors are on the ship?"


def test_an_answer_comes_with_citations_that_the_article_bears_out(service_url: str) -> None:
    with Client(service_url) as client:
        response = client.ask(QUESTION, top_k=1)
        (answer,) = response.answers
        (citation,) = answer.citations
        article = client.article(citation.article.id)
        verified = client.verify([citation])
    assert (response.answered, answer.text) == (True, "42")
    sentence = citation.sentence
    assert article.text[sentence.start : sentence.end] == citation.quote
    assert article.published == date(2021, 11, 15)
    assert [one.verdict for one in verified.citations] == ["ok"]


def test_options_reach_the_service(service_url: str) -> None:
    with Client(service_url) as client:
        response = client.ask(
            "How many?",
            published_from=date(2022, 1, 1),
            source="Town Crier",
            article_ids=["town"],
            passages=5,
            min_confidence=0.1,
            time_budget_ms=60_000,
            explain=True,
            history=[{"role": "user", "content": "Tell me of the town."}],
        )
        found = client.search(QUESTION, top_k=1, tags=["sea"])
    assert [answer.text for answer in response.answers] == ["7"]
    assert response.considered is not None
    assert response.explanation is not None
    assert [passage.article.id for passage in found.passages] == [SHIP["id"]]


@pytest.mark.parametrize("page_size", [1, 2, 100])
def test_all_articles_are_listed_whatever_the_page(service_url: str, page_size: int) -> None:
    with Client(service_url) as client:
        listed = [article.id for article in client.articles(page_size=page_size)]
    assert listed == ["ships/the Ålesund ⚓", "town", "~mute"]


def test_the_asynchronous_client_gets_the_same(service_url: str) -> None:
    async def everything() -> list[object]:
        async with AsyncClient(service_url) as client:
            response = await client.ask(QUESTION)
            citations = response.answers[0].citations
            return [
                response.answers,
                (await client.search(QUESTION)).passages,
                await client.article("town"),
                [article async for article in client.articles(page_size=2)],
                (await client.verify(citations)).citations,
            ]

    with Client(service_url) as client:
        answers = client.ask(QUESTION).answers
        assert anyio.run(everything) == [
            answers,
            client.search(QUESTION).passages,
            client.article("town"),
            list(client.articles()),
            client.verify(answers[0].citations).citations,
        ]


def test_both_clients_have_the_same_methods_with_the_same_arguments() -> None:
    def signatures(kind: type) -> dict[str, list[str]]:
        return {
            name.removeprefix("__a").removeprefix("__"): list(inspect.signature(method).parameters)
            for name, method in vars(kind).items()
            if inspect.isfunction(method)
        }

    assert signatures(Client) == signatures(AsyncClient)


def test_a_mistake_is_an_error_that_says_what_to_change(service_url: str) -> None:
    with Client(service_url) as client:
        with pytest.raises(InvalidRequestError, match="question: is empty; ask something") as wrong:
            client.ask(" ")
        with pytest.raises(InvalidRequestError, match="topk: is not known here"):
            client.ask("who?", topk=1)  # type: ignore[call-arg]
        with pytest.raises(NotFoundError, match="no article 'nowhere'"):
            client.article("nowhere")
    assert wrong.value.problem is not None
    assert wrong.value.problem.status == 422
    assert wrong.value.problem.request_id


def test_an_address_where_nothing_listens_is_told() -> None:
    with (
        Client("http://127.0.0.1:9", timeout_s=5) as client,
        pytest.raises(UnreachableError, match=r"POST http://127.0.0.1:9/v1/ask cannot be reached"),
    ):
        client.ask("who?")


def test_a_service_that_has_keys_is_sent_one(service_url_with_key: str) -> None:
    async def ask() -> bool:
        async with AsyncClient(service_url_with_key, api_key=KEY) as client:
            return (await client.ask(QUESTION)).answered

    with Client(service_url_with_key, api_key=KEY, headers={"X-Request-ID": "r"}) as client:
        assert client.ask(QUESTION).answered
    assert anyio.run(ask)
    with (
        Client(service_url_with_key) as client,
        pytest.raises(UnauthorizedError, match="Authorization: Bearer KEY"),
    ):
        client.ask(QUESTION)


def test_an_address_of_something_else_is_told(service_url: str) -> None:
    with (
        Client(f"{service_url}/docs") as client,
        pytest.raises(NotFoundError, match="There is nothing at this address"),
    ):
        client.ask("who?")


def test_an_address_that_leads_elsewhere_is_told_with_the_other() -> None:
    moved = {"location": "https://elsewhere/v1/ask"}
    transport = httpx.MockTransport(lambda _: httpx.Response(301, headers=moved))
    with (
        Client("http://elsewhere", transport=transport) as client,
        pytest.raises(UnexpectedResponseError, match="301 and leads to https://elsewhere/v1/ask;"),
    ):
        client.ask("who?")


def test_a_proxy_without_its_service_is_unavailable() -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(503, text="<h1>Unavailable</h1>"))
    with (
        Client("http://elsewhere", transport=transport, retries=0) as client,
        pytest.raises(UnavailableError, match="answered 503 without saying why"),
    ):
        client.ask("who?")


def test_a_day_may_have_a_time() -> None:
    sent = []

    def responds(request: httpx.Request) -> httpx.Response:
        sent.append(json.loads(request.content)["filters"])
        return httpx.Response(422, json={})

    with (
        Client("http://elsewhere", transport=httpx.MockTransport(responds)) as client,
        pytest.raises(UnexpectedResponseError),
    ):
        client.ask("who?", published_from=datetime(2021, 11, 15, 23, tzinfo=UTC))
    assert sent == [{"published_from": "2021-11-15"}]


@pytest.mark.parametrize(
    ("question", "tags"),
    [
        pytest.param("who \ud800?", ["sea"], id="half-a-character"),
        pytest.param("who?", {"sea"}, id="a-set"),
    ],
)
def test_what_cannot_be_sent_is_an_error_of_the_client(question: str, tags: Any) -> None:
    with (
        Client("http://elsewhere") as client,
        pytest.raises(InvalidRequestError, match="POST /v1/ask cannot be sent: "),
    ):
        client.ask(question, tags=tags)

    async def ask() -> None:
        async with AsyncClient("http://elsewhere") as client:
            await client.ask(question, tags=tags)

    with pytest.raises(InvalidRequestError, match="POST /v1/ask cannot be sent: "):
        anyio.run(ask)


@pytest.mark.parametrize("kind", [Client, AsyncClient])
@pytest.mark.parametrize("key", ["", f"{KEY}\n", f" {KEY}", "ключ"])
def test_what_is_no_key_is_told_without_repeating_it(
    kind: type[Client] | type[AsyncClient], key: str
) -> None:
    with pytest.raises(InvalidRequestError, match="api_key is empty, or has white space") as told:
        kind("http://elsewhere", api_key=key)
    assert KEY not in str(told.value)


def test_the_client_imports_nothing_that_only_the_service_needs() -> None:
    code = "import sys, quoth; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    loaded = {name.partition(".")[0] for name in ran.stdout.split()}
    assert {"httpx", "pydantic", "quoth"} <= loaded
    heavy = {"torch", "faiss", "fastapi", "starlette", "numpy", "onnxruntime", "mcp"}
    assert loaded & (heavy | {"qa", "index", "api", "scripts"}) == set()


def test_what_is_no_response_of_quoth_is_told() -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"question": "who?"}))
    with (
        Client("http://elsewhere", transport=transport) as client,
        pytest.raises(UnexpectedResponseError, match="did not respond as Quoth does"),
    ):
        client.ask("who?")
    page = httpx.MockTransport(lambda _: httpx.Response(502, text="<h1>Bad gateway</h1>"))
    with (
        Client("http://elsewhere", transport=page) as client,
        pytest.raises(UnexpectedResponseError, match="answered 502 without saying why"),
    ):
        client.ask("who?")
