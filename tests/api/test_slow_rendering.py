"""While an answer is rendered, or what serves is looked up, other requests are answered."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import api.pages.result
import api.responses
from index.generation.generation import Generation
from index.record.deletions import Deletions
from tests.api.conftest import PATIENCE_S, fake_app, listening, until

QUESTION = "How many on the ship?"
CHAT = {"messages": [{"role": "user", "content": QUESTION}]}
# What is blocked never answers: so long a wait tells it from what is only slow.
BLOCKED_S = 5.0

Send = Callable[[httpx.Client], httpx.Response]


def get(path: str, **parameters: str) -> Send:
    return lambda client: client.get(path, params=parameters)


def post(path: str, body: object) -> Send:
    return lambda client: client.post(path, json=body)


def mcp(method: str, **parameters: object) -> Send:
    message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}
    headers = {"accept": "application/json, text/event-stream"}
    return lambda client: client.post("/mcp", json=message, headers=headers)


def tool(name: str, **arguments: str) -> Send:
    return mcp("tools/call", name=name, arguments=arguments)


@pytest.fixture(scope="module")
def address(small_index: Path) -> Iterator[str]:
    """The small index with fake models over HTTP, `/mcp` started."""
    with listening(fake_app(small_index)) as url:
        until(lambda: httpx.get(f"{url}/readyz").status_code == 200, what="ready")
        with httpx.Client(base_url=url, timeout=PATIENCE_S) as client:
            assert mcp("ping")(client).status_code == 200
        yield url


LINKS = (api.responses, "deep_link")
SHOWN = (api.pages.result, "_shown")
# Asked for whatever serves, at each request.
SERVING = (Deletions, "after")
ARTICLE = (Generation, "article")


@pytest.mark.parametrize(
    ("slow", "send"),
    [
        pytest.param(LINKS, get("/v1/ask", q=QUESTION), id="ask"),
        pytest.param(LINKS, get("/v1/ask", q=QUESTION, format="cohere"), id="a-format"),
        pytest.param(LINKS, post("/v1/chat/completions", CHAT), id="chat"),
        pytest.param(LINKS, post("/v1/responses", {"input": QUESTION}), id="responses"),
        pytest.param(LINKS, tool("ask", question=QUESTION), id="ask-tool"),
        pytest.param(SHOWN, get("/", q=QUESTION), id="ask-page"),
        pytest.param(SERVING, get("/"), id="serving-of-the-ask-page"),
        pytest.param(SERVING, get("/articles/town"), id="serving-of-an-article-page"),
        pytest.param(SERVING, tool("ask", question=QUESTION), id="serving-of-a-tool"),
        pytest.param(SERVING, mcp("resources/list"), id="serving-of-resources"),
        pytest.param(ARTICLE, get("/articles/town"), id="article-of-a-page"),
    ],
)
def test_others_are_answered_while_a_response_is_made(
    monkeypatch: pytest.MonkeyPatch, address: str, slow: tuple[Any, str], send: Send
) -> None:
    owner, name = slow
    made = getattr(owner, name)
    begun, goes_on = threading.Event(), threading.Event()
    responses: list[httpx.Response] = []

    def held_up(*arguments: object, **named: object) -> object:
        begun.set()
        goes_on.wait(PATIENCE_S)
        return made(*arguments, **named)

    def ask() -> None:
        with httpx.Client(base_url=address, timeout=PATIENCE_S) as client:
            responses.append(send(client))

    monkeypatch.setattr(owner, name, held_up)
    asking = threading.Thread(target=ask)
    asking.start()
    try:
        assert begun.wait(PATIENCE_S), "what is to be slow was not called"
        assert httpx.get(f"{address}/healthz", timeout=BLOCKED_S).status_code == 200
    finally:
        goes_on.set()
        asking.join()
    (response,) = responses
    assert response.status_code == 200
    assert not response.text.startswith('{"jsonrpc":"2.0","id":1,"error"')
