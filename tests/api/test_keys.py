"""Keys: where the service has some, who may call what, and how a refusal is told."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from openai import AuthenticationError, OpenAI
from pydantic import ValidationError
from starlette.testclient import TestClient

from api.settings import Settings
from tests.api.conftest import Open, described_routes, fake_app, listening, until

KEY, OTHER_KEY = "first-key-0123456789", "other-key-0123456789"
PAGE = "https://news.example"
WITH_KEY = {"Authorization": f"Bearer {KEY}"}


@pytest.fixture
def keyed(open_service: Open, small_index: Path) -> Iterator[TestClient]:
    """The service with two keys, which lets no visitors in."""
    with open_service(small_index, api_keys=f"{KEY},{OTHER_KEY}", allowed_origins=PAGE) as client:
        yield client


def test_without_keys_nobody_is_asked_for_one(client: TestClient) -> None:
    assert client.get("/v1/ask?q=ship").status_code == 200
    assert client.get("/v1/ask?q=ship", headers={"Authorization": "Bearer any"}).status_code == 200


def test_every_route_needs_a_key_but_those_that_tell_nothing_of_the_articles(
    keyed: TestClient,
) -> None:
    described = described_routes(keyed.get("/openapi.json").json())
    calls = [name.split(" ") for name in described] + [
        ["POST", "/mcp"],
        ["GET", "/"],
        ["GET", "/articles/town"],
        ["HEAD", "/v1/articles"],
        ["GET", "/no/such/route"],
    ]
    opened = {path for method, path in calls if keyed.request(method, path).status_code != 401}
    assert opened == {"/healthz", "/readyz"}
    for path in ("/widget.js", "/static/quoth.css", "/docs"):
        assert keyed.get(path).status_code == 200


def test_who_has_no_key_is_not_told_where_an_index_that_cannot_be_opened_lies(
    open_service: Open, tmp_path: Path
) -> None:
    settings = {"api_keys": KEY, "visitors": True, "allowed_origins": PAGE}
    with open_service(tmp_path / "none", ready=False, **settings) as client:
        token = client.post("/v1/tokens", headers={"Origin": PAGE}).json()["token"]
        as_widget = {"Authorization": f"Bearer {token}", "Origin": PAGE}
        for path, headers in [
            ("/", {}),
            ("/articles/town", {}),
            ("/readyz", {}),
            ("/v1/ask?q=ship", as_widget),
        ]:
            response = client.get(path, headers=headers)
            assert response.status_code == 503, path
            assert str(tmp_path) not in response.text
            assert "in its log" in response.text
            told = client.get(path, headers=WITH_KEY)
            assert told.status_code == 503
            assert str(tmp_path) in told.text, path


@pytest.mark.parametrize("key", [KEY, OTHER_KEY])
def test_each_key_opens_all(keyed: TestClient, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    for path in ("/v1/ask?q=ship", "/v1/articles", "/v1/models", "/", "/articles/town"):
        assert keyed.get(path, headers=headers).status_code == 200, path


@pytest.mark.parametrize(
    "authorization",
    [
        pytest.param("", id="empty"),
        pytest.param("Bearer", id="no-key"),
        pytest.param(f"Bearer {KEY[:-1]}", id="a-part"),
        pytest.param(f"Bearer {KEY},{OTHER_KEY}", id="both"),
        pytest.param(f"Bearer {KEY.upper()}", id="in-capitals"),
        pytest.param(KEY, id="no-scheme"),
        pytest.param("Bearer caf\xe9.00", id="not-ascii"),
        pytest.param("Basic " + "OmZpcnN0LWtleS0wMTIzNDU2Nzg5", id="as-a-password"),
    ],
)
def test_anything_else_is_refused_with_what_to_send(keyed: TestClient, authorization: str) -> None:
    response = keyed.get(
        "/v1/articles", headers={b"Authorization": authorization.encode("latin-1")}
    )
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith("Bearer ")
    assert response.headers["content-type"] == "application/problem+json"
    assert "Authorization: Bearer KEY" in response.json()["detail"]
    assert KEY not in response.text


def test_a_body_is_not_read_before_the_key(keyed: TestClient) -> None:
    assert keyed.put("/v1/articles/a", content=b"x" * 30_000_000).status_code == 401


def test_a_browser_opens_pages_with_a_key_as_password_and_nothing_else(keyed: TestClient) -> None:
    refused = keyed.get("/?q=ship")
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith("Basic ")
    assert "A key is needed" in refused.text
    assert "sailors" not in refused.text
    assert keyed.get("/?q=ship", auth=("anybody", KEY)).status_code == 200
    assert keyed.get("/articles/town", auth=("", OTHER_KEY)).status_code == 200
    for wrong in ("Basic !", "Basic /w==", "Basic "):
        assert keyed.get("/", headers={"Authorization": wrong}).status_code == 401
    # A page elsewhere could make the browser send it.
    assert keyed.post("/v1/ask", json={"question": "ship"}, auth=("", KEY)).status_code == 401


def test_visitors_may_read_pages_and_call_nothing(open_service: Open, small_index: Path) -> None:
    with open_service(small_index, api_keys=KEY, visitors=True) as client:
        assert "42" in client.get("/?q=How many on the ship?").text
        assert client.get("/articles/town").status_code == 200
        for path in ("/v1/ask?q=ship", "/v1/articles", "/v1/index", "/v1/models"):
            assert client.get(path).status_code == 401, path


def test_clients_of_others_send_the_key_as_they_always_do(small_index: Path) -> None:
    with listening(fake_app(small_index, api_keys=KEY)) as url:
        until(lambda: httpx.get(f"{url}/readyz").status_code == 200, what="ready")
        asked = [{"role": "user", "content": "How many on the ship?"}]
        chat = OpenAI(base_url=f"{url}/v1", api_key=KEY).chat.completions
        said = chat.create(model="quoth", messages=asked).choices[0].message.content  # type: ignore[arg-type]
        assert said is not None
        assert "42" in said
        listing = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
        accepted = {"Accept": "application/json, text/event-stream"}
        tools = httpx.post(f"{url}/mcp", json=listing, headers=WITH_KEY | accepted)
        assert "read_article" in tools.text
        stranger = OpenAI(base_url=f"{url}/v1", api_key="sk-wrong", max_retries=0)
        with pytest.raises(AuthenticationError) as refused:
            stranger.models.list()
        assert refused.value.code == "invalid_api_key"
        assert refused.value.type == "invalid_request_error"


@pytest.mark.parametrize("wrong", ["short", "with spaces in the middle", "ümlaut-0123456789"])
def test_a_key_that_can_be_guessed_or_not_be_sent_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError, match="openssl rand -hex 32"):
        Settings(api_keys=[wrong])  # as TOML gives it


def test_keys_are_read_from_the_variable_or_the_file_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "quoth.toml"
    file.write_text(f'api_keys = ["{OTHER_KEY}"]\n')
    monkeypatch.setenv("QUOTH_CONFIG_FILE", str(file))
    assert Settings().keys == (OTHER_KEY,)
    monkeypatch.setenv("QUOTH_API_KEYS", f"{KEY}, {OTHER_KEY}")
    assert Settings().keys == (KEY, OTHER_KEY)
    assert KEY not in repr(Settings())
