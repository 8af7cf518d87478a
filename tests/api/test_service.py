"""The contract of the API, asked of a real service on the seed article."""

import json
import re
import select
import signal
import socket
import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import fields
from typing import Any

import httpx
import pytest

from qa.calibration import AnswerFeatures
from tests.api.conftest import RunningService, until

QUESTION = "Who is the longtime dictator of Belarus?"
CITATION_FIELDS = {
    "id",
    "answer_id",
    "article",
    "quote",
    "sentence",
    "answer",
    "prefix",
    "suffix",
    "offset_unit",
    "deep_link",
    "viewer_link",
    "page",
    "context",
}


@pytest.fixture(scope="module")
def answer(service: RunningService) -> dict[str, Any]:
    """The response to one question that the article answers."""
    response = httpx.post(f"{service.url}/v1/ask", json={"question": QUESTION}, timeout=60)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    body: dict[str, Any] = response.json()
    return body


def without_timings(body: bytes) -> bytes:
    """Return the body as it is, but for the value of `timings_ms`."""
    stripped, times = re.subn(rb'"timings_ms":\{[^}]*\}', b"", body)
    assert times == 1
    return stripped


def test_an_answer_has_the_shape_of_the_contract(answer: dict[str, Any]) -> None:
    assert answer["question"] == QUESTION
    assert answer["answered"] is True
    assert 0 < answer["answerable_probability"] <= 1
    assert answer["generation"]
    assert answer["timings_ms"].keys() == {"retrieve", "read", "total"}
    assert answer["degraded"] is None
    assert answer["agreement"] == "single"
    assert answer["note"] is None
    assert answer["explanation"] is None
    first = answer["answers"][0]
    assert first.keys() == {"id", "text", "confidence", "support", "citations"}
    assert first["id"] == "a1"
    assert first["text"] == "Alexander Lukashenko"
    assert 0 < first["confidence"] <= 1
    assert first["support"] == len(first["citations"])
    citation = first["citations"][0]
    assert citation.keys() == CITATION_FIELDS
    assert citation["id"] == "c1"
    assert citation["answer_id"] == "a1"
    assert citation["article"].keys() == {"id", "title", "url", "published", "source", "sha256"}
    assert citation["article"]["published"] == "2021-11-15"
    assert citation["offset_unit"] == "codepoint"


@pytest.mark.parametrize("question", [QUESTION, "who favors a cautious line?"])
def test_every_citation_is_found_at_its_offsets_in_the_fetched_article(
    service: RunningService, question: str
) -> None:
    response = httpx.post(
        f"{service.url}/v1/ask", json={"question": question, "explain": True}, timeout=60
    ).json()
    citations = [c for answer in response["considered"] for c in answer["citations"]]
    assert citations
    for citation in citations:
        article = httpx.get(f"{service.url}/v1/articles/{citation['article']['id']}").json()
        text, sentence, inner = article["text"], citation["sentence"], citation["answer"]
        assert text[sentence["start"] : sentence["end"]] == citation["quote"]
        assert text[inner["start"] : inner["end"]] == inner["text"]
        assert sentence["start"] <= inner["start"] < inner["end"] <= sentence["end"]
        assert text[: sentence["start"]].endswith(citation["prefix"])
        assert text[sentence["end"] :].startswith(citation["suffix"])
        assert article["sha256"] == citation["article"]["sha256"]


def test_a_misspelt_question_tells_how_it_was_asked_and_is_answered_alike(
    service: RunningService, answer: dict[str, Any]
) -> None:
    typed = QUESTION.replace("Belarus", "Belraus").replace("dictator", "dictatro")
    body = httpx.post(f"{service.url}/v1/ask", json={"question": typed}, timeout=60).json()
    assert (body["question"], body["asked"]) == (typed, QUESTION)
    assert body["answers"][0]["text"] == answer["answers"][0]["text"]
    found = httpx.post(f"{service.url}/v1/search", json={"question": typed}, timeout=60).json()
    assert (found["question"], found["asked"]) == (typed, QUESTION)


def test_the_same_question_twice_gives_the_same_bytes(service: RunningService) -> None:
    url, body = f"{service.url}/v1/ask", {"question": QUESTION}
    once = httpx.post(url, json=body, timeout=60).content
    again = httpx.post(url, json=body, timeout=60).content
    assert without_timings(once) == without_timings(again)


def test_the_address_bar_and_curl_give_what_post_gives(
    service: RunningService, answer: dict[str, Any]
) -> None:
    by_curl = subprocess.run(
        [
            *("curl", "--silent", "--show-error", "--fail", "--get"),
            *("--data-urlencode", f"q={QUESTION}", f"{service.url}/v1/ask"),
        ],
        check=True,
        capture_output=True,
    ).stdout
    got = json.loads(by_curl)
    apart = {"timings_ms": None, "cached": None}
    assert got | apart == answer | apart


def test_a_question_that_was_asked_before_is_answered_from_the_cache(
    service: RunningService,
) -> None:
    asked = {"question": "Who wrote about the town of Gomel?"}
    first, second = (
        httpx.post(f"{service.url}/v1/ask", json=asked, timeout=60).json() for _ in range(2)
    )
    assert (first["cached"], second["cached"]) == (False, True)
    assert second["timings_ms"]["read"] == 0.0
    apart = {"timings_ms": None, "cached": None}
    assert first | apart == second | apart


def test_curl_d_without_a_content_type_is_told_which_header_to_send(
    service: RunningService,
) -> None:
    body = subprocess.run(
        ["curl", "--silent", "-d", '{"question": "who?"}', f"{service.url}/v1/ask"],
        check=True,
        capture_output=True,
    ).stdout
    problem = json.loads(body)
    assert problem["status"] == 415
    assert "Content-Type: application/json" in problem["detail"]


def test_what_the_article_does_not_say_is_not_answered(service: RunningService) -> None:
    response = httpx.get(f"{service.url}/v1/ask", params={"q": "Who wrote Hamlet?"}, timeout=60)
    assert response.status_code == 200
    body = response.json()
    assert body["answered"] is False
    assert body["answers"] == []
    assert body["considered"] is None


@pytest.mark.parametrize(
    ("held", "name", "other", "missing"),
    [
        ("secretary of state", "Antony Blinken", "secretary of defense", "defense secretary"),
        ("dictator of Belarus", "Alexander Lukashenko", "mayor of Belarus", "mayor"),
    ],
)
def test_who_holds_one_office_does_not_answer_who_holds_another(
    service: RunningService, held: str, name: str, other: str, missing: str
) -> None:
    def asked(office: str) -> dict[str, Any]:
        params = {"q": f"Who is the {office}?"}
        body = httpx.get(f"{service.url}/v1/ask", params=params, timeout=60).json()
        assert isinstance(body, dict)
        return body

    assert asked(held)["answers"][0]["text"] == name
    assert (asked(other)["answers"], asked(other)["unmentioned"]) == ([], [missing])


def test_explain_shows_the_guess_that_was_not_given(service: RunningService) -> None:
    asked = {"question": "Who wrote Hamlet?", "explain": True, "passages": 5}
    body = httpx.post(f"{service.url}/v1/ask", json=asked, timeout=60).json()
    assert body["answers"] == []
    assert body["considered"]


def test_explain_shows_each_step_from_the_passages_to_the_answers(service: RunningService) -> None:
    asked = {"question": QUESTION, "explain": True}
    body = httpx.post(f"{service.url}/v1/ask", json=asked, timeout=60).json()
    explanation = body["explanation"]
    assert {step["read_as"] for step in explanation["passages"]} <= {
        None,
        *range(1, len(explanation["passages"]) + 1),
    }
    scores = [passage["score"] for passage in explanation["passages"]]
    assert scores == sorted(scores, reverse=True)
    answers = explanation["answers"]
    assert answers[0]["text"] == body["answers"][0]["text"]
    assert answers[0]["fate"] == "given"
    assert answers[0]["features"].keys() == {field.name for field in fields(AnswerFeatures)}
    candidates = [c for passage in explanation["passages"] for c in passage["candidates"]]
    best = [c for c in candidates if c["fate"] == "the answer's text"]
    assert sorted(c["answer"] for c in best) == list(range(1, len(answers) + 1))
    assert explanation["timings_ms"].keys() == {"retrieve", "read", "decide", "cite"}


def test_a_yes_or_no_question_gets_a_note(service: RunningService) -> None:
    asked = {"q": "Is Alexander Lukashenko the dictator of Belarus?"}
    body = httpx.get(f"{service.url}/v1/ask", params=asked, timeout=60).json()
    assert body["note"].startswith("This is a yes-or-no question")


def test_a_sentence_about_him_comes_with_the_sentence_that_names_him(
    service: RunningService,
) -> None:
    asked = {"question": "What has Lukashenko threatened to cut off?", "explain": True}
    body = httpx.post(f"{service.url}/v1/ask", json=asked, timeout=60).json()
    citations = [c for answer in body["considered"] for c in answer["citations"]]
    contexts = [c["context"] for c in citations if c["quote"].startswith("He has threatened")]
    assert contexts
    article = httpx.get(f"{service.url}/v1/articles/{citations[0]['article']['id']}").json()
    sentence = contexts[0]["sentence"]
    assert contexts[0]["quote"] == article["text"][sentence["start"] : sentence["end"]]
    assert "Alexander Lukashenko" in contexts[0]["quote"]


def test_a_time_budget_that_is_used_up_is_said(service: RunningService) -> None:
    asked = {"question": "Which river flows through Gomel?", "time_budget_ms": 1}
    body = httpx.post(f"{service.url}/v1/ask", json=asked, timeout=60).json()
    assert re.fullmatch(
        r"the time budget allowed reading [0-9]+ of [0-9]+ passages", body["degraded"]
    )


def test_search_gives_passages_that_stand_where_they_say(service: RunningService) -> None:
    asked = {"question": QUESTION, "top_k": 4}
    body = httpx.post(f"{service.url}/v1/search", json=asked).json()
    assert len(body["passages"]) == 4
    scores = [passage["score"] for passage in body["passages"]]
    assert scores == sorted(scores, reverse=True)
    for passage in body["passages"]:
        article = httpx.get(f"{service.url}/v1/articles/{passage['article']['id']}").json()
        assert article["text"][passage["start"] : passage["end"]] == passage["text"]
    assert any("dictator of Belarus" in passage["text"] for passage in body["passages"])


def test_readiness_counts_the_seed_article(service: RunningService) -> None:
    ready = httpx.get(f"{service.url}/readyz").json()
    assert ready["status"] == "ready"
    assert ready["articles"] == 1
    assert ready["passages"] > 1
    assert httpx.get(f"{service.url}/healthz").json() == {"status": "ok"}


def test_the_log_is_json_and_names_the_callers_request_id(service: RunningService) -> None:
    given = "order-66/a.b"
    response = httpx.get(f"{service.url}/v1/articles/none", headers={"X-Request-ID": given})
    assert response.headers["x-request-id"] == given

    def entries() -> list[dict[str, Any]]:
        return [entry for entry in service.entries() if entry.get("request_id") == given]

    until(lambda: bool(entries()), what="the request is in the log")
    [entry] = entries()
    assert entry["event"] == "request"
    assert (entry["method"], entry["path"], entry["status"]) == ("GET", "/v1/articles/none", 404)


def test_a_body_over_the_limit_is_refused_in_chunks_too(service: RunningService) -> None:
    url, json_type = f"{service.url}/v1/ask", {"content-type": "application/json"}
    declared = httpx.post(url, content=b" " * 1_100_000, headers=json_type)
    chunked = httpx.post(url, content=(b" " * 10_000 for _ in range(110)), headers=json_type)
    for response in (declared, chunked):
        assert response.status_code == 413
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["detail"] == "send at most 1,048,576 bytes"


def test_the_service_has_logged_no_traceback(service: RunningService) -> None:
    deep = b'{"question": ' + b"[" * 30_000 + b"]" * 30_000 + b"}"
    json_type = {"content-type": "application/json"}
    assert httpx.post(f"{service.url}/v1/ask", content=deep, headers=json_type).status_code == 422
    assert "Traceback" not in service.log.read_text(encoding="utf-8")
    assert not [entry for entry in service.entries() if entry.get("level") == "error"]


Serve = Callable[..., AbstractContextManager[RunningService]]
# Without a reader nothing is loaded, so that these start at once.
NO_READER = {"QUOTH_READER_DIR": "/nowhere"}


@pytest.mark.parametrize(
    "how", [signal.SIGTERM, signal.SIGINT], ids=["told-by-SIGTERM", "told-by-ctrl-c"]
)
def test_a_service_that_is_told_to_stop_does_so_without_complaint(
    serve: Serve, how: signal.Signals
) -> None:
    with serve(**NO_READER) as running:
        assert running.stop(how) == 0
        assert "Traceback" not in running.log.read_text()


def test_a_client_that_never_finishes_its_request_does_not_keep_the_service_up(
    serve: Serve,
) -> None:
    with serve(**NO_READER) as running:
        url = httpx.URL(running.url)
        with socket.create_connection((url.host, url.port or 0)) as stalled:
            stalled.sendall(
                b"POST /v1/ask HTTP/1.1\r\nHost: quoth\r\nContent-Type: application/json\r\n"
                b"Content-Length: 100\r\n\r\n{"
            )
            # The answer to a later request says that the first one has arrived.
            assert httpx.get(f"{running.url}/healthz").status_code == 200
            assert running.stop() == 0
            assert b"the service is stopping; send the request again" in stalled.recv(4096)
        assert "Traceback" not in running.log.read_text()


def test_a_missing_reader_is_named_while_the_process_is_up(serve: Serve) -> None:
    with serve(**NO_READER) as running:
        response = httpx.get(f"{running.url}/readyz")
        while "is starting" in response.text:
            response = httpx.get(f"{running.url}/readyz")
        assert response.status_code == 503
        assert response.json()["type"] == "urn:problem-type:quoth:model-unavailable"
        assert "cannot read /nowhere/reader.json" in response.json()["detail"]
        assert httpx.get(f"{running.url}/healthz").status_code == 200


def test_an_address_that_is_too_long_is_refused_as_the_description_says(
    service: RunningService,
) -> None:
    # httpx refuses to send it, so it is sent by hand; each id is as long as ids may be.
    ids = "&".join(f"article_id={'0' * 512}" for _ in range(400))
    host, port = service.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        request = f"GET /v1/ask?q=who&{ids} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        # Whoever goes on sending what is not read any more may lose the reply.
        for piece in range(0, len(request), 4096):
            connection.sendall(request[piece : piece + 4096].encode())
            if select.select([connection], [], [], 0.01)[0]:
                break
        head = connection.recv(4096).decode().lower()
    description = httpx.get(f"{service.url}/openapi.json").json()
    described = description["paths"]["/v1/ask"]["get"]["responses"]
    assert head.startswith("http/1.1 400 ")
    assert [kind for kind in described["400"]["content"] if f"content-type: {kind}" in head]
