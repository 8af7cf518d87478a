"""What is deleted while a response is made is not in the response."""

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from api.middleware.deleted_meanwhile import DeletedMeanwhileMiddleware
from api.serving.loading import Models
from api.serving.seen import note_seen, note_shown
from qa.reading.reader import PassageSpan
from tests.api.conftest import PATIENCE_S, FirstNumberReader, Publish, fake_models

SHIP = {"id": "ship", "text": "The ship carries 42 sailors."}
TOWN = {"id": "town", "text": "The town has 7 gates."}
QUESTION = "How many sailors does the ship carry?"


class HaltingReader:
    """Reads as `FirstNumberReader`, but the first time waits in the middle until told to go on."""

    def __init__(self) -> None:
        self.is_reading = threading.Event()
        self.may_go_on = threading.Event()
        self.times = 0

    def read(self, question: str, passages: Iterable[str]) -> Iterable[list[PassageSpan]]:
        self.times += 1
        if self.times == 1:
            self.is_reading.set()
            assert self.may_go_on.wait(PATIENCE_S)
        return FirstNumberReader().read(question, passages)


@pytest.fixture
def reader() -> HaltingReader:
    """The reader of `url`'s service."""
    return HaltingReader()


@pytest.fixture
def url(
    tmp_path: Path,
    publish: Publish,
    make_app: Callable[..., FastAPI],
    listen: Callable[[FastAPI], AbstractContextManager[str]],
    wait_until: Callable[..., None],
    reader: HaltingReader,
) -> Iterator[str]:
    """The address of a service with two articles, over real HTTP."""
    publish(tmp_path / "index", [SHIP, TOWN])

    def models() -> Models:
        return replace(fake_models(), reader=reader)

    with listen(make_app(tmp_path / "index", models=models)) as url:
        wait_until(lambda: httpx.get(f"{url}/readyz").status_code == 200, what="ready")
        yield url


REQUESTS = [
    pytest.param(
        lambda url: httpx.post(f"{url}/v1/ask", json={"question": QUESTION}, timeout=60), id="ask"
    ),
    pytest.param(
        lambda url: httpx.post(
            f"{url}/v1/ask", json={"question": QUESTION, "explain": True}, timeout=60
        ),
        id="explain",
    ),
    pytest.param(
        lambda url: httpx.get(f"{url}/", params={"q": QUESTION}, timeout=60), id="ask-page"
    ),
    pytest.param(
        lambda url: httpx.get(f"{url}/articles/ship", params={"q": QUESTION}, timeout=60),
        id="article-page",
    ),
    pytest.param(
        lambda url: httpx.post(
            f"{url}/v1/chat/completions",
            json={
                "model": "quoth",
                "stream": True,
                "messages": [{"role": "user", "content": QUESTION}],
            },
            timeout=60,
        ),
        id="chat-stream",
    ),
    pytest.param(
        lambda url: httpx.post(
            f"{url}/mcp",
            json={
                "jsonrpc": "2.0",
                "id": 1,
                "method": "tools/call",
                "params": {"name": "ask", "arguments": {"question": QUESTION}},
            },
            headers={
                "Accept": "application/json, text/event-stream",
                "MCP-Protocol-Version": "2025-06-18",
            },
            timeout=60,
        ),
        id="mcp",
    ),
]


@pytest.mark.parametrize("send", REQUESTS)
def test_an_article_deleted_while_it_is_read_is_not_in_the_response(
    url: str, reader: HaltingReader, send: Callable[[str], httpx.Response]
) -> None:
    with ThreadPoolExecutor() as pool:
        asked = pool.submit(send, url)
        assert reader.is_reading.wait(PATIENCE_S)
        assert httpx.delete(f"{url}/v1/articles/ship").status_code == 200
        reader.may_go_on.set()
        response = asked.result()
    assert response.status_code in (200, 404)
    assert "carries" not in response.text


def test_a_question_that_waits_while_the_article_is_deleted_is_answered_without_it(
    url: str, reader: HaltingReader
) -> None:
    def ask(question: str) -> httpx.Response:
        return httpx.post(f"{url}/v1/ask", json={"question": question}, timeout=60)

    with ThreadPoolExecutor() as pool:
        first = pool.submit(ask, "Which number of gates?")
        assert reader.is_reading.wait(PATIENCE_S)
        waiting = [pool.submit(ask, f"{QUESTION} {number}") for number in range(3)]
        for _ in range(20):  # by then the others wait for the reader
            assert httpx.get(f"{url}/healthz").status_code == 200
        assert httpx.delete(f"{url}/v1/articles/ship").status_code == 200
        reader.may_go_on.set()
        answered = [one.result().json() for one in [first, *waiting]]
    for body in answered:
        cited = {c["article"]["id"] for a in body["answers"] for c in a["citations"]}
        assert cited <= {"town"}


def test_a_deletion_that_the_response_does_not_show_is_no_reason_to_read_again(
    url: str, reader: HaltingReader
) -> None:
    body = {"question": QUESTION, "filters": {"article_ids": ["ship"]}}
    with ThreadPoolExecutor() as pool:
        asked = pool.submit(lambda: httpx.post(f"{url}/v1/ask", json=body, timeout=60))
        assert reader.is_reading.wait(PATIENCE_S)
        assert httpx.delete(f"{url}/v1/articles/town").status_code == 200
        reader.may_go_on.set()
        assert asked.result().json()["answers"][0]["text"] == "42"
    assert reader.times == 1


def test_a_question_that_never_catches_up_with_the_deletions_is_refused() -> None:
    """Without a last time, a stream of deletions would keep it for ever."""
    times = 0

    async def app(_: Scope, __: Receive, send: Send) -> None:
        nonlocal times
        times += 1
        note_seen(times, frozenset())
        note_shown(["ship"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"The ship."})

    always = DeletedMeanwhileMiddleware(app, shows_deleted=lambda _: True, body_limit=lambda _: 9)
    response = TestClient(always).get("/")
    assert response.status_code == 503
    assert "deleted faster" in response.json()["detail"]
    assert "retry-after" in response.headers
    assert times == 10


def test_a_body_is_given_again_to_a_request_that_is_answered_again() -> None:
    bodies: list[bytes] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        bodies.append(await Request(scope, receive).body())
        note_seen(len(bodies), frozenset())
        await Response("The ship.")(scope, receive, send)

    twice = DeletedMeanwhileMiddleware(
        app, shows_deleted=lambda seen: seen.sequence == 1, body_limit=lambda _: 99
    )
    assert TestClient(twice).post("/", content=b"a question").text == "The ship."
    assert bodies == [b"a question", b"a question"]


def test_a_response_says_which_generation_answered_in_the_end(
    url: str, reader: HaltingReader
) -> None:
    with ThreadPoolExecutor() as pool:
        asked = pool.submit(
            lambda: httpx.post(f"{url}/v1/ask", json={"question": QUESTION}, timeout=60)
        )
        assert reader.is_reading.wait(PATIENCE_S)
        before = httpx.get(f"{url}/v1/index").json()["generation"]
        deleted = httpx.delete(f"{url}/v1/articles/ship", params={"refresh": "wait_for"})
        assert deleted.status_code == 200
        reader.may_go_on.set()
        response = asked.result()
    assert response.json()["generation"] == response.headers["x-index-generation"] != before
