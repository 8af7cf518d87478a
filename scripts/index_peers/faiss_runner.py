"""Plain FAISS with a dictionary of texts, as a program of one's own would have it.

The best that can be done without a database: ids of its own for the vectors, so that none shifts
at a delete, and both files written anew beside the old ones and renamed at each change.
"""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from scripts.index_peers.protocol import Entry, Hit, Rows, Vector, serve


class FaissWithDict:
    """An exact index with ids, and what stands under each id, in two files."""

    packages = ("faiss-cpu", "numpy")
    configuration = (
        "IndexIDMap2 over IndexFlatIP, ids that are never given twice; texts in a dictionary",
        "at each change both files are written anew, synced and renamed, the vectors first",
        "at the start, vectors that have no text are taken out",
    )

    def __init__(self, folder: Path, rows: Rows) -> None:
        folder.mkdir(exist_ok=True)
        self._vectors_path, self._texts_path = folder / "vectors.faiss", folder / "texts.json"
        self._index: Any = faiss.IndexIDMap2(faiss.IndexFlatIP(rows.vectors.shape[1]))
        # By number: id, text, row.
        self._texts: dict[int, tuple[str, str, int]] = {}
        self._next = 0
        if self._texts_path.exists():
            self._index = faiss.read_index(str(self._vectors_path))
            stored = json.loads(self._texts_path.read_text(encoding="utf-8"))
            self._next = stored["next"]
            self._texts = {int(number): tuple(of) for number, of in stored["texts"].items()}
            # A kill between the two files leaves a vector whose text was never written.
            numbers = faiss.vector_to_array(self._index.id_map)
            orphans = np.setdiff1d(numbers, np.array([*self._texts], dtype=np.int64))
            self._index.remove_ids(faiss.IDSelectorBatch(orphans))
        self._numbers = {of[0]: number for number, of in self._texts.items()}

    def put(self, entries: Sequence[tuple[Entry, str, Vector]]) -> None:
        """Replace what has the same ids, and write both files."""
        for entry, text, vector in entries:
            self._take_out(entry.entry_id)
            self._index.add_with_ids(vector[None, :], np.array([self._next]))
            self._texts[self._next] = (entry.entry_id, text, entry.row)
            self._numbers[entry.entry_id] = self._next
            self._next += 1
        self._write()

    def delete(self, entry_id: str) -> None:
        """Take it out, and write both files."""
        self._take_out(entry_id)
        self._write()

    def search(self, vector: Vector, limit: int) -> list[Hit]:
        """Compare all vectors."""
        cosines, numbers = self._index.search(vector[None, :], limit)
        return [
            Hit(*self._texts[int(number)], float(cosine))
            for cosine, number in zip(cosines[0], numbers[0], strict=True)
            if number >= 0
        ]

    def close(self) -> None:
        """Nothing is left to do."""

    def _take_out(self, entry_id: str) -> None:
        number = self._numbers.pop(entry_id, None)
        if number is not None:
            self._index.remove_ids(faiss.IDSelectorBatch(np.array([number])))
            del self._texts[number]

    def _write(self) -> None:
        new = self._vectors_path.with_suffix(".new")
        faiss.write_index(self._index, str(new))
        _replace(new, self._vectors_path)
        new = self._texts_path.with_suffix(".new")
        new.write_text(json.dumps({"next": self._next, "texts": self._texts}), encoding="utf-8")
        _replace(new, self._texts_path)


def _replace(new: Path, path: Path) -> None:
    descriptor = os.open(new, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
    new.replace(path)


if __name__ == "__main__":
    serve(FaissWithDict)
