"""What Prometheus reads at /metrics, read with Prometheus's own parser."""

import math
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample
from starlette.testclient import TestClient

from tests.api.conftest import Open


def samples(client: TestClient) -> Iterator[Sample]:
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain; version=1.0.0")
    for family in text_string_to_metric_families(response.text):
        yield from family.samples


def value(client: TestClient, name: str, **labels: str) -> float:
    """One sample's value; 0 for what has not been counted yet."""
    found = [one.value for one in samples(client) if (one.name, one.labels) == (name, labels)]
    assert len(found) <= 1
    return found[0] if found else 0.0


def added(client: TestClient, act: Callable[[], object], name: str, **labels: str) -> float:
    """By how much a sample grew while something was done."""
    before = value(client, name, **labels)
    act()
    return value(client, name, **labels) - before


def ask(client: TestClient, question: str) -> None:
    assert client.get("/v1/ask", params={"q": question}).status_code == 200


@pytest.mark.parametrize(
    ("question", "outcome"),
    [
        ("How many sailors does the ship carry?", "answered"),
        ("What is not counted in a mute article?", "abstained"),
    ],
)
def test_questions_are_counted_by_whether_they_were_answered(
    small_index: Path, open_service: Open, question: str, outcome: str
) -> None:
    given = {} if outcome == "answered" else {"article_id": "~mute"}
    with open_service(small_index) as client:

        def asked() -> None:
            client.get("/v1/ask", params={"q": question, **given})

        labels = {"outcome": outcome}
        assert added(client, asked, "quoth_questions_total", **labels, by="reading") == 1
        assert added(client, asked, "quoth_questions_total", **labels, by="cache") == 1
        assert added(client, asked, "quoth_questions_total", **labels, by="reading") == 0


def test_a_question_that_was_read_has_its_steps_timed(
    small_index: Path, open_service: Open
) -> None:
    name = "quoth_question_step_duration_seconds_count"
    with open_service(small_index) as client:
        for number, step in enumerate(("wait", "retrieve", "read")):
            question = f"How many sailors are on ship {number}?"
            assert added(client, partial(ask, client, question), name, step=step) == 1
            assert added(client, partial(ask, client, question), name, step=step) == 0


def test_a_question_that_the_time_budget_cut_short_is_counted(
    small_index: Path, open_service: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.reading.read.READ_AT_ONCE", 1)
    # Fast machines read all of this index within the least budget that can be given.
    monkeypatch.setattr("qa.reading.read.time", SimpleNamespace(perf_counter=lambda: math.inf))
    with open_service(small_index) as client:
        body = {"question": "How many gates?", "time_budget_ms": 1}

        def asked() -> None:
            assert client.post("/v1/ask", json=body).json()["degraded"] is not None

        assert added(client, asked, "quoth_questions_cut_short_total") == 1


@pytest.mark.parametrize(
    ("method", "path", "route", "status"),
    [
        ("GET", "/v1/articles/town", "/v1/articles/{article_id}", "200"),
        ("GET", "/v1/articles/ships%2Fnone", "/v1/articles/{article_id}", "404"),
        ("HEAD", "/healthz", "/healthz", "200"),
        ("GET", "/no/such/page", "other", "404"),
        ("POST", "/v1/ask", "/v1/ask", "415"),
        ("POST", "/mcp", "/mcp", "400"),
        ("HEAD", "/mcp", "/mcp", "405"),
    ],
)
def test_requests_are_counted_by_route_and_never_by_address(
    client: TestClient, method: str, path: str, route: str, status: str
) -> None:
    labels = {"method": method, "route": route, "status": status}

    def called() -> None:
        client.request(method, path)

    assert added(client, called, "quoth_requests_total", **labels) == 1
    assert added(client, called, "quoth_request_duration_seconds_count", route=route) == 1


def test_methods_that_callers_make_up_share_one_series(client: TestClient) -> None:
    def called() -> None:
        client.request("BREW", "/healthz")

    labels = {"method": "other", "route": "/healthz", "status": "405"}
    assert added(client, called, "quoth_requests_total", **labels) == 1
    assert "BREW" not in client.get("/metrics").text


def test_nothing_of_questions_and_articles_is_in_it(client: TestClient) -> None:
    ask(client, "Where is the Ålesund?")
    client.get("/v1/articles/ships/the%20Ålesund%20⚓")
    said = client.get("/metrics").text
    assert "lesund" not in said
    assert "Where" not in said


def test_the_state_of_the_index_is_told(client: TestClient) -> None:
    state = client.get("/v1/index").json()
    told = {one.name: one.value for one in samples(client)}
    assert told["quoth_ready"] == 1
    assert told["quoth_index_articles"] == state["articles"]
    assert told["quoth_index_passages"] == state["passages"]
    assert told["quoth_index_pending_articles"] == state["pending"]
    assert [told[f"quoth_index_{one}"] for one in ("held", "aside", "problem")] == [0, 0, 0]
    assert told["quoth_questions_waiting"] == 0


def test_without_an_index_it_says_that_nothing_is_ready(tmp_path: Path, open_service: Open) -> None:
    with open_service(tmp_path, ready=False) as client:
        told = {one.name: one.value for one in samples(client)}
    assert told["quoth_ready"] == 0
    assert not [name for name in told if name.startswith("quoth_index_")]


def test_where_there_are_keys_it_needs_one(small_index: Path, open_service: Open) -> None:
    key = "k" * 16
    with open_service(small_index, api_keys=(key,)) as client:
        assert client.get("/metrics").status_code == 401
        sent = {"Authorization": f"Bearer {key}"}
        assert client.get("/metrics", headers=sent).status_code == 200


def test_the_process_is_told_as_other_programs_tell_theirs(client: TestClient) -> None:
    told = {one.name: one.value for one in samples(client)}
    assert told["process_resident_memory_bytes"] > 0
