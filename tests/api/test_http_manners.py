"""What HTTP offers: tags of what is held already, HEAD, compression, and callers who leave."""

import gzip
import json
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import anyio
import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from starlette.testclient import TestClient

from api.serving.loading import Models
from qa.reading.reader import PassageSpan
from tests.api.conftest import SHIP, FirstNumberReader, Open, Publish, fake_models

HELD = [
    "/v1/ask?q=How+many+on+the+ship",
    "/v1/ask?q=How+many+on+the+ship&explain=true",
    "/v1/articles",
    "/v1/articles?limit=1",
    "/v1/articles/town",
]


@pytest.mark.parametrize("path", HELD)
def test_what_a_caller_holds_is_not_sent_again(client: TestClient, path: str) -> None:
    first = client.get(path)
    tag = first.headers["etag"]
    assert tag.startswith('W/"')
    assert first.headers["cache-control"] == "no-cache"
    for held in (tag, tag.removeprefix("W/"), f'"x", {tag}', "*"):
        again = client.get(path, headers={"if-none-match": held})
        assert (again.status_code, again.content) == (304, b""), held
        assert again.headers["etag"] == tag
        assert again.headers["cache-control"] == "no-cache"
    other = client.get(path, headers={"if-none-match": 'W/"x"'})
    assert other.status_code == 200
    assert other.headers["etag"] == tag


def test_what_differs_has_another_tag(client: TestClient) -> None:
    paths = [*HELD, "/v1/ask?q=How+many+gates", "/v1/ask?q=How+many+on+the+ship&top_k=1"]
    tags = [client.get(path).headers["etag"] for path in paths]
    assert len(set(tags)) == len(paths)


def test_a_new_generation_has_other_tags(
    tmp_path: Path, publish: Publish, open_service: Open, wait_until: Callable[..., None]
) -> None:
    index_dir = tmp_path / "index"
    publish(index_dir, [SHIP])
    with open_service(index_dir) as client:
        tags = {path: client.get(path).headers["etag"] for path in HELD[:4]}
        name = publish(index_dir, [{**SHIP, "text": "The ship carries 43 sailors."}])
        wait_until(lambda: client.get("/readyz").json()["generation"] == name, what="moved over")
        for path, tag in tags.items():
            assert client.get(path, headers={"if-none-match": tag}).status_code == 200


def test_another_calibration_has_other_tags_for_its_answers_and_the_same_for_articles(
    small_index: Path, open_service: Open
) -> None:
    def careful() -> Models:
        models = fake_models()
        calibration = models.calibration.model_copy(update={"min_confidence": 0.95})
        return replace(models, calibration=calibration)

    with open_service(small_index) as one, open_service(small_index, models=careful) as other:
        tags = [
            {path: client.get(path).headers["etag"] for path in HELD} for client in (one, other)
        ]
    for path in HELD:
        assert (tags[0][path] == tags[1][path]) is path.startswith("/v1/articles"), path


def test_refusals_have_no_tag(client: TestClient) -> None:
    for path in ("/v1/ask?q=", "/v1/articles/nowhere"):
        response = client.get(path, headers={"if-none-match": "*"})
        assert response.status_code in (404, 422)
        assert "etag" not in response.headers


@pytest.mark.parametrize("path", [*HELD, "/healthz", "/readyz", "/docs", "/openapi.json"])
def test_head_is_get_without_the_body(client: TestClient, path: str) -> None:
    got, head = client.get(path), client.head(path)
    assert head.status_code == got.status_code == 200
    assert head.content == b""
    changing = {"x-request-id", "content-length"} if "ask" in path else {"x-request-id"}
    for name in got.headers.keys() - changing:
        assert head.headers[name] == got.headers[name], name


def test_head_where_there_is_no_get_says_what_there_is(client: TestClient) -> None:
    response = client.head("/v1/search")
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"
    assert client.head("/v1/articles/nowhere").status_code == 404


def test_a_large_response_is_compressed_for_those_who_can_read_it(client: TestClient) -> None:
    path = "/v1/ask?q=How+many+on+the+ship&explain=true"
    plain = client.get(path, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    with client.stream("GET", path, headers={"accept-encoding": "gzip"}) as small:
        raw = b"".join(small.iter_raw())
    assert small.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in small.headers["vary"]
    assert small.headers["etag"] == plain.headers["etag"]
    assert len(raw) < len(plain.content) / 2
    answers = json.loads(gzip.decompress(raw))["answers"]
    assert answers == plain.json()["answers"]


def test_events_are_not_held_back_to_be_compressed(
    small_index: Path,
    make_app: Callable[..., FastAPI],
    listen: Callable[[FastAPI], AbstractContextManager[str]],
) -> None:
    goes_on = threading.Event()

    async def events() -> AsyncIterator[str]:
        yield "data: " + "x" * 2_000 + "\n\n"
        await anyio.to_thread.run_sync(goes_on.wait)
        yield "data: end\n\n"

    app = make_app(small_index)

    @app.get("/events")
    def stream() -> StreamingResponse:
        return StreamingResponse(events(), media_type="text/event-stream")

    headers = {"accept-encoding": "gzip"}
    with (
        listen(app) as url,
        httpx.stream("GET", f"{url}/events", headers=headers, timeout=30) as response,
    ):
        assert "content-encoding" not in response.headers
        chunks = response.iter_raw()
        first = next(chunks)
        assert first.startswith(b"data: x")
        goes_on.set()
        assert b"".join([first, *chunks]).endswith(b"data: end\n\n")


class HeldReader(FirstNumberReader):
    """Reads when it is told to, and remembers the questions."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.questions: list[str] = []

    def read(self, question: str, passages: Iterable[str]) -> Iterable[list[PassageSpan]]:
        if question not in self.questions:
            self.questions.append(question)
        assert self.go_on.wait(60)
        return super().read(question, passages)


@pytest.fixture
def held() -> Iterator[HeldReader]:
    reader = HeldReader()
    yield reader
    reader.go_on.set()


def test_a_question_whose_caller_has_gone_while_it_waited_is_not_read(
    small_index: Path,
    make_app: Callable[..., FastAPI],
    listen: Callable[[FastAPI], AbstractContextManager[str]],
    wait_until: Callable[..., None],
    held: HeldReader,
) -> None:
    app = make_app(small_index, models=lambda: replace(fake_models(), reader=held))
    with listen(app) as url:
        wait_until(lambda: httpx.get(f"{url}/readyz").status_code == 200, what="ready")
        answered: list[int] = []

        def ask(question: str) -> None:
            body = {"question": question}
            answered.append(httpx.post(f"{url}/v1/ask", json=body, timeout=60).status_code)

        first = threading.Thread(target=ask, args=["first ship?"])
        first.start()
        wait_until(lambda: held.questions == ["first ship?"], what="the first is being read")
        address = urlsplit(url)
        leaving = [
            socket.create_connection((str(address.hostname), int(address.port or 0)))
            for _ in range(3)
        ]
        body = b'{"question": "gone ship?"}'
        leaving[0].sendall(
            b"POST /v1/ask HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Content-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body
        )
        leaving[1].sendall(b"GET /v1/ask?q=also+gone+ship HTTP/1.1\r\nHost: x\r\n\r\n")
        leaving[2].sendall(b"GET /articles/town?q=page+gone+ship HTTP/1.1\r\nHost: x\r\n\r\n")
        wait_until(lambda: app.state.turns.statistics().tasks_waiting == 3, what="they wait")
        for connection in leaving:
            connection.close()
        wait_until(lambda: app.state.turns.statistics().tasks_waiting == 0, what="they left")
        last = threading.Thread(target=ask, args=["last ship?"])
        last.start()
        held.go_on.set()
        first.join()
        last.join()
    assert answered == [200, 200]
    assert held.questions == ["first ship?", "last ship?"]
