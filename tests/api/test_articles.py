"""Answers, filters, articles and listings, with models whose answers can be told by eye."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import Open, Publish

SHIP_ID = "ships/the Ålesund ⚓"


def ask(client: TestClient, **fields: object) -> dict[str, Any]:
    response = client.post("/v1/ask", json={"question": "How many on the ship?", **fields})
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


def cited_ids(response: dict[str, Any]) -> list[str]:
    return [c["article"]["id"] for answer in response["answers"] for c in answer["citations"]]


def test_offsets_count_code_points_behind_accents_and_emoji(client: TestClient) -> None:
    citation = ask(client)["answers"][0]["citations"][0]
    # "Café 😀 news. " has 13 code points, 14 UTF-16 units and 17 bytes.
    assert citation["sentence"] == {"index": 1, "start": 13, "end": 51}
    assert citation["answer"] == {"text": "42", "start": 30, "end": 32}
    assert citation["quote"] == "The ship carries 42 sailors and a cat."
    assert citation["prefix"] == "Café 😀 news. "
    assert citation["suffix"] == " It sails at noon."
    article = client.get(f"/v1/articles/{quote(citation['article']['id'])}").json()
    assert article["text"][13:51] == citation["quote"]


def test_answers_are_numbered_and_so_are_their_citations_throughout(client: TestClient) -> None:
    answers = ask(client)["answers"]
    assert [(a["id"], a["text"]) for a in answers] == [("a1", "42"), ("a2", "7")]
    citations = [(c["id"], c["answer_id"]) for a in answers for c in a["citations"]]
    assert citations == [("c1", "a1"), ("c2", "a2")]


def test_top_k_is_the_most_that_is_answered(client: TestClient) -> None:
    assert len(ask(client, top_k=1)["answers"]) == 1


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({"source": "Town Crier"}, ["town"]),
        ({"tags": ["land", "sea"]}, [SHIP_ID]),
        ({"article_ids": ["town", "unknown"]}, ["town"]),
        ({"published_from": "2021-11-16"}, ["town"]),
        ({"published_to": "2021-11-15"}, [SHIP_ID]),
        ({"published_from": "2021-11-15", "published_to": "2022-02-02"}, [SHIP_ID, "town"]),
        ({"source": "Town Crier", "tags": ["sea"]}, []),
        ({"source": "town crier"}, []),
    ],
)
def test_only_articles_that_meet_every_filter_are_quoted(
    client: TestClient, filters: dict[str, object], ids: list[str]
) -> None:
    assert cited_ids(ask(client, filters=filters)) == ids


def test_the_address_bar_filters_as_the_body_does(client: TestClient) -> None:
    query: dict[str, str | int | float | list[str]] = {
        "q": "How many on the ship?",
        "tag": ["land", "sea"],
        "article_id": [SHIP_ID, "town"],
        "published_to": "2021-12-31",
        "source": "Harbour News",
        "top_k": 5,
        "passages": 9,
        "min_confidence": 0.1,
        "time_budget_ms": 5_000,
        "explain": "true",
    }
    response = client.get("/v1/ask", params=query)
    assert response.status_code == 200, response.text
    assert cited_ids(response.json()) == [SHIP_ID]
    assert response.json()["considered"] == response.json()["answers"]


def test_a_confidence_nobody_reaches_leaves_no_answer(client: TestClient) -> None:
    response = ask(client, min_confidence=1)
    assert response["answered"] is False
    assert response["answers"] == []


@pytest.mark.parametrize("written", [quote(SHIP_ID), quote(SHIP_ID, safe="")])
def test_an_id_with_slashes_spaces_and_unicode_is_read_however_it_is_encoded(
    client: TestClient, written: str
) -> None:
    response = client.get(f"/v1/articles/{written}")
    assert response.status_code == 200
    article = response.json()
    assert article["id"] == SHIP_ID
    assert article["published"] == "2021-11-15"
    assert article["tags"] == ["sea"]
    assert article["url"] == "https://example.org/ships"


def test_the_viewer_link_of_such_an_id_leads_to_its_page(client: TestClient) -> None:
    citation = ask(client)["answers"][0]["citations"][0]
    link = citation["viewer_link"]
    assert link == "/articles/ships/the%20%C3%85lesund%20%E2%9A%93#char=13,51"
    page = client.get(link)
    assert page.status_code == 200
    assert citation["quote"] in page.text


@pytest.mark.parametrize("written", ["none", "%00", "%FF", "..%2F..%2Fetc%2Fpasswd", "x" * 5_000])
def test_an_article_that_is_not_there_is_a_problem_that_names_the_listing(
    client: TestClient, written: str
) -> None:
    response = client.get(f"/v1/articles/{written}")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] == "urn:problem-type:quoth:article-not-found"
    assert response.json()["detail"].endswith("GET /v1/articles lists the ones there are")


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_pages_of_any_size_list_each_article_once_in_the_order_of_ids(
    client: TestClient, limit: int
) -> None:
    listed: list[str] = []
    query: dict[str, str | int] = {"limit": limit}
    while True:
        page = client.get("/v1/articles", params=query).json()
        assert 0 < len(page["articles"]) <= limit
        listed += [article["id"] for article in page["articles"]]
        if page["next"] is None:
            break
        query["after"] = page["next"]
    assert listed == [SHIP_ID, "town", "~mute"]


def test_a_listing_behind_the_last_id_is_empty(client: TestClient) -> None:
    page = client.get("/v1/articles", params={"after": "\U0010ffff"}).json()
    assert page["articles"] == []
    assert page["next"] is None


def test_an_article_without_facts_lists_them_as_null(client: TestClient) -> None:
    article = client.get("/v1/articles/~mute").json()
    facts = ("url", "published", "source", "language")
    assert [article[name] for name in facts] == [None] * 4
    assert (article["authors"], article["tags"], article["metadata"]) == ([], [], {})


def test_search_says_by_which_ranking_a_passage_was_found(client: TestClient) -> None:
    body = {"question": "ship", "top_k": 3}
    found = client.post("/v1/search", json=body).json()["passages"]
    assert found[0]["article"]["id"] == SHIP_ID
    assert (found[0]["dense_rank"], found[0]["keyword_rank"]) == (1, 1)
    assert found[0]["cosine"] == 1
    assert {p["article"]["id"] for p in found[1:]} == {"town", "~mute"}
    assert all(
        (p["keyword_rank"], p["keyword_score"], p["cosine"]) == (None, 0, 0) for p in found[1:]
    )


def test_equal_answers_of_two_articles_are_one_answer_with_two_citations(
    open_service: Open, publish: Publish, tmp_path: Path
) -> None:
    publish(
        tmp_path / "index",
        [
            {"id": "one", "text": "The ship carries 42 sailors."},
            {"id": "two", "text": "A cat lives with 42 sailors."},
        ],
    )
    with open_service(tmp_path / "index") as client:
        answers = ask(client)["answers"]
    assert [(a["text"], a["support"]) for a in answers] == [("42", 2)]
    assert [c["article"]["id"] for c in answers[0]["citations"]] == ["one", "two"]
