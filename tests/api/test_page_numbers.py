"""Where an article is known to have pages, each of its quotations names its own."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console
from starlette.testclient import TestClient

from api.mcp.texts import answers_text, passages_text
from api.responses import AskResponse, SearchResponse
from scripts.command_line.print_response import print_response
from tests.api.conftest import Open, Publish

QUESTION = "How many sail on the ship?"
TEXT = "A report on the harbour.\n\nThe ship carries 42 sailors and a cat."
URL = "https://example.org/reports/Ship.PDF?v=2"


@pytest.fixture
def client(open_service: Open, publish: Publish, tmp_path: Path) -> Iterator[TestClient]:
    report = {"id": "r", "title": "Report", "text": TEXT, "url": URL, "page_starts": [0, 0, 26]}
    publish(tmp_path / "index", [report])
    with open_service(tmp_path / "index") as opened:
        yield opened


def test_a_citation_names_the_page_that_its_quote_begins_on(client: TestClient) -> None:
    (answer,) = client.get("/v1/ask", params={"q": QUESTION}).json()["answers"]
    assert answer["citations"][0]["page"] == 3


def test_a_passage_names_the_page_that_it_begins_on(client: TestClient) -> None:
    (passage,) = client.post("/v1/search", json={"question": QUESTION}).json()["passages"]
    assert (passage["start"], passage["page"]) == (0, 2)


def test_an_article_without_pages_has_none(
    open_service: Open, publish: Publish, tmp_path: Path
) -> None:
    publish(tmp_path / "index", [{"id": "r", "text": TEXT, "page_starts": "from 3 to 26"}])
    with open_service(tmp_path / "index") as opened:
        (answer,) = opened.get("/v1/ask", params={"q": QUESTION}).json()["answers"]
        page = opened.get("/articles/r").text
    assert answer["citations"][0]["page"] is None
    assert 'id="page"' not in page


def test_the_address_of_a_pdf_opens_at_the_page(client: TestClient) -> None:
    (answer,) = client.get("/v1/ask", params={"q": QUESTION}).json()["answers"]
    assert answer["citations"][0]["deep_link"] == f"{URL}#page=3"


def test_the_ask_page_names_the_page(client: TestClient) -> None:
    assert "<span>p.&nbsp;3</span>" in client.get("/", params={"q": QUESTION}).text


def test_the_page_of_an_article_names_the_page_of_the_marked_quote(client: TestClient) -> None:
    shown = client.get("/articles/r", params={"char": "26,64"}).text
    assert '<span id="page" data-starts="0,0,26">p.&nbsp;3</span>' in shown
    assert '<span id="page" data-starts="0,0,26" hidden>' in client.get("/articles/r").text


def test_a_terminal_and_a_model_are_told_the_page(client: TestClient) -> None:
    answered = client.get("/v1/ask", params={"q": QUESTION}).json()
    response = AskResponse.model_validate(answered)
    console = Console(record=True, width=200)
    print_response(response, console)
    assert "· p. 3 ·" in console.export_text()
    assert "characters 26 to 64, page 3, says:" in answers_text(response)
    found = client.post("/v1/search", json={"question": QUESTION}).json()
    assert re.search("characters 0 to 64, page 2:", passages_text(SearchResponse(**found)))


def test_formats_that_have_a_place_for_a_page_name_it(client: TestClient) -> None:
    def told(name: str) -> str:
        return client.get("/v1/ask", params={"q": QUESTION, "format": name}).text

    assert '"end":64,"page":3' in told("cohere")
    # Open WebUI shows one more than it is told.
    assert '"end":64,"page":2' in told("open-webui")
    assert '"page":3' in told("ai-sdk")
