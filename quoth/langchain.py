"""Passages for LangChain: `from quoth.langchain import QuothRetriever`.

Needs langchain-core: `pip install quoth-client[langchain]`.
"""

from typing import Unpack

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import PrivateAttr

from quoth.calls import SearchOptions
from quoth.client import Client
from quoth.retrieved import passage_id, passage_metadata


class QuothRetriever(BaseRetriever):
    """Finds passages, best first; each document's metadata is a `PassageMetadata`.

    `options` are those of `Client.search`: `top_k`, days, source, tags and ids of articles.
    `tags` here are the articles'; LangChain's own are given by `with_config`.
    """

    _client: Client = PrivateAttr()
    _options: SearchOptions = PrivateAttr()

    def __init__(self, client: Client, **options: Unpack[SearchOptions]) -> None:
        super().__init__()
        self._client = client
        self._options = options

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        found = self._client.search(query, **self._options)
        return [
            Document(
                id=passage_id(passage),
                page_content=passage.text,
                metadata=dict(passage_metadata(passage, generation=found.generation)),
            )
            for passage in found.passages
        ]
