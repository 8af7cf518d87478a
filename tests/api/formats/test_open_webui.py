"""Open WebUI's sources: the n-th that it shows is what [n] stands for."""

import json
from typing import Any

import pytest

from api.formats.names import Format
from tests.api.formats.golden_files import path_of
from tests.api.formats.replies import REPLIES


def message(case: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path_of(Format.OPEN_WEBUI, case).read_text("utf-8"))
    return found


def shown(sources: list[dict[str, Any]]) -> dict[str, tuple[str, str, list[str]]]:
    """Gather sources as Open WebUI's `Citations.svelte` does: name, address and documents by id.

    What has the same `metadata.source` is one source; an address there would become its name.
    """
    gathered: dict[str, tuple[str, str, list[str]]] = {}
    for source in sources:
        for document, metadata in zip(source["document"], source["metadata"], strict=True):
            source_id = metadata["source"]
            name, url = metadata["name"], metadata["source_url"]
            if source_id.startswith("http"):
                name = url = source_id
            _, _, documents = gathered.setdefault(source_id, (name, url, []))
            documents.append(document)
    return gathered


@pytest.mark.parametrize("case", REPLIES)
def test_the_nth_source_shown_is_what_the_nth_mark_stands_for(case: str) -> None:
    said = message(case)
    reply = REPLIES[case]
    assert list(shown(said["sources"]).values()) == [
        (source.title, source.url, source.sentences) for source in reply.sources
    ]
    assert said["content"] == reply.text.text
    assert said["role"] == "assistant"


@pytest.mark.parametrize("case", REPLIES)
def test_every_document_stands_in_its_article_where_it_says(case: str) -> None:
    for found, source in zip(message(case)["sources"], REPLIES[case].sources, strict=True):
        assert found["source"]["url"] == source.url
        for document, metadata in zip(found["document"], found["metadata"], strict=True):
            assert metadata["article_id"] == source.citation.article.article_id
            text = source.citation.article.text
            assert text[metadata["start"] : metadata["end"]] == document


def test_a_day_is_named_where_it_is_known() -> None:
    assert message("answered")["sources"][0]["metadata"][0]["published"] == "2021-11-15"
    assert "published" not in message("beyond-the-bmp")["sources"][0]["metadata"][0]
