"""Request ids, and what is answered and logged when Quoth itself is at fault."""

import io
import json
import logging
import re
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import structlog
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.logging import configure_logging
from api.settings import Settings
from tests.api.conftest import Open, broken_models


@pytest.fixture
def logging_as_before() -> Iterator[None]:
    """The way of logging, brought back when the test has ended."""
    handlers, configured = logging.getLogger().handlers[:], structlog.get_config()
    yield
    structlog.configure(**configured)
    logging.getLogger().handlers[:] = handlers


@pytest.fixture
def json_log(monkeypatch: pytest.MonkeyPatch, logging_as_before: None) -> io.StringIO:
    """What is logged, as the service logs it."""
    stderr = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stderr)
    configure_logging(Settings())
    return stderr


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.usefixtures("logging_as_before")
def test_the_log_is_for_people_where_one_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", terminal := _Terminal())
    for settings in (Settings(), Settings(log_format="json")):
        configure_logging(settings)
        structlog.get_logger("quoth").info("generation serves", generation="g1")
    for_people, for_machines = terminal.getvalue().splitlines()
    assert "generation serves" in for_people
    assert not for_people.startswith("{")
    assert json.loads(for_machines)["generation"] == "g1"


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


@pytest.mark.parametrize("library", ["uvicorn.error", "mcp.server.streamable_http"])
def test_what_libraries_log_is_json_too(json_log: io.StringIO, library: str) -> None:
    logger = logging.getLogger(library)
    logger.warning("Invalid %s request received.", "HTTP")
    try:
        raise RuntimeError("it broke")
    except RuntimeError:
        logger.exception("Error handling POST request")
    warned, failed = [json.loads(line) for line in json_log.getvalue().splitlines()]
    assert (warned["event"], warned["level"]) == ("Invalid HTTP request received.", "warning")
    assert "RuntimeError: it broke" in failed["exception"]


@pytest.mark.parametrize("sent", [b"PUT /v1/articles/half", b"POST /mcp"])
def test_a_caller_who_leaves_while_he_sends_is_no_fault_of_the_service(
    sent: bytes,
    small_index: Path,
    make_app: Callable[..., FastAPI],
    listen: Callable[[FastAPI], AbstractContextManager[str]],
    wait_until: Callable[..., None],
    json_log: io.StringIO,
) -> None:
    with listen(make_app(small_index, writes=True)) as url:
        wait_until(lambda: httpx.get(f"{url}/readyz").status_code == 200, what="ready")
        address = urlsplit(url)
        with socket.create_connection((str(address.hostname), int(address.port or 0))) as leaving:
            leaving.sendall(
                sent + b" HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n"
                b"Content-Type: text/plain\r\nContent-Length: 1000\r\n\r\nHalf of it"
            )
        method, path = sent.decode().split()
        wait_until(lambda: path in json_log.getvalue(), what="the request ends")
    logged = [json.loads(line) for line in json_log.getvalue().splitlines()]
    assert [entry["status"] for entry in logged if entry.get("method") == method] == [499]
    assert {entry["level"] for entry in logged} == {"info"}


def test_the_log_tells_where_the_time_of_an_answer_went_and_not_what_was_asked(
    small_index: Path, open_service: Open, json_log: io.StringIO
) -> None:
    with open_service(small_index) as client:
        client.post("/v1/ask", json={"question": "How many gates?"}, headers={"X-Request-ID": "q1"})
    lines = [json.loads(line) for line in json_log.getvalue().splitlines()]
    [answered] = [line for line in lines if line["event"] == "answered"]
    assert answered["request_id"] == "q1"
    assert {"waited_ms", "retrieve_ms", "read_ms", "total_ms"} <= answered.keys()
    assert "gates" not in json_log.getvalue()


def test_the_log_has_why_the_service_could_not_do_what_was_asked(
    tmp_path: Path, open_service: Open, json_log: io.StringIO
) -> None:
    with open_service(tmp_path / "none", ready=False) as client:
        refused = client.get("/v1/ask?q=ship", headers={"X-Request-ID": "q2"})
    assert refused.status_code == 503
    lines = [json.loads(line) for line in json_log.getvalue().splitlines()]
    reasons = [
        line["reason"] for line in lines if line.get("request_id") == "q2" and "reason" in line
    ]
    assert reasons == [refused.json()["detail"]]
