"""Articles are put, changed and deleted while the service runs."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from api.serving.loading import Models
from api.writing.index_writer import IndexWriter
from index.encoding.encoder import Vectors
from qa.values import Article
from tests.api.conftest import (
    SHIP,
    TOWN,
    FakeEncoder,
    Open,
    RunningService,
    fake_models,
)

NDJSON = {"Content-Type": "application/x-ndjson"}
ASK = {"question": "How many on the ship?", "top_k": 10}


def put(client: TestClient, article_id: str, text: str, *, wait: bool = True) -> dict[str, Any]:
    response = client.put(
        f"/v1/articles/{quote(article_id)}",
        content=text.encode(),
        headers={"Content-Type": "text/plain"},
        params={"refresh": "wait_for"} if wait else {},
    )
    assert response.status_code in {200, 201}, response.text
    written: dict[str, Any] = response.json()
    return written | {"status": response.status_code}


def quotes(client: TestClient) -> list[str]:
    response = client.post("/v1/ask", json=ASK)
    assert response.status_code == 200, response.text
    answers = response.json()["answers"]
    return [citation["quote"] for answer in answers for citation in answer["citations"]]


def listed(client: TestClient) -> list[str]:
    return [article["id"] for article in client.get("/v1/articles").json()["articles"]]


def searched(client: TestClient) -> set[str]:
    response = client.post("/v1/search", json={"question": "the ship", "top_k": 50})
    return {passage["article"]["id"] for passage in response.json()["passages"]}


# One article


@pytest.mark.parametrize("break_", ["%0A", "%0A%0A", "%0D%0A", "%0Aand-more"])
def test_an_id_that_goes_on_behind_a_line_break_is_another_id(
    client: TestClient, break_: str
) -> None:
    address = f"/v1/articles/town{break_}"
    assert client.get(address).json()["type"] == "urn:problem-type:quoth:article-not-found"
    assert client.get(f"/articles/town{break_}").status_code == 404
    assert client.delete(address).status_code == 404
    refused = client.put(address, json={"text": "Nothing."})
    assert refused.status_code == 422
    assert "holds a control character" in refused.json()["detail"]
    assert client.get("/v1/articles/town").json()["text"] == TOWN["text"]


def test_an_article_that_was_put_and_waited_for_is_answered_from(client: TestClient) -> None:
    written = put(client, "new/one ⚓", "The other ship carries 77 sailors.")
    assert (written["status"], written["result"], written["searchable"]) == (201, "created", True)
    assert "The other ship carries 77 sailors." in quotes(client)
    assert client.get("/v1/articles/new/one ⚓").json()["text"].endswith("77 sailors.")
    assert "new/one ⚓" in listed(client)


def test_however_many_wait_for_their_articles_the_service_answers(
    tmp_path: Path,
    make_app: Callable[..., FastAPI],
    listen: Callable[[FastAPI], AbstractContextManager[str]],
    wait_until: Callable[..., None],
) -> None:
    goes_on = threading.Event()

    def models() -> Models:
        goes_on.wait()
        return fake_models()

    app, many = make_app(tmp_path / "index", models=models), 45
    searchable: list[bool] = []

    def put_and_wait(url: str) -> None:
        address = f"{url}/v1/articles/a?refresh=wait_for"
        written = httpx.put(address, json={"text": "A ship."}, timeout=60)
        searchable.append(written.json()["searchable"])

    with listen(app) as url:
        putting = [threading.Thread(target=put_and_wait, args=[url]) for _ in range(many)]
        for thread in putting:
            thread.start()
        try:
            wait_until(lambda: app.state.waits.borrowed_tokens == many, what="all wait")
            assert httpx.get(f"{url}/healthz", timeout=10).status_code == 200
            assert httpx.get(f"{url}/v1/articles", timeout=10).status_code == 503
        finally:
            goes_on.set()
            for thread in putting:
                thread.join()
    assert searchable == [True] * many


def test_a_put_without_waiting_is_searchable_within_a_second(client: TestClient) -> None:
    put(client, "warm", "A first ship with 1 sailor.")
    began = time.perf_counter()
    assert put(client, "soon", "The ship carries 99 sailors.", wait=False)["result"] == "created"
    while "soon" not in searched(client):
        assert time.perf_counter() - began < 10
    # The second is for a machine that does nothing else; this one may run other tests.
    assert time.perf_counter() - began < 3


def test_a_changed_article_is_answered_from_its_new_text_alone(client: TestClient) -> None:
    put(client, "town", "The ship has 8 gates.")
    written = put(client, "town", "The ship has 9 gates.")
    assert (written["status"], written["result"]) == (200, "changed")
    assert "The ship has 9 gates." in quotes(client)
    assert "The ship has 8 gates." not in quotes(client)
    assert client.get("/v1/articles/town").json()["text"] == "The ship has 9 gates."


def test_the_same_article_again_changes_nothing(client: TestClient) -> None:
    first = put(client, "x", "A ship.")
    generation = client.get("/v1/index").json()["generation"]
    again = put(client, "x", "A ship.")
    assert (again["status"], again["result"]) == (200, "unchanged")
    assert again["sequence"] == first["sequence"]
    assert client.get("/v1/index").json()["generation"] == generation


def test_all_fields_of_a_line_of_json_can_be_put(client: TestClient) -> None:
    fields = {"text": "A ship.", "title": "T", "tags": ["a"], "published": "2024-05-06", "k": [1]}
    response = client.put("/v1/articles/full?refresh=wait_for", json=fields)
    assert response.status_code == 201
    article = client.get("/v1/articles/full").json()
    assert {name: article[name] for name in ("title", "tags", "published")} == {
        "title": "T",
        "tags": ["a"],
        "published": "2024-05-06",
    }
    assert article["metadata"] == {"k": [1]}


@pytest.mark.parametrize("what", ["title", "tags"])
def test_a_change_of_what_is_not_text_encodes_nothing(
    index_dir: Path, open_service: Open, what: str
) -> None:
    class Counting(FakeEncoder):
        def encode(self, texts: Sequence[str]) -> Any:
            encoded.extend(texts)
            return super().encode(texts)

    encoded: list[str] = []

    with open_service(index_dir, models=lambda: fake_models(Counting())) as client:
        given: dict[str, object] = {"text": "A ship of passage.", "title": "Old", "tags": ["old"]}
        client.put("/v1/articles/x?refresh=wait_for", json=given)
        assert encoded == ["A ship of passage."]
        given[what] = "New" if what == "title" else ["new"]
        assert client.put("/v1/articles/x?refresh=wait_for", json=given).json()["searchable"]
        assert encoded == ["A ship of passage."]
        assert client.get("/v1/articles/x").json()[what] == given[what]


@pytest.mark.parametrize(
    ("body", "kind", "status", "told"),
    [
        pytest.param(b"", "text/plain", 422, "the text is empty", id="empty"),
        pytest.param(b"\xff", "text/plain", 422, "not UTF-8", id="not-utf-8"),
        pytest.param(b"{", "application/json", 422, "is not JSON", id="broken-json"),
        pytest.param(b'{"text": 5}', "application/json", 422, "field 'text'", id="wrong-type"),
        pytest.param(
            b'{"id": "b", "text": "A."}', "application/json", 422, "in the address", id="id"
        ),
        pytest.param(b"A.", "image/png", 415, "application/json", id="wrong-kind"),
        pytest.param(b"A" * 3000, "text/plain", 413, "2,048 bytes", id="too-large"),
    ],
)
def test_an_article_that_cannot_be_used_is_refused_with_the_reason(
    index_dir: Path, open_service: Open, body: bytes, kind: str, status: int, told: str
) -> None:
    limits = {"max_article_bytes": 1024, "max_body_bytes": 1024}
    with open_service(index_dir, **limits) as client:
        response = client.put("/v1/articles/a", content=body, headers={"Content-Type": kind})
        assert (response.status_code, response.headers["content-type"]) == (
            status,
            "application/problem+json",
        )
        assert told in response.json()["detail"]
        assert "a" not in listed(client)


# Deletion


@pytest.mark.parametrize(
    ("parameters", "problem"),
    [
        pytest.param(
            "refesh=wait_for", "refesh: is not known here; correct its name", id="misspelt"
        ),
        pytest.param(
            "refresh=wait_for&refresh=false", "refresh: is given 2 times; give it once", id="twice"
        ),
    ],
)
def test_a_parameter_that_would_be_passed_over_is_refused_and_nothing_is_written(
    client: TestClient, parameters: str, problem: str
) -> None:
    kinds = {"Content-Type": "text/plain"}
    for method, path, headers in (
        ("PUT", "/v1/articles/passed-over", kinds),
        ("DELETE", "/v1/articles/town", {}),
        ("POST", "/v1/articles", {"Content-Type": "application/x-ndjson"}),
    ):
        content = b'{"id": "passed-over", "text": "No."}' if headers else None
        response = client.request(method, f"{path}?{parameters}", content=content, headers=headers)
        assert response.status_code == 422, method
        assert response.json()["detail"].startswith(problem)
    assert client.get("/v1/articles/passed-over").status_code == 404
    assert client.get("/v1/articles/town").status_code == 200


def test_what_is_deleted_is_nowhere_from_the_next_request_on(client: TestClient) -> None:
    assert any("42 sailors" in quote for quote in quotes(client))
    response = client.delete(f"/v1/articles/{quote(str(SHIP['id']))}")
    assert (response.status_code, response.json()["result"]) == (200, "deleted")
    assert not any("42 sailors" in quote for quote in quotes(client))
    assert SHIP["id"] not in listed(client)
    assert SHIP["id"] not in searched(client)
    assert client.get(f"/v1/articles/{quote(str(SHIP['id']))}").status_code == 404
    assert client.delete(f"/v1/articles/{quote(str(SHIP['id']))}").status_code == 404


def test_another_service_on_the_same_index_serves_nothing_deleted_either(
    index_dir: Path, open_service: Open
) -> None:
    # It looks for generations once a minute, so that only the record can have told it.
    with (
        open_service(index_dir) as one,
        open_service(index_dir, poll_seconds=60, writes=False) as other,
    ):
        assert any("42 sailors" in quote for quote in quotes(other))
        generation = other.get("/v1/index").json()["generation"]
        one.delete(f"/v1/articles/{quote(str(SHIP['id']))}")
        assert quotes(other) == [q for q in quotes(other) if "42 sailors" not in q]
        assert SHIP["id"] not in listed(other)
        state = other.get("/v1/index").json()
        assert (state["generation"], state["deleted"]) == (generation, 1)


def test_an_article_put_again_after_its_deletion_comes_back_with_its_new_text(
    client: TestClient,
) -> None:
    client.delete("/v1/articles/town")
    put(client, "town", "The ship of the town has 5 masts.")
    assert "The ship of the town has 5 masts." in quotes(client)
    assert client.get("/v1/articles/town").json()["text"].endswith("5 masts.")


# Many at once


def bulk(client: TestClient, *lines: str, **parameters: str) -> list[dict[str, Any]]:
    body = "".join(line + "\n" for line in lines)
    response = client.post("/v1/articles", content=body.encode(), headers=NDJSON, params=parameters)
    assert response.status_code == 200, response.text
    return [json.loads(line) for line in response.text.splitlines()]


def test_an_article_whose_id_holds_steps_is_opened_by_the_links_to_it(client: TestClient) -> None:
    address = "/v1/articles/ships%2F..%2Ffleet?refresh=wait_for"
    client.put(address, json={"text": "The ship carries 99 sailors."})
    answers = client.post("/v1/ask", json=ASK).json()["answers"]
    links = [citation["viewer_link"] for answer in answers for citation in answer["citations"]]
    [link] = [link for link in links if "fleet" in link]
    assert link.startswith("/articles/ships%2F..%2Ffleet#")
    assert "99 sailors" in client.get(link.partition("#")[0]).text


def test_a_bad_line_does_not_harm_the_others(client: TestClient) -> None:
    *results, summary = bulk(
        client,
        '{"id": "a", "text": "A ship with 11 sails."}',
        '{"id": "b"}',
        "",
        "no JSON",
        '{"id": "town", "text": "The ship met 12 towns."}',
        '{"id": "a", "text": "A ship with 11 sails."}',
        refresh="wait_for",
    )
    assert [(r["line"], r.get("id"), r.get("result")) for r in results] == [
        (1, "a", "created"),
        (2, None, None),
        (4, None, None),
        (5, "town", "changed"),
        (6, "a", "unchanged"),
    ]
    assert "field 'text' is missing" in results[1]["error"]
    assert "is not JSON" in results[2]["error"]
    assert summary == {
        "lines": 6,
        "created": 1,
        "changed": 1,
        "unchanged": 1,
        "failed": 2,
        "searchable": True,
    }
    assert {"A ship with 11 sails.", "The ship met 12 towns."} <= set(quotes(client))


def test_a_line_that_is_too_long_is_refused_alone(index_dir: Path, open_service: Open) -> None:
    with open_service(index_dir, max_article_bytes=1024) as client:
        long = json.dumps({"id": "long", "text": "x" * 5000})
        results = bulk(client, long, '{"id": "a", "text": "A ship."}', long)
    assert [("error" in r, r.get("id")) for r in results[:3]] == [
        (True, None),
        (False, "a"),
        (True, None),
    ]
    assert "longer than 1024 bytes" in results[0]["error"]


def test_results_come_while_articles_are_still_sent(
    index_dir: Path,
    make_app: Callable[..., FastAPI],
    listen: Callable[[FastAPI], AbstractContextManager[str]],
    wait_until: Callable[..., None],
) -> None:
    came = threading.Event()
    timely: list[bool] = []

    def lines() -> Iterator[bytes]:
        for number in range(300):
            yield json.dumps({"id": f"n{number}", "text": f"Ship {number}."}).encode() + b"\n"
        timely.append(came.wait(20))
        yield b'{"id": "last", "text": "The last ship."}\n'

    with listen(make_app(index_dir)) as url, httpx.Client(base_url=url, timeout=60) as client:
        wait_until(lambda: client.get("/readyz").status_code == 200, what="ready")

        def send() -> None:
            # httpx reads nothing before it has sent all: what comes early waits on its socket.
            response = client.post("/v1/articles", content=lines(), headers=NDJSON)
            results.extend(json.loads(line) for line in response.text.splitlines())

        results: list[dict[str, Any]] = []
        sender = threading.Thread(target=send)
        sender.start()
        with httpx.Client(base_url=url) as watcher:
            wait_until(
                lambda: watcher.get("/v1/index").json()["record_sequence"] > 2,
                what="the first articles are durable",
            )
        came.set()
        sender.join()
    assert timely == [True]
    assert len(results) == 302
    assert results[-1]["created"] == 301


@pytest.mark.parametrize("kind", ["text/plain", "application/json", ""])
def test_a_bulk_of_another_kind_is_refused(client: TestClient, kind: str) -> None:
    response = client.post("/v1/articles", content=b"{}", headers={"Content-Type": kind})
    assert response.status_code == 415


# The state of the index


def test_every_response_of_a_generation_names_it_in_a_header(client: TestClient) -> None:
    generation = client.get("/v1/index").json()["generation"]
    responses = [
        client.post("/v1/ask", json=ASK),
        client.get("/v1/ask", params={"q": "How many?"}),
        client.post("/v1/search", json={"question": "ship"}),
        client.get("/v1/articles"),
        client.get("/v1/articles/town"),
        client.get("/v1/articles/none"),
        client.get("/v1/index"),
    ]
    assert {r.headers.get("x-index-generation") for r in responses} == {generation}
    assert "x-index-generation" not in client.get("/healthz").headers


def test_the_state_tells_what_is_published_and_what_waits(client: TestClient) -> None:
    before = client.get("/v1/index").json()
    assert (before["articles"], before["pending"], before["delta"]) == (2, 0, None)
    put(client, "town", "A ship.")
    put(client, "new", "A ship.")
    state = client.get("/v1/index").json()
    assert state["delta"] == {"articles": 2, "passages": 2, "hidden_articles": 1}
    assert (state["articles"], state["pending"], state["held"]) == (3, 0, False)
    assert state["sequence"] == state["record_sequence"] == before["sequence"] + 2
    assert state["generation"] in state["kept"]
    assert state["problem"] is None


def test_a_rollback_serves_what_was_but_nothing_deleted_and_holds_until_told(
    client: TestClient, wait_until: Callable[..., None]
) -> None:
    put(client, "town", "The ship has 1 gate.")
    put(client, "town", "The ship has 2 gates.")
    client.delete(f"/v1/articles/{quote(str(SHIP['id']))}")
    wait_until(lambda: client.get("/v1/index").json()["pending"] == 0, what="it is published")
    # The last of them serves; what is older than the one before may be about to be removed.
    former = client.get("/v1/index").json()["kept"][-2]
    response = client.post("/v1/index/rollback", json={})
    assert response.json() == {"generation": former, "held": True}
    assert SHIP["id"] not in listed(client)
    assert put(client, "later", "The ship has 3 gates.")["searchable"] is False
    state = client.get("/v1/index").json()
    assert (state["held"], state["generation"], state["pending"] > 0) == (True, former, True)
    assert "later" not in listed(client)
    assert client.post("/v1/index/resume").status_code == 200
    assert put(client, "last", "A ship.")["searchable"]
    assert listed(client) == ["last", "later", "town"]
    assert "The ship has 2 gates." in quotes(client)


def test_a_rollback_to_nothing_is_refused(client: TestClient) -> None:
    response = client.post("/v1/index/rollback", json={"generation": "none"})
    assert response.status_code == 409
    assert "no generation 'none' to go back to; kept are" in response.json()["detail"]


@pytest.mark.parametrize(
    "settings",
    [{"writes": False}, {"host": "192.0.2.1"}, {"public_url": "https://quoth.example"}],
    ids=["told", "not-this-machine", "behind-a-proxy"],
)
def test_a_service_that_takes_no_writes_says_so_and_changes_nothing(
    index_dir: Path, open_service: Open, settings: dict[str, object]
) -> None:
    with open_service(index_dir, **settings) as client:
        responses = [
            client.put("/v1/articles/a", json={"text": "A."}),
            client.delete("/v1/articles/town"),
            client.post("/v1/articles", content=b"", headers=NDJSON),
            client.post("/v1/index/rollback", json={}),
            client.post("/v1/index/resume"),
        ]
        assert {r.status_code for r in responses} == {403}
        assert all("QUOTH_WRITES" in r.json()["detail"] for r in responses)
        assert listed(client) == [SHIP["id"], "town"]


@pytest.mark.parametrize("header", ["Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"])
def test_whom_a_proxy_lets_in_may_not_write_unless_that_is_said(
    index_dir: Path, open_service: Open, header: str
) -> None:
    of_others = {header: "192.0.2.7"}
    with open_service(index_dir) as client:
        refused = client.delete("/v1/articles/town", headers=of_others)
        assert refused.status_code == 403
        assert f"it has the header {header.lower()}" in refused.json()["detail"]
        assert listed(client) == [SHIP["id"], "town"]
        assert client.get("/v1/ask?q=ship", headers=of_others).status_code == 200
    with_key = {"Authorization": "Bearer kkkkkkkkkkkkkkkk"}
    for settings in ({"writes": True}, {"api_keys": ("kkkkkkkkkkkkkkkk",)}):
        with open_service(index_dir, **settings) as client:
            written = client.put(
                "/v1/articles/a", json={"text": "A."}, headers=of_others | with_key
            )
            assert written.status_code in (200, 201)


def test_a_service_without_an_index_makes_one_of_what_is_put(
    tmp_path: Path, open_service: Open, wait_until: Callable[..., None]
) -> None:
    with open_service(tmp_path / "none", ready=False) as client:
        assert not (tmp_path / "none").exists()
        put(client, "first", "The ship carries 42 sailors.")
        wait_until(lambda: client.get("/readyz").status_code == 200, what="ready")
        assert quotes(client) == ["The ship carries 42 sailors."]


def test_what_was_acknowledged_and_not_published_is_when_a_service_starts(
    index_dir: Path, open_service: Open, wait_until: Callable[..., None]
) -> None:
    from index.record.record import Record
    from qa.values import Article

    record = Record(index_dir / "record.sqlite")
    record.put([Article("left", "Left", "The ship was left with 3 men.")])
    record.close()
    with open_service(index_dir) as client:
        wait_until(lambda: "left" in listed(client), what="published")


def test_requests_see_one_state_each_while_articles_come_and_go(
    index_dir: Path,
    make_app: Callable[..., FastAPI],
    listen: Callable[[FastAPI], AbstractContextManager[str]],
    wait_until: Callable[..., None],
) -> None:
    """Four clients ask while one article is put, changed and deleted all the time."""
    stop = threading.Event()
    failed: list[str] = []
    late: list[str] = []
    # Texts that were deleted before a request began must not be in its answer.
    deleted: set[str] = set()

    def ask(url: str) -> None:
        with httpx.Client(base_url=url, timeout=60) as client:
            while not stop.is_set():
                gone = set(deleted)
                response = client.post("/v1/ask", json=ASK)
                if response.status_code != 200:
                    failed.append(response.text)
                elif response.headers["x-index-generation"] != response.json()["generation"]:
                    failed.append("another generation in the header")
                else:
                    late.extend(text for text in gone if text in response.text)

    with listen(make_app(index_dir)) as url, httpx.Client(base_url=url, timeout=60) as writer:
        wait_until(lambda: writer.get("/readyz").status_code == 200, what="ready")
        clients = [threading.Thread(target=ask, args=(url,)) for _ in range(4)]
        for client in clients:
            client.start()
        for number in range(15):
            text = f"The ship carries {1000 + number} sailors."
            waiting = {"refresh": "wait_for"} if number % 2 else {}
            response = writer.put("/v1/articles/it", json={"text": text}, params=waiting)
            assert response.status_code in {200, 201}
            if number % 3 == 0:
                assert writer.delete("/v1/articles/it").status_code == 200
                deleted.add(text)
        stop.set()
        for client in clients:
            client.join()
    assert failed == []
    assert late == []


# As a real service with the real encoder


def test_a_real_service_answers_from_what_was_put(
    tmp_path: Path, serve: Callable[..., AbstractContextManager[RunningService]]
) -> None:
    with (
        serve("--index-dir", str(tmp_path / "index")) as service,
        httpx.Client(base_url=service.url, timeout=60) as client,
    ):
        text = "The lighthouse keeper of Hirtshals is Karen Blom. She began in 1998."
        response = client.put(
            "/v1/articles/keeper",
            content=text,
            headers={"Content-Type": "text/plain"},
            params={"refresh": "wait_for"},
        )
        assert response.json()["searchable"] is True
        asked = client.post("/v1/ask", json={"question": "Who is the lighthouse keeper?"}).json()
        assert asked["answers"][0]["text"] == "Karen Blom"
        assert client.delete("/v1/articles/keeper").status_code == 200
        asked = client.post("/v1/ask", json={"question": "Who is the lighthouse keeper?"}).json()
        assert asked["answers"] == []


class EncoderWithoutRoom(FakeEncoder):
    """Cannot encode."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Fail."""
        raise OSError("no room")


def test_what_keeps_a_first_index_from_being_built_is_said_until_it_is_built(
    tmp_path: Path, wait_until: Callable[..., None]
) -> None:
    writer = IndexWriter(tmp_path / "index", keep=2, poll_seconds=0.01)
    writer.put([Article("ship", "A ship", "The ship carries 42 men.")])
    with capture_logs() as log:
        writer.start(EncoderWithoutRoom(), threading.Event())
        try:
            wait_until(lambda: writer.problem is not None, what="it has been tried")
            said = set()
            for _ in range(50):
                said.add(writer.problem)
                time.sleep(0.01)
        finally:
            writer.stop()
    assert said == {"no room"}
    assert [entry["event"] for entry in log] == ["cannot publish"]
