"""The widget's tokens: whose pages may ask with one, for how long, and what else they may."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.callers.tokens import LIFETIME_S, make_token, origin_of
from tests.api.conftest import Open

KEY = "first-key-0123456789"
PAGE, OTHER_PAGE = "https://news.example", "https://other.example:8443"
WITH_KEY = {"Authorization": f"Bearer {KEY}"}


@pytest.fixture
def keyed(open_service: Open, small_index: Path) -> Iterator[TestClient]:
    """The service with a key and two origins, which lets no visitors in."""
    with open_service(small_index, api_keys=KEY, allowed_origins=f"{PAGE},{OTHER_PAGE}") as client:
        yield client


def token_for(client: TestClient, origin: str) -> str:
    """Return a token as the backend of a site gets it."""
    response = client.post("/v1/tokens", headers={"Origin": origin, **WITH_KEY})
    assert response.status_code == 200, response.text
    assert response.headers["cache-control"] == "no-store"
    given = response.json()
    assert (given["origin"], given["expires_in"]) == (origin, LIFETIME_S)
    token: str = given["token"]
    return token


def ask(client: TestClient, token: str, **headers: str) -> int:
    given = {"Authorization": f"Bearer {token}", **headers}
    return client.get("/v1/ask?q=ship", headers=given).status_code


def test_a_page_asks_with_a_token_for_its_origin_and_no_other_page_does(keyed: TestClient) -> None:
    token = token_for(keyed, PAGE)
    assert ask(keyed, token, Origin=PAGE) == 200
    assert ask(keyed, token, Origin=OTHER_PAGE) == 401
    assert ask(keyed, token) == 401


def test_a_token_asks_and_does_nothing_else(keyed: TestClient) -> None:
    headers = {"Authorization": f"Bearer {token_for(keyed, PAGE)}", "Origin": PAGE}
    for method, path in (
        ("GET", "/v1/articles"),
        ("GET", "/v1/articles/town"),
        ("PUT", "/v1/articles/town"),
        ("POST", "/v1/chat/completions"),
        ("POST", "/v1/tokens"),
        ("POST", "/mcp"),
        ("GET", "/"),
    ):
        assert keyed.request(method, path, headers=headers).status_code == 401, path


def test_a_token_expires(keyed: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    token = token_for(keyed, PAGE)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + LIFETIME_S - 5)
    assert ask(keyed, token, Origin=PAGE) == 200
    monkeypatch.setattr(time, "time", lambda: now + LIFETIME_S + 5)
    assert ask(keyed, token, Origin=PAGE) == 401


def test_a_token_dies_with_the_key_that_signed_it() -> None:
    token = make_token(PAGE, KEY, now=0)
    assert origin_of(token, ["another-key-0123456", KEY], now=1) == PAGE
    assert origin_of(token, ["another-key-0123456"], now=1) is None


@given(st.text(max_size=80), st.integers(0, 200), st.characters(codec="latin-1"))
def test_a_token_that_was_changed_or_made_up_is_none(text: str, place: int, other: str) -> None:
    token = make_token(PAGE, KEY, now=0)
    assert origin_of(text, [KEY], now=1) is None
    changed = token[:place] + other + token[place + 1 :]
    if changed != token:
        assert origin_of(changed, [KEY], now=1) is None


def test_a_token_is_only_given_for_origins_that_may_ask(keyed: TestClient) -> None:
    refused = keyed.post("/v1/tokens", headers={"Origin": "https://evil.example", **WITH_KEY})
    assert refused.status_code == 403
    assert refused.json()["detail"] == (
        "pages of 'https://evil.example' may not ask here; add it to QUOTH_ALLOWED_ORIGINS"
    )
    missing = keyed.post("/v1/tokens", headers=WITH_KEY)
    assert (missing.status_code, missing.json()["detail"]) == (
        422,
        "header.origin: is missing; add it",
    )


def test_without_visitors_a_page_gets_no_token_by_itself(keyed: TestClient) -> None:
    response = keyed.post("/v1/tokens", headers={"Origin": PAGE})
    assert response.status_code == 401
    # The page may read why.
    assert response.headers["access-control-allow-origin"] == PAGE


def test_with_visitors_a_page_gets_a_token_by_itself(open_service: Open, small_index: Path) -> None:
    with open_service(small_index, api_keys=KEY, allowed_origins=PAGE, visitors=True) as client:
        token = client.post("/v1/tokens", headers={"Origin": PAGE}).json()["token"]
        assert ask(client, token, Origin=PAGE) == 200
        assert ask(client, token, Origin=OTHER_PAGE) == 401
        assert client.post("/v1/tokens", headers={"Origin": OTHER_PAGE}).status_code == 403
        wrong = {"Origin": PAGE, "Authorization": "Bearer wrong"}
        assert client.post("/v1/tokens", headers=wrong).status_code == 401


def test_a_page_may_send_the_header_that_the_token_is_in(keyed: TestClient) -> None:
    asked_first = keyed.options(
        "/v1/ask",
        headers={
            "Origin": PAGE,
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "authorization",
        },
    )
    assert asked_first.status_code == 200
    assert "authorization" in asked_first.headers["access-control-allow-headers"].lower()


def test_without_keys_there_are_no_tokens(client: TestClient) -> None:
    response = client.post("/v1/tokens", headers={"Origin": PAGE})
    assert (response.status_code, response.json()["title"]) == (403, "No token for this page")
