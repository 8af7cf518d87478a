"""Request ids, and what is answered and logged when Quoth itself is at fault."""

import io
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import structlog
from starlette.testclient import TestClient

from api.live_index import Models
from api.logging import configure_logging
from api.settings import Settings
from qa.reader import PassageSpan
from tests.api.conftest import Open, fake_models


@pytest.fixture
def json_log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What is logged, as the service logs it."""
    stderr = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stderr)
    configure_logging(Settings())
    yield stderr
    structlog.reset_defaults()


class BrokenReader:
    def read(self, question: str, passages: Sequence[str]) -> list[list[PassageSpan]]:
        raise RuntimeError("the reader broke on a secret question")


def broken_models() -> Models:
    return replace(fake_models(), reader=BrokenReader())


@pytest.mark.parametrize("given", ["abc-123", "trace:0/1+2=3", "x" * 128])
def test_a_plain_request_id_comes_back(client: TestClient, given: str) -> None:
    response = client.get("/nope", headers={"X-Request-ID": given})
    assert response.headers["x-request-id"] == given
    assert response.json()["request_id"] == given


@pytest.mark.parametrize("given", [b"", b"two words", b'quote"', b"x" * 129, b"\xc3\xbc"])
def test_any_other_request_id_is_replaced(client: TestClient, given: bytes) -> None:
    response = client.get("/healthz", headers={b"X-Request-ID": given})
    assert re.fullmatch("[0-9a-f]{32}", response.headers["x-request-id"])


def test_requests_without_an_id_get_different_ones(client: TestClient) -> None:
    ids = {client.get("/healthz").headers["x-request-id"] for _ in range(3)}
    assert len(ids) == 3


def test_an_unexpected_error_is_told_to_the_log_and_not_to_the_caller(
    small_index: Path, open_service: Open, json_log: io.StringIO
) -> None:
    with open_service(small_index, models=broken_models) as client:
        response = client.get("/v1/ask?q=ship", headers={"X-Request-ID": "the-one"})
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["x-request-id"] == response.json()["request_id"] == "the-one"
    assert response.json()["type"] == "urn:problem-type:quoth:internal-error"
    assert "broke" not in response.text
    logged = [json.loads(line) for line in json_log.getvalue().splitlines()]
    of_this = [entry for entry in logged if entry.get("request_id") == "the-one"]
    assert [(entry["event"], entry["level"]) for entry in of_this] == [
        ("unexpected error", "error"),
        ("request", "info"),
    ]
    assert "RuntimeError: the reader broke" in of_this[0]["exception"]
    assert of_this[1]["status"] == 500


def test_a_line_break_in_an_address_cannot_forge_a_line_of_the_log(
    client: TestClient, json_log: io.StringIO
) -> None:
    client.get("/nope%0A%7B%22event%22:%20%22forged%22%7D")
    (line,) = json_log.getvalue().splitlines()
    assert json.loads(line)["path"] == '/nope\n{"event": "forged"}'
