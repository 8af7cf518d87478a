"""Chroma as a store in a comparison; runs in the environment of requirements-chroma.txt."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import chromadb
from chromadb.config import Settings

from scripts.index_peers.protocol import Entry, Hit, Rows, Vector, serve


class Chroma:
    """A collection with vectors of its user, in a folder."""

    packages = ("chromadb", "numpy")
    configuration = (
        "PersistentClient, one collection, cosine, no embedding function; changed by `upsert`",
        "its HNSW with ef_search 200 and ef_construction 200, and its defaults else",
    )

    def __init__(self, folder: Path, _: Rows) -> None:
        settings = Settings(anonymized_telemetry=False)
        self._client = chromadb.PersistentClient(path=str(folder), settings=settings)
        self._collection: Any = self._client.get_or_create_collection(
            "entries",
            configuration={"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 200}},
            embedding_function=None,
        )

    def put(self, entries: Sequence[tuple[Entry, str, Vector]]) -> None:
        """Replace what has the same ids, as many at once as it takes."""
        most = self._client.get_max_batch_size()
        for start in range(0, len(entries), most):
            batch = entries[start : start + most]
            self._collection.upsert(
                ids=[entry.entry_id for entry, _, _ in batch],
                embeddings=[vector for _, _, vector in batch],
                documents=[text for _, text, _ in batch],
                metadatas=[{"row": entry.row} for entry, _, _ in batch],
            )

    def delete(self, entry_id: str) -> None:
        """Delete by the id."""
        self._collection.delete(ids=[entry_id])

    def search(self, vector: Vector, limit: int) -> list[Hit]:
        """Ask the collection."""
        found = self._collection.query(
            query_embeddings=[vector],
            n_results=limit,
            include=["documents", "metadatas", "distances"],
        )
        columns = ("ids", "documents", "metadatas", "distances")
        return [
            Hit(entry_id, text, metadata["row"], 1 - distance)
            for entry_id, text, metadata, distance in zip(
                *(found[column][0] for column in columns), strict=True
            )
        ]

    def close(self) -> None:
        """Nothing is left to do."""


if __name__ == "__main__":
    serve(Chroma)
