"""By which names the service is called, and what is refused under another."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.callers.own_names import is_one_of, own_names
from api.settings import Settings
from tests.api.conftest import SHIP, Open, Publish

EVIL = {"Host": "evil.example:8000", "Origin": "http://evil.example:8000"}


@pytest.mark.parametrize(
    ("authority", "is_ours"),
    [
        ("localhost", True),
        ("LocalHost:8000", True),
        ("127.0.0.1:9", True),
        ("[::1]:8000", True),
        ("quoth.test", True),
        ("proxy.example:443", True),
        ("named.example", True),
        ("[fd00::1]:80", True),
        ("[FD00::2]:80", True),
        ("evil.example", False),
        ("localhost.evil.example:80", False),
        ("localhost:80:80", False),
        ("evil@localhost", False),
        ("[::1", False),
        ("", False),
    ],
)
def test_the_service_has_the_names_that_the_settings_give_it(authority: str, is_ours: bool) -> None:
    settings = Settings(
        host="quoth.test",
        public_url="https://Proxy.example/quoth",
        mcp_hosts=("named.example:8443", "[fd00::1]", "fd00::2"),
    )
    assert is_one_of(own_names(settings), authority) is is_ours


def test_without_a_public_address_no_name_is_none_of_ours() -> None:
    assert not is_one_of(own_names(Settings()), "")


def statuses(client: TestClient, headers: dict[str, str]) -> set[int]:
    return {
        client.post("/v1/index/resume", headers=headers).status_code,
        client.put("/v1/articles/a", json={"text": "A."}, headers=headers).status_code,
        client.delete("/v1/articles/town", headers=headers).status_code,
        client.post("/v1/index/rollback", json={}, headers=headers).status_code,
        client.post(
            "/v1/articles", headers={**headers, "Content-Type": "application/x-ndjson"}
        ).status_code,
    }


def test_nothing_is_written_under_a_name_that_was_made_to_point_here(
    tmp_path: Path, publish: Publish, open_service: Open
) -> None:
    publish(tmp_path / "index", [SHIP])
    with open_service(tmp_path / "index") as client:
        assert statuses(client, EVIL) == {421}
        problem = client.post("/v1/index/resume", headers=EVIL).json()
        assert problem["type"] == "urn:problem-type:quoth:other-name"
        assert "QUOTH_MCP_HOSTS" in problem["detail"]
        assert "QUOTH_PUBLIC_URL" in problem["detail"]
        assert client.get("/v1/articles/a").status_code == 404


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({"mcp_hosts": "evil.example"}, id="it-is-ours"),
        pytest.param(
            {"public_url": "http://evil.example:8000", "writes": True}, id="it-is-the-proxy"
        ),
        pytest.param({"host": "0.0.0.0", "writes": True}, id="others-reach-it"),  # noqa: S104
        pytest.param({"api_keys": "first-key-0123456789"}, id="a-key-is-asked-for"),
    ],
)
def test_a_name_is_not_refused_where_it_says_nothing(
    tmp_path: Path, publish: Publish, open_service: Open, settings: dict[str, object]
) -> None:
    publish(tmp_path / "index", [SHIP])
    headers = {**EVIL, "Authorization": "Bearer first-key-0123456789"}
    with open_service(tmp_path / "index", **settings) as client:
        assert client.post("/v1/index/resume", headers=headers).status_code == 200
