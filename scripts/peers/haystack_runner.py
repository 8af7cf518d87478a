"""Haystack as a system in a comparison; runs in the environment of requirements-haystack.txt.

Two in-memory retrievers (BM25 and embeddings) joined by reciprocal rank fusion, and the extractive
reader.
"""

from typing import Any

import torch
from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import (
    InMemoryBM25Retriever,
    InMemoryEmbeddingRetriever,
)
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.utils import ComponentDevice
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from haystack_integrations.components.readers.transformers import TransformersExtractiveReader

import scripts.training.narrow_mpnet  # noqa: F401  # the reader's network, for transformers
from scripts.peers.protocol import Answer, Setup, read_passages, serve

# As deep as Quoth's rankings, and as many spans of a passage as Quoth's reader gives.
_RANKED = 100
_SPANS = 3


class Haystack:
    """A pipeline of retrievers, joiner and reader."""

    packages = ("haystack-ai", "transformers-haystack", "sentence-transformers-haystack", "torch")

    def __init__(self, pipeline: Pipeline, configuration: list[str]) -> None:
        self._pipeline = pipeline
        self.configuration = configuration

    def answer(self, question: str) -> Answer:
        """Return the best span; its score is Haystack's, which knows no score of "no answer"."""
        inputs = {
            "embedder": {"text": question},
            "keywords": {"query": question},
            "reader": {"query": question},
        }
        answers = self._pipeline.run(inputs)["reader"]["answers"]
        first = next((answer for answer in answers if answer.data), None)
        if first is None:
            return Answer("", 0.0, 0.0)
        return Answer(first.data, first.score, first.score)


def prepare(setup: Setup) -> Haystack:
    """Embed and store the passages, and put the pipeline together."""
    torch.set_num_threads(setup.threads)
    cpu = ComponentDevice.from_str("cpu")
    embedder: dict[str, Any] = {
        "model": setup.encoder,
        "device": cpu,
        "normalize_embeddings": True,
        "progress_bar": False,
    }
    documents = [Document(id=p["id"], content=p["text"]) for p in read_passages(setup.passages)]
    embedded = SentenceTransformersDocumentEmbedder(**embedder).run(documents)["documents"]
    store = InMemoryDocumentStore(return_embedding=False)
    store.write_documents(embedded)
    reader = TransformersExtractiveReader(
        setup.float_reader,
        device=cpu,
        token=None,
        top_k=_SPANS,
        answers_per_seq=_SPANS,
        no_answer=False,
    )
    reader.warm_up()
    pipeline = Pipeline()
    pipeline.add_component("embedder", SentenceTransformersTextEmbedder(**embedder))
    pipeline.add_component("meaning", InMemoryEmbeddingRetriever(store, top_k=_RANKED))
    pipeline.add_component("keywords", InMemoryBM25Retriever(store, top_k=_RANKED))
    joiner = DocumentJoiner("reciprocal_rank_fusion", top_k=setup.depth)
    pipeline.add_component("joiner", joiner)
    pipeline.add_component("reader", reader)
    pipeline.connect("embedder.embedding", "meaning.query_embedding")
    pipeline.connect("meaning", "joiner")
    pipeline.connect("keywords", "joiner")
    pipeline.connect("joiner", "reader")
    configuration = [
        "TransformersExtractiveReader in PyTorch, 32-bit, all passages in one batch",
        f"max_seq_length 384, stride 128, answers_per_seq {_SPANS}, top_k {_SPANS}",
        f"in-memory BM25 and embedding rankings of {_RANKED}, joined by reciprocal rank",
        "both scores are that of its first answer, which served it better than its no-answer score",
    ]
    return Haystack(pipeline, configuration)


if __name__ == "__main__":
    serve(prepare)
