"""Retrievers of other libraries over the client, against their real packages."""

from datetime import date

import pytest

from quoth import Client
from quoth.retrieved import PassageMetadata
from tests.api.conftest import SHIP

QUESTION = "How many sailors are on the ship?"
_FIELDS = set(PassageMetadata.__annotations__)


def test_langchain_gets_passages_that_lead_back_to_their_articles(service_url: str) -> None:
    pytest.importorskip("langchain_core")
    from langchain_core.documents import Document
    from langchain_core.runnables import RunnableLambda

    from quoth.langchain import QuothRetriever

    def texts(documents: list[Document]) -> list[str]:
        return [document.page_content for document in documents]

    with Client(service_url) as client:
        first, *others = QuothRetriever(client, top_k=3).invoke(QUESTION)
        article = client.article(first.metadata["article_id"])
        chained = QuothRetriever(client, top_k=1) | RunnableLambda(texts)
        assert chained.invoke(QUESTION) == [first.page_content]
        later = QuothRetriever(client, published_from=date(2022, 1, 1)).invoke(QUESTION)
    assert others
    assert "42 sailors" in first.page_content
    assert set(first.metadata) == _FIELDS
    start, end = first.metadata["start"], first.metadata["end"]
    assert article.text[start:end] == first.page_content
    assert (first.metadata["url"], first.metadata["published"]) == (SHIP["url"], SHIP["published"])
    assert first.metadata["sha256"] == article.sha256
    assert first.id == f"{article.id}#char={start},{end}"
    assert {document.metadata["published"] for document in later} == {"2022-02-02"}


def test_llama_index_gets_passages_that_lead_back_to_their_articles(service_url: str) -> None:
    pytest.importorskip("llama_index.core")
    from quoth.llama_index import QuothRetriever

    with Client(service_url) as client:
        found = QuothRetriever(client, top_k=3).retrieve(QUESTION)
        article = client.article(found[0].node.metadata["article_id"])
        later = QuothRetriever(client, published_from=date(2022, 1, 1)).retrieve(QUESTION)
    first, scores = found[0].node, [one.score for one in found]
    assert scores == sorted(scores, reverse=True)
    assert set(first.metadata) == _FIELDS
    start, end = first.metadata["start"], first.metadata["end"]
    assert article.text[start:end] == first.get_content()
    assert (first.start_char_idx, first.end_char_idx) == (start, end)
    assert first.node_id == f"{article.id}#char={start},{end}"
    assert {one.node.metadata["published"] for one in later} == {"2022-02-02"}
