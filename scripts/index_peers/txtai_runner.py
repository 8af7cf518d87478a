"""txtai as a store in a comparison; runs in the environment of scripts/peers' txtai."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from txtai import Embeddings

from scripts.index_peers.protocol import Entry, Hit, Rows, Vector, serve

_QUERY = "select id, text, row, score from txtai where similar(:text)"


class Txtai:
    """Embeddings with content: FAISS for the vectors, SQLite for the rest."""

    packages = ("txtai", "faiss-cpu")
    configuration = (
        "content in SQLite, exact FAISS (IDMap,Flat), external vectors",
        "`upsert` and `delete`, then `save` to the same folder, for nothing is kept without it",
    )

    def __init__(self, folder: Path, rows: Rows) -> None:
        self._folder = str(folder)
        known = dict(zip(rows.texts, rows.vectors, strict=True))
        self._by_vector = {vector.tobytes(): text for text, vector in known.items()}

        def transform(texts: Sequence[str]) -> list[Vector]:
            return [known[text] for text in texts]

        self._embeddings: Any = Embeddings(
            method="external",
            transform=transform,
            content=True,
            faiss={"components": "IDMap,Flat"},
        )
        if folder.exists():
            self._embeddings.load(self._folder, config={"transform": transform})
        # Loaded by now; as a function it could not be saved.
        self._embeddings.config.pop("transform")

    def put(self, entries: Sequence[tuple[Entry, str, Vector]]) -> None:
        """Replace what has the same ids, and save."""
        self._embeddings.upsert(
            (entry.entry_id, {"text": text, "row": entry.row}, None) for entry, text, _ in entries
        )
        self._embeddings.save(self._folder)

    def delete(self, entry_id: str) -> None:
        """Delete by the id, and save."""
        self._embeddings.delete([entry_id])
        self._embeddings.save(self._folder)

    def search(self, vector: Vector, limit: int) -> list[Hit]:
        """Ask for the text of the vector, which stands for it."""
        text = self._by_vector[vector.tobytes()]
        found = self._embeddings.search(_QUERY, limit, parameters={"text": text})
        return [Hit(one["id"], one["text"], int(one["row"]), float(one["score"])) for one in found]

    def close(self) -> None:
        """Close its database."""
        self._embeddings.close()


if __name__ == "__main__":
    serve(Txtai)
