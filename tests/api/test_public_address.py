"""Links of ours behind a proxy begin with the address that the settings name."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import Open

ASK = "How many gates has the town?"


@pytest.fixture(params=["https://news.example/quoth", "https://news.example/quoth/"])
def client(
    small_index: Path, open_service: Open, request: pytest.FixtureRequest
) -> Iterator[TestClient]:
    """A service behind a proxy, with a slash at the end of its address and without."""
    with open_service(small_index, public_url=request.param) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "body"),
    [
        pytest.param("/v1/ask", {"question": ASK, "format": "open-webui"}, id="format"),
        pytest.param(
            "/v1/chat/completions",
            {"model": "quoth", "messages": [{"role": "user", "content": ASK}]},
            id="chat",
        ),
        pytest.param("/v1/responses", {"model": "quoth", "input": ASK}, id="response"),
    ],
)
def test_links_begin_with_the_public_address(
    client: TestClient, path: str, body: dict[str, object]
) -> None:
    said = client.post(path, json=body)
    assert said.status_code == 200, said.text
    assert "https://news.example/quoth/articles/town" in said.text
    assert "testserver" not in said.text


def test_the_description_names_the_public_address(client: TestClient) -> None:
    [server] = client.get("/openapi.json").json()["servers"]
    assert server["url"].rstrip("/") == "https://news.example/quoth"
