"""Mistakes in requests: each is a problem document that says what to change."""

import json

import pytest
from starlette.testclient import TestClient

JSON = {"content-type": "application/json"}
PROBLEM_FIELDS = {"type", "title", "status", "detail", "instance", "request_id"}
# Stands in every wrong value below that is text, and must not come back.
TYPED = "hunter2"


def ask_body(**fields: object) -> bytes:
    return json.dumps({"question": "How many sailors?", **fields}).encode()


def nested(levels: int) -> bytes:
    return b'{"question": ' + b"[" * levels + b"]" * levels + b"}"


def problem_of(client: TestClient, body: bytes, *, path: str = "/v1/ask") -> dict[str, object]:
    """Post the body and return the problem document, after checking what holds for all."""
    response = client.post(path, content=body, headers=JSON)
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, object] = response.json()
    assert problem.keys() == PROBLEM_FIELDS
    assert problem["status"] == response.status_code
    assert problem["instance"] == path
    assert TYPED not in response.text
    assert "Traceback" not in response.text
    return problem


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        pytest.param(
            ask_body(question=""), "question: is empty; ask something", id="empty-question"
        ),
        pytest.param(
            ask_body(question=" \n\t "), "question: is empty; ask something", id="only-white-space"
        ),
        pytest.param(
            ask_body(question="a" * 2_001),
            "question: has 2,001 characters; shorten it to at most 2,000",
            id="question-too-long",
        ),
        pytest.param(
            ask_body(question="a\0b"),
            "question: has the control character U+0000 at position 1; remove it",
            id="control-character",
        ),
        pytest.param(
            b'{"question": "a\\ud800b"}',
            "question: has the lone surrogate U+D800 at position 1; remove it",
            id="lone-surrogate-in-question",
        ),
        pytest.param(
            b'{"question": "who?", "filters": {"source": "\\ud800"}}',
            "filters.source: is not valid Unicode (a lone surrogate?); correct it",
            id="lone-surrogate-in-filter",
        ),
        pytest.param(
            b'{"question": "who?", "\\ud800": 1}',
            "the body is not valid Unicode (a lone surrogate?); correct it",
            id="lone-surrogate-in-key",
        ),
        pytest.param(b"{}", "question: is missing; add it", id="no-question"),
        pytest.param(b"", "the body is missing; add it", id="no-body"),
        pytest.param(
            ask_body(question=3), "question: Input should be a valid string", id="question-a-number"
        ),
        pytest.param(
            ask_body(question=None), "question: Input should be a valid string", id="question-null"
        ),
        pytest.param(
            ask_body(topk=3),
            "topk: is not known here; correct its name or leave it out",
            id="unknown-field",
        ),
        pytest.param(
            ask_body(filters={"author": TYPED}),
            "filters.author: is not known here; correct its name or leave it out",
            id="unknown-filter",
        ),
        pytest.param(
            ask_body(filters=None),
            "filters: must be a JSON object, such as {}",
            id="filters-null",
        ),
        pytest.param(
            ask_body(filters={"tags": "sea"}),
            "filters.tags: Input should be a valid list",
            id="one-tag-not-in-a-list",
        ),
        pytest.param(
            ask_body(filters={"published_from": f"since {TYPED}"}),
            "filters.published_from: write a day as YYYY-MM-DD, such as 2021-11-15",
            id="date-in-words",
        ),
        pytest.param(
            ask_body(filters={"published_from": 86_400}),
            "filters.published_from: write a day as YYYY-MM-DD, such as 2021-11-15",
            id="date-as-seconds-since-1970",
        ),
        pytest.param(
            ask_body(filters={"published_from": "2021-02-30"}),
            "filters.published_from: Input should be a valid date or datetime, "
            "day value is outside expected range",
            id="day-that-does-not-exist",
        ),
        pytest.param(
            ask_body(filters={"published_from": "2022-01-01", "published_to": "2021-01-01"}),
            "filters: published_from is a later day than published_to; swap them",
            id="dates-swapped",
        ),
        pytest.param(
            ask_body(history=[{"role": "system", "content": TYPED}]),
            "history.0.role: Input should be 'user' or 'assistant'",
            id="history",
        ),
        pytest.param(
            ask_body(top_k=0), "top_k: Input should be greater than or equal to 1", id="top_k-0"
        ),
        pytest.param(
            ask_body(top_k=21), "top_k: Input should be less than or equal to 20", id="top_k-21"
        ),
        pytest.param(
            ask_body(top_k="3"), "top_k: Input should be a valid integer", id="top_k-a-string"
        ),
        pytest.param(
            ask_body(top_k=True), "top_k: Input should be a valid integer", id="top_k-true"
        ),
        pytest.param(
            ask_body(top_k=float("nan")), "top_k: Input should be a valid integer", id="top_k-nan"
        ),
        pytest.param(
            ask_body(min_confidence=float("nan")),
            "min_confidence: Input should be a finite number",
            id="min_confidence-nan",
        ),
        pytest.param(
            ask_body(min_confidence=1.5),
            "min_confidence: Input should be less than or equal to 1",
            id="min_confidence-in-percent",
        ),
        pytest.param(
            ask_body(time_budget_ms=float("inf")),
            "time_budget_ms: Input should be a finite number",
            id="time-budget-infinite",
        ),
        pytest.param(
            ask_body(time_budget_ms=0),
            "time_budget_ms: Input should be greater than 0",
            id="time-budget-0",
        ),
        pytest.param(
            ask_body(passages=101),
            "passages: Input should be less than or equal to 100",
            id="too-many-passages",
        ),
        pytest.param(
            ask_body(explain="yes"), "explain: Input should be a valid boolean", id="explain-yes"
        ),
        pytest.param(
            b'{"question": "who?"',
            "the body is not valid JSON at character 19: Expecting ',' delimiter",
            id="malformed-json",
        ),
        pytest.param(
            b"{'question': 'hunter2'}",
            "the body is not valid JSON at character 1: "
            "Expecting property name enclosed in double quotes",
            id="single-quotes",
        ),
        pytest.param(
            b'["hunter2"]', "the body must be a JSON object, such as {}", id="not-an-object"
        ),
        pytest.param(
            b'{"question": "\xff\xfe"}',
            "the body is not UTF-8 text; send JSON in UTF-8",
            id="not-utf-8",
        ),
        pytest.param(
            nested(30_000),
            "the body is nested too deeply to be read; send a flat JSON object",
            id="deeply-nested",
        ),
        pytest.param(
            b'{"question": "who?", "top_k": ' + b"9" * 5_000 + b"}",
            "the body holds a number with too many digits; send a shorter one",
            id="number-of-5000-digits",
        ),
    ],
)
def test_a_wrong_body_is_answered_with_what_to_change(
    client: TestClient, body: bytes, detail: str
) -> None:
    problem = problem_of(client, body)
    assert problem["status"] == 422
    assert problem["type"] == "urn:problem-type:quoth:invalid-request"
    assert problem["detail"] == detail


def test_search_refuses_the_same_mistakes(client: TestClient) -> None:
    problem = problem_of(client, ask_body(question=" ", topk=3, top_k=101), path="/v1/search")
    assert problem["detail"] == (
        "top_k: Input should be less than or equal to 100; "
        "topk: is not known here; correct its name or leave it out"
    )
    problem = problem_of(client, ask_body(question=" "), path="/v1/search")
    assert problem["detail"] == "question: is empty; ask something"


def test_of_many_mistakes_only_the_first_are_told_and_long_names_are_cut(
    client: TestClient,
) -> None:
    problem = problem_of(client, ask_body(**{f"{n:03}{'x' * 200}": n for n in range(100)}))
    detail = str(problem["detail"])
    assert detail.startswith(f"000{'x' * 97}…: is not known here")
    assert detail.endswith("; and 95 more like these")
    assert len(detail) < 1_000


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        pytest.param("/v1/ask", "q: is missing; add it", id="no-q"),
        pytest.param("/v1/ask?q=", "question: is empty; ask something", id="empty-q"),
        pytest.param(
            "/v1/ask?q=%00",
            "question: has the control character U+0000 at position 0; remove it",
            id="control-character",
        ),
        pytest.param(
            "/v1/ask?q=who&topk=hunter2",
            "topk: is not known here; correct its name or leave it out",
            id="unknown-parameter-of-ask",
        ),
        pytest.param(
            "/v1/ask?q=who&top_k=hunter2",
            "top_k: Input should be a valid integer, unable to parse string as an integer",
            id="top_k-a-word",
        ),
        pytest.param(
            "/v1/ask?q=who&min_confidence=nan",
            "min_confidence: Input should be a finite number",
            id="min_confidence-nan",
        ),
        pytest.param(
            "/v1/ask?q=who&published_from=2021",
            "published_from: write a day as YYYY-MM-DD, such as 2021-11-15",
            id="a-year-for-a-day",
        ),
        pytest.param(
            "/v1/ask?q=who&published_from=2022-01-01&published_to=2021-01-01",
            "published_from is a later day than published_to; swap them",
            id="dates-swapped",
        ),
        pytest.param(
            "/v1/articles?page=2",
            "page: is not known here; correct its name or leave it out",
            id="unknown-parameter-of-listing",
        ),
        pytest.param(
            "/v1/articles?limit=1001",
            "limit: Input should be less than or equal to 1000",
            id="limit-too-high",
        ),
        pytest.param(
            "/v1/articles/town?text=no",
            "this address takes no query parameters; leave out what follows the '?'",
            id="parameter-where-there-are-none",
        ),
        pytest.param(
            "/v1/ask?q=hunter2&q=who", "q: is given 2 times; give it once", id="two-questions"
        ),
        pytest.param(
            "/v1/articles?limit=1&limit=2&limit=3",
            "limit: is given 3 times; give it once",
            id="three-limits",
        ),
    ],
)
def test_a_wrong_address_is_answered_with_what_to_change(
    client: TestClient, path: str, detail: str
) -> None:
    response = client.get(path)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["detail"] == detail
    assert TYPED not in response.text


def test_parameters_in_the_address_of_a_post_are_refused_rather_than_ignored(
    client: TestClient,
) -> None:
    response = client.post("/v1/ask?top_k=1", content=ask_body(), headers=JSON)
    assert response.status_code == 422
    assert response.json()["detail"].startswith("this address takes no query parameters")


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"content-type": "text/plain"}, id="text"),
        pytest.param({"content-type": "application/x-www-form-urlencoded"}, id="form"),
        pytest.param({"content-type": "application/jsonp"}, id="nearly-json"),
        pytest.param({}, id="none"),
    ],
)
def test_a_body_that_is_not_said_to_be_json_is_refused_with_the_header_to_send(
    client: TestClient, headers: dict[str, str]
) -> None:
    response = client.post("/v1/ask", content=ask_body(), headers=headers)
    assert response.status_code == 415
    assert response.json()["type"] == "urn:problem-type:quoth:unsupported-content-type"
    assert "send JSON with Content-Type: application/json" in response.json()["detail"]


def test_a_content_type_may_name_its_charset_in_any_case(client: TestClient) -> None:
    headers = {"content-type": "Application/JSON; charset=UTF-8"}
    assert client.post("/v1/ask", content=ask_body(), headers=headers).status_code == 200


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/search"])
def test_a_body_of_the_limit_is_taken_and_one_byte_more_is_not(
    client: TestClient, path: str
) -> None:
    full = ask_body().ljust(1_048_576)
    assert client.post(path, content=full, headers=JSON).status_code == 200
    response = client.post(path, content=full + b" ", headers=JSON)
    assert response.status_code == 413
    assert response.json()["type"] == "urn:problem-type:quoth:body-too-large"
    assert response.json()["detail"] == "send at most 1,048,576 bytes"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/v1/ask", {"GET", "HEAD", "POST"}),
        ("GET", "/v1/search", {"POST"}),
        ("PATCH", "/v1/verify", {"POST"}),
        ("POST", "/healthz", {"GET", "HEAD"}),
    ],
)
def test_a_wrong_method_is_answered_with_those_that_are_possible(
    client: TestClient, method: str, path: str, allowed: set[str]
) -> None:
    response = client.request(method, path)
    assert response.status_code == 405
    assert response.headers["content-type"] == "application/problem+json"
    assert set(response.headers["allow"].split(", ")) == allowed
    assert response.json()["detail"] == f"{method} is not possible here; GET /docs lists what is"


@pytest.mark.parametrize("path", ["/nope", "/v1", "/v2/ask", "/v1/ask/", "/v1/<script>"])
def test_an_unknown_address_is_a_problem_that_leads_to_the_documentation(
    client: TestClient, path: str
) -> None:
    response = client.get(path, follow_redirects=False)
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["detail"] == (
        "nothing is served at this address; GET /docs lists all addresses"
    )
    assert "<script>" not in response.text


def test_the_highest_values_that_are_allowed_are_taken(client: TestClient) -> None:
    body = ask_body(
        question="ä" * 2_000,
        top_k=20,
        passages=100,
        min_confidence=1,
        time_budget_ms=600_000,
        history=[{"role": "user", "content": "ä" * 4_000}] * 40,
        filters={
            "published_from": None,
            "published_to": None,
            "source": None,
            "tags": None,
            "article_ids": None,
        },
    )
    assert client.post("/v1/ask", content=body, headers=JSON).status_code == 200
