"""The OpenAPI description says what the service does."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api import examples
from api.requests import AskBody, SearchBody
from api.responses import AskResponse
from qa.errors import InvalidQuestionError
from qa.question import check_question_text
from tests.api.conftest import described_routes


@pytest.fixture(scope="module")
def description(client: TestClient) -> dict[str, Any]:
    """The description as it is served."""
    described: dict[str, Any] = client.get("/openapi.json").json()
    return described


def test_every_route_documents_its_errors(description: dict[str, Any]) -> None:
    common, body = {"401", "422", "500", "503"}, {"413", "415"}
    documented = {
        name: {status for status in route["responses"] if status != "200"}
        for name, route in described_routes(description).items()
        if "openai" not in route.get("tags", [])
    }
    assert documented == {
        "POST /v1/ask": common | body,
        "GET /v1/ask": common | {"304", "400"},
        "POST /v1/search": common | body,
        "POST /v1/verify": common | body,
        "GET /v1/articles": common | {"304"},
        "GET /v1/articles/{article_id}": common | {"304", "404"},
        "PUT /v1/articles/{article_id}": common | body | {"201", "403", "421"},
        "DELETE /v1/articles/{article_id}": common | {"403", "404", "421"},
        "POST /v1/articles": common | {"403", "415", "421"},
        "POST /v1/tokens": common | {"403"},
        "GET /v1/index": common,
        "POST /v1/index/rollback": common | body | {"403", "409", "421"},
        "POST /v1/index/resume": common | {"403", "421"},
        "GET /healthz": set(),
        "GET /readyz": {"503"},
        "GET /metrics": {"401", "422"},
    }


def test_errors_are_described_as_problem_documents_and_as_nothing_else(
    description: dict[str, Any],
) -> None:
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    for name, route in described_routes(description).items():
        # Their errors have OpenAI's shape.
        if "openai" in route.get("tags", []):
            continue
        for status, response in route["responses"].items():
            # 400 is the HTTP parser's, which knows of no problem documents.
            if status not in ("200", "201", "304", "400"):
                assert response["content"] == {"application/problem+json": problem}, (name, status)


def test_what_is_not_json_is_described_under_its_media_type(description: dict[str, Any]) -> None:
    described = {
        (name, media_type): content
        for name, route in described_routes(description).items()
        for media_type, content in route["responses"]["200"]["content"].items()
        if media_type != "application/json"
    }
    events = {
        name: content for (name, kind), content in described.items() if kind == "text/event-stream"
    }
    assert events.keys() == {
        "POST /v1/ask",
        "GET /v1/ask",
        "POST /v1/chat/completions",
        "POST /v1/responses",
    }
    lines = {"$ref": "#/components/schemas/BulkLine"}, {"$ref": "#/components/schemas/BulkSummary"}
    bulk = described["POST /v1/articles", "application/x-ndjson"]["itemSchema"]
    assert tuple(bulk["anyOf"]) == lines
    assert (
        "application/json"
        not in described_routes(description)["POST /v1/articles"]["responses"]["200"]["content"]
    )


def test_a_key_may_be_sent_and_need_not_be(description: dict[str, Any]) -> None:
    assert description["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    assert description["security"] == [{}, {"key": []}]


def test_an_error_has_the_fields_that_are_described(
    client: TestClient, description: dict[str, Any]
) -> None:
    described = description["components"]["schemas"]["Problem"]["required"]
    assert client.get("/v1/ask").json().keys() == set(described)


def test_the_examples_of_requests_can_be_sent(
    client: TestClient, description: dict[str, Any]
) -> None:
    schemas = description["components"]["schemas"]
    for path, model in (("/v1/ask", AskBody), ("/v1/search", SearchBody)):
        (example,) = schemas[model.__name__]["examples"]
        assert client.post(path, json=example).status_code == 200
    by_address = described_routes(description)["GET /v1/ask"]["parameters"]
    (question,) = [p["schema"]["examples"][0] for p in by_address if p["name"] == "q"]
    assert client.get("/v1/ask", params={"q": question}).status_code == 200


def test_the_example_of_a_response_is_one(description: dict[str, Any]) -> None:
    response = AskResponse.model_validate(examples.RESPONSE)
    assert response.model_dump(mode="json") == examples.RESPONSE
    # FastAPI leaves nulls out of the description.
    (described,) = description["components"]["schemas"]["AskResponse"]["examples"]
    assert described == response.model_dump(mode="json", exclude_none=True)
    citation = response.answers[0].citations[0]
    first = citation.answer.start - citation.sentence.start
    assert citation.quote[first:].startswith(citation.answer.text)
    assert len(citation.quote) == citation.sentence.end - citation.sentence.start


def test_every_request_body_refuses_fields_that_it_does_not_name(
    description: dict[str, Any],
) -> None:
    for name in ("AskBody", "SearchBody", "FilterBody"):
        assert description["components"]["schemas"][name]["additionalProperties"] is False


def test_the_documentation_page_shows_the_description(client: TestClient) -> None:
    page = client.get("/docs")
    assert page.status_code == 200
    assert "/openapi.json" in page.text
    assert "text/event-stream: a sequence of Event" in page.text
    assert "A line for each article" in page.text


@given(st.text(max_size=12) | st.text(st.characters(categories=["Cc", "Zs", "Zl", "Zp", "Cf"])))
def test_the_pattern_of_questions_says_which_are_refused(text: str) -> None:
    schema = AskBody.model_json_schema()["properties"]["question"]
    matches = re.search(schema["pattern"], text) is not None
    try:
        check_question_text(text)
    except InvalidQuestionError:
        assert not matches
    else:
        assert matches
        assert schema["minLength"] <= len(text) <= schema["maxLength"]


def test_a_whole_number_may_be_written_with_a_point(client: TestClient) -> None:
    body = {"question": "How many?", "top_k": 1.0, "passages": 5.0}
    assert len(client.post("/v1/ask", json=body).json()["answers"]) == 1
    response = client.post("/v1/ask", json={**body, "top_k": 1.5})
    assert response.json()["detail"] == "top_k: Input should be a valid integer"
