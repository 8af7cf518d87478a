"""Which pages of other origins may ask: none, or those of the list."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from api.settings import Settings
from tests.api.conftest import Open

ALLOWED = "https://news.example"


@pytest.mark.parametrize(
    ("allowed", "origin", "granted"),
    [
        pytest.param("", ALLOWED, None, id="none-by-default"),
        pytest.param(f"{ALLOWED}, https://b.example:8443", ALLOWED, ALLOWED, id="one-of-the-list"),
        pytest.param(ALLOWED, "https://evil.example", None, id="one-that-is-not"),
        pytest.param(ALLOWED, f"{ALLOWED}.evil.example", None, id="one-that-begins-like-it"),
        pytest.param(ALLOWED, "http://news.example", None, id="another-scheme"),
        pytest.param(ALLOWED, "null", None, id="a-sandboxed-page"),
        pytest.param("*", "https://any.example", "*", id="every-page"),
    ],
)
def test_an_answer_may_be_read_by_pages_of_allowed_origins(
    open_service: Open, small_index: Path, allowed: str, origin: str, granted: str | None
) -> None:
    with open_service(small_index, allowed_origins=allowed) as client:
        answer = client.get("/v1/ask?q=ship", headers={"Origin": origin})
        asked_first = client.options(
            "/v1/ask",
            headers={
                "Origin": origin,
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "content-type",
            },
        )
    assert answer.status_code == 200
    for response in (answer, asked_first):
        assert response.headers.get("access-control-allow-origin") == granted
        assert "access-control-allow-credentials" not in response.headers


def test_pages_may_send_what_clients_of_openai_send_and_read_what_concerns_them(
    open_service: Open, small_index: Path
) -> None:
    sent = "authorization, content-type, user-agent, x-stainless-lang, x-stainless-retry-count"
    with open_service(small_index, allowed_origins=ALLOWED) as client:
        asked_first = client.options(
            "/v1/chat/completions",
            headers={
                "Origin": ALLOWED,
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": sent,
            },
        )
        answer = client.get("/v1/ask?q=ship", headers={"Origin": ALLOWED})
    assert asked_first.status_code == 200
    assert asked_first.headers["access-control-allow-headers"] == sent
    readable = answer.headers["access-control-expose-headers"].split(", ")
    assert {"ETag", "Retry-After", "X-Index-Generation", "X-Request-ID"} == set(readable)


@pytest.mark.parametrize("wrong", ["news.example", f"{ALLOWED}/", f"{ALLOWED}/page", "ftp://a"])
def test_what_is_no_origin_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError, match="allowed_origins"):
        Settings(allowed_origins=wrong)


def test_the_variable_holds_origins_with_commas_between_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("QUOTH_ALLOWED_ORIGINS", f"{ALLOWED}, http://localhost:3000")
    assert Settings().allowed_origins == (ALLOWED, "http://localhost:3000")
