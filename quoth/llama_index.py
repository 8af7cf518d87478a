"""Passages for LlamaIndex: `from quoth.llama_index import QuothRetriever`.

Needs llama-index-core: `pip install quoth-client[llama-index]`.
"""

from typing import Unpack

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from quoth.calls import SearchOptions
from quoth.client import Client
from quoth.retrieved import passage_id, passage_metadata


class QuothRetriever(BaseRetriever):  # type: ignore[misc]  # it is installed apart from the project
    """Finds passages, best first; each node's metadata is a `PassageMetadata`.

    `options` are those of `Client.search`: `top_k`, days, source, tags and ids of articles.
    """

    def __init__(self, client: Client, **options: Unpack[SearchOptions]) -> None:
        super().__init__()
        self._client = client
        self._options = options

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self._client.search(query_bundle.query_str, **self._options)
        return [
            NodeWithScore(
                node=TextNode(
                    id_=passage_id(passage),
                    text=passage.text,
                    metadata=dict(passage_metadata(passage, generation=found.generation)),
                    start_char_idx=passage.start,
                    end_char_idx=passage.end,
                ),
                score=passage.score,
            )
            for passage in found.passages
        ]
