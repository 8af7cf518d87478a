"""`POST /v1/verify`: what was given before is compared with what the articles say now."""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import SHIP, Open, Publish

QUOTE = "The ship carries 42 sailors and a cat."


def citation_of(client: TestClient, question: str = "How many on the ship?") -> dict[str, Any]:
    """Ask, and return the first citation exactly as it was given."""
    (answer, *_) = client.post("/v1/ask", json={"question": question}).json()["answers"]
    citation: dict[str, Any] = answer["citations"][0]
    return citation


def verified(client: TestClient, *citations: dict[str, Any]) -> list[dict[str, Any]]:
    response = client.post("/v1/verify", json={"citations": list(citations)})
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["citations"]
    return found


def test_every_citation_as_it_was_given_is_ok(client: TestClient) -> None:
    response = client.post("/v1/ask", json={"question": "How many?", "top_k": 20}).json()
    given = [citation for answer in response["answers"] for citation in answer["citations"]]
    assert len(given) >= 2
    for cited, found in zip(given, verified(client, *given), strict=True):
        assert found == {
            "id": cited["id"],
            "article_id": cited["article"]["id"],
            "verdict": "ok",
            "sentence": cited["sentence"],
            "answer": cited["answer"],
            "sha256": cited["article"]["sha256"],
            "article_changed": False,
        }


def test_the_response_names_the_generation(client: TestClient) -> None:
    generation = client.get("/readyz").json()["generation"]
    response = client.post("/v1/verify", json={"citations": [citation_of(client)]})
    assert response.json()["generation"] == generation


def test_after_an_edit_citations_have_moved_or_are_stale_or_absent(
    tmp_path: Path, publish: Publish, open_service: Open, wait_until: Any
) -> None:
    index_dir = tmp_path / "index"
    town = {"id": "town", "text": "The town has 7 gates."}
    gone = {"id": "gone", "text": "The ferry has 3 decks."}
    publish(index_dir, [SHIP, town, gone])
    with open_service(index_dir) as client:
        response = client.post("/v1/ask", json={"question": "How many?", "top_k": 20}).json()
        given = {a["text"]: a["citations"][0] for a in response["answers"]}
        edited = {**SHIP, "text": f"👩‍🚀 News. {SHIP['text']}"}
        generation = publish(index_dir, [edited, {**town, "text": "The town has 8 gates."}])
        wait_until(
            lambda: client.get("/readyz").json()["generation"] == generation, what="moved over"
        )
        moved, stale, absent = verified(client, given["42"], given["7"], given["3"])
        text = client.get(f"/v1/articles/{SHIP['id']}").json()["text"]
    assert moved["verdict"] == "moved"
    assert moved["article_changed"] is True
    sentence, answer = moved["sentence"], moved["answer"]
    assert sentence["start"] == given["42"]["sentence"]["start"] + len("👩‍🚀 News. ")
    assert text[sentence["start"] : sentence["end"]] == QUOTE
    assert text[answer["start"] : answer["end"]] == answer["text"] == "42"
    assert (stale["verdict"], stale["sentence"], stale["answer"]) == ("stale", None, None)
    assert stale["article_changed"] is True
    assert (absent["verdict"], absent["sentence"]) == ("absent", None)
    assert (absent["sha256"], absent["article_changed"]) == (None, None)


def test_offsets_that_a_caller_got_wrong_are_corrected(client: TestClient) -> None:
    given = citation_of(client)
    wrong = {**given, "sentence": {"start": 0, "end": 9}, "answer": None}
    (found,) = verified(client, wrong)
    assert found["verdict"] == "moved"
    assert found["sentence"] == given["sentence"]
    assert found["article_changed"] is False


def test_what_a_citation_needs_is_article_quote_and_place(client: TestClient) -> None:
    given = citation_of(client)
    least = {
        "article": {"id": given["article"]["id"]},
        "quote": given["quote"],
        "sentence": {"start": given["sentence"]["start"], "end": given["sentence"]["end"]},
    }
    (found,) = verified(client, least)
    assert (found["verdict"], found["id"], found["answer"]) == ("ok", None, None)
    assert found["article_changed"] is None


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        pytest.param(
            {"answer": {"text": "43", "start": 35, "end": 37}},
            "citations.0: the answer does not stand in the quote where its offsets say; send the "
            "citation as it was given, or leave out the answer",
            id="another-answer",
        ),
        pytest.param(
            {"quote": ""},
            "citations.0.quote: String should have at least 1 character",
            id="empty-quote",
        ),
        pytest.param(
            {"offset_unit": "utf16"}, "citations.0.offset_unit: Input should be 'codepoint'"
        ),
        pytest.param(
            {"sentence": {"start": -1, "end": 3}},
            "citations.0.sentence.start: Input should be greater than or equal to 0",
            id="negative-offset",
        ),
        pytest.param(
            {"sentence": None},
            "citations.0.sentence: must be a JSON object, such as {}",
            id="no-sentence",
        ),
    ],
)
def test_what_is_no_citation_is_refused_with_what_to_change(
    client: TestClient, change: dict[str, Any], detail: str
) -> None:
    body = {"citations": [{**citation_of(client), **change}]}
    response = client.post("/v1/verify", json=body)
    assert response.status_code == 422
    assert response.json()["detail"] == detail


@pytest.mark.parametrize("count", [0, 51])
def test_one_to_fifty_citations_can_be_sent(client: TestClient, count: int) -> None:
    least = {"article": {"id": "town"}, "quote": "x", "sentence": {"start": 0, "end": 1}}
    response = client.post("/v1/verify", json={"citations": [least] * count})
    assert response.status_code == 422
    assert response.json()["detail"].startswith("citations: List should have at")
