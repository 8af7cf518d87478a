"""Quoth's index as a store in a comparison: what its service does, without HTTP."""

import dataclasses
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from api.serving.live_index import LiveIndex
from api.serving.loading import Models, load_models
from api.settings import Settings
from api.writing.index_writer import IndexWriter
from index.encoding.encoder import Vectors
from index.encoding.question_encoder import OnnxQuestionEncoder
from index.generation.generation import Generation
from qa.errors import IndexUnavailableError
from qa.values import Article, Passage
from scripts.index_peers.protocol import Entry, Hit, Rows, Vector, serve

_PATIENCE_S = 300
_LOOK_EVERY_S = 0.01


class _Known(OnnxQuestionEncoder):
    """Gives each text of the pool the vector that the others are given too."""

    def __init__(self, vectors: Mapping[str, Vectors]) -> None:
        super().__init__()
        self._known = vectors

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Look up one unit vector a text, shape (texts, dimension)."""
        return np.array([self._known[text] for text in texts]).reshape(-1, self.dimension)


class Quoth:
    """The service's writing and serving sides over one index directory."""

    packages = ("quoth", "faiss-cpu", "tantivy")
    configuration = (
        "one article an entry, durable in the record before a call returns, published by a thread",
        "searched by vectors alone, exactly; each entry is in the keyword index as well",
    )

    def __init__(self, folder: Path, rows: Rows) -> None:
        encoder = _Known(dict(zip(rows.texts, rows.vectors, strict=True)))
        settings = Settings(index_dir=folder)

        def load() -> Models:
            return dataclasses.replace(load_models(settings), encoder=encoder)

        self._writer = IndexWriter(folder, keep=2, poll_seconds=settings.poll_seconds)
        self._live = LiveIndex(
            folder,
            load,
            poll_seconds=settings.poll_seconds,
            on_models=lambda models, published: self._writer.start(models.encoder, published),
        )
        self._live.start()
        if folder.exists():
            self._wait_for_service()

    def put(self, entries: Sequence[tuple[Entry, str, Vector]]) -> None:
        """Put one article an entry; many are waited for, as `quoth index` would."""
        written = self._writer.put(
            [Article(entry.entry_id, f"row {entry.row}", text) for entry, text, _ in entries]
        )
        if len(entries) > 1:
            self._live.wait_for(max(one.sequence for one in written), timeout_s=_PATIENCE_S)

    def delete(self, entry_id: str) -> None:
        """Delete the article."""
        self._writer.delete(entry_id, even_if_absent=False)

    def search(self, vector: Vector, limit: int) -> list[Hit]:
        """Search what serves."""
        generation = self._live.serving().generation
        found = generation.vectors.search(vector, limit=limit)
        passages = generation.tables.passages([passage_id for passage_id, _ in found])
        return [
            Hit(passage.article_id, passage.text, _row_of(generation, passage), cosine)
            for passage, (_, cosine) in zip(passages, found, strict=True)
        ]

    def close(self) -> None:
        """Stop as the service does."""
        self._live.stop()
        self._writer.stop()

    def _wait_for_service(self) -> None:
        deadline = time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline:
            try:
                self._live.serving()
            except IndexUnavailableError:
                time.sleep(_LOOK_EVERY_S)
            else:
                return


def _row_of(generation: Generation, passage: Passage) -> int:
    return int(generation.article(passage.article_id).title.removeprefix("row "))


if __name__ == "__main__":
    serve(Quoth)
