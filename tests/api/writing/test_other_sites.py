"""Pages of other sites cannot make a browser write; programs and our own pages write."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import Open

OURS = "http://testserver"
EVIL = "https://evil.example"
KEY = "first-key-0123456789"


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Sec-Fetch-Site": "cross-site"}, id="another-site"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, id="another-name-of-the-site"),
        pytest.param({"Origin": EVIL}, id="an-older-browser"),
        pytest.param({"Origin": "null"}, id="a-page-without-an-origin"),
        pytest.param({"Origin": f"{OURS}.evil.example"}, id="a-name-that-begins-like-ours"),
        pytest.param({"Origin": "http://[testserver"}, id="no-address"),
        pytest.param({"Origin": f"{OURS}:81"}, id="another-port"),
    ],
)
def test_a_page_of_another_site_can_write_nothing(
    client: TestClient, headers: dict[str, str]
) -> None:
    for response in (
        client.post("/v1/index/resume", headers=headers),
        client.post("/v1/index/rollback", json={}, headers=headers),
        client.put("/v1/articles/a", json={"text": "A."}, headers=headers),
        client.delete("/v1/articles/town", headers=headers),
        client.post("/v1/articles", headers={**headers, "Content-Type": "application/x-ndjson"}),
    ):
        assert response.status_code == 403, response.request.url
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["type"] == "urn:problem-type:quoth:other-site"
        assert "QUOTH_API_KEYS" in response.json()["detail"]
    assert client.get("/v1/articles/town").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="a-program"),
        pytest.param({"Sec-Fetch-Site": "none"}, id="the-address-bar"),
        pytest.param({"Sec-Fetch-Site": "same-origin", "Origin": OURS}, id="our-page"),
        pytest.param({"Origin": OURS}, id="our-page-in-an-older-browser"),
    ],
)
def test_our_pages_and_programs_write(client: TestClient, headers: dict[str, str]) -> None:
    assert client.post("/v1/index/resume", headers=headers).status_code == 200


def test_a_page_that_holds_a_key_writes(index_dir: Path, open_service: Open) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": EVIL}
    with open_service(index_dir, api_keys=KEY) as client:
        client.headers["Authorization"] = f"Bearer {KEY}"
        assert client.post("/v1/index/resume", headers=headers).status_code == 200
