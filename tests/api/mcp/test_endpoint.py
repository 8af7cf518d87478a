"""`/mcp` over HTTP: who may call it, and how it refuses."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.mcp.conftest import Serve

PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
ACCEPT = {"accept": "application/json, text/event-stream"}


def test_a_call_is_answered_in_json(endpoint: str) -> None:
    response = httpx.post(endpoint, json=PING, headers=ACCEPT)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.json() == {"jsonrpc": "2.0", "id": 1, "result": {}}
    assert response.headers["x-request-id"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"host": "evil.example"}, 421, id="a-name-that-was-made-to-point-here"),
        pytest.param({"host": "localhost.evil.example:80"}, 421, id="a-name-that-begins-alike"),
        pytest.param({"origin": "https://evil.example"}, 403, id="a-page-of-another-site"),
        pytest.param({"origin": "null"}, 403, id="a-page-without-an-origin"),
    ],
)
def test_a_call_through_another_name_is_refused_with_the_setting_that_allows_it(
    endpoint: str, headers: dict[str, str], status: int
) -> None:
    response = httpx.post(endpoint, json=PING, headers=ACCEPT | headers)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert "QUOTH_MCP_HOSTS" in response.json()["detail"]


def test_a_name_that_is_allowed_may_be_used_with_any_port(
    small_index: Path, serve_fake: Serve
) -> None:
    with serve_fake(small_index, mcp_hosts=("quoth.example.org",)) as endpoint:
        for host in ("quoth.example.org", "quoth.example.org:8443", "localhost", "127.0.0.1:9"):
            headers = {**ACCEPT, "host": host, "origin": "https://quoth.example.org"}
            assert httpx.post(endpoint, json=PING, headers=headers).status_code == 200, host


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_only_posts_are_taken(endpoint: str, method: str) -> None:
    response = httpx.request(method, endpoint)
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'"hello"', b'{"jsonrpc": "2.0"}', b"[" * 20_000, b"\xff\xfe"],
    ids=["nothing", "half", "list", "string", "no-method", "nested", "no-utf-8"],
)
@pytest.mark.parametrize(
    "version", [{}, {"mcp-protocol-version": "2026-07-28"}], ids=["old", "new"]
)
def test_what_is_no_message_is_refused_as_the_callers_mistake(
    endpoint: str, content: bytes, version: dict[str, str]
) -> None:
    headers = {**ACCEPT, **version, "content-type": "application/json"}
    response = httpx.post(endpoint, content=content, headers=headers)
    assert 400 <= response.status_code < 500, response.text
    assert "Traceback" not in response.text


def test_a_body_over_the_limit_is_refused(endpoint: str) -> None:
    body: dict[str, Any] = {**PING, "params": {"x": "x" * 1_100_000}}
    assert httpx.post(endpoint, json=body, headers=ACCEPT).status_code == 413
