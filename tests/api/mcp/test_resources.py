"""Articles as resources."""

from pathlib import Path

import pytest
from mcp import Client, MCPError

from api.mcp.uris import article_id_of, article_uri
from tests.api.conftest import SHIP, Publish
from tests.api.mcp.conftest import Serve, use_client


def test_articles_are_listed_and_read_whole(endpoint: str, mode: str) -> None:
    async def use(client: Client) -> dict[str, str]:
        listed = await client.list_resources()
        assert listed.next_cursor is None
        texts = {}
        for resource in listed.resources:
            (content,) = (await client.read_resource(resource.uri)).contents
            assert content.uri == resource.uri
            assert resource.size == len(content.text.encode())  # type: ignore[union-attr]
            texts[resource.name] = content.text  # type: ignore[union-attr]
        return texts

    texts = use_client(endpoint, use, mode=mode)
    assert sorted(texts) == ["ships/the Ålesund ⚓", "town", "~mute"]
    assert texts[str(SHIP["id"])] == SHIP["text"]


def test_a_long_list_comes_in_pages(tmp_path: Path, publish: Publish, serve_fake: Serve) -> None:
    ids = [f"{number:03}" for number in range(205)]
    publish(tmp_path / "index", [{"id": name, "text": f"Ship {name}."} for name in ids])

    async def use(client: Client) -> list[list[str]]:
        pages, cursor = [], None
        while True:
            page = await client.list_resources(cursor=cursor)
            pages.append([resource.name for resource in page.resources])
            cursor = page.next_cursor
            if cursor is None:
                return pages

    with serve_fake(tmp_path / "index") as endpoint:
        pages = use_client(endpoint, use)
    assert [len(page) for page in pages] == [100, 100, 5]
    assert [name for page in pages for name in page] == ids


def test_the_template_says_how_an_address_is_made(endpoint: str, mode: str) -> None:
    listed = use_client(endpoint, lambda client: client.list_resource_templates(), mode=mode)
    (template,) = listed.resource_templates
    assert template.uri_template == "quoth://articles/{id}"
    assert template.mime_type == "text/plain"


@pytest.mark.parametrize(
    "uri",
    ["quoth://articles/nowhere", "quoth://articles/", "quoth://articles/%FF", "file:///etc/passwd"],
)
def test_an_address_of_no_article_is_an_error(endpoint: str, mode: str, uri: str) -> None:
    with pytest.raises(MCPError, match="there is no article"):
        use_client(endpoint, lambda client: client.read_resource(uri), mode=mode)


@pytest.mark.parametrize("article_id", ["a", "a/b c", "%2F", "☃?#", "..", "a\nb"])
def test_an_address_leads_back_to_the_id(article_id: str) -> None:
    uri = article_uri(article_id)
    assert uri.isascii()
    assert " " not in uri
    assert article_id_of(uri) == article_id
